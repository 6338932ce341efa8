"""Another table after the count, over the real acts: who asks, who opens anew, what the gate says, what is kept."""

import json
from datetime import timedelta

import pytest

from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.disclosure.attack import learn
from commonground.disclosure.together import learn_together, not_remembered
from commonground.disclosure.verify import verify
from commonground.kernel import time
from commonground.ledger import queries as ledger
from commonground.releases.models import Release
from commonground.responses import queries as responses
from commonground.surveys import further, opening, reopening, tally
from commonground.surveys.models import Outcome, Reopening, SurveyState
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests import writing
from commonground.surveys.tests.meeting import ORDER, Meeting, refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])

JOBS, CROSSED = ("q5",), ("q4", "q5")
WHY = "The release of October does not tell aides from teachers."


@pytest.fixture
def counted(valley):
    """A counted survey of 90 people that tells results by site only, and asked for the kind of job too."""
    return count(valley, 90)


def count(valley, people: int, seed: int = 4) -> Meeting:
    meeting = meetings.answered(valley, people, seed, jobs=True).close().peel(*ORDER)
    meeting.count()
    return meeting


def asked(meeting: Meeting, *tables: further.Table) -> FrozenText:
    with meeting.on_opening_day():
        return reopening.ask(meeting.steps.actor(cast.LUZ), meeting.id, tables, WHY)


def turned(meeting: Meeting) -> Reopening:
    with meeting.on_opening_day():
        writing.turn_all(meeting.steps, meeting.id)
    again = opening.anew(meeting.survey)
    assert again is not None
    return again


def counted_anew(meeting: Meeting) -> Release | None:
    meeting.peel(*ORDER)
    with meeting.on_opening_day():
        return reopening.count(meeting.keeper(cast.CLASSIFIED), meeting.id, meeting.shares())


def contents(meeting: Meeting) -> list[dict]:
    rows = Release.rows.within(meeting.survey.partnership_id).filter(survey_id=meeting.id).order_by("number")
    return [json.loads(bytes(row.data)) for row in rows]


def test_every_party_opens_anew_and_the_new_table_is_told_beside_the_first_release(counted):
    asked(counted, JOBS, CROSSED)
    turned(counted)
    release = counted_anew(counted)
    first, later = contents(counted)
    assert release is not None and release.number == 2 and json.loads(bytes(release.data)) == later
    assert later["further"]["told"] == [["q5"], ["q4", "q5"]] and later["further"]["left_out"] == []
    printed = {json.dumps(cell["at"], sort_keys=True): cell for cell in later["tables"]["cells"]}
    assert all(printed[json.dumps(cell["at"], sort_keys=True)] == cell for cell in first["tables"]["cells"])
    assert any(cell["n"] for cell in later["tables"]["cells"] if "q5" in cell["at"])
    assert verify(later["tables"]) == [] and learn(later["tables"]) == []
    assert learn_together([first, later]) == [] and not_remembered(later, [first]) == []
