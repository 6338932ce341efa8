"""Backup and restore: every row of both databases comes back, between both kinds of database, or nothing at all."""

import base64
import gzip
import io
import json
import stat
import tarfile
import tracemalloc
from collections.abc import Iterator
from tempfile import TemporaryFile

import pytest

from commonground.config.tests.machine import Machine, copied, needs_postgresql, sqlite
from commonground.config.tests.test_serving import ended, opens
from commonground.keeping import archive as archives
from commonground.responses.models import SealedAnswer

STORY = """
import django; django.setup()
import conftest
from commonground.access.actor import operator
from commonground.demo import cast
from commonground.partnership import actions
from commonground.responses.models import Chunk
from commonground.surveys.tests import meeting
valley = conftest._district(cast.SLUG, cast.DISTRICT, cast.LABOR, cast.MANAGEMENT, (*cast.CAST, cast.LEFT))
held = meeting.peeled(valley, people=7, parties=meeting.ORDER[:1])
actions.offer(
    operator(valley.partnership.pk), email="new@avusd.example", name="N\\u2028e\\x85w", role="coordinator",
    party_id=None,
)
for index in (3, 1, 2):
    Chunk(survey=held.survey.public_id, file_hash="ab" * 32, index=index, of=3, data=b"\\x00\\xff").save()
"""
"""A survey whose first seal is off, a letter with line ends inside a name, and pieces of a file."""
HEAD = """
import django; django.setup()
from commonground.access.actor import operator
from commonground.ledger import queries
from commonground.partnership.models import Partnership
print(queries.exported(operator(Partnership.objects.get().pk), "Valley"), end="")
"""
ROWS = """
import django; django.setup()
import json
from commonground.access import walls
from commonground.keeping.archive import kept_models
from django.db import models
walls.open_all()
def plain(value):
    value = bytes(value) if isinstance(value, memoryview) else value
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else value
for model in kept_models():
    for row in models.QuerySet(model).order_by("pk").values_list():
        print(model._meta.label, [plain(value) for value in row])
"""
"""Prints every row that a backup holds, each value as Python knows it, whatever the database."""


