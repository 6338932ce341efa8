"""How sure a printed share, or the distance of two, is: intervals from published numbers alone.

**What is judged.** Of `asked` people in a group, `answers` answered. An interval is about the share among all
who were asked, as if chance had decided who answers; if those who stay silent think otherwise, no interval can
tell. The more of a small group answered, the less is left to chance: the finite population correction replaces
n answers of N people by n (N - 1) / (N - n), from the variance p (1 - p) / n x (N - n) / (N - 1) of a draw
without putting back (Cochran, Sampling Techniques, 3rd ed. 1977, 2.6 and 3.2; such effective numbers inside
score intervals: Korn and Graubard, Survey Methodology 24, 1998, 193-201). Where N is not published there is no
correction, and the interval is wider.

**One share**: the score interval of Wilson (J. Am. Stat. Assoc. 22, 1927, 209-212).
**Two shares**: the hybrid score interval, method 10 of Newcombe (Statistics in Medicine 17, 1998, 873-890),
good from ten answers up and at shares near 0 and 1.
**Rounding**: a printed percent, step or range stands for every share that prints so, a number with bounds for
each number in them. The interval holds that of each of them. Both limits of the hybrid interval rise with the
first share and fall with the second, and widen with fewer answers, so the corners are enough.
**Two waves**: whose answers are in both is not known, on purpose. The variance of the change is at most that of
two separate surveys without correction as long as one person's two answers do not run against each other; the
correction would be wrong there (with nobody in both of two waves, each answered by half, the change varies
twice as much as with it). So waves are compared without it, which may be wider than need be.
**Many comparisons**: Holm's steps (Scand. J. Statist. 6, 1979, 65-70) over all comparisons of a page keep the
likelihood of even one wrong "more" or "fewer" on it at 5 %. Not the false discovery rate of Benjamini and
Hochberg (1995), which lets one in twenty of the named differences be chance: each sentence names a group of
colleagues, and stands alone when quoted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import ceil, floor, inf, sqrt
from statistics import NormalDist

RISK = 0.05
"""How likely, at most, one wrong "more" or "fewer" is among all comparisons of a page."""
MOST_DEVIATIONS = 60.0
NEAREST = Fraction(1, 2)
"""By how many points a percent rounded for itself may be off."""


@dataclass(frozen=True)
class Shown:
    """A share as far as it is printed: between `low` and `high` of 1, of `answers` to `most` answers.

    `asked` is how many people could have answered, None where that is not published.
    """

    low: Fraction
    high: Fraction
    answers: int
    most: int
    asked: int | None = None

    @property
    def least_people(self) -> int:
        """The fewest people that the share can stand for."""
        return max(0, ceil(self.low * self.answers))

    @property
    def most_people(self) -> int:
        """The most people that the share can stand for."""
        return min(self.most, floor(self.high * self.most))


def shown(
    low: int, high: int, answers: int, most: int, asked: int | None = None, *, slack: Fraction = NEAREST
) -> Shown:
    """Return what a share printed as `low` to `high` percent stands for, each up to `slack` points off.

    Where the number of answers is exact, only shares of whole people are left, as long as there are any. A number
    of people asked below that of answers is not believed.
    """
    first, last = max(Fraction(0), Fraction(low) - slack) / 100, min(Fraction(100), Fraction(high) + slack) / 100
    if answers == most and ceil(first * most) <= floor(last * most):
        first, last = Fraction(ceil(first * most), most), Fraction(floor(last * most), most)
    return Shown(first, last, answers, most, asked if asked is None or asked >= most else None)


def slack_of_sum(options: int, summed: int) -> Fraction:
    """Return by how many points a sum of percents of one whole may be off that were made to add to 100.

    Percents of `options` parts by largest remainder: parts rounded up have remainders at least as large as those
    rounded down, so the sum of `summed` of them is off by at most s (m - s) / m.
    """
    return Fraction(summed * (options - summed), options)


def rest(whole: Shown, part: Shown) -> Shown | None:
    """Return what is known of everyone in the whole who is not in the part; None where that may be nobody."""
    least, most = whole.answers - part.most, whole.most - part.answers
    if least < 1:
        return None
    low = Fraction(max(0, whole.least_people - part.most_people), most)
    high = min(Fraction(1), Fraction(max(0, whole.most_people - part.least_people), least))
    asked = None if whole.asked is None or part.asked is None else whole.asked - part.asked
    return Shown(min(low, high), high, least, most, None if asked is None or asked < most else asked)


def effective(answers: int, asked: int | None) -> float:
    """Return the number of answers that would tell as much of a group without end; infinite where all answered."""
    if asked is None:
        return answers
    return inf if asked <= answers else answers * (asked - 1) / (asked - answers)


def wilson(share: float, answers: float, deviations: float) -> tuple[float, float]:
    """Return the score interval of a share of that many (effective) answers, at so many standard deviations."""
    if answers == inf:
        return share, share
    square = deviations * deviations / answers
    middle, half = share + square / 2, sqrt(square * (share * (1 - share) + square / 4))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def interval(share: Shown, deviations: float) -> tuple[float, float]:
    """Return an interval that holds the score interval of every share that prints so."""
    answers = effective(share.answers, share.asked)
    return wilson(float(share.low), answers, deviations)[0], wilson(float(share.high), answers, deviations)[1]


def difference(one: Shown, other: Shown, deviations: float) -> tuple[float, float]:
    """Return an interval of `one` less `other` that holds the hybrid score interval of all shares that print so."""
    return _least(one, other, deviations), -_least(other, one, deviations)


def _least(one: Shown, other: Shown, deviations: float) -> float:
    first, second = float(one.low), float(other.high)
    low, _high = wilson(first, effective(one.answers, one.asked), deviations)
    _low, high = wilson(second, effective(other.answers, other.asked), deviations)
    return max(-1.0, first - second - sqrt((first - low) ** 2 + (high - second) ** 2))


def distance(one: Shown, other: Shown) -> float:
    """Return up to how many standard deviations the interval of a difference leaves out zero.

    0 where it holds zero at the risk of one single comparison: no number of comparisons makes that sure.
    """
    if one.low < other.high:
        one, other = other, one
    low, high = deviations(RISK), MOST_DEVIATIONS
    if one.low <= other.high or _least(one, other, low) <= 0:
        return 0.0
    if _least(one, other, high) > 0:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _least(one, other, middle) > 0 else (low, middle)
    return low


@cache
def deviations(risk: float) -> float:
    """Return how many standard deviations an interval reaches to both sides that misses with this risk."""
    return NormalDist().inv_cdf(1 - risk / 2)


def holm(distances: Sequence[float], risk: float = RISK) -> list[float]:
    """Return for each of many comparisons how many standard deviations its interval is to reach.

    The one that lies farthest apart is judged at a risk divided by their number, the next by one fewer, and so on
    up to the first that its interval does not tell from chance; this and all others are judged like it. A
    difference is sure if its distance is more than what is returned for it.
    """
    order = sorted(range(len(distances)), key=lambda place: -distances[place])
    judged = [0.0] * len(distances)
    reach, stopped = 0.0, False
    for step, place in enumerate(order):
        if not stopped:
            reach = deviations(risk / (len(order) - step))
            stopped = distances[place] <= reach
        judged[place] = reach
    return judged


class Verdict(StrEnum):
    """What a comparison says: more, fewer, too close to call, or that too little is printed for one."""

    MORE = "more"
    FEWER = "fewer"
    CLOSE = "close"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judged:
    """A comparison among those of its page: what it says, and between how many points the difference lies.

    Points are whole, rounded outwards; None where nothing is compared.
    """

    verdict: Verdict
    low: int | None = None
    high: int | None = None


def judge(pairs: Sequence[tuple[Shown | None, Shown | None]], risk: float = RISK) -> list[Judged]:
    """Judge the first of each pair against the second, all comparisons of one page together."""
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    distances = [distance(one, other) for one, other in known]
    reaches = holm(distances, risk)
    found = iter(list(_judged(known, distances, reaches)))
    return [Judged(Verdict.UNKNOWN) if None in pair else next(found) for pair in pairs]


def _judged(
    pairs: Sequence[tuple[Shown, Shown]], distances: Sequence[float], reaches: Sequence[float]
) -> Iterator[Judged]:
    for (one, other), far, reach in zip(pairs, distances, reaches, strict=True):
        low, high = difference(one, other, reach)
        side = Verdict.MORE if one.low > other.high else Verdict.FEWER
        verdict = side if far > reach else Verdict.CLOSE
        yield Judged(verdict, floor(round(100 * low, 9)), ceil(round(100 * high, 9)))
