"""Large staff lists: read and brought in behind the page, found again, given up in words; every list in pages."""

import os
import stat
from datetime import timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django_tasks_db.models import DBTaskResult

from commonground.access.actor import operator
from commonground.demo import cast
from commonground.demo import valley as places
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger import queries as ledger
from commonground.partnership import staff, staff_rows, staff_work, uploads
from commonground.partnership.models import ImportStage, Membership, PartKind, Site, StaffImport, StaffRecord
from commonground.partnership.staff_parts import facts_of, parts
from commonground.partnership.stafflist import sheet as sheets

HEAD = "Employee number,First name,Last name,Site,Job class,Bargaining unit,Home phone\n"


@pytest.fixture
def built(valley):
    places.build(operator(valley.partnership.pk), {name: party.pk for name, party in valley.parties.items()})
    return valley


@pytest.fixture
def large(monkeypatch):
    """Every list is a large one."""
    monkeypatch.setattr(sheets, "LIGHT_MEGABYTES", 0)
    monkeypatch.setattr(staff, "LIGHT_CHANGES", 0)


def _csv(count, job="teacher"):
    return (HEAD + "".join(f"E{n:04},Ana,Núñez {n},101,{job},none,555-0100\n" for n in range(count))).encode()


def _incoming():
    folder = settings.ENVIRONMENT.folder / "incoming"
    return sorted(folder.iterdir()) if folder.exists() else []


def _send(client, valley, data, name="list.csv", **more):
    client.force_login(valley.people[cast.SAM.name])
    return client.post(valley.url("staff/file/"), {"file": SimpleUploadedFile(name, data), **more})


def _only(valley):
    return StaffImport.rows.within(valley.partnership.pk).latest("started_at")


def _page(client, valley, **headers):
    return client.get(valley.url(f"staff/lists/{_only(valley).pk}/"), headers=headers)


@pytest.fixture
def sent(built, client, large):
    """A list that was sent and waits for the worker."""
    _send(client, built, _csv(60))
    return _only(built)


def test_a_large_list_waits_for_the_worker_and_its_page_is_found_again(built, client, sent):
    assert (sent.stage, sent.parts.count()) == (ImportStage.QUEUED, 0)
    page = _page(client, built)
    assert "Your list is being read" in page.text
    assert "Look again" in page.text, "without script"
    assert "A list is being read" in client.get(built.url("staff/")).text
    assert _page(client, built, HX_Request="true").headers.get("HX-Refresh") is None
    staff_work.read(sent.pk)
    assert _page(client, built, HX_Request="true").headers["HX-Refresh"] == "true"
    assert "60 people are ready to come in" in _page(client, built).text


def test_the_queue_holds_an_id_and_the_file_is_gone_with_the_reading(sent):
    assert DBTaskResult.objects.get().args_kwargs == {"args": [sent.pk.hex], "kwargs": {}}
    (path,) = _incoming()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    staff_work.read(sent.pk)
    assert _incoming() == []
    assert "555-0100" not in _everything()


def _everything():
    kept = (
        m for m in apps.get_models() if m.__module__.startswith(("commonground.partnership.", "django_tasks_db."))
    )
    rows = [str(row) for model in kept for row in models.QuerySet(model).values()]
    lists: models.QuerySet[StaffImport] = models.QuerySet(StaffImport)
    people = [str(entry) for row in lists for kind in PartKind for entry in parts(row, kind)]
    return "".join([*rows, *people])


def test_progress_is_told_while_the_file_is_read(sent, monkeypatch):
    told: list[int] = []
    monkeypatch.setattr(staff, "TELL_EVERY", 20)
    monkeypatch.setattr(staff_work, "_telling", lambda waiting: told.append)
    staff_work.read(sent.pk)
    assert told == [20, 40, 60]


def test_a_list_that_was_left_stops_being_read(sent, monkeypatch):
    monkeypatch.setattr(staff, "TELL_EVERY", 20)
    data = uploads.take(sent.pk)
    assert data is not None
    uploads.keep(sent.pk, data[0])
    monkeypatch.setattr(uploads, "take", lambda pk: _left_meanwhile(sent, data))
    staff_work.read(sent.pk)
    sent.refresh_from_db()
    assert (sent.stage, sent.lines_read, sent.parts.count()) == (ImportStage.LEFT, 0, 0)


def _left_meanwhile(sent, data):
    staff.leave(operator(sent.partnership_id), sent.pk)
    return data


