"""A release read back: its cells, lines and numbers, from the published values alone.

Used by those who judge a release. It shares no code with the gate that made it, and needs no answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

At = frozenset[tuple[str, int]]
Bounds = tuple[int, int]

DISTRICT: At = frozenset()


@dataclass(frozen=True)
class Released:
    """One release. Cells are named by what they are at, the district by the empty set."""

    document: Mapping[str, Any]

    @cached_property
    def minimum(self) -> int:
        """Return k."""
        return int(self.document["minimum"])

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Return how many reporting groups each margin has."""
        return {group["id"]: len(group["reporting"]) for group in self.document["groups"]}

    @cached_property
    def cells(self) -> dict[At, Mapping[str, Any]]:
        """Return every cell of the document by where it is."""
        return {frozenset(cell["at"].items()): cell for cell in self.document["cells"]}

    @cached_property
    def tables(self) -> list[tuple[str, ...]]:
        """Return the groups that each table crosses."""
        return [(), *((name,) for name in self.sizes), *(tuple(pair) for pair in self.document["pairs"])]

    @cached_property
    def lines(self) -> list[tuple[At, list[At]]]:
        """Return every total with its parts."""
        lines: list[tuple[At, list[At]]] = []
        for table in self.tables[1:]:
            lines.append((DISTRICT, self.cells_of(table)))
            if len(table) == 2:
                lines += [(total, self._within(total, table)) for name in table for total in self.cells_of((name,))]
            lines += self._level_lines(table)
        return lines

    @cached_property
    def level_of(self) -> dict[str, tuple[str, list[list[int]]]]:
        """Return, for each margin of level totals, the margin of its groups and the places inside each level."""
        reporting = {group["id"]: group["reporting"] for group in self.document["groups"]}
        return {
            group["id"]: (
                group["of"],
                [
                    [place for place, part in enumerate(reporting[group["of"]]) if part["level"] == level["level"]]
                    for level in group["reporting"]
                ],
            )
            for group in self.document["groups"]
            if group.get("of")
        }

    def _level_lines(self, table: tuple[str, ...]) -> Iterable[tuple[At, list[At]]]:
        """Yield each level's total with its groups; of a margin also the district with one level in parts."""
        for name in (each for each in table if each in self.level_of):
            of, inside = self.level_of[name]
            for total in self.cells_of(table):
                (level,) = (place for group, place in total if group == name)
                rest = total - {(name, level)}
                parts = [rest | {(of, place)} for place in inside[level]]
                yield total, parts
                if not rest:
                    yield DISTRICT, [*(at for at in self.cells_of(table) if at != total), *parts]

    @cached_property
    def people(self) -> dict[At, int]:
        """Return the exact numbers of people that are printed."""
        return {at: cell["n"] for at, cell in self.cells.items() if isinstance(cell["n"], int)}

    def cells_of(self, table: Iterable[str]) -> list[At]:
        """Return where the cells of a table are, in the order of the document."""
        names = list(table)
        places = product(*(range(self.sizes[name]) for name in names))
        return [frozenset(zip(names, place, strict=True)) for place in places]

    def answers(self, question: str) -> dict[At, Mapping[str, Any]]:
        """Return the cells that say anything about a question, and what they say."""
        return {
            at: cell["answers"][question]
            for at, cell in self.cells.items()
            if question in cell["answers"] and cell["answers"][question]["status"] != "withheld"
        }

    def roster(self, at: At) -> int | None:
        """Return the number of people on the roster of a cell, None where it is not known."""
        if len(at) > 1:
            return None
        if not at:
            eligible: int | None = self.document["eligible"]
            return eligible
        (name, place) = next(iter(at))
        group = next(group for group in self.document["groups"] if group["id"] == name)
        roster: int | None = group["reporting"][place]["roster"]
        return roster

    @cached_property
    def places_of_lines(self) -> list[tuple[int, NDArray[np.intp]]]:
        """Return the lines with cells named by their place in the document."""
        place = {at: i for i, at in enumerate(self.cells)}
        return [(place[total], np.array([place[at] for at in parts], dtype=np.intp)) for total, parts in self.lines]

    @cached_property
    def columns(self) -> int:
        """Return how many independent numbers all cells have: a table's, without the last place of its groups."""
        base = [table for table in self.tables if self.level_of.keys().isdisjoint(table)]
        return sum(int(np.prod([self.sizes[name] - 1 for name in table], dtype=np.int64)) for table in base)

    def equations(
        self, known: Mapping[At, int], unknown: Sequence[At]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return each line as an equation between the cells that are not known: lines x unknown, and their values.

        The lines are all that ties cells to each other: along them every cell becomes a sum of cells that avoid the
        last place of each group, and those are independent.
        """
        column = {at: i for i, at in enumerate(unknown)}
        rows = np.zeros((len(self.lines), len(unknown)), dtype=np.int64)
        values = np.zeros(len(rows), dtype=np.int64)
        for i, (total, parts) in enumerate(self.lines):
            for at, sign in ((total, -1), *((at, 1) for at in parts)):
                if at in column:
                    rows[i, column[at]] += sign
                else:
                    values[i] -= sign * known[at]
        return rows, values

    def _within(self, total: At, table: tuple[str, ...]) -> list[At]:
        return [at for at in self.cells_of(table) if total <= at]


def end_percent(people: int) -> int:
    """Return the share, in percent, up to which (or that far from 100) a group of that size shows a range."""
    return next((percent for size, percent in ((20, 20), (40, 10), (100, 5), (300, 2)) if people < size), 1)


def name(at: At) -> str:
    """Return words for where a cell is."""
    return "the district" if at == DISTRICT else " x ".join(f"{group} {place}" for group, place in sorted(at))


def number_bounds(number: int | Mapping[str, int]) -> Bounds:
    """Return the least and the most that a printed number of people can be."""
    return (number, number) if isinstance(number, int) else (number["at_least"], number["at_most"])


def share_bounds(share: int | list[int], people: Bounds, slack: int) -> Bounds:
    """Return the least and the most people that a printed share or range describes.

    `slack` is how many whole percents a rounded share may be off, the ends of that interval excluded. A range
    from 0 or up to 100 is exact; other ranges have rounded ends.
    """
    low, high = people
    if isinstance(share, list) and 0 in share:
        return 0, share[1] * high // 100
    if isinstance(share, list) and 100 in share:
        return -(-share[0] * low // 100), high
    least, most = share if isinstance(share, list) else (share, share)
    return max(0, (least - slack) * low // 100 + 1), min(high, -(-(most + slack) * high // 100) - 1)
