"""Bringing the staff list in: read a file, look at what it changes, then all of it or nothing.

A small file is read while its sender waits, a large one by the worker (`staff_work`). The file itself is never
kept. What waits for the decision is the checked list, without the columns that the partnership has no use for;
lines with a fault stay out, and the people they are about stay as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import Action
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger.acts import act, record
from commonground.partnership import jobs, uploads
from commonground.partnership.models import (
    BargainingUnit,
    ImportStage,
    JobClass,
    Named,
    PartKind,
    Shift,
    Site,
    SpokenLanguage,
    StaffImport,
    StaffImportPart,
    StaffRecord,
)
from commonground.partnership.staff_parts import Facts, FaultCard, Look, facts_of, look, parts, store
from commonground.partnership.staff_rows import NOT_REPRESENTED, write
from commonground.partnership.stafflist import oneroster
from commonground.partnership.stafflist import sheet as sheets
from commonground.partnership.stafflist.check import check
from commonground.partnership.stafflist.columns import Field, guess_mapping
from commonground.partnership.stafflist.faults import Fault, Kind, Unreadable
from commonground.partnership.stafflist.known import Known, Term, Vocabulary
from commonground.partnership.stafflist.people import Person, Preview, compare

LIGHT_CHANGES = 5000
"""So many people are written while one waits; more are for the worker."""
TELL_EVERY = 5000
"""Lines between two words about how far the reading is."""


@dataclass(frozen=True)
class Asked:
    """What the sender says of a file: which column is what (else it is guessed from the headings), values that are
    true for the whole file, and the bytes of roles.csv of OneRoster 1.2."""

    mapping: Mapping[Field, int] | None = None
    given: Mapping[Field, str] = field(default_factory=dict)
    roles: bytes = b""


GUESS = Asked()
Tell = Callable[[int], None]


def receive(actor: Actor, name: str, data: bytes, asked: Asked = GUESS) -> StaffImport:
    """Read a small list at once and hand a large one to the worker; an earlier undecided one is left.

    Raises Refused, with what to do, for a small file that cannot be read as a whole; a large one says so later.
    """
    if sheets.is_light(data):
        return read_list(actor, name, data, asked)
    waiting = await_reading(actor, name, asked)
    uploads.keep(waiting.pk, data, *([asked.roles] if asked.roles else []))
    jobs.read_staff_list.enqueue(waiting.pk.hex)
    return waiting


def read_list(actor: Actor, name: str, data: bytes, asked: Asked = GUESS) -> StaffImport:
    """Read a file and keep the checked list for a decision; an earlier undecided one is left.

    Raises Refused, with what to do, for a file that cannot be read as a whole.
    """
    decide(actor, Action.READ_STAFF_FILE)
    return keep(actor, _begun(actor, name, asked), look_at(actor.tenant, name, data, asked))


@act(Action.READ_STAFF_FILE)
def await_reading(actor: Actor, name: str, asked: Asked = GUESS) -> StaffImport:
    """Note that a list was sent and waits for the worker; an earlier undecided one is left."""
    _leave_all(actor)
    waiting = _begun(actor, name, asked)
    waiting.save(force_insert=True)
    return waiting


def _begun(actor: Actor, name: str, asked: Asked) -> StaffImport:
    now = time.now()
    return StaffImport(
        partnership_id=actor.tenant,
        file_name=name[:200],
        started_by=actor.person_id,
        started_at=now,
        moved_at=now,
        language=get_language() or "en",
        asked={"mapping": asked.mapping, "given": dict(asked.given)},
    )


def look_at(tenant: UUID, name: str, data: bytes, asked: Asked, tell: Tell | None = None) -> Look:
    """Read a file and lay it beside the present list. Raises Refused where it cannot be read as a whole."""
    try:
        sheet = sheets.read(name, data)
        if tell is not None:
            sheet = sheet.counted(tell, TELL_EVERY)
        mapping = guess_mapping(sheet.headers) if asked.mapping is None else asked.mapping
        roles = oneroster.roles_of(sheets.read("roles.csv", asked.roles)) if asked.roles else None
        checked = check(sheet, mapping, known(tenant), asked.given, roles)
    except Unreadable as error:
        raise Refused(_in_words(error.fault), code=error.fault.kind) from error
    preview = compare(current(tenant), checked.people, checked.held) if checked.people else _NOTHING
    said = Facts(
        headers=list(sheet.headers),
        mapping={name.value: index for name, index in mapping.items()},
        given={name.value: value for name, value in asked.given.items()},
    )
    return look(checked, preview, said)


_NOTHING = Preview([], [], [], [], [])


def _in_words(fault: Fault) -> str:
    place = f"{fault.file}, {_('line %(line)s') % {'line': fault.line}}" if fault.line else fault.file
    return f"{place}: {fault.what.text(_)} {fault.do.text(_)}"


def too_large() -> str:
    """Return what is said of a file that is not even taken in."""
    fault = Fault(Kind.FILE_TOO_BIG, "", params={"limit": sheets.MAX_MEGABYTES})
    return f"{fault.what.text(_)} {fault.do.text(_)}"


@act(Action.READ_STAFF_FILE)
def keep(actor: Actor, waiting: StaffImport, seen: Look) -> StaffImport:
    """Keep what was read for a decision. Raises Refused if it was left, or another list came, meanwhile."""
    there = StaffImport.rows.within(actor.tenant).select_for_update().filter(pk=waiting.pk).first()
    if there is None:
        _leave_all(actor)
        waiting.save(force_insert=True)
    elif there.stage != ImportStage.QUEUED:
        raise Refused(gettext_lazy("This list was left meanwhile. Nothing was changed."), code="left")
    waiting.stage, waiting.read_at, waiting.facts = ImportStage.READ, time.now(), asdict(seen.facts)
    waiting.save(update_fields=["stage", "read_at", "facts"])
    store(waiting, seen)
    return waiting


def undecided(actor: Actor, import_id: UUID, *, lock: bool = False) -> StaffImport:
    """Return a list that was read and waits for its decision; raises NotFound or Refused."""
    waiting = StaffImport.rows.one(actor.tenant, import_id, lock=lock)
    if waiting.decided_at:
        raise Refused(gettext_lazy("This list was decided on already. Nothing was changed."), code="decided")
    if waiting.stage not in (ImportStage.READ, ImportStage.CARRYING):
        raise Refused(gettext_lazy("This list is not read yet. Nothing was changed."), code="unread")
    return waiting


def decide_for(actor: Actor, import_id: UUID) -> StaffImport:
    """Bring a small list in at once, and hand a large one to the worker."""
    decide(actor, Action.IMPORT_STAFF)
    facts = facts_of(undecided(actor, import_id))
    if facts.new + facts.changed + facts.gone <= LIGHT_CHANGES:
        return carry_out(actor, import_id)
    waiting = await_carrying(actor, import_id)
    jobs.carry_out_staff_list.enqueue(waiting.pk.hex)
    return waiting


@act(Action.READ_STAFF_FILE)
def await_carrying(actor: Actor, import_id: UUID) -> StaffImport:
    """Note who decided that a large list comes in; the worker brings it in and records that."""
    waiting = undecided(actor, import_id, lock=True)
    if waiting.stage == ImportStage.CARRYING:
        raise Refused(gettext_lazy("This list is coming in already."), code="carrying")
    waiting.stage, waiting.decided_by, waiting.refusal = ImportStage.CARRYING, actor.person_id, ""
    waiting.moved_at, waiting.language = time.now(), get_language() or "en"
    waiting.save(update_fields=["stage", "decided_by", "refusal", "moved_at", "language"])
    return waiting


@act(Action.IMPORT_STAFF)
def carry_out(actor: Actor, import_id: UUID) -> StaffImport:
    """Bring the list in: all of it or nothing. The same list again changes nothing."""
    waiting = undecided(actor, import_id, lock=True)
    facts = facts_of(waiting)
    if not facts.comes_in:
        raise Refused(
            gettext_lazy("There is nobody in this list who can come in. Nothing was changed."), code="empty"
        )
    _require_unmoved(waiting)
    write(waiting, time.now().date())
    _decide(waiting, ImportStage.DONE, actor.person_id)
    record(actor, new=facts.new, changed=facts.changed, gone=facts.gone, faults=facts.faulty)
    return waiting


def _require_unmoved(waiting: StaffImport) -> None:
    others = StaffImport.rows.within(waiting.partnership_id).exclude(pk=waiting.pk)
    if others.filter(stage=ImportStage.DONE, decided_at__gte=waiting.read_at).exists():
        raise Refused(
            gettext_lazy("Another list came in since this one was read. Nothing was changed. Send the file again."),
            code="moved",
        )


@act(Action.READ_STAFF_FILE)
def leave(actor: Actor, import_id: UUID) -> None:
    """Leave the staff list as it is and forget the file that was read."""
    waiting = StaffImport.rows.one(actor.tenant, import_id, lock=True)
    if waiting.decided_at is None:
        _decide(waiting, ImportStage.LEFT, actor.person_id)


def _leave_all(actor: Actor) -> None:
    for waiting in StaffImport.rows.within(actor.tenant).filter(decided_at=None).select_for_update():
        _decide(waiting, ImportStage.LEFT, actor.person_id)


def _decide(waiting: StaffImport, stage: ImportStage, by: UUID | None) -> None:
    uploads.erase(waiting.pk)
    StaffImportPart.rows.within(waiting.partnership_id).filter(of=waiting).delete()
    waiting.stage, waiting.decided_by, waiting.decided_at = stage, by, time.now()
    waiting.asked, waiting.facts = {}, _numbers(waiting)
    waiting.save(update_fields=["stage", "decided_by", "decided_at", "asked", "facts"])


def _numbers(waiting: StaffImport) -> dict[str, Any]:
    """Return the facts without headings: in a file without any they are the first person."""
    kept = ("new", "changed", "same", "gone", "held", "faulty", "comes_in")
    return {name: value for name, value in waiting.facts.items() if name in kept}


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


def current(tenant: UUID) -> Iterator[Person]:
    """Yield the present staff list in the parser's terms, by number."""
    columns = ("number", "given_name", "family_name", "site__code", "job_class__code", "unit__code")
    more = ("shift__code", "email", "language__code")
    rows = StaffRecord.rows.within(tenant).filter(gone_on=None).order_by("number")
    return map(_person, rows.values_list(*columns, *more).iterator(chunk_size=2000))


