"""Bringing the staff list in: read a file, look at what it changes, then all of it or nothing.

The file itself is never kept. What waits for the decision is the checked list, without the columns that the
partnership has no use for; lines with a fault stay out, and the people they are about stay as they are.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership.models import (
    BargainingUnit,
    JobClass,
    Named,
    Shift,
    Site,
    SpokenLanguage,
    StaffImport,
    StaffRecord,
)
from commonground.partnership.stafflist import sheet as sheets
from commonground.partnership.stafflist.check import Checked, check
from commonground.partnership.stafflist.columns import Field, guess_mapping
from commonground.partnership.stafflist.faults import Fault, Kind, Unreadable
from commonground.partnership.stafflist.known import Known, Term, Vocabulary
from commonground.partnership.stafflist.people import Person, Preview, compare

NOT_REPRESENTED = "none"
BATCH = 1000
FIELDS = ("number", "given_name", "family_name", "email", "gone_on")
LISTS: dict[str, type[Named]] = {
    "site": Site,
    "shift": Shift,
    "job_class": JobClass,
    "unit": BargainingUnit,
    "language": SpokenLanguage,
}


@dataclass(frozen=True)
class FaultCard:
    """One fault as a page shows it, in the reader's language."""

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
class ListRead:
    """A checked staff list: people who can come in, faults, notes, and the columns that were not read."""

    people: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    faulty_lines: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    mapping: dict[str, int] = field(default_factory=dict)


@act(Action.READ_STAFF_FILE)
def read_list(actor: Actor, name: str, data: bytes, mapping: dict[Field, int] | None = None) -> StaffImport:
    """Read a file and keep the checked list for a decision; an earlier undecided one is left.

    Raises Refused, with what to do, for a file that cannot be read as a whole.
    """
    try:
        sheet = sheets.read(name, data)
        chosen = guess_mapping(sheet.headers) if mapping is None else mapping
        checked = check(sheet, chosen, known(actor.tenant))
    except Unreadable as error:
        raise Refused(_in_words(error.fault), code=error.fault.kind) from error
    _leave_all(actor)
    waiting = StaffImport(
        partnership_id=actor.tenant,
        file_name=name[:200],
        started_by=actor.person_id,
        started_at=time.now(),
        lines=_packed(_read(checked, list(sheet.headers), chosen)),
    )
    waiting.save(force_insert=True)
    return waiting


def _in_words(fault: Fault) -> str:
    return f"{fault.file}: {fault.what.text(_)} {fault.do.text(_)}"


def _read(checked: Checked, headers: list[str], mapping: dict[Field, int]) -> ListRead:
    return ListRead(
        people=checked.people,
        faults=list(checked.faults),
        notes=list(checked.notes),
        held=sorted(checked.held),
        faulty_lines=checked.faulty_lines,
        left_out=dict(checked.left_out),
        unread=[(column.heading, column.reason.value) for column in checked.unread],
        headers=headers,
        mapping={name.value: index for name, index in mapping.items()},
    )


def _packed(read: ListRead) -> bytes:
    return zlib.compress(json.dumps(asdict(read), ensure_ascii=False).encode(), level=1)


def _unpacked(data: bytes) -> ListRead:
    values = json.loads(zlib.decompress(data))
    values["people"] = [Person(**person) for person in values["people"]]
    for name in ("faults", "notes"):
        values[name] = [_fault(**fault) for fault in values[name]]
    return ListRead(**values)


def _fault(kind: str, params: dict[str, Any], **place: Any) -> Fault:
    """Return a fault as it was before JSON made lists of its tuples."""
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in params.items()}
    return Fault(kind=Kind(kind), params=kept, **place)


def waiting_list(actor: Actor, import_id: UUID) -> tuple[StaffImport, ListRead, Preview]:
    """Return an undecided import, what was read, and what it would change now; raises NotFound or Refused."""
    waiting = StaffImport.rows.one(actor.tenant, import_id)
    if waiting.decided_at:
        raise Refused(gettext_lazy("This list was decided on already. Nothing was changed."), code="decided")
    read = _unpacked(bytes(waiting.lines))
    return waiting, read, compare(current(actor.tenant), read.people, read.held)


@act(Action.IMPORT_STAFF)
def carry_out(actor: Actor, import_id: UUID) -> Preview:
    """Bring the list in: all of it or nothing. The same list again changes nothing."""
    waiting, read, preview = waiting_list(actor, import_id)
    if not read.people:
        raise Refused(
            gettext_lazy("There is nobody in this list who can come in. Nothing was changed."), code="empty"
        )
    _write(actor.tenant, read.people, preview)
    _decide(waiting, carried_out=True)
    record(
        actor,
        new=len(preview.new),
        changed=len({change.person.number for change in preview.changed}),
        gone=len(preview.gone),
        faults=read.faulty_lines,
    )
    return preview


@act(Action.READ_STAFF_FILE)
def leave(actor: Actor, import_id: UUID) -> None:
    """Leave the staff list as it is and forget the file that was read."""
    _decide(StaffImport.rows.one(actor.tenant, import_id), carried_out=False)


