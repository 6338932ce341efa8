"""While the partnership is paused no new survey starts, and nothing of one is lost."""

import pytest

from commonground.agreements.examples import active, signed
from commonground.agreements.terms import AgreementKind
from commonground.approvals.actions import turn_key
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.kernel.errors import Refused
from commonground.partnership.rules import may_launch
from commonground.surveys import actions
from commonground.surveys.models import SurveyState
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.mark.parametrize(("state", "may"), [("forming", True), ("active", True), ("paused", False)])
def test_only_a_pause_keeps_a_survey_from_starting(state, may):
    assert may_launch(state) is may


def test_while_paused_no_survey_is_laid_before_the_parties(valley):
    active(valley)
    steps = writing.sealed(valley)
    signed(valley, AgreementKind.PAUSE)
    with pytest.raises(Refused, match="paused until") as refusal:
        actions.freeze(steps.actor(cast.LUZ), steps.survey.pk)
    assert refusal.value.code == "paused" and steps.again().state == SurveyState.DRAFTING
    signed(valley, AgreementKind.RECONVENE)
    actions.freeze(steps.actor(cast.LUZ), steps.survey.pk)
    assert steps.again().state == SurveyState.WAITING


def test_a_survey_that_waits_for_its_last_key_goes_on_waiting(valley):
    active(valley)
    steps = writing.frozen(valley)
    text = FrozenText.rows.within(valley.partnership.pk).get(subject_id=steps.survey.pk)
    for member in (cast.DANA, cast.LUZ, cast.RAY):
        turn_key(steps.actor(member), text.pk, text.hash)
    signed(valley, AgreementKind.PAUSE)
    with pytest.raises(Refused, match="paused until"):
        turn_key(steps.actor(cast.DENISE), text.pk, text.hash)
    assert steps.again().state == SurveyState.WAITING
    signed(valley, AgreementKind.RECONVENE)
    turn_key(steps.actor(cast.DENISE), text.pk, text.hash)
    assert steps.again().state == SurveyState.LAUNCHED