def test_a_large_file_that_cannot_be_read_says_so_on_its_page(built, client, large):
    _send(client, built, b"id;name\n1;\x81\x8d\x8f\n", "staff.csv")
    staff_work.read(_only(built).pk)
    text = _page(client, built).text
    assert "The list could not be read" in text
    assert "staff.csv: We cannot tell which letters are meant" in text
    assert "could not be read" in client.get(built.url("staff/")).text


def test_words_of_the_worker_are_in_the_language_of_the_sender(built, client, large):
    client.cookies["django_language"] = "es"
    _send(client, built, b"id;name\n1;\x81\x8d\x8f\n")
    staff_work.read(_only(built).pk)
    assert "No podemos saber qué letras son" in _only(built).refusal


def test_a_large_list_comes_in_behind_the_page(built, client, sent):
    staff_work.read(sent.pk)
    answer = client.post(built.url(f"staff/lists/{sent.pk}/carry-out/"), follow=True)
    assert "The list is coming in" in answer.text
    assert StaffRecord.rows.within(built.partnership.pk).count() == 0
    staff_work.carry_out(sent.pk)
    assert "60 new, 0 changed, 0 gone" in _page(client, built).text
    assert StaffRecord.rows.within(built.partnership.pk).count() == 60
    entry = ledger.entries(built.actor(cast.SAM), limit=1)[0]
    assert entry.facts == {"new": 60, "changed": 0, "gone": 0, "faults": 0}
    staff_work.carry_out(sent.pk)
    assert ledger.entries(built.actor(cast.SAM), limit=1)[0] == entry, "the same job again changes nothing"


def test_a_double_click_on_bringing_in_says_that_it_is_coming(built, client, sent):
    staff_work.read(sent.pk)
    address = built.url(f"staff/lists/{sent.pk}/carry-out/")
    client.post(address)
    assert "This list is coming in already." in client.post(address, follow=True).text


def test_whoever_lost_the_role_meanwhile_brings_nothing_in(built, client, sent):
    staff_work.read(sent.pk)
    client.post(built.url(f"staff/lists/{sent.pk}/carry-out/"))
    Membership.rows.within(built.partnership.pk).filter(person=built.people[cast.SAM.name]).update(
        until=time.now().date()
    )
    staff_work.carry_out(sent.pk)
    assert StaffRecord.rows.within(built.partnership.pk).count() == 0
    sent.refresh_from_db()
    assert (sent.stage, sent.refusal) == (
        ImportStage.READ,
        "Your role does not include this. Nothing was changed.",
    )


def test_a_fault_of_the_program_changes_nothing_and_is_told(built, client, sent, monkeypatch):
    staff_work.read(sent.pk)
    client.post(built.url(f"staff/lists/{sent.pk}/carry-out/"))
    written = staff_rows.write

    def broken(waiting, today):
        written(waiting, today)
        raise ValueError("Núñez 7")

    monkeypatch.setattr(staff, "write", broken)
    with pytest.raises(RuntimeError, match=r"^ValueError$"):
        staff_work.carry_out(sent.pk)
    assert StaffRecord.rows.within(built.partnership.pk).count() == 0
    text = _page(client, built).text
    assert "The work stopped before its end. Nothing was changed." in text
    assert "Bring in 60 people" in text


def test_a_worker_that_was_killed_leaves_no_file_and_a_page_with_words(built, client, sent, monkeypatch):
    staff_work.tick()
    sent.refresh_from_db()
    assert (sent.stage, len(_incoming())) == (ImportStage.QUEUED, 1)
    later = time.now() + staff_work.PATIENCE + timedelta(minutes=1)
    monkeypatch.setattr(time, "now", lambda: later)
    staff_work.tick()
    assert _incoming() == []
    assert "The work stopped before its end. Nothing was changed." in _page(client, built).text


def test_a_list_that_nobody_decides_on_is_left_with_the_names_in_it(built):
    sam = built.actor(cast.SAM)
    waiting = staff.read_list(sam, "a.csv", _csv(5))
    for days, stage, kept in ((29, ImportStage.READ, True), (31, ImportStage.LEFT, False)):
        with time.at(waiting.started_at + timedelta(days=days)):
            staff_work.tick()
        waiting.refresh_from_db()
        assert (waiting.stage, any(parts(waiting, PartKind.NEW))) == (stage, kept)


def test_a_list_read_before_another_came_in_is_not_brought_in(built):
    sam = built.actor(cast.SAM)
    first = staff.read_list(sam, "a.csv", _csv(5))
    second = staff.read_list(sam, "b.csv", _csv(9))
    undecided = StaffImport.rows.within(sam.tenant).filter(pk=first.pk)
    undecided.update(stage=ImportStage.READ, decided_at=None, facts=first.facts)
    staff.carry_out(sam, second.pk)
    with pytest.raises(Refused, match="Another list came in"):
        staff.carry_out(sam, first.pk)
    assert StaffRecord.rows.within(sam.tenant).count() == 9


