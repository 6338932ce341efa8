"""Writing a staff list into its rows, a part at a time, so that memory does not grow with the list."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused
from commonground.partnership.models import (
    BargainingUnit,
    JobClass,
    Named,
    PartKind,
    Shift,
    Site,
    SpokenLanguage,
    StaffImport,
    StaffRecord,
)
from commonground.partnership.staff_parts import parts
from commonground.partnership.stafflist.people import Person

NOT_REPRESENTED = "none"
BATCH = 500
FIELDS = ("number", "given_name", "family_name", "email", "gone_on")
LISTS: dict[str, type[Named]] = {
    "site": Site,
    "shift": Shift,
    "job_class": JobClass,
    "unit": BargainingUnit,
    "language": SpokenLanguage,
}


def write(waiting: StaffImport, today: date) -> None:
    """Write what a list changes: who is gone first, so that a mailbox can pass to another person."""
    rows = StaffRecord.rows.within(waiting.partnership_id)
    for people in parts(waiting, PartKind.GONE):
        rows.filter(number__in=[person.number for person in people]).update(gone_on=today)
    for changed in parts(waiting, PartKind.CHANGED):
        rows.filter(number__in=[person.number for person, _changes in changed]).update(email="")
    ids = _Ids(waiting.partnership_id)
    for changed in parts(waiting, PartKind.CHANGED):
        _renew(waiting.partnership_id, ids, [person for person, _changes in changed])
    for people in parts(waiting, PartKind.NEW):
        back = _renew(waiting.partnership_id, ids, people)
        fresh = (person for person in people if person.number not in back)
        rows.bulk_create(
            [ids.fill(StaffRecord(partnership_id=waiting.partnership_id), person) for person in fresh],
            batch_size=BATCH,
        )


def _renew(tenant: UUID, ids: "_Ids", people: Iterable[Person]) -> set[str]:
    """Write people into the records that are there, also of those who had gone; return their numbers."""
    told = {person.number: person for person in people}
    rows = StaffRecord.rows.within(tenant)
    there = [ids.fill(row, told[row.number]) for row in rows.filter(number__in=told)]
    rows.bulk_update(there, fields=[*FIELDS, *LISTS], batch_size=BATCH // 2)
    return {row.number for row in there}


class _Ids:
    """Finds rows by code for the lines of a list."""

    def __init__(self, tenant: UUID) -> None:
        self.maps = {
            name: dict(model.rows.within(tenant).values_list("code", "pk")) for name, model in LISTS.items()
        }

    def fill(self, row: StaffRecord, person: Person) -> StaffRecord:
        """Write a line into a record; raises Refused for a code that is no longer there."""
        row.number, row.email, row.gone_on = person.number, person.email, None
        row.given_name, row.family_name = person.given_name, person.family_name
        for name in LISTS:
            setattr(row, f"{name}_id", self._id(name, getattr(person, name)))
        return row

    def _id(self, name: str, code: str) -> UUID | None:
        code = code or (NOT_REPRESENTED if name == "unit" else "")
        found = self.maps[name].get(code)
        if found is None and code not in ("", NOT_REPRESENTED):
            words = _("The code %(code)s was changed since this list was read. Send the file again.")
            raise Refused(words % {"code": code}, code="moved")
        return found
