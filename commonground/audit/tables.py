"""A copy of a database as tables whose rows come in the order in which they lie, whatever file it was."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commonground.audit.allowed import DEFAULT, RESPONSES, side_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """One table. `times` are columns declared as a time; `numbered` those that count up by themselves;
    `points_at` the tables that foreign keys lead to, by column. `rows()` may be called again and again."""

    name: str
    key: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    times: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    points_at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where rows lie, by table and by way of looking: keys in the order of row numbers, pages, spilled pages.

    `freed` tells in words of old content in freed pages, `left` of bytes between rows that no row owns, `logged` of
    rows in a log beside the file.
    """

    orders: Callable[[str], Mapping[str, list[Any]]]
    freed: Callable[[], Iterator[str]]
    left: Callable[[], Iterator[str]]
    logged: "Callable[[str], Log]"


@dataclass(frozen=True)
class Log:
    """What a write-ahead log holds of a table: rows that came one after another, and every row in it."""

    arrivals: tuple[Any, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Database:
    """A copy of a database. `is_sorted` says that this kind of file has to be in key order at all times."""

    path: Path
    form: str
    tables: Mapping[str, Table]
    triggers: tuple[str, ...] = ()
    layout: Layout | None = None
    is_sorted: bool = False

    @property
    def sides(self) -> set[str]:
        """The sides whose tables are in here."""
        sides = {side_of(name) for name in self.tables if name.split("_")[0] in _OURS}
        return sides or {DEFAULT}

    @property
    def name(self) -> str:
        """The file's name, for sentences."""
        return self.path.name


_OURS = {RESPONSES, "surveys", "partnership", "people", "ledger", "releases", "agreements", "approvals", "keeping"}


def plain(value: Any, kind: str) -> Any:
    """Give a value as it is compared here: bytes, numbers, yes or no, ids without dashes."""
    if kind == "yes or no" and value is not None:
        return value in (True, 1, "t", "true", "1")
    if kind == "number" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if isinstance(value, memoryview):
        return bytes(value)
    return value.replace("-", "") if isinstance(value, str) and _is_id(value) else value


def _is_id(text: str) -> bool:
    return len(text) == 36 and text[8:24:5] == "----" and all(c in "0123456789abcdef-" for c in text)
