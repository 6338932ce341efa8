"""What `pg_dump` writes: plain SQL, or its own format turned into SQL by `pg_restore` where that is at hand."""

import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.tables import Database, Row, Table, plain

CUSTOM: Final = b"PGDMP"
_TABLE = re.compile(r'^CREATE (?:UNLOGGED )?TABLE (?:\w+\.)?"?(\w+)"? \($')
_COLUMN = re.compile(r'^    "?([a-z_]\w*|(?<=")\w+)"? ([\w ]+)')
_COPY = re.compile(r'^COPY (?:\w+\.)?"?(\w+)"? \((.*)\) FROM stdin;$')
_ALTER = re.compile(r'^ALTER TABLE (?:ONLY )?(?:\w+\.)?"?(\w+)"?')
_COUNTS = re.compile(r'ALTER COLUMN "?(\w+)"? (?:ADD GENERATED|SET DEFAULT nextval)')
_KEY = re.compile(r'ADD CONSTRAINT \S+ PRIMARY KEY \("?(\w+)"?')
_POINTS = re.compile(r'ADD CONSTRAINT \S+ FOREIGN KEY \("?(\w+)"?\) REFERENCES (?:\w+\.)?"?(\w+)"?')
_TRIGGER = re.compile(r'^CREATE (?:CONSTRAINT )?TRIGGER "?(\w+)"?')
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def is_plain(head: bytes) -> bool:
    """Say whether a file begins as plain SQL of `pg_dump` does."""
    return b"PostgreSQL database dump" in head


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Read a plain dump."""
    yield _read(path, path)


@contextmanager
def restored(path: Path) -> Iterator[Database]:
    """Read a dump in the custom format. Raises ValueError, in words, where `pg_restore` is missing or refuses."""
    tool = shutil.which("pg_restore")
    if tool is None:
        raise ValueError(f"{path.name}: install pg_restore to read this format, or dump with `pg_dump` alone.")
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        text = Path(folder, "dump.sql")
        done = subprocess.run([tool, "--file", text, path], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(f"{path.name}: pg_restore cannot read this file.")
        yield _read(path, text)


@dataclass
class _Found:
    """What the text says of one table, and where its rows begin in the file."""

    columns: dict[str, str] = field(default_factory=dict)
    key: str = ""
    numbered: set[str] = field(default_factory=set)
    points_at: dict[str, str] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    starts: int | None = None


def _read(path: Path, text: Path) -> Database:
    found: dict[str, _Found] = defaultdict(_Found)
    triggers: list[str] = []
    with text.open("rb") as file:
        _scan(file, found, triggers)
    tables = {name: _table(name, about, text) for name, about in found.items()}
    return Database(path, "PostgreSQL dump", tables, tuple(triggers))


def _scan(file: Any, found: dict[str, _Found], triggers: list[str]) -> None:
    made: _Found | None = None
    altered: _Found | None = None
    for raw in iter(file.readline, b""):
        line = raw.decode(errors="replace").rstrip("\n")
        if name := _TABLE.match(line):
            made = found[name[1]]
        elif made and (column := _COLUMN.match(line)):
            made.columns[column[1]] = column[2].strip().lower()
        elif name := _COPY.match(line):
            _skip(file, found[name[1]], name[2])
        elif name := _TRIGGER.match(line):
            triggers.append(name[1])
        elif name := _ALTER.match(line):
            altered = found[name[1]]
        if altered:
            _alter(altered, line)
        if line.endswith(";"):
            made = altered = None


def _skip(file: Any, about: _Found, columns: str) -> None:
    about.copied = tuple(name.strip().strip('"') for name in columns.split(","))
    about.starts = file.tell()
    for raw in iter(file.readline, b""):
        if raw.rstrip(b"\n") == b"\\.":
            return


def _alter(about: _Found, line: str) -> None:
    if counts := _COUNTS.search(line):
        about.numbered.add(counts[1])
    if key := _KEY.search(line):
        about.key = key[1]
    if points := _POINTS.search(line):
        about.points_at[points[1]] = points[2]


def _table(name: str, about: _Found, text: Path) -> Table:
    times = {column for column, kind in about.columns.items() if kind.startswith(("timestamp", "date", "time"))}
    counting = {column for column, kind in about.columns.items() if "serial" in kind}
    return Table(
        name, about.key, tuple(about.columns) or about.copied, partial(_rows, name, about, text),
        frozenset(times), frozenset(about.numbered | counting), about.points_at,
    )  # fmt: skip


def _rows(name: str, about: _Found, text: Path) -> Iterator[Row]:
    if about.starts is None:
        return
    kinds = {column: _kind(name, column, about.columns.get(column, "")) for column in about.copied}
    with text.open("rb") as file:
        file.seek(about.starts)
        for raw in iter(file.readline, b"\\.\n"):
            cells = raw.decode().rstrip("\n").split("\t")
            yield {c: _cell(cell, kinds[c]) for c, cell in zip(about.copied, cells, strict=True)}


def _kind(table: str, column: str, declared: str) -> str:
    if declared == "bytea":
        return "bytes"
    return allowed.kind(table, column) or ("number" if "int" in declared else "text")


def _cell(text: str, kind: str) -> Any:
    if text == "\\N":
        return None
    value = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text)
    return bytes.fromhex(value[2:]) if kind == "bytes" and value.startswith("\\x") else plain(value, kind)
