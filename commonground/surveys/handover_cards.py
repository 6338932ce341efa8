"""Hand-overs as their pages show them. No card says who drew, or who has taken a pass."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.partnership import queries as partnership
from commonground.people import queries as people
from commonground.surveys import handover
from commonground.surveys.models import Eligible, Handover, Survey, SurveyState, Witness
from commonground.surveys.queries import SurveyLine, line, side
from commonground.surveys.rules import Pile

MOST_FOUND = 8


@dataclass(frozen=True)
class PlaceCard:
    """A place at the pile: for labor or for management, who watches from it, and whether they are there."""

    side: str
    name: str = ""
    party: str = ""
    is_there: bool = False
    is_me: bool = False


@dataclass(frozen=True)
class PileCard:
    """One hand-over with its two places, labor's first."""

    id: UUID
    place: str
    counts: Pile
    opened_on: date
    closed_on: date | None
    places: tuple[PlaceCard, ...]

    @property
    def is_open(self) -> bool:
        """Say whether it goes on."""
        return self.closed_on is None

    @property
    def both(self) -> bool:
        """Say whether both witnesses are there."""
        return all(place.is_there for place in self.places)

    @property
    def mine(self) -> PlaceCard | None:
        """The place that the reader watches from."""
        return next((place for place in self.places if place.is_me), None)

    @property
    def away(self) -> PlaceCard | None:
        """The first place where nobody is."""
        return next((place for place in self.places if not place.is_there), None)


@dataclass(frozen=True)
class HandoversCard:
    """All hand-overs of a survey; `most` envelopes can be brought to another one."""

    survey: SurveyLine
    whole: Pile
    most: int
    piles: tuple[PileCard, ...]
    may_open: bool


@dataclass(frozen=True)
class AskedCard:
    """Somebody who is asked."""

    id: UUID
    line: str


@dataclass(frozen=True)
class Found:
    """The first people found by a name or number, and whether there are more."""

    people: tuple[AskedCard, ...]
    more: bool


def handovers(actor: Actor, survey_id: UUID) -> HandoversCard:
    """Return the hand-overs of a launched survey. Raises NotFound."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    rows = list(Handover.rows.within(actor.tenant).filter(survey=survey).prefetch_related("witnesses"))
    cards = _Cards(actor, rows)
    is_open = survey.state == SurveyState.LAUNCHED and bool(survey.closes_at and survey.closes_at > time.now())
    return HandoversCard(
        survey=line(survey, 0),
        whole=handover.whole(survey),
        most=handover.unaccounted(survey),
        piles=tuple(cards.card(row) for row in rows),
        may_open=is_open and allowed(actor, Action.WITNESS_PILE),
    )


def pile(actor: Actor, pile_id: UUID) -> tuple[SurveyLine, PileCard]:
    """Return the survey of a hand-over, and the hand-over. Raises NotFound."""
    row = Handover.rows.one(actor.tenant, pile_id)
    return line(row.survey, 0), _Cards(actor, [row]).card(row)


class _Cards:
    """Cards of hand-overs for one reader, with the names of parties and witnesses read once."""

    def __init__(self, actor: Actor, rows: list[Handover]) -> None:
        self._actor, self._now = actor, time.now()
        self._parties = {party.id: party for party in partnership.parties(actor.tenant)}
        self._names = people.names(witness.person_id for row in rows for witness in row.witnesses.all())

    def card(self, row: Handover) -> PileCard:
        at = {witness.is_labor: witness for witness in row.witnesses.all()}
        places = tuple(self._place(at.get(is_labor), is_labor) for is_labor in (True, False))
        return PileCard(row.pk, row.place, handover.pile_of(row), row.opened_on, row.closed_on, places)

    def _place(self, witness: Witness | None, is_labor: bool) -> PlaceCard:
        if witness is None:
            return PlaceCard("labor" if is_labor else "management")
        party = self._parties[witness.party_id]
        return PlaceCard(
            side=side(party),
            name=self._names.get(witness.person_id, ""),
            party=party.name,
            is_there=witness.there_until > self._now,
            is_me=witness.person_id == self._actor.person_id,
        )


def find(actor: Actor, pile_id: UUID, text: str) -> Found:
    """Return people asked whose names hold every word of the text, or whose employee number it is.

    Raises Refused unless the reader is one of two witnesses who are there.
    """
    handover.stay(actor, pile_id)
    row = Handover.rows.one(actor.tenant, pile_id)
    if not handover.both_are_there(row):
        raise Refused(_("The other witness is not here. Nothing was changed."), "alone")
    named = (Q(staff__given_name__icontains=word) | Q(staff__family_name__icontains=word) for word in text.split())
    wanted = Q(staff__number__iexact=text.strip()) | reduce(and_, named, Q())
    asked = Eligible.rows.within(actor.tenant).filter(wanted, survey=row.survey_id).select_related("staff__site")
    rows = list(asked.order_by("staff__family_name", "staff__given_name", "pk").defer("marked")[: MOST_FOUND + 1])
    return Found(tuple(AskedCard(each.pk, _line(each.staff)) for each in rows[:MOST_FOUND]), len(rows) > MOST_FOUND)


def _line(staff: Any) -> str:
    return f"{staff.given_name} {staff.family_name}".strip() + f", {staff.number}, {staff.site}"
