"""What a release says, as arrays: numbers of people in each cell, and bounds for the people behind each share.

An *atom* is one place of every group question at once; a cell is a union of atoms, so that whoever knows how many
people of each atom gave each answer knows every number of the release. Three kinds of bounds are read here, each
with one row for a cell of a table: of its people, of those who answered a question, of those who gave an answer.

A several-choice question is read as one yes-or-no *item* for each option; any other question is one item. Where the
number who answered is printed exactly, a share stands for whole people; a share that was rounded together with
others may be off by up to one percent, one rounded for itself by half of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.reading import At, Released, number_bounds
from commonground.disclosure.weaker import WITHHELD

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

NO_BOUND = 1e12
MOST_ROUNDS = 50
TOP = {"agreement": (3, 4), "frequency": (3, 4), "scale10": (8, 9, 10)}
LOWEST = {"agreement": 1, "frequency": 1, "scale10": 0}
ALONE, TOGETHER = 0.5, 0.999
"""How far a printed percent may lie from the share: rounded for itself, or by largest remainder with the others."""


@dataclass(frozen=True)
class Item:
    """One set of answers of which each person who answered gave one: a question, or an option chosen or not."""

    question: str
    place: int
    option: int | None
    options: int
    top: tuple[int, ...]
    lowest: int | None


@dataclass(frozen=True)
class Table:
    """One table of the release: where its cells are, and for each atom the place of its cell."""

    groups: tuple[str, ...]
    cells: list[At]
    cell_of_atom: Places

    @cached_property
    def by_cell(self) -> tuple[Places, Places]:
        """Return the atoms, cell after cell, and where each cell's begin."""
        order = np.argsort(self.cell_of_atom, kind="stable")
        return order, np.searchsorted(self.cell_of_atom[order], np.arange(len(self.cells)))

    def sums(self, atoms: Numbers) -> Numbers:
        """Return for each cell the sum of what its atoms hold, along the first axis."""
        order, starts = self.by_cell
        total: Numbers = np.add.reduceat(atoms[order], starts, axis=0)
        return total


@dataclass(frozen=True)
class Bounds:
    """The least and the most that something may be, one entry for each cell (and question, item or answer)."""

    least: Numbers
    most: Numbers

    def at(self, cells: Places) -> "Bounds":
        """Return the bounds of some of the cells."""
        return Bounds(self.least[cells], self.most[cells])

    def outside(self, values: Numbers) -> float:
        """Return how far the values lie outside at most."""
        return float(np.maximum(self.least - values, values - self.most).max(initial=0.0))

    def nearest(self, values: Numbers) -> Numbers:
        """Return the values, each moved inside its bounds."""
        inside: Numbers = np.minimum(np.maximum(values, self.least), self.most)
        return inside


@dataclass(frozen=True)
class Shares:
    """What is printed of the answers in the cells of one table, as shares of those who answered.

    `told` is cells x items. `options` (cells x items x options), `top` and `mean` (cells x items) are shares of 1,
    the mean in points.
    """

    told: Flags
    options: Bounds
    top: Bounds
    mean: Bounds

    def at(self, cells: Places) -> "Shares":
        """Return what is printed of some of the cells."""
        return Shares(self.told[cells], self.options.at(cells), self.top.at(cells), self.mean.at(cells))

    def forget(self, at: tuple[int, int]) -> None:
        """Take back all that is known of an item in a cell."""
        self.told[at] = False
        for bounds in (self.options, self.top, self.mean):
            bounds.least[at], bounds.most[at] = 0.0, NO_BOUND


@dataclass(frozen=True)
class Sums:
    """The people of cells, those who answered (cells x questions), and who gave each answer (x items x options)."""

    people: Numbers
    answered: Numbers
    options: Numbers

    def at(self, cells: Places) -> "Sums":
        """Return the sums of some of the cells."""
        return Sums(self.people[cells], self.answered[cells], self.options[cells])

    def plus(self, other: "Sums", sign: int = 1) -> "Sums":
        """Return the sums with those of other atoms added, or with -1 taken away."""
        return Sums(
            self.people + sign * other.people,
            self.answered + sign * other.answered,
            self.options + sign * other.options,
        )


