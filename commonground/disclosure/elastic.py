"""Which printed shares stand against a goal, and where people would then have to be: one elastic linear program.

An elastic program lets every share be broken at a price, and breaks as little as it can (Brown and Graves 1975;
Chinneck 2008, chapter 6). What it breaks is the cheapest set of shares to tell less of; what it does not break
can all stand together. It looks at a few items on the same people, numbers of people and of those who answered are
never broken, and it is of the release alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from commonground.disclosure.certificate import CLOSE
from commonground.disclosure.limits import solved
from commonground.disclosure.parts import Part, Touched, at_least
from commonground.disclosure.printed import NO_BOUND, Bounds, Numbers, Places

ROOM = 0.05
"""How far inside its bounds, in parts of their distance, a share should stand, so that scaling gets there."""
BROKEN = 0.05
"""By how many people more than that a share must be broken to count."""
DEAR = {0: 50.0, 1: 5.0, 2: 1.0}
OF_LEVELS = 4.0
"""What it costs to break a share by one person: in the district, in groups, in crossed groups; in levels more."""


@dataclass(frozen=True)
class Price:
    """The shares (item, table, cell) that cannot all stand, the cheapest set; people of a part's atoms then."""

    broken: list[tuple[int, int, int]]
    people: Numbers


@dataclass
class _Rows:
    """A matrix as it is written down: sums of terms between bounds."""

    number: int = 0
    terms: list[tuple[Places, Places, Numbers]] = field(default_factory=list)
    least: list[Numbers] = field(default_factory=list)
    most: list[Numbers] = field(default_factory=list)

    def add(self, bounds: Bounds, *terms: tuple[Places, Places, Numbers | float]) -> None:
        """Add rows with these bounds; each term is (row of these, column, value)."""
        for row, column, value in terms:
            self.terms.append((row + self.number, column, np.broadcast_to(value, row.shape)))
        self.number += len(bounds.least)
        self.least.append(np.where(bounds.least <= -NO_BOUND, -highspy.kHighsInf, bounds.least))
        self.most.append(np.where(bounds.most >= NO_BOUND, highspy.kHighsInf, bounds.most))


def cheapest(part: Part, goals: Sequence[tuple[int, int, float]], items: Sequence[int]) -> Price:
    """Return what the goals (table, touched cell, people) cost these items.

    Raises ArithmeticError where the numbers of people and of those who answered stand against it.
    """
    return _Program(part, goals, items).solve()


@dataclass(frozen=True)
class _Asked:
    """An item and its columns: who of each atom answered, and for each option who gave that answer."""

    place: int
    answered: Places
    options: list[Places]


