"""The staff list comes in after a look, all or nothing, and again without doubles."""

import pytest
from django.utils import translation

from commonground.access.actor import operator
from commonground.demo import cast, roster
from commonground.demo import valley as places
from commonground.kernel.errors import Refused
from commonground.ledger import queries as ledger
from commonground.partnership import staff
from commonground.partnership.models import PartKind, StaffRecord
from commonground.partnership.staff_parts import facts_of, parts


@pytest.fixture
def built(valley):
    places.build(operator(valley.partnership.pk), {name: party.pk for name, party in valley.parties.items()})
    return valley


def _read(valley, people):
    return staff.read_list(valley.actor(cast.SAM), "staff.csv", roster.as_csv(people))


def _entries(waiting, kind):
    return [entry for part in parts(waiting, kind) for entry in part]


def test_whole_district_comes_in_and_again_changes_nothing(built):
    sam = built.actor(cast.SAM)
    people = roster.workers()
    first = staff.carry_out(sam, _read(built, people).pk)
    assert (first.facts["new"], first.facts["gone"]) == (1482, 0)
    assert StaffRecord.rows.within(sam.tenant).count() == 1482
    again = facts_of(_read(built, people))
    assert (again.new, again.changed, again.same, again.gone) == (0, 0, 1482, 0)


def test_new_changed_and_gone(built):
    sam = built.actor(cast.SAM)
    people = roster.workers()[:30]
    staff.carry_out(sam, _read(built, people).pk)
    moved = roster.Worker(**{**people[3].__dict__, "site": "112", "email": people[4].email})
    swapped = roster.Worker(**{**people[4].__dict__, "email": people[3].email})
    waiting = _read(built, [*people[1:3], moved, swapped, *roster.workers()[5:31]])
    assert [person.number for person in _entries(waiting, PartKind.NEW)] == ["E10030"]
    changes = [change for _person, changes in _entries(waiting, PartKind.CHANGED) for change in changes]
    assert {change.field for change in changes} == {"site", "email"}
    assert [person.number for person in _entries(waiting, PartKind.GONE)] == [people[0].number]
    staff.carry_out(sam, waiting.pk)
    row = StaffRecord.rows.within(sam.tenant).get(number=people[3].number)
    assert (row.site.code, row.email) == ("112", people[4].email)
    assert ledger.entries(sam, limit=1)[0].facts == {"new": 1, "changed": 2, "gone": 1, "faults": 0}


def test_somebody_who_comes_back_keeps_the_record(built):
    sam = built.actor(cast.SAM)
    people = roster.workers()[:5]
    staff.carry_out(sam, _read(built, people).pk)
    staff.carry_out(sam, _read(built, people[1:]).pk)
    staff.carry_out(sam, _read(built, people).pk)
    rows = StaffRecord.rows.within(sam.tenant)
    assert rows.count() == rows.filter(gone_on=None).count() == 5


def test_faulty_lines_stay_out_and_their_people_stay_as_they_are(built):
    sam = built.actor(cast.SAM)
    people = roster.workers()[:5]
    staff.carry_out(sam, _read(built, people).pk)
    spoiled = roster.Worker(**{**people[0].__dict__, "site": "nowhere"})
    waiting = _read(built, [spoiled, *people[1:]])
    faults = _entries(waiting, PartKind.FAULTS)
    assert [(fault.line, fault.column, fault.found) for fault in faults] == [(2, "Site", "nowhere")]
    assert (facts_of(waiting).gone, facts_of(waiting).held) == (0, 1)


def test_each_reads_the_faults_in_the_own_language(built):
    waiting = _read(built, [roster.Worker(**{**roster.workers()[0].__dict__, "site": "nowhere"})])
    english = _entries(waiting, PartKind.FAULTS)[0]
    with translation.override("es"):
        spanish = _entries(waiting, PartKind.FAULTS)[0]
    assert (english.line, english.found) == (spanish.line, spanish.found)
    assert english.what != spanish.what and english.do != spanish.do


def test_what_was_decided_is_forgotten(built):
    sam = built.actor(cast.SAM)
    waiting = _read(built, roster.workers()[:5])
    staff.leave(sam, waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.parts.count(), waiting.asked) == (0, {})
    with pytest.raises(Refused):
        staff.carry_out(sam, waiting.pk)


def test_unreadable_file_is_refused_in_words(built):
    with pytest.raises(Refused, match=r"staff\.csv"):
        staff.read_list(built.actor(cast.SAM), "staff.csv", b"PK\x03\x04 not a spreadsheet")
