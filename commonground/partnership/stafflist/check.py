"""Makes people of the lines of a staff list, or says of each line what is wrong and what to do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commonground.partnership.stafflist import oneroster
from commonground.partnership.stafflist.cells import fold
from commonground.partnership.stafflist.columns import (
    LABELS,
    NAMES,
    REQUIRED,
    Field,
    Unread,
    may_be_unit,
    private,
    unread,
)
from commonground.partnership.stafflist.faults import Fault, Kind, Param, Translatable, Unreadable
from commonground.partnership.stafflist.known import Known
from commonground.partnership.stafflist.lines import LineReader, Log
from commonground.partnership.stafflist.people import Person
from commonground.partnership.stafflist.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds: people that can come in, and everything that was noticed.

    `counts` counts every fault and note by kind, also those beyond `MAX_KEPT`; `faulty_lines` the lines that
    stay out; `held` their employee numbers; `left_out` the people who are no staff, by role or status.
    """

    people: list[Person]
    faults: list[Fault]
    notes: list[Fault]
    counts: Counter[Kind]
    faulty_lines: int
    held: frozenset[str]
    left_out: Counter[str]
    unread: list[Unread]


def check(
    sheet: Sheet,
    mapping: Mapping[Field, int],
    known: Known,
    given: Mapping[Field, str] | None = None,
    roles: Mapping[str, oneroster.RosterRole] | None = None,
) -> Checked:
    """Return the people and the faults of a sheet read by this mapping.

    `given` holds values that are true for the whole file, such as one unit; a cell of a mapped column goes
    first. `roles` is `oneroster.roles_of` of the file roles.csv. A fault of the whole file leaves no people.
    """
    there = {each: index for each, index in mapping.items() if 0 <= index < len(sheet.headers)}
    checker = _Checker(LineReader(sheet, there, known, given or {}, roles, Log(sheet.name)))
    checker.run()
    return checker.result()


class _Checker:
    def __init__(self, reader: LineReader) -> None:
        self.reader, self.sheet, self.log = reader, reader.sheet, reader.log
        self.people: dict[str, Person] = {}
        self.first_line: dict[str, int] = {}
        self.twice: dict[str, int] = {}
        self.owner: dict[str, Person] = {}
        self.shared: dict[str, int] = {}
        self.held: set[str] = set()
        self.left_out: Counter[str] = Counter()
        self.filled: Counter[int] = Counter()
        used = set(reader.mapping.values())
        self.private = [i for i, text in enumerate(self.sheet.headers) if i not in used and private(text)]

    def result(self) -> Checked:
        in_order = sorted(self.log.faults, key=lambda fault: fault.line)
        return Checked(
            people=list(self.people.values()),
            faults=in_order,
            notes=self.log.notes,
            counts=self.log.counts,
            faulty_lines=len(self.log.faulty - {0, self.sheet.header_line}),
            held=frozenset(self.held - {""}),
            left_out=self.left_out,
            unread=unread(self.sheet.headers, self.reader.mapping, self.filled),
        )

    def run(self) -> None:
        for note in self.sheet.notes:
            self.log.keep(note)
        self._tell_columns_twice()
        self._check_columns()
        if self.log.faults:
            return
        try:
            self._read_lines()
        except Unreadable as error:
            self.log.keep(error.fault)
            self.people.clear()

    def _read_lines(self) -> None:
        line = 0
        for line, cells in self.sheet.rows():
            self._line(line, cells)
        if not line:
            self._file_fault(Kind.NO_ROWS)
        self._take_out_doubles()

    # The file as a whole

    def _check_columns(self) -> None:
        for each in (*REQUIRED, Field.FULL_NAME):
            if not self._has(each):
                self._file_fault(Kind.MISSING_COLUMN, field=Translatable(LABELS[each]))
        for each, index in self.reader.mapping.items():
            heading = self.sheet.headers[index]
            if private(heading) and not (each is Field.UNIT and may_be_unit(heading)):
                self._file_fault(Kind.PRIVATE_COLUMN, heading)
        if self.reader.roles is None and oneroster.needs_roles(self.sheet.headers):
            self._file_fault(Kind.ROLES_MISSING)
        for each, value in self.reader.given.items():
            if self.reader.find(each, value) is None:
                choices = self.reader.vocabulary(each).near(value)
                self.log.add(Kind.UNKNOWN_FOR_ALL, 0, self.reader.heading(each), value, choices=choices)

    def _file_fault(self, kind: Kind, heading: str = "", **params: Param) -> None:
        self.log.add(kind, self.sheet.header_line, heading, "", **params)

    def _has(self, each: Field) -> bool:
        if each is Field.FULL_NAME:
            return any(name in self.reader.mapping for name in NAMES)
        from_roles = each is Field.SITE and self.reader.roles is not None
        from_given = each is not Field.NUMBER and each in self.reader.given
        return each in self.reader.mapping or from_given or from_roles

    def _tell_columns_twice(self) -> None:
        for heading, count in Counter(map(fold, self.sheet.headers)).items():
            if count > 1 and heading in {fold(self.reader.heading(each)) for each in self.reader.mapping}:
                self._file_fault(Kind.COLUMN_TWICE, heading)

    # Lines beside each other

    def _line(self, line: int, cells: Sequence[str]) -> None:
        for index in self.private:
            if index < len(cells) and cells[index].strip():
                self.filled[index] += 1
        self.reader.check_stamp(line, cells)
        reason = self.reader.left_out(cells)
        if reason:
            self.left_out[reason] += 1
            return
        person = self.reader.person(line, cells)
        first = self.first_line.setdefault(person.number, line) if person.number else line
        if first != line:
            self._admit_again(person, first)
        elif line not in self.log.faulty:
            self._admit(person)
        if line in self.log.faulty:
            self.held.add(person.number)

    def _admit(self, person: Person) -> None:
        earlier = self.owner.setdefault(person.email, person) if person.email else person
        if earlier is person:
            self.people[person.number] = person
        else:
            self.reader.fault(Kind.SAME_EMAIL, Field.EMAIL, person.line, person.email, other=earlier.line)
            self.shared.setdefault(person.email, person.line)

    def _admit_again(self, person: Person, first: int) -> None:
        if self.people.get(person.number) == person:
            self.reader.fault(Kind.SAME_LINE, Field.NUMBER, person.line, person.number, other=first)
            return
        self.reader.fault(Kind.SAME_NUMBER, Field.NUMBER, person.line, person.number, other=first)
        self.twice.setdefault(person.number, person.line)

    def _take_out_doubles(self) -> None:
        for number, other in self.twice.items():
            self._take_out(self.people.get(number), Kind.SAME_NUMBER, Field.NUMBER, number, other)
        for email, other in self.shared.items():
            self._take_out(self.owner[email], Kind.SAME_EMAIL, Field.EMAIL, email, other)

    def _take_out(self, person: Person | None, kind: Kind, each: Field, found: str, other: int) -> None:
        if person is None:
            return
        self.people.pop(person.number, None)
        self.held.add(person.number)
        self.reader.fault(kind, each, person.line, found, other=other)
