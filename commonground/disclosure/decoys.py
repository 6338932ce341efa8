"""Decoys: invented data sets that print the very same release, found by scaling and from its numbers alone.

Scaling starts from tables in which everyone is alike, and multiplies the people of every printed cell until its
printed number fits (iterative proportional fitting: Deming and Stephan 1940; cyclic projections onto such sets
reach a point of all of them: Bregman 1967). So a decoy is a product of one weight for each printed number, and
knows nothing else. Three floors stand on one another: the people of each atom, those of them who answered each
question, and what these answered. Questions on the same people can be joined, so that one decoy is one data set
for all questions together.

Sums, products and comparisons only: no function whose last digit depends on the machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonground.disclosure.certificate import CLOSE
from commonground.disclosure.printed import Bounds, Numbers, Places, Printed, Table

NEAR = CLOSE / 2
TINY = 1e-30
SPECK = 0.0001
"""The people of a cell who are left over where everyone answered, so that others may still grow from them."""
STEEPEST = 0.2
FARTHEST = 3.0
LOOK = 10
"""Sweeps between two looks at how far the sums still are from what is printed."""


Conflicts = dict[int, dict[tuple[int, int], float]]


@dataclass(frozen=True)
class Fit:
    """Weights, cell by cell; what does not fit, by item: the cells (table, cell) and by how many people; and by
    what the people of each atom would grow if each conflict could have its way."""

    weights: list[Numbers]
    conflicts: Conflicts
    drift: Numbers


def ratio(wanted: Numbers, held: Numbers) -> Numbers:
    """Return by what to multiply what is held; 1 where nothing is held, since nothing comes of nothing."""
    factor: Numbers = np.where(held > TINY, wanted / np.maximum(held, TINY), 1.0)
    return factor


def fit_people(
    tables: Sequence[Table], bounds: Sequence[Bounds], people: Numbers, sweeps: int
) -> tuple[Numbers, bool]:
    """Scale the people of each atom until every cell holds what its bounds say; say whether that was reached."""
    for sweep in range(1, sweeps + 1):
        for table, each in zip(tables, bounds, strict=True):
            sums = table.sums(people)
            people = people * ratio(each.nearest(sums), sums)[table.cell_of_atom]
        if sweep % LOOK == 0:
            off = max(each.outside(table.sums(people)) for table, each in zip(tables, bounds, strict=True))
            if off <= NEAR:
                return people, True
    return people, False


def fit_answered(
    printed: Printed, bounds: Sequence[Bounds], people: Numbers, sweeps: int
) -> tuple[Numbers, Conflicts]:
    """Return how many people of each atom answered each question, and by question what does not fit."""
    answered = np.repeat(people[:, None] / 2, len(printed.questions), axis=1)
    left = answered.copy()
    for sweep in range(1, sweeps + 1):
        for table, each in zip(printed.tables, bounds, strict=True):
            sums, rest = table.sums(answered), table.sums(left)
            wanted_rest = np.maximum(sums + rest - each.nearest(sums), np.minimum(rest, SPECK))
            more, less = ratio(sums + rest - wanted_rest, sums), ratio(wanted_rest, rest)
            answered, left = answered * more[table.cell_of_atom], left * less[table.cell_of_atom]
            whole = ratio(people[:, None], answered + left)
            answered, left = answered * whole, left * whole
        if sweep % LOOK == 0 and not (found := _conflicts(printed.tables, bounds, answered)):
            return answered, found
    return answered, _conflicts(printed.tables, bounds, answered)


def _conflicts(tables: Sequence[Table], bounds: Sequence[Bounds], atoms: Numbers) -> Conflicts:
    found: Conflicts = {}
    for place, (table, each) in enumerate(zip(tables, bounds, strict=True)):
        sums = table.sums(atoms)
        off = np.maximum(each.least - sums, sums - each.most)
        for cell, column in np.argwhere(off > NEAR).tolist():
            found.setdefault(column, {})[place, cell] = float(off[cell, column])
    return found


def fit_options(
    printed: Printed, answered: Numbers, sweeps: int, start: Sequence[Numbers] | None = None, loose: int = 0
) -> Fit:
    """Return weights of the options, cell by cell, for those who answered (atoms x items).

    Items that do not fit are let run free for `loose` sweeps more, to see where they would have people.
    """
    weights = [each.copy() for each in start] if start else _ones(printed)
    conflicts: Conflicts = {}
    drift = [np.ones(printed.atoms)]
    for items in _by_width(printed):
        scaling = _Scaling(printed, items, answered, weights)
        scaling.run(sweeps)
        conflicts |= scaling.conflicts()
        if loose and scaling.off.max(initial=0.0) > NEAR:
            drift.append(scaling.drift(loose))
    wishes = drift[1:] or drift
    return Fit([_normal(each) for each in weights], conflicts, np.mean(wishes, axis=0))


def _ones(printed: Printed) -> list[Numbers]:
    shape = (len(printed.items), printed.widest)
    return [np.where(printed.valid, 1.0, 0.0) * np.ones((len(table.cells), *shape)) for table in printed.tables]


def _by_width(printed: Printed) -> list[Places]:
    """Return the items, those with equally many options together."""
    options = np.array([item.options for item in printed.items], dtype=np.intp)
    return [np.flatnonzero(options == width) for width in np.unique(options)]


def _normal(weights: Numbers) -> Numbers:
    """Return the weights of each cell and item with the greatest of them 1, which changes no share."""
    greatest = weights.max(axis=2, keepdims=True, initial=0.0)
    normal: Numbers = weights / np.where(greatest > 0, greatest, 1.0)
    return normal


@dataclass(frozen=True)
class _Told:
    """The cells of a table that tell of some of the items, the atoms in them, and the bounds in people."""

    place: int
    cells: Places
    atoms: Places
    table: Table
    people: Numbers
    options: Bounds
    top: Bounds
    mean: Bounds


class _Scaling:
    """Some items with equally many options, and the answers of each atom on their way to what is printed."""

    def __init__(self, printed: Printed, items: Places, answered: Numbers, weights: list[Numbers]) -> None:
        self.printed, self.items, self.weights = printed, items, weights
        self.width = printed.items[int(items[0])].options
        self.answered = answered[:, items]
        self.in_top, self.points = printed.in_top[items, : self.width], printed.points[items, : self.width]
        self.tables = [told for place in range(len(printed.tables)) if (told := self._told(place)) is not None]
        self.held = self._start()
        self.off = np.zeros(len(items))

    def _told(self, place: int) -> _Told | None:
        shares, table = self.printed.shares[place], self.printed.tables[place]
        cells = np.flatnonzero(shares.told[:, self.items].any(axis=1))
        if not len(cells):
            return None
        number = np.full(len(table.cells), -1, dtype=np.intp)
        number[cells] = np.arange(len(cells))
        atoms = np.flatnonzero(number[table.cell_of_atom] >= 0)
        part = Table(table.groups, [table.cells[cell] for cell in cells], number[table.cell_of_atom[atoms]])
        people = part.sums(self.answered[atoms])
        at = np.ix_(cells, self.items)
        options = np.ix_(cells, self.items, np.arange(self.width))
        return _Told(
            place,
            cells,
            atoms,
            part,
            people,
            _of(shares.options, options, people[:, :, None]),
            _of(shares.top, at, people),
            _of(shares.mean, at, people),
        )

    def _start(self) -> Numbers:
        held = np.ones((self.printed.atoms, len(self.items), self.width))
        for told in self.tables:
            weights = self.weights[told.place][np.ix_(told.cells, self.items, np.arange(self.width))]
            held[told.atoms] *= weights[told.table.cell_of_atom]
        started: Numbers = held * ratio(self.answered, held.sum(axis=2))[:, :, None]
        return started

    def run(self, sweeps: int) -> None:
        """Sweep over all tables until everything fits, or `sweeps` times."""
        for sweep in range(1, sweeps + 1):
            for told in self.tables:
                factor = self._factor(told)
                self.held[told.atoms] *= factor[told.table.cell_of_atom]
                self.weights[told.place][np.ix_(told.cells, self.items, np.arange(self.width))] *= factor
            self.held *= ratio(self.answered, self.held.sum(axis=2))[:, :, None]
            if sweep % LOOK == 0 or sweep == sweeps:
                self.off = self._off()
                if self.off.max(initial=0.0) <= NEAR:
                    return

    def drift(self, sweeps: int) -> Numbers:
        """Return by what the people of each atom would grow if the items that do not fit could have their way."""
        for _ in range(sweeps):
            for told in self.tables:
                self.held[told.atoms] *= self._factor(told)[told.table.cell_of_atom]
        wish = ratio(self.held.sum(axis=2), self.answered)[:, self.off > NEAR]
        grown: Numbers = np.clip(wish, 1 / FARTHEST, FARTHEST).mean(axis=1)
        return grown

    def _factor(self, told: _Told) -> Numbers:
        """Return by what each option in each cell is to be multiplied."""
        sums = told.table.sums(self.held[told.atoms])
        wanted = told.options.nearest(sums)
        wanted = wanted * ratio(told.people, wanted.sum(axis=2))[:, :, None]
        wanted = self._with_top(wanted, told)
        return ratio(self._with_mean(wanted, told), sums)

    def _with_top(self, sums: Numbers, told: _Told) -> Numbers:
        upper = (sums * self.in_top).sum(axis=2)
        wanted = np.minimum(told.top.nearest(upper), told.people)
        up, down = ratio(wanted, upper), ratio(told.people - wanted, told.people - upper)
        changed: Numbers = sums * np.where(self.in_top, up[:, :, None], down[:, :, None])
        return changed

    def _with_mean(self, sums: Numbers, told: _Told) -> Numbers:
        """Tilt the options in proportion to their distance from the mean, one step of Newton's method."""
        points = (sums * self.points).sum(axis=2)
        wanted = told.mean.nearest(points)
        if np.array_equal(wanted, points):
            return sums
        distance = self.points - ratio(points, told.people)[:, :, None]
        spread = (sums * distance * distance).sum(axis=2)
        steep = np.clip(ratio(wanted - points, np.maximum(spread, 2 * TINY)), -STEEPEST, STEEPEST)
        tilted = sums * np.maximum(1 + steep[:, :, None] * distance, 1 - STEEPEST * 4)
        changed: Numbers = tilted * ratio(told.people, tilted.sum(axis=2))[:, :, None]
        return changed

    def conflicts(self) -> Conflicts:
        """Return for each item that does not fit the cells (table, cell) that are off, and by how many people."""
        found: Conflicts = {}
        for told in self.tables:
            off = self._off_of(told)
            for cell, place in np.argwhere((off > NEAR) & (self.off > NEAR)).tolist():
                found.setdefault(int(self.items[place]), {})[told.place, int(told.cells[cell])] = float(
                    off[cell, place]
                )
        return found

    def _off(self) -> Numbers:
        off = np.zeros(len(self.items))
        for told in self.tables:
            off = np.maximum(off, self._off_of(told).max(axis=0))
        return off

    def _off_of(self, told: _Told) -> Numbers:
        sums = told.table.sums(self.held[told.atoms])
        upper, points = (sums * self.in_top).sum(axis=2), (sums * self.points).sum(axis=2)
        off = np.maximum(told.options.least - sums, sums - told.options.most).max(axis=2)
        for each, values in ((told.top, upper), (told.mean, points)):
            off = np.maximum(off, np.maximum(each.least - values, values - each.most))
        apart: Numbers = np.maximum(off, 0.0)
        return apart


def _of(shares: Bounds, at: tuple[Places, ...], people: Numbers) -> Bounds:
    return Bounds(shares.least[at] * people, shares.most[at] * people)
