"""Districts side by side: the mean of what several of them lend, judged with every earlier comparison together.

What is lent was released before, so no person is at stake anew; what must not follow is the value of one district,
for another one that knows its own. A comparison is the plain mean of all, so exact elimination tells what follows
from several: sums in which few districts are left. Two districts may pool what they know, hence a sum that follows
must hold `LEAST_DISTRICTS`: three stay unknown even then. Districts are counted, not loans: a district knows all
that it ever lent. What is lent once more is the same number as before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

LEAST_DISTRICTS = 5
LEAST_PEOPLE = 200
MOST_INDICES = 5
ENOUGH_FOR_QUARTERS = 12
STEP = 5

Members = frozenset[str]
Owners = Mapping[str, str]
NOBODY: Owners = {}


class NotCompared(ValueError):
    """No comparison can be made of this; `code` says why: few, people, half, together or nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Lent:
    """What one district lends: an id of these results, how many people answered, and whole percents by index.

    `loan` is the same whenever the same results are lent, with whichever of their numbers. `scale` is that of the
    noise in them, in points; 0 where they are as printed.
    """

    loan: str
    people: int
    values: Mapping[str, int]
    scale: int = 0


@dataclass(frozen=True)
class Compared:
    """One index of a comparison: whose loans, their mean, and where the middle half lies if they are many.

    `scales` are those of the noise in each loan that has some.
    """

    index: str
    members: Members
    mean: int
    middle: tuple[int, int] | None
    scales: tuple[int, ...] = ()


def compare(
    lent: Sequence[Lent], earlier: Iterable[tuple[str, Members]] = (), owners: Owners = NOBODY
) -> list[Compared]:
    """Return each index that enough of these districts lend and that tells of few together with no earlier one.

    `earlier` are index and loans of all comparisons that were made before; `owners` are the districts of loans, a
    loan that is not there stands for one of its own. An index whose loans are the same as before is compared again.
    Raises NotCompared where none is left, with the reason that comes nearest.
    """
    before = list(earlier)
    found, reasons = [], set[str]()
    for index in dict.fromkeys(name for each in lent for name in each.values):
        mine = [each for each in lent if index in each.values]
        fault = fault_of(mine) or _together(index, mine, before, owners)
        if fault:
            reasons.add(fault)
        else:
            found.append(_compared(index, mine))
    if not found:
        nearest = ("together", "half", "people", "few")
        raise NotCompared(next((code for code in nearest if code in reasons), "nothing"))
    return found


def fault_of(lent: Sequence[Lent]) -> str | None:
    """Return why these districts cannot be compared by themselves: few, people, half; None if they can."""
    if len(lent) < LEAST_DISTRICTS:
        return "few"
    if any(each.people < LEAST_PEOPLE for each in lent):
        return "people"
    return "half" if 2 * max(each.people for each in lent) > sum(each.people for each in lent) else None


def _together(
    index: str, lent: Sequence[Lent], earlier: Sequence[tuple[str, Members]], owners: Owners
) -> str | None:
    now = frozenset(each.loan for each in lent)
    sums = {members for name, members in earlier if name == index} | {now}
    return "together" if any(few_follow(sums, owners)) else None


def few_follow(sums: Iterable[Members], owners: Owners = NOBODY) -> Iterator[Members]:
    """Yield each set of fewer than `LEAST_DISTRICTS` of whose loans a sum follows from these sums.

    Loans that stand in the same sums have the same weight in whatever follows. So only whole classes of districts
    can be left alone whose loans stand in the same ones. A sum of some follows if without them the rank of the
    others is less.
    """
    rows = list(sums)
    stands: dict[str, set[tuple[bool, ...]]] = {}
    for loan in sorted(frozenset().union(*rows)):
        stands.setdefault(owners.get(loan, loan), set()).add(tuple(loan in row for row in rows))
    classes: dict[frozenset[tuple[bool, ...]], set[str]] = {}
    for district, patterns in stands.items():
        classes.setdefault(frozenset(patterns), set()).add(district)
    rank = _rank_of(classes)
    small = [patterns for patterns, districts in classes.items() if len(districts) < LEAST_DISTRICTS]
    for number in range(1, LEAST_DISTRICTS):
        for chosen in combinations(small, number):
            districts = frozenset(district for patterns in chosen for district in classes[patterns])
            others = classes.keys() - set(chosen)
            if len(districts) < LEAST_DISTRICTS and _rank_of(others) < rank:
                yield districts


def _rank_of(classes: Iterable[frozenset[tuple[bool, ...]]]) -> int:
    return _rank(sorted(frozenset[tuple[bool, ...]]().union(*classes)))


def _rank(rows: Sequence[Sequence[bool]]) -> int:
    """Return the rank, in fractions, so that nothing is rounded."""
    left, rank = [[Fraction(int(each)) for each in row] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((i for i in range(rank, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for i in range(rank + 1, len(left)):
            factor = left[i][column] / left[rank][column]
            left[i] = [a - factor * b for a, b in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank


def _compared(index: str, lent: Sequence[Lent]) -> Compared:
    values = sorted(each.values[index] for each in lent)
    mean = a_percent((2 * sum(values) + len(values)) // (2 * len(values)))
    middle = _middle(values) if len(values) >= ENOUGH_FOR_QUARTERS else None
    scales = tuple(sorted(each.scale for each in lent if each.scale))
    return Compared(index, frozenset(each.loan for each in lent), mean, middle, scales)


def a_percent(value: int) -> int:
    """Return a number as a percent can be: noise may have carried it below 0 or above 100."""
    return min(100, max(0, value))


def _middle(values: Sequence[int]) -> tuple[int, int]:
    """Return between which steps of five the middle half of the values lies, the ends outwards."""
    cut = len(values) // 4
    low, high = values[cut], values[-1 - cut]
    return a_percent(low // STEP * STEP), a_percent(-(-high // STEP) * STEP)
