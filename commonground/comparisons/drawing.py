"""Lending with noise: what of a survey may be lent so, and numbers that are drawn once and stay the same.

Noise is drawn upon the printed percents, after the gate. Drawn upon the counts of people, in the count, it would
be less; but staff who see both would then learn more of these counts than the gate told, and nobody could repeat
the count.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.comparisons.models import Comparison, Noise
from commonground.disclosure import noise
from commonground.kernel.errors import Refused
from commonground.releases import queries
from commonground.releases.lending import Index

REFUSALS = {
    "only": _(
        "Numbers of this survey were lent with noise, so they are lent with noise only. Nothing was changed."
    ),
    "spent": _(
        "Noise was drawn for other numbers of this survey, and all that may be spent on it is spent. "
        "Choose among those. Nothing was changed."
    ),
    "compared": _("These results were compared as printed, so noise would protect nothing. Nothing was changed."),
    "steps": _("One of these numbers can be lent as printed only. Nothing was changed."),
    "missing": _("This server cannot draw noise: the extra for it is not installed. Nothing was changed."),
}


def of_survey(actor: Actor, survey_id: UUID) -> Noise | None:
    """Return the noise that was drawn for a survey."""
    return Noise.rows.within(actor.tenant).filter(survey_id=survey_id).first()


def were_compared(actor: Actor, survey_id: UUID) -> bool:
    """Say whether numbers of a survey were compared as printed."""
    hashes = [card.hash for card in queries.releases(actor) if card.survey_id == survey_id]
    rows = Comparison.rows.within(actor.tenant).filter(loan__release__in=hashes, loan__noise=None)
    return rows.exists()


def check(actor: Actor, survey_id: UUID, reaches: Mapping[str, int | None], noisy: bool) -> None:
    """Refuse to lend these numbers of a survey in this way, with the reason, where that would break a promise."""
    drawn = of_survey(actor, survey_id)
    if fault := _fault(drawn, reaches, noisy) or (
        "compared" if noisy and not drawn and were_compared(actor, survey_id) else None
    ):
        raise Refused(REFUSALS[fault], fault)


def _fault(drawn: Noise | None, reaches: Mapping[str, int | None], noisy: bool) -> str | None:
    if not noisy:
        return "only" if drawn else None
    if drawn:
        return None if reaches.keys() <= drawn.values.keys() else "spent"
    if None in reaches.values():
        return "steps"
    return None if noise.installed() else "missing"


def scale(actor: Actor, survey_id: UUID, chosen: Sequence[Index]) -> int:
    """Return the scale of the noise that was drawn for a survey, or that would be for these numbers."""
    drawn = of_survey(actor, survey_id)
    return drawn.scale if drawn else noise.scale_of([each.reach or 0 for each in chosen])


def drawn_once(
    actor: Actor, survey_id: UUID, printed: Mapping[str, int], reaches: Mapping[str, int], on: date
) -> Noise:
    """Return the noise of a survey; draw it for these printed numbers if there is none."""
    if earlier := of_survey(actor, survey_id):
        return earlier
    size = noise.scale_of(list(reaches.values()))
    row = Noise(
        partnership_id=actor.tenant,
        survey_id=survey_id,
        values=noise.draw(printed, size),
        numbers=len(printed),
        reach=sum(reaches.values()),
        scale=size,
        drawn_on=on,
    )
    row.save(force_insert=True)
    return row