def _leave_all(actor: Actor) -> None:
    for waiting in StaffImport.rows.within(actor.tenant).filter(decided_at=None):
        _decide(waiting, carried_out=False)


def _decide(waiting: StaffImport, *, carried_out: bool) -> None:
    waiting.lines, waiting.decided_at, waiting.carried_out = b"", time.now(), carried_out
    waiting.save(update_fields=["lines", "decided_at", "carried_out"])


def _write(tenant: UUID, people: Iterable[Person], preview: Preview) -> None:
    ids = _Ids(tenant)
    changed = {change.person.number: change.person for change in preview.changed}
    rows = StaffRecord.rows.within(tenant)
    for numbers in _parts([person.number for person in preview.gone]):
        rows.filter(number__in=numbers).update(gone_on=time.now().date())
    there = {row.number: row for row in rows.filter(gone_on=None)} if changed else {}
    back = _back(tenant, {person.number for person in preview.new})
    for numbers in _parts(list(changed)):
        rows.filter(number__in=numbers).update(email="")
    fresh = [ids.fill(StaffRecord(partnership_id=tenant), p) for p in preview.new if p.number not in back]
    returned = [ids.fill(back[person.number], person) for person in preview.new if person.number in back]
    renewed = [ids.fill(there[number], person) for number, person in changed.items()]
    rows.bulk_create(fresh, batch_size=BATCH)
    rows.bulk_update([*returned, *renewed], fields=[*FIELDS, *LISTS], batch_size=BATCH // 4)


def _back(tenant: UUID, numbers: set[str]) -> dict[str, StaffRecord]:
    gone = StaffRecord.rows.within(tenant).filter(gone_on__isnull=False)
    return {row.number: row for row in gone if row.number in numbers}


def _parts(values: list[str]) -> Iterable[list[str]]:
    return (values[start : start + BATCH // 2] for start in range(0, len(values), BATCH // 2))


class _Ids:
    """Finds rows by code for the lines of a list."""

    def __init__(self, tenant: UUID) -> None:
        self.maps = {
            name: dict(model.rows.within(tenant).values_list("code", "pk")) for name, model in LISTS.items()
        }

    def fill(self, row: StaffRecord, person: Person) -> StaffRecord:
        """Write a line into a record."""
        row.number, row.email, row.gone_on = person.number, person.email, None
        row.given_name, row.family_name = person.given_name, person.family_name
        for name, codes in self.maps.items():
            code = getattr(person, name) or (NOT_REPRESENTED if name == "unit" else "")
            setattr(row, f"{name}_id", codes.get(code))
        return row


def known(tenant: UUID) -> Known:
    """Return the district's lists as the parser reads them."""
    return Known(
        sites=_vocabulary(Site, tenant),
        job_classes=_vocabulary(JobClass, tenant),
        units=_vocabulary(BargainingUnit, tenant),
        shifts=_vocabulary(Shift, tenant),
        languages=_vocabulary(SpokenLanguage, tenant),
        numbers=frozenset(StaffRecord.rows.within(tenant).values_list("number", flat=True)),
    )


def _vocabulary(model: type[Named], tenant: UUID) -> Vocabulary:
    rows = model.rows.within(tenant).exclude(code=NOT_REPRESENTED).order_by("position")
    return Vocabulary(Term(row.code, (row.name_en, row.name_es)) for row in rows)


def current(tenant: UUID) -> list[Person]:
    """Return the present staff list in the parser's terms."""
    columns = ("number", "given_name", "family_name", "site__code", "job_class__code", "unit__code")
    more = ("shift__code", "email", "language__code")
    rows = StaffRecord.rows.within(tenant).filter(gone_on=None).order_by("number")
    return [_person(values) for values in rows.values_list(*columns, *more)]


def _person(values: tuple[str | None, ...]) -> Person:
    number, given, family, site, job, unit, shift, email, language = (value or "" for value in values)
    return Person(number, given, family, site, job, "" if unit == NOT_REPRESENTED else unit, shift, email, language)


def summary(actor: Actor, import_id: UUID) -> tuple[list[str], bool]:
    """Return what an import would do, a line each, and whether something is wrong; for the command."""
    _waiting, read, preview = waiting_list(actor, import_id)
    changed = {change.person.number for change in preview.changed}
    lines = [
        _("New: %(number)s") % {"number": len(preview.new)},
        _("Changed: %(number)s") % {"number": len(changed)},
        _("The same: %(number)s") % {"number": len(preview.same)},
        _("Gone: %(number)s") % {"number": len(preview.gone)},
        _("Lines with a fault: %(number)s") % {"number": read.faulty_lines},
    ]
    return [*lines, *(_told(FaultCard.of(fault)) for fault in read.faults)], bool(read.faults)


def _told(fault: FaultCard) -> str:
    words = _("%(file)s, line %(line)s, column %(column)s") if fault.column else _("%(file)s, line %(line)s")
    place = words % vars(fault)
    found = f" “{fault.found}”." if fault.found else ""
    return f"{place}:{found} {fault.what} {fault.do}"
