"""Opening a district, inviting, and bringing a staff list in, as commands."""

import pytest

from commonground.config.tests.conftest import FOUNDING
from commonground.kernel.sheets import Sheet, as_csv, as_xlsx

HEAD = ("Employee ID", "First name", "Last name", "Email", "Site", "Job class", "Bargaining unit")
PEOPLE = (
    ("M1", "Ana", "Diaz", "ana@maple.example", "S1", "J1", "U1"),
    ("M2", "Ben", "Oak", "ben@maple.example", "S1", "J1", "U1"),
)
SITE = """
import django; django.setup()
from commonground.access.actor import operator
from commonground.partnership import structure
from commonground.partnership.models import Partnership
admin = operator(Partnership.objects.get().pk)
level = structure.add(admin, "level", code="L", name_en="Schools")
structure.add(admin, "site", code="S1", name_en="Birch School", parent_id=level.pk)
family = structure.add(admin, "family", code="F", name_en="Teaching")
structure.add(admin, "class", code="J1", name_en="Teacher", parent_id=family.pk)
structure.add(admin, "unit", code="U1", name_en="Teachers")
"""


@pytest.fixture
def district(maple):
    maple.python(SITE)
    return maple


def staff(machine):
    """How many people are on the staff list; no list that was read waits with its names."""
    rows = machine.rows()
    assert not rows["partnership_staffimportpart"]
    return len(rows["partnership_staffrecord"])


def test_a_district_is_founded_and_its_founders_get_letters_and_links(machine):
    told = machine.well(*FOUNDING)
    for email in ("ed@maple.example", "ida@maple.example"):
        assert f"To: {email}" in told
        assert f"{email}: {machine.variables['COMMONGROUND_SITE_URL']}/invitation/" in told
    assert "To:" not in told[: told.index("ed@maple.example: ")], "the links come before the letters"


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (FOUNDING, "exists already"),
        (("found-district", "elm", *FOUNDING[2:5], "ed at maple", *FOUNDING[6:]), "not a mail address"),
    ],
)
def test_a_district_that_cannot_be_is_refused_whole(maple, words, because):
    before = maple.rows()
    assert because in maple.refused(*words)
    assert maple.rows() == before


def test_a_call_without_its_words_says_how_it_goes(maple):
    before = maple.rows()
    assert "usage: commonground found-district" in maple.refused("found-district", "other", status=2)
    assert maple.rows() == before


def test_a_letter_that_cannot_be_sent_loses_no_link(machine):
    machine.variables["COMMONGROUND_MAIL"] = "smtp://127.0.0.1:9"
    told = machine.refused(*FOUNDING)
    assert "ed@maple.example: http" in told and "ida@maple.example: http" in told
    assert "Connection refused" in told


def test_somebody_is_invited(maple):
    told = maple.well("invite", "maple", "New@Maple.example", "New Member", "member", "--party", "Maple Educators")
    assert "To: New@Maple.example" in told and "/invitation/" in told
    assert "To: sam@maple.example" in maple.well("invite", "maple", "sam@maple.example", "Sam Roe", "coordinator")


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("maple", "a@maple.example", "A", "member", "--party", "Elm Educators"), "no party of this name"),
        (("maple", "a@maple.example", "A", "operator"), "role does not exist for this party"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_whole(maple, words, because):
    before = maple.rows()
    told = maple.refused("invite", *words)
    assert because in told and "To:" not in told
    assert maple.rows() == before


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_staff_list_is_looked_at_and_then_brought_in(district, tmp_path, ending):
    file = tmp_path / f"staff.{ending}"
    file.write_bytes(as_csv(HEAD, PEOPLE) if ending == "csv" else as_xlsx([Sheet("Staff", HEAD, PEOPLE)]))
    looked = district.well("import-staff", "maple", file)
    assert "New: 2" in looked and "Nothing was changed" in looked
    assert staff(district) == 0, "a look leaves no name behind"
    assert "The list was brought in." in district.well("import-staff", "maple", file, "--carry-out")
    assert staff(district) == 2
    again = district.well("import-staff", "maple", file, "--carry-out")
    assert "New: 0" in again and "The same: 2" in again
    assert staff(district) == 2


def test_a_faulty_line_is_named_by_file_line_and_column_and_stays_out(district, tmp_path):
    file = tmp_path / "staff.csv"
    file.write_bytes(as_csv(HEAD, [*PEOPLE, ("M3", "Cy", "Elm", "cy@maple.example", "Nowhere", "J1", "U1")]))
    for words in ((), ("--carry-out",)):
        told = district.refused("import-staff", "maple", file, *words)
        assert "Lines with a fault: 1" in told
        assert "staff.csv, line 4, column Site: “Nowhere”." in told
    assert "The list was brought in." in told
    assert staff(district) == 2


@pytest.mark.parametrize(
    ("name", "data", "because"),
    [
        ("staff.xlsx", b"PK\x03\x04 not a spreadsheet", "staff.xlsx: "),
        ("staff.csv", b"", "staff.csv: "),
        ("staff.csv", b"Shoe size,Hat\n42,60\n", "staff.csv, line 1: No column is chosen"),
        ("elsewhere.csv", None, "No such file"),
    ],
)
def test_a_file_that_is_no_staff_list_changes_nothing(district, tmp_path, name, data, because):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert because in district.refused("import-staff", "maple", tmp_path / name, "--carry-out")
    assert staff(district) == 0


def test_a_staff_list_for_no_district_is_refused(maple, tmp_path):
    (tmp_path / "staff.csv").write_bytes(as_csv(HEAD, PEOPLE))
    assert "no district with this short name" in maple.refused("import-staff", "elm", tmp_path / "staff.csv")
