"""A survey from its last key to its closing: paper, codes and corrections cross to the respondents' door.

Nothing here writes both databases in one transaction. What crosses is repeatable: first the respondents' side, then
the mark that it is there; `tick` repeats whatever a crash left undone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import both
from commonground.kernel.text import canonical
from commonground.ledger.acts import act, record
from commonground.partnership.actions import refuse_while_paused
from commonground.partnership.models import Partnership, Party
from commonground.responses import actions as responses
from commonground.responses import queries as answered
from commonground.surveys import jobs
from commonground.surveys.models import Eligible, Erratum, Survey, SurveyState

ERRATUM = "erratum"


def launch(actor: Actor, text: FrozenText) -> None:
    """Launch the survey whose paper every party has turned its key on; runs in the transaction of the last key."""
    survey = Survey.rows.one(actor.tenant, text.subject_id, lock=True)
    if survey.state != SurveyState.WAITING or survey.paper_hash != text.hash:
        raise Refused(_("The survey was changed after this text was frozen. No key was turned."))
    refuse_while_paused(actor.tenant)
    if survey.closes_at is None or survey.closes_at <= time.now():
        raise Refused(
            _("The time in which the survey was to be open has passed. Send the text back for new dates.")
        )
    survey.state = SurveyState.LAUNCHED
    survey.save(update_fields=["state"])
    asked = Eligible.rows.within(actor.tenant).filter(survey=survey).count()
    record(actor, survey=survey.pk, launched=survey.paper_hash, eligible=asked)
    jobs.publish.enqueue()


def publish_papers() -> int:
    """Put every launched paper on the respondents' door that is not there yet; return how many."""
    waiting = Survey.rows.across_all(reason="a job serves all districts").filter(
        state=SurveyState.LAUNCHED, published=False
    )
    rows = list(waiting)
    for survey in rows:
        responses.publish_paper(survey.paper.encode())
        waiting.filter(pk=survey.pk).update(published=True)
    return len(rows)


def launched(tenant: UUID, survey_id: UUID) -> Survey:
    """Return a survey that is launched and not closed. Raises Refused."""
    survey = Survey.rows.one(tenant, survey_id)
    if survey.state != SurveyState.LAUNCHED or survey.closed_at:
        raise Refused(_("This works from the last key until the survey closes. Nothing was changed."))
    return survey


def at_the_door(tenant: UUID, survey_id: UUID) -> Survey:
    """Return a launched survey once its paper lies at the respondents' door; never inside a transaction of ours."""
    survey = launched(tenant, survey_id)
    if not survey.published:
        publish_papers()
        survey.refresh_from_db()
    return survey


def keep_client() -> Mapping[str, str]:
    """Have the page for answering kept as it is now, for a paper that names its files."""
    return responses.keep_client()


# Codes, as far as the respondents' side knows them: hashes


def store_codes(survey: Survey, hashes: Iterable[bytes]) -> None:
    """Let codes be used, by their hashes."""
    responses.add_codes(survey.public_id, hashes)


def cancel_code(survey: Survey, code_hash: bytes) -> bool:
    """Cancel a code; False where an answer was given by it or no such code exists."""
    return responses.cancel_codes(survey.public_id, [code_hash]) == 1


# Counts while open


def take_counts() -> int:
    """Take the day's count of each open survey, in steps of 25, once a day; return how many were taken.

    It leaves open whether the last people asked, as many as make a group, have answered.
    """
    rows = Survey.rows.across_all(reason="a job serves all districts").filter(
        state=SurveyState.LAUNCHED, published=True, opens_at__lte=time.now(), closes_at__gt=time.now()
    )
    zones = dict(Partnership.objects.values_list("pk", "timezone"))
    return sum(_take_count(survey, time.today(zones[survey.partnership_id])) for survey in rows)


def _take_count(survey: Survey, today: date) -> bool:
    if survey.answers_on == today:
        return False
    asked = Eligible.rows.within(survey.partnership_id).filter(survey=survey).count()
    most = max(0, asked - survey.minimum_group)
    survey.answers_shown, survey.answers_on = answered.counted_while_open(survey.public_id, most), today
    survey.save(update_fields=["answers_shown", "answers_on"])
    return True


# Corrections beside the paper


@act(Action.PROPOSE_ERRATUM)
def propose_erratum(actor: Actor, survey_id: UUID, *, text_en: str, text_es: str) -> FrozenText:
    """Lay a correction beside the paper before all parties; the paper itself stays as it is."""
    survey = launched(actor.tenant, survey_id)
    if not text_en.strip() or not text_es.strip():
        raise Refused(_("A correction is written in both languages. Nothing was frozen."))
    erratum = Erratum(partnership_id=actor.tenant, survey=survey, text_en=text_en.strip(), text_es=text_es.strip())
    erratum.save(force_insert=True)
    body = canonical(
        {
            "format": "cg1-erratum",
            "survey": survey.public_id,
            "paper": survey.paper_hash,
            "text": {"en": erratum.text_en, "es": erratum.text_es},
        }
    ).decode()
    text = approvals.freeze(
        actor,
        kind=ERRATUM,
        subject_id=erratum.pk,
        title={"en": survey.title_en, "es": survey.title_es},
        body=body,
        changes=[both(lambda: gettext("The correction is shown beside the paper, to everyone who answers."))],
        bound=Party.rows.within(actor.tenant).order_by("position").values_list("pk", flat=True),
    )
    record(actor, survey=survey.pk, erratum=erratum.pk, text=text.hash)
    return text


def correct(actor: Actor, text: FrozenText) -> None:
    """Show the correction that every party has turned its key on."""
    erratum = Erratum.rows.one(actor.tenant, text.subject_id, lock=True)
    erratum.in_force_at = time.now()
    erratum.save(update_fields=["in_force_at"])
    record(actor, survey=erratum.survey_id, erratum=erratum.pk)
    jobs.publish.enqueue()


def publish_errata() -> int:
    """Put every correction in force on the respondents' door that is not there yet; return how many."""
    waiting = Erratum.rows.across_all(reason="a job serves all districts").filter(
        in_force_at__isnull=False, published=False, survey__published=True
    )
    rows = list(waiting.select_related("survey", "partnership"))
    for erratum in rows:
        assert erratum.in_force_at is not None
        on = erratum.in_force_at.astimezone(ZoneInfo(erratum.partnership.timezone)).date()
        text = {"en": erratum.text_en, "es": erratum.text_es}
        responses.add_erratum(erratum.survey.public_id, text, on)
        waiting.filter(pk=erratum.pk).update(published=True)
    return len(rows)


def tick() -> None:
    """Repeat what crosses to the respondents' side, and take the day's counts; safe to run at any time."""
    publish_papers()
    publish_errata()
    take_counts()
