"""Districts that lend, so that the guards can walk everything."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from commonground.access import walls
from commonground.access.actor import Actor
from commonground.comparisons import actions
from commonground.comparisons.models import Loan, Noise
from commonground.demo import cast
from commonground.partnership.models import Partnership
from commonground.releases import examples, lending
from commonground.releases import queries as releases
from commonground.releases.models import Release

WORDS = {lending.ANSWERED: {"en": "Share of the staff who answered", "es": "Parte del personal que respondió"}}


def lends(partnership_id: Any, value: int, people: int = 300, survey_id: UUID | None = None, **more: int) -> Loan:
    """Return a loan of a district, of a survey of its own if none is named: the share that answered, and more."""
    values = {lending.ANSWERED: value, **more}
    loan = Loan(
        partnership_id=partnership_id,
        survey_id=survey_id or uuid4(),
        release="0" * 64,
        people=people,
        values=values,
        words={key: WORDS.get(key, {"en": key, "es": key}) for key in values},
        lent_on=date(2027, 1, 8),
    )
    loan.save(force_insert=True)
    return loan


def noise_of(partnership_id: Any, survey_id: UUID, values: dict[str, int], scale: int = 3) -> Noise:
    """Return noise as if it had been drawn for numbers of a survey, one person moving each by one point."""
    row = Noise(
        partnership_id=partnership_id,
        survey_id=survey_id,
        values=values,
        numbers=len(values),
        reach=len(values),
        scale=scale,
        drawn_on=date(2027, 1, 8),
    )
    row.save(force_insert=True)
    return row


def others(number: int, people: int = 300, first: int = 1) -> list[Loan]:
    """Return loans of further districts, the first one's number 50 %, each next one's one more."""
    loans = []
    with walls.everything(reason="other districts are made"):
        for place in range(first, first + number):
            slug = f"other-{place}-{uuid4().hex[:6]}"
            district = Partnership.objects.create(slug=slug, district=f"District {place}")
            loans.append(lends(district.pk, 49 + place, people))
    return loans


def published(actor: Actor) -> Release:
    """Return a made-up release of 255 answers that staff see."""
    release: Release = examples.stored(actor, uuid4())
    release.published_at = release.seen_from
    release.save(update_fields=["published_at"])
    return release


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act."""
    release = published(valley.actor(cast.LUZ))
    key = lending.lendable(releases.release(valley.actor(cast.LUZ), release.pk).content)[0].key
    lends(valley.partnership.pk, 55)
    others(4)
    return {
        "commonground.comparisons.actions.propose": lambda actor: actions.propose(actor, release.pk, [key]),
        "commonground.comparisons.actions.withdraw": actions.withdraw,
        "commonground.comparisons.actions.compare_now": actions.compare_now,
    }
