"""What a table plan would show: the gate run before anyone answers, on answers drawn from the staff list.

Who answers is drawn by chance with a fixed seed, so that the same staff list, plan and share always say the same;
no answer of anybody enters. Only counts are rehearsed: what answers to a question hide besides is not known before.
Earlier releases about the same people are kept in mind as at the count, and how much they forbid is told apart.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from commonground.disclosure.answers import Answers, Column
from commonground.disclosure.cells import Counts, Flags, Layout
from commonground.disclosure.gate import layout_of
from commonground.disclosure.memory import Memory
from commonground.disclosure.past import Earlier, Names
from commonground.disclosure.pattern import find_pattern
from commonground.disclosure.plan import GroupQuestion, TablePlan

People = Mapping[tuple[int, ...], int]
"""People on the staff list for each combination of labels, in the order of the plan's margins."""

MOST_CELLS = 4000
"""With more cells than this the gate takes too long to be tried while someone waits."""
TRIES = 3
HIDDEN_AT_MOST = 30
"""Percent of the cells of a table that may be hidden before a coarser one is better."""
COARSER = (0.75, 0.5, 0.35, 0.25)
"""To which parts of their number the groups of a breakdown are joined, in turn, to find a coarser table."""


@dataclass(frozen=True)
class Showing:
    """A table by its groups: its `cells` that hold anyone, how many would be shown, and of what share of people.

    `joined` is how many labels would be told only together with others. `forbidden` are combinations of labels that
    would be shown by themselves, or with fewer others, if no earlier release stood beside this one.
    """

    groups: tuple[str, ...]
    cells: int
    shown: int
    joined: int
    people: int
    forbidden: int

    @property
    def hidden(self) -> int:
        """How many cells would not be shown."""
        return self.cells - self.shown

    @property
    def is_thin(self) -> bool:
        """Say whether more is hidden than a table is worth."""
        return 100 * self.hidden > HIDDEN_AT_MOST * self.cells


@dataclass(frozen=True)
class Coarser:
    """A coarser table: which group question is told in how many groups, what they hold, and what it would show."""

    group: str
    holds: tuple[tuple[int, ...], ...]
    showing: Showing


@dataclass(frozen=True)
class Before:
    """Earlier releases about the same people, and what the plan's labels hold in theirs; see `memory`."""

    earlier: Sequence[Earlier] = ()
    names: Names = field(default_factory=dict)

    @property
    def memory(self) -> Memory:
        """Return them as the gate asks about them."""
        return Memory(self.earlier, self.names)

    def joined(self, group: str, holds: Sequence[Sequence[int]]) -> "Before":
        """Return the same for a plan in which labels of a group question are joined."""
        held = self.names.get(group)
        names = [
            frozenset(labels if held is None else (own for label in labels for own in held[label]))
            for labels in holds
        ]
        return replace(self, names={**self.names, group: names})


NOTHING_BEFORE = Before()


def is_too_large(plan: TablePlan) -> bool:
    """Say whether a plan has more cells than can be tried while someone waits."""
    labels = {name: plan.group(name).labels for name in plan.margins}
    tables = [*((name,) for name in plan.margins), *plan.pairs]
    return sum(prod(labels[name] for name in table) for table in tables) > MOST_CELLS


