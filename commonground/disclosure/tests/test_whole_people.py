"""Decoys are made of fractions of people: whether whole people would do as well, by whole-number programming."""

from collections.abc import Iterator
from typing import Any

import highspy
import numpy as np
import pytest

from commonground.disclosure.certificate import Evidence
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.limits import most_people
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.printed import NO_BOUND, Bounds, Printed
from commonground.disclosure.solver import new
from commonground.disclosure.tests.survey import AGREE, group, released

SIZES = {"site": 4, "job": 4, "tenure": 3}
PAIRS = (("site", "job"), ("site", "tenure"), ("job", "tenure"))


def release_of(seed: int, people: int) -> dict[str, Any]:
    """Return a release of three group questions in three pairs, in which fractions might do where no people do."""
    chance = np.random.default_rng(seed)
    groups = tuple(group(name, size) for name, size in SIZES.items())
    columns = {name: chance.choice(size, people, p=shares(size)).astype(np.uint8) for name, size in SIZES.items()}
    columns["breaks"] = chance.integers(0, 5, people).astype(np.uint8)
    return released(TablePlan((AGREE,), groups, tuple(SIZES), PAIRS), columns)


def printed_of(seed: int, people: int) -> Printed:
    return Printed(release_of(seed, people))


def shares(size: int) -> list[float]:
    weights = np.arange(1, size + 1, dtype=float)
    return list(weights / weights.sum())


def goals(printed: Printed) -> Iterator[tuple[int, int, int]]:
    """Yield (table, cell, people): what each hidden cell has to hold in a decoy, if fractions of people can."""
    evidence = Evidence(printed)
    for table in range(len(printed.tables)):
        for cell in np.flatnonzero(evidence.too_small(table)).tolist():
            wanted = int(evidence.wanted(table)[cell])
            if most_people(printed, table, cell).most >= wanted - 1e-6:
                yield table, cell, wanted


def whole_people_fit(printed: Printed, goal: tuple[int, int, int]) -> bool:
    """Say whether whole people can be told off to the atoms so that every printed number and the goal is kept."""
    solver = new()
    atoms = [solver.addIntegral(0, 0 if empty else highspy.kHighsInf) for empty in printed.empty.tolist()]
    for place, (table, bounds) in enumerate(zip(printed.tables, printed.people, strict=True)):
        for cell in range(len(table.cells)):
            held = sum(atoms[atom] for atom in np.flatnonzero(table.cell_of_atom == cell).tolist())
            least, most = float(bounds.least[cell]), float(bounds.most[cell])
            solver.addConstr(held >= max(least, goal[2] if (place, cell) == goal[:2] else 0))
            solver.addConstr(held <= most)
    solver.run()
    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


@pytest.mark.parametrize(("seed", "people"), [(1, 150), (2, 250)])
def test_where_fractions_of_people_fit_whole_people_fit(seed, people):
    printed = printed_of(seed, people)
    every = list(goals(printed))
    assert len(every) > 10
    assert [goal for goal in every if not whole_people_fit(printed, goal)] == []


def test_more_than_fractions_of_people_do_not_fit():
    printed = printed_of(1, 150)
    table, cell, _ = next(goals(printed))
    most = int(most_people(printed, table, cell).most + 1e-6)
    assert whole_people_fit(printed, (table, cell, most)) and not whole_people_fit(printed, (table, cell, most + 1))


class AsPrinted:
    """People and answers in fractions that agree with what is printed exactly, with no room such as decoys have."""

    def __init__(self, printed: Printed) -> None:
        self.printed, self.solver = printed, new()
        self.options = range(printed.items[0].options)
        most = np.where(printed.empty, 0.0, highspy.kHighsInf).tolist()
        self.left_out = [self.solver.addVariable(0, each) for each in most]
        self.gave = [[self.solver.addVariable(0, each) for each in most] for _ in self.options]
        for place, table in enumerate(printed.tables):
            for cell in range(len(table.cells)):
                self._keep(place, cell)

    def _keep(self, place: int, cell: int) -> None:
        shares, gave = self.printed.shares[place], [self.who(place, cell, option) for option in self.options]
        answered, bounds = sum(gave), self.printed.answered[place]
        people, numbers = answered + self._of(place, cell, self.left_out), self.printed.people[place]
        self._between(people, numbers.least[cell], numbers.most[cell])
        self._between(answered, bounds.least[cell, 0], bounds.most[cell, 0])
        for option, each in enumerate(gave):
            self._share(each, answered, shares.options, (cell, 0, option))
        top = sum(each for option, each in enumerate(gave) if self.printed.in_top[0, option])
        points = sum(each * float(self.printed.points[0, option]) for option, each in enumerate(gave))
        self._share(top, answered, shares.top, (cell, 0))
        self._share(points, answered, shares.mean, (cell, 0))

    def _of(self, place: int, cell: int, atoms: list[Any]) -> Any:
        return sum(atoms[atom] for atom in np.flatnonzero(self.printed.tables[place].cell_of_atom == cell).tolist())

    def _between(self, held: Any, least: float, most: float) -> None:
        self.solver.addConstr(held >= float(least))
        if most < NO_BOUND:
            self.solver.addConstr(held <= float(most))

    def _share(self, held: Any, answered: Any, bounds: Bounds, at: tuple[int, ...]) -> None:
        if bounds.most[at] < NO_BOUND:
            self.solver.addConstr(held - answered * float(bounds.least[at]) >= 0)
            self.solver.addConstr(held - answered * float(bounds.most[at]) <= 0)

    def who(self, place: int, cell: int, option: int) -> Any:
        """Return the people of a cell who gave an answer."""
        return self._of(place, cell, self.gave[option])

    def most(self, people: Any) -> float:
        """Return how many people these can be at most."""
        self.solver.maximize(people)
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self.solver.getObjectiveValue())


def test_in_hidden_cells_each_answer_may_be_one_persons_and_may_not_be_everyones():
    """A decoy may be two hundredths of a person off, and a ten-thousandth of a cell's people are some of them."""
    made = Certifying(release_of(3, 90))
    assert made.go_on()
    exact = AsPrinted(printed := Printed(made.document))
    hidden = {(place, cell) for place, cell, _ in Evidence(printed).all_certain()}
    assert len(hidden) > 10
    for place, cell in sorted(hidden):
        for option in exact.options:
            others = sum(exact.who(place, cell, other) for other in exact.options if other != option)
            assert exact.most(exact.who(place, cell, option)) > 1 - 1e-6
            assert exact.most(others) > 1 - 1e-6
