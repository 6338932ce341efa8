"""In what form the answers of one question may be shown for a group: whole percents, ranges, or less.

| answers | a share at the ends reads | shown |
|---|---|---|
| under 20 | 20 % or fewer, 80 % or more | the top share, in three ranges |
| under 40 | 10 / 90 | under 30 the top share only; several choices in three ranges |
| under 100 | 5 / 95 | all options |
| under 300 | 2 / 98 | all options |
| more | 1 / 99 | all options |

A range must not be undone by the rest: the other options of the same whole are joined to it until each
coded option could still be anything its range says. Where every option is exact, percents are rounded by largest
remainder so that they add to 100; beside a range each is rounded for itself, since a percent that the remainders of
the others moved would tell of the option behind the range.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from commonground.disclosure.plan import Question

Share = int | tuple[int, int]
Counts = tuple[int, ...]

LEAST_FOR_PERCENT = 20
LEAST_FOR_OPTIONS = 30
STEP_NEARLY_ALL = 5
MOST_RANGES = 5


@dataclass(frozen=True)
class Form:
    """What is shown of one question for one group. Shares are whole percents or ranges of percents."""

    options: tuple[Share, ...] | None = None
    top: Share | None = None
    mean: float | None = None
    step: int = 1
    reason: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Form | None":
        """Return the form in which a release told a question, None where it withheld it."""
        if told["status"] == "withheld":
            return None
        options = told["options"] and tuple(map(_share, told["options"]))
        return cls(options, _share(told["top"]), told["mean"], told["step"], told["reason"])

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all can be shown."""
        return self.options is None and self.top is None

    @property
    def ranges(self) -> list[int]:
        """Return the options whose share is a range."""
        return [i for i, share in enumerate(self.options or ()) if isinstance(share, tuple)]

    @property
    def has_range(self) -> bool:
        """Tell whether any number is a range."""
        return bool(self.ranges) or isinstance(self.top, tuple)


def _share(share: Any) -> Any:
    return tuple(share) if isinstance(share, list) else share


def end_percent(answers: int) -> int:
    """Return the share, in percent, at and below which (or that far from 100) an exact share is not shown."""
    for size, percent in ((20, 20), (40, 10), (100, 5), (300, 2)):
        if answers < size:
            return percent
    return 1


