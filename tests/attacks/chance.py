"""How well somebody guesses who knows nothing: exact distributions over all orders of n things."""

from fractions import Fraction
from functools import cache
from math import factorial

import numpy as np

ONE_IN = 10_000_000
"""A guess is called better than chance when chance does as well once in so many times. A whole run makes about a
thousand guesses, so that an honest server is accused once in ten thousand runs."""


@cache
def by_hits(number: int, hits: int) -> float:
    """How often a random assignment of so many things gets at least so many right (fixed points)."""
    return float(sum(_exactly(number, right) for right in range(hits, number + 1)))


def _exactly(number: int, right: int) -> Fraction:
    rest = number - right
    wrong = sum((Fraction((-1) ** place, factorial(place)) for place in range(rest + 1)), Fraction())
    return wrong / factorial(right)


def by_order(found: list[int]) -> float:
    """How often a random order has as few, or as many, pairs the wrong way round as this one of 0, 1, 2, ..."""
    number = len(found)
    wrong = sum(1 for place, one in enumerate(found) for other in found[place + 1 :] if one > other)
    spread = _inversions(number)
    return float(min(1.0, 2 * min(spread[: wrong + 1].sum(), spread[wrong:].sum())))


@cache
def _inversions(number: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The chance of each number of inversions in a random order."""
    chances = np.zeros(number * (number - 1) // 2 + 1)
    chances[0] = 1.0
    for size in range(2, number + 1):
        summed = np.cumsum(chances)
        summed[size:] -= summed[:-size].copy()
        chances = summed / size
    return chances