def families(document: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the group questions in sets that no pair ties together.

    Tables of two families have nothing in common but the district: where both have the same people and answers
    there, a data set with both exists. So each family is looked at alone.
    """
    of = {group["id"]: group["of"] or group["id"] for group in document["groups"]}
    found = [{name} for name in of.values() if name in of]
    for pair in document["pairs"]:
        tied = {of[name] for name in pair}
        met = [each for each in found if each & tied]
        found = [each for each in found if not each & tied] + [tied.union(*met)]
    order = list(of)
    return sorted(
        {tuple(sorted(each, key=order.index)) for each in found}, key=lambda each: order.index(each[0])
    ) or [()]


class Printed:
    """A release as arrays: the tables of one family of groups, or all, in the order of the release.

    `fixed` is what the district holds in every decoy, once the first was found.
    """

    def __init__(self, document: Mapping[str, Any], family: Sequence[str] | None = None) -> None:
        self.released = Released(document)
        self.minimum = self.released.minimum
        self.axes = [group for group in self.released.sizes if group not in self.released.level_of]
        if family is not None:
            self.axes = list(family)
        self.fixed: Sums | None = None
        self.shape = tuple(self.released.sizes[group] for group in self.axes)
        self.atoms = int(np.prod(self.shape, dtype=np.int64))
        self.questions = [question["id"] for question in document["questions"]]
        self.items = [item for place, each in enumerate(document["questions"]) for item in _items(place, each)]
        self.widest = max((item.options for item in self.items), default=0)

    @cached_property
    def tables(self) -> list[Table]:
        """Return the tables with the cell of each atom."""
        return [
            Table(groups, self.released.cells_of(groups), self._cell_of_atom(groups))
            for groups in self.released.tables
            if self._place_of_atom.keys() >= set(groups)
        ]

    def _cell_of_atom(self, groups: tuple[str, ...]) -> Places:
        code = np.zeros(self.atoms, dtype=np.intp)
        for group in groups:
            code = code * self.released.sizes[group] + self._place_of_atom[group]
        return code

    @cached_property
    def _place_of_atom(self) -> dict[str, Places]:
        grid = np.indices(self.shape).reshape(len(self.shape), self.atoms)
        places: dict[str, Places] = dict(zip(self.axes, grid, strict=True))
        for name, (of, inside) in self.released.level_of.items():
            if of not in places:
                continue
            level = np.zeros(self.released.sizes[of], dtype=np.intp)
            for place, members in enumerate(inside):
                level[members] = place
            places[name] = level[places[of]]
        return places

    @cached_property
    def parted(self) -> str | None:
        """Return the group with the most places, in which decoys differ place by place; None without groups."""
        return max(self.axes, key=lambda axis: self.released.sizes[axis], default=None)

    @cached_property
    def places_of_parted(self) -> Places:
        """Return for each atom its place of the parted group."""
        assert self.parted is not None
        return self._place_of_atom[self.parted]

    def atoms_of(self, places: Sequence[int]) -> Places:
        """Return the atoms in these places of the parted group."""
        return np.flatnonzero(np.isin(self.places_of_parted, places))

    @cached_property
    def valid(self) -> Flags:
        """Return items x options: whether the item has the option."""
        return np.arange(self.widest) < np.array([[item.options] for item in self.items])

    @cached_property
    def in_top(self) -> Flags:
        """Return items x options: whether the option is one of the upper answers."""
        return np.array([[option in item.top for option in range(self.widest)] for item in self.items])

    @cached_property
    def points(self) -> Numbers:
        """Return items x options: what the option counts in a mean, 0 where there is none."""
        options = np.arange(self.widest)
        return np.array(
            [np.zeros(self.widest) if item.lowest is None else options + item.lowest for item in self.items]
        ).astype(float)

    @cached_property
    def question_of_item(self) -> Places:
        """Return the place of each item's question."""
        return np.array([item.place for item in self.items], dtype=np.intp)

    @cached_property
    def hidden(self) -> list[Flags]:
        """Return for each table the cells whose number of people is not told."""
        return [
            np.array([self.released.cells[at]["n"] is None for at in table.cells], dtype=bool)
            for table in self.tables
        ]

    @cached_property
    def rosters(self) -> list[Numbers]:
        """Return for each table the most people a cell can hold: the smallest roster of its places."""
        return [np.array([self._roster(at) for at in table.cells], dtype=float) for table in self.tables]

    def _roster(self, at: At) -> float:
        known = [self.released.roster(at_one) for at_one in (frozenset(), *(frozenset({part}) for part in at))]
        return min((count for count in known if count is not None), default=NO_BOUND)

    @cached_property
    def people(self) -> list[Bounds]:
        """Return for each table the bounds of its cells' people: printed, else 0 to the roster.

        People say themselves where they belong, so rosters may contradict what is printed; they bound nothing then.
        """
        bounded = [self._people(*each) for each in zip(self.tables, self.rosters, strict=True)]
        if not any((each.least > each.most).any() for each in self._along_lines(bounded)):
            return bounded
        return [self._people(table, np.full(len(table.cells), NO_BOUND)) for table in self.tables]

    def _people(self, table: Table, rosters: Numbers) -> Bounds:
        printed = [self.released.cells[at]["n"] for at in table.cells]
        bounds = [
            (0, roster) if n is None else number_bounds(n) for n, roster in zip(printed, rosters, strict=True)
        ]
        return Bounds(*np.array(bounds, dtype=float).T)

    @cached_property
    def reach(self) -> list[Bounds]:
        """Return for each table the people of its cells as narrowed by all lines until nothing changes."""
        return self._along_lines(self.people)

    @cached_property
    def answered_reach(self) -> list[Bounds]:
        """Return the same, as cells x questions, of those who answered."""
        pairs = zip(self.answered, self.reach, strict=True)
        return self._along_lines(
            [Bounds(each.least, np.minimum(each.most, reach.most[:, None])) for each, reach in pairs]
        )

    def _along_lines(self, bounds: Sequence[Bounds]) -> list[Bounds]:
        least, most = [each.least.copy() for each in bounds], [each.most.copy() for each in bounds]
        for _ in range(MOST_ROUNDS):
            if not sum(_narrow(line, least, most) for line in self.lines):
                break
        return [Bounds(*each) for each in zip(least, most, strict=True)]

    @cached_property
    def lines(self) -> list[tuple[int, int, list[tuple[int, Places]]]]:
        """Return for each line the table and cell of its total, and its parts as cells of one or two tables."""
        place = {at: (t, cell) for t, table in enumerate(self.tables) for cell, at in enumerate(table.cells)}
        lines = []
        for total, parts in self.released.lines:
            if parts[0] not in place:
                continue
            tables: dict[int, list[int]] = {}
            for part in parts:
                tables.setdefault(place[part][0], []).append(place[part][1])
            cells = [(t, np.array(each, dtype=np.intp)) for t, each in tables.items()]
            lines.append((*place[total], cells))
        return lines

    @cached_property
    def places(self) -> dict[At, int]:
        """Return for each cell its place in the document."""
        return {at: place for place, at in enumerate(self.released.cells)}

    @cached_property
    def lines_of(self) -> dict[tuple[int, int], list[int]]:
        """Return for each (table, cell) the lines that it is the total or a part of."""
        lines: dict[tuple[int, int], list[int]] = {}
        for number, (table, cell, parts) in enumerate(self.lines):
            for at in [(table, cell), *((t, part) for t, cells in parts for part in cells.tolist())]:
                lines.setdefault(at, []).append(number)
        return lines

    @cached_property
    def empty(self) -> Flags:
        """Return the atoms that must hold nobody, since a cell they are in is empty by its lines or its roster."""
        empty = np.zeros(self.atoms, dtype=bool)
        for table, bounds in zip(self.tables, self.reach, strict=True):
            empty |= (bounds.most <= 0)[table.cell_of_atom]
        return empty

    @cached_property
    def answered(self) -> list[Bounds]:
        """Return for each table, as cells x questions, the bounds of those who answered; none where not told."""
        return [self._answered(table) for table in self.tables]

    def _answered(self, table: Table) -> Bounds:
        shape = (len(table.cells), len(self.questions))
        least, most = np.zeros(shape), np.full(shape, NO_BOUND)
        for cell, question, told in self._told(table):
            least[cell, question], most[cell, question] = number_bounds(told["n"])
        return Bounds(least, most)

    @cached_property
    def shares(self) -> list[Shares]:
        """Return for each table what is printed of the answers."""
        return [self._shares(table) for table in self.tables]

    def _told(self, table: Table) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
        for cell, at in enumerate(table.cells):
            answers = self.released.cells[at]["answers"]
            for place, question in enumerate(self.questions):
                if question in answers and answers[question]["status"] != "withheld":
                    yield cell, place, answers[question]

    def read_hidden(self, table: int, cell: int) -> None:
        """Take in that a cell is hidden that was told when the release was read."""
        for name in ("hidden", "people", "reach", "answered_reach", "empty"):
            self.__dict__.pop(name, None)
        for place in range(len(self.questions)):
            self.read_again(table, cell, place)

    def read_again(self, table: int, cell: int, place: int) -> None:
        """Take in that a question is told otherwise in a cell than when the release was read."""
        at, question = self.tables[table].cells[cell], self.questions[place]
        told, read = self.released.cells[at]["answers"].get(question, WITHHELD), self.shares[table]
        withheld = told["status"] == "withheld"
        bounds = (0, NO_BOUND) if withheld else number_bounds(told["n"])
        self.answered[table].least[cell, place], self.answered[table].most[cell, place] = bounds
        for item in self._items_of[place]:
            read.forget((cell, item))
            if not withheld:
                read.told[cell, item] = True
                _read(self.items[item], told, read, (cell, item))

    def _shares(self, table: Table) -> Shares:
        shape = (len(table.cells), len(self.items))
        read = Shares(
            np.zeros(shape, dtype=bool),
            _unbounded((*shape, self.widest)),
            _unbounded(shape),
            _unbounded(shape),
        )
        for cell, question, told in self._told(table):
            for item in self._items_of[question]:
                read.told[cell, item] = True
                _read(self.items[item], told, read, (cell, item))
        return read

    @cached_property
    def _items_of(self) -> list[list[int]]:
        return [
            [i for i, item in enumerate(self.items) if item.place == place] for place in range(len(self.questions))
        ]


def _items(place: int, question: Mapping[str, Any]) -> list[Item]:
    name, kind, options = question["id"], question["kind"], question["options"]
    if kind == "several":
        return [Item(name, place, option, 2, (), None) for option in range(options)]
    top = TOP.get(kind, (0,) if kind == "one" and options == 2 else ())
    return [Item(name, place, None, options, top, LOWEST.get(kind))]


def _unbounded(shape: tuple[int, ...]) -> Bounds:
    return Bounds(np.zeros(shape), np.full(shape, NO_BOUND))


def _narrow(line: tuple[int, int, list[tuple[int, Places]]], least: list[Numbers], most: list[Numbers]) -> bool:
    """Narrow total and parts of a line by each other, in place; say whether anything changed."""
    table, cell, parts = line
    low = sum(least[t][cells].sum(axis=0) for t, cells in parts)
    high = sum(most[t][cells].sum(axis=0) for t, cells in parts)
    news = [
        (t, cells, least[table][cell] - (high - most[t][cells]), most[table][cell] - (low - least[t][cells]))
        for t, cells in parts
    ]
    news.append((table, np.array([cell]), np.asarray(low), np.asarray(high)))
    changed = False
    for t, cells, at_least, at_most in news:
        tighter = np.maximum(least[t][cells], at_least), np.minimum(most[t][cells], at_most)
        changed |= bool((tighter[0] > least[t][cells]).any() or (tighter[1] < most[t][cells]).any())
        least[t][cells], most[t][cells] = tighter
    return changed


def _read(item: Item, told: Mapping[str, Any], read: Shares, at: tuple[int, int]) -> None:
    """Write down the bounds of every share that is printed of an item in a cell."""
    options, step = told["options"], told["step"]
    n = told["n"] if isinstance(told["n"], int) else None
    if item.option is not None:
        _write(read.options, (*at, 1), _bounds(options[item.option], ALONE, step, n))
        return
    ranged = bool(options) and any(isinstance(share, list) for share in options)
    for option, share in enumerate(options or ()):
        _write(read.options, (*at, option), _bounds(share, ALONE if ranged else TOGETHER, step, n))
    if told["top"] is not None:
        slack = len(item.top) * TOGETHER if options and not ranged else ALONE
        _write(read.top, at, _bounds(_widened(told["top"], ranged, len(item.top)), slack, step, n))
    if told["mean"] is not None:
        _write(read.mean, at, _whole(told["mean"] - 0.05, told["mean"] + 0.05, n))


def _write(bounds: Bounds, at: tuple[int, ...], pair: tuple[float, float]) -> None:
    bounds.least[at], bounds.most[at] = pair


def _widened(share: int | list[int], ranged: bool, parts: int) -> int | list[float]:
    """Return the range of an upper share with room for the rounding of the parts that it is the sum of."""
    if ranged and isinstance(share, list) and share[0] > 0 and share[1] < 100:
        return [share[0] - parts / 2, share[1] + parts / 2]
    return share if isinstance(share, int) else [float(end) for end in share]


def _bounds(share: int | list[int] | list[float], slack: float, step: int, n: int | None) -> tuple[float, float]:
    """Return the least and the most, as shares of 1, that a printed share of n people stands for."""
    if isinstance(share, int):
        room = slack if step == 1 else slack + step / 2
        low, high = (share - room) / 100, (share + room) / 100
    else:
        low, high = share[0] / 100, share[1] / 100
    return _whole(max(0.0, low), min(1.0, high), n)


def _whole(low: float, high: float, n: int | None) -> tuple[float, float]:
    """Return the bounds of a share or a mean; of n people, those that whole people or whole points make up."""
    if n is None:
        return low, high
    return float(np.ceil(low * n - 1e-9)) / n, float(np.floor(high * n + 1e-9)) / n
