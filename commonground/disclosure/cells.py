"""Cells, atoms, lines and flows of a survey's tables."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product as product_of

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.cuts import Arc, Node
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.tree import Part, Places, Tree, Whole, branches_of, flat, plant

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Cell = tuple[tuple[str, int], ...]
Flow = tuple[Node, Node, int]
Addends = tuple[tuple[str, ...] | None, Places | None, Places, Places]

MOST_CODES = 2**22


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

    @cached_property
    def people_in(self) -> Counts:
        """Return how many people each cell holds."""
        return self.sums(self.atom_sizes)

    @cached_property
    def atoms(self) -> Mapping[str, Places]:
        """Return for each group the place of each atom. Atoms are those that hold someone."""
        return {group: places[self._first_of_atom] for group, places in self.places.items()}

    def sums(self, of_atoms: Counts) -> Counts:
        """Return for each cell, from one value or row of values for each atom, the sum over its atoms."""
        sums = np.zeros((len(self.cells), *of_atoms.shape[1:]), dtype=np.int64)
        for finer, order, starts, cells in self._addends:
            rows = of_atoms if finer is None else sums[self.first[finer] : self.first[finer] + self._size(finer)]
            sums[cells] = np.add.reduceat(rows if order is None else rows[order], starts, axis=0)
        return sums

    def of_any(self, cells: Iterable[int]) -> Flags:
        """Tell for each atom whether it lies in one of the cells."""
        chosen = np.zeros(len(self.cells), dtype=bool)
        chosen[list(cells)] = True
        inside = [chosen[self.first[table] + self._cell_of_atom(table)] for table in self.tables]
        flags: Flags = np.logical_or.reduce(inside)
        return flags

    def atoms_in(self, cells: Sequence[int]) -> list[tuple[int, Places]]:
        """Return the cells, in their order, each with its atoms."""
        held: dict[int, Places] = {}
        for table in self.tables:
            cell = self.first[table] + self._cell_of_atom(table)
            order = np.argsort(cell, kind="stable")
            found, starts = np.unique(cell[order], return_index=True)
            held |= dict(zip(found.tolist(), np.split(order, starts)[1:], strict=True))
        return [(cell, held.get(cell, self._no_atoms)) for cell in cells]

    @property
    def divisions(self) -> list[Places]:
        """Return the level, then the place, of each atom by the longest group question."""
        place, level_of = self._cell_of_atom(self._trunk), self._level_of
        return [place] if level_of is None else [np.array(level_of, dtype=np.intp)[place], place]

    def tally(self, values: NDArray[np.uint8], options: int) -> Counts:
        """Return atoms x options: how many people gave each; values of `options` up are none."""
        code = self._first_code_of_each(options + 1) + np.minimum(values, options)
        counted = np.bincount(code, minlength=len(self._first_of_atom) * (options + 1))
        return counted.reshape(len(self._first_of_atom), options + 1)[:, :options]

    def _first_code_of_each(self, width: int) -> Places:
        """Return the atom of each person times the width; the last is kept, as most questions are of one kind."""
        if self._last_code.get(width) is None:
            self._last_code.clear()
            self._last_code[width] = self._atom_of_each * width
        return self._last_code[width]

    @cached_property
    def _last_code(self) -> dict[int, Places]:
        return {}

    def tree(self, held: Flags, further: Counts | None = None, alone: Flags | None = None) -> Tree:
        """Return the cells as sums over those atoms for which `held` is true, and after them `further` sums.

        After these come the atoms for which `alone` is true, each as a sum of its own; none if a table holds them.
        """
        atoms = np.flatnonzero(held & alone) if alone is not None and not self.has_whole_table else self._no_atoms
        if further is not None and len(further):
            one = np.eye(len(self.atom_sizes), dtype=np.int64)
            return flat(np.vstack([self.sums(one), further, one[atoms]])[:, held])
        inner, columns = self._inner_atoms
        grid = np.zeros((self._size(self._trunk), len(columns)), dtype=bool)
        place = self._cell_of_atom(self._trunk)
        grid[place[held], inner[held]] = True
        at = {group: places[columns] for group, places in self.atoms.items()}
        return self._plant(
            grid, lambda table: self._inner_cells(table, at, len(columns)), place[atoms], inner[atoms]
        )

    @cached_property
    def has_whole_table(self) -> bool:
        """Tell whether some table crosses all groups, so that every atom is a cell."""
        return any(set(table) == set(self._base_groups) for table in self.tables)

    @property
    def _no_atoms(self) -> Places:
        return np.zeros(0, dtype=np.intp)

    @cached_property
    def grid(self) -> Tree:
        """Return the cells as sums over all atoms that there could be, also those that hold nobody."""
        terms: dict[Cell, int] = {}
        rows = {table: [self._expand(cell) for cell in self._cells_of(table)] for table in self._inner_tables}
        for row in (row for table in rows.values() for row in table):
            for term in row:
                terms.setdefault(term, len(terms))
        inner = {table: np.zeros((len(rows[table]), len(terms)), dtype=np.int16) for table in rows}
        for table in rows:
            for place, row in enumerate(rows[table]):
                for term, sign in row.items():
                    inner[table][place, terms[term]] = sign
        everywhere = np.ones((self._size(self._trunk), len(terms)), dtype=bool)
        return self._plant(everywhere, inner.__getitem__, self._no_atoms, self._no_atoms)

    @cached_property
    def columns(self) -> int:
        """Return the rank that all cells would have if no atom were empty."""
        levels = {level_totals(group) for group in self.levels}
        base = [table for table in self.tables if levels.isdisjoint(table)]
        return sum(int(np.prod([len(self.groups[group]) - 1 for group in table], dtype=np.int64)) for table in base)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Return every total with its parts: a level by its groups, the district by levels and groups mixed too."""
        return tuple(line for table in self.tables if table for line in self._lines_of(table))

    @cached_property
    def places_of_lines(self) -> list[tuple[int, Places]]:
        """Return each line's total, and its parts as an array."""
        return [(line.total, np.array(line.parts, dtype=np.intp)) for line in self.lines]

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

    def roster(self, cell: int) -> int | None:
        """Return how many people of the roster are in a margin's cell, None where that is not known."""
        rosters = [self.groups[group][place].roster for group, place in self.cells[cell]]
        return rosters[0] if len(rosters) == 1 else None

    @cached_property
    def atom_sizes(self) -> Counts:
        """Return how many people each atom holds."""
        return np.bincount(self._atom_of_each, minlength=len(self._first_of_atom)).astype(np.int64)

    @cached_property
    def _atom_of_each(self) -> Places:
        return self._coded[0]

    @cached_property
    def _first_of_atom(self) -> Places:
        """Return one person of each atom."""
        return self._coded[1]

    @cached_property
    def _coded(self) -> tuple[Places, Places]:
        code, size = np.zeros(self.people, dtype=np.intp), 1
        for group in self._base_groups:
            code, size = code * len(self.groups[group]) + self.places[group], size * len(self.groups[group])
            if size > MOST_CODES:
                code, size = np.unique(code, return_inverse=True)[1], self.people
        person = np.full(size, -1, dtype=np.intp)
        person[code] = np.arange(self.people)
        held = np.flatnonzero(person >= 0)
        place = np.zeros(size, dtype=np.intp)
        place[held] = np.arange(len(held))
        return place[code], person[held]

    @cached_property
    def _addends(self) -> list[Addends]:
        """Return for each table the smallest table already summed that it can be added up from, and how.

        None stands for the atoms themselves, and for rows that are in the order of the cells already.
        """
        addends: dict[tuple[str, ...], Addends] = {}
        for table in sorted(self.tables, key=self._size, reverse=True):
            finer = min((each for each in addends if self._divides(each, table)), key=self._size, default=None)
            cell = self._cell_of_atom(table) if finer is None else self._cell_of_cell(finer, table)
            order = None if (cell[1:] >= cell[:-1]).all() else np.argsort(cell, kind="stable")
            cells, starts = np.unique(cell if order is None else cell[order], return_index=True)
            addends[table] = (finer, order, starts, self.first[table] + cells)
        return list(addends.values())

    def _divides(self, finer: tuple[str, ...], table: tuple[str, ...]) -> bool:
        levels = {level_totals(group): group for group in self.levels}
        return all(group in finer or levels.get(group) in finer for group in table)

    def _cell_of_cell(self, finer: tuple[str, ...], table: tuple[str, ...]) -> Places:
        """Return for each cell of a finer table the place within the other table of the cell that it lies in."""
        indices = np.indices([len(self.groups[group]) for group in finer]).reshape(len(finer), self._size(finer))
        at = dict(zip(finer, indices, strict=True))
        levels = {level_totals(g): np.array(self.levels[g])[at[g]] for g in finer if g in self.levels}
        return self._cell_of_each(table, {**at, **levels}, self._size(finer))

    def _cell_of_atom(self, table: tuple[str, ...]) -> Places:
        return self._cell_of_each(table, self.atoms, len(self._first_of_atom))

    def _cell_of_each(self, table: tuple[str, ...], at: Mapping[str, Places], number: int) -> Places:
        """Return the place within a table that belongs to the places of its groups."""
        code = np.zeros(number, dtype=np.intp)
        for group in table:
            code = code * len(self.groups[group]) + at[group]
        return code

    @cached_property
    def _base_groups(self) -> list[str]:
        levels = {level_totals(group) for group in self.levels}
        return [group for group in self.groups if group not in levels]

    @cached_property
    def _trunk(self) -> tuple[str, ...]:
        """Return the group question whose places become the branches of the trees: the one with most of them."""
        longest = max(self._base_groups, key=lambda group: len(self.groups[group]), default=None)
        return () if longest is None else (longest,)

    @property
    def _level_of(self) -> tuple[int, ...] | None:
        """Return the place of the level of each place of the trunk, None where it has no levels."""
        return next((self.levels[group] for group in self._trunk if group in self.levels), None)

    @cached_property
    def _of_trunk(self) -> dict[str, list[Places]]:
        """Return the margins that divide the places of the trunk, with the places in each of their cells."""
        margins = {}
        for group in self._trunk:
            margins[group] = [np.array([place]) for place in range(len(self.groups[group]))]
            if self._level_of is not None:
                level_of, totals = np.array(self._level_of), level_totals(group)
                margins[totals] = [np.flatnonzero(level_of == level) for level in range(len(self.groups[totals]))]
        return margins

    @property
    def _inner_tables(self) -> set[tuple[str, ...]]:
        return {tuple(group for group in table if group not in self._of_trunk) for table in self.tables}

    @cached_property
    def _inner_atoms(self) -> tuple[Places, Places]:
        """Return for each atom its place among the inner atoms, and one atom for each of these."""
        code = np.zeros(len(self._first_of_atom), dtype=np.intp)
        for group in self._base_groups:
            if group not in self._trunk:
                code = np.unique(code * len(self.groups[group]) + self.atoms[group], return_inverse=True)[1]
        first = np.unique(code, return_index=True)[1]
        return code, first

    def _inner_cells(self, table: tuple[str, ...], at: Mapping[str, Places], columns: int) -> Whole:
        code = self._cell_of_each(table, at, columns)
        inner = np.zeros((self._size(table), columns), dtype=np.int16)
        inner[code, np.arange(columns)] = 1
        return inner

    def _plant(self, held: Flags, inner: Callable[[tuple[str, ...]], Whole], place: Places, column: Places) -> Tree:
        """Return the tree of all cells, and after them of atoms by their place and inner column."""
        everywhere = np.arange(len(held))
        parts: dict[str, list[tuple[Places, Whole]]] = {}
        for table in self.tables:
            margin = next((group for group in table if group in self._of_trunk), "")
            rest = tuple(group for group in table if group != margin)
            numbers = np.array(self.span_of(table)).reshape([len(self.groups[group]) for group in table])
            numbers = np.moveaxis(numbers, table.index(margin), 0) if margin else numbers[None]
            parts.setdefault(margin, []).append((numbers.reshape(len(numbers), -1), inner(rest)))
        over = {"": [everywhere], **self._of_trunk}
        joined = [
            Part(np.hstack([numbers for numbers, _ in each]), over[margin], np.vstack([rows for _, rows in each]))
            for margin, each in parts.items()
        ]
        one, cells = np.eye(held.shape[1], dtype=np.int16), len(self.cells)
        for at in np.unique(place):
            mine = np.flatnonzero(place == at)
            joined.append(Part(cells + mine[None], [np.array([at])], one[column[mine]]))
        return plant(joined, held, branches_of(len(held), self._level_of), cells + len(place))

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
        for group in table:
            across = tuple(other for other in table if other != group)
            if self._has_table(level_totals(group), *across):
                yield from self._lines_of_levels(group, across)

    def _lines_of_levels(self, group: str, across: tuple[str, ...]) -> Iterator[Line]:
        """Yield each level with its groups, in every place of the other group where the two are crossed."""
        totals = level_totals(group)
        for at in self._cells_of(across):
            for level in range(len(self.groups[totals])):
                inside = [i for i, own in enumerate(self.levels[group]) if own == level]
                parts = tuple(self._at((group, i), *at) for i in inside)
                yield Line(self._at((totals, level), *at), parts)
                if not across:
                    others = (i for i in range(len(self.groups[totals])) if i != level)
                    yield Line(0, (*(self._at((totals, i)) for i in others), *parts))

    def _has_table(self, *groups: str) -> bool:
        """Tell whether there is a table of these groups, in any order."""
        return set(groups) in map(set, self.tables)

    def _flow_of_levels(self, group: str) -> tuple[Flow, ...]:
        arcs = [("sink", "source", 0), *self._into_groups(group)]
        return (*arcs, *((place, "sink", self._at(place)) for place in self._nodes(group)))

    def _flow_of_pair(self, one: str, other: str) -> tuple[Flow, ...]:
        if self._has_crossed_levels(other, one):
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
        return self._has_table(level_totals(group), other)

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
