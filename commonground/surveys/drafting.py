"""A survey as long as it may be changed: until its launch, and not while a frozen text of it waits for keys."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import record
from commonground.surveys.models import Survey, SurveyState

KIND = "survey"


def not_launched(actor: Actor, survey_id: UUID) -> Survey:
    """Return the survey, locked; raises Refused for one that was launched."""
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    if survey.state not in (SurveyState.DRAFTING, SurveyState.WAITING):
        raise Refused(_("This survey is launched and cannot be changed. Propose a correction beside it instead."))
    return survey


def open_draft(actor: Actor, survey_id: UUID) -> Survey:
    """Return the survey, locked, ready to be edited: counted as a new revision, no text of it waiting for keys."""
    survey = not_launched(actor, survey_id)
    if survey.state == SurveyState.WAITING:
        _void_text(actor, survey)
    survey.state, survey.saved_at = SurveyState.DRAFTING, time.now()
    survey.revision += 1
    survey.save(update_fields=["state", "saved_at", "revision"])
    return survey


def _void_text(actor: Actor, survey: Survey) -> None:
    waiting = FrozenText.rows.within(actor.tenant).filter(kind=KIND, subject_id=survey.pk, state=State.WAITING)
    texts = list(waiting.values_list("hash", flat=True))
    waiting.update(state=State.REPLACED, decided_at=time.now())
    record(actor, survey=survey.pk, voided=texts)
