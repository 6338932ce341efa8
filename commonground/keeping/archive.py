"""Archives that keep no order: both databases as rows sorted by key, in one file, for either kind of database.

The key folder is never part of it, sessions and background work neither. Who took a pass lies in a file of its own
for each survey, beside the archive, which closing deletes. A restore reads one archive into two empty databases, so
that people and answers come from the same moment. Neither holds a table in memory.
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
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

from commonground.keeping import files, marks
from commonground.kernel.errors import Refused

FORMAT = "cg1-backup"
FIRST, LAST = "backup.json", "rows.json"
BATCH = 100
LEFT_OUT = {"surveys.ReleaseDraft"}
"""A count that waits for its certificate: after a restore the sealed list, which is there, is counted again."""
SEALED_SIDE = "responses"
BOTH = (DEFAULT_DB_ALIAS, SEALED_SIDE)
"""The committee's side is read first: what it knows to have crossed lies on the respondents' side by then."""

NO_BACKUP = _("This file is not a backup of Common Ground. Nothing was changed.")
OTHER_VERSION = _("This backup is of another version. Restore it with the version that wrote it.")
NOT_EMPTY = _("These databases are not empty. Restore into new ones; nothing was changed.")
UNREADABLE = (
    tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError, DeserializationError,
    IntegrityError, DataError,
)  # fmt: skip
"""What a file that was cut, changed or never ours makes of reading it."""

Row = dict[str, Any]
Change = Callable[[Row], Row | None]
"""What becomes of a row, given as `{"model", "pk", "fields"}`: the same, another one, or nothing."""


@dataclass(frozen=True)
class Heading:
    """What an archive says of itself: its day, its hash as first written, and whose answers were taken out."""

    made_on: date
    was: str
    cleared: Mapping[str, date]

    def to_bytes(self) -> bytes:
        """Return it as it stands in the archive; the hash only once the file is another than at first."""
        later = {"was": self.was, "cleared": {name: day.isoformat() for name, day in self.cleared.items()}}
        content = {"format": FORMAT, "made_on": self.made_on.isoformat(), **(later if self.cleared else {})}
        return json.dumps(content, sort_keys=True).encode()


def kept_models() -> list[type[models.Model]]:
    """Return the models an archive holds, those others point to first."""
    every = [m for m in apps.get_models() if m._meta.app_config.name.startswith("commonground.")]
    ours = [m for m in every if m._meta.label not in LEFT_OUT]
    pairs = [(config, [m for m in ours if m._meta.app_config is config]) for config in apps.get_app_configs()]
    return serializers.sort_dependencies(pairs, allow_cycles=True)


# Writing


def write(path: Path, day: date) -> tuple[str, list[str]]:
    """Write both databases, as they are at one moment, into a new file; return its hash and whose marks lie beside.

    The same rows give the same bytes on the same day. A file that exists is never written over.
    """
    with files.new(path) as file:
        marked = _write(file, Heading(day, "", {}))
    was = files.digest(path)
    files.date_to_the_day(path, day)
    return was, marks.write(path, was, marked, day)


def _write(file: IO[bytes], heading: Heading) -> marks.Marked:
    counts = {}
    with _packed(file) as archive, _one_moment():
        _put(archive, FIRST, io.BytesIO(heading.to_bytes()))
        for model in kept_models():
            with TemporaryFile() as lines:
                counts[model._meta.label] = write_rows(model, lines)
                _put(archive, _name(model), lines)
        _put(archive, LAST, io.BytesIO(json.dumps(counts, sort_keys=True).encode()))
        return marks.marked()


@contextmanager
def _packed(file: IO[bytes]) -> Iterator[tarfile.TarFile]:
    with (
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        yield archive


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read both databases as they are now, whatever is written meanwhile, and hold up nobody who writes."""
    with ExitStack() as stack:
        for alias in BOTH:
            connection = connections[alias]
            connection.cursor().close()
            if connection.vendor == "sqlite":
                mode = connection.transaction_mode  # type: ignore[attr-defined]
                stack.callback(setattr, connection, "transaction_mode", mode)
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


def write_rows(model: type[models.Model], out: IO[bytes]) -> int:
    """Write the rows of a table, sorted by key and without marks, one a line; return how many."""
    rows: Iterator[models.Model] = models.QuerySet(model).order_by("pk").iterator(chunk_size=BATCH)
    number = 0
    while batch := list(islice(rows, BATCH)):
        marks.take_off(batch)
        out.write(serializers.serialize("jsonl", batch, cls=_Exact, sort_keys=True, ensure_ascii=True).encode())
        number += len(batch)
    return number


# Reading


def heading(path: Path) -> Heading:
    """Return what an archive says of itself. Raises Refused for another file, OSError where there is none."""
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r:") as archive:
            return _heading(archive, path)
    except UNREADABLE:
        raise Refused(NO_BACKUP) from None


def _heading(archive: tarfile.TarFile, path: Path) -> Heading:
    content = _content(archive, FIRST)
    if content.get("format") != FORMAT:
        raise Refused(NO_BACKUP)
    cleared = {name: date.fromisoformat(day) for name, day in content.get("cleared", {}).items()}
    return Heading(date.fromisoformat(content["made_on"]), content.get("was") or files.digest(path), cleared)


