"""The audit of everything that was handed over: databases, dumps, backups, key folders, logs."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from commonground.audit import (
    archive,
    both_sides,
    columns,
    erased,
    logs,
    order,
    postgresql_dump,
    remains,
    rows,
    secrets,
    sqlite_file,
)
from commonground.audit.copies import Copies
from commonground.audit.findings import Said
from commonground.audit.tables import Database

MARKS = ".marks"
_BESIDE = ("-wal", "-shm", "-journal")


def examine(paths: Sequence[Path], transactions: Sequence[Path] = ()) -> list[Said]:
    """Everything that these files give away. A folder stands for the databases, keys and logs in it.

    `transactions` are files with the hidden numbers of PostgreSQL rows (table, key, ctid, xmin). Raises ValueError,
    in words, for a file that cannot be read, and OSError.
    """
    files = [file for path in paths for file in _files(path)]
    with ExitStack() as stack:
        opening = [(file, opener(file)) for file in files]
        copies = Copies([stack.enter_context(opened) for _file, opened in opening if opened])
        known = secrets.known(copies)
        said = [*_databases(copies), *order.check_transactions(transactions, copies)]
        said += erased.check_keys([path / "keys" for path in paths if path.is_dir()], copies)
        for file in (file for file, opened in opening if not opened):
            said += erased.check_beside(file, copies) if file.suffix == MARKS else logs.check(file, known)
        return said


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = [file for file in sorted(path.iterdir()) if file.is_file() and not file.name.endswith(_BESIDE)]
    return [file for file in inside if opener(file) or file.suffix in {".log", ".gz", MARKS}]


def opener(path: Path) -> AbstractContextManager[Database] | None:
    """What opens a file as a database; None for what is read as a log. Raises ValueError for a broken backup."""
    with path.open("rb") as file:
        head = file.read(400)
    if head.startswith(sqlite_file.MAGIC):
        return sqlite_file.opened(path)
    if head.startswith(postgresql_dump.CUSTOM):
        return postgresql_dump.restored(path)
    if postgresql_dump.is_plain(head):
        return postgresql_dump.opened(path)
    if head.startswith(archive.MAGIC) and not path.name.endswith(".log.gz"):
        return archive.opened(path)
    return None


def _databases(copies: Copies) -> Iterator[Said]:
    for database in copies.databases:
        yield from columns.check(database)
        yield from order.check(database)
        yield from remains.check(database)
    yield from both_sides.check(copies)
    yield from erased.check(copies)
    yield from rows.check(copies)
