"""An adversary: few people of several tables together, looked for by whole-number programming.

Wanted is a set of the finest groups, each in it or not, that is a sum of printed cells, each any number of times,
and whose people are 1 to k - 1. The solver only proposes; that the set follows is checked by exact elimination.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import highspy
import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.reading import At, Released
from commonground.disclosure.solver import new

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Atom = Mapping[str, int]

MOST_ATOMS = 300
SECONDS = 10.0
MOST_TIMES = 40.0
"""A cell enters so many times at most, taken or added."""


def finest_groups(released: Released, empty: Iterable[At] = ()) -> list[Atom]:
    """Return the finest groups there can be, by the place of each group question, without those known empty."""
    names = _names(released)
    places = product(*(range(released.sizes[name]) for name in names))
    atoms = [dict(zip(names, each, strict=True)) for each in places]
    known = np.flatnonzero(held_by(released, empty, atoms).any(axis=0)).tolist()
    return [atom for place, atom in enumerate(atoms) if place not in known]


def _names(released: Released) -> list[str]:
    return [name for name in released.sizes if name not in released.level_of]


def held_by(released: Released, cells: Iterable[At], atoms: Sequence[Atom]) -> Flags:
    """Return cells x finest groups: whether the group is part of the cell."""
    place = {name: np.array([atom[name] for atom in atoms]) for name in _names(released)}
    within = {(name, at): place[name] == at for name in place for at in range(released.sizes[name])}
    for name, (of, inside) in released.level_of.items():
        within |= {(name, at): np.isin(place[of], groups) for at, groups in enumerate(inside)}
    everyone = np.ones(len(atoms), dtype=bool)
    rows = [np.logical_and.reduce([everyone, *(within[part] for part in at)]) for at in cells]
    return np.array(rows, dtype=bool).reshape(len(rows), len(atoms))


def apart(released: Released, atoms: Sequence[Atom]) -> list[NDArray[np.intp]]:
    """Return the places of all finest groups, or where they are too many, of each group of the longest question."""
    if len(atoms) <= MOST_ATOMS:
        return [np.arange(len(atoms))]
    longest = max(_names(released), key=lambda name: released.sizes[name])
    of = np.array([atom[longest] for atom in atoms])
    return [np.flatnonzero(of == place) for place in np.unique(of)]


def small_set(rows: Numbers, people: Numbers, minimum: int) -> Numbers | None:
    """Return the columns, as 0 and 1, of a set of 1 to k - 1 people that the solver finds to be a sum of the rows.

    `rows` tell for each printed cell its atoms, `people` how many it holds. None if there is none, or none is found
    in time.
    """
    cells, atoms = rows.shape
    if not cells:
        return None
    solver = new(time_limit=SECONDS)
    inside = [solver.addBinary() for _ in range(atoms)]
    times = [solver.addVariable(lb=-MOST_TIMES, ub=MOST_TIMES) for _ in range(cells)]
    for column, variable in enumerate(inside):
        solver.addConstr(sum(times[cell] for cell in np.flatnonzero(rows[:, column])) - variable == 0)
    number = sum(int(count) * each for count, each in zip(people, times, strict=True))
    solver.addConstr(number >= 1)
    solver.addConstr(number <= minimum - 1)
    solver.run()
    found = np.round(np.array(solver.getSolution().col_value)[:atoms]).astype(np.int64)
    return found if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
