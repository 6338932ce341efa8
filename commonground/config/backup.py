"""Backups that keep no order: both databases as rows sorted by key, in one file, for either kind of database.

The key folder is never part of it, sessions and background work neither. A restore reads one backup into two empty
databases, so that the marks and the answers always come from the same moment. Neither holds a table in memory.
"""

import gzip
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, DataError, IntegrityError, connections, models, router, transaction
from django.utils.translation import gettext_lazy as _

from commonground.access import walls
from commonground.kernel.errors import Refused

FORMAT = "cg1-backup"
FIRST, LAST = "backup.json", "rows.json"
BATCH = 500
BOTH = (DEFAULT_DB_ALIAS, "responses")
"""The committee's side is read first: what it knows to have crossed lies on the respondents' side by then."""

NO_BACKUP = _("This file is not a backup of Common Ground. Nothing was changed.")
OTHER_VERSION = _("This backup is of another version. Restore it with the version that wrote it.")
UNREADABLE = (
    tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError, DeserializationError,
    IntegrityError, DataError,
)  # fmt: skip
"""What a file that was cut, changed or never ours makes of reading it."""


def kept_models() -> list[type[models.Model]]:
    """Return the models a backup holds, those others point to first."""
    ours = [m for m in apps.get_models() if m._meta.app_config.name.startswith("commonground.")]
    pairs = [(config, [m for m in ours if m._meta.app_config is config]) for config in apps.get_app_configs()]
    return serializers.sort_dependencies(pairs, allow_cycles=True)


def write(path: Path) -> int:
    """Write both databases, as they are at one moment, into a new file for the own eyes; return 0.

    The same rows give the same bytes. A file that exists is never written over.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            _write(file)
        except BaseException:
            path.unlink()
            raise
    print(f"Written: {path}. Keep it as carefully as the server itself.")
    return 0


def _write(file: IO[bytes]) -> None:
    counts = {}
    with (
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
        walls.everything(reason="a backup holds every district"),
        _one_moment(),
    ):
        _put(archive, FIRST, io.BytesIO(json.dumps({"format": FORMAT}).encode()))
        for model in kept_models():
            with TemporaryFile() as lines:
                counts[model._meta.label] = _write_rows(model, lines)
                _put(archive, _name(model), lines)
        _put(archive, LAST, io.BytesIO(json.dumps(counts, sort_keys=True).encode()))


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read both databases as they are now, whatever is written meanwhile, and hold up nobody who writes."""
    with ExitStack() as stack:
        for alias in BOTH:
            connection = connections[alias]
            connection.cursor().close()
            if connection.vendor == "sqlite":
                stack.callback(setattr, connection, "transaction_mode", connection.transaction_mode)  # type: ignore[attr-defined]
                connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
            stack.enter_context(transaction.atomic(using=alias))
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        yield


def _name(model: type[models.Model]) -> str:
    return f"{model._meta.label}.jsonl"


def _put(archive: tarfile.TarFile, name: str, data: IO[bytes]) -> None:
    """Add a member that says nothing of times, people or machines."""
    entry = tarfile.TarInfo(name)
    entry.size = data.seek(0, io.SEEK_END)
    data.seek(0)
    archive.addfile(entry, data)


class _Exact(DjangoJSONEncoder):
    """Keeps microseconds, which Django's own drops."""

    def default(self, value: Any) -> Any:
        """Return the text of a time as it is."""
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _write_rows(model: type[models.Model], out: IO[bytes]) -> int:
    rows: Iterator[models.Model] = models.QuerySet(model).order_by("pk").iterator(chunk_size=BATCH)
    number = 0
    while batch := list(islice(rows, BATCH)):
        out.write(serializers.serialize("jsonl", batch, cls=_Exact, ensure_ascii=True).encode())
        number += len(batch)
    return number


def restore(path: Path) -> int:
    """Read a backup into two empty databases, all or nothing; raises Refused where that cannot be."""
    with walls.everything(reason="a backup holds every district"):
        _read(path)
    print("Restored. Run `commonground doctor`, and compare the head of the record with one you hold.")
    return 0


def _read(path: Path) -> None:
    if any(models.QuerySet(model).exists() for model in kept_models()):
        raise Refused(_("These databases are not empty. Restore into new ones; nothing was changed."))
    try:
        with gzip.open(path) as packed, transaction.atomic(), transaction.atomic(using="responses"):
            _restore(packed)
            for alias in BOTH:
                connections[alias].check_constraints()
    except UNREADABLE:
        raise Refused(_("This backup is damaged or incomplete. Nothing was changed.")) from None


def _restore(packed: gzip.GzipFile) -> None:
    """Read from beginning to end, once: what was read counts only if the end is whole and agrees."""
    with tarfile.open(fileobj=packed, mode="r:") as archive:
        if _content(archive, FIRST).get("format") != FORMAT:
            raise Refused(NO_BACKUP)
        counts = {model._meta.label: _read_rows(model, _member(archive, _name(model))) for model in kept_models()}
        if _content(archive, LAST) != counts:
            raise EOFError
    while packed.read(io.DEFAULT_BUFFER_SIZE):
        pass


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    entry = archive.next()
    if entry is None:
        raise EOFError
    if entry.name != name:
        raise Refused(NO_BACKUP if name == FIRST else OTHER_VERSION)
    member = archive.extractfile(entry)
    assert member is not None
    return member


def _content(archive: tarfile.TarFile, name: str) -> dict[str, Any]:
    return dict(json.loads(_member(archive, name).read()))


def _read_rows(model: type[models.Model], lines: IO[bytes]) -> int:
    found = serializers.deserialize("jsonl", io.TextIOWrapper(lines, encoding="utf-8", newline="\n"))
    number = 0
    while batch := [row.object for row in islice(found, BATCH)]:
        if any(type(row) is not model for row in batch):
            raise ValueError
        rows: models.QuerySet[models.Model] = models.QuerySet(model)
        rows.bulk_create(batch)
        number += len(batch)
    _go_on_counting(model)
    return number


def _go_on_counting(model: type[models.Model]) -> None:
    """Let numbers that a database gives out go on after the highest that was read."""
    connection = connections[router.db_for_write(model)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
