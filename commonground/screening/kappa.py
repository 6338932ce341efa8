"""Cohen's kappa: how far two coders agree beyond what chance alone would give. Pure."""

from collections import Counter
from collections.abc import Hashable, Sequence
from enum import StrEnum


class Strength(StrEnum):
    """Agreement in words, after Landis and Koch (1977), whose six bands are told here as four."""

    POOR = "poor"
    FAIR = "fair"
    GOOD = "good"
    STRONG = "strong"


BANDS = ((0.2, Strength.POOR), (0.4, Strength.FAIR), (0.6, Strength.GOOD))
"""The top of each band; above the last one agreement is strong."""


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return kappa of two coders who sorted the same things, from -1 to 1 (always the same).

    kappa = (p_o - p_e) / (1 - p_e), where p_o is the share sorted alike and p_e what two coders with these habits
    would sort alike by chance (J. Cohen, A coefficient of agreement for nominal scales, 1960). Where both always
    gave one and the same answer, p_e is 1 and they agree: 1. Raises ValueError for lists of different length, or
    empty ones.
    """
    if len(first) != len(second) or not first:
        raise ValueError("two coders sort the same things, at least one")
    count = len(first)
    observed = sum(one == other for one, other in zip(first, second, strict=True)) / count
    habits = Counter(first), Counter(second)
    expected = sum(habits[0][label] * habits[1][label] for label in habits[0]) / count**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def strength(value: float) -> Strength:
    """Return the word for a value of kappa."""
    return next((word for top, word in BANDS if value <= top), Strength.STRONG)
