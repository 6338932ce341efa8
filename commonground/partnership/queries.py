"""Reading the district: the actor of a request, parties, people, structure, staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from commonground.access.actor import NOBODY, Actor, Role
from commonground.partnership.models import KeyHolder, Membership, Partnership, Party, PartyKind


@dataclass(frozen=True)
class PartyCard:
    """A party as pages show it; labor before management."""

    id: UUID
    name: str
    short: str
    kind: str

    @property
    def is_labor(self) -> bool:
        """Labor organizations and staff representatives stand on labor's side."""
        return self.kind != PartyKind.MANAGEMENT


def parties(partnership_id: UUID) -> list[PartyCard]:
    """Return the parties, labor first in their own order, management last."""
    rows = Party.rows.within(partnership_id).order_by("position", "name")
    cards = [PartyCard(row.pk, row.name, row.short_name, row.kind) for row in rows]
    return sorted(cards, key=lambda card: not card.is_labor)


def party_names(partnership_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of these parties by id."""
    rows = Party.rows.within(partnership_id).filter(pk__in=ids)
    return dict(rows.order_by("position").values_list("pk", "name"))


def actor(person_id: UUID, slug: str) -> tuple[Actor, Partnership | None]:
    """Return who this person is in the district of this slug; nobody without a current role there."""
    partnership = Partnership.objects.filter(slug=slug).first()
    if partnership is None:
        return NOBODY, None
    held = list(
        Membership.rows.within(partnership.pk).filter(person_id=person_id, until=None).select_related("party")
    )
    return (_actor(person_id, partnership, held), partnership) if held else (NOBODY, None)


def actor_of(person_id: UUID, partnership_id: UUID) -> Actor:
    """Return who this person is in the partnership; for commands, jobs and the demonstration."""
    return actor(person_id, Partnership.objects.get(pk=partnership_id).slug)[0]


def _actor(person_id: UUID, partnership: Partnership, held: list[Membership]) -> Actor:
    party = next((membership.party for membership in held if membership.party), None)
    return Actor(
        person_id=person_id,
        partnership_id=partnership.pk,
        party_id=party.pk if party else None,
        is_labor=bool(party and party.is_labor),
        roles=frozenset(Role(membership.role) for membership in held),
        holds_key=bool(party) and _holds_key(person_id, partnership, party, held),
    )


def _holds_key(person_id: UUID, partnership: Partnership, party: Party | None, held: list[Membership]) -> bool:
    named = KeyHolder.rows.within(partnership.pk).filter(party=party)
    if named.exists():
        return named.filter(person_id=person_id).exists()
    return any(membership.founder for membership in held)


@dataclass(frozen=True)
class DistrictCard:
    """A district in which a person holds a role."""

    slug: str
    district: str
    initiative_en: str
    initiative_es: str


def districts_of(person_id: UUID) -> list[DistrictCard]:
    """Return every district in which the person holds a role now."""
    held = Membership.rows.across_all(reason="a person may hold roles in several districts").filter(
        person_id=person_id, until=None
    )
    rows = Partnership.objects.filter(pk__in=held.values("partnership_id")).order_by("district")
    return [DistrictCard(row.slug, row.district, row.initiative_en, row.initiative_es) for row in rows]


@dataclass(frozen=True)
class MemberCard:
    """One role that a person holds."""

    id: UUID
    person_id: UUID
    name: str
    email: str
    role: str
    party_id: UUID | None
    party: str
    since: date
    holds_key: bool


def members(partnership_id: UUID) -> list[MemberCard]:
    """Return the roles held now, by party and name."""
    holders = set(KeyHolder.rows.within(partnership_id).values_list("person_id", flat=True))
    rows = Membership.rows.within(partnership_id).filter(until=None).select_related("person", "party")
    return [
        MemberCard(
            row.pk,
            row.person_id,
            row.person.name,
            row.person.email,
            row.role,
            row.party_id,
            row.party.name if row.party else "",
            row.since,
            row.person_id in holders,
        )
        for row in rows.order_by("party__position", "person__name")
    ]
