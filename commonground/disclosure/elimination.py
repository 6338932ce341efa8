"""Exact linear algebra over whole numbers: does publishing one more sum give a protected sum away?

Sums of tables with one or two hierarchies eliminate in small whole numbers; where they do not (an entry
grows, or no pivot is 1 or -1), the same elimination is done modulo two 31-bit primes, and a sum counts as
given away if either says so. A sum that follows over the rationals follows modulo every prime that divides
no denominator, so two primes err, if at all, towards withholding. No floating point decides.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.tree import TRUNK, Tree, Whole

Vectors = NDArray[np.int64]

PRIMES = (2147483647, 2147483629)
LARGEST_ENTRY = 2**20


class OutOfSmallIntegers(ArithmeticError):
    """The elimination left the small whole numbers and has to be repeated modulo a prime."""


class Span:
    """The sums that follow from what is published, beside the sums that must not follow.

    `watched` has one row per protected sum over the atoms. Only the first `own` columns are eliminated; what the
    sums hold in the others is carried along. With `prime` None the arithmetic is over the whole numbers and raises
    OutOfSmallIntegers when they do not stay small.
    """

    def __init__(self, watched: Vectors | Whole, prime: int | None = None, own: int | None = None) -> None:
        self.prime = prime
        self.rank = 0
        self._own = own
        self._rows = np.zeros((16, watched.shape[1]), dtype=np.int64)
        self._pivots = np.zeros(16, dtype=np.intp)
        self._watched = self._reduced(watched.astype(np.int64))

    def remainder(self, vector: Vectors | Whole) -> Vectors:
        """Return what of the vector does not follow from the published sums; all zero if it follows."""
        factors = vector[self._pivots[: self.rank]]
        used = np.flatnonzero(factors)
        left = vector.astype(np.int64)
        if self.prime is None:
            return self._checked(left - factors[used] @ self._rows[used])
        products = factors[used][:, None].astype(np.int64) * self._rows[used] % self.prime
        reduced: Vectors = (left - products.sum(axis=0)) % self.prime
        return reduced

    def gives_away(self, remainder: Vectors) -> bool:
        """Tell whether a watched sum would follow once the sum with this remainder is published."""
        return bool(len(self.parallel(remainder)))

    def parallel(self, remainder: Vectors) -> Vectors:
        """Return what is left of each watched sum that is a multiple of the remainder in the own columns."""
        own = remainder[: self._own]
        if not own.any():
            return self._watched[:0]
        pivot = self._pivot(remainder)
        candidates = np.flatnonzero(self._watched[:, pivot])
        watched = self._watched[candidates]
        rest = watched * remainder[pivot] - watched[:, [pivot]] * remainder
        rest = self._reduced(rest)
        return self._checked(rest[~rest[:, : self._own].any(axis=1)])

    def publish(self, remainder: Vectors) -> None:
        """Add a sum by its remainder; nothing happens if it followed already."""
        if not remainder[: self._own].any():
            return
        pivot = self._pivot(remainder)
        row = self._normal(remainder, pivot)
        self._clear(self._rows[: self.rank], row, pivot)
        self._clear(self._watched, row, pivot)
        if self.rank == len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
            self._pivots = np.concatenate([self._pivots, np.zeros_like(self._pivots)])
        self._rows[self.rank], self._pivots[self.rank] = row, pivot
        self.rank += 1

    def watch(self, vectors: Vectors) -> None:
        """Watch more sums, given by their remainders."""
        self._watched = np.vstack([self._watched, vectors])

    def let_go(self) -> Vectors:
        """Stop watching the sums that have nothing left in the own columns, and return them."""
        empty = ~self._watched[:, : self._own].any(axis=1)
        found = self._watched[empty]
        self._watched = self._watched[~empty]
        return found

    def _pivot(self, remainder: Vectors) -> int:
        own = remainder[: self._own]
        candidates = np.flatnonzero(np.abs(own) == 1 if self.prime is None else own)
        if not len(candidates):
            raise OutOfSmallIntegers
        return int(candidates[0])

    def _normal(self, remainder: Vectors, pivot: int) -> Vectors:
        if self.prime is None:
            signed: Vectors = remainder * remainder[pivot]
            return signed
        scaled: Vectors = remainder * pow(int(remainder[pivot]), -1, self.prime) % self.prime
        return scaled

    def _clear(self, matrix: Vectors, row: Vectors, pivot: int) -> None:
        hit = np.flatnonzero(matrix[:, pivot])
        change = matrix[hit, pivot][:, None] * row
        cleared = matrix[hit] - change
        matrix[hit] = self._checked(cleared) if self.prime is None else cleared % self.prime

    def _reduced(self, values: Vectors) -> Vectors:
        return values if self.prime is None else values % self.prime

    def _checked(self, values: Vectors) -> Vectors:
        if self.prime is None and values.size and np.abs(values).max() > LARGEST_ENTRY:
            raise OutOfSmallIntegers
        return values


class Left(NamedTuple):
    """What is left of a sum: a vector of a branch, or of the trunk where nothing of the branch's own is left."""

    branch: int
    vector: Vectors


