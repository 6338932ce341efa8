"""What closing, counting and destruction erase, and whether it is gone; what is there while a survey is open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from commonground.audit import allowed
from commonground.audit.copies import Copies, by_survey, ids
from commonground.audit.findings import Finding, Group, Note, Said
from commonground.audit.tables import Database, Row, Table

_MARKS: Final = {"marked": "who took a pass", "blinded_hash": "what was asked with a pass", "link_hash": "links"}
_KEYS: Final = {
    "pass": "signs passes: with it answers can be made that nobody gave",
    "receipt": "signs receipts: with it an answer can be made to count that nobody gave",
    "link": "makes every personal link again, and with them the marks of an old copy can be read",
    "door": "signs acknowledgements: with it thanks can be made for answers that were never stored",
}
_PILES: Final = "surveys_handover"
_OVER: Final = {"closed", "counted", "destroyed"}
_LEFT_AFTER: Final = {
    "counted": ("responses_sealedlist", "responses_chunk"),
    "destroyed": (allowed.ANSWERS, allowed.CODES, allowed.ASKED, "responses_sealedlist", "responses_chunk"),
}


def check(copies: Copies) -> Iterator[Said]:
    """Marks, lists and rows that outlived their time; notes on surveys that are open."""
    for database in copies.databases:
        if table := database.tables.get(allowed.ASKED):
            yield from _marks(database, table)
        if table := database.tables.get(allowed.ANSWERS):
            yield from _open_answers(database, table)
        if table := database.tables.get(_PILES):
            yield from _repeats(database, table)
    yield from _states(copies)


def _repeats(database: Database, table: Table) -> Iterator[Said]:
    over = ids(database)["over"]
    if any(row["repeats"] for row in table.rows() if row["survey_id"] in over):
        yield Finding(
            Group.ERASED,
            f"{table.name}.repeats still counts draws by people who were marked before, of a survey that is over.",
            "With a pile of few people it says of one of them that they had answered before.",
        )


def _marks(database: Database, table: Table) -> Iterator[Said]:
    standing = ids(database)
    over = [row for row in table.rows() if row.get("survey_id") in standing["over"]]
    for column, what in _MARKS.items():
        if number := sum(1 for row in over if row.get(column)):
            yield Finding(
                Group.ERASED,
                f"{table.name}.{column} still says {what} of a survey that is over (people: {number}).",
                "It says who answered. Beside an order of answers it says which sealed answer is whose.",
            )
    yield from _open_marks(table.rows(), standing["open"])


def _open_marks(rows: Iterable[Row], surveys: set[str]) -> Iterator[Said]:
    asked = [row for row in rows if row.get("survey_id") in surveys]
    if asked:
        marked = sum(1 for row in asked if row.get("marked"))
        yield Note(
            f"A survey is open: {marked} of {len(asked)} people are marked as having taken a pass or drawn a code. "
            "This has to be there, or one person could answer twice. Closing erases it."
        )


def _open_answers(database: Database, table: Table) -> Iterator[Said]:
    held = by_survey(table, ids(database)["open"])
    if database.is_sorted or not held:
        return
    number = sum(len(keys) for keys in held.values())
    yield Note(
        f"A survey is open: {number} sealed answers lie in the order in which they came. Whoever knows the order "
        "of people can say which sealed answer is whose, but not what it says: opening one takes the key of every "
        "party that seals. Closing writes the rows anew in the order of their keys."
    )


def _states(copies: Copies) -> Iterator[Said]:
    for row in copies.rows(allowed.SURVEYS):
        for name in _LEFT_AFTER.get(row.get("state", ""), ()):
            held = _held(copies, name, row)
            if held:
                yield Finding(
                    Group.ERASED,
                    f"{name} still holds rows of a survey that is {row['state']} (rows: {held}).",
                    "They were to be erased by then, and can be laid beside what was published.",
                )


def _held(copies: Copies, name: str, survey: Row) -> int:
    both = {survey["id"], survey["public_id"]}
    return sum(1 for row in copies.rows(name) if row.get("survey", row.get("survey_id")) in both)


def check_keys(folders: Iterable[Path], copies: Copies) -> Iterator[Said]:
    """Key files of surveys that are over."""
    over = _over(copies)
    for folder in folders:
        for file in sorted(folder.glob("*.*")):
            if file.stem in over and file.suffix[1:] in _KEYS:
                yield _key(file, _KEYS)


def check_beside(file: Path, copies: Copies) -> Iterator[Said]:
    """Marks that lie beside a backup: closing deletes them."""
    found = re.search(rb'"survey": ?"([0-9a-f]{32})"', file.read_bytes())
    if found and found[1].decode() in _over(copies):
        yield Finding(
            Group.ERASED,
            f"{file.name} says who took a pass, of a survey that is over.",
            "It says who answered. Beside an order of answers it says which sealed answer is whose.",
        )


def _over(copies: Copies) -> set[str]:
    over = {row["survey"] for row in copies.rows(allowed.PAPERS) if row.get("closed")}
    return over | {row["public_id"] for row in copies.rows(allowed.SURVEYS) if row["state"] in _OVER}


def _key(file: Path, keys: Mapping[str, str]) -> Finding:
    kind = file.suffix[1:]
    return Finding(
        Group.ERASED,
        f"The {kind} key of a survey that is over is still in {file.parent.name}/.",
        f"It {keys[kind]}.",
    )
