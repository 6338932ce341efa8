"""What outlives a survey: backups and their marks, a restore while it is open, destruction, opening sheets."""

import json
import os
import stat
import tarfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, models

from commonground.access.actor import operator
from commonground.config import backup
from commonground.demo import cast
from commonground.keeping import archive, files, register
from commonground.keeping.models import Backup
from commonground.kernel import key_folder, time
from commonground.kernel.errors import Refused
from commonground.ledger import queries as ledger
from commonground.responses.models import Bulletin, Code, Paper, SealedAnswer
from commonground.surveys import ending, tally
from commonground.surveys.models import Eligible, Handover, SealingParty, Survey, SurveyState
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "responses"])
PASSES = 3


@pytest.fixture
def meeting(valley):
    """An open survey with seven answers, in which three people took a pass."""
    held = meetings.answered(valley, 7)
    Handover.rows.within(valley.partnership.pk).update(repeats=2)
    for number, row in enumerate(asked(held)[:PASSES]):
        Eligible.rows.within(valley.partnership.pk).filter(pk=row.pk).update(
            marked=True, blinded_hash=f"{number:064x}"
        )
    return held


def asked(held):
    return list(Eligible.rows.within(held.survey.partnership_id).filter(survey=held.id).order_by("pk"))


def marked(held):
    """How many took a pass or drew a code: those of the fixture, and those who drew from the pile."""
    return sum(row.marked for row in asked(held))


def marks_of(held):
    return {row.pk: (row.marked, row.blinded_hash) for row in asked(held)}


def entries(held, act):
    acts = ledger.entries(held.steps.valley.actor(cast.LUZ), limit=500)
    return [entry for entry in acts if entry.act == act]


def members(path):
    with tarfile.open(path) as file:
        found = {entry.name: file.extractfile(entry) for entry in file.getmembers()}
        return {name: data.read() for name, data in found.items() if data}


def rows(path, name):
    return [json.loads(line) for line in members(path)[f"{name}.jsonl"].splitlines()]


def made(folder, name="one.tar.gz"):
    backup.write(folder / name)
    return folder / name


def emptied():
    for alias in archive.BOTH:
        call_command("flush", database=alias, interactive=False, verbosity=0)


def marks_file(path, held):
    return path.with_name(f"{path.name}.{held.survey.public_id}.marks")


def destroyed(held):
    """Close the survey and destroy it, unopened, on its day."""
    held.close()
    with time.at(on := held.closing_time + timedelta(days=60)):
        tally.destroy(held.steps.actor(cast.LUZ), held.id)
    return on


# Marks beside a backup


def test_a_backup_holds_no_marks_and_a_file_beside_it_does(meeting, tmp_path):
    path = made(tmp_path)
    assert len(rows(path, "surveys.Eligible")) == len(asked(meeting))
    for row in rows(path, "surveys.Eligible"):
        assert row["fields"]["marked"] is False and row["fields"]["blinded_hash"] == ""
    content = json.loads(marks_file(path, meeting).read_bytes())
    beside = [row for row in content["marks"].values() if row.get("marked")]
    assert len(beside) == marked(meeting) >= PASSES and list(content["marks"]) == sorted(content["marks"])
    assert {row["fields"]["repeats"] for row in rows(path, "surveys.Handover")} == {0}
    assert not any(key.encode() in members(path)["keeping.Backup.jsonl"] for key in content["marks"])
    assert marked(meeting) >= PASSES, "the database keeps them"


def test_both_files_are_for_the_owner_alone_and_dated_to_the_day(meeting, tmp_path):
    path = made(tmp_path)
    midnight = datetime.combine(time.today("UTC"), datetime.min.time(), UTC).timestamp()
    for file in (path, marks_file(path, meeting)):
        found = file.stat()
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert (found.st_mtime, found.st_atime) == (midnight, midnight)


