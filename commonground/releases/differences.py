"""Where groups differ from everyone else, and what changed since the last time: from released values alone.

One number of each question is compared, the share of its upper answers. All comparisons of a release with everyone
else are judged together, and so are those with an earlier release: there half of the risk goes to the whole
district and half to its groups, so that many groups do not drown what the district says (`releases.intervals`).

The rest of the district is taken from the printed numbers of district and group. It is compared only where it holds
twice the smallest group and its share cannot lie at the ends that the gate prints as ranges. Those who named
no group are none to compare.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from commonground.disclosure.reading import end_percent
from commonground.releases.intervals import (
    NEAREST,
    RISK,
    Judged,
    Shown,
    Verdict,
    judge,
    rest,
    shown,
    slack_of_sum,
)
from commonground.releases.reading import At, Breakdown, Group, Question, Reading, Told

SURE = (Verdict.MORE, Verdict.FEWER)
UNJUDGED = Judged(Verdict.UNKNOWN)


@dataclass(frozen=True)
class Compared:
    """The upper share of one question in a group or the district, beside everyone else's or that of before.

    `one` and `other` are what print tells of the two shares, `told` and `before` what is printed of them (a rest is
    not printed); `breakdown` and `group` are empty for the whole district.
    """

    question: Question
    breakdown: Breakdown | None
    group: Group | None
    told: Told
    one: Shown | None
    other: Shown | None
    before: Told | None = None
    judged: Judged = UNJUDGED

    @property
    def sure(self) -> bool:
        """Say whether the difference is more than chance."""
        return self.judged.verdict in SURE


@dataclass(frozen=True)
class Differences:
    """All comparisons of one page, in the order of paper and district; `waves` says that they are with before."""

    all: tuple[Compared, ...]
    waves: bool = False

    @property
    def sure(self) -> list[Compared]:
        """Return those that are more than chance."""
        return [one for one in self.all if one.sure]

    @property
    def district(self) -> list[Compared]:
        """Return those of the whole district."""
        return [one for one in self.all if one.group is None]

    def count(self, verdict: Verdict) -> int:
        """Return how many comparisons say this."""
        return sum(one.judged.verdict == verdict for one in self.all)

    def of(self, question: Question) -> list[Compared]:
        """Return the comparisons of one question."""
        return [one for one in self.all if one.question.id == question.id]


def printed(question: Question, told: Told, asked: int | None) -> Shown | None:
    """Return what a printed upper share stands for, out of so many people asked; None where none is printed."""
    if told.hidden or told.top is None or told.n is None:
        return None
    low, high = told.top if isinstance(told.top, tuple) else (told.top, told.top)
    return shown(low, high, told.n.at_least, told.n.at_most, asked, slack=_slack(question, told))


def _slack(question: Question, told: Told) -> Fraction:
    """Return by how many points the ends of a printed upper share may be off."""
    if isinstance(told.top, tuple):
        return Fraction(0) if 0 in told.top else Fraction(len(question.top), 2)
    whole = slack_of_sum(len(question.options), len(question.top)) if told.options else NEAREST
    return max(whole, NEAREST) + (Fraction(told.step, 2) if told.step and told.step > 1 else 0)


def among_groups(reading: Reading) -> Differences:
    """Compare each group of each breakdown with everyone else in the district."""
    asked = (question for question in reading.questions if question.top)
    found = [
        _with_the_rest(reading, question, breakdown, group)
        for question in asked
        for breakdown in reading.breakdowns
        for group in breakdown.groups
        if group.names
    ]
    return Differences(tuple(_judged(found, RISK)))


def _with_the_rest(reading: Reading, question: Question, breakdown: Breakdown, group: Group) -> Compared:
    told = reading.told(question, {breakdown.id: group.place})
    one = printed(question, told, group.roster)
    whole = printed(question, reading.told(question, {}), reading.eligible)
    other = _safe_rest(whole, one, reading.minimum) if whole and one else None
    return Compared(question, breakdown, group, told, one, other)


def _safe_rest(whole: Shown, part: Shown, minimum: int) -> Shown | None:
    left = rest(whole, part)
    if left is None or left.answers < 2 * minimum:
        return None
    end = Fraction(end_percent(left.answers), 100)
    return left if end < left.low and left.high < 1 - end else None


def since(earlier: Reading, later: Reading) -> Differences:
    """Compare a release with an earlier one: questions of the same words, groups that hold the same."""
    before = {_same_question(question): question for question in earlier.questions}
    pairs = [(q, before[_same_question(q)]) for q in later.questions if q.top and _same_question(q) in before]
    whole = _Place(None, None, {}, {})
    places = list(_same_groups(earlier, later))
    district = [_with_before(earlier, later, *pair, whole) for pair in pairs]
    groups = [_with_before(earlier, later, *pair, place) for pair in pairs for place in places]
    return Differences((*_judged(district, RISK / 2), *_judged(groups, RISK / 2)), waves=True)


@dataclass(frozen=True)
class _Place:
    """The same group in two releases."""

    breakdown: Breakdown | None
    group: Group | None
    now: At
    then: At


def _with_before(earlier: Reading, later: Reading, question: Question, same: Question, place: _Place) -> Compared:
    now, then = later.told(question, place.now), earlier.told(same, place.then)
    one, other = printed(question, now, None), printed(same, then, None)
    return Compared(question, place.breakdown, place.group, now, one, other, then)


def _judged(found: Sequence[Compared], risk: float) -> Iterable[Compared]:
    verdicts = judge([(one.one, one.other) for one in found], risk)
    return (replace(one, judged=verdict) for one, verdict in zip(found, verdicts, strict=True))


def _same_question(question: Question) -> Hashable:
    return question.kind, question.text["en"], tuple(option["en"] for option in question.options)


def _same_groups(earlier: Reading, later: Reading) -> Iterator[_Place]:
    """Yield the groups of the later release that hold the same labels of the same question as one before."""
    before = {
        _same_group(breakdown, group): {breakdown.id: group.place}
        for breakdown in earlier.breakdowns
        for group in breakdown.groups
    }
    for breakdown in later.breakdowns:
        for group in breakdown.groups:
            then = before.get(_same_group(breakdown, group))
            if then and group.names:
                yield _Place(breakdown, group, {breakdown.id: group.place}, then)


def _same_group(breakdown: Breakdown, group: Group) -> Hashable:
    names = frozenset(name["en"] for name in group.names)
    return breakdown.dimension, breakdown.text["en"], names, group.left_out
