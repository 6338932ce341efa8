"""Every real file that lies about is read as a staff list, or is refused in words; none breaks the page."""

import os
from pathlib import Path

import pytest

from commonground.access.actor import operator
from commonground.demo import cast
from commonground.demo import valley as places
from commonground.kernel.errors import Refused
from commonground.partnership import staff
from commonground.partnership.models import PartKind, StaffRecord
from commonground.partnership.staff_parts import facts_of, parts
from commonground.partnership.stafflist.columns import Field

REAL = os.environ.get("COMMONGROUND_REAL_DATA", "")
pytestmark = pytest.mark.skipif(not REAL, reason="COMMONGROUND_REAL_DATA names no folder with real data")


@pytest.fixture
def sam(valley):
    places.build(operator(valley.partnership.pk), {name: party.pk for name, party in valley.parties.items()})
    return valley.actor(cast.SAM)


def _files(*endings):
    return sorted(path for path in Path(REAL).rglob("*") if path.suffix in endings)


def _tried(sam, path):
    """Return how many people of a file can come in, or for which reason it is refused in words."""
    try:
        waiting = staff.read_list(sam, path.name, path.read_bytes())
    except Refused as refusal:
        return refusal.code if path.name in str(refusal.message) else "without its name"
    faults = [fault for part in parts(waiting, PartKind.FAULTS) for fault in part]
    assert faults or facts_of(waiting).comes_in, path.name
    assert all(fault.what and fault.do for fault in faults)
    return facts_of(waiting).comes_in


def test_no_file_of_any_kind_breaks_the_reading_or_brings_anybody_in_unseen(sam):
    told = {}
    for path in _files(".csv", ".xlsx", ".xls", ".tsv", ".json", ".txt", ".lss", ".qsf"):
        told[path.name] = _tried(sam, path)
    assert len(told) > 60
    assert "without its name" not in told.values()
    assert {code for name, code in told.items() if name.endswith(".xls")} == {"old_excel"}
    assert {name for name, code in told.items() if isinstance(code, int) and code > 0} == set()
    assert StaffRecord.rows.within(sam.tenant).count() == 0


def test_invented_people_of_many_scripts_come_in_by_columns_named_by_hand(sam):
    path = Path(REAL) / "oneroster" / "fake_people_1200.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    columns = {name: head.index(title) for name, title in _SAID.items()}
    given = {Field.SITE: "101", Field.JOB_CLASS: "teacher", Field.UNIT: "none"}
    waiting = staff.read_list(sam, path.name, path.read_bytes(), staff.Asked(columns, given))
    facts = facts_of(waiting)
    assert facts.comes_in + facts.faulty == 1200
    staff.carry_out(sam, waiting.pk)
    assert StaffRecord.rows.within(sam.tenant).count() == facts.comes_in > 1100


_SAID = {
    Field.NUMBER: "Number",
    Field.GIVEN_NAME: "GivenName",
    Field.FAMILY_NAME: "Surname",
    Field.EMAIL: "EmailAddress",
}