def rehearse(plan: TablePlan, people: People, percent: int, before: Before = NOTHING_BEFORE) -> tuple[Showing, ...]:
    """Return what each table of the plan would show if `percent` of people answered: the middle of some tries.

    Of an earlier release of the same answers only the reporting groups are kept: its numbers are not those of
    made-up answers.
    """
    tries = [list(_tried(plan, people, percent, seed, before)) for seed in range(TRIES)]
    return tuple(sorted(table, key=lambda one: one.shown)[TRIES // 2] for table in zip(*tries, strict=True))


def coarser(
    plan: TablePlan, people: People, percent: int, pair: tuple[str, str], before: Before = NOTHING_BEFORE
) -> Coarser | None:
    """Return the finest coarser form found of a crossed table that hides no more than 30 percent of its cells.

    Groups of one of the two are joined, the smallest with the next smallest of its level; where no form keeps to
    30 percent, the one that hides the smallest part of its cells; None where none hides less.
    """
    best: Coarser | None = None
    for found in _coarser_forms(plan, people, percent, pair, before):
        if not found.showing.is_thin:
            return found
        if best is None or _part_hidden(found.showing) < _part_hidden(best.showing):
            best = found
    (now,) = (one for one in rehearse(plan, people, percent, before) if one.groups == pair)
    return best if best and _part_hidden(best.showing) < _part_hidden(now) else None


def _part_hidden(showing: Showing) -> float:
    return showing.hidden / showing.cells if showing.cells else 0.0


def _coarser_forms(
    plan: TablePlan, people: People, percent: int, pair: tuple[str, str], before: Before
) -> Iterator[Coarser]:
    seen: set[tuple[str, int]] = set()
    for part in COARSER:
        for name in reversed(pair):
            group = plan.group(name)
            holds = join_smallest(group, max(2, round(group.labels * part)))
            if len(holds) < group.labels and (name, len(holds)) not in seen:
                seen.add((name, len(holds)))
                changed, moved = _with_joined(plan, people, group, holds)
                found = rehearse(changed, moved, percent, before.joined(name, holds))
                (showing,) = (one for one in found if one.groups == pair)
                yield Coarser(name, holds, showing)


def join_smallest(group: GroupQuestion, most: int) -> tuple[tuple[int, ...], ...]:
    """Return the labels joined to `most` groups, always the two smallest of one level that come first together.

    Levels stay apart, so there may be more groups left than asked for.
    """
    found: list[tuple[tuple[int, ...], int, str | None]] = [
        ((label,), group.roster[label] or 0, group.levels[label]) for label in range(group.labels)
    ]
    while len(found) > most:
        pairs = [
            (one[1] + other[1], i, j)
            for i, one in enumerate(found)
            for j, other in enumerate(found[i + 1 :], start=i + 1)
            if one[2] == other[2]
        ]
        if not pairs:
            break
        people, i, j = min(pairs)
        joined = (tuple(sorted(found[i][0] + found[j][0])), people, found[i][2])
        found = [each for place, each in enumerate(found) if place not in (i, j)] + [joined]
    return tuple(sorted(holds for holds, _people, _level in found))


def _with_joined(
    plan: TablePlan, people: People, group: GroupQuestion, holds: Sequence[Sequence[int]]
) -> tuple[TablePlan, People]:
    """Return plan and staff list with the labels of one group question joined."""
    place = {label: number for number, labels in enumerate(holds) for label in labels}
    joined = replace(
        group,
        labels=len(holds),
        roster=tuple(sum(group.roster[label] or 0 for label in labels) for labels in holds),
        levels=tuple(group.levels[labels[0]] for labels in holds),
    )
    at = plan.margins.index(group.id)
    moved: dict[tuple[int, ...], int] = {}
    for labels, count in people.items():
        new = (*labels[:at], place[labels[at]], *labels[at + 1 :])
        moved[new] = moved.get(new, 0) + count
    groups = tuple(joined if each.id == group.id else each for each in plan.groups)
    return replace(plan, groups=groups), moved


# One try


def _tried(plan: TablePlan, people: People, percent: int, seed: int, before: Before) -> Iterator[Showing]:
    answers = Answers.read(plan, _draw(plan, people, percent, seed))
    tried = _Try.of(plan, answers, before.memory)
    alone = _Try.of(plan, answers, Memory()) if before.earlier else tried
    for table in (*((name,) for name in plan.margins), *plan.pairs):
        places = tried.places(plan, people, table)
        cells = np.array(sorted(set(places.values())), dtype=np.intp)
        told = cells[tried.shown[cells]]
        share = 100 * int(tried.counts[told].sum()) // max(1, answers.people)
        forbidden = _forbidden(tried, places, alone, alone.places(plan, people, table))
        yield Showing(table, len(cells), len(told), _joined(tried.layout, table), share, forbidden)


@dataclass(frozen=True)
class _Try:
    """One draw of answers through the gate: the cells, how many people are in each, and which are shown."""

    layout: Layout
    counts: Counts
    shown: Flags

    @classmethod
    def of(cls, plan: TablePlan, answers: Answers, memory: Memory) -> "_Try":
        """Run the gate on these answers, beside what a memory holds of other answers."""
        layout = layout_of(plan, answers, memory)
        counts = layout.people_in
        others = Memory() if memory.opening else memory
        beside = others.beside(layout, counts, plan.asked, plan.minimum)
        pattern = find_pattern(layout, counts, plan.asked, plan.minimum, beside, plan.total_is_public)
        return cls(layout, counts, pattern.exact | pattern.coded)

    def places(self, plan: TablePlan, people: People, table: tuple[str, ...]) -> dict[tuple[int, ...], int]:
        """Return the cell of a table for each combination of labels in which the staff list has anyone."""
        of_label = [
            {label: place for place, group in enumerate(self.layout.groups[name]) for label in group.holds}
            for name in table
        ]
        at = [plan.margins.index(name) for name in table]
        found: dict[tuple[int, ...], int] = {}
        for labels, count in people.items():
            if count:
                code = 0
                for name, index, place in zip(table, at, of_label, strict=True):
                    code = code * len(self.layout.groups[name]) + place[labels[index]]
                found[tuple(labels[index] for index in at)] = self.layout.first[table] + code
        return found


Places = Mapping[tuple[int, ...], int]


def _forbidden(tried: _Try, places: Places, alone: _Try, apart: Places) -> int:
    """Count the combinations of labels that are hidden, or told with more others, beside what was before."""
    together, others = Counter(places.values()), Counter(apart.values())
    return sum(
        bool(alone.shown[apart[labels]]) and (not tried.shown[cell] or together[cell] > others[apart[labels]])
        for labels, cell in places.items()
    )


def _draw(plan: TablePlan, people: People, percent: int, seed: int) -> dict[str, Column]:
    """Draw who answers, and return the columns of their group questions."""
    labels, numbers = np.array(list(people), dtype=np.uint8), np.array(list(people.values()))
    chance = np.random.default_rng(seed)
    drawn = chance.multivariate_hypergeometric(numbers, round(percent * int(numbers.sum()) / 100))
    return {name: np.repeat(labels[:, at], drawn) for at, name in enumerate(plan.margins)}


def _joined(layout: Layout, table: tuple[str, ...]) -> int:
    return sum(len(group.holds) for name in table for group in layout.groups[name] if len(group.holds) > 1)
