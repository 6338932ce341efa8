"""Do means that are shown give back, along a line, the mean of those who are hidden?

The answers of a group add up to its mean times its number, give or take half of the mean's last digit. What the
shown parts of a line leave of their total belongs to the rest. It must not follow that the rest lies so near an end
of the scale that one person could hold half of its distance, as no group's own mean may.

Where a mean stands beside the upper share alone, as under 30 answers, both together must not tell of any option
that fewer people chose it than a share at the end would leave open, as "10 % or fewer" does.
"""

from collections.abc import Sequence
from dataclasses import replace

from commonground.disclosure.cells import Counts, Layout, Line
from commonground.disclosure.forms import Form, end_percent
from commonground.disclosure.plan import Question
from commonground.disclosure.shares import Forms, Given

Bounds = tuple[int, int]


def leave_out_exposed_means(
    layout: Layout,
    questions: Sequence[Question],
    answered: Sequence[Counts],
    forms: Forms,
    given: Given = frozenset(),
) -> None:
    """Take means out of single forms, in place in `forms`, until no line tells a rest's; see `withhold_exposed`."""
    for index, (question, people, shown) in enumerate(zip(questions, answered, forms, strict=True)):
        told = {cell for number, cell in given if number == index}
        while exposed := _to_leave_out(_telling(layout, question, people, shown), people, shown, told):
            shown.update({cell: replace(shown[cell], mean=None) for cell in exposed})


def leave_out_telling_means(
    questions: Sequence[Question], answered: Sequence[Counts], forms: Forms, given: Given = frozenset()
) -> None:
    """Take out, in place in `forms`, each mean from which it follows that few or nobody gave some answer."""
    for index, (question, people, shown) in enumerate(zip(questions, answered, forms, strict=True)):
        telling = [
            cell
            for cell, form in shown.items()
            if form.mean is not None and form.options is None and (index, cell) not in given
            if _tells_of_an_option(question, form, int(people[cell]))
        ]
        shown.update({cell: replace(shown[cell], mean=None) for cell in telling})


def _tells_of_an_option(question: Question, form: Form, people: int) -> bool:
    assert isinstance(form.top, int)
    uppers = range(*(-(-(2 * form.top + side) * people // 200) for side in (-1, 1)))
    return not all(
        any(_leaves_open(question, form.mean, people, upper, option) for upper in uppers)
        for option in range(question.options)
    )


def _leaves_open(question: Question, mean: float | None, people: int, upper: int, option: int) -> bool:
    """Tell whether as many as a range at the end holds may have chosen the option, beside so many upper answers.

    Everyone else may be anywhere on the own side of the scale, so the sum of all moves by single steps. An upper
    share that is no range leaves more people on each side than the range holds.
    """
    most = end_percent(people) * people // 100
    first, last = question.top[0], question.options - 1
    sides = ((0, first - 1, people - upper), (first, last, upper))
    (low, high, mine), (least, greatest, others) = sides if option < first else sides[::-1]
    fewest = most * option + (mine - most) * low + others * least
    utmost = most * option + (mine - most) * high + others * greatest
    above, below = _twenty_times_above(mean, people, question)
    return max(20 * fewest, above + -above % 20) <= min(20 * utmost, below - 1)


def _to_leave_out(lines: Sequence[Line], people: Counts, shown: dict[int, Form], told: set[int]) -> set[int]:
    found = (_smallest(line, people, shown, told) for line in lines)
    return {cell for cell in found if cell is not None}


def _telling(layout: Layout, question: Question, people: Counts, shown: dict[int, Form]) -> list[Line]:
    return [line for line in layout.lines if _tells(line, question, people, shown)]


def _tells(line: Line, question: Question, people: Counts, shown: dict[int, Form]) -> bool:
    parts = _with_mean(line.parts, shown)
    rest = int(people[line.total] - people[parts].sum())
    if not rest or not _with_mean([line.total], shown):
        return False
    least, most = _twenty_times_above(shown[line.total].mean, int(people[line.total]), question)
    for cell in parts:
        low, high = _twenty_times_above(shown[cell].mean, int(people[cell]), question)
        least, most = least - high, most - low
    highest = question.options - 1
    half_of_one = 20 * 2 * highest
    return most < half_of_one or 20 * highest * rest - least < half_of_one


def _twenty_times_above(mean: float | None, people: int, question: Question) -> Bounds:
    """Return twenty times the sum of the answers' distances from the lowest, at least and at most, from a mean."""
    assert mean is not None and question.lowest is not None
    middle = 2 * (round(10 * mean) - 10 * question.lowest) * people
    return middle - people, middle + people


def _with_mean(cells: Sequence[int], shown: dict[int, Form]) -> list[int]:
    return [cell for cell in cells if cell in shown and shown[cell].mean is not None]


def _smallest(line: Line, people: Counts, shown: dict[int, Form], told: set[int]) -> int | None:
    parts = [cell for cell in _with_mean(line.parts, shown) if cell not in told]
    return min(parts, key=lambda cell: (int(people[cell]), cell), default=None)
