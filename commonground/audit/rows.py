"""Sealed answers against the paper, the codes and the bulletin: what was added, dropped, swapped or put back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.copies import Copies
from commonground.audit.findings import Finding, Group, Said
from commonground.audit.tables import Row
from commonground.sealing import lists
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import CODE, PASS
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.passes import PassRow, check_row

_ADDED: Final = (
    "Somebody who writes in the database can add answers that nobody gave, or put one in place of another."
)
_CHANGED: Final = (
    "After closing an answer was added, dropped, replaced, or put back to an older version: whoever gave it can "
    "show the receipt page, and the parties the list hash on their screens."
)
_SIZE: Final = "Sealed answers of different sizes tell apart who wrote much and who wrote little."


@dataclass
class _Found:
    """What was seen of the answers of one survey."""

    items: list[bytes] = field(default_factory=list)
    leaves: dict[bytes, bytes] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=lambda: {PASS: 0, CODE: 0})
    unsigned: int = 0
    uncoded: int = 0
    sizes: set[int] = field(default_factory=set)


def check(copies: Copies) -> Iterator[Said]:
    """Rows of every survey whose paper is here."""
    boards = {row["survey"]: row for row in copies.rows(allowed.BULLETINS)}
    for row in copies.rows(allowed.PAPERS):
        try:
            paper = read_paper(row["data"])
        except SealingError:
            yield Finding(
                Group.ROWS, "A paper cannot be read.", "Nothing that was promised can be compared with it."
            )
            continue
        found = _look(copies, paper)
        yield from _told(found, paper)
        if found.items and row.get("closed"):
            yield from _published(found, paper, boards.get(row["survey"], {}), copies)
    yield from _without_paper(copies)


def _look(copies: Copies, paper: Paper) -> _Found:
    found = _Found()
    usable = {row["hash"] for row in copies.rows(allowed.CODES) if not row.get("cancelled")}
    for row in copies.rows(allowed.ANSWERS):
        if row["survey"] == paper.survey.hex():
            _add(found, row, paper, usable)
    return found


def _add(found: _Found, row: Row, paper: Paper, codes: set[bytes]) -> None:
    answer = _answer(row)
    found.items.append(answer.item)
    found.sizes.add(len(answer.item) + len(answer.pass_signature) % 256 + len(answer.signature) % 64)
    found.kinds[row["kind"]] = found.kinds.get(row["kind"], 0) + 1
    if row["kind"] == PASS:
        found.unsigned += not _is_sound(answer, paper)
        whole = answer.to_bytes()
    else:
        found.uncoded += answer.key not in codes
        whole = answer.key + answer.item
    found.leaves[lists.item_hash(answer.item)] = lists.log_leaf(row["kind"], whole)


def _answer(row: Row) -> PassRow:
    return PassRow(row["key"], row["pass_signature"], row["version"], row["item"], row["signature"])


def _is_sound(row: PassRow, paper: Paper) -> bool:
    try:
        check_row(row, paper)
    except SealingError:
        return False
    return True


def _told(found: _Found, paper: Paper) -> Iterator[Said]:
    if found.unsigned:
        yield Finding(Group.ROWS, f"Answers by pass that no pass of the survey signed: {found.unsigned}.", _ADDED)
    if found.uncoded:
        yield Finding(Group.ROWS, f"Answers under codes that cannot be used: {found.uncoded}.", _ADDED)
    if found.sizes - {paper.item_size(1)}:
        sizes = ", ".join(map(str, sorted(found.sizes | {paper.item_size(1)})))
        yield Finding(Group.ROWS, f"Sealed answers do not have the one size of the paper ({sizes}).", _SIZE)
    if len({lists.encapsulated_key(item) for item in found.items}) < len(found.items):
        yield Finding(Group.ROWS, "Two sealed answers are copies of one another.", _ADDED)


def _published(found: _Found, paper: Paper, board: Mapping[str, Any], copies: Copies) -> Iterator[Said]:
    closing = _object(board.get("closing"))
    facts = _facts(found, paper)
    for name, value in facts.items():
        if name in closing and closing[name] != value:
            yield Finding(
                Group.ROWS, f"The {name.replace('_', ' ')} is not the one that was published at closing.", _CHANGED
            )
    for entry in _entries(copies, paper):
        if (entry["list"], entry["root"]) != (facts["list_hash"], facts["merkle_root"]):
            yield Finding(Group.ROWS, "The list is not the one that the record names at closing.", _CHANGED)


def _facts(found: _Found, paper: Paper) -> dict[str, Any]:
    leaves = [found.leaves[key] for key in sorted(found.leaves)]
    return {
        "answers": len(found.items),
        "answers_by_pass": found.kinds[PASS],
        "answers_by_code": found.kinds[CODE],
        "list_hash": lists.sorted_list(paper, 1, found.items).hash.hex(),
        "merkle_root": lists.merkle_root(leaves).hex(),
    }


def _entries(copies: Copies, paper: Paper) -> Iterator[Mapping[str, Any]]:
    """What the record says of the closing of this survey."""
    surveys = {row["id"] for row in copies.rows(allowed.SURVEYS) if row["public_id"] == paper.survey.hex()}
    for row in copies.rows("ledger_ledgerentry"):
        if '"root"' in row["body"]:
            facts = _object(row["body"]).get("facts", {})
            if {"list", "root"} <= set(facts) and facts.get("survey") in surveys:
                yield facts


def _object(text: Any) -> dict[str, Any]:
    try:
        value = json.loads(text) if isinstance(text, str | bytes) else text
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _without_paper(copies: Copies) -> Iterator[Said]:
    papers = {row["survey"] for row in copies.rows(allowed.PAPERS)}
    if any(row["survey"] not in papers for row in copies.rows(allowed.ANSWERS)):
        yield Finding(Group.ROWS, "Sealed answers belong to a survey without a paper.", _ADDED)
