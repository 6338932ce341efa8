"""Cards for the screens of the district: what each template shows, made ready."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import ROLE_NAMES, Actor, Role
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.kernel.errors import NotFound
from commonground.partnership import queries
from commonground.partnership.queries import InvitationCard, NamedCard, PartyCard
from commonground.partnership.structure import KINDS, PARENTS

TITLES = {
    "level": gettext_lazy("Kinds of places"),
    "site": gettext_lazy("Places"),
    "shift": gettext_lazy("Shifts"),
    "family": gettext_lazy("Job families"),
    "class": gettext_lazy("Job classes"),
    "unit": gettext_lazy("Bargaining units"),
    "language": gettext_lazy("Languages"),
}
WHAT_FOR = {
    "level": gettext_lazy("How places are grouped, such as elementary schools or departments."),
    "site": gettext_lazy("Every school, kitchen, yard and office where people work."),
    "shift": gettext_lazy("The parts of the day in which people work, so that each can be reached."),
    "family": gettext_lazy("Jobs that belong together, such as food service."),
    "class": gettext_lazy("Jobs as the district classifies them. The staff list names them by code."),
    "unit": gettext_lazy("The group that a labor organization represents. We never keep who is a member."),
    "language": gettext_lazy("Languages that staff prefer."),
}


@dataclass(frozen=True)
class PersonRow:
    """One person with a role, and whether the reader may end it."""

    id: UUID
    name: str
    email: str
    role: str
    holds_key: bool
    may_end: bool


@dataclass(frozen=True)
class LetterRow:
    """One open invitation, and whether the reader may withdraw it."""

    letter: InvitationCard
    may_withdraw: bool


@dataclass(frozen=True)
class PartyPeople:
    """A party, or those who serve both, with its people and open letters."""

    name: str
    side: str
    people: list[PersonRow]
    letters: list[LetterRow]


@dataclass(frozen=True)
class PeopleCard:
    """Everybody with a role: labor's parties, management, and those who serve both."""

    labor: list[PartyPeople]
    management: list[PartyPeople]
    both: PartyPeople


def people(actor: Actor) -> PeopleCard:
    """Return who holds which role, by party, labor first."""
    parties = queries.parties(actor.tenant)
    members, letters = queries.members(actor.tenant), queries.open_invitations(actor.tenant)

    def of(party: PartyCard | None) -> PartyPeople:
        party_id = party.id if party else None
        mine = allowed(actor, Action.END_MEMBERSHIP) and party_id in (None, actor.party_id)
        return PartyPeople(
            name=party.name if party else _("Serving both sides"),
            side=("labor" if party.is_labor else "management") if party else "both",
            people=[
                PersonRow(m.id, m.name, m.email, str(ROLE_NAMES[Role(m.role)]), m.holds_key, mine)
                for m in members
                if m.party_id == party_id
            ],
            letters=[LetterRow(letter, mine) for letter in letters if letter.party_id == party_id],
        )

    return PeopleCard(
        labor=[of(party) for party in parties if party.is_labor],
        management=[of(party) for party in parties if not party.is_labor],
        both=of(None),
    )


@dataclass(frozen=True)
class ListCard:
    """One list of the district, with what its entries may belong to."""

    kind: str
    title: str
    what_for: str
    rows: list[NamedCard]
    parents: list[tuple[str, str]] | None


def structure_lists(actor: Actor) -> list[ListCard]:
    """Return every list of the district, in the order in which one fills them."""
    return [structure_list(actor, kind, with_parents=False) for kind in TITLES]


def structure_list(actor: Actor, kind: str, *, with_parents: bool = True) -> ListCard:
    """Return one list; raises NotFound for a kind there is not."""
    if kind not in KINDS:
        raise NotFound
    parents = _parents(actor, kind) if with_parents else None
    rows = queries.named(actor.tenant, kind)
    return ListCard(kind, str(TITLES[kind]), str(WHAT_FOR[kind]), rows, parents)


def _parents(actor: Actor, kind: str) -> list[tuple[str, str]] | None:
    if kind not in PARENTS:
        return None
    if kind == "unit":
        labor = [party for party in queries.parties(actor.tenant) if party.is_labor]
        return [("", _("Nobody: these staff are not represented")), *((str(p.id), p.name) for p in labor)]
    above = {"site": "level", "class": "family"}[kind]
    return [(str(row.id), row.name) for row in queries.named(actor.tenant, above)]


def entry(card: ListCard, row: UUID) -> NamedCard:
    """Return one entry of a list; raises NotFound."""
    found = next((candidate for candidate in card.rows if candidate.id == row), None)
    if found is None:
        raise NotFound
    return found


def initial(found: NamedCard) -> dict[str, Any]:
    """Return what the form shows of an entry."""
    parent = str(found.parent_id or "")
    return {"code": found.code, "name_en": found.name_en, "name_es": found.name_es, "parent": parent}


def named_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return clean form values as arguments of structure.add and structure.change."""
    parent = cleaned.get("parent")
    return {
        "code": cleaned["code"],
        "name_en": cleaned["name_en"],
        "name_es": cleaned["name_es"],
        "parent_id": UUID(parent) if parent else None,
    }
