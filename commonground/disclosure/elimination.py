"""Exact linear algebra over whole numbers: does publishing one more sum give a protected sum away?

Sums of tables with one or two hierarchies eliminate in small whole numbers; where they do not (an entry
grows, or no pivot is 1 or -1), the same elimination is done modulo two 31-bit primes, and a sum counts as
given away if either says so. A sum that follows over the rationals follows modulo every prime that divides
no denominator, so two primes err, if at all, towards withholding. No floating point decides.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.int64]

PRIMES = (2147483647, 2147483629)
LARGEST_ENTRY = 2**20


class OutOfSmallIntegers(ArithmeticError):
    """The elimination left the small whole numbers and has to be repeated modulo a prime."""


class Span:
    """The sums that follow from what is published, beside the sums that must not follow.

    `watched` has one row per protected sum over the atoms. With `prime` None the arithmetic is over the
    whole numbers and raises OutOfSmallIntegers when they do not stay small.
    """

    def __init__(self, watched: Vectors, prime: int | None = None) -> None:
        self.prime = prime
        self.rank = 0
        self._rows = np.zeros((16, watched.shape[1]), dtype=np.int64)
        self._pivots = np.zeros(16, dtype=np.intp)
        self._watched = watched.astype(np.int64)

    def remainder(self, vector: Vectors) -> Vectors:
        """Return what of the vector does not follow from the published sums; all zero if it follows."""
        factors = vector[self._pivots[: self.rank]]
        used = np.flatnonzero(factors)
        left = vector.astype(np.int64)
        if self.prime is None:
            return self._checked(left - factors[used] @ self._rows[used])
        products = factors[used][:, None] * self._rows[used] % self.prime
        reduced: Vectors = (left - products.sum(axis=0)) % self.prime
        return reduced

    def gives_away(self, remainder: Vectors) -> bool:
        """Tell whether a watched sum would follow once the sum with this remainder is published."""
        if not remainder.any():
            return False
        pivot = self._pivot(remainder)
        ratio = self._watched[:, pivot]
        candidates = np.flatnonzero(ratio)
        if self.prime is None:
            parallel = self._watched[candidates] * remainder[pivot] == ratio[candidates, None] * remainder
        else:
            left = self._watched[candidates] * remainder[pivot] % self.prime
            parallel = left == ratio[candidates, None] * remainder % self.prime
        return bool(parallel.all(axis=1).any())

    def publish(self, remainder: Vectors) -> None:
        """Add a sum by its remainder; nothing happens if it followed already."""
        if not remainder.any():
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

    def _pivot(self, remainder: Vectors) -> int:
        candidates = np.flatnonzero(np.abs(remainder) == 1 if self.prime is None else remainder)
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
        if not len(hit):
            return
        change = matrix[hit, pivot][:, None] * row
        cleared = matrix[hit] - change
        matrix[hit] = self._checked(cleared) if self.prime is None else cleared % self.prime

    def _checked(self, values: Vectors) -> Vectors:
        if values.size and np.abs(values).max() > LARGEST_ENTRY:
            raise OutOfSmallIntegers
        return values


def publishable(candidates: Vectors, watched: Vectors) -> tuple[list[bool], str]:
    """Say for each candidate sum, in order, whether it may be published without giving a watched one away.

    Returns the verdicts and the arithmetic used ("integers" or "primes").
    """
    try:
        return _greedy(candidates, [Span(watched)]), "integers"
    except OutOfSmallIntegers:
        return _greedy(candidates, [Span(watched, prime) for prime in PRIMES]), "primes"


def _greedy(candidates: Vectors, spans: Sequence[Span]) -> list[bool]:
    verdicts = []
    for vector in candidates:
        remainders = [span.remainder(vector) for span in spans]
        safe = not any(span.gives_away(left) for span, left in zip(spans, remainders, strict=True))
        if safe:
            for span, left in zip(spans, remainders, strict=True):
                span.publish(left)
        verdicts.append(safe)
    return verdicts


def rank_modulo(vectors: Vectors, prime: int) -> int:
    """Return how many of the vectors are independent modulo the prime."""
    span = Span(vectors[:0], prime)
    for vector in vectors:
        span.publish(span.remainder(vector % prime))
    return span.rank