def test_a_survey_without_marks_has_no_file_beside_a_backup(valley, tmp_path):
    writing.launched(valley)
    made(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["one.tar.gz"]


def test_no_key_of_the_key_folder_is_in_a_backup(meeting, tmp_path, settings):
    keys = [
        file.read_bytes() for file in Path(settings.ENVIRONMENT.key_folder).glob(f"{meeting.survey.public_id}.*")
    ]
    data = b"".join(members(made(tmp_path)).values())
    assert keys and not any(key in data or key.hex().encode() in data for key in keys)


def test_closing_deletes_the_marks_beside_every_backup_and_records_it(meeting, tmp_path):
    first, second = made(tmp_path), made(tmp_path, "two.tar.gz")
    meeting.close()
    assert not marks_file(first, meeting).exists() and not marks_file(second, meeting).exists()
    assert first.exists() and second.exists()
    facts = entries(meeting, "clear_backups")[0].facts
    today = time.today("UTC").isoformat()
    assert (facts["marks_deleted"], facts["marks_elsewhere"]) == ([today, today], [])
    meeting.close()
    assert len(entries(meeting, "clear_backups")) == 1, "there is nothing more to delete"


def test_marks_that_were_moved_elsewhere_are_recorded_as_such(meeting, tmp_path):
    path = made(tmp_path)
    marks_file(path, meeting).rename(tmp_path / "copy")
    meeting.close()
    facts = entries(meeting, "clear_backups")[0].facts
    assert facts["marks_deleted"] == [] and len(facts["marks_elsewhere"]) == 1


def test_marks_that_could_not_be_deleted_are_deleted_by_the_worker(meeting, tmp_path, monkeypatch):
    path = made(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(files, "erase", _forbidden)
        meeting.close()
    assert marks_file(path, meeting).exists() and not entries(meeting, "clear_backups")
    with time.at(meeting.closing_time):
        ending.tick()
    assert not marks_file(path, meeting).exists() and entries(meeting, "clear_backups")


def _forbidden(*given):
    raise PermissionError("not allowed")


def test_while_a_survey_is_open_its_marks_stay(meeting, tmp_path):
    path = made(tmp_path)
    ending.tick()
    assert marks_file(path, meeting).exists()


# A restore


def test_a_restore_brings_both_sides_and_the_marks_back_and_says_what_may_follow(meeting, tmp_path, capsys):
    before, asked_number = marks_of(meeting), len(asked(meeting))
    path = made(tmp_path)
    emptied()
    backup.restore(path)
    assert marks_of(meeting) == before and SealedAnswer.objects.count() == 7
    assert sum(pile.repeats for pile in Handover.rows.within(meeting.survey.partnership_id)) == 2
    more = asked_number - marked(meeting)
    said = capsys.readouterr().out
    assert f"up to {more} people can take a pass once more" in said and "are not here" not in said
    facts = entries(meeting, "restore_backup")[0].facts
    assert (facts["eligible"], facts["marks"], facts["more"]) == (asked_number, asked_number - more, more)
    told = Bulletin.objects.get(pk=meeting.survey.public_id).closing["restores"]
    assert [entry["more"] for entry in told] == [more]
    assert Backup.objects.get().path == str(path), "destruction reaches the backup it came from"


def test_a_restore_without_the_key_folder_says_what_cannot_go_on(meeting, tmp_path, capsys):
    path = made(tmp_path)
    key_folder.erase(meeting.survey.public_id)
    emptied()
    backup.restore(path)
    assert "Its keys are not here" in capsys.readouterr().out
    meeting.close()
    assert tally.closing_facts(meeting.survey)["eligible"] == len(asked(meeting))


def test_a_restore_without_marks_says_that_everybody_may_take_a_pass(meeting, tmp_path):
    path = made(tmp_path)
    marks_file(path, meeting).unlink()
    emptied()
    backup.restore(path)
    assert entries(meeting, "restore_backup")[0].facts["more"] == len(asked(meeting))
    assert not any(marked for marked, _ in marks_of(meeting).values())


def test_marks_of_another_backup_are_refused(meeting, tmp_path):
    path = made(tmp_path)
    other = made(tmp_path, "two.tar.gz")
    marks_file(other, meeting).replace(marks_file(path, meeting))
    emptied()
    with pytest.raises(Refused, match="belong to another"):
        backup.restore(path)
    assert not Paper.objects.exists()


def test_a_closed_survey_is_not_troubled_by_a_restore(meeting, tmp_path):
    meeting.close()
    path = made(tmp_path)
    emptied()
    backup.restore(path)
    assert not entries(meeting, "restore_backup") and not meeting.survey.restores


@contextmanager
def dies_between_the_databases(monkeypatch):
    """Let the committee's side fail at its commit, when the sealed side has made its own."""

    def fail():
        raise DatabaseError("the server went away")

    with monkeypatch.context() as broken:
        broken.setattr(connections["default"], "_commit", fail)
        with pytest.raises(DatabaseError):
            yield


def test_a_restore_that_died_between_the_databases_is_repeated(meeting, tmp_path, monkeypatch):
    path, before = made(tmp_path), marks_of(meeting)
    emptied()
    with dies_between_the_databases(monkeypatch):
        backup.restore(path)
    assert SealedAnswer.objects.count() == 7 and not Backup.objects.exists()
    backup.restore(path)
    assert marks_of(meeting) == before and len(entries(meeting, "restore_backup")) == 1
    with pytest.raises(Refused, match="not empty"):
        backup.restore(path)


def test_a_repeated_restore_refuses_a_sealed_side_that_holds_anything_else(meeting, tmp_path, monkeypatch):
    path = made(tmp_path)
    emptied()
    with dies_between_the_databases(monkeypatch):
        backup.restore(path)
    Code.objects.all()[0].delete()
    with pytest.raises(Refused, match="not empty"):
        backup.restore(path)
    models.QuerySet(SealedAnswer).update(version=7)
    with pytest.raises(Refused, match="not empty"):
        backup.restore(path)


# Destruction


ERASED = ("responses.SealedAnswer", "responses.Code", "responses.SealedList", "responses.Chunk", "surveys.Eligible",
          "surveys.SealingParty")  # fmt: skip
"""What destruction takes from the databases, wholly or in part."""


def test_destruction_reaches_a_backup_and_takes_out_the_same_as_from_the_databases(meeting, tmp_path):
    path = made(tmp_path)
    assert all(rows(path, name) for name in ("responses.SealedAnswer", "responses.Code", "surveys.Eligible"))
    with time.at(destroyed(meeting)):
        ending.tick()
        fresh = made(tmp_path, "fresh.tar.gz")
    for name in ERASED:
        assert rows(path, name) == rows(fresh, name), name
    (survey,) = rows(path, "surveys.Survey")
    assert survey["fields"]["counting_secret"] == "" and survey["fields"]["state"] == SurveyState.DESTROYED
    assert len(rows(path, "ledger.LedgerEntry")) < len(rows(fresh, "ledger.LedgerEntry")), "the rest is as it was"


def test_a_cleared_backup_keeps_its_day_its_checksums_and_is_restored_with_what_it_lacks(meeting, tmp_path, capsys):
    path = made(tmp_path)
    day = time.today("UTC")
    with time.at(destroyed(meeting)):
        ending.tick()
    assert datetime.fromtimestamp(path.stat().st_mtime, UTC).date() == day
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    row = Backup.objects.get()
    assert row.present_hash == files.digest(path) != row.hash
    assert row.cleared == [meeting.survey.public_id] and register.is_in_place(row)
    emptied()
    backup.restore(path)
    assert f"Not in it: the answers of the survey {meeting.survey.public_id}" in capsys.readouterr().out
    survey = meeting.survey
    assert survey.state == SurveyState.DESTROYED and not SealedAnswer.objects.exists()
    assert Paper.objects.get().closed
    assert Bulletin.objects.get(pk=survey.public_id).closing["end"]["unopened"] is True
    assert entries(meeting, "restore_backup")[0].facts["without_answers"] is True
    with time.at(meeting.closing_time + timedelta(days=61)):
        tally.tick()
        ending.tick()
    assert meeting.survey.state == SurveyState.DESTROYED


def test_the_record_and_the_bulletin_say_which_backups_were_reached_and_which_were_not(meeting, tmp_path):
    here, moved = made(tmp_path), made(tmp_path, "moved.tar.gz")
    (away := tmp_path / "elsewhere").mkdir()
    moved.rename(away / "moved.tar.gz")
    with time.at(destroyed(meeting)):
        ending.tick()
        ending.tick()
    facts = [entry.facts for entry in entries(meeting, "clear_backups") if "cleared" in entry.facts]
    today = time.today("UTC").isoformat()
    assert [(found["cleared"], found["elsewhere"]) for found in facts] == [([today], [today])]
    told = Bulletin.objects.get(pk=meeting.survey.public_id).closing["end"]
    assert told["backups"] == {"cleared": [today], "elsewhere": [today]} and told["unopened"] is True
    assert not rows(here, "responses.SealedAnswer") and rows(away / "moved.tar.gz", "responses.SealedAnswer")
    with time.at(meeting.closing_time + timedelta(days=70)):
        backup.look([away])
    assert not rows(away / "moved.tar.gz", "responses.SealedAnswer")
    assert meeting.survey.backups == {"cleared": [today, today], "elsewhere": []}


def test_a_server_without_backups_says_so_once(meeting):
    with time.at(destroyed(meeting)):
        ending.tick()
        ending.tick()
    assert len(entries(meeting, "clear_backups")) == 1
    assert meeting.survey.backups == {"cleared": [], "elsewhere": []}


def test_a_crash_while_a_backup_is_written_anew_leaves_the_old_one_and_is_made_good(meeting, tmp_path, monkeypatch):
    path = made(tmp_path)
    old = path.read_bytes()
    on = destroyed(meeting)
    with monkeypatch.context() as broken, time.at(on):
        broken.setattr(files, "replace", _forbidden)
        ending.tick()
    assert path.read_bytes() == old
    with time.at(on):
        ending.tick()
    assert not rows(path, "responses.SealedAnswer") and not path.with_name("one.tar.gz.new").exists()


def test_the_old_bytes_are_overwritten_unless_the_file_has_another_name(meeting, tmp_path):
    path, linked = made(tmp_path), made(tmp_path, "linked.tar.gz")
    os.link(linked, tmp_path / "snapshot")
    with path.open("rb") as old, time.at(destroyed(meeting)):
        ending.tick()
        assert set(old.read()) == {0}
    today = time.today("UTC").isoformat()
    assert meeting.survey.backups == {"cleared": [today], "elsewhere": [today]}


def test_another_survey_in_the_same_backup_stays_whole(meeting, valley, tmp_path):
    other = meetings.answered(valley, 4)
    path = made(tmp_path)
    with time.at(destroyed(meeting)):
        ending.clear_backups(meeting.survey)
    kept = {row["fields"]["survey"] for row in rows(path, "responses.SealedAnswer")}
    assert kept == {other.survey.public_id}
    assert len(rows(path, "surveys.Eligible")) == len(asked(other))


def test_no_field_that_destruction_empties_is_kept_in_a_backup():
    """Whoever adds a secret to a survey's rows says here what becomes of it in backups."""
    names = {field.name for model in (Survey, SealingParty) for field in model._meta.get_fields()}
    assert {name for name in names if "secret" in name or "share" in name or "wrapped" in name} == {
        "counting_secret", "wrapped", "sealed_share"
    }  # fmt: skip


# The register


def test_old_backups_are_deleted_where_only_some_are_to_stay(meeting, tmp_path, capsys):
    for number, name in enumerate(("a", "b", "c")):
        with time.at(datetime(2027, 1, 1 + number, 3, tzinfo=UTC)):
            made(tmp_path, name)
    with time.at(datetime(2027, 1, 9, 3, tzinfo=UTC)):
        backup.write(tmp_path / "d", keep=2)
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".marks") == ["c", "d"]
    assert not marks_file(tmp_path / "a", meeting).exists() and marks_file(tmp_path / "c", meeting).exists()
    assert [row.made_on for row in Backup.objects.all()] == [date(2027, 1, 3), date(2027, 1, 9)]
    assert f"Deleted: {tmp_path / 'a'}" in capsys.readouterr().out


def test_the_list_of_backups_says_which_are_not_in_their_place(meeting, tmp_path, capsys):
    backup.look([])
    assert "No backup was made by this server." in capsys.readouterr().out
    path = made(tmp_path)
    backup.look([])
    assert f"in its place  {path}" in capsys.readouterr().out
    path.unlink()
    (tmp_path / "notes.txt").write_text("no backup")
    backup.look([tmp_path])
    assert f"NOT IN ITS PLACE  {path}" in capsys.readouterr().out


# Opening sheets


def test_each_sealing_party_says_before_whom_its_sheets_were_shredded(meeting):
    on = destroyed(meeting)
    valley = meeting.steps.valley
    luz, denise = valley.actor(cast.LUZ), valley.actor(cast.DENISE)
    with time.at(on):
        ending.confirm_sheets(luz, meeting.id, denise.person_id)
        ending.confirm_sheets(denise, meeting.id, luz.person_id)
    said = entries(meeting, "confirm_shredding")
    assert {(entry.by, entry.facts["witness"]) for entry in said} == {
        (luz.person_id.hex, denise.person_id.hex), (denise.person_id.hex, luz.person_id.hex)
    }  # fmt: skip
    told = Bulletin.objects.get(pk=meeting.survey.public_id).closing["end"]["sheets"]
    assert {sheet["party"] for sheet in told if sheet["on"]} == {cast.CLASSIFIED, cast.MANAGEMENT}
    assert len(told) == 4


def test_sheets_are_confirmed_once_after_destruction_and_before_the_other_side_only(meeting):
    valley = meeting.steps.valley
    luz, dana, denise = (valley.actor(member) for member in (cast.LUZ, cast.DANA, cast.DENISE))
    refused("early", ending.confirm_sheets, luz, meeting.id, denise.person_id)
    with time.at(destroyed(meeting)):
        refused("witness", ending.confirm_sheets, luz, meeting.id, dana.person_id)
        refused("witness", ending.confirm_sheets, luz, meeting.id, luz.person_id)
        ending.confirm_sheets(luz, meeting.id, denise.person_id)
        refused("again", ending.confirm_sheets, luz, meeting.id, denise.person_id)
    assert len(entries(meeting, "confirm_shredding")) == 1


def test_what_is_told_late_is_told_by_the_worker(meeting, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(ending, "tell", lambda: None)
        on = destroyed(meeting)
    assert "end" not in Bulletin.objects.get(pk=meeting.survey.public_id).closing
    with time.at(on):
        ending.tick()
        day = time.today(meeting.survey.partnership.timezone)
    told = Bulletin.objects.get(pk=meeting.survey.public_id).closing["end"]
    assert told["on"] == day.isoformat() and told["backups"] == {"cleared": [], "elsewhere": []}


def test_only_the_operator_clears_and_restores(meeting):
    from commonground.kernel.errors import NotAllowed

    for act in (lambda actor: ending.note_reopened(actor, meeting.id, date(2026, 1, 1)),):
        with pytest.raises(NotAllowed):
            act(meeting.steps.valley.actor(cast.LUZ))
    assert ending.note_reopened(operator(meeting.survey.partnership_id), meeting.id, date(2026, 1, 1)) > 0
