"""What is kept of a staff list until it is decided on: facts in its row, entries in compressed parts."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from commonground.partnership.models import PartKind, StaffImport, StaffImportPart
from commonground.partnership.stafflist.check import Checked
from commonground.partnership.stafflist.faults import Fault, Kind
from commonground.partnership.stafflist.people import Change, Person, Preview

ENTRIES = 500
"""Entries of a part: ten pages of fifty."""


@dataclass(frozen=True)
class FaultCard:
    """One fault as a page shows it, in the words of the reader's language."""

    file: str
    line: int
    column: str
    found: str
    what: str
    do: str

    @classmethod
    def of(cls, fault: Fault) -> "FaultCard":
        """Put a fault into words."""
        return cls(fault.file, fault.line, fault.heading(_), fault.found, fault.what.text(_), fault.do.text(_))


@dataclass(frozen=True)
class Facts:
    """What a list would do, in numbers; what was not read; and what is needed to read it in another way.

    `comes_in` counts the people without a fault, `kept` the entries of each kind of part.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    held: int = 0
    faulty: int = 0
    comes_in: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    unread: list[list[str]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    mapping: dict[str, int] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


def facts_of(row: StaffImport) -> Facts:
    """Return the facts of a list that was read."""
    return Facts(**row.facts)


@dataclass(frozen=True)
class Look:
    """A list that was read and laid beside the present one, ready to be kept."""

    facts: Facts
    entries: dict[PartKind, list[Any]]


def look(checked: Checked, preview: Preview, said: Facts) -> Look:
    """Return what is to be kept of a list; `said` holds headings, mapping and values for the whole file."""
    entries: dict[PartKind, list[Any]] = {
        PartKind.NEW: preview.new,
        PartKind.CHANGED: _by_person(preview.changed),
        PartKind.GONE: preview.gone,
        PartKind.FAULTS: checked.faults,
        PartKind.NOTES: checked.notes,
    }
    facts = Facts(
        new=len(preview.new),
        changed=len(entries[PartKind.CHANGED]),
        same=len(preview.same),
        gone=len(preview.gone),
        held=len(preview.held),
        faulty=checked.faulty_lines,
        comes_in=len(checked.people),
        left_out=dict(checked.left_out),
        unread=[[column.heading, column.reason.value] for column in checked.unread],
        headers=said.headers,
        mapping=said.mapping,
        given=said.given,
        kept={kind.value: len(found) for kind, found in entries.items()},
    )
    return Look(facts, entries)


def _by_person(changes: Iterable[Change]) -> list[tuple[Person, list[Change]]]:
    found: dict[str, tuple[Person, list[Change]]] = {}
    for change in changes:
        found.setdefault(change.person.number, (change.person, []))[1].append(change)
    return list(found.values())


# Into parts and out of them


def store(row: StaffImport, seen: Look) -> None:
    """Keep the entries of a look in parts."""
    for kind, entries in seen.entries.items():
        rest = iter(entries)
        number = 0
        while some := list(islice(rest, ENTRIES)):
            _part(row, kind, number, some).save(force_insert=True)
            number += 1


def _part(row: StaffImport, kind: PartKind, number: int, entries: list[Any]) -> StaffImportPart:
    text = json.dumps([_TO[kind](entry) for entry in entries], ensure_ascii=False)
    data = zlib.compress(text.encode(), level=1)
    return StaffImportPart(partnership_id=row.partnership_id, of=row, kind=kind, number=number, data=data)


def _from_fault(fault: Fault) -> list[Any]:
    return [fault.kind.value, fault.file, fault.line, fault.column, fault.found, dict(fault.params)]


def _to_fault(values: list[Any]) -> FaultCard:
    """Put a kept fault into the reader's words; JSON made lists of the tuples among its parameters."""
    kind, file, line, column, found, params = values
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in params.items()}
    return FaultCard.of(Fault(Kind(kind), file, line, column, found, kept))


def _from_person(person: Person) -> list[Any]:
    return list(asdict(person).values())


def _from_changed(changed: tuple[Person, list[Change]]) -> list[Any]:
    person, changes = changed
    return [_from_person(person), [[change.field, change.before, change.after] for change in changes]]


def _to_changed(values: list[Any]) -> tuple[Person, list[Change]]:
    person = Person(*values[0])
    return person, [Change(person, *change) for change in values[1]]


_TO: dict[PartKind, Callable[[Any], list[Any]]] = {
    PartKind.NEW: _from_person,
    PartKind.CHANGED: _from_changed,
    PartKind.GONE: _from_person,
    PartKind.FAULTS: _from_fault,
    PartKind.NOTES: _from_fault,
}
_BACK: dict[PartKind, Callable[[list[Any]], Any]] = {
    PartKind.NEW: lambda values: Person(*values),
    PartKind.CHANGED: _to_changed,
    PartKind.GONE: lambda values: Person(*values),
    PartKind.FAULTS: _to_fault,
    PartKind.NOTES: _to_fault,
}


def parts(row: StaffImport, kind: PartKind) -> Iterator[list[Any]]:
    """Yield the entries of one kind, a part at a time, in the order of the file."""
    rows = StaffImportPart.rows.within(row.partnership_id).filter(of=row, kind=kind).order_by("number")
    for data in rows.values_list("data", flat=True).iterator(chunk_size=8):
        yield _entries(kind, data)


def some(row: StaffImport, kind: PartKind, start: int, count: int) -> list[Any]:
    """Return up to `count` entries of one kind from `start` on; they may not reach over the end of a part."""
    rows = StaffImportPart.rows.within(row.partnership_id)
    part = rows.filter(of=row, kind=kind, number=start // ENTRIES).values_list("data", flat=True).first()
    return [] if part is None else _entries(kind, part)[start % ENTRIES :][:count]


def _entries(kind: PartKind, data: bytes | memoryview) -> list[Any]:
    found: Sequence[Any] = json.loads(zlib.decompress(bytes(data)))
    return [_BACK[kind](values) for values in found]
