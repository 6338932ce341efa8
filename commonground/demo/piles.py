"""Printed codes handed over before a labor and a management witness, as on their phones."""

from collections.abc import Sequence
from uuid import UUID

from commonground.access.actor import Actor
from commonground.surveys import handover
from commonground.surveys.models import Eligible


def hand_over(
    witnesses: tuple[Actor, Actor], survey_id: UUID, place: str, people: int, over: Sequence[str] = ()
) -> None:
    """Let so many people draw, those without a mailbox first; cancel the codes that are left over."""
    first, second = witnesses
    asked = Eligible.rows.within(first.tenant).filter(survey=survey_id).order_by("staff__email", "pk")
    pile = handover.open_pile(first, survey_id, place=place, brought=people + len(over))
    handover.join(second, pile.pk)
    for person in asked.values_list("pk", flat=True)[:people]:
        handover.draw(first, pile.pk, person, turn=person.hex)
    if over:
        handover.cancel(second, pile.pk, "\n".join(over))
    handover.close_pile(second, pile.pk, left=0)