def whole_percents(counts: Sequence[int]) -> list[int]:
    """Return percents of the sum of the counts that add to 100, by largest remainder, the first of equals."""
    total = sum(counts)
    floors = [100 * count // total for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda i: (-(100 * counts[i] % total), i))
    for i in by_rest[: 100 - sum(floors)]:
        floors[i] += 1
    return floors


def nearest_percent(count: int, answers: int) -> int:
    """Return the whole percent nearest to a share, a half upwards."""
    return (200 * count + answers) // (2 * answers)


def show(question: Question, counts: Sequence[int], answers: int, crossed: bool, nearly_all: bool) -> Form:
    """Return the form for a group in which `answers` people gave `counts` answers to each option.

    `crossed` cells show the top share only; where `nearly_all` of a group answered, percents go in steps of 5.
    """
    if question.kind == "several":
        return _several(counts, answers, nearly_all)
    if crossed or answers < LEAST_FOR_OPTIONS:
        form = _upper_share(question, counts, answers, _why_top_only(answers), with_mean=not crossed)
    else:
        form = _all_options(question, counts, answers)
    return _stepped(form, nearly_all)


def _why_top_only(answers: int) -> str:
    if answers < LEAST_FOR_PERCENT:
        return "under_20"
    return "under_30" if answers < LEAST_FOR_OPTIONS else "crossed"


def _one_share(count: int, answers: int) -> Share:
    """Return the share of one yes-or-no number, as a range at the ends and everywhere under 20 answers."""
    end = end_percent(answers)
    if 100 * count <= end * answers:
        return (0, end)
    if 100 * count >= (100 - end) * answers:
        return (100 - end, 100)
    return (20, 80) if answers < LEAST_FOR_PERCENT else nearest_percent(count, answers)


def _several(counts: Sequence[int], answers: int, nearly_all: bool) -> Form:
    """Return every option's share, in three ranges under 30 answers, where exact ones would tell the whole."""
    if answers < LEAST_FOR_OPTIONS:
        form = Form(tuple(_three_ranges(count, answers) for count in counts), reason="few_choices")
    else:
        form = _with_ends_said(Form(tuple(_one_share(count, answers) for count in counts)))
    return _stepped(form, nearly_all)


def _three_ranges(count: int, answers: int) -> Share:
    end = end_percent(LEAST_FOR_PERCENT - 1)
    if 100 * count <= end * answers:
        return (0, end)
    return (100 - end, 100) if 100 * count >= (100 - end) * answers else (end, 100 - end)


def _all_options(question: Question, counts: Sequence[int], answers: int) -> Form:
    """Return the form with the most told of which no number behind a range follows, even for who knows these rules.

    Tried are all options with the mean, without it, and the upper share alone. Where more than five options are
    ranges little would be told of them, so they are not shown apart, as under 30 answers.
    """

    def first(counts: Counts) -> Form:
        return _apart(question, counts, answers)

    def second(counts: Counts) -> Form:
        form = first(counts)
        return form if _hides_its_numbers(first, counts, question.top) else replace(form, mean=None)

    if len(first(tuple(counts)).ranges) > MOST_RANGES:
        return _upper_share(question, counts, answers, with_mean=True)
    for form_of in (first, second):
        if _hides_its_numbers(form_of, tuple(counts), question.top):
            return form_of(tuple(counts))
    return _upper_share(question, counts, answers)


def _hides_its_numbers(form_of: Callable[[Counts], Form], counts: Counts, upper: Sequence[int]) -> bool:
    """Tell whether each number behind a range could be another, among all tables that print the same form.

    Such tables are found from this one, person by person moved between options that are ranges. So they all get the
    same verdict, and who knows of it learns no more.
    """
    form, seen, queue = form_of(counts), {counts}, deque([counts])
    certain = [(i,) for i in form.ranges] + [tuple(upper)] * isinstance(form.top, tuple)
    while queue:
        table = queue.popleft()
        for giver, taker in permutations(form.ranges, 2):
            if not certain:
                return True
            other = _moved(table, giver, taker)
            if table[giver] and other not in seen and form_of(other) == form:
                queue.append(other)
                certain = [each for each in certain if _people(other, each) == _people(counts, each)]
            seen.add(other)
    return not certain


def _people(counts: Sequence[int], options: Sequence[int]) -> int:
    return sum(counts[i] for i in options)


def _moved(counts: Counts, giver: int, taker: int) -> Counts:
    """Return the counts with one person fewer at one option and one more at another."""
    return tuple(count - (i == giver) + (i == taker) for i, count in enumerate(counts))


def _apart(question: Question, counts: Sequence[int], answers: int) -> Form:
    joined = _joined_options(question, counts, answers)
    if joined is None:
        return _upper_share(question, counts, answers)
    shares = _shares(counts, answers, joined)
    top = _top_share(question, counts, answers, shares, joined) if question.top else None
    safe = not isinstance(top, tuple) and _mean_keeps_ranges(counts, answers, joined)
    return _with_ends_said(Form(shares, top, _mean(question, counts, answers) if safe else None))


def _upper_share(
    question: Question, counts: Sequence[int], answers: int, reason: str = "not_apart", *, with_mean: bool = False
) -> Form:
    if not question.top:
        return Form()
    share = _one_share(sum(counts[i] for i in question.top), answers)
    mean = _mean(question, counts, answers) if with_mean and not isinstance(share, tuple) else None
    return Form(None, share, mean, reason=reason)


@dataclass(frozen=True)
class Joined:
    """Options whose shares are so low that they are ranges, and the option that hides them, if one must."""

    low: tuple[int, ...]
    hides: int | None

    @property
    def members(self) -> tuple[int, ...]:
        """Return all options of which only the joint share is known exactly."""
        return self.low if self.hides is None else (*self.low, self.hides)


def _joined_options(question: Question, counts: Sequence[int], answers: int) -> list[Joined] | None:
    """Return the options to be joined, None if nothing can hide them.

    Low options of one side of a scale are hidden on the same side where that can be, so that the share of the
    side stays exact; otherwise all low options are hidden together.
    """
    low = [i for i, count in enumerate(counts) if 100 * count <= end_percent(answers) * answers]
    sides = [side for side in _sides(question) if set(side) & set(low)]
    joined = [_hidden_within(side, low, counts, answers) for side in sides]
    settled = [each for each in joined if each]
    if len(settled) == len(joined):
        return settled
    together = _hidden_within(range(len(counts)), low, counts, answers, question.top)
    if together is None and len(low) < len(counts):
        largest = max(range(len(counts)), key=lambda i: (counts[i], -i))
        together = Joined(tuple(low), largest)
    return None if together is None else [together]


def _hidden_within(
    side: Sequence[int], low: Sequence[int], counts: Sequence[int], answers: int, last: Sequence[int] = ()
) -> Joined | None:
    """Join the low options of a side with its first option that hides them, those of `last` coming last.

    The first, not the smallest: which of two is smaller would tell of the options behind the range. Two or more
    low options may hide each other. None if the side cannot hide them.
    """
    most = end_percent(answers) * answers // 100
    mine = tuple(i for i in side if i in low)
    if most <= sum(counts[i] for i in mine) <= (len(mine) - 1) * most:
        return Joined(mine, None)
    large = [i for i in side if counts[i] > most * (len(mine) + 1)]
    return Joined(mine, min(large, key=lambda i: (i in last, i))) if large else None


def _shares(counts: Sequence[int], answers: int, joined: Sequence[Joined]) -> tuple[Share, ...]:
    end = end_percent(answers)
    shares: list[Share] = list(_percents(counts, answers, joined))
    for each in joined:
        for i in each.low:
            shares[i] = (0, end)
        if each.hides is not None:
            shares[each.hides] = _range_that_hides(each, counts, answers)
    for i, count in enumerate(counts):
        if 100 * count >= (100 - end) * answers:
            shares[i] = (100 - end, 100)
    return tuple(shares)


def _percents(counts: Sequence[int], answers: int, joined: Sequence[Joined]) -> list[int]:
    """Return whole percents: of one whole where all are exact, each for itself where one is a range."""
    if not joined:
        return whole_percents(counts)
    return [nearest_percent(count, answers) for count in counts]


def _range_that_hides(joined: Joined, counts: Sequence[int], answers: int) -> tuple[int, int]:
    """Return percents wide enough for every number of people that the low options may hold."""
    together = sum(counts[i] for i in joined.members)
    least = max(0, together - len(joined.low) * (end_percent(answers) * answers // 100))
    return 100 * least // answers, -(-100 * together // answers)


def _sides(question: Question) -> list[list[int]]:
    upper = list(question.top)
    lower = [i for i in range(question.options) if i not in upper]
    if question.kind in ("agreement", "frequency"):
        return [[0, 1], [2], upper]
    return [lower, upper]


def _top_share(
    question: Question, counts: Sequence[int], answers: int, shares: Sequence[Share], joined: Sequence[Joined]
) -> Share:
    """Return the share of the upper answers: the sum of its parts, a range where a lower option hides a part."""
    upper = set(question.top)
    exact_or_end = _one_share(sum(counts[i] for i in upper), answers)
    if isinstance(exact_or_end, tuple):
        return exact_or_end
    if all(upper.issuperset(each.members) or upper.isdisjoint(each.members) for each in joined):
        return exact_or_end if joined else sum(whole_percents(counts)[i] for i in upper)
    ends = [share if isinstance(share, tuple) else (share, share) for i, share in enumerate(shares) if i in upper]
    return (sum(low for low, _ in ends), min(100, sum(high for _, high in ends)))


def _mean(question: Question, counts: Sequence[int], answers: int) -> float | None:
    """Return the mean to one decimal, None where one person could hold half of its distance from an end."""
    if question.lowest is None:
        return None
    above = sum(i * count for i, count in enumerate(counts))
    highest = question.options - 1
    if min(above, highest * answers - above) < 2 * highest:
        return None
    return (20 * (above + question.lowest * answers) + answers) // (2 * answers) / 10


def _mean_keeps_ranges(counts: Sequence[int], answers: int, joined: Sequence[Joined]) -> bool:
    """Tell whether, with the mean known to one decimal, each low option could still be none or its range's end."""
    most = end_percent(answers) * answers // 100
    value = sum(i * count for i, count in enumerate(counts))
    free = [_weights(each, counts, most) for each in joined]
    known = value - sum(i * counts[i] for each in joined for i in each.members)
    for place, each in enumerate(joined):
        others = [pair for i, pair in enumerate(free) if i != place]
        for option in each.low:
            for people in (0, most):
                pairs = [*others, _weights(each, counts, most, {option: people})]
                least = known + sum(pair[0] for pair in pairs)
                greatest = known + sum(pair[1] for pair in pairs)
                if not _same_mean(least, greatest, value, answers):
                    return False
    return True


def _same_mean(least: int, greatest: int, value: int, answers: int) -> bool:
    """Tell whether some total from least to greatest rounds to the same mean of one decimal as the value."""
    printed = (20 * value + answers) // (2 * answers)
    low, high = (2 * printed - 1) * answers, (2 * printed + 1) * answers
    return 20 * greatest >= low and 20 * least < high


def _weights(
    joined: Joined, counts: Sequence[int], most: int, fixed: Mapping[int, int] | None = None
) -> tuple[int, int]:
    """Return the least and greatest sum of option x people over the joined options, whose people in all are known.

    A low option holds 0 to `most` people, the one that hides it any number, an option in `fixed` just that.
    """
    fixed = fixed or {}
    total = sum(counts[i] for i in joined.members) - sum(fixed.values())
    base = sum(i * people for i, people in fixed.items())
    reach = {i: most if i in joined.low else total for i in joined.members if i not in fixed}
    return base + _fill(sorted(reach), total, reach), base + _fill(sorted(reach, reverse=True), total, reach)


def _fill(order: Sequence[int], total: int, reach: Mapping[int, int]) -> int:
    weight = 0
    for i in order:
        used = min(total, reach[i])
        weight += i * used
        total -= used
    return weight


def _with_ends_said(form: Form) -> Form:
    return replace(form, reason="ends") if form.has_range else form


def _stepped(form: Form, nearly_all: bool) -> Form:
    if not nearly_all or form.is_empty:
        return form
    options = None if form.options is None else tuple(in_steps(share, STEP_NEARLY_ALL) for share in form.options)
    top = None if form.top is None else in_steps(form.top, STEP_NEARLY_ALL)
    return Form(options, top, None, STEP_NEARLY_ALL, "nearly_all")


def in_steps(share: Share, step: int) -> Share:
    """Return the share in steps: a percent rounded, or a range where it would round to 0 or 100."""
    if isinstance(share, tuple):
        return (share[0] // step * step, -(-share[1] // step) * step)
    rounded = (2 * share + step) // (2 * step) * step
    return {0: (0, step), 100: (100 - step, 100)}.get(rounded, rounded)
