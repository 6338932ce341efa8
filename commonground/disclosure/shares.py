"""Do shares that are shown give back, along a line, a share that is a range or a group that is hidden?

Along a line the total is known, and so are some parts; what the others hold together is the rest. Nothing
that follows about the rest, or about a part shown as a range, may be more extreme than the range that its size
would be given. We grant the attacker every exact number of people, and more of each whole percent than it says:
the count with an error of half a percent, and what the rounding leaves.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.cells import Counts, Flags, Layout, Line
from commonground.disclosure.forms import Form, Share, end_percent
from commonground.disclosure.plan import Question


@dataclass(frozen=True)
class Items:
    """Every share of every question, as cells x items.

    `answers` people answered in the cell; `least` to `most` of them gave this answer, as far as the form
    tells; `known` says that it tells something, `exact` that it tells it in whole percent.
    """

    question: NDArray[np.intp]
    answers: Counts
    least: Counts
    most: Counts
    known: Flags
    exact: Flags

    def low(self, cells: int | Sequence[int]) -> Flags:
        """Return where a share of these cells is a range from 0."""
        low: Flags = self.known[cells] & (self.least[cells] == 0)
        return low

    def high(self, cells: int | Sequence[int]) -> Flags:
        """Return where a share of these cells is a range up to all."""
        high: Flags = self.known[cells] & (self.most[cells] == self.answers[cells])
        return high


@dataclass(frozen=True)
class Printed:
    """How many people, at least and at most, the release says are in each cell, and answered each question there.

    `people` is for the least and the most one number for each cell; `answered` the same for each question, as it is
    printed where the question is told.
    """

    people: tuple[Counts, Counts]
    answered: Sequence[tuple[Counts, Counts]]


Forms = list[dict[int, Form]]
Given = Set[tuple[int, int]]
"""(question, cell) pairs that an earlier release of the same answers told."""


def withhold_exposed(
    layout: Layout,
    questions: Sequence[Question],
    counts: Sequence[Counts],
    answered: Sequence[Counts],
    forms: Forms,
    printed: Printed,
    given: Given = frozenset(),
) -> None:
    """Withhold questions in single cells, in place in `forms`, until no line gives a share back.

    `forms[question]` maps the cells that show it to their form; `counts[question]` is cells x options and
    `answered[question]` the people of each cell who answered. What is `given` was told before and stays.
    """
    if not questions:
        return
    items = _items(questions, counts, answered, forms)
    people = narrow(layout, *printed.people)
    while True:
        exposed = _exposed_along_lines(layout, items, given) or _certain(layout, items, people, printed, given)
        if not exposed:
            return
        for question, cell in exposed:
            del forms[question][cell]
            mine = items.question == question
            items.known[cell, mine] = items.exact[cell, mine] = False


def _items(
    questions: Sequence[Question], counts: Sequence[Counts], answered: Sequence[Counts], forms: Forms
) -> Items:
    columns: list[tuple[int, Counts]] = []
    for index, question in enumerate(questions):
        columns += [(index, counts[index][:, option]) for option in range(question.options)]
        if question.top:
            columns.append((index, counts[index][:, list(question.top)].sum(axis=1)))
    shape = (len(answered[0]), len(columns))
    items = Items(
        question=np.array([index for index, _ in columns], dtype=np.intp),
        answers=np.zeros(shape, dtype=np.int64),
        least=np.zeros(shape, dtype=np.int64),
        most=np.zeros(shape, dtype=np.int64),
        known=np.zeros(shape, dtype=bool),
        exact=np.zeros(shape, dtype=bool),
    )
    start = 0
    for index, question in enumerate(questions):
        width = question.options + bool(question.top)
        block = slice(start, start + width)
        items.answers[:, block] = items.most[:, block] = answered[index][:, None]
        for cell, form in forms[index].items():
            for item, share in enumerate((*(form.options or [None] * question.options), form.top), start):
                if share is not None:
                    _fill(items, (cell, item), share, int(columns[item][1][cell]), form.step)
        start += width
    return items


def _fill(items: Items, at: tuple[int, int], share: Share, count: int, step: int) -> None:
    """Write down what the share of `count` people tells about one item."""
    answers = int(items.answers[at])
    items.known[at] = True
    if isinstance(share, tuple):
        items.least[at] = min(count, -(-share[0] * answers // 100))
        items.most[at] = max(count, share[1] * answers // 100)
    else:
        slack = -(-step * answers // 200) if step > 1 else answers // 200
        low, high = (share - step) * answers // 100 + 1, -(-(share + step) * answers // 100) - 1
        items.least[at] = min(count, max(count - slack, low))
        items.most[at] = max(count, min(count + slack, high))
        items.exact[at] = True


def _exposed_along_lines(layout: Layout, items: Items, given: Given) -> set[tuple[int, int]]:
    return {pair for line in layout.lines for pair in _exposed_by(line, items, given)} - given


def _certain(
    layout: Layout, items: Items, people: tuple[Counts, Counts], printed: Printed, given: Given
) -> set[tuple[int, int]]:
    """Return (question, cell) pairs to withhold because all lines together prove nobody, or everyone, of a cell.

    Of a cell where all left the question out too, unless the printed numbers say that nobody answered it there.
    """
    start = _could_have_answered(layout, items, people, printed)
    least, most = narrow(layout, np.where(items.known, items.least, 0), np.where(items.known, items.most, start))
    everyone = (items.answers > 0) & (least == items.answers)
    found = np.argwhere((start > 0) & ((most == 0) | everyone)).tolist()
    chosen = (cell_beside(layout, items, cell, item, given) for cell, item in found)
    return {pair for pair in chosen if pair is not None}


def _could_have_answered(layout: Layout, items: Items, people: tuple[Counts, Counts], printed: Printed) -> Counts:
    """Return how many may have answered: those who did, and where all left a question out whoever may not have.

    What the printed numbers leave of a question is an upper bound of that, and often nobody.
    """
    silent = (items.answers == 0) & (people[0] > 0)[:, None]
    most = items.answers.copy()
    for question in np.unique(items.question[silent.any(axis=0)]).tolist():
        mine = items.question == question
        told = items.known[:, mine].any(axis=1)
        least, whole = printed.answered[question]
        answered = narrow(layout, np.where(told, least, 0), np.where(told, whole, people[1]))[1]
        most[:, mine] = np.where(silent[:, mine], answered[:, None], most[:, mine])
    return most


def narrow(layout: Layout, least: Counts, most: Counts) -> tuple[Counts, Counts]:
    """Return bounds of every cell (or cells x items), narrowed by all lines until nothing changes."""
    least, most = least.copy(), most.copy()
    width = -1
    while width != (width := int((most - least).sum())):
        for total, parts in layout.places_of_lines:
            low, high = least[parts], most[parts]
            all_low, all_high = low.sum(axis=0), high.sum(axis=0)
            least[parts] = np.maximum(low, least[total] - all_high + high)
            most[parts] = np.minimum(high, most[total] - all_low + low)
            least[total] = np.maximum(least[total], all_low)
            most[total] = np.minimum(most[total], all_high)
    return least, most


def cell_beside(
    layout: Layout, items: Items, cell: int, item: int, given: Given = frozenset()
) -> tuple[int, int] | None:
    """Return the question and the cell with the fewest answers near the cell that shows the item, none `given`.

    Near is what shares a line with it, or else with a total of it. Whole percents come before ranges, and the
    district comes last.
    """
    above = {line.total for line in layout.lines if cell in line.parts and line.total}
    told = {other for question, other in given if question == items.question[item]}
    near = _known_beside(layout, items, {cell}, item) - told
    if near <= {0}:
        near |= _known_beside(layout, items, above, item) - told
    if not near:
        return None
    best = min(near, key=lambda i: (i == 0, not items.exact[i, item], int(items.answers[i, item]), i))
    return int(items.question[item]), best


def _known_beside(layout: Layout, items: Items, cells: set[int], item: int) -> set[int]:
    """Return the cells that show an item and share a line with one of the cells."""
    lines = [line for line in layout.lines if line.total in cells or not cells.isdisjoint(line.parts)]
    return {other for line in lines for other in (line.total, *line.parts) if items.known[other, item]}


def _exposed_by(line: Line, items: Items, given: Given) -> set[tuple[int, int]]:
    """Return (question, cell) pairs to withhold because of what the line gives back."""
    parts = list(line.parts)
    known = items.known[parts] & items.known[line.total]
    least = np.where(known, items.least[parts], 0)
    most = np.where(known, items.most[parts], 0)
    rest = items.answers[line.total] - np.where(known, items.answers[parts], 0).sum(axis=0)
    bad = _rest_is_extreme(line, items, rest, least.sum(axis=0), most.sum(axis=0))
    bad |= _rest_and_ranges_are_extreme(line, items)
    bad |= _part_is_undone(line, items, rest, least, most)
    bad |= _total_is_undone(line, items, rest, least.sum(axis=0), most.sum(axis=0))
    return {(int(items.question[i]), _cell_to_withhold(line, items, int(i), given)) for i in np.flatnonzero(bad)}


def _rest_is_extreme(line: Line, items: Items, rest: Counts, least: Counts, most: Counts) -> Flags:
    end = np.array([end_percent(int(size)) for size in rest], dtype=np.int64) * rest // 100
    can_be_most = items.most[line.total] - least
    can_be_least = items.least[line.total] - most
    bad: Flags = (rest < items.answers[line.total]) & ((can_be_most < end) | (can_be_least > rest - end))
    return bad


def _rest_and_ranges_are_extreme(line: Line, items: Items) -> Flags:
    """Tell the same of what is left when parts shown as ranges count as unknown too."""
    parts = list(line.parts)
    exact = items.exact[parts] & items.known[line.total]
    rest = items.answers[line.total] - np.where(exact, items.answers[parts], 0).sum(axis=0)
    least, most = (np.where(exact, bound[parts], 0).sum(axis=0) for bound in (items.least, items.most))
    return _rest_is_extreme(line, items, rest, least, most)


def _part_is_undone(line: Line, items: Items, rest: Counts, least: Counts, most: Counts) -> Flags:
    parts = list(line.parts)
    highest = items.most[line.total] - least.sum(axis=0)
    lowest = items.least[line.total] - rest - (most.sum(axis=0) - most)
    undone = (items.low(parts) & (highest < most)) | (items.high(parts) & (lowest > least))
    bad: Flags = undone.any(axis=0)
    return bad


def _total_is_undone(line: Line, items: Items, rest: Counts, least: Counts, most: Counts) -> Flags:
    at = line.total
    bad: Flags = (items.low(at) & (most + rest < items.most[at])) | (items.high(at) & (least > items.least[at]))
    return bad


def _cell_to_withhold(line: Line, items: Items, item: int, given: Given) -> int:
    """Return the part with the fewest answers whose share is exact, else the total; a range where that is given."""
    question = int(items.question[item])
    known = [cell for cell in line.parts if items.known[cell, item] and (question, cell) not in given]
    exact = [cell for cell in known if items.exact[cell, item]]
    if (question, line.total) in given:
        exact = exact or known
    return min(exact, key=lambda cell: (int(items.answers[cell, item]), cell), default=line.total)