def test_a_code_that_was_renamed_meanwhile_is_told(built):
    sam = built.actor(cast.SAM)
    waiting = staff.read_list(sam, "a.csv", _csv(5))
    site = next(iter(Site.rows.within(sam.tenant).filter(code="101")))
    site.code = "101b"
    site.save()
    with pytest.raises(Refused, match="The code 101 was changed"):
        staff.carry_out(sam, waiting.pk)
    assert StaffRecord.rows.within(sam.tenant).count() == 0


def test_every_list_of_a_large_import_is_paged(built, client):
    _send(client, built, _csv(1203) + b"E9999,Ana,Vo,999,teacher,none,\n")
    text = _page(client, built).text
    assert "Show all 1,203" in text
    base = built.url(f"staff/lists/{_only(built).pk}/list/new/")
    assert "1,201 to 1,203 of 1,203" in client.get(f"{base}?page=25").text
    assert "501 to 550 of 1,203" in client.get(f"{base}?page=11").text
    assert "Núñez 500" in client.get(f"{base}?page=11").text
    assert client.get(f"{base}?page=26").status_code == 404
    assert "There is no place with this code or name" in client.get(base.replace("new", "faults")).text
    assert client.get(base.replace("new", "notes")).status_code == 404


def test_small_lists_are_read_at_once(built, client):
    answer = _send(client, built, _csv(3))
    assert (answer.status_code, _only(built).stage) == (302, ImportStage.READ)
    assert client.post(built.url(f"staff/lists/{_only(built).pk}/carry-out/")).url.endswith("/staff/")
    assert (_only(built).stage, _incoming()) == (ImportStage.DONE, [])


def test_what_is_large_follows_from_what_it_unpacks_to():
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for row in range(60_000):
            page.write_row(row, 0, ["the same words in every line"] * 3)
    workbook = target.getvalue()
    assert len(workbook) < 1_000_000
    assert not sheets.is_light(workbook)
    assert not sheets.is_light(b"x" * 3_000_001)
    assert sheets.is_light(_csv(1000))
    assert sheets.is_light(b"x" * 26_000_000), "it is refused at once"
    assert sheets.is_light(b"PK no archive"), "it is refused at once"


def test_columns_are_named_by_hand_and_one_value_holds_for_everyone(built, client):
    data = b"Code,Who,Where\nE1,Ana Vo,101\nE2,Bea Roe,102\n"
    _send(client, built, data)
    text = _page(client, built).text
    assert "No column is chosen for: Employee number." in text
    assert facts_of(_only(built)).gone == 0
    said = {"header": ["Code", "Who", "Where"], "number": "0", "full_name": "1", "site": "2"}
    _send(client, built, data, **said, all_job_class="teacher", all_unit="none")
    staff.carry_out(built.actor(cast.SAM), _only(built).pk)
    rows = StaffRecord.rows.within(built.partnership.pk).order_by("number")
    columns = ("number", "given_name", "site__code", "job_class__code", "unit__code")
    assert list(rows.values_list(*columns)) == [
        ("E1", "Ana Vo", "101", "teacher", "none"),
        ("E2", "Bea Roe", "102", "teacher", "none"),
    ]


def test_oneroster_1_2_comes_with_its_roles(built, client):
    users = b"sourcedId,userMasterIdentifier,givenName,familyName\nu1,1,Ana,Vo\nu2,2,Bo,Roe\n"
    roles = b"userSourcedId,roleType,role,orgSourcedId\nu1,primary,teacher,101\nu2,primary,student,101\n"
    _send(client, built, users, "users.csv")
    assert "Send roles.csv as well" in _page(client, built).text
    said = {"header": ["sourcedId", "userMasterIdentifier", "givenName", "familyName"], "number": "0"}
    names = {"given_name": "2", "family_name": "3", "all_job_class": "teacher", "all_unit": "none"}
    _send(client, built, users, "users.csv", **said, **names, roles=SimpleUploadedFile("roles.csv", roles))
    facts = facts_of(_only(built))
    assert (facts.new, facts.left_out) == (1, {"student": 1})


def test_a_file_too_large_to_be_taken_in_is_answered_in_words(built, client):
    answer = _send(client, built, b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert answer.status_code == 422
    assert "The file is larger than 25 MB." in answer.text
    assert StaffImport.rows.within(built.partnership.pk).count() == 0
