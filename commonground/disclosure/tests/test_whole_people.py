"""Decoys are made of fractions of people: whether whole people would do as well, by whole-number programming."""

from collections.abc import Iterator

import highspy
import numpy as np
import pytest

from commonground.disclosure.certificate import Evidence
from commonground.disclosure.limits import most_people
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.printed import Printed
from commonground.disclosure.solver import new
from commonground.disclosure.tests.survey import AGREE, group, released

SIZES = {"site": 4, "job": 4, "tenure": 3}
PAIRS = (("site", "job"), ("site", "tenure"), ("job", "tenure"))


def printed_of(seed: int, people: int) -> Printed:
    """Return a release of three group questions in three pairs, in which fractions might do where no people do."""
    chance = np.random.default_rng(seed)
    groups = tuple(group(name, size) for name, size in SIZES.items())
    columns = {name: chance.choice(size, people, p=shares(size)).astype(np.uint8) for name, size in SIZES.items()}
    columns["breaks"] = chance.integers(0, 5, people).astype(np.uint8)
    return Printed(released(TablePlan((AGREE,), groups, tuple(SIZES), PAIRS), columns))


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
