"""A part of a district in which a decoy differs from the first decoy, and what everyone else leaves of each bound.

A decoy for one hidden cell need not be another data set from end to end: it moves people and answers between a few
places of the group question with the most of them, the *parted* one, and leaves all others as the first decoy has
them. Every printed cell then keeps its number if the places of the part add to what the others leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonground.disclosure.printed import NO_BOUND, Bounds, Numbers, Places, Printed, Sums, Table


@dataclass(frozen=True)
class Decoy:
    """One invented data set. `places` of the parted group differ from the first decoy; None is every place.

    It holds the people of each atom of these places, those who answered (atoms x questions), and the weights that
    make up what they answered: for each table of the release one array (cells that the part touches x items x
    options).
    """

    people: Numbers
    answered: Numbers
    weights: list[Numbers]
    places: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Touched:
    """The cells of one table that hold atoms of a part: `cells` in the release, `table` over these atoms alone."""

    place: int
    cells: Places
    table: Table
    outside: Sums


class Part:
    """Atoms of a release, the cells they touch, and what all other atoms hold in these cells."""

    def __init__(
        self, printed: Printed, places: tuple[int, ...] | None = None, first: "First | None" = None
    ) -> None:
        self.printed, self.places = printed, places
        self.atoms = np.arange(printed.atoms) if places is None else printed.atoms_of(places)
        self.touched = [self._touched(place, first) for place in range(len(printed.tables))]

    def _touched(self, place: int, first: "First | None") -> Touched:
        if self.places is None:
            every = self.printed.tables[place]
            return Touched(place, np.arange(len(every.cells)), every, nothing(self.printed, len(every.cells)))
        table = self.printed.tables[place]
        cells, cell_of_atom = np.unique(table.cell_of_atom[self.atoms], return_inverse=True)
        part = Table(table.groups, [table.cells[cell] for cell in cells], cell_of_atom)
        if first is None:
            return Touched(place, cells, part, nothing(self.printed, len(cells)))
        inside = sums_of(
            part, first.decoy.people[self.atoms], first.decoy.answered[self.atoms], first.options[self.atoms]
        )
        return Touched(place, cells, part, first.sums[place].at(cells).plus(inside, -1))

    @property
    def people(self) -> list[Bounds]:
        """Return for each table the bounds of the people that the part holds in its cells."""
        bounds = list(self.printed.people)
        if self.printed.fixed:
            bounds[0] = Bounds(self.printed.fixed.people, self.printed.fixed.people)
        return [_left(bounds[each.place], each.cells, each.outside.people) for each in self.touched]

    @property
    def answered(self) -> list[Bounds]:
        """Return for each table the bounds of those of the part who answered, cells x questions."""
        bounds = list(self.printed.answered)
        if self.printed.fixed:
            bounds[0] = Bounds(self.printed.fixed.answered, self.printed.fixed.answered)
        return [_left(bounds[each.place], each.cells, each.outside.answered) for each in self.touched]

    def options_of(self, decoy: Decoy) -> Numbers:
        """Return atoms x items x options: how many people of each atom of the part gave each answer."""
        shares = np.where(self.printed.valid, 1.0, 0.0) * np.ones((len(self.atoms), 1, 1))
        for each, weights in zip(self.touched, decoy.weights, strict=True):
            shares = shares * weights[each.table.cell_of_atom]
        whole = shares.sum(axis=2, keepdims=True)
        answered = decoy.answered[:, self.printed.question_of_item][:, :, None]
        options: Numbers = shares / np.where(whole > 0, whole, 1.0) * answered
        return options

    def sums(self, decoy: Decoy) -> list[Sums]:
        """Return for each table what its touched cells hold in a decoy, all other atoms with them."""
        options = self.options_of(decoy)
        return [
            sums_of(each.table, decoy.people, decoy.answered, options).plus(each.outside) for each in self.touched
        ]


class First:
    """The first decoy of a certificate, which differs from nothing: its answers and what every cell holds in it."""

    def __init__(self, printed: Printed, decoy: Decoy) -> None:
        whole = Part(printed)
        self.decoy, self.options, self.sums = decoy, whole.options_of(decoy), whole.sums(decoy)


def nothing(printed: Printed, cells: int) -> Sums:
    """Return the sums of cells in which nobody is."""
    items = (len(printed.items), printed.widest)
    return Sums(np.zeros(cells), np.zeros((cells, len(printed.questions))), np.zeros((cells, *items)))


def sums_of(table: Table, people: Numbers, answered: Numbers, options: Numbers) -> Sums:
    """Return what atoms add to in the cells of a table."""
    return Sums(table.sums(people), table.sums(answered), table.sums(options))


def shapes_of(part: Part) -> list[tuple[int, ...]]:
    """Return the shapes of the arrays of a decoy of this part."""
    atoms, items = len(part.atoms), (len(part.printed.items), part.printed.widest)
    weights = [(len(each.cells), *items) for each in part.touched]
    return [(atoms,), (atoms, len(part.printed.questions)), *weights]


def _left(bounds: Bounds, cells: Places, outside: Numbers) -> Bounds:
    least, most = bounds.least[cells] - outside, bounds.most[cells] - outside
    return Bounds(np.maximum(least, 0.0), np.where(bounds.most[cells] >= NO_BOUND, NO_BOUND, np.maximum(most, 0.0)))


def at_least(bounds: Sequence[Bounds], goals: Sequence[tuple[int, int, float]]) -> list[Bounds]:
    """Return the bounds with (table, touched cell, people) as the least that some cells are to hold."""
    least = [each.least.copy() for each in bounds]
    for table, cell, people in goals:
        least[table][cell] = people
    return [Bounds(low, np.maximum(each.most, low)) for low, each in zip(least, bounds, strict=True)]
