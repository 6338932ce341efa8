"""Everything in a full copy that could follow the order of arrival, each as a guess of that order.

The attacker knows which people answered, and in which order people came; what is guessed is which key is whose.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from commonground.audit import allowed
from commonground.audit.examine import opener
from commonground.audit.tables import Database, Row, Table

PLACES = (allowed.ANSWERS, allowed.ASKED)
Guesses = dict[str, list[str]]
"""Ways of looking, and keys (hexadecimal) in the order that each gives. A way that tells only some is left out."""


def guesses(files: Sequence[Path], hidden: Sequence[Path], keys: set[str], letters: Path | None = None) -> Guesses:
    """Orders of these keys, of answers or of people, by everything in the copies, and by a log of letters."""
    found: Guesses = {}
    with ExitStack() as stack:
        databases = [stack.enter_context(opened) for file in files if (opened := opener(file))]
        for database in databases:
            for table in database.tables.values():
                found |= _of_table(database, table, keys)
        if letters:
            found |= _of_letters(databases, letters, keys)
    for path in hidden:
        found |= _of_numbers(path, keys)
    for path in files:
        found |= _of_bytes(path, keys)
    return {way: order for way, order in found.items() if set(order) == keys and len(order) == len(keys)}


def _of_table(database: Database, table: Table, keys: set[str]) -> Guesses:
    """The order of rows, and the order by each number or time beside a column that holds the keys."""
    rows = list(table.rows())
    holding = [column for column in table.columns if keys & {_text(row[column]) for row in rows}]
    found: Guesses = {}
    for column in holding:
        here = [row for row in rows if _text(row[column]) in keys]
        found[f"{table.name}: rows"] = _once(_text(row[column]) for row in here)
        for other in table.columns:
            values = {_size(row[other]) for row in here}
            if other != column and len(values) > len(here) // 2:
                ordered = sorted(here, key=lambda row: str(_size(row[other])).zfill(20))
                found[f"{table.name}: by {other}"] = _once(_text(row[column]) for row in ordered)
    if database.layout and table.name in PLACES and holding:
        for way, order in database.layout.orders(table.name).items():
            found[f"{table.name}: {way}"] = [key for key in map(_text, order) if key in keys]
        logged = database.layout.logged(table.name)
        in_log = (_text(row[table.key]) for row in logged.rows if table.key in row)
        found[f"{table.name}: the log"] = _once(key for key in in_log if key in keys)
    return found


def _of_letters(databases: Sequence[Database], letters: Path, keys: set[str]) -> Guesses:
    """The order in which letters went out, first to last; who got none comes after them."""
    rows = {name: _rows(databases, name) for name in (allowed.ASKED, "partnership_staffrecord")}
    mailbox = {row["id"]: row["email"] for row in rows["partnership_staffrecord"]}
    person = {mailbox.get(row["staff_id"]): row["id"] for row in rows[allowed.ASKED]}
    sent = re.findall(r"to=<([^>]*)>", letters.read_text())
    order = [key for key in map(person.get, sent) if key in keys]
    return {"letters": _once([*order, *sorted(keys)])} if order else {}


def _rows(databases: Sequence[Database], name: str) -> list[Row]:
    return [row for database in databases if name in database.tables for row in database.tables[name].rows()]


def _size(value: Any) -> Any:
    """A value by which rows may be ordered: a number, a text, the length of bytes."""
    return len(value) if isinstance(value, bytes) else value


def _of_numbers(path: Path, keys: set[str]) -> Guesses:
    """The order by hidden transaction number, and by place in the table."""
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["key"].replace("-", "") in keys]
    ways: Mapping[str, Any] = {
        "xmin": lambda row: int(row["xmin"]),
        "spill": lambda row: int(row["spill"] or 0),
        "ctid": lambda row: tuple(map(int, row["ctid"].strip("()").split(","))),
    }
    return {
        f"{path.stem}: {way}": [row["key"].replace("-", "") for row in sorted(rows, key=by)]
        for way, by in ways.items()
        if len({by(row) for row in rows}) > 1
    }


def _of_bytes(path: Path, keys: set[str]) -> Guesses:
    """The order in which keys stand in the raw bytes of a file, of the log beside it, from either end."""
    found: Guesses = {}
    for file in (path, path.with_name(path.name + "-wal")):
        data = file.read_bytes() if file.exists() else b""
        for way, find in (("first", data.find), ("last", data.rfind)):
            places = {key: max(find(bytes.fromhex(key)), find(key.encode())) for key in keys}
            if min(places.values(), default=-1) >= 0:
                found[f"{file.name}: {way} place in the bytes"] = sorted(places, key=places.__getitem__)
    return found


def _text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _once(keys: Iterable[str]) -> list[str]:
    """Keys in the order in which each is first met."""
    return list(dict.fromkeys(keys))
