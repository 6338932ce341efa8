"""The search for decoys in the tables of one family of groups, and telling less where there is none.

The first decoy is a data set from end to end; each further one lets one hidden cell hold people enough and differs
from it in few places. Where a few places give no room, more of them do; where all of them do not, shares that stand
against the cell are told in wider steps, the second time not at all; where numbers of people alone bound it, one
more cell is hidden: the one that a linear program names as cheapest.

Nothing but the release is read here, so neither a decoy nor what is withheld can tell more than is printed. Telling
less leaves every decoy found so far valid, so nothing is ever begun anew.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np

from commonground.disclosure.certificate import CLOSE, Evidence, disagreements
from commonground.disclosure.decoys import Fit, fit_answered, fit_options, fit_people, short
from commonground.disclosure.elastic import Price, cheapest
from commonground.disclosure.limits import SLIGHT, Limit, most_people
from commonground.disclosure.parts import Decoy, First, Part, at_least
from commonground.disclosure.printed import NO_BOUND, Flags, Numbers, Printed, Sums
from commonground.disclosure.reading import At
from commonground.disclosure.weaker import HIDDEN, WITHHELD, number_less, told_less

MANY_SWEEPS, PEOPLE_SWEEPS, ANSWERED_SWEEPS, LOOSE_SWEEPS = 4000, 600, 400, 10
OPTION_SWEEPS = (60, 60, 80, 100, 150)
"""Sweeps before the people of a decoy are moved to where its answers fit better; after the last, less is told."""
FEW_SWEEPS, LESS_SWEEPS = OPTION_SWEEPS[:1], (60, 100)
"""The same where few places are tried, and after less was told."""
FEW_PLACES, MOST_PLACES = (3, 8), 24
"""In how many places a decoy may differ from the first one: few are tried first."""
PATIENCE = 8
"""Rounds of telling less where it does not fit, for one cell's sake, before all answers beside it are withheld."""
MOST_CORNERS = 30
MOST_COLUMNS = 1500
"""How many numbers one program looks for at most."""
TIGHT = 1.1
SHRUNK = 0.0005
DISTRICT = 0
"""The place of the table that holds the district alone."""

Cell = tuple[int, int]


class NoDecoy(ArithmeticError):
    """No data set prints the release, not even the district's numbers alone: it is no release of the gate."""


@dataclass(frozen=True)
class Goal:
    """A hidden cell that should hold `people` in some decoy."""

    table: int
    cell: int
    people: float

    @property
    def place(self) -> Cell:
        return self.table, self.cell


