"""Cards for the screens of the district: what each template shows, made ready."""

from dataclasses import astuple, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import ROLE_NAMES, Actor, Role
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.kernel.errors import NotFound
from commonground.kernel.sheets import as_csv
from commonground.partnership import queries, staff
from commonground.partnership.queries import InvitationCard, NamedCard, PartyCard
from commonground.partnership.stafflist.columns import LABELS, REASONS, Field, Reason
from commonground.partnership.stafflist.people import Change
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


SHOWN = 25


@dataclass(frozen=True)
class ChangeRow:
    """One field that the file tells differently."""

    name: str
    field: str
    before: str
    after: str
    line: int


@dataclass(frozen=True)
class ImportCard:
    """What a staff list would change, and what is wrong with it."""

    id: UUID
    file_name: str
    new: int
    changed: int
    same: int
    gone: int
    held: int
    faulty: int
    comes_in: int
    faults: list[staff.FaultCard]
    notes: list[staff.FaultCard]
    new_people: list[str]
    changes: list[ChangeRow]
    gone_people: list[str]
    left_out: list[tuple[str, int]]
    unread: list[tuple[str, str]]
    headers: list[str]
    mapping: dict[str, str]


def staff_import(actor: Actor, waiting_id: UUID) -> ImportCard:
    """Return what the undecided list would do, first entries of each kind."""
    waiting, read, preview = staff.waiting_list(actor, waiting_id)
    names = _names(actor)
    return ImportCard(
        id=waiting.pk,
        file_name=waiting.file_name,
        new=len(preview.new),
        changed=len({change.person.number for change in preview.changed}),
        same=len(preview.same),
        gone=len(preview.gone),
        held=len(preview.held),
        faulty=read.faulty_lines,
        comes_in=len(read.people),
        faults=[staff.FaultCard.of(fault) for fault in read.faults[: 4 * SHOWN]],
        notes=[staff.FaultCard.of(note) for note in read.notes],
        new_people=[f"{p.name}, {names['site'].get(p.site, p.site)}" for p in preview.new[:SHOWN]],
        changes=[_change(change, names) for change in preview.changed[: 2 * SHOWN]],
        gone_people=[f"{p.name}, {names['site'].get(p.site, p.site)}" for p in preview.gone[:SHOWN]],
        left_out=sorted(read.left_out.items()),
        unread=[(heading, _(REASONS[Reason(reason)])) for heading, reason in read.unread],
        headers=read.headers,
        mapping={name: str(index) for name, index in read.mapping.items()},
    )


def _names(actor: Actor) -> dict[str, dict[str, str]]:
    kinds = {"site": "site", "shift": "shift", "job_class": "class", "unit": "unit", "language": "language"}
    return {name: {row.code: row.name for row in queries.named(actor.tenant, kind)} for name, kind in kinds.items()}


def _change(change: Change, names: dict[str, dict[str, str]]) -> ChangeRow:
    words = names.get(change.field, {})
    return ChangeRow(
        change.person.name,
        _(LABELS[Field(change.field)]),
        words.get(change.before, change.before),
        words.get(change.after, change.after),
        change.person.line,
    )


def faults_csv(actor: Actor, waiting_id: UUID) -> bytes:
    """Return every fault as a file: where it is, what was found, and what to do."""
    _waiting, read, _preview = staff.waiting_list(actor, waiting_id)
    head = [_("File"), _("Line"), _("Column"), _("Found"), _("What is wrong"), _("What to do")]
    return as_csv(head, [astuple(staff.FaultCard.of(fault)) for fault in read.faults])