@pytest.fixture(scope="module")
def lived(migrated: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with copied(migrated, tmp_path_factory.mktemp("told") / "data") as machine:
        machine.python(STORY)
        yield machine


@pytest.fixture(scope="module")
def archive(lived, tmp_path_factory):
    """The backup of a server in the middle of its life."""
    path = tmp_path_factory.mktemp("kept") / "backup.tar.gz"
    assert f"Written: {path}" in lived.well("backup", path)
    return path


def round_trip(archive, source, target, tmp_path):
    """Restore into a new server; see that it holds every row, and that its own backup has the same bytes again."""
    assert "Restored." in target.well("restore", archive)
    rows = source.python(ROWS).splitlines()
    assert target.python(ROWS).splitlines() == rows and len(rows) > 100
    again = tmp_path / "again.tar.gz"
    target.well("backup", again)
    assert but_the_register(again) == but_the_register(archive)
    record = tmp_path / "record.jsonl"
    record.write_text(target.python(HEAD), encoding="utf-8")
    assert "Each is unharmed" in target.well("verify-ledger", record)


def but_the_register(archive):
    """What an archive holds, without the register, in which it stands itself after it was written."""
    return {
        name: data for name, data in members(archive).items() if name not in {"keeping.Backup.jsonl", "rows.json"}
    }


def test_every_row_comes_back_and_the_server_goes_on(archive, lived, machine, tmp_path):
    round_trip(archive, lived, machine, tmp_path)
    machine.python("import django; django.setup()\nfrom commonground.responses.models import Chunk\n"
                   "Chunk(survey='x', file_hash='y', index=1, of=1, data=b'').save(force_insert=True)")  # fmt: skip
    with machine.running("serve") as server:
        site, respond = (machine.variables[f"COMMONGROUND_{name}_URL"] for name in ("SITE", "RESPOND"))
        assert opens(f"{site}/sign-in/") == 200 and opens(respond) in {200, 404}
        assert ended(server) == 0


@needs_postgresql
def test_from_postgresql_to_sqlite_and_back(archive, lived, machine, tmp_path):
    file = sqlite(tmp_path / "file")
    file.well("migrate")
    round_trip(archive, lived, file, tmp_path)
    machine.well("restore", tmp_path / "again.tar.gz")
    assert set(lived.python(ROWS).splitlines()) < set(machine.python(ROWS).splitlines())


def test_the_file_says_nothing_of_times_people_or_the_order_of_arrival(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert archive.read_bytes()[4:8] == b"\0\0\0\0", "gzip keeps no time"
    with tarfile.open(archive) as file:
        for entry in file:
            assert (entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, 0, "", "")
    lines = members(archive)["responses.SealedAnswer.jsonl"].decode().splitlines()
    keys = [json.loads(line)["pk"] for line in lines]
    assert len(keys) == 7 and [*map(_bytes, keys)] == sorted(map(_bytes, keys))


def _bytes(text):
    return base64.b64decode(text)


def test_a_backup_is_never_written_over(archive, lived):
    before = archive.read_bytes()
    assert "File exists" in lived.refused("backup", archive)
    assert archive.read_bytes() == before
    assert "No such file" in lived.refused("backup", archive.parent / "nowhere" / "b.tar.gz")


def members(archive):
    """What the archive holds, by name."""
    with tarfile.open(archive) as file:
        found = {entry.name: file.extractfile(entry) for entry in file.getmembers()}
        return {name: data.read() for name, data in found.items() if data}


def rewritten(archive, change):
    """The bytes of the archive after its members, by name, were changed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        for name, data in change(members(archive)).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def without_last_line(held):
    name = "responses.SealedAnswer.jsonl"
    return {**held, name: b"".join(held[name].splitlines(keepends=True)[:-1])}


def pointing_nowhere(held):
    name = "partnership.Partnership.jsonl"
    rows = {**held, name: b""}
    counts = json.loads(held["rows.json"])
    return {**rows, "rows.json": json.dumps({**counts, "partnership.Partnership": 0}, sort_keys=True).encode()}


def row_twice(held):
    name = "people.Person.jsonl"
    lines = held[name].splitlines(keepends=True)
    counts = json.loads(held["rows.json"])
    return {
        **held, name: b"".join([lines[0], *lines]),
        "rows.json": json.dumps({**counts, "people.Person": len(lines) + 1}, sort_keys=True).encode(),
    }  # fmt: skip


HARMED = {
    "empty": (lambda path: b"", "damaged or incomplete"),
    "cut in the middle": (lambda path: path.read_bytes()[: path.stat().st_size // 2], "damaged or incomplete"),
    "cut at the end": (lambda path: path.read_bytes()[:-5], "damaged or incomplete"),
    "one byte changed": (lambda path: flipped(path.read_bytes()), "damaged or incomplete"),
    "a row left out": (lambda path: rewritten(path, without_last_line), "damaged or incomplete"),
    "rows that point nowhere": (lambda path: rewritten(path, pointing_nowhere), "damaged or incomplete"),
    "a row twice": (lambda path: rewritten(path, row_twice), "damaged or incomplete"),
    "a table missing": (
        lambda path: rewritten(path, lambda m: {n: d for n, d in m.items() if "Erratum" not in n}),
        "of another version",
    ),
    "another archive": (lambda path: rewritten(path, lambda m: {"notes.txt": b"hello"}), "not a backup"),
    "another packed file": (lambda path: gzip.compress(b"hello" * 999), "damaged or incomplete"),
    "no archive": (lambda path: b"PK\x03\x04 something", "damaged or incomplete"),
}


def flipped(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_a_harmed_or_foreign_file_is_refused_in_words_and_leaves_nothing(archive, machine, tmp_path):
    before = machine.rows()
    for name, (harm, because) in HARMED.items():
        file = tmp_path / "harmed.tar.gz"
        file.write_bytes(harm(archive))
        assert because in machine.refused("restore", file), name
        assert machine.rows() == before, name
    assert "No such file" in machine.refused("restore", tmp_path / "nowhere.tar.gz")


def test_a_restore_into_databases_that_hold_something_is_refused(archive, maple):
    before = maple.rows()
    assert "not empty" in maple.refused("restore", archive)
    assert maple.rows() == before


def test_a_restore_before_the_tables_exist_is_refused_in_words(archive, bare):
    assert "Run `commonground migrate`" in bare.refused("restore", archive)


def peak(work):
    """How many bytes a piece of work holds at its worst."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.django_db(databases=["default", "responses"])
def test_no_table_is_held_in_memory():
    keys = [number.to_bytes(32, "big") for number in range(4000)]
    rows = [SealedAnswer(key=key, survey="ab" * 16, kind=2, item=bytes(4000)) for key in keys]
    SealedAnswer.objects.bulk_create(rows, batch_size=500)
    with TemporaryFile() as lines:
        assert peak(lambda: archives.write_rows(SealedAnswer, lines)) < 8_000_000
        assert lines.tell() > 20_000_000
        SealedAnswer.objects.all().delete()
        lines.seek(0)
        assert peak(lambda: archives.read_rows(SealedAnswer, lines, {})) < 8_000_000
    assert SealedAnswer.objects.count() == 4000
