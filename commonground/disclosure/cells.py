"""Cells, atoms, lines and flows of a survey's tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product as product_of

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.cuts import Arc, Node
from commonground.disclosure.merge import ReportingGroup

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cell = tuple[tuple[str, int], ...]
Flow = tuple[Node, Node, int]


def level_totals(group: str) -> str:
    """Return what the margin with the totals of a group question's levels is called."""
    return f"{group}/level"


@dataclass(frozen=True)
class Line:
    """A total and the parts it is the sum of, as places in the list of cells."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """Which cells there are and who is in them.

    `places[group]` holds for each person the place of their reporting group; `tables` lists the groups
    each table crosses, the district () first, then margins, then pairs. `levels[group]` is, where a margin
    has totals of its levels, the place of the level of each of its groups; the totals are a margin of
    their own, called `level_totals(group)`.
    """

    groups: Mapping[str, tuple[ReportingGroup, ...]]
    tables: tuple[tuple[str, ...], ...]
    places: Mapping[str, NDArray[np.intp]]
    people: int
    levels: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return every cell as its (group, place) pairs, table by table."""
        return tuple(cell for table in self.tables for cell in self._cells_of(table))

    @cached_property
    def first(self) -> dict[tuple[str, ...], int]:
        """Return for each table where its cells start in the list of cells."""
        starts, start = {}, 0
        for table in self.tables:
            starts[table] = start
            start += self._size(table)
        return starts

    @cached_property
    def table_of(self) -> tuple[tuple[str, ...], ...]:
        """Return the table of each cell."""
        return tuple(tuple(group for group, _ in cell) for cell in self.cells)

    def span_of(self, table: tuple[str, ...]) -> range:
        """Return the places of a table's cells."""
        return range(self.first[table], self.first[table] + self._size(table))

    def cell_of_each(self, table: tuple[str, ...]) -> NDArray[np.intp]:
        """Return for each person the place of their cell within the table."""
        code = np.zeros(self.people, dtype=np.intp)
        for group in table:
            code = code * len(self.groups[group]) + self.places[group]
        return code

    @cached_property
    def members(self) -> Counts:
        """Return cells x atoms: 1 where the atom lies in the cell. Atoms are those that hold someone."""
        matrix = np.zeros((len(self.cells), self._atom_count), dtype=np.int64)
        for table in self.tables:
            rows = self.first[table] + self.cell_of_each(table)
            matrix[rows, self._atom_of_each] = 1
        return matrix

    @cached_property
    def independent(self) -> Counts:
        """Return cells x columns with the same sums between cells as `members`, but for a survey with no empty
        atom: the last place of each group is the total less its other places, so it needs no column."""
        columns: dict[Cell, int] = {}
        rows = [self._expand(cell) for cell in self.cells]
        for row in rows:
            for term in row:
                columns.setdefault(term, len(columns))
        matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
        for place, row in enumerate(rows):
            for term, sign in row.items():
                matrix[place, columns[term]] = sign
        return matrix

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Return every total with its parts: a level by its groups, the district by levels and groups mixed too."""
        return tuple(line for table in self.tables if table for line in self._lines_of(table))

    @cached_property
    def flows(self) -> tuple[tuple[Flow, ...], ...]:
        """Return for each pair, and each margin with levels, its cells as arcs of a flow closed by the district."""
        level_tables = {level_totals(group) for group in self.levels}
        base = [table for table in self.tables if not level_tables & set(table)]
        pairs = [self._flow_of_pair(*table) for table in base if len(table) == 2]
        return (*pairs, *(self._flow_of_levels(group) for group in self.levels))

    def arcs(self, flow: Iterable[Flow], people: Counts) -> list[Arc]:
        """Return the arcs of a flow that hold people."""
        return [Arc(start, end, int(people[cell]), cell) for start, end, cell in flow if people[cell]]

    def counts(self, table: tuple[str, ...], values: NDArray[np.uint8], options: int) -> Counts:
        """Return cells of the table x options: how many people gave each; values of `options` up are none."""
        answered = values < options
        code = self.cell_of_each(table)[answered] * options + values[answered]
        counted = np.bincount(code, minlength=self._size(table) * options)
        return counted.reshape(-1, options).astype(np.int64)

    def roster(self, cell: int) -> int | None:
        """Return how many people of the roster are in a margin's cell, None where that is not known."""
        parts = self.cells[cell]
        return self.groups[parts[0][0]][parts[0][1]].roster if len(parts) == 1 else None

    @cached_property
    def atom_sizes(self) -> Counts:
        """Return how many people each atom holds."""
        return self.in_atoms(np.ones(self.people, dtype=bool))

    def place_in_atoms(self, group: str) -> NDArray[np.intp]:
        """Return for each atom the place of its people in a group."""
        place = np.zeros(self._atom_count, dtype=np.intp)
        place[self._atom_of_each] = self.places[group]
        return place

    def in_atoms(self, chosen: Flags) -> Counts:
        """Return how many of the chosen people each atom holds."""
        return np.bincount(self._atom_of_each[chosen], minlength=self._atom_count).astype(np.int64)

    @cached_property
    def _atom_of_each(self) -> NDArray[np.intp]:
        code = np.zeros(self.people, dtype=np.intp)
        for group, places in self.places.items():
            code = np.unique(code * len(self.groups[group]) + places, return_inverse=True)[1]
        return code

    @cached_property
    def _atom_count(self) -> int:
        return int(self._atom_of_each.max(initial=-1)) + 1

    def _size(self, table: tuple[str, ...]) -> int:
        return int(np.prod([len(self.groups[group]) for group in table], dtype=np.int64))

    def _cells_of(self, table: tuple[str, ...]) -> Iterator[Cell]:
        shape = tuple(len(self.groups[group]) for group in table)
        for index in np.ndindex(*shape):
            yield tuple(zip(table, index, strict=True))

    @cached_property
    def _place_of(self) -> dict[frozenset[tuple[str, int]], int]:
        return {frozenset(cell): place for place, cell in enumerate(self.cells)}

    def _at(self, *parts: tuple[str, int]) -> int:
        return self._place_of[frozenset(parts)]

    def _lines_of(self, table: tuple[str, ...]) -> Iterator[Line]:
        grid = np.array(self.span_of(table)).reshape([len(self.groups[group]) for group in table])
        yield Line(0, tuple(grid.ravel().tolist()))
        if len(table) == 2:
            for group, rows in zip(table, (grid, grid.T), strict=True):
                start = self.first[(group,)]
                yield from (Line(start + i, tuple(row.tolist())) for i, row in enumerate(rows))
        for group in (name for name in table if name in self.levels):
            yield from self._lines_of_levels(group, [other for other in table if other != group])

    def _lines_of_levels(self, group: str, across: Sequence[str]) -> Iterator[Line]:
        """Yield each level with its groups, in every place of the other group where the two are crossed."""
        totals = level_totals(group)
        if (not across and (totals,) not in self.first) or (across and not self._crosses(totals, across[0])):
            return
        for at in self._cells_of(tuple(across)):
            for level in range(len(self.groups[totals])):
                inside = [i for i, own in enumerate(self.levels[group]) if own == level]
                parts = tuple(self._at((group, i), *at) for i in inside)
                yield Line(self._at((totals, level), *at), parts)
                if not across:
                    others = (i for i in range(len(self.groups[totals])) if i != level)
                    yield Line(0, (*(self._at((totals, i)) for i in others), *parts))

    def _crosses(self, one: str, other: str) -> bool:
        return (one, other) in self.first or (other, one) in self.first

    def _flow_of_levels(self, group: str) -> tuple[Flow, ...]:
        arcs = [("sink", "source", 0), *self._into_groups(group)]
        return (*arcs, *((place, "sink", self._at(place)) for place in self._nodes(group)))

    def _flow_of_pair(self, one: str, other: str) -> tuple[Flow, ...]:
        if not self._has_crossed_levels(one, other) and self._has_crossed_levels(other, one):
            one, other = other, one
        crossed = [(i, j) for i in self._nodes(one) for j in self._nodes(other)]
        if not self._has_crossed_levels(one, other):
            across: list[Flow] = [(i, j, self._at(i, j)) for i, j in crossed]
        else:
            totals = level_totals(one)
            above = {i: (totals, self.levels[one][i[1]]) for i in self._nodes(one)}
            across = [(i, (above[i], j), self._at(i, j)) for i, j in crossed]
            across += [((i, j), j, self._at(i, j)) for i in self._nodes(totals) for j in self._nodes(other)]
        out = [(end, start, cell) for start, end, cell in self._into_groups(other, "sink")]
        return (("sink", "source", 0), *self._into_groups(one), *across, *out)

    def _has_crossed_levels(self, group: str, other: str) -> bool:
        return group in self.levels and self._crosses(level_totals(group), other)

    def _into_groups(self, group: str, end: str = "source") -> list[Flow]:
        """Return the arcs from an end of the flow to each group, through its level where there is one."""
        if group not in self.levels:
            return [(end, place, self._at(place)) for place in self._nodes(group)]
        totals = level_totals(group)
        levels = [(end, place, self._at(place)) for place in self._nodes(totals)]
        within = [((totals, level), (group, i), self._at((group, i))) for i, level in enumerate(self.levels[group])]
        return [*levels, *within]

    def _nodes(self, group: str) -> list[tuple[str, int]]:
        return [(group, place) for place in range(len(self.groups[group]))]

    def _expand(self, cell: Cell) -> Counter[Cell]:
        """Return the cell as a sum of products of places, none of them the last place of its group."""
        terms: Counter[Cell] = Counter({(): 1})
        for group, place in cell:
            product: Counter[Cell] = Counter()
            for (known, times), (part, sign) in product_of(terms.items(), self._factor(group, place).items()):
                product[(*known, *part)] += times * sign
            terms = product
        return terms

    def _factor(self, group: str, place: int) -> Counter[Cell]:
        of = next((name for name in self.levels if level_totals(name) == group), None)
        if of is not None:
            inside = [i for i, level in enumerate(self.levels[of]) if level == place]
            factor: Counter[Cell] = Counter()
            for i in inside:
                factor.update(self._factor(of, i))
            return factor
        last = len(self.groups[group]) - 1
        if place < last:
            return Counter({((group, place),): 1})
        return Counter({(): 1} | {((group, i),): -1 for i in range(last)})
