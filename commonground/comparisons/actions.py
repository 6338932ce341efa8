"""Lending published results by every key, ending it by any party, and comparing."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.comparisons import drawing, lent
from commonground.comparisons.models import Loan, Noise
from commonground.disclosure import noise
from commonground.disclosure.compared import (
    LEAST_DISTRICTS,
    LEAST_PEOPLE,
    MOST_INDICES,
    Compared,
    NotCompared,
    compare,
)
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import both
from commonground.kernel.text import canonical, sha256
from commonground.ledger.acts import act, record
from commonground.partnership import queries as partnership
from commonground.partnership.models import Partnership
from commonground.releases import counts, lending, queries, quotes, wording

KIND = "lending"
FORMAT, COMPARISON = "cg1-lending", "cg1-comparison"
REFUSALS = {
    "few": _("Fewer than five districts lend the same numbers. Nothing was compared."),
    "people": _("A district with fewer than 200 answers is among them. Nothing was compared."),
    "half": _("One district holds more than half of the people. Nothing was compared."),
    "together": _(
        "Since an earlier comparison too few districts came or left: both together would tell of those few. "
        "Nothing was compared."
    ),
    "nothing": _("No district lends a number that can be compared. Nothing was compared."),
}


@act(Action.PROPOSE_LENDING)
def propose(actor: Actor, release_id: UUID, keys: Collection[str], noisy: bool = False) -> FrozenText:
    """Freeze which numbers of a published release are lent to comparisons, and lay it before all parties.

    Raises Refused for a release that staff do not see, for one of few people, for no numbers or too many, and where
    they cannot be lent as printed, or with noise if `noisy`.
    """
    release = queries.release(actor, release_id)
    if quotes.is_comments(release.content) or counts.is_counts(release.content) or not release.published_at:
        raise Refused(_("Only results that staff see already can be lent. Nothing was frozen."), "unpublished")
    people = lending.people(release.content)
    if people < LEAST_PEOPLE:
        raise Refused(
            _("Fewer than 200 people answered, so these results are not lent. Nothing was frozen."), "few"
        )
    chosen = [index for index in lending.lendable(release.content) if index.key in keys]
    if not 1 <= len(chosen) <= MOST_INDICES:
        raise Refused(_("Choose one to five numbers. Nothing was frozen."), "number")
    drawing.check(actor, release.survey_id, {each.key: each.reach for each in chosen}, noisy)
    body = {
        "format": FORMAT,
        "release": release.hash,
        "people": people,
        "indices": [_frozen(each) for each in chosen],
        "noise": drawing.scale(actor, release.survey_id, chosen) if noisy else 0,
    }
    title = release.content["words"]["title"]
    text = approvals.freeze(
        actor,
        kind=KIND,
        subject_id=release_id,
        title=both(lambda: gettext("Lend to comparisons: %(survey)s") % {"survey": wording.here(title)}),
        body=canonical(body).decode(),
        changes=[both(lambda: gettext("Other districts see the mean of all that lend, never our own number."))],
        bound=[party.id for party in partnership.parties(actor.tenant)],
    )
    record(actor, release=release.hash, text=text.hash)
    return text


def _frozen(index: lending.Index) -> dict[str, object]:
    return {"index": index.key, "text": dict(index.text), "value": index.value, "reach": index.reach}


def lend(actor: Actor, text: FrozenText) -> None:
    """Lend what the frozen text names, in place of what was lent before; runs with the last key.

    Raises Refused where something that happened since the freezing forbids it.
    """
    body, today = json.loads(text.body), _today(actor)
    Loan.rows.within(actor.tenant).filter(withdrawn_on=None).update(withdrawn_on=today)
    values = {each["index"]: each["value"] for each in body["indices"]}
    survey_id = queries.release(actor, text.subject_id).survey_id
    drawn = _noise(actor, survey_id, body, values, today)
    loan = Loan(
        partnership_id=actor.tenant,
        survey_id=survey_id,
        release=body["release"],
        people=body["people"],
        values={index: drawn.values[index] for index in values} if drawn else values,
        words={each["index"]: each["text"] for each in body["indices"]},
        noise=drawn,
        lent_on=today,
    )
    loan.save(force_insert=True)
    record(actor, release=body["release"], noise=drawn.scale if drawn else 0)


def _noise(
    actor: Actor, survey_id: UUID, body: dict[str, Any], printed: dict[str, int], today: date
) -> Noise | None:
    """Return what is lent in place of the printed numbers, drawn now if it was not before."""
    reaches = {each["index"]: each.get("reach") for each in body["indices"]}
    drawing.check(actor, survey_id, reaches, bool(body.get("noise")))
    if not body.get("noise"):
        return None
    return drawing.drawn_once(actor, survey_id, printed, reaches, today)


@act(Action.WITHDRAW_LENDING)
def withdraw(actor: Actor) -> None:
    """End what the district lends: by any one party, from now on. What was compared stays as it is."""
    loan = Loan.rows.within(actor.tenant).filter(withdrawn_on=None).select_for_update().first()
    if loan is None:
        raise Refused(_("The district lends nothing now. Nothing was changed."), "nothing")
    loan.withdrawn_on = _today(actor)
    loan.save(update_fields=["withdrawn_on"])
    record(actor, release=loan.release)


@act(Action.COMPARE_DISTRICTS)
def compare_now(actor: Actor) -> str:
    """Compare all districts that lend now, for all of them; return the hash. Raises Refused with the reason."""
    today = _today(actor)
    with lent.door():
        loans = lent.in_force()
        if not any(loan.partnership_id == actor.tenant for loan in loans):
            raise Refused(_("Only a district that lends can compare. Nothing was compared."), "lend")
        before = lent.compared_before()
        try:
            found = compare(lent.as_lent(loans), before, lent.owners())
        except NotCompared as refusal:
            raise Refused(REFUSALS[refusal.code], refusal.code) from None
        if all((each.index, each.members) in before for each in found):
            raise Refused(_("Nothing changed since the last comparison. Nothing was compared."), "same")
        words = {index: text for loan in loans for index, text in loan.words.items()}
        body = {"format": COMPARISON, "indices": [_as_json(each, words[each.index]) for each in found]}
        data = canonical(body)
        lent.keep(loans, data.decode(), sha256(data), today)
    record(actor, comparison=sha256(data), least=LEAST_DISTRICTS)
    return sha256(data)


def _as_json(found: Compared, text: dict[str, str]) -> dict[str, object]:
    middle = list(found.middle) if found.middle else None
    scales = [*found.scales, *[0] * (len(found.members) - len(found.scales))]
    return {
        "index": found.index, "text": text, "mean": found.mean, "middle": middle, "loans": sorted(found.members),
        "noisy": len(found.scales), "within": noise.within(scales),
    }  # fmt: skip


def _today(actor: Actor) -> date:
    return time.today(Partnership.objects.get(pk=actor.tenant).timezone)
