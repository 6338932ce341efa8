"""Reading the district: the actor of a request, parties, people, structure, staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from commonground.access.actor import NOBODY, Actor, Role
from commonground.kernel import time
from commonground.partnership.models import (
    Invitation,
    KeyHolder,
    Membership,
    Partnership,
    Party,
    PartyKind,
    StaffImport,
    StaffRecord,
)
from commonground.partnership.structure import KINDS, PARENTS


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
        Membership.rows.within(partnership.pk)
        .filter(person_id=person_id, until=None)
        .select_related("party")
        .order_by("since", "pk")
    )
    return (_actor(person_id, partnership, held), partnership) if held else (NOBODY, None)


def actor_of(person_id: UUID, partnership_id: UUID) -> Actor:
    """Return who this person is in the partnership; for commands, jobs and the demonstration."""
    return actor(person_id, Partnership.objects.get(pk=partnership_id).slug)[0]


def _actor(person_id: UUID, partnership: Partnership, held: list[Membership]) -> Actor:
    """Return the actor of these roles. A role for a second party, which nobody may take, counts for nothing."""
    party = next((membership.party for membership in held if membership.party), None)
    held = [membership for membership in held if membership.party in (None, party)]
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


@dataclass(frozen=True)
class InvitationCard:
    """A letter that nobody has accepted yet."""

    id: UUID
    name: str
    email: str
    role: str
    party_id: UUID | None
    sent_on: date
    expires_on: date


def open_invitations(partnership_id: UUID) -> list[InvitationCard]:
    """Return the invitations that can still be accepted, newest first."""
    today = time.now().date()
    rows = Invitation.rows.within(partnership_id).filter(accepted_on=None, withdrawn_on=None, expires_on__gte=today)
    return [
        InvitationCard(
            row.pk, row.name, row.email, row.get_role_display(), row.party_id, row.sent_on, row.expires_on
        )
        for row in rows.order_by("-sent_on", "name")
    ]


@dataclass(frozen=True)
class NamedCard:
    """A place, shift, job, unit or language; `name` in the language of the reader, `staff` the people in it."""

    id: UUID
    code: str
    name: str
    name_en: str
    name_es: str
    parent_id: UUID | None
    parent: str
    staff: int | None
    closed_on: date | None


STAFF_FIELD = {"site": "site", "shift": "shift", "class": "job_class", "unit": "unit", "language": "language"}


def named(partnership_id: UUID, kind: str) -> list[NamedCard]:
    """Return the district's list of one kind, in its own order."""
    model, (parent, _model) = KINDS[kind], PARENTS.get(kind, ("", None))
    rows = model.rows.within(partnership_id).order_by("position", "name_en")
    staff = _staff_by(partnership_id, STAFF_FIELD[kind]) if kind in STAFF_FIELD else None
    return [
        NamedCard(
            row.pk, row.code, str(row), row.name_en, row.name_es,
            getattr(row, f"{parent}_id", None) if parent else None,
            str(getattr(row, parent) or "") if parent else "",
            None if staff is None else staff.get(row.pk, 0),
            getattr(row, "closed_on", None),
        )
        for row in (rows.select_related(parent) if parent else rows)
    ]  # fmt: skip


def terms(partnership_id: UUID, kind: str) -> list[tuple[str, str]]:
    """Return code and name of the district's list of one kind, in its own order."""
    rows = KINDS[kind].rows.within(partnership_id).order_by("position", "name_en")
    return [(row.code, str(row)) for row in rows]


def _staff_by(partnership_id: UUID, field: str) -> dict[UUID, int]:
    rows = StaffRecord.rows.within(partnership_id).filter(gone_on=None).values_list(f"{field}_id")
    return dict(rows.annotate(number=Count("pk")).order_by())


@dataclass(frozen=True)
class StaffCard:
    """One line of the staff list."""

    number: str
    name: str
    email: str
    site: str
    shift: str
    job: str
    unit: str
    language: str


STAFF_PAGE = 50


def staff_page(
    partnership_id: UUID, *, find: str = "", site: str = "", after: str = ""
) -> tuple[list[StaffCard], str]:
    """Return a page of the staff list by number, and the number after which the next begins ("" at the end)."""
    rows = StaffRecord.rows.within(partnership_id).filter(gone_on=None, number__gt=after)
    if find:
        rows = rows.filter(Q(number__iexact=find) | Q(given_name__icontains=find) | Q(family_name__icontains=find))
    if site:
        rows = rows.filter(site__code=site)
    related = rows.select_related("site", "shift", "job_class", "unit", "language")
    found = list(related.order_by("number")[: STAFF_PAGE + 1])
    cards = [
        StaffCard(
            row.number, f"{row.given_name} {row.family_name}".strip(), row.email, str(row.site),
            str(row.shift or ""), str(row.job_class or ""), str(row.unit or ""), str(row.language or ""),
        )
        for row in found[:STAFF_PAGE]
    ]  # fmt: skip
    return cards, cards[-1].number if len(found) > STAFF_PAGE else ""


def staff_count(partnership_id: UUID) -> tuple[int, int]:
    """Return how many people are on the staff list, and how many of them have a mailbox."""
    rows = StaffRecord.rows.within(partnership_id).filter(gone_on=None)
    return rows.count(), rows.exclude(email="").count()


def undecided_import(partnership_id: UUID) -> UUID | None:
    """Return the staff list that was read and not decided on, if there is one."""
    return StaffImport.rows.within(partnership_id).filter(decided_at=None).values_list("pk", flat=True).first()
