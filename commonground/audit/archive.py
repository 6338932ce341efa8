"""Our own backups: rows of both sides in one archive, sorted by key at all times."""

import base64
import binascii
import gzip
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from commonground.audit import allowed
from commonground.audit.tables import Database, Row, Table, plain

MAGIC: Final = b"\x1f\x8b"
_KEYS: Final = {
    allowed.ANSWERS: "key",
    allowed.CODES: "hash",
    allowed.PAPERS: "survey",
    allowed.BULLETINS: "survey",
}


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Read a backup. Raises ValueError, in words, for another file."""
    try:
        with tarfile.open(path) as archive:
            names = [name for name in archive.getnames() if name.endswith(".jsonl")]
        tables = {_table(name): _read(path, name) for name in names}
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, ValueError):
        raise ValueError(f"{path.name} is neither a database, nor a dump, nor a backup of Common Ground.") from None
    yield Database(path, "backup", tables, is_sorted=True)


def _table(member: str) -> str:
    return member.removesuffix(".jsonl").replace(".", "_").lower()


def _key(table: str) -> str:
    """The name of a table's key, which a backup leaves out: `id`, or the first column of the list."""
    listed = allowed.columns(allowed.side_of(table)).get(table, {"id": ""})
    return "id" if "id" in listed else next(iter(listed))


def _read(path: Path, member: str) -> Table:
    name = _table(member)
    rows = partial(_rows, path, member, name)
    key = _key(name)
    return Table(name, key, tuple(next(rows(), {})), rows)


def _rows(path: Path, member: str, name: str) -> Iterator[Row]:
    with tarfile.open(path) as archive:
        lines = archive.extractfile(member)
        for line in lines or ():
            found = json.loads(line)
            yield _row(name, found["pk"], found["fields"])


def _row(name: str, key: Any, fields: dict[str, Any]) -> Row:
    listed = allowed.columns(allowed.side_of(name)).get(name, {})
    named = {_key(name): key}
    named |= {f"{field}_id" if f"{field}_id" in listed else field: value for field, value in fields.items()}
    return {column: _cell(value, allowed.kind(name, column)) for column, value in named.items()}


def _cell(value: Any, kind: str) -> Any:
    if kind == "bytes" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error:
            return value
    return plain(json.dumps(value) if isinstance(value, dict | list) else value, kind)
