"""Sums over the atoms of a survey, written so that most of them touch one branch only.

The places of one group question, the one with most of them, are packed into branches; what a branch passes on to
all others is, for each inner atom (the finest group by all other questions), the number of its people in the
branch. So an atom of a branch is a column of its own, except that for every inner atom the last place that holds
it is written as the branch's sum less its other places. This is a change of coordinates and no approximation: sums
of whole numbers stay sums of whole numbers, and a sum over one place has entries in its branch alone. The sums of
all branches are the trunk; it alone ties branches to each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int16]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

TRUNK = -1


@dataclass(frozen=True)
class Branch:
    """Sums inside one branch: `sums` has first its `own` columns, then those of the trunk from `start` on."""

    sums: Whole
    own: int
    start: int


@dataclass(frozen=True)
class Tree:
    """All sums: number i is row `row[i]` of branch `branch[i]`, or of the trunk's sums where that is TRUNK."""

    branches: tuple[Branch, ...]
    trunk: Whole
    branch: Places
    row: Places


def flat(sums: NDArray[np.int64]) -> Tree:
    """Return sums of any kind as a tree that is nothing but a trunk."""
    return Tree((), sums.astype(np.int16), np.full(len(sums), TRUNK), np.arange(len(sums)))


@dataclass(frozen=True)
class Part:
    """Some of the sums: `sums[i, j]` is the sum over the places of `over[i]` of the inner sum `inner[j]`."""

    sums: Places
    over: Sequence[Places]
    inner: Whole


def branches_of(places: int, levels: Sequence[int] | None = None) -> list[Places]:
    """Pack places into branches of about the square root of their number, never one with parts of two levels.

    A level larger than that is cut; small levels are put together.
    """
    most = max(4, isqrt(places) + 1)
    cut: list[list[int]] = []
    packed: list[list[int]] = [[]]
    for level in dict.fromkeys(levels or [0]):
        mine = [place for place in range(places) if not levels or levels[place] == level]
        if len(mine) > most:
            cut += [mine[at : at + most] for at in range(0, len(mine), most)]
        elif len(packed[-1]) + len(mine) > most:
            packed.append(mine)
        else:
            packed[-1] += mine
    return [np.array(branch, dtype=np.intp) for branch in (*cut, *packed) if branch]


def plant(parts: Sequence[Part], held: Flags, branches: Sequence[Places], number: int) -> Tree:
    """Return the tree of `number` sums; `held` says for places x inner atoms which hold someone."""
    planter = _Planter(held, branches, number)
    for part in parts:
        for over, sums in zip(part.over, part.sums, strict=True):
            planter.add(over, sums, part.inner)
    return planter.tree()


class _Planter:
    def __init__(self, held: Flags, branches: Sequence[Places], number: int) -> None:
        self._held = held
        self._places = branches
        self._of = np.zeros(len(held), dtype=np.intp)
        self._starts = [0]
        self._inner: list[Places] = []
        self._last: list[Places] = []
        self._own: list[Places] = []
        for index, places in enumerate(branches):
            self._of[places] = index
            self._number_columns(held[places])
        self._blocks: list[list[Whole]] = [[] for _ in (*branches, TRUNK)]
        self._counts = [0] * (len(branches) + 1)
        self._branch, self._row = np.full(number, TRUNK), np.zeros(number, dtype=np.intp)

    def _number_columns(self, held: Flags) -> None:
        """Give every held atom of a branch its column, and -1 to the last place of each inner atom."""
        inner = np.flatnonzero(held.any(axis=0))
        last = len(held) - 1 - np.argmax(held[::-1, inner], axis=0)
        own = np.full(held.shape, -1, dtype=np.intp)
        free = held.copy()
        free[last, inner] = False
        own[free] = np.arange(free.sum())
        self._own.append(own)
        self._last.append(last)
        self._inner.append(inner)
        self._starts.append(self._starts[-1] + len(inner))

    def add(self, over: Places, sums: Places, inner: Whole) -> None:
        """Add the sums over these places of each row of inner sums."""
        mine = np.unique(self._of[over])
        rows = self._in_branch(int(mine[0]), over, inner) if len(mine) == 1 else self._in_trunk(mine, over, inner)
        branch = int(mine[0]) if len(mine) == 1 else TRUNK
        self._branch[sums], self._row[sums] = branch, self._counts[branch] + np.arange(len(sums))
        self._counts[branch] += len(sums)
        self._blocks[branch].append(rows)

    def _in_branch(self, branch: int, over: Places, inner: Whole) -> Whole:
        columns, held = self._inner[branch], self._held[self._places[branch]]
        own = self._own[branch]
        width = int(own.max(initial=-1)) + 1
        rows = np.zeros((len(inner), width + len(columns)), dtype=np.int16)
        for place in np.flatnonzero(np.isin(self._places[branch], over)):
            mine = np.flatnonzero(own[place] >= 0)
            rows[:, own[place, mine]] += inner[:, mine]
            for at in np.flatnonzero((self._last[branch] == place) & held[place, columns]):
                others = own[:, columns[at]]
                rows[:, width + at] += inner[:, columns[at]]
                rows[:, others[others >= 0]] -= inner[:, [columns[at]]]
        return rows

    def _in_trunk(self, branches: Places, over: Places, inner: Whole) -> Whole:
        if sum(len(self._places[branch]) for branch in branches) != len(over):
            raise ValueError("A sum over several branches must hold all their places.")
        rows = np.zeros((len(inner), self._starts[-1]), dtype=np.int16)
        for branch in branches:
            rows[:, self._starts[branch] : self._starts[branch + 1]] = inner[:, self._inner[branch]]
        return rows

    def tree(self) -> Tree:
        """Return all sums added."""
        branches = []
        for index, own in enumerate(self._own):
            width = int(own.max(initial=-1)) + 1
            nothing = np.zeros((0, width + len(self._inner[index])), dtype=np.int16)
            branches.append(Branch(np.vstack([nothing, *self._blocks[index]]), width, self._starts[index]))
        nothing = np.zeros((0, self._starts[-1]), dtype=np.int16)
        return Tree(tuple(branches), np.vstack([nothing, *self._blocks[-1]]), self._branch, self._row)
