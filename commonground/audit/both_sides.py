"""Values that stand beside a person and beside an answer, and secrets in clear: what one join would use."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from commonground.audit import allowed, secrets
from commonground.audit.copies import Copies
from commonground.audit.findings import Finding, Group, Said
from commonground.audit.tables import Table
from commonground.sealing.formats import in_list_line

_HEX: Final = re.compile(r"[0-9a-fA-F]{32,}")
_SHORT: Final = 16
_SHARED: Final = {"survey", "survey_id", "partnership_id", "kind", "version", "series"}
"""Columns whose values belong to the survey or the district, never to a person."""
_NO_PERSON: Final = {allowed.PAPERS, allowed.BULLETINS, "responses_clientfile", "django_migrations"}


def check(copies: Copies) -> Iterator[Said]:
    """Joins by a value, codes and links in clear."""
    answers, people, known = _of_answers(copies), _of_people(copies), secrets.known(copies)
    for database in copies.databases:
        for table in database.tables.values():
            if allowed.side_of(table.name) == allowed.DEFAULT:
                yield from _joins(table, answers, "answers")
                yield from _in_clear(table, known)
            elif table.name not in _NO_PERSON:
                yield from _joins(table, people, "people")
                yield from _in_clear(table, known)


def _of_answers(copies: Copies) -> Mapping[str, str]:
    """What names a sealed answer or a code, and what it is; hashes of these as well."""
    found: dict[str, str] = {}
    for row in copies.rows(allowed.ANSWERS):
        names = {"the key": row["key"], "the pass": row.get("pass_signature"), "the sealed answer": row["item"]}
        names |= {"the signature": row.get("signature")}
        found |= {form: what for what, value in names.items() for form in _forms(value)}
        found[in_list_line(row["key"])] = "the line in the list"
    for row in copies.rows(allowed.CODES):
        found |= dict.fromkeys(_forms(row["hash"]), "the hash of a code")
    return found


def _forms(value: Any) -> Iterator[str]:
    if isinstance(value, bytes) and len(value) >= _SHORT:
        yield value.hex()
        yield sha256(value).hexdigest()


def _of_people(copies: Copies) -> Mapping[str, str]:
    """What names a person who is asked: the row, the person, the link, the blinded values, the mailbox."""
    found: dict[str, str] = {}
    for row in copies.rows(allowed.ASKED):
        found |= {row[c]: f"{c} of {allowed.ASKED}" for c in row if c not in _SHARED and _names(row[c])}
    for row in copies.rows("partnership_staffrecord"):
        found |= {row[c]: f"{c} of the staff list" for c in ("id", "email", "number") if row.get(c)}
    return found


def _names(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= _SHORT


def _joins(table: Table, names: Mapping[str, str], of: str) -> Iterator[Said]:
    found: Counter[tuple[str, str]] = Counter()
    for row in table.rows():
        for column, value in row.items():
            if column not in _SHARED:
                found.update({(column, names[token]) for token in _tokens(value) if token in names})
    for (column, what), number in sorted(found.items()):
        yield Finding(
            Group.BOTH_SIDES,
            f"{table.name}.{column} holds {what} (rows: {number}): the same value stands on the side of {of}.",
            "One join over both sides puts the person beside the answer.",
        )


def _tokens(value: Any) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.hex()
    elif isinstance(value, str):
        yield value
        yield from (token.lower() for token in _HEX.findall(value.replace("-", "")) if token != value)


def _in_clear(table: Table, known: secrets.Known) -> Iterator[Said]:
    codes, links = Counter[str](), Counter[str]()
    for row in table.rows():
        for column, value in row.items():
            if isinstance(value, str):
                codes.update([column] if any(secrets.codes_in(value, known)) else [])
                links.update([column] if any(secrets.links_in(value, known)) else [])
    yield from _told(table.name, codes, "a code in clear")
    yield from _told(table.name, links, "a personal link in clear")


def _told(table: str, columns: Mapping[str, int], what: str) -> Iterable[Said]:
    for column, number in columns.items():
        yield Finding(
            Group.BOTH_SIDES,
            f"{table}.{column} holds {what} (rows: {number}).",
            "It leads to the row of one sealed answer or of one person, and what stands around it to the other.",
        )
