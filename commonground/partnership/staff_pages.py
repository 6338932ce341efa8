"""Cards for the screens of a staff list that was sent: how far it is, what it would change, list by list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.kernel.errors import NotFound
from commonground.kernel.sheets import as_csv
from commonground.partnership import queries, staff_parts
from commonground.partnership.forms import GIVEN, given_name
from commonground.partnership.models import ImportStage, PartKind, StaffImport
from commonground.partnership.staff import undecided
from commonground.partnership.staff_parts import ENTRIES, Facts, FaultCard
from commonground.partnership.stafflist.columns import LABELS, REASONS, Field, Reason
from commonground.partnership.stafflist.people import Change, Person

PAGE = 50
FIRST = 25
KINDS = {"site": "site", "shift": "shift", "job_class": "class", "unit": "unit", "language": "language"}
TITLES = {
    PartKind.FAULTS: gettext_lazy("What is wrong"),
    PartKind.CHANGED: gettext_lazy("What changes"),
    PartKind.NEW: gettext_lazy("New"),
    PartKind.GONE: gettext_lazy("Gone"),
}


@dataclass(frozen=True)
class ChangeRow:
    """One field that the file tells differently."""

    name: str
    field: str
    before: str
    after: str
    line: int


@dataclass(frozen=True)
class PersonLine:
    """One person who is new or gone; `line` is 0 where the file has none."""

    name: str
    number: str
    site: str
    job: str
    line: int


@dataclass(frozen=True)
class SomeEntries:
    """Entries of one kind, from `start` on, and how many there are in all."""

    kind: str
    title: str
    total: int
    start: int
    rows: list[Any]

    @property
    def end(self) -> int:
        """The number of the last entry shown."""
        return self.start + len(self.rows)

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        return self.start // PAGE + 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE)


@dataclass(frozen=True)
class StageCard:
    """How far a list is that waits, works, or was decided on."""

    id: UUID
    file_name: str
    stage: str
    lines_read: int
    refusal: str
    facts: Facts

    @property
    def works(self) -> bool:
        """Say whether the worker has something to do with it."""
        return self.stage in (ImportStage.QUEUED, ImportStage.CARRYING)


@dataclass(frozen=True)
class ImportCard:
    """What a staff list would change, and what is wrong with it: numbers, and the first entries of each kind."""

    id: UUID
    file_name: str
    refusal: str
    facts: Facts
    faults: SomeEntries
    changes: SomeEntries
    new: SomeEntries
    gone: SomeEntries
    notes: list[FaultCard]
    left_out: list[tuple[str, int]]
    unread: list[tuple[str, str]]
    terms: "Terms"

    @property
    def initial(self) -> dict[str, str]:
        """What the form shows in which one says what each column is."""
        mapping = {name: str(index) for name, index in self.facts.mapping.items()}
        return {**mapping, **{given_name(Field(name)): value for name, value in self.facts.given.items()}}


def stage(actor: Actor, import_id: UUID) -> StageCard:
    """Return how far a list is; raises NotFound."""
    row = StaffImport.rows.one(actor.tenant, import_id)
    facts = staff_parts.facts_of(row)
    return StageCard(row.pk, row.file_name, row.stage, row.lines_read, row.refusal, facts)


def undecided_stage(actor: Actor) -> StageCard | None:
    """Return how far the list is that nobody decided on yet, if there is one."""
    waiting = queries.undecided_import(actor.tenant)
    return stage(actor, waiting) if waiting else None


def card(actor: Actor, import_id: UUID) -> ImportCard:
    """Return what the undecided list would do, first entries of each kind."""
    row = undecided(actor, import_id)
    facts, own = staff_parts.facts_of(row), terms(actor)
    names = _names(own)

    def first(kind: PartKind, count: int = FIRST) -> SomeEntries:
        return _some(row, kind, 0, count, names)

    return ImportCard(
        id=row.pk,
        file_name=row.file_name,
        refusal=row.refusal,
        facts=facts,
        faults=first(PartKind.FAULTS, PAGE),
        changes=first(PartKind.CHANGED),
        new=first(PartKind.NEW),
        gone=first(PartKind.GONE),
        notes=staff_parts.some(row, PartKind.NOTES, 0, PAGE),
        left_out=sorted(facts.left_out.items()),
        unread=[(heading, _(REASONS[Reason(reason)])) for heading, reason in facts.unread],
        terms=own,
    )


def one_list(actor: Actor, import_id: UUID, kind: str, page: int) -> SomeEntries:
    """Return one page of one list of an undecided import; raises NotFound beyond its end."""
    if kind not in TITLES:
        raise NotFound
    row = undecided(actor, import_id)
    found = _some(row, PartKind(kind), (page - 1) * PAGE, PAGE, _names(terms(actor)))
    if page > max(1, found.pages):
        raise NotFound
    return found


assert ENTRIES % PAGE == 0, "a page never reaches over the end of a part"

Names = dict[str, dict[str, str]]


def _some(row: StaffImport, kind: PartKind, start: int, count: int, names: Names) -> SomeEntries:
    entries = staff_parts.some(row, kind, start, count)
    total = staff_parts.facts_of(row).kept.get(kind.value, 0)
    return SomeEntries(kind.value, str(TITLES[kind]), total, start, _ROWS[kind](entries, names))


Terms = dict[Field, list[tuple[str, str]]]


def terms(actor: Actor) -> Terms:
    """Return the district's own lists, code and name, by the field of a staff list that holds such a code."""
    return {each: queries.terms(actor.tenant, KINDS[each.value]) for each in GIVEN}


def _names(own: Terms) -> Names:
    return {each.value: dict(pairs) for each, pairs in own.items()}


def _people(entries: list[Person], names: Names) -> list[PersonLine]:
    return [
        PersonLine(
            person.name,
            person.number,
            names["site"].get(person.site, person.site),
            names["job_class"].get(person.job_class, person.job_class),
            person.line,
        )
        for person in entries
    ]


def _changes(entries: list[tuple[Person, list[Change]]], names: Names) -> list[list[ChangeRow]]:
    return [[_change(change, names) for change in changes] for _person, changes in entries]


def _change(change: Change, names: Names) -> ChangeRow:
    words = names.get(change.field, {})
    return ChangeRow(
        change.person.name,
        _(LABELS[Field(change.field)]),
        words.get(change.before, change.before),
        words.get(change.after, change.after),
        change.person.line,
    )


_ROWS: dict[PartKind, Callable[[list[Any], Names], list[Any]]] = {
    PartKind.NEW: _people,
    PartKind.GONE: _people,
    PartKind.CHANGED: _changes,
    PartKind.FAULTS: lambda entries, names: entries,
}


def faults_csv(actor: Actor, import_id: UUID) -> bytes:
    """Return every fault as a file: where it is, what was found, and what to do."""
    row = undecided(actor, import_id)
    head = [_("File"), _("Line"), _("Column"), _("Found"), _("What is wrong"), _("What to do")]
    faults = [fault for part in staff_parts.parts(row, PartKind.FAULTS) for fault in part]
    return as_csv(head, [[f.file, f.line, f.column, f.found, f.what, f.do] for f in faults])
