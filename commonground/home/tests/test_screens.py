"""The first page for everybody: what each finds there, what nobody from elsewhere sees, and what it costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.access.actor import Role
from commonground.agreements import examples as charter
from commonground.agreements.actions import lay_before_parties
from commonground.approvals.actions import turn_key
from commonground.demo import cast
from commonground.demo.cast import CAST
from commonground.home import queries
from commonground.home.facts import Stage
from commonground.kernel import time
from commonground.partnership.models import Membership
from commonground.releases import examples as releases
from commonground.surveys import actions, opening
from commonground.surveys.models import SealingParty, Survey, SurveyState
from commonground.surveys.tests import writing

COMMITTEE = [member for member in CAST if member.role is not Role.FACILITATOR]
MOST_QUERIES = 30
pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def page(client, valley):
    """Return a call that gives the words of the first page as a person reads it."""

    def read(member):
        client.force_login(valley.people[member.name])
        answer = client.get(valley.url(""))
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def founded(valley):
    """Let the district be founded and its charter be in force."""
    valley.partnership.founded_at = time.now()
    valley.partnership.save()
    text = lay_before_parties(valley.actor(cast.LUZ), *charter.drafted(valley))
    for member in (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE):
        turn_key(valley.actor(member), text.pk, text.hash)


def facts_for(valley, member):
    """Return the facts as this member may know them."""
    actor = valley.actor(member)
    valley.partnership.refresh_from_db()
    return queries.facts(actor, valley.partnership, queries.waiting_texts(actor))


def put(survey, **changed):
    """Bring a survey into a state by its row alone."""
    Survey.rows.within(survey.partnership_id).filter(pk=survey.pk).update(**changed)


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_everybody_has_a_first_page(page, member):
    words = page(member)
    for expected in ("A partnership begins", "The first steps", "Where we are", "10. Assess and improve"):
        assert expected in words


@pytest.mark.parametrize("member", COMMITTEE, ids=lambda member: member.name)
def test_the_empty_district_teaches_the_committee(page, member):
    words = page(member)
    for expected in ("Once the staff list is in", "binds nobody until every key is turned", "Newest in the record"):
        assert expected in words


def test_those_outside_the_committee_see_the_path_and_no_more(page, valley):
    founded(valley)
    writing.frozen(valley)
    words = page(cast.FACILITATOR)
    assert "Where the partnership stands" in words and "Read the charter" in words
    for hidden in ("Staff survey, fall 2026", "Newest in the record", "Surveys now", "Who the survey can reach"):
        assert hidden not in words


def test_each_district_keeps_to_itself(client, valley, neighbor):
    founded(valley)
    client.force_login(neighbor.people[cast.NEIGHBOR.name])
    assert client.get(valley.url("")).status_code == 404
    words = client.get(neighbor.url("")).content.decode()
    assert "A partnership begins" in words and "Start the charter" in words
    client.force_login(valley.people[cast.LEFT.name])
    assert client.get(valley.url("")).status_code == 404


def test_the_date_is_that_of_the_district(page, valley):
    evening = writing.TODAY.replace(hour=22)
    with time.at(evening):
        assert "Tuesday, November 3" in page(cast.LUZ)
        valley.partnership.timezone = "Asia/Tokyo"
        valley.partnership.save()
        assert "Wednesday, November 4" in page(cast.LUZ)


def test_our_key_is_asked_for_until_it_is_turned(page, valley):
    founded(valley)
    steps = writing.frozen(valley)
    for member in (cast.LUZ, cast.ELENA):
        words = page(member)
        assert "One paper waits for our key" in words and "It is needed by Friday, November 13." in words
    assert "Read and decide" in page(cast.LUZ)
    assert "Turn our key" in page(cast.LUZ)
    writing.turn_all(steps, steps.survey.pk)
    words = page(cast.ELENA)
    assert "Nothing waits for our key" in words and "Read and decide" not in words


def test_the_last_key_is_named(page, valley):
    founded(valley)
    steps = writing.frozen(valley)
    (text,) = queries.waiting_texts(steps.actor(cast.LUZ))
    for member in (cast.DANA, cast.RAY, cast.DENISE):
        turn_key(steps.actor(member), text.id, text.hash)
    assert "Ours is the last key." in page(cast.LUZ)


def test_a_keeper_is_asked_for_the_seal(page, valley):
    founded(valley)
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.CLASSIFIED, cast.LUZ, cast.ELENA)
    words = page(cast.ELENA)
    assert "Our seal is asked for" in words
    assert "Make our seal" in words and f"/surveys/{steps.survey.pk}/seals/" in words
    assert "Make our seal" not in page(cast.GRACE)
    assert "Seals not made yet: Alder Valley Teachers Association, " in page(cast.SAM)


def test_the_coordinator_finds_the_work_first(page, valley):
    founded(valley)
    assert "The staff list is empty" in page(cast.SAM)
    writing.people(valley)
    assert "The staff list is empty" not in page(cast.SAM)
    assert "Nothing now." in page(cast.SAM)


def test_codes_are_work_once_the_survey_is_signed(page, valley):
    founded(valley)
    writing.launched(valley)
    words = page(cast.SAM)
    assert "Two things to see to" in words
    assert "48 people have no mailbox. No code is printed yet." in words
    assert "48 of 96 staff (50%) have a mailbox on the staff list." in words
    assert "Print codes" not in page(cast.ELENA)


def test_stages_follow_from_rows_and_the_clock(valley):
    survey = writing.sealed(valley).survey
    now = time.now()
    later, before = now + timedelta(days=1), now - timedelta(days=40)

    def stage(**changed):
        put(survey, **{"paper": "{}", "closed_at": None, "opening_on": None, **changed})
        return facts_for(valley, cast.LUZ).surveys[0].stage

    assert stage(state=SurveyState.DRAFTING) is Stage.DRAFTING
    assert stage(state=SurveyState.LAUNCHED, opens_at=later, closes_at=later) is Stage.LAUNCHED
    assert stage(state=SurveyState.LAUNCHED, opens_at=before, closes_at=later) is Stage.OPEN
    assert stage(state=SurveyState.LAUNCHED, opens_at=before, closes_at=now) is Stage.OVER
    assert stage(state=SurveyState.CLOSED, closed_at=now) is Stage.LOOKING
    assert stage(state=SurveyState.CLOSED, closed_at=before) is Stage.OPENING
    assert stage(state=SurveyState.COUNTED) is Stage.COUNTED


def test_an_opening_goes_layer_by_layer_and_may_stand_still(valley):
    founded(valley)
    steps = writing.launched(valley)
    put(steps.survey, state=SurveyState.CLOSED, closed_at=time.now() - timedelta(days=40), opening_on=None)
    for seal in SealingParty.rows.within(valley.partnership.pk).filter(survey=steps.survey):
        found = facts_for(valley, cast.LUZ).surveys[0]
        assert found.stage is Stage.OPENING and found.next_seal
        assert found.next_seal.party == seal.party.name
        assert found.next_seal.ours is (seal.party.name == cast.CLASSIFIED)
        opening.add_step(steps.actor(cast.LUZ), steps.survey.pk, seal.pk, "00", "00", 0)
    assert facts_for(valley, cast.LUZ).surveys[0].stage is Stage.COUNTING
    opening.stop(steps.actor(cast.LUZ), steps.survey.pk, "A sheet was seen by somebody else.")
    assert facts_for(valley, cast.LUZ).surveys[0].stage is Stage.STOPPED


def test_many_items_that_did_not_open_stop_it_too(valley):
    steps = writing.launched(valley)
    put(steps.survey, state=SurveyState.CLOSED, closed_at=time.now() - timedelta(days=40), opening_on=None)
    first = SealingParty.rows.within(valley.partnership.pk).filter(survey=steps.survey)[0]
    opening.add_step(steps.actor(cast.DANA), steps.survey.pk, first.pk, "00", "00", 200)
    assert facts_for(valley, cast.LUZ).surveys[0].stage is Stage.STOPPED


def test_a_release_lights_the_survey_and_the_story(page, valley):
    founded(valley)
    survey = writing.sealed(valley).survey
    put(survey, state=SurveyState.COUNTED, paper="{}")
    releases.stored(valley.actor(cast.LUZ), survey.pk)
    words = page(cast.DENISE)
    assert "is counted and released." in words and "Staff do not see them yet." in words
    assert "Propose to publish" in words
    assert "Propose to publish" not in page(cast.TOM)


def test_champions_are_counted_once_and_see_no_table(page, client, valley):
    founded(valley)
    person = valley.people[cast.LEFT.name]
    for party in (cast.TEACHERS, cast.CLASSIFIED):
        Membership(
            partnership=valley.partnership,
            person=person,
            party=valley.parties[party],
            role=Role.CHAMPION,
            since=date(2026, 9, 1),
        ).save()
    assert "1 person is a champion." in page(cast.LUZ)
    assert "Waiting for our key" not in page(cast.LEFT)


def test_charter_and_ground_rules_light_committee_and_agreements(page, valley):
    assert 'class="place lit"' not in page(cast.LUZ)
    founded(valley)
    words = page(cast.LUZ)
    assert words.count('class="place lit"') == 1
    assert "The first steps" not in words
    charter.signed(valley)
    assert page(cast.LUZ).count('class="place lit"') == 2


@pytest.mark.parametrize("member", [cast.LUZ, cast.SAM, cast.ELENA, cast.FACILITATOR], ids=lambda m: m.name)
def test_three_surveys_cost_no_more_than_one(client, valley, member):
    founded(valley)
    client.force_login(valley.people[member.name])
    costs = []
    for _survey in range(3):
        writing.frozen(valley)
        with CaptureQueriesContext(connection) as captured:
            client.get(valley.url(""))
        costs.append(len(captured))
    assert costs[0] == costs[1] == costs[2] < MOST_QUERIES


def test_drafts_cost_nothing_more(client, valley):
    client.force_login(valley.people[cast.LUZ.name])
    costs = []
    for rounds in (1, 2):
        for number in range(rounds):
            actions.create_survey(valley.actor(cast.LUZ), title_en=f"Survey {rounds} {number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(valley.url(""))
        costs.append(len(captured))
    assert costs[0] == costs[1] < MOST_QUERIES


def test_welcome_leads_to_the_only_district(client, valley):
    client.force_login(valley.people[cast.LUZ.name])
    assert client.get("/").url == valley.url("")
    client.force_login(valley.people[cast.LEFT.name])
    assert "You hold no role" in client.get("/").content.decode()
