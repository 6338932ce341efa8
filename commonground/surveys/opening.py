"""The layers that are off, when an opening stands still, and what lets it go on: the key of every party.

It stops by itself when too many items did not open and when an answer is proven to be missing, and by a co-chair
with a reason. In every case it goes on when the text "The opening goes on" is in force.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import Words, both, own
from commonground.kernel.text import canonical
from commonground.ledger.acts import act, record
from commonground.partnership.models import Party
from commonground.sealing import peel
from commonground.surveys.models import OpeningStep, Outcome, Reopening, Survey, SurveyState

GO_ON = "go_on"
LONGEST_REASON = 1000


def steps(survey: Survey) -> QuerySet[OpeningStep]:
    """Return the layers that are off, the first one first: of the opening under way, else of the first opening."""
    return _steps(survey, anew(survey))


def first_steps(survey: Survey) -> QuerySet[OpeningStep]:
    """Return the layers that came off at the first opening."""
    return _steps(survey, None)


def _steps(survey: Survey, again: Reopening | None) -> QuerySet[OpeningStep]:
    rows = OpeningStep.rows.within(survey.partnership_id).filter(survey=survey, again=again)
    return rows.order_by("seal__layer")


def anew(survey: Survey) -> Reopening | None:
    """Return the request for which the counted answers are being opened anew; None at a first opening."""
    if survey.state != SurveyState.COUNTED:
        return None
    rows = Reopening.rows.within(survey.partnership_id).filter(survey=survey, ended_at=None)
    return rows.select_related("text").first()


def every_anew(survey: Survey) -> QuerySet[Reopening]:
    """Return every time that the answers were opened anew, first first."""
    return Reopening.rows.within(survey.partnership_id).filter(survey=survey).select_related("text")


def requests(survey: Survey) -> dict[str, str]:
    """Return by the hash of each later release the text of the request that it answers."""
    return {again.release: again.text.body for again in every_anew(survey) if again.release}


def request_text(survey: Survey) -> str:
    """Return the text of the request for which the answers are being opened anew; empty at a first opening."""
    again = anew(survey)
    return again.text.body if again else ""


def under_way_anew(tenant: UUID) -> dict[UUID, UUID]:
    """Return the openings anew that are under way in a district, by survey."""
    return dict(Reopening.rows.within(tenant).filter(ended_at=None).values_list("survey_id", "pk"))


def is_under_way(survey: Survey) -> bool:
    """Say whether layers come off or shares are given: after closing, or anew after the count."""
    return goes_on(survey, anew(survey))


def goes_on(survey: Survey, again: Reopening | None) -> bool:
    """Say the same of a survey whose opening anew, or None, is at hand."""
    return survey.state == SurveyState.CLOSED or again is not None


def end_anew(survey: Survey, outcome: Outcome, *, release: str = "", reasons: Sequence[object] = ()) -> bool:
    """Write down how opening the answers anew ended; False where it was not under way. Called inside an act."""
    rows = Reopening.rows.within(survey.partnership_id).filter(survey=survey, ended_at=None)
    ended = rows.update(outcome=outcome, ended_at=time.now(), release=release, reasons=list(reasons))
    return bool(ended)


def add_step(
    actor: Actor, survey_id: UUID, seal_id: UUID, input_hash: str, output_hash: str, unopened: int
) -> OpeningStep:
    """Write down that the actor took a layer off; called inside the act that records it."""
    assert actor.person_id is not None
    survey = Survey.rows.one(actor.tenant, survey_id)
    before = first_steps(survey).filter(seal=seal_id).first()
    step = OpeningStep(
        partnership_id=actor.tenant,
        survey_id=survey_id,
        again=anew(survey),
        go_on=before is not None and before.go_on,
        seal_id=seal_id,
        input_hash=input_hash,
        output_hash=output_hash,
        unopened=unopened,
        by=actor.person_id,
        at=time.now(),
    )
    step.save(force_insert=True)
    return step


def last_text(survey: Survey) -> FrozenText | None:
    """Return the newest text about going on, or None."""
    texts = FrozenText.rows.within(survey.partnership_id).filter(kind=GO_ON, subject_id=survey.pk)
    return texts.order_by("-version").first()


def too_many_unopened(survey: Survey, answers: int) -> bool:
    """Say whether too many items did not open at the last step, and the parties have not agreed to go on."""
    last = steps(survey).last()
    if last is None or last.go_on:
        return False
    aside = steps(survey).exclude(pk=last.pk).aggregate(all=Sum("unopened"))["all"] or 0
    return peel.stops_tally(answers - aside, last.unopened)


def settled(tenant: UUID, surveys: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
    """Return by survey the passes of missing answers without which every party agreed to go on."""
    texts = FrozenText.rows.within(tenant).filter(kind=GO_ON, subject_id__in=surveys, state=State.IN_FORCE)
    found: dict[UUID, frozenset[str]] = {}
    for survey, body in texts.values_list("subject_id", "body"):
        found[survey] = found.get(survey, frozenset()).union(json.loads(body).get("missing", []))
    return found


def is_stopped(survey: Survey, answers: int) -> bool:
    """Say whether the opening stands still, missing answers apart. `answers` is the length of the first list."""
    text = last_text(survey)
    return too_many_unopened(survey, answers) or (text is not None and text.state != State.IN_FORCE)


@act(Action.STOP_TALLY)
def stop(actor: Actor, survey_id: UUID, reason: str, missing: Collection[str] = ()) -> FrozenText:
    """Stop the opening for a reason, and lay before all parties that it goes on; it does with the last key.

    Where it stands still already, this lays the text before them again. `missing` are the passes of answers that
    are proven to be missing: the text names them.
    """
    survey = Survey.rows.one(actor.tenant, survey_id, lock=True)
    if not is_under_way(survey):
        raise Refused(_("Only an opening that is under way can be stopped. Nothing was changed."), "state")
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Refused(_("Please say in a few words why. Every party reads it. Nothing was changed."), "reason")
    last = steps(survey).last()
    text = approvals.freeze(
        actor,
        kind=GO_ON,
        subject_id=survey.pk,
        title=_title(survey),
        body=_body(survey, reason, missing),
        changes=[both(lambda: _change(last)), *([both(lambda: _without(len(missing)))] if missing else [])],
        bound=Party.rows.within(actor.tenant).order_by("position").values_list("pk", flat=True),
    )
    record(actor, survey=survey.pk, text=text.hash)
    return text


def _title(survey: Survey) -> Words:
    titles = {"en": survey.title_en, "es": survey.title_es}
    return both(lambda: gettext("The opening goes on: %(survey)s") % {"survey": own(titles)})


def _change(last: OpeningStep | None) -> str:
    if last is None:
        return gettext("The opening goes on.")
    aside = gettext("The opening goes on. %(count)s sealed answers that did not open stay aside.")
    return aside % {"count": last.unopened}


def _without(missing: int) -> str:
    words = ngettext(
        "%(count)s answer that is proven to be missing from the list is not counted.",
        "%(count)s answers that are proven to be missing from the list are not counted.",
        missing,
    )
    return words % {"count": missing}


def _body(survey: Survey, reason: str, missing: Collection[str]) -> str:
    off = [
        {"party": step.seal.party.name, "list": step.output_hash, "did_not_open": step.unopened}
        for step in steps(survey).select_related("seal__party")
    ]
    facts = {"format": "cg1-go-on", "survey": survey.title_en, "paper": survey.paper_hash, "reason": reason}
    return canonical({**facts, "layers_off": off, "missing": sorted(missing)}).decode()


def go_on(actor: Actor, text: FrozenText) -> None:
    """Let the opening continue; runs in the transaction of the last key."""
    survey = Survey.rows.one(actor.tenant, text.subject_id, lock=True)
    last = steps(survey).last()
    if last is not None:
        last.go_on = True
        last.save(update_fields=["go_on"])
    record(actor, survey=survey.pk, goes_on=True)
