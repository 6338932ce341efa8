"""From the last key to the respondents' door, and what an edit does to keys already turned."""

import json

import pytest

from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.disclosure.plan import TablePlan
from commonground.kernel.errors import Refused
from commonground.responses.models import Paper as PublishedPaper
from commonground.sealing.paper import read_paper
from commonground.surveys import actions, campaign, counting, seals
from commonground.surveys.models import Eligible, SurveyState
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def test_the_last_key_launches_and_the_door_gets_the_same_bytes(valley):
    steps = writing.launched(valley)
    survey = steps.survey
    published = PublishedPaper.objects.get(pk=survey.public_id)
    assert survey.state == SurveyState.LAUNCHED and survey.published
    assert bytes(published.data) == survey.paper.encode()
    assert published.hash == survey.paper_hash
    assert Eligible.rows.within(survey.partnership_id).filter(survey=survey).count() == 96
    assert campaign.publish_papers() == 0


def test_the_paper_is_what_sealing_and_the_gate_read(valley):
    survey = writing.frozen(valley).again()
    content = json.loads(survey.paper)
    assert read_paper(survey.paper.encode()).block.to_bytes().decode() == survey.seals_block
    assert (
        survey.paper.encode()
        == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    plan = counting.table_plan(content)
    assert isinstance(plan, TablePlan) and plan.margins == ("q4",) and plan.eligible == 96
    assert plan.total_is_public, "anyone may count the sealed answers"
    assert [question.id for question in plan.questions] == ["q1", "q2"]


def test_small_places_are_joined_and_named_for_what_they_hold(valley):
    content = json.loads(writing.frozen(valley).again().paper)
    options = content["questions"][3]["options"]
    assert [(option["text"]["en"], option["roster"]) for option in options] == [
        ("Mill Creek and Cedar", 26),
        ("Oak", 30),
        ("High", 40),
    ]
    assert options[0]["holds"] == ["Mill Creek", "Cedar"] and options[0]["text"]["es"] == "Mill Creek y Cedar"


def test_parties_stand_labor_first_and_management_last(valley):
    content = json.loads(writing.frozen(valley).again().paper)
    kinds = [party["kind"] for party in content["parties"]]
    assert kinds == ["labor_organization"] * 3 + ["management"]
    assert content["seals"]["party_ids"] == [party["id"] for party in content["parties"]]


def test_an_edit_voids_the_text_and_its_keys(valley):
    steps = writing.frozen(valley)
    text = FrozenText.rows.within(valley.partnership.pk).get(subject_id=steps.survey.pk)
    actions.edit_texts(steps.actor(cast.DENISE), steps.survey.pk, contact_en="Call 555-0199.")
    text.refresh_from_db()
    assert text.state == "replaced" and steps.again().state == SurveyState.DRAFTING


def test_a_text_that_was_sent_back_is_a_draft_again(valley):
    from commonground.approvals import actions as approvals

    steps = writing.frozen(valley)
    text = FrozenText.rows.within(valley.partnership.pk).get(subject_id=steps.survey.pk)
    approvals.send_back(steps.actor(cast.RAY), text.pk, about="question", reason="Ask about routes.")
    assert steps.again().state == SurveyState.DRAFTING


def test_after_launch_nothing_can_be_changed(valley):
    steps = writing.launched(valley)
    with pytest.raises(Refused):
        actions.edit_texts(steps.actor(cast.SAM), steps.survey.pk, contact_en="No.")
    with pytest.raises(Refused):
        seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    assert steps.again().contact_en == "Call 555-0142."


def test_an_incomplete_draft_is_not_frozen_and_says_what_is_missing(valley):
    steps = writing.drafted(valley)
    with pytest.raises(Refused) as refused:
        actions.freeze(steps.actor(cast.LUZ), steps.survey.pk)
    assert "fewer than 2 keepers" in str(refused.value.message)
    assert steps.again().state == SurveyState.DRAFTING and steps.survey.paper == ""
