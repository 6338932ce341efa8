"""Decoys: invented data sets that print the very same release, found by scaling and from its numbers alone.

Scaling starts from tables in which everyone is alike, and multiplies the people of every printed cell until its
printed number fits (iterative proportional fitting: Deming and Stephan 1940; cyclic projections onto such sets
reach a point of all of them: Bregman 1967). So a decoy is a product of one weight for each printed number, and
knows nothing else. Three floors stand on one another: the people of each atom, those of them who answered each
question, and what these answered. Questions on the same people can be joined, so that one decoy is one data set
for all questions together.

Sums, products, square roots and comparisons only: no function whose last digit depends on the machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from commonground.disclosure.certificate import CLOSE
from commonground.disclosure.parts import Part, Touched
from commonground.disclosure.printed import NO_BOUND, Bounds, Flags, Numbers, Places, Table

NEAR, VERY_NEAR = CLOSE / 2, CLOSE / 10
"""How far a sum may be off; and where scaling of people stops, so that all of a cell can have answered."""
TINY = 1e-30
MOST_GROWN, LEAST_WEIGHT = 1e100, 1e-30
"""Weights of what cannot fit grow and shrink without end; beyond this they would be no numbers, or none that a
certificate holds."""
SPECK = 0.0001
"""The people of a cell who are left over where everyone answered, so that others may still grow from them."""
STEEPEST = 0.2
FARTHEST = 3.0
MARGINS = (0.2, 0.08, 0.0)
"""How far inside its bounds, in parts of their distance, a sum is moved at first, then, and in the end: so it gets
there in few sweeps, and other decoys have room to differ."""
FEW_ITEMS = 0.2
"""The share of items that may be left for which going on for long is worth its while."""
LITTLE = 20_000
LOOK = 5
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
    return np.divide(wanted, held, out=np.ones_like(held), where=held > TINY)


def fit_people(part: Part, bounds: Sequence[Bounds], people: Numbers, sweeps: int) -> tuple[Numbers, bool]:
    """Scale the people of each atom until every cell holds what its bounds say; say whether that was reached."""
    tables, off = [each.table for each in part.touched], NO_BOUND
    for sweep in range(1, sweeps + 1):
        for table, each in zip(tables, bounds, strict=True):
            sums = table.sums(people)
            people = people * ratio(each.nearest(sums), sums)[table.cell_of_atom]
        if sweep % LOOK == 0:
            off = max(each.outside(table.sums(people)) for table, each in zip(tables, bounds, strict=True))
            if off <= VERY_NEAR:
                return people, True
    return people, off <= NEAR


def fit_answered(part: Part, people: Numbers, sweeps: int) -> tuple[Numbers, Conflicts]:
    """Return how many people of each atom answered each question, and by question what does not fit."""
    answered = np.repeat(people[:, None] / 2, len(part.printed.questions), axis=1)
    left, bounds, tables = answered.copy(), part.answered, [each.table for each in part.touched]
    for sweep in range(1, sweeps + 1):
        for table, each in zip(tables, bounds, strict=True):
            sums, rest = table.sums(answered), table.sums(left)
            wanted_rest = np.maximum(sums + rest - each.nearest(sums), np.minimum(rest, SPECK))
            more, less = ratio(sums + rest - wanted_rest, sums), ratio(wanted_rest, rest)
            answered, left = answered * more[table.cell_of_atom], left * less[table.cell_of_atom]
            whole = ratio(people[:, None], answered + left)
            answered, left = answered * whole, left * whole
        if sweep % LOOK == 0 and not _conflicts(part, bounds, answered):
            break
    return answered, _conflicts(part, bounds, answered)


def _conflicts(part: Part, bounds: Sequence[Bounds], atoms: Numbers) -> Conflicts:
    found: Conflicts = {}
    for each, limits in zip(part.touched, bounds, strict=True):
        sums = each.table.sums(atoms)
        off = np.maximum(limits.least - sums, sums - limits.most)
        for cell, column in np.argwhere(off > 1.25 * NEAR).tolist():
            found.setdefault(column, {})[each.place, int(each.cells[cell])] = float(off[cell, column])
    return found


def fit_options(
    part: Part,
    answered: Numbers,
    sweeps: int,
    start: Sequence[Numbers] | None = None,
    loose: int = 0,
    wished: Sequence[Bounds] | None = None,
) -> Fit:
    """Return weights of the options, cell by cell, for those who answered (atoms x items).

    Items that do not fit are let run free for `loose` sweeps more, to see where they would have people. Shares that
    are `wished` (by table: cells x items x options) are come near to where what is printed allows it.
    """
    weights = [_normal(each) for each in start] if start else _ones(part)
    conflicts: Conflicts = {}
    drift = [np.ones(len(part.atoms))]
    for items in _groups(part):
        left = _Scaling(part, items, answered, weights, wished)
        for number, margin, most in _stints(sweeps):
            if left.fits or len(left.items) > most * len(items):
                break
            left = left.only(left.off > NEAR)
            left.run(number, margin)
        conflicts |= left.conflicts()
        if loose and not left.fits:
            drift.append(left.drift(loose))
    wishes = drift[1:] or drift
    return Fit(weights, conflicts, np.mean(wishes, axis=0))


def _stints(sweeps: int) -> Iterator[tuple[int, float, float]]:
    """Yield the stints of so many sweeps: how many, how far inside the bounds, for what share of the items at most.

    What fits after one is left alone; the few items that need long get many sweeps more.
    """
    third = sweeps // 3
    yield from ((third // 2, margin, 1.0) for margin in MARGINS[:-1])
    yield from ((number, MARGINS[-1], 1.0) for number in (third // 3, third // 2, third))
    yield from ((number, MARGINS[-1], FEW_ITEMS) for number in (third, 2 * third, 4 * third))


def _ones(part: Part) -> list[Numbers]:
    shape = (len(part.printed.items), part.printed.widest)
    return [np.where(part.printed.valid, 1.0, 0.0) * np.ones((len(each.cells), *shape)) for each in part.touched]


def _groups(part: Part) -> list[Places]:
    """Return the items to be scaled together: all, where that is little, else those with equally many options."""
    items, widest = len(part.printed.items), part.printed.widest
    if len(part.atoms) * items * widest <= LITTLE:
        return [np.arange(items)] if items else []
    options = np.array([item.options for item in part.printed.items], dtype=np.intp)
    return [np.flatnonzero(options == width) for width in np.unique(options)]


def short(numbers: Numbers) -> Numbers:
    """Return the numbers as a certificate holds them."""
    return numbers.astype(np.float32).astype(float)


def _normal(weights: Numbers) -> Numbers:
    """Return the weights as a certificate holds them, with the greatest of each cell and item 1."""
    greatest = weights.max(axis=2, keepdims=True, initial=0.0)
    normal = weights / np.where(greatest > 0, greatest, 1.0)
    return short(np.where(normal > 0, np.maximum(normal, LEAST_WEIGHT), 0.0))


@dataclass(frozen=True)
class _Told:
    """The touched cells of a table that tell of some of the items: their places in the release and in the part, the
    atoms in them, how many of these answered, and how many may have given each answer."""

    place: int
    cells: Places
    rows: Places
    atoms: Places
    table: Table
    people: Numbers
    options: Bounds
    top: Bounds
    mean: Bounds
    wished: Bounds | None

    def sums(self, held: Numbers) -> Numbers:
        """Return what the cells hold."""
        order, starts = self._order
        total: Numbers = np.add.reduceat(held[order], starts, axis=0)
        return total

    def scale(self, held: Numbers, factor: Numbers) -> None:
        """Multiply what the atoms of each cell hold."""
        if len(self.atoms) == len(held):
            held *= factor[self.table.cell_of_atom]
        else:
            held[self.atoms] *= factor[self.table.cell_of_atom]

    @cached_property
    def _order(self) -> tuple[Places, Places]:
        order, starts = self.table.by_cell
        return self.atoms[order], starts

    def inside(self, margin: float) -> "_Told":
        """Return the same with bounds so much closer; at the bounds themselves nothing more is wished."""
        options, top, mean = (_inside(each, margin) for each in (self.options, self.top, self.mean))
        return replace(self, options=options, top=top, mean=mean, wished=self.wished if margin else None)


class _Scaling:
    """Some items, and the answers of each atom on their way to what is printed."""

    def __init__(
        self,
        part: Part,
        items: Places,
        answered: Numbers,
        weights: list[Numbers],
        wished: Sequence[Bounds] | None = None,
    ) -> None:
        self.part, self.items, self.weights, self.wished = part, items, weights, wished
        printed = part.printed
        self.width = max(printed.items[item].options for item in items.tolist())
        self.all_answered = answered
        self.answered = answered[:, items]
        self.in_top, self.points = printed.in_top[items, : self.width], printed.points[items, : self.width]
        self.tables = [told for each in part.touched if (told := self._told(each)) is not None]
        self.held = self._start()
        self.off = np.full(len(items), np.inf)

    def _told(self, touched: Touched) -> _Told | None:
        shares, table = self.part.printed.shares[touched.place], touched.table
        fixed = self.part.printed.fixed if touched.place == 0 else None
        told = shares.told[np.ix_(touched.cells, self.items)].any(axis=1)
        rows = np.flatnonzero(told | self._any_wished(touched) | (fixed is not None))
        if not len(rows):
            return None
        number = np.full(len(table.cells), -1, dtype=np.intp)
        number[rows] = np.arange(len(rows))
        atoms = np.flatnonzero(number[table.cell_of_atom] >= 0)
        part = Table(table.groups, [table.cells[row] for row in rows], number[table.cell_of_atom[atoms]])
        people, cells = part.sums(self.answered[atoms]), touched.cells[rows]
        given = touched.outside.options[np.ix_(rows, self.items, np.arange(self.width))]
        all_people, upper = people + given.sum(axis=2), (given * self.in_top).sum(axis=2)
        points = (given * self.points).sum(axis=2)
        at = np.ix_(cells, self.items)
        options = np.ix_(cells, self.items, np.arange(self.width))
        bounds = _of(shares.options, options, all_people[:, :, None], given)
        if fixed:
            left = fixed.options[options] - given
            bounds = Bounds(left, left)
        return _Told(
            touched.place,
            cells,
            rows,
            atoms,
            part,
            people,
            bounds,
            _of(shares.top, at, all_people, upper),
            _of(shares.mean, at, all_people, points),
            self._wished_of(touched.place, options, people),
        )

    def _any_wished(self, touched: Touched) -> Flags:
        if self.wished is None:
            return np.zeros(len(touched.cells), dtype=bool)
        wished = self.wished[touched.place].at(touched.cells)
        some: Flags = np.any(((wished.least > 0) | (wished.most < 1))[:, self.items], axis=(1, 2))
        return some

    def _wished_of(self, place: int, options: tuple[Places, ...], people: Numbers) -> Bounds | None:
        if self.wished is None:
            return None
        wished = self.wished[place]
        return Bounds(wished.least[options] * people[:, :, None], wished.most[options] * people[:, :, None])

    def _start(self) -> Numbers:
        held = np.ones((len(self.part.atoms), len(self.items), self.width))
        for touched, weights in zip(self.part.touched, self.weights, strict=True):
            held *= weights[:, self.items, : self.width][touched.table.cell_of_atom]
        started: Numbers = held * ratio(self.answered, held.sum(axis=2))[:, :, None]
        return started

    @property
    def fits(self) -> bool:
        """Whether all items fit."""
        return bool(self.off.max(initial=0.0) <= NEAR)

    def only(self, some: Flags) -> "_Scaling":
        """Return the same for some of the items."""
        return _Scaling(self.part, self.items[some], self.all_answered, self.weights, self.wished)

    def run(self, sweeps: int, margin: float) -> None:
        """Sweep over all tables until everything fits, or `sweeps` times; aims are so far inside the bounds.

        Towards the bounds themselves each step is half as long again (over-relaxation: Agmon 1954): a sum that
        would come near them ever more slowly gets there.
        """
        grown = [np.ones(told.options.least.shape) for told in self.tables]
        aims = [told.inside(margin) for told in self.tables]
        for sweep in range(1, sweeps + 1):
            for aim, growth in zip(aims, grown, strict=True):
                factor = self._factor(aim)
                factor *= 1.0 if margin else np.sqrt(factor)
                aim.scale(self.held, factor)
                np.clip(growth * factor, 1 / MOST_GROWN, MOST_GROWN, out=growth)
            self.held *= ratio(self.answered, self.held.sum(axis=2))[:, :, None]
            if sweep % LOOK == 0:
                self.off = self._off()
                if self.fits:
                    break
        for told, growth in zip(self.tables, grown, strict=True):
            mine = np.ix_(told.rows, self.items, np.arange(self.width))
            self.weights[told.place][mine] = _normal(self.weights[told.place][mine] * growth)
        self.held = self._start()
        self.off = self._off()

    def drift(self, sweeps: int) -> Numbers:
        """Return by what the people of each atom would grow if the items that do not fit could have their way."""
        for _ in range(sweeps):
            for told in self.tables:
                told.scale(self.held, self._factor(told))
        wish = ratio(self.held.sum(axis=2), self.answered)[:, self.off > NEAR]
        grown: Numbers = np.clip(wish, 1 / FARTHEST, FARTHEST).mean(axis=1)
        return grown

    def _factor(self, told: _Told) -> Numbers:
        """Return by what each option in each cell is to be multiplied."""
        sums = told.sums(self.held)
        wanted = np.maximum(told.options.nearest(told.wished.nearest(sums) if told.wished else sums), 0.0)
        wanted = wanted * ratio(told.people, wanted.sum(axis=2))[:, :, None]
        wanted = self._with_top(wanted, told)
        return ratio(self._with_mean(wanted, told), sums)

    def _with_top(self, sums: Numbers, told: _Told) -> Numbers:
        upper = (sums * self.in_top).sum(axis=2)
        wanted = np.clip(told.top.nearest(upper), 0.0, told.people)
        if np.array_equal(wanted, upper):
            return sums
        up, down = ratio(wanted, upper), ratio(told.people - wanted, told.people - upper)
        changed: Numbers = sums * np.where(self.in_top, up[:, :, None], down[:, :, None])
        return changed

    def _with_mean(self, sums: Numbers, told: _Told) -> Numbers:
        """Tilt the options in proportion to their distance from the mean, one step of Newton's method."""
        points = (sums * self.points).sum(axis=2)
        wanted = np.maximum(told.mean.nearest(points), 0.0)
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
        sums = told.sums(self.held)
        upper, points = (sums * self.in_top).sum(axis=2), (sums * self.points).sum(axis=2)
        off = np.maximum(told.options.least - sums, sums - told.options.most).max(axis=2)
        for each, values in ((told.top, upper), (told.mean, points)):
            off = np.maximum(off, np.maximum(each.least - values, values - each.most))
        apart: Numbers = np.maximum(off, 0.0)
        return apart


def _inside(bounds: Bounds, part: float) -> Bounds:
    margin = np.where(bounds.most < NO_BOUND, part * (bounds.most - bounds.least), 0.0)
    return Bounds(bounds.least + margin, bounds.most - margin)


def _of(shares: Bounds, at: tuple[Places, ...], people: Numbers, outside: Numbers) -> Bounds:
    """Return how many of a part may have given an answer, if of all people a share did, and so many elsewhere.

    Fewer than nobody is kept, so that it shows by how many people those elsewhere alone are too many.
    """
    most = np.where(shares.most[at] >= NO_BOUND, NO_BOUND, shares.most[at] * people - outside)
    return Bounds(np.maximum(shares.least[at] * people - outside, 0.0), most)
