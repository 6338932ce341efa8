"""Sets of few people that stand in an earlier release and follow in the one that is made.

The earlier release is a system of sums over its finest groups, of whose people only the printed sums are known. A
set of finest groups that follows has the same number in every way to spread people over them that agrees with what
is printed, so the search of `unions` runs on one of these ways, in which each group that may hold somebody holds
somebody: what the interior-point method of a linear program ends with. Its numbers decide in which order sets are
tried and when a search ends; that a set follows in both releases is decided by exact elimination.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.elimination import PRIMES, Span
from commonground.disclosure.solver import new
from commonground.disclosure.unions import Counts, Places, Wanted, echelon, small_sets

Flags = NDArray[np.bool_]
Printed = tuple[int, Places]

PART_OF_ONE = 2**20
"""In so many parts of one person people are spread."""
MOST_FINEST = 600
"""A release with more finest groups is not looked through."""


@dataclass(frozen=True)
class Spread:
    """An earlier release: cells x finest groups, 1 where a group lies in a printed cell; and the cells' numbers."""

    rows: Counts
    numbers: Counts

    @cached_property
    def people(self) -> NDArray[np.float64]:
        """Return one way to spread people over the finest groups that agrees with the printed numbers.

        A group in no printed cell, of which nothing is known, holds as many as the largest number at most.
        """
        solver = new(solver="ipm", run_crossover="off", presolve="off")
        solver.addVars(
            self.rows.shape[1], np.zeros(self.rows.shape[1]), np.full(self.rows.shape[1], highspy.kHighsInf)
        )
        for row, number in zip(self.rows, self.numbers.tolist(), strict=True):
            inside = np.flatnonzero(row).astype(np.int32)
            solver.addRow(number, number, len(inside), inside, np.ones(len(inside)))
        solver.run()
        return np.clip(np.round(np.array(solver.getSolution().col_value), 6), 0, self.numbers.max(initial=0))

    @cached_property
    def _order(self) -> Places:
        return np.argsort(-self.people, kind="stable")

    @cached_property
    def _basis(self) -> tuple[Counts, Places]:
        return echelon(self.rows[:, self._order], PRIMES[0])

    def people_in(self, finest: Places) -> int:
        """Return how many people are in a set that follows."""
        return round(float(self.people[finest].sum()))

    def small_sets(self, minimum: int, wanted: Wanted) -> list[Places]:
        """Return wanted sets of fewer than `minimum` people that follow, as finest groups: one if there is any.

        No set of fewer than half of these may follow.
        """
        sizes, order = (PART_OF_ONE * self.people[self._order]).astype(np.int64), self._order
        # half a person less, which no error of the program makes up for
        most = PART_OF_ONE * minimum - PART_OF_ONE // 2
        found = small_sets(*self._basis, sizes, most, PRIMES[0], lambda columns: wanted(order[columns]))
        sets = (order[np.flatnonzero(few)] for few in found)
        return [each for each in sets if wanted(each)]


@dataclass(frozen=True)
class Both:
    """An earlier release beside the one that is made.

    `touches` tells for each finest group of the earlier one, and each atom of this one, whether the same people may
    be in both. A finest group that touches no atom is known to hold nobody now, and may be in a set or not.
    """

    spread: Spread
    touches: Flags

    def before(self, atoms: Places) -> int | None:
        """Return how many people a set of this release counted in the earlier one, if that follows there."""
        finest = np.flatnonzero(self.touches[:, atoms].any(axis=1))
        if len(np.setdiff1d(self.atoms_of(finest), atoms)):
            return None
        left = self._earlier.remainder(np.append(self._row(finest), 0))
        return None if left[:-1].any() else -int(left[-1]) % PRIMES[0]

    def atoms_of(self, finest: Places) -> Places:
        """Return the atoms that finest groups of the earlier release touch."""
        return np.flatnonzero(self.touches[finest].any(axis=0))

    def _row(self, finest: Places) -> Counts:
        return np.isin(np.flatnonzero(self._held), finest).astype(np.int64)

    @cached_property
    def _held(self) -> Flags:
        return np.array(self.touches.any(axis=1))

    @cached_property
    def _earlier(self) -> Span:
        rows = np.hstack([self.spread.rows[:, self._held], self.spread.numbers[:, None]])
        return _span(rows, own=int(self._held.sum()))

    def cells_that_complete(
        self, cells: Sequence[Printed], minimum: int, tells: Callable[[Places, int], bool]
    ) -> set[int]:
        """Return cells of this release to take back for sets of fewer than `minimum` people of the earlier one.

        `cells` are the printed ones, those first that cannot be taken back, then most useful first, with their
        atoms. A set counts if its atoms follow from them and it `tells`, by its atoms and its people then.
        """
        known = np.flatnonzero(self.touches.any(axis=0))
        rows = np.array([np.isin(known, atoms) for _, atoms in cells], dtype=np.int64).reshape(
            len(cells), len(known)
        )
        now = _span(rows)

        def wanted(finest: Places) -> bool:
            atoms = self.atoms_of(finest)
            cut = np.isin(atoms, self.atoms_of(np.setdiff1d(np.arange(len(self.touches)), finest))).any()
            if cut or now.remainder(np.isin(known, atoms).astype(np.int64)).any():
                return False
            return tells(atoms, self.spread.people_in(finest))

        found = [np.isin(known, self.atoms_of(each)) for each in self.spread.small_sets(minimum, wanted)]
        return {_last_needed(cells, rows, few) for few in found}


def _span(rows: Counts, own: int | None = None) -> Span:
    span = Span(rows[:0], PRIMES[0], own)
    for row in rows:
        span.publish(span.remainder(row))
    return span


def _last_needed(cells: Sequence[Printed], rows: Counts, few: Flags) -> int:
    """Return the first cell from which, and all before it, the set follows."""
    span = Span(few[None].astype(np.int64), PRIMES[0])
    return next(cell for (cell, _), row in zip(cells, rows, strict=True) if _completes(span, row))


def _completes(span: Span, row: Counts) -> bool:
    """Tell whether what is watched follows once this row is published, and publish it."""
    span.publish(span.remainder(row))
    return bool(len(span.let_go()))
