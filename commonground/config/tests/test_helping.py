"""Helping a district as its operator: another mailbox, the end of an account, a survey that nobody closed."""

from datetime import timedelta

ACCEPTED = """
import django; django.setup()
from commonground.access.actor import operator
from commonground.partnership import actions
from commonground.partnership.models import Membership, Partnership, Party
tenant = Partnership.objects.get().pk
for name in ("Ida Moss", "Ed Lund", "Al Ash"):
    email = f"{name.split()[0].lower()}@maple.example"
    party = Party.rows.within(tenant).get(kind="management" if name == "Ed Lund" else "labor_organization")
    role = "member" if name == "Al Ash" else "cochair"
    secret = actions.offer(operator(tenant), email=email, name=name, role=role, party_id=party.pk)
    actions.accept_letter(secret, name)
"""
ENDED = """
import django; django.setup()
from commonground.access.actor import operator
from commonground.partnership import actions
from commonground.partnership.models import Membership, Partnership
tenant = Partnership.objects.get().pk
actions.end_role(operator(tenant), Membership.rows.within(tenant).get(person__name="Al Ash").pk)
"""
RECORD = """
import django; django.setup()
from commonground.access.actor import operator
from commonground.ledger import queries
from commonground.partnership.models import Partnership
print(queries.exported(operator(Partnership.objects.get().pk), "Maple"), end="")
"""
OPEN = """
import django; django.setup()
import conftest
from commonground.demo import cast
from commonground.surveys.tests import meeting
valley = conftest._district(cast.SLUG, cast.DISTRICT, cast.LABOR, cast.MANAGEMENT, cast.CAST)
print(meeting.answered(valley, people=2).survey.public_id)
"""
BOTH = ("--asked-by", "ida@maple.example", "--asked-by", "ed@maple.example")


def people(machine):
    return "".join(machine.rows()["people_person"])


def test_a_mailbox_is_changed_by_both_sides_and_an_account_ends(maple, tmp_path):
    maple.python(ACCEPTED)
    before = maple.rows()
    change = ("reset-sign-in", "al@maple.example", "al@new.example")
    assert "a co-chair or key holder of labor and of one of management" in maple.refused(*change, *BOTH[:2])
    assert "--asked-by" in maple.refused(*change, status=2)
    assert "still holds a role" in maple.refused("erase-person", "al@maple.example")
    assert maple.rows() == before
    told = maple.well(*change, *BOTH)
    assert "al@new.example signs in from now on." in told
    for email in ("al@maple.example", "ida@maple.example", "ed@maple.example"):
        assert f"To: {email}" in told, "who is said to have asked can say that it is not so"
    assert "To: al@new.example" not in told and "gave Al Ash another mailbox" in told
    assert "al@new.example" in people(maple) and "al@maple.example" not in people(maple)
    maple.python(ENDED)
    assert "are erased" in maple.well("erase-person", "al@new.example")
    assert "Al Ash" not in str(maple.rows()) and "al@new.example" not in str(maple.rows())
    assert "Nobody has an account" in maple.refused("erase-person", "al@new.example")
    record = tmp_path / "record.jsonl"
    record.write_text(maple.python(RECORD), encoding="utf-8")
    assert "Each is unharmed" in maple.well("verify-ledger", record)


def test_a_survey_is_closed_when_its_time_is_over_and_not_before(machine):
    survey = machine.python(OPEN).split()[-1]
    before = machine.rows()
    assert survey in machine.refused("close-survey", "alder-valley")
    assert "still open" in machine.refused("close-survey", "alder-valley", survey)
    assert "no district" in machine.refused("close-survey", "elm", survey)
    assert machine.rows() == before
    machine.variables["COMMONGROUND_CLOCK_OFFSET"] = str(int(timedelta(days=60).total_seconds()))
    assert "The survey is closed." in machine.well("close-survey", "alder-valley", survey)
    (row,) = machine.rows()["surveys_survey"]
    assert "'closed'" in row
    assert "Name one of the open surveys" in machine.refused("close-survey", "alder-valley")