class TreeSpan:
    """The same for the sums of a tree: each branch keeps what it publishes to itself, as long as it can.

    A sum whose own columns are not yet used up can give away, of all watched sums, only those of its branch. One
    that has nothing left but what the branch passes on belongs to the trunk, and so do the watched sums of which
    nothing else is left.
    """

    def __init__(self, tree: Tree, watched: Sequence[int], prime: int | None = None) -> None:
        self._tree = tree
        self._trunk = Span(tree.trunk[self._rows_of(TRUNK, watched)], prime)
        self._branches = []
        for index, branch in enumerate(tree.branches):
            self._branches.append(Span(branch.sums[self._rows_of(index, watched)], prime, branch.own))
            self._pass_on(index)

    def remainder(self, number: int) -> Left:
        """Return what of a sum does not follow from the published ones."""
        branch, row = int(self._tree.branch[number]), self._tree.row[number]
        if branch == TRUNK:
            return Left(TRUNK, self._trunk.remainder(self._tree.trunk[row]))
        left = self._branches[branch].remainder(self._tree.branches[branch].sums[row])
        if left[: self._tree.branches[branch].own].any():
            return Left(branch, left)
        return Left(TRUNK, self._trunk.remainder(self._in_trunk(branch, left)))

    def holds(self, number: int) -> bool:
        """Tell whether a sum follows from the published ones."""
        return not self.remainder(number).vector.any()

    def gives_away(self, left: Left) -> bool:
        """Tell whether a watched sum would follow once the sum of which this is left is published."""
        if left.branch == TRUNK:
            return self._trunk.gives_away(left.vector)
        rests = self._branches[left.branch].parallel(left.vector)
        return any(not self._trunk.remainder(self._in_trunk(left.branch, rest)).any() for rest in rests)

    def publish(self, left: Left) -> None:
        """Add a sum by what is left of it."""
        if left.branch == TRUNK:
            self._trunk.publish(left.vector)
        else:
            self._branches[left.branch].publish(left.vector)
            self._pass_on(left.branch)

    @property
    def rank(self) -> int:
        """Return how many of the published sums are independent."""
        return self._trunk.rank + sum(branch.rank for branch in self._branches)

    def _rows_of(self, branch: int, numbers: Sequence[int]) -> list[int]:
        return [int(self._tree.row[number]) for number in numbers if self._tree.branch[number] == branch]

    def _pass_on(self, branch: int) -> None:
        """Let the trunk watch what its branch has no columns of its own for."""
        for rest in self._branches[branch].let_go():
            self._trunk.watch(self._trunk.remainder(self._in_trunk(branch, rest))[None])

    def _in_trunk(self, branch: int, vector: Vectors) -> Vectors:
        of = self._tree.branches[branch]
        passed = vector[of.own :]
        whole = np.zeros(self._tree.trunk.shape[1], dtype=np.int64)
        whole[of.start : of.start + len(passed)] = passed
        return whole


def publishable(
    tree: Tree, candidates: Sequence[int], watched: Sequence[int], seldom: Sequence[int] = ()
) -> tuple[list[bool], str]:
    """Say for each candidate sum, in order, whether it may be published without giving a watched one away.

    All are numbers of sums of the tree. Those that `seldom` follow must not be given away either; they are watched
    only if one did, which changes no verdict. Returns the verdicts and the arithmetic ("integers" or "primes").
    """
    try:
        return _repeated(tree, candidates, watched, seldom, (None,)), "integers"
    except OutOfSmallIntegers:
        return _repeated(tree, candidates, watched, seldom, PRIMES), "primes"


def _repeated(
    tree: Tree,
    candidates: Sequence[int],
    watched: Sequence[int],
    seldom: Sequence[int],
    primes: Sequence[int | None],
) -> list[bool]:
    while True:
        spans = [TreeSpan(tree, watched, prime) for prime in primes]
        verdicts = _greedy(candidates, spans)
        given_away = [number for number in seldom if any(span.holds(number) for span in spans)]
        if not given_away:
            return verdicts
        watched = [*watched, *given_away]


def _greedy(candidates: Sequence[int], spans: Sequence[TreeSpan]) -> list[bool]:
    verdicts = []
    for number in candidates:
        remainders = [span.remainder(number) for span in spans]
        safe = not any(span.gives_away(left) for span, left in zip(spans, remainders, strict=True))
        if safe:
            for span, left in zip(spans, remainders, strict=True):
                span.publish(left)
        verdicts.append(safe)
    return verdicts


def rank_modulo(tree: Tree, numbers: Iterable[int], prime: int) -> int:
    """Return how many of the sums are independent modulo the prime."""
    span = TreeSpan(tree, (), prime)
    for number in numbers:
        span.publish(span.remainder(number))
    return span.rank
