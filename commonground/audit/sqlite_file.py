"""A SQLite file with the log beside it, read from copies: the originals stay as they are, byte for byte."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.pages import Cell, Pages, cells, logged
from commonground.audit.tables import Database, Layout, Log, Row, Table, plain

MAGIC: Final = b"SQLite format 3\0"
_TIME: Final = ("date", "time")
_TABLES = "SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_TABLE = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?"
_INDEXES = "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Read a file as its database would show it, with what its log adds."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        copy = Path(folder, "copy.sqlite3")
        shutil.copyfile(path, copy)
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            shutil.copyfile(log, copy.with_name("copy.sqlite3-wal"))
        with closing(sqlite3.connect(copy)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            yield _database(path, connection, copy, log)


def _database(path: Path, connection: sqlite3.Connection, copy: Path, log: Path) -> Database:
    tables = {name: _table(connection, name, sql) for name, _root, sql in connection.execute(_TABLES)}
    triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    pages = Pages(_bytes(copy))
    layout = Layout(
        orders=partial(_orders, connection, pages),
        freed=partial(_freed, pages),
        left=partial(_left, connection, pages),
        logged=partial(_logged, tables, log, pages),
    )
    return Database(path, "SQLite file", tables, tuple(triggers), layout)


def _bytes(path: Path) -> mmap:
    """The bytes of a file, read from it as they are asked for."""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _table(connection: sqlite3.Connection, name: str, sql: str) -> Table:
    columns = list(connection.execute(f'PRAGMA table_info("{name}")'))
    names = tuple(column["name"] for column in columns)
    key = next((column["name"] for column in columns if column["pk"]), "")
    whole = {column["name"] for column in columns if column["pk"] and column["type"].lower() == "integer"}
    return Table(
        name,
        key,
        names,
        partial(_rows, connection, name),
        times=frozenset(c["name"] for c in columns if any(word in c["type"].lower() for word in _TIME)),
        numbered=frozenset(whole),
        points_at={row["from"]: row["table"] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')},
    )


def _rows(connection: sqlite3.Connection, name: str) -> Iterator[Row]:
    kinds = allowed.columns(allowed.side_of(name)).get(name, {})
    for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY {_order(connection, name)}'):
        yield {column: plain(row[column], kinds.get(column, "").partition(":")[0]) for column in row.keys()}  # noqa: SIM118


def _order(connection: sqlite3.Connection, name: str) -> str:
    """Rows lie by their hidden number, or by key where a table has none."""
    try:
        connection.execute(f'SELECT rowid FROM "{name}" LIMIT 1')
    except sqlite3.OperationalError:
        return "1"
    return "rowid"


# Where rows lie


def _orders(connection: sqlite3.Connection, pages: Pages, name: str) -> Mapping[str, list[Any]]:
    """Keys of a table, ordered by each thing that follows the order of writing."""
    found = [cell for root in _roots(connection, _TABLE, name) for cell in pages.cells(root) if cell.values]
    return {
        "the hidden row numbers": _keys(found, lambda cell: cell.rowid),
        "the pages of the file": _keys(found, lambda cell: (cell.page, -cell.at)),
        "the pages that long rows spill to": _keys([c for c in found if c.spill], lambda cell: cell.spill),
    }


def _keys(found: list[Cell], place: Callable[[Cell], Any]) -> list[Any]:
    return [cell.values[0] for cell in sorted(found, key=place)]


def _roots(connection: sqlite3.Connection, sql: str, name: str) -> list[int]:
    return [row["rootpage"] for row in connection.execute(sql, [name])]


# What was left behind


def _freed(pages: Pages) -> Iterator[str]:
    if freed := sum(1 for _ in pages.freed()):
        yield f"freed pages still hold what was deleted (pages: {freed})"


def _left(connection: sqlite3.Connection, pages: Pages) -> Iterator[str]:
    for name in (allowed.ANSWERS, allowed.CODES, allowed.ASKED):
        roots = [root for sql in (_TABLE, _INDEXES) for root in _roots(connection, sql, name)]
        if unowned := sum(1 for root in roots for _ in pages.left(root)):
            yield f"{name} holds bytes of rows that are no longer there (pages: {unowned})"


def _logged(tables: Mapping[str, Table], log: Path, pages: Pages, name: str) -> Log:
    """Rows of a table in the log: all of them, and the keys that came into a page while it was kept."""
    columns, seen = tables[name].columns, set[Any]()
    arrivals: list[Any] = []
    rows: list[Row] = []
    before: dict[int, set[Any]] = {}
    for number, page in logged(log.read_bytes() if log.exists() else b""):
        found = [cell.values for cell in cells(page, number, pages.usable) if cell.rowid and cell.values]
        here = {values[0] for values in found if isinstance(values[0], bytes | str)}
        arrivals += [key for key in here - seen if number in before and key not in before[number]]
        rows += [_row(tables[name], columns, values) for values in found]
        before[number] = here
        seen |= here
    return Log(tuple(arrivals), tuple(rows))


def _row(table: Table, columns: tuple[str, ...], values: tuple[Any, ...]) -> Row:
    named = zip(columns, values, strict=False)
    return {column: plain(value, allowed.kind(table.name, column)) for column, value in named}