def _person(values: tuple[str | None, ...]) -> Person:
    number, given, family, site, job, unit, shift, email, language = (value or "" for value in values)
    return Person(number, given, family, site, job, "" if unit == NOT_REPRESENTED else unit, shift, email, language)


def summary(actor: Actor, import_id: UUID) -> tuple[list[str], bool]:
    """Return what an import would do, a line each, and whether something is wrong; for the command."""
    waiting = undecided(actor, import_id)
    facts = facts_of(waiting)
    lines = [
        _("New: %(number)s") % {"number": facts.new},
        _("Changed: %(number)s") % {"number": facts.changed},
        _("The same: %(number)s") % {"number": facts.same},
        _("Gone: %(number)s") % {"number": facts.gone},
        _("Lines with a fault: %(number)s") % {"number": facts.faulty},
    ]
    faults = [fault for part in parts(waiting, PartKind.FAULTS) for fault in part]
    return [*lines, *(_told(fault) for fault in faults)], bool(faults)


def _told(fault: FaultCard) -> str:
    words = _("%(file)s, line %(line)s, column %(column)s") if fault.column else _("%(file)s, line %(line)s")
    place = words % vars(fault)
    found = f" “{fault.found}”." if fault.found else ""
    return f"{place}:{found} {fault.what} {fault.do}"
