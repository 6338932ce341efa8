"""Reading the charter: the one in force, the draft, the wording in the reader's language, who may hold keys."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.access.table import TABLE, Action
from commonground.agreements.contents import Both, Contents, DecisionRight, Holders, Right, from_body, from_stored
from commonground.agreements.models import Charter
from commonground.agreements.wording import DECIDES, PROTECTIONS
from commonground.approvals import queries as approvals
from commonground.approvals.queries import TextCard
from commonground.approvals.reading import Line, Section
from commonground.approvals.rules import State
from commonground.partnership import queries as partnership
from commonground.people import queries as people

KIND = "charter"


@dataclass(frozen=True)
class DraftCard:
    """The draft as a page needs it."""

    id: UUID
    revision: int
    contents: Contents


def charter_in_force(actor: Actor) -> TextCard | None:
    """Return the charter in force with its keys, or None while there is none."""
    return next(iter(approvals.texts(actor, limit=1, kind=KIND, state=State.IN_FORCE)), None)


def waiting_charter(actor: Actor) -> TextCard | None:
    """Return the charter that waits for keys, or None."""
    return next(iter(approvals.texts(actor, limit=1, kind=KIND, state=State.WAITING)), None)


def draft(actor: Actor) -> DraftCard | None:
    """Return the draft that is written now, or None."""
    row = Charter.rows.within(actor.tenant).filter(in_force_at=None).first()
    return DraftCard(row.pk, row.revision, from_stored(row)) if row else None


@dataclass(frozen=True)
class Candidates:
    """A party and the people who may hold its key, by name."""

    party_id: UUID
    party: str
    side: str
    people: list[tuple[UUID, str]]


def candidates(actor: Actor) -> list[Candidates]:
    """Return by party, labor first, the people whose role lets them turn a key."""
    who = set(TABLE[Action.TURN_KEY].who)
    members = [member for member in partnership.members(actor.tenant) if member.role in who]
    return [
        Candidates(
            party.id,
            party.name,
            "labor" if party.is_labor else "management",
            list({member.person_id: member.name for member in members if member.party_id == party.id}.items()),
        )
        for party in partnership.parties(actor.tenant)
    ]


def may_hold_keys(actor: Actor) -> dict[UUID, set[UUID]]:
    """Return by party the ids of the people whose role lets them turn its key."""
    return {party.party_id: {person for person, _name in party.people} for party in candidates(actor)}


def wording(partnership_id: UUID, body: str) -> list[Section]:
    """Return a frozen charter as people read it, with the names that its key holders have now."""
    frozen = from_body(body)
    return sections(partnership_id, frozen.contents, frozen.protections)


def sections(
    partnership_id: UUID, contents: Contents, protections: tuple[Both, ...] = PROTECTIONS
) -> list[Section]:
    """Return what a charter says under its headings; both languages stand side by side."""
    parts = [
        Section(_("Purpose"), _lines(contents.purpose)),
        Section(_("How this helps students"), _lines(contents.students)),
        Section(_("Protections that stand in every charter"), _lines(*protections)),
        Section(_("Protections we added"), _lines(*contents.protections)),
        Section(_("Who decides what"), tuple(_right(right) for right in _in_order(contents.rights))),
        Section(_("Parity"), (Line(parity_in_words(contents.parity)),)),
        Section(_("When we pause"), _lines(contents.reconvene)),
        Section(_("Key holders"), _holders(partnership_id, contents)),
    ]
    return [part for part in parts if part.lines]


def _lines(*words: Both) -> tuple[Line, ...]:
    return tuple(Line(both.en, both.es) for both in words if both.en or both.es)


def _in_order(rights: tuple[Right, ...]) -> list[Right]:
    order = list(DecisionRight)
    return sorted(rights, key=lambda right: order.index(right.who))


def _right(right: Right) -> Line:
    return Line(right.matter.en, right.matter.es, in_reader_language(DECIDES[right.who]))


def in_reader_language(words: Both) -> str:
    """Return the words in the language of the page."""
    return words.es if get_language() == "es" else words.en


def parity_in_words(parity: tuple[int, int]) -> str:
    """Say the parity rule: seats of each labor organization to seats of management."""
    words = _("Seats at the table: each labor organization %(labor)d, management %(management)d.")
    return words % {"management": parity[0], "labor": parity[1]}


def _holders(partnership_id: UUID, contents: Contents) -> tuple[Line, ...]:
    everyone = [person for held in contents.holders.values() for person in (*held.first, *held.alternates)]
    names = people.names(everyone)
    parties = partnership.parties(partnership_id)
    return tuple(
        Line(_held(contents.holders[party.id], names), label=party.name)
        for party in parties
        if party.id in contents.holders
    )


def _held(held: Holders, names: dict[UUID, str]) -> str:
    def called(ids: tuple[UUID, ...]) -> str:
        return ", ".join(names.get(person) or _("someone whose account was erased") for person in ids)

    words = _("%(first)s; alternate: %(alternates)s") if held.alternates else "%(first)s"
    return words % {"first": called(held.first), "alternates": called(held.alternates)}