def read(path: Path, then: Callable[[Heading], None]) -> Heading:
    """Read an archive and the marks beside it into two empty databases, all or nothing; return its heading.

    `then` gets the heading, in the transaction of the committee's side. A restore that ended between the two
    databases is repeated: what the sealed side holds already must be the very rows of this archive. Raises
    Refused where the databases are not empty, and for a harmed or foreign file.
    """
    half = _half_way()
    try:
        with gzip.open(path) as packed, transaction.atomic(), transaction.atomic(using=SEALED_SIDE):
            found = _restore(packed, path, half)
            for alias in BOTH:
                connections[alias].check_constraints()
            then(found)
    except UNREADABLE:
        raise Refused(_("This backup is damaged or incomplete. Nothing was changed.")) from None
    return found


def _half_way() -> bool:
    """Say whether a restore ended after the sealed side was read. Raises Refused where people are here."""
    filled = {router.db_for_write(model) for model in kept_models() if models.QuerySet(model).exists()}
    if DEFAULT_DB_ALIAS in filled:
        raise Refused(NOT_EMPTY)
    return SEALED_SIDE in filled


def _restore(packed: gzip.GzipFile, path: Path, half: bool) -> Heading:
    """Read from beginning to end, once: what was read counts only if the end is whole and agrees."""
    with tarfile.open(fileobj=packed, mode="r:") as archive:
        found = _heading(archive, path)
        given = {key: fields for rows in marks.read(path, found.was).values() for key, fields in rows.items()}
        counts = {}
        for model in kept_models():
            member = _member(archive, _name(model))
            there = half and router.db_for_write(model) == SEALED_SIDE
            counts[model._meta.label] = _compare(model, member) if there else read_rows(model, member, given)
        if _content(archive, LAST) != counts:
            raise EOFError
    while packed.read(io.DEFAULT_BUFFER_SIZE):
        pass
    return found


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


def read_rows(model: type[models.Model], lines: IO[bytes], marked: Mapping[str, Row]) -> int:
    """Read the rows of a table, with their marks, and return how many."""
    found = serializers.deserialize("jsonl", io.TextIOWrapper(lines, encoding="utf-8", newline="\n"))
    number = 0
    while batch := [row.object for row in islice(found, BATCH)]:
        if any(type(row) is not model for row in batch):
            raise ValueError
        marks.put_on(batch, marked)
        rows: models.QuerySet[models.Model] = models.QuerySet(model)
        rows.bulk_create(batch)
        number += len(batch)
    _go_on_counting(model)
    return number


def _compare(model: type[models.Model], lines: IO[bytes]) -> int:
    """See that the table holds these very rows, and return how many."""
    with TemporaryFile() as here:
        number = write_rows(model, here)
        here.seek(0)
        while block := lines.read(files.BLOCK):
            if here.read(len(block)) != block:
                raise Refused(NOT_EMPTY)
        if here.read(1):
            raise Refused(NOT_EMPTY)
    return number


def _go_on_counting(model: type[models.Model]) -> None:
    """Let numbers that a database gives out go on after the highest that was read."""
    connection = connections[router.db_for_write(model)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


# Taking out


def rewrite(path: Path, survey: str, on: date, change: Change) -> bool:
    """Write an archive anew without what `change` takes from its rows; say whether the old bytes are gone with it.

    The heading then says that this survey was cleared on this day. A crash leaves the old file or the new one.
    """
    found = heading(path)
    after = Heading(found.made_on, found.was, {**found.cleared, survey: on})
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        with (
            gzip.open(path) as packed,
            tarfile.open(fileobj=packed, mode="r:") as archive,
            files.new(fresh) as file,
            _packed(file) as out,
        ):
            _copy(archive, out, after, change)
    except UNREADABLE:
        raise Refused(_("This backup is damaged or incomplete. Nothing was changed.")) from None
    alone = files.replace(path, fresh)
    files.date_to_the_day(path, found.made_on)
    return alone


def _copy(archive: tarfile.TarFile, out: tarfile.TarFile, after: Heading, change: Change) -> None:
    counts: dict[str, int] = {}
    for entry in archive:
        if entry.name == FIRST:
            _put(out, FIRST, io.BytesIO(after.to_bytes()))
        elif entry.name == LAST:
            _put(out, LAST, io.BytesIO(json.dumps(counts, sort_keys=True).encode()))
            return
        else:
            lines = archive.extractfile(entry)
            assert lines is not None
            with TemporaryFile() as kept:
                counts[entry.name.removesuffix(".jsonl")] = _change(lines, kept, change)
                _put(out, entry.name, kept)
    raise EOFError


def _change(lines: Iterable[bytes], out: IO[bytes], change: Change) -> int:
    """Write what becomes of each row; one that stays the same keeps its bytes."""
    number = 0
    for line in lines:
        row = json.loads(line)
        after = change(json.loads(line))
        if after is not None:
            new = json.dumps(after, sort_keys=True, separators=(",", ": ")).encode() + b"\n"
            out.write(line if after == row else new)
            number += 1
    return number