class Search:
    """What is looked for and found in one family of groups. `document` only ever comes to tell less."""

    def __init__(self, document: dict[str, Any], family: Sequence[str]) -> None:
        self.document, self.family, self.printed = document, family, Printed(document, family)
        self.evidence = Evidence(self.printed)
        self.decoys: list[Decoy] = []
        self.hidden: list[At] = []
        self.first: First | None = None
        self._parts: dict[tuple[int, ...] | None, Part] = {None: Part(self.printed)}

    def step(self, fixed: Sums | None) -> bool:
        """Find one more decoy, or tell less for want of one; say whether anything was left to do.

        `fixed` is the district that families share. Raises NoDecoy for what is no release of the gate.
        """
        self.printed.fixed = self.printed.fixed or fixed
        if self.first is None:
            self._begin()
        elif goal := self._goal():
            self._reach(goal)
        elif self.evidence.all_certain():
            self.note(self._favoured(self.first.decoy, self.evidence))
            self._give_way(self._beside(self.evidence.all_certain()))
        else:
            return False
        return True

    def holds(self, groups: Collection[str]) -> bool:
        """Say whether a table of these groups is one of the family's."""
        return any(set(table.groups) == set(groups) for table in self.printed.tables)

    def note(self, decoy: Decoy) -> None:
        """Take in a decoy that was found."""
        part = self._part(decoy.places)
        self.decoys.append(decoy)
        self.evidence.add(part, part.sums(decoy))
        self.first = self.first or First(self.printed, decoy)

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the hidden cells that could hold people were shown to hold enough, and of how many."""
        tables = range(len(self.printed.tables))
        could = [self.printed.hidden[table] & (self.printed.reach[table].most > 0) for table in tables]
        cells = sum(int(each.sum()) for each in could)
        return cells - sum(int(self.evidence.too_small(table).sum()) for table in tables), cells

    def _goal(self) -> Goal | None:
        """Return a hidden cell that holds too few people in every decoy so far, details first."""
        for table in reversed(range(len(self.printed.tables))):
            for cell in np.flatnonzero(self.evidence.too_small(table)).tolist():
                return Goal(table, cell, float(self.evidence.wanted(table)[cell]))
        return None

    def _held(self, part: Part, people: Numbers, answered: Numbers, fit: Fit) -> Decoy | None:
        """Return the decoy as a certificate holds it; None where it is further off than a check allows."""
        decoy = Decoy(short(people), short(answered), fit.weights, part.places)
        return None if any(disagreements(part, decoy, part.sums(decoy))) else decoy

    def _part(self, places: tuple[int, ...] | None) -> Part:
        if places not in self._parts:
            self._parts[places] = Part(self.printed, places, self.first)
        return self._parts[places]

    # The first decoy

    def _begin(self) -> None:
        whole = self._part(None)
        people = self._people_of_first()
        while True:
            decoy, fit = self._moved(whole, people, None, OPTION_SWEEPS)
            if decoy:
                return self.note(self._favoured(decoy, self._alone(decoy)))
            assert fit
            people = self._make_way(whole, people, fit, None)

    def _alone(self, decoy: Decoy) -> Evidence:
        """Return what a decoy of every place shows by itself."""
        whole, alone = self._part(None), Evidence(self.printed)
        alone.add(whole, whole.sums(decoy))
        return alone

    def _people_of_first(self) -> Numbers:
        whole = self._part(None)
        start = np.where(self.printed.empty, 0.0, 1.0)
        people, fits = fit_people(whole, self.printed.people, start, MANY_SWEEPS)
        return people if fits else self._people_between_corners()

    def _people_between_corners(self) -> Numbers:
        """Return the middle of tables in which one hidden cell each holds the most: for where scaling creeps."""
        hidden = [
            (table, cell)
            for table, flags in enumerate(self.printed.hidden)
            for cell in np.flatnonzero(flags & (self.printed.reach[table].most > 0)).tolist()
        ]
        if not hidden:
            raise NoDecoy
        few = hidden[:: -(-len(hidden) // MOST_CORNERS)]
        middle: Numbers = np.mean([most_people(self.printed, *cell).people for cell in few], axis=0)
        return middle

    # One more decoy

    def _reach(self, goal: Goal) -> None:
        """Make a decoy in which the goal is reached, in few places if that goes; else come to tell less."""
        part, people, fit = self._part(None), None, None
        for part in self._parts_for(goal):
            people = self._people(part, goal, self._start(part))
            if people is None:
                continue
            last = part.places is None or len(part.places) == MOST_PLACES
            decoy, fit = self._moved(part, people, goal, OPTION_SWEEPS if last else FEW_SWEEPS)
            if decoy:
                return self.note(decoy)
        if people is None:
            part, people = self._part(None), self._people_by_program(goal)
        if people is not None:
            self._insist(part, people, goal, fit)

    def _insist(self, part: Part, people: Numbers, goal: Goal, fit: Fit | None) -> None:
        """Tell less until the goal is reached: what a program names, then all along its lines, then everywhere."""
        for losses in count():
            if fit and losses < PATIENCE:
                people = self._make_way(part, people, fit, goal, losses == 0)
            elif fit:
                self._withhold_more(goal)
            decoy, fit = self._moved(part, people, goal, LESS_SWEEPS if losses < PATIENCE else OPTION_SWEEPS)
            if decoy:
                return self.note(decoy)

    def _make_way(self, part: Part, people: Numbers, fit: Fit, goal: Goal | None, first: bool = False) -> Numbers:
        """Tell less of the cheapest shares that stand against the goal; return people for whom the rest can stand.

        Where a program finds at first that all can stand, with people elsewhere, nothing is told less yet.
        """
        price = self._price(part, fit, goal)
        moved = self._people(part, goal, (price.people + people) / 2) if price and not price.broken else None
        if price and price.broken:
            self._give_way({(self.printed.items[item].place, table, cell) for item, table, cell in price.broken})
        elif moved is None or not first:
            self._give_way(self._in_the_way(fit, goal))
        return people if moved is None else moved

    def _price(self, part: Part, fit: Fit, goal: Goal | None) -> Price | None:
        try:
            return cheapest(part, self._goals(part, goal), self._items_off(part, fit))
        except ArithmeticError:
            return None

    def _items_off(self, part: Part, fit: Fit) -> list[int]:
        """Return the items that are off most, as many as one program can take."""
        worst = sorted(fit.conflicts, key=lambda item: (-round(max(fit.conflicts[item].values()), 3), item))
        size = np.cumsum([len(part.atoms) * self.printed.items[item].options for item in worst])
        return sorted(worst[: max(1, int((size <= MOST_COLUMNS).sum()))])

    def _withhold_more(self, goal: Goal) -> None:
        lines = set(self._in_lines(goal.place)) - {(DISTRICT, 0)}
        if not (self._withhold(set(self._in_lines(goal.place, within=True))) or self._withhold(lines)):
            self._withhold_all()

    def _parts_for(self, goal: Goal) -> Iterator[Part]:
        """Yield parts of the district in which the goal may be reached, small ones first."""
        order = self._places_by_use(goal)
        for size in (*FEW_PLACES, MOST_PLACES):
            if size < len(order):
                yield self._part(tuple(sorted(order[:size])))
        if len(order) <= MOST_PLACES:
            yield self._part(None)

    def _places_by_use(self, goal: Goal) -> list[int]:
        """Return the places of the parted group: the goal's own, its level, those with most in hidden cells."""
        if self.printed.parted is None:
            return []
        own, near = self._own(goal)
        of_atom, number = self.printed.places_of_parted, self.printed.released.sizes[self.printed.parted]
        givers = self.printed.hidden[goal.table][self.printed.tables[goal.table].cell_of_atom]
        give = np.bincount(of_atom, self._first_people() * givers, number).round(6).tolist()
        return sorted(range(number), key=lambda place: (place not in own, place not in near, -give[place], place))

    def _own(self, goal: Goal) -> tuple[set[int], set[int]]:
        """Return the goal's place of the parted group, if it has one, and the places of its level."""
        at = dict(self.printed.tables[goal.table].cells[goal.cell])
        own = {at[self.printed.parted]} if self.printed.parted in at else set()
        for name, (of, inside) in self.printed.released.level_of.items():
            if of == self.printed.parted:
                wanted = [places for level, places in enumerate(inside) if at.get(name) == level or own & {*places}]
                return own, {place for places in wanted for place in places}
        return own, set()

    # People

    def _first_people(self) -> Numbers:
        assert self.first
        return self.first.decoy.people

    def _start(self, part: Part) -> Numbers:
        return self._first_people()[part.atoms]

    def _people(self, part: Part, goal: Goal | None, start: Numbers) -> Numbers | None:
        """Return people who keep to every printed number and reach the goal; None where scaling finds none."""
        if goal:
            start = np.where(self._to_clear(goal)[part.atoms], SHRUNK, 1.0) * start
        bounds = at_least(part.people, self._goals(part, goal))
        people, fits = fit_people(part, bounds, start, PEOPLE_SWEEPS)
        return people if fits else None

    def _goals(self, part: Part, goal: Goal | None) -> list[tuple[int, int, float]]:
        """Return (table, touched cell, people of the part) that reach the goal."""
        if goal is None:
            return []
        touched = part.touched[goal.table]
        row = int(np.searchsorted(touched.cells, goal.cell))
        return [(goal.table, row, goal.people - CLOSE / 4 - float(touched.outside.people[row]))]

    def _to_clear(self, goal: Goal) -> Flags:
        """Return the atoms in the other hidden cells of a line that the goal fills nearly."""
        clear = np.zeros(self.printed.atoms, dtype=bool)
        for line in self.printed.lines_of.get(goal.place, ()):
            if self._room(line) < goal.people * TIGHT:
                for table, cells in self.printed.lines[line][2]:
                    hidden = cells[self.printed.hidden[table][cells]]
                    clear |= np.isin(self.printed.tables[table].cell_of_atom, hidden)
        mine = self.printed.tables[goal.table].cell_of_atom == goal.cell
        others: Flags = clear & ~mine
        return others

    def _room(self, line: int) -> float:
        """Return how many people the hidden cells of a line can hold at most."""
        table, cell, parts = self.printed.lines[line]
        least = sum(float(self.printed.people[t].least[cells].sum()) for t, cells in parts)
        return float(self.printed.reach[table].most[cell]) - least

    def _in_lines(self, place: Cell, within: bool = False) -> Iterator[Cell]:
        """Yield the cells that share a line with a cell, and itself; `within`: of lines below the district."""
        for line in self.printed.lines_of.get(place, ()):
            total_table, total, parts = self.printed.lines[line]
            if not (within and total_table == DISTRICT):
                yield total_table, total
                yield from ((t, part) for t, cells in parts for part in cells.tolist())

    def _people_by_program(self, goal: Goal) -> Numbers | None:
        """Return people who reach a goal that is nearly all there can be; None, a cell hidden, if more."""
        limit = most_people(self.printed, *goal.place)
        if limit.most < goal.people - CLOSE / 4:
            self._hide(_cheapest(self.printed, limit))
            return None
        start = np.where(limit.emptied, SHRUNK, 1.0) * (self._first_people() + limit.people) / 2
        people = self._people(self._part(None), goal, start)
        mixed: Numbers = (1 - SHRUNK) * limit.people + SHRUNK * self._first_people()
        return mixed if people is None else people

    # Answers

    def _moved(
        self, part: Part, people: Numbers, goal: Goal | None, rounds: Sequence[int]
    ) -> tuple[Decoy | None, Fit | None]:
        """Fit the answers, moving people to where they fit better; None where that fails, and what does not fit."""
        fit, weights = None, self._weights_of_first(part)
        before = weights
        for sweeps in rounds:
            answered = self._answered(part, people, insist=rounds is not FEW_SWEEPS)
            if answered is None:
                return None, None
            of_items = answered[:, self.printed.question_of_item]
            fit = fit_options(part, of_items, sweeps, weights, LOOSE_SWEEPS)
            if not fit.conflicts and (decoy := self._held(part, people, answered, fit)):
                return decoy, fit
            weights = _kept(fit, before) if before else None
            moved = self._people(part, goal, people * fit.drift)
            people = people if moved is None else moved
        return None, fit

    def _weights_of_first(self, part: Part) -> list[Numbers] | None:
        if not self.first:
            return None
        return [each[touched.cells] for each, touched in zip(self.first.decoy.weights, part.touched, strict=True)]

    def _answered(self, part: Part, people: Numbers, insist: bool) -> Numbers | None:
        """Return who answered; where that does not fit None, or numbers told as bounds, then not at all."""
        while True:
            answered, conflicts = fit_answered(part, people, ANSWERED_SWEEPS)
            if not conflicts:
                return answered
            if not insist:
                return None
            for question, cells in conflicts.items():
                self._number_less(question, *self._off(question, cells, set()))

    def _favoured(self, decoy: Decoy, evidence: Evidence) -> Decoy:
        """Return the decoy with some who gave answers that nobody gave so far, or all but which, if that goes."""
        wished = [evidence.wished(table) for table in range(len(self.printed.tables))]
        of_items = decoy.answered[:, self.printed.question_of_item]
        whole = self._part(None)
        fit = fit_options(whole, of_items, OPTION_SWEEPS[-1], decoy.weights, wished=wished)
        fit = replace(fit, weights=_kept(fit, decoy.weights))
        return self._held(whole, decoy.people, decoy.answered, fit) or decoy

    # Telling less

    def _in_the_way(self, fit: Fit, goal: Goal | None) -> list[tuple[int, int, int]]:
        """Return (question, table, cell) of what stands most against the goal, for the items that are off most."""
        near = set(self._in_lines(goal.place)) if goal else set()
        worst = [(item, self.printed.items[item].place) for item in fit.conflicts]
        return sorted({(place, *self._off(place, fit.conflicts[item], near)) for item, place in worst})

    def _off(self, question: int, cells: Mapping[Cell, float], near: set[Cell]) -> Cell:
        """Return the cell that is off most, of those near, the district last: if it is fixed, the largest in it."""
        off = min(cells, key=lambda at: (at[0] == DISTRICT, at not in near, -round(cells[at], 3), at))
        if off[0] != DISTRICT:
            return off
        people, told = self.printed.people, self._telling(question)
        if not told:
            raise NoDecoy
        return min(told, key=lambda at: (at[0], -people[at[0]].least[at[1]], at))

    def _smallest(self, cells: Sequence[Cell]) -> Cell:
        return min(cells, key=lambda at: (at[0] == DISTRICT, self.printed.reach[at[0]].least[at[1]], -at[0], at[1]))

    def _beside(self, certain: Sequence[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
        """Return (question, table, cell) of the smallest cell that tells of the same question beside each.

        Where none does it is the smallest of all; where only the district tells of it, the district.
        """
        found = set()
        for table, cell, item in certain:
            question = self.printed.items[item].place
            beside = [at for at in self._in_lines((table, cell)) if self._tells(question, at)]
            found.add((question, *self._smallest(beside or self._telling(question) or [(DISTRICT, 0)])))
        return found

    def _telling(self, question: int) -> list[Cell]:
        """Return the cells, the district aside where it is fixed, that tell of a question."""
        cells = [(table, cell) for table, each in enumerate(self.printed.tables) for cell in range(len(each.cells))]
        return [at for at in cells if self._tells(question, at)]

    def _tells(self, question: int, at: Cell) -> bool:
        return self._is_told(question, *at) and (at[0] != DISTRICT or self.printed.fixed is None)

    def _is_told(self, question: int, table: int, cell: int) -> bool:
        return bool(self.printed.answered[table].most[cell, question] < NO_BOUND)

    def _give_way(self, places: Collection[tuple[int, int, int]]) -> None:
        """Tell less of each (question, table, cell). Raises NoDecoy where nothing of them is told any more."""
        told = [place for place in sorted(places) if self._is_told(*place)]
        if places and not told:
            raise NoDecoy
        for question, table, cell in told:
            answers, name = self._answers(table, cell), self.printed.questions[question]
            answers[name] = told_less(answers[name])
            self.printed.read_again(table, cell, question)

    def _number_less(self, question: int, table: int, cell: int) -> None:
        answers, name = self._answers(table, cell), self.printed.questions[question]
        people = self.printed.released.cells[self.printed.tables[table].cells[cell]]["n"]
        answers[name] = number_less(answers[name], people, self.printed.minimum)
        self.printed.read_again(table, cell, question)

    def _hide(self, place: Cell) -> None:
        table, cell = place
        at = self.printed.tables[table].cells[cell]
        told: dict[str, Any] = self.document["cells"][self.printed.places[at]]
        told.update(**HIDDEN, answers={})
        self.printed.read_hidden(table, cell)
        self.hidden.append(at)

    def _withhold_all(self) -> None:
        tables = enumerate(self.printed.tables[1:], 1)
        if not self._withhold({(table, cell) for table, each in tables for cell in range(len(each.cells))}):
            raise NoDecoy

    def _withhold(self, places: set[Cell]) -> bool:
        """Withhold every answer in these cells; say whether any was told."""
        told = [
            (table, cell, question)
            for table, cell in sorted(places)
            for question in range(len(self.printed.questions))
            if self._is_told(question, table, cell)
        ]
        for table, cell, question in told:
            self._answers(table, cell)[self.printed.questions[question]] = dict(WITHHELD)
            self.printed.read_again(table, cell, question)
        return bool(told)

    def _answers(self, table: int, cell: int) -> dict[str, Any]:
        answers: dict[str, Any] = self.printed.released.cells[self.printed.tables[table].cells[cell]]["answers"]
        return answers


def _kept(fit: Fit, before: list[Numbers]) -> list[Numbers]:
    """Return the weights of the items that fit, and those from before of the others, which have run away."""
    for weights, each in zip(fit.weights, before, strict=True):
        for item in fit.conflicts:
            weights[:, item] = each[:, item]
    return fit.weights


def _cheapest(printed: Printed, limit: Limit) -> Cell:
    """Return the printed cell that limits a goal, a detail first, and of these what limits it most."""
    priced = [
        (-table, -round(float(price), 6), float(printed.people[table].least[cell]), cell)
        for table, prices in enumerate(limit.price)
        for cell, price in enumerate(prices)
        if price > SLIGHT and printed.tables[table].groups and not printed.hidden[table][cell]
    ]
    if not priced:
        raise NoDecoy
    table, _, _, cell = min(priced)
    return -table, cell