class _Program:
    """Columns: the people of each atom, those who answered each question, who gave each answer; and all breaks."""

    def __init__(self, part: Part, goals: Sequence[tuple[int, int, float]], items: Sequence[int]) -> None:
        self.part, self.printed, self.rows = part, part.printed, _Rows()
        self.atoms = np.arange(len(part.atoms))
        self.columns = len(self.atoms)
        self.breaks: list[tuple[int, int, int]] = []
        self.cost: list[Numbers] = []
        self.rooms: list[Numbers] = []
        self._people(at_least(part.people, goals))
        of_question: dict[int, Places] = {}
        for item in items:
            question = self.printed.items[item].place
            if question not in of_question:
                of_question[question] = self._answered(question)
            self._item(item, of_question[question])

    def _new(self, number: int, cost: float = 0.0) -> Places:
        first, self.columns = self.columns, self.columns + number
        self.cost.append(np.full(number, cost))
        return np.arange(first, self.columns)

    def _people(self, bounds: Sequence[Bounds]) -> None:
        for each, limits in zip(self.part.touched, bounds, strict=True):
            self.rows.add(_nearly(limits.least, limits.most), (each.table.cell_of_atom, self.atoms, 1.0))

    def _answered(self, question: int) -> Places:
        answered = self._new(len(self.atoms))
        at_most_all = Bounds(np.full(len(self.atoms), -NO_BOUND), np.zeros(len(self.atoms)))
        self.rows.add(at_most_all, (self.atoms, answered, 1.0), (self.atoms, self.atoms, -1.0))
        for each, limits in zip(self.part.touched, self.part.answered, strict=True):
            bounds = _nearly(limits.least[:, question], limits.most[:, question])
            self.rows.add(bounds, (each.table.cell_of_atom, answered, 1.0))
        return answered

    def _item(self, place: int, answered: Places) -> None:
        asked = _Asked(
            place, answered, [self._new(len(self.atoms)) for _ in range(self.printed.items[place].options)]
        )
        nothing = np.zeros(len(self.atoms))
        chosen = [(self.atoms, option, 1.0) for option in asked.options]
        self.rows.add(Bounds(nothing, nothing), *chosen, (self.atoms, answered, -1.0))
        for each in self.part.touched:
            if each.place == 0 and self.printed.fixed:
                self._fixed(asked, each, self.printed.fixed.options[0, place])
            else:
                self._shares(asked, each)

    def _fixed(self, asked: _Asked, district: Touched, options: Numbers) -> None:
        for number, column in enumerate(asked.options):
            left = options[number : number + 1] - district.outside.options[:, asked.place, number]
            self.rows.add(_nearly(left, left), (district.table.cell_of_atom, column, 1.0))

    def _shares(self, asked: _Asked, each: Touched) -> None:
        place, shares, width = asked.place, self.printed.shares[each.place], len(asked.options)
        told = np.flatnonzero(shares.told[each.cells, place])
        cells, breaks = each.cells[told], self._breaks(place, each, told)
        for option, weights in enumerate(np.eye(width)):
            bounds = Bounds(shares.options.least[cells, place, option], shares.options.most[cells, place, option])
            self._share(asked, each, told, breaks, bounds, weights)
        top, mean = self.printed.in_top[place, :width].astype(float), self.printed.points[place, :width]
        for bounds, weights in ((shares.top, top), (shares.mean, mean)):
            limits = Bounds(bounds.least[cells, place], bounds.most[cells, place])
            self._share(asked, each, told, breaks, limits, weights)

    def _breaks(self, place: int, each: Touched, told: Places) -> Places:
        groups = each.table.groups
        dear = DEAR[len(groups)] * (OF_LEVELS if any("/" in group for group in groups) else 1.0)
        self.breaks += [(place, each.place, cell) for cell in each.cells[told].tolist()]
        self.rooms.append(np.zeros(len(told)))
        return self._new(len(told), dear)

    def _share(
        self, asked: _Asked, each: Touched, told: Places, breaks: Places, shares: Bounds, weights: Numbers
    ) -> None:
        """Add: least * all <= answers by their weights <= most * all in the cells that tell, unless broken."""
        known = np.flatnonzero(shares.most < NO_BOUND)
        told, breaks, shares = told[known], breaks[known], shares.at(known)
        row_of_cell = np.full(len(each.table.cells), -1)
        row_of_cell[told] = np.arange(len(told))
        inside = np.flatnonzero(row_of_cell[each.table.cell_of_atom] >= 0)
        row = row_of_cell[each.table.cell_of_atom[inside]]
        room = ROOM * (shares.most - shares.least)
        answered = self.printed.answered[each.place].most[
            each.cells[told], self.printed.question_of_item[asked.place]
        ]
        self.rooms[-1][known] = np.maximum(self.rooms[-1][known], room * answered)
        others: Numbers = each.outside.options[told, asked.place, : len(weights)]
        given, all_others = others @ weights, others.sum(axis=1)
        chosen = [(row, asked.options[o][inside], weight) for o, weight in enumerate(weights.tolist()) if weight]
        never, every = np.full(len(told), NO_BOUND), np.arange(len(told))
        least, most = shares.least + room, shares.most - room
        for part, bounds, side in (
            (least, Bounds(least * all_others - given, never), 1.0),
            (most, Bounds(-never, most * all_others - given), -1.0),
        ):
            of_all = (row, asked.answered[inside], -part[row])
            self.rows.add(bounds, *chosen, of_all, (every, breaks, side))

    def solve(self) -> Price:
        """Return the cheapest set of breaks."""
        rows, columns, values = (np.concatenate([term[k] for term in self.rows.terms]) for k in range(3))
        order = np.lexsort((columns, rows))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, self.rows.number
        model.col_cost_ = np.concatenate([np.zeros(len(self.atoms)), *self.cost])
        model.col_lower_ = np.zeros(self.columns)
        most = np.full(self.columns, highspy.kHighsInf)
        most[: len(self.atoms)][self.printed.empty[self.part.atoms]] = 0.0
        model.col_upper_ = most
        model.row_lower_, model.row_upper_ = np.concatenate(self.rows.least), np.concatenate(self.rows.most)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.searchsorted(rows[order], np.arange(self.rows.number + 1))
        model.a_matrix_.index_, model.a_matrix_.value_ = columns[order], values[order]
        values = np.array(solved(model).getSolution().col_value)
        broken = values[np.flatnonzero(model.col_cost_)] > np.concatenate([np.zeros(0), *self.rooms]) + BROKEN
        return Price([self.breaks[place] for place in np.flatnonzero(broken)], values[: len(self.atoms)])


def _nearly(least: Numbers, most: Numbers) -> Bounds:
    """Return bounds for what a decoy holds elsewhere was taken from, which is not exact."""
    return Bounds(least - CLOSE, most + CLOSE)
