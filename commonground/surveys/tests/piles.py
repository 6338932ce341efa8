"""Piles of envelopes before two witnesses, for tests and examples."""

from uuid import UUID

from commonground.demo import cast
from commonground.surveys import codes, handover
from commonground.surveys.models import Eligible, Handover
from commonground.surveys.tests.writing import Steps

PLACE = "Bus yard, morning"


def opened(steps: Steps, printed: int = 12, brought: int = 10, by: cast.CastMember = cast.LUZ) -> Handover:
    """A pile that labor's witness opened, after so many codes were printed; nobody joined yet."""
    codes.draw(steps.actor(cast.SAM), steps.survey.pk, printed)
    return handover.open_pile(steps.actor(by), steps.survey.pk, place=PLACE, brought=brought)


def watched(steps: Steps, printed: int = 12, brought: int = 10) -> Handover:
    """A pile with both witnesses: Luz for labor, Denise for management."""
    pile = opened(steps, printed, brought)
    handover.join(steps.actor(cast.DENISE), pile.pk)
    return pile


def asked(steps: Steps) -> list[UUID]:
    """Those asked, in the order of their numbers."""
    rows = Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey)
    return list(rows.order_by("staff__number").values_list("pk", flat=True))


def let_draw(steps: Steps, pile: Handover, people: list[UUID]) -> None:
    """Let these people draw, one after the other."""
    for number, person in enumerate(people):
        handover.draw(steps.actor(cast.LUZ), pile.pk, person, turn=f"turn {number}")


def handed_over(steps: Steps, count: int) -> None:
    """Let so many people draw codes that were printed before."""
    pile = handover.open_pile(steps.actor(cast.LUZ), steps.survey.pk, place=PLACE, brought=count)
    handover.join(steps.actor(cast.DENISE), pile.pk)
    let_draw(steps, pile, asked(steps)[:count])
    handover.close_pile(steps.actor(cast.DENISE), pile.pk, left=0)


def cancelled(steps: Steps, written: str) -> None:
    """Cancel a code that is left over."""
    pile = handover.open_pile(steps.actor(cast.LUZ), steps.survey.pk, place=PLACE, brought=1)
    handover.join(steps.actor(cast.DENISE), pile.pk)
    assert handover.cancel(steps.actor(cast.LUZ), pile.pk, written) == (1, [])
