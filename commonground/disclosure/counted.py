"""Counts that somebody made elsewhere, brought to the gate: who was asked, reached, took part, answered afterwards.

A table of counts is as good as the people behind it, since the gate knows people only by the cell they are in: each
line becomes as many people as it counts, and `gate.protect` does the rest with all its rules. How the counts of two
columns go together inside a line is not in the table, and no rule asks for it. Lines that name the same groups in
the columns that are read are added up.

Example::

    level       site    role     asked  took_part  useful  not_useful
    elementary  Alder   teacher     41         24      15           6
    elementary  Alder   aide        30         11       8           3

    wanted = Wanted(
        people="took_part", of="asked", nested=("level", "site"), by=("role",),
        answers=(Asked("useful", ("useful", "not_useful")),),
    )
    counted = read(head, lines, wanted)
    protect(counted.plan, counted.columns)

- `people`: the people whom the numbers are about; no cell of fewer than k of them is shown;
- `of`: how many there could have been, the roster; "nearly everyone" is never told;
- `nested`: places, each inside the one named before it: a level and its sites; `by`: other groupings. Every other
  grouping is crossed with the last of `nested`;
- `counts`: columns that count some of the people, shown as a share of them;
- `answers`: columns that together hold the answers to one question.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.answers import NO_ANSWER
from commonground.disclosure.plan import LEAST_MINIMUM, GroupQuestion, Kind, Question, TablePlan

FORMAT = "cg1-counts"
MOST_PEOPLE = 2_000_000
MOST_NESTED = 2
SUMS = frozenset({"total", "totals", "sum", "all", "overall", "district", "todos", "todas", "suma"})
"""Names of lines that add other lines up, in English and Spanish."""
_WHOLE = re.compile(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}")
_HIDDEN = re.compile(r"\*+|x+|(n\s*)?[<≤]\s*=?\s*\d+|suppressed|masked", re.IGNORECASE)

Line = tuple[int, Sequence[str]]


def named(heading: str) -> str:
    """Return what a heading is called in the plan: small letters, digits and low lines."""
    return re.sub(r"\W+", "_", heading.casefold()).strip("_")


def gettext_noop(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


_ = gettext_noop


class TableRefused(ValueError):
    """The table cannot be read: at which line (0 for the whole table) and column, and why in plain words.

    `why` is a text of the catalogue, `words` what it names.
    """

    def __init__(self, why: str, line: int = 0, column: str = "", **words: object) -> None:
        where = ([f"line {line}"] if line else []) + ([f"column {column}"] if column else [])
        super().__init__(f"{', '.join(where)}: {why % words}" if where else why % words)
        self.why, self.line, self.column, self.words = why, line, column, words


@dataclass(frozen=True)
class Asked:
    """A question whose answers were counted: its name, and the columns that count each answer, lowest first.

    The first of two answers is the one whose share is shown.
    """

    name: str
    columns: tuple[str, ...]
    kind: Kind = "one"


@dataclass(frozen=True)
class Wanted:
    """Which columns of a table mean what; see above."""

    people: str
    nested: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    of: str | None = None
    counts: tuple[str, ...] = ()
    answers: tuple[Asked, ...] = ()
    minimum: int = LEAST_MINIMUM

    @property
    def groupings(self) -> tuple[str, ...]:
        """Return the columns that the people are sorted into groups by, the last of the nested ones first."""
        return (*self.nested[-1:], *self.by)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return all columns that hold numbers."""
        of = (self.of,) if self.of else ()
        return (self.people, *of, *self.counts, *(column for asked in self.answers for column in asked.columns))

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what is asked of the people: were they counted, and each question."""
        counted = (Question(named(column), "one", 2) for column in self.counts)
        return (*counted, *(Question(named(asked.name), asked.kind, len(asked.columns)) for asked in self.answers))


@dataclass(frozen=True)
class Row:
    """One line of the table: where it is, its names by column (None where empty) and its numbers by column."""

    line: int
    names: Mapping[str, str | None]
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Counted:
    """A table that was read. `labels[column]` are the names of the groups, in the order in which they stand.

    `known` are groups that are known from elsewhere, by what the plan calls them, `asked` the people of all.
    """

    wanted: Wanted
    rows: tuple[Row, ...]
    labels: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str | None] = field(default_factory=dict)
    known: Mapping[str, GroupQuestion] = field(default_factory=dict)
    asked: int | None = None

    def among(self, known: Mapping[str, tuple[GroupQuestion, Sequence[str]]], asked: int) -> "Counted":
        """Return the same counts among known groups, each with the name of its labels; `asked` are all people.

        Groups that the table does not name have nobody. Each that it names must be there.
        """
        labels = {name: tuple(known[named(name)][1]) for name in self.wanted.groupings}
        return replace(self, labels=labels, known={name: each[0] for name, each in known.items()}, asked=asked)

    @cached_property
    def plan(self) -> TablePlan:
        """Return the table plan. Raises PlanRefused, for instance where no single group could ever be shown."""
        wanted, names = self.wanted, tuple(map(named, self.wanted.groupings))
        return TablePlan(
            questions=wanted.questions,
            groups=tuple(map(self._group, wanted.groupings)),
            margins=names,
            pairs=tuple((names[0], name) for name in names[1:]) if wanted.nested else (),
            minimum=wanted.minimum,
            eligible=sum(row.numbers[wanted.of] for row in self.rows) if wanted.of else self.asked,
        )

    def _group(self, name: str) -> GroupQuestion:
        if named(name) in self.known:
            return self.known[named(name)]
        labels = self.labels[name]
        nested = name in self.wanted.nested
        levels = tuple(self.levels.get(label) if nested else None for label in labels)
        return GroupQuestion(named(name), len(labels), self._roster(name), levels)

    def _roster(self, name: str) -> tuple[int | None, ...]:
        """Return how many belong to each group; not known where somebody of the roster is in none that is named."""
        of, people = self.wanted.of, dict.fromkeys(self.labels[name], 0)
        if of is None or any(row.numbers[of] for row in self.rows if row.names[name] is None):
            return (None,) * len(people)
        for row in self.rows:
            if label := row.names[name]:
                people[label] += row.numbers[of]
        return tuple(people.values())

    @cached_property
    def everywhere_named(self) -> frozenset[str]:
        """Return the groupings, as the plan calls them, in which every line with people names a group."""
        counted = [row for row in self.rows if row.numbers[self.wanted.people]]
        names = self.wanted.groupings
        return frozenset(named(name) for name in names if all(row.names[name] is not None for row in counted))

    @cached_property
    def columns(self) -> dict[str, NDArray[np.uint8]]:
        """Return the people of the table as the gate takes them: one array a grouping and a question."""
        people = [row.numbers[self.wanted.people] for row in self.rows]
        columns = {named(name): np.repeat(self._places(name), people) for name in self.wanted.groupings}
        for column in self.wanted.counts:
            columns[named(column)] = self._spread([(row.numbers[column],) for row in self.rows], rest=1)
        for asked in self.wanted.answers:
            given = [tuple(row.numbers[column] for column in asked.columns) for row in self.rows]
            columns[named(asked.name)] = self._spread(given, rest=NO_ANSWER)
        return columns

    def _places(self, name: str) -> NDArray[np.uint8]:
        place = {label: number for number, label in enumerate(self.labels[name])}
        named = (row.names[name] for row in self.rows)
        return np.array([NO_ANSWER if label is None else place[label] for label in named], dtype=np.uint8)

    def _spread(self, given: Sequence[tuple[int, ...]], rest: int) -> NDArray[np.uint8]:
        """Return one option a person: in each line as many of each as were counted, and `rest` for all others."""
        values = [
            np.repeat([*range(len(each)), rest], [*each, row.numbers[self.wanted.people] - sum(each)])
            for row, each in zip(self.rows, given, strict=True)
        ]
        return np.concatenate(values).astype(np.uint8)


def read(head: Sequence[str], lines: Iterable[Line], wanted: Wanted) -> Counted:
    """Return the counts of a table, from its headings and its numbered lines. Raises TableRefused."""
    at = _columns(head, wanted)
    names = (*wanted.nested, *wanted.by)
    spelled: dict[str, dict[str, str]] = {name: {} for name in names}
    rows = tuple(_row(line, cells, at, names, spelled, wanted) for line, cells in _once(lines, at, wanted))
    people = sum(row.numbers[wanted.people] for row in rows)
    if not 0 < people <= MOST_PEOPLE:
        why = _("The table counts %(people)s people. It must be 1 to %(most)s.")
        raise TableRefused(why, people=f"{people:,}", most=f"{MOST_PEOPLE:,}")
    labels = {name: tuple(spelled[name].values()) for name in wanted.groupings}
    for name, found in labels.items():
        if not found:
            raise TableRefused(_("No line names a group here."), column=name)
    return Counted(wanted, rows, labels, _levels(rows, wanted))


def _columns(head: Sequence[str], wanted: Wanted) -> dict[str, int]:
    names = (*wanted.nested, *wanted.by, *wanted.numbers)
    if len(wanted.nested) > MOST_NESTED:
        raise TableRefused(_("Places can be nested twice: a level, and the sites in it."))
    if not wanted.groupings:
        raise TableRefused(_("Name at least one column to group by."))
    called = [*wanted.groupings, *wanted.counts, *(asked.name for asked in wanted.answers)]
    for each in ([name.casefold() for name in names], [named(name) for name in called]):
        if twice := next((name for name in each if each.count(name) > 1), None):
            raise TableRefused(_("This is named for two things."), column=twice)
    folded = [cell.strip().casefold() for cell in head]
    for name in names:
        if folded.count(name.casefold()) != 1:
            there = ", ".join(cell.strip() for cell in head if cell.strip())
            twice = _("The table has this heading twice. Its headings: %(there)s.")
            missing = _("The table does not have this heading. Its headings: %(there)s.")
            raise TableRefused(twice if name.casefold() in folded else missing, column=name, there=there)
    return {name: folded.index(name.casefold()) for name in names}


def _row(
    line: int,
    cells: Sequence[str],
    at: Mapping[str, int],
    names: Sequence[str],
    spelled: Mapping[str, dict[str, str]],
    wanted: Wanted,
) -> Row:
    cell = {name: " ".join(cells[place].split()) if place < len(cells) else "" for name, place in at.items()}
    numbers = {name: _number(cell[name], line, name) for name in wanted.numbers}
    _refuse_more(line, numbers, wanted)
    return Row(line, {name: _name(cell[name], line, name, spelled[name]) for name in names}, numbers)


def _name(cell: str, line: int, column: str, spelled: dict[str, str]) -> str | None:
    if cell.casefold() in SUMS:
        why = _("“%(cell)s” looks like a sum of other lines. Take the line out: sums are made here.")
        raise TableRefused(why, line, column, cell=cell)
    return spelled.setdefault(cell.casefold(), cell) if cell else None


def _number(cell: str, line: int, column: str) -> int:
    if _WHOLE.fullmatch(cell):
        return int(cell.replace(",", ""))
    if not cell:
        raise TableRefused(_("This is empty. Write 0 where there was nobody."), line, column)
    if _HIDDEN.fullmatch(cell):
        why = _("“%(cell)s” was hidden by somebody before. Bring the count itself: what is hidden is decided here.")
        raise TableRefused(why, line, column, cell=cell)
    raise TableRefused(_("“%(cell)s” is not a whole number of people."), line, column, cell=cell[:40])


def _refuse_more(line: int, numbers: Mapping[str, int], wanted: Wanted) -> None:
    """Refuse a line in which a part is more than its whole."""
    people = numbers[wanted.people]
    if wanted.of and people > numbers[wanted.of]:
        _refuse_part(line, wanted.people, people, numbers[wanted.of], wanted.of)
    parts = {column: numbers[column] for column in wanted.counts}
    parts |= {asked.columns[-1]: sum(numbers[column] for column in asked.columns) for asked in wanted.answers}
    for column, part in parts.items():
        if part > people:
            _refuse_part(line, column, part, people, wanted.people)


def _refuse_part(line: int, column: str, part: int, whole: int, of: str) -> NoReturn:
    why = _("%(part)s people here, of only %(whole)s in %(of)s.")
    raise TableRefused(why, line, column, part=part, whole=whole, of=of)


def _once(lines: Iterable[Line], at: Mapping[str, int], wanted: Wanted) -> Iterator[Line]:
    """Yield the lines. Raises TableRefused for one that differs from an earlier one in its numbers at most."""
    numbers, first = {at[name] for name in wanted.numbers}, dict[tuple[str, ...], int]()
    for line, cells in lines:
        place = tuple(cell.strip().casefold() for i, cell in enumerate(cells) if i not in numbers)
        if first.setdefault(place, line) != line:
            raise TableRefused(
                _("The same groups as in line %(other)s. Bring each once."), line, other=first[place]
            )
        yield line, cells


def _levels(rows: Iterable[Row], wanted: Wanted) -> dict[str, str | None]:
    """Return the level of each site. Raises TableRefused for a site in two levels."""
    if len(wanted.nested) < MOST_NESTED:
        return {}
    outer, inner = wanted.nested
    levels: dict[str, str | None] = {}
    for row in rows:
        site = row.names[inner]
        if site is not None and levels.setdefault(site, row.names[outer]) != row.names[outer]:
            raise TableRefused(_("%(site)s stood in another level before."), row.line, outer, site=site)
    return levels
