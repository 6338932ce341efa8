"""Making the certificate: a decoy for all that has to be shown, and less told where there is none.

Nothing but the release is read here, so neither a decoy nor what is withheld can tell more than is printed. Where
scaling finds no decoy, the shares that stand against it are told in wider steps, the second time not at all; where
the numbers of people alone set a limit, one more cell is hidden: the one that a linear program names as cheapest.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from commonground.disclosure.answers import Column
from commonground.disclosure.certificate import CLOSE, Decoy, Evidence
from commonground.disclosure.decoys import Fit, fit_answered, fit_options, fit_people
from commonground.disclosure.gate import protect
from commonground.disclosure.limits import Limit, most_people
from commonground.disclosure.memory import Earlier, Names
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.printed import NO_BOUND, Bounds, Numbers, Printed
from commonground.disclosure.reading import At
from commonground.disclosure.weaker import number_less, told_less

MANY_SWEEPS, PEOPLE_SWEEPS, ANSWERED_SWEEPS, LOOSE_SWEEPS = 4000, 600, 400, 10
OPTION_SWEEPS = (60, 60, 80, 100, 150)
"""Sweeps before the people of a decoy are moved to where its answers fit better; after the last, less is told."""
MOST_LOSSES = 8
"""Answers told less for the sake of one goal, before one more cell is hidden instead."""
MOST_ROUNDS = 20
FILL = 0.7
"""How much of what is hidden in a line the goals of one decoy may take up."""
MOST_AT_ONCE = 5
TIGHT = 1.1
SHRUNK = 0.0005

Progress = Callable[[int, int], None]


class NoDecoy(ArithmeticError):
    """Not even a release that tells less has a decoy; it must not be shown."""


@dataclass(frozen=True)
class HideMore(Exception):
    """The numbers of people alone bound a hidden cell: `cell` is to be hidden too."""

    cell: At


@dataclass(frozen=True)
class Goal:
    """A hidden cell that should hold `people` in some decoy."""

    table: int
    cell: int
    people: float


@dataclass
class State:
    """A decoy on its way: people of each atom, weights of the options so far."""

    people: Numbers
    weights: list[Numbers] | None


@dataclass(frozen=True)
class Certified:
    """A release, perhaps telling less than the one given, and the decoys that certify it."""

    document: dict[str, Any]
    decoys: list[Decoy]


def certify(document: Mapping[str, Any], progress: Progress | None = None) -> Certified:
    """Return the release, telling less where it must, with decoys that certify it.

    `progress` is told how many of all goals are reached. Raises HideMore where numbers of people are to be hidden
    first, NoDecoy where nothing helps.
    """
    return _Maker(copy.deepcopy(dict(document)), progress).certified()


def protect_and_certify(
    plan: TablePlan,
    columns: Mapping[str, Column],
    earlier: Sequence[Earlier] = (),
    names: Names | None = None,
    progress: Progress | None = None,
) -> Certified:
    """Return the release that `gate.protect` makes of the answers, certified, more cells hidden where needed.

    Raises what `gate.protect` raises, and NoDecoy.
    """
    hidden: frozenset[At] = frozenset()
    while True:
        release = protect(plan, columns, earlier, names, hidden)
        try:
            return certify(release.document, progress)
        except HideMore as more:
            hidden |= {more.cell}


class _Maker:
    def __init__(self, document: dict[str, Any], progress: Progress | None) -> None:
        self.document, self.progress = document, progress
        self.printed = Printed(document)
        self.evidence = Evidence(self.printed)
        self.decoys: list[Decoy] = []
        self.rooms = _Rooms(self.printed)
        self.all_goals = len(self._goals())
        self.base = State(self._people_of_base(), None)

    def certified(self) -> Certified:
        """Make the base, then decoys until every goal is reached and nothing is certain."""
        self._keep(self._settled(self.base, []))
        for _ in range(MOST_ROUNDS):
            self._reach(self._goals())
            self._favour(self.evidence.all_certain())
            certain = self.evidence.all_certain()
            if not certain:
                return Certified(self.document, self.decoys)
            self._tell_less(self._beside(certain))
        raise NoDecoy

    # Goals

    def _goals(self) -> list[Goal]:
        """Return the hidden cells that hold too few people in every decoy so far."""
        return [
            Goal(table, cell, float(self.evidence.wanted(table)[cell]))
            for table in range(len(self.printed.tables))
            for cell in np.flatnonzero(self.evidence.too_small(table)).tolist()
        ]

    def _reach(self, goals: Sequence[Goal]) -> None:
        """Make decoys for sets of goals; those that did not go together with others are tried alone at the end."""
        queue = self.rooms.batches(goals)
        alone: list[list[Goal]] = []
        while queue or alone:
            waiting = set(self._goals())
            batch = [goal for goal in (queue or alone).pop(0) if goal in waiting]
            if batch:
                alone += [[goal] for goal in self._reached(batch)]
            if self.progress:
                self.progress(self.all_goals - len(waiting), self.all_goals)

    def _reached(self, batch: list[Goal]) -> list[Goal]:
        """Make a decoy that reaches the goals, a single one at any price; return those it had to leave out."""
        people = self._people(batch, self.base.people)
        if people is None and len(batch) > 1:
            return batch
        if people is None:
            people = self._people_by_program(batch[0])
        kept = list(batch)
        self._keep(self._settled(State(people, self.base.weights), kept))
        return [goal for goal in batch if goal not in kept]

    def _keep(self, decoy: Decoy) -> None:
        if not self.decoys:
            self.base = State(decoy.people, decoy.weights)
        self.decoys.append(decoy)
        self.evidence.add(decoy)

    # People

    def _people_of_base(self) -> Numbers:
        start = np.where(self.printed.empty, 0.0, 1.0)
        people, fits = fit_people(self.printed.tables, self.printed.people, start, MANY_SWEEPS)
        if not fits:
            raise NoDecoy
        return people

    def _people(self, goals: Sequence[Goal], start: Numbers) -> Numbers | None:
        """Return people who keep to every printed number and reach the goals; None where scaling finds none."""
        least = [bounds.least.copy() for bounds in self.printed.people]
        for goal in goals:
            least[goal.table][goal.cell] = goal.people - CLOSE / 4
            start = self.rooms.cleared(goal, start)
        bounds = [
            Bounds(low, np.maximum(each.most, low)) for low, each in zip(least, self.printed.people, strict=True)
        ]
        people, fits = fit_people(self.printed.tables, bounds, start, PEOPLE_SWEEPS)
        return people if fits else None

    def _people_by_program(self, goal: Goal) -> Numbers:
        """Return people who reach a goal that is nearly all there can be. Raises HideMore where it is more."""
        limit = most_people(self.printed, goal.table, goal.cell)
        if limit.most < goal.people - CLOSE / 4:
            raise HideMore(_cheapest(self.printed, limit))
        start = np.where(limit.emptied, SHRUNK, 1.0) * (self.base.people + limit.people) / 2
        people = self._people([goal], start)
        if people is not None:
            return people
        mixed: Numbers = (1 - SHRUNK) * limit.people + SHRUNK * self.base.people
        return mixed

    # Answers

    def _settled(self, state: State, goals: list[Goal]) -> Decoy:
        """Return a decoy whose answers fit: people are moved, goals dropped, the last one kept by telling less.

        Raises NoDecoy.
        """
        told_before: list[tuple[int, int, int, dict[str, Any]]] = []
        while True:
            decoy, fit = self._moved(state, goals)
            if decoy is not None:
                return decoy
            if len(goals) > 1:
                del goals[1:]
                continue
            if len(told_before) >= MOST_LOSSES:
                self._tell_again(told_before)
                self._hide_more(goals)
            told_before += self._tell_less(self._in_the_way(fit, goals))

    def _moved(self, state: State, goals: list[Goal]) -> tuple[Decoy | None, Fit]:
        """Fit the answers, moving people to where they fit better and dropping what fits worst of several goals."""
        people, weights = state.people, state.weights
        for sweeps in OPTION_SWEEPS:
            decoy, fit = self._attempt(people, weights, sweeps)
            if not fit.conflicts:
                return decoy, fit
            weights = _kept(fit, state.weights)
            if len(goals) > 1 and sweeps > OPTION_SWEEPS[0]:
                goals.remove(min(goals, key=lambda goal: self._welcome(goal, people, fit)))
            moved = self._people(goals, people * fit.drift)
            people = people if moved is None else moved
        return None, fit

    def _hide_more(self, goals: Sequence[Goal]) -> NoReturn:
        """Ask for a cell to be hidden that leaves a goal too little room. Raises HideMore, or NoDecoy."""
        if not goals:
            raise NoDecoy
        raise HideMore(_cheapest(self.printed, most_people(self.printed, goals[0].table, goals[0].cell)))

    def _welcome(self, goal: Goal, people: Numbers, fit: Fit) -> float:
        """Return by what the people of a goal would grow if the answers could have their way."""
        inside = self.printed.tables[goal.table].cell_of_atom == goal.cell
        return float((people * fit.drift)[inside].sum() / max(people[inside].sum(), 1.0))

    def _attempt(self, people: Numbers, weights: list[Numbers] | None, sweeps: int) -> tuple[Decoy, Fit]:
        answered = self._answered(people)
        of_items = answered[:, self.printed.question_of_item]
        fit = fit_options(self.printed, of_items, sweeps, weights, LOOSE_SWEEPS)
        return Decoy(people, answered, fit.weights), fit

    def _answered(self, people: Numbers) -> Numbers:
        """Return who answered, with numbers told as bounds, then not at all, where they do not fit."""
        while True:
            answered, conflicts = fit_answered(self.printed, self.printed.answered, people, ANSWERED_SWEEPS)
            if not conflicts:
                return answered
            for question, cells in conflicts.items():
                self._number_less(question, *self._smallest(cells))

    # Telling less

    def _in_the_way(self, fit: Fit, goals: Sequence[Goal]) -> set[tuple[int, int, int]]:
        """Return (question, table, cell) of what stands most against the goal, for the items that are off most."""
        near = {at for goal in goals for at in self.rooms.beside(goal.table, goal.cell)}
        worst = sorted(fit.conflicts, key=lambda item: (-max(fit.conflicts[item].values()), item))[:MOST_AT_ONCE]
        return {(self.printed.items[item].place, *self._most_off(fit.conflicts[item], near)) for item in worst}

    def _most_off(self, cells: Mapping[tuple[int, int], float], near: set[tuple[int, int]]) -> tuple[int, int]:
        """Return the cell that is off most, first of those near, the district last."""
        return min(cells, key=lambda at: (at[0] == 0, at not in near, -round(cells[at], 3), at))

    def _smallest(self, cells: Mapping[tuple[int, int], float]) -> tuple[int, int]:
        return min(cells, key=lambda at: (at[0] == 0, self.printed.reach[at[0]].least[at[1]], -at[0], at[1]))

    def _favour(self, certain: Sequence[tuple[int, int, int]]) -> None:
        """Make a decoy in which the answers that nobody gave so far, or all but which, weigh far more."""
        if certain:
            weights = [each.copy() for each in self.decoys[0].weights]
            for table, cell, item in certain:
                weights[table][cell, item] *= self.evidence.favoured(table, cell, item)
            self._keep(self._settled(State(self.base.people, weights), []))

    def _beside(self, certain: Sequence[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
        """Return (question, table, cell) of the smallest cell that tells of the same question beside each."""
        found = set()
        for table, cell, item in certain:
            question = self.printed.items[item].place
            beside = {at: 0.0 for at in self.rooms.beside(table, cell) if self._is_told(question, *at)}
            if not beside:
                raise NoDecoy
            found.add((question, *self._smallest(beside)))
        return found

    def _is_told(self, question: int, table: int, cell: int) -> bool:
        return bool(self.printed.answered[table].most[cell, question] < NO_BOUND)

    def _tell_less(self, places: set[tuple[int, int, int]]) -> list[tuple[int, int, int, dict[str, Any]]]:
        """Tell less of each (question, table, cell); return what was told before."""
        before = []
        for question, table, cell in sorted(places):
            answers, name = self._answers(table, cell), self.printed.questions[question]
            before.append((question, table, cell, answers[name]))
            answers[name] = told_less(answers[name])
            self.printed.read_again(table, cell, question)
        return before

    def _tell_again(self, before: Sequence[tuple[int, int, int, dict[str, Any]]]) -> None:
        for question, table, cell, told in reversed(before):
            self._answers(table, cell)[self.printed.questions[question]] = told
            self.printed.read_again(table, cell, question)

    def _number_less(self, question: int, table: int, cell: int) -> None:
        answers, name = self._answers(table, cell), self.printed.questions[question]
        people = self.printed.released.cells[self.printed.tables[table].cells[cell]]["n"]
        answers[name] = number_less(answers[name], people, self.printed.minimum)
        self.printed.read_again(table, cell, question)

    def _answers(self, table: int, cell: int) -> dict[str, Any]:
        answers: dict[str, Any] = self.printed.released.cells[self.printed.tables[table].cells[cell]]["answers"]
        return answers


class _Rooms:
    """The lines of a release, and how many people are hidden in each."""

    def __init__(self, printed: Printed) -> None:
        self.printed = printed
        self.room = [
            float(printed.reach[table].most[cell])
            - sum(float(printed.people[t].least[cells].sum()) for t, cells in parts)
            for table, cell, parts in printed.lines
        ]
        self.lines_of: dict[tuple[int, int], list[int]] = {}
        for number, (table, cell, parts) in enumerate(printed.lines):
            for at in [(table, cell), *((t, part) for t, cells in parts for part in cells.tolist())]:
                self.lines_of.setdefault(at, []).append(number)

    def batches(self, goals: Sequence[Goal]) -> list[list[Goal]]:
        """Return the goals in sets that leave room in every line."""
        waiting, batches = list(goals), []
        while waiting:
            batch: list[Goal] = []
            used = dict.fromkeys(range(len(self.room)), 0.0)
            for goal in waiting:
                lines = self._lines_over(goal)
                if not batch or all(used[line] + goal.people <= FILL * self.room[line] for line in lines):
                    batch.append(goal)
                    for line in lines:
                        used[line] += goal.people
            batches.append(batch)
            waiting = [goal for goal in waiting if goal not in set(batch)]
        return batches

    def cleared(self, goal: Goal, people: Numbers) -> Numbers:
        """Return the people with nearly nobody left in the other hidden cells of a line that the goal fills."""
        people = people.copy()
        mine = self.printed.tables[goal.table].cell_of_atom == goal.cell
        for line in self._lines_over(goal):
            if self.room[line] < goal.people * TIGHT:
                for table, cells in self.printed.lines[line][2]:
                    hidden = cells[self.printed.hidden[table][cells]]
                    people[np.isin(self.printed.tables[table].cell_of_atom, hidden) & ~mine] *= SHRUNK
        return people

    def beside(self, table: int, cell: int) -> Iterator[tuple[int, int]]:
        """Yield the cells that share a line with a cell, and itself."""
        for line in self.lines_of.get((table, cell), ()):
            total_table, total, parts = self.printed.lines[line]
            yield total_table, total
            yield from ((t, part) for t, cells in parts for part in cells.tolist())

    def _lines_over(self, goal: Goal) -> list[int]:
        at = (goal.table, goal.cell)
        return [line for line in self.lines_of.get(at, ()) if self.printed.lines[line][:2] != at]


def _kept(fit: Fit, before: list[Numbers] | None) -> list[Numbers] | None:
    """Return the weights of the items that fit, and those from before of the others, which have run away."""
    if before is None:
        return None
    for weights, each in zip(fit.weights, before, strict=True):
        for item in fit.conflicts:
            weights[:, item] = each[:, item]
    return fit.weights


def _cheapest(printed: Printed, limit: Limit) -> At:
    """Return the printed cell, not the district, that limits the goal most; of equals the smallest."""
    priced = [
        (-round(float(price), 6), float(printed.people[table].least[cell]), -table, cell)
        for table, prices in enumerate(limit.price)
        for cell, price in enumerate(prices)
        if price > 1e-7 and printed.tables[table].groups and not printed.hidden[table][cell]
    ]
    if not priced:
        raise NoDecoy
    _, _, table, cell = min(priced)
    return printed.tables[-table].cells[cell]
