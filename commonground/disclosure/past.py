"""An earlier release: what it printed, and what follows from that.

A set of people is known in a release if its sum follows from the printed numbers: exact elimination over the labels
of the group questions, in which reporting groups, levels and pairs are sums.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.elimination import PRIMES, Span
from commonground.disclosure.reading import Released
from commonground.disclosure.standing import MOST_FINEST, Spread

How = Literal["opening", "wave", "people"]
Labels = frozenset[int]
Where = frozenset[tuple[str, Labels]]
"""A cell by what it holds: labels of each group question, `LEFT_OUT` for those who named none."""
Names = Mapping[str, Sequence[frozenset[int]]]
Sum = Counter[frozenset[tuple[str, int]]]

LEFT_OUT = -1


@dataclass(frozen=True)
class Earlier:
    """A release that left before. Its group questions are called as in the plan, see `renamed`.

    `hash` names its bytes; `same[group]` are its labels to which exactly the same people belong now.
    """

    release: Mapping[str, Any]
    how: How
    hash: str = ""
    same: Mapping[str, frozenset[int]] = field(default_factory=dict)


def renamed(
    release: Mapping[str, Any], groups: Mapping[str, tuple[str, Sequence[Iterable[int]]]]
) -> dict[str, Any]:
    """Return a release whose groups and labels are called as another's.

    `groups` gives, by the name in the release, the new name and what each of its labels holds. What is not in it
    has no counterpart, and keeps its name with a mark.
    """

    def named(name: str) -> str:
        base, slash, level = name.partition("/")
        return (groups[base][0] if base in groups else f"{base}~") + slash + level

    def relabelled(group: Mapping[str, Any]) -> dict[str, Any]:
        alone = [[label] for label in range(group["labels"])]
        held = groups.get(group["of"] or group["id"], ("", alone))[1]
        parts = [
            {**part, "holds": sorted(x for i in part["holds"] for x in held[i])} for part in group["reporting"]
        ]
        return {**group, "id": named(group["id"]), "of": group["of"] and named(group["of"]), "reporting": parts}

    return {
        **release,
        "groups": [relabelled(group) for group in release["groups"]],
        "pairs": [[named(name) for name in pair] for pair in release["pairs"]],
        "cells": [
            {**cell, "at": {named(name): place for name, place in cell["at"].items()}} for cell in release["cells"]
        ],
    }


@dataclass(frozen=True)
class Side:
    """A set of people of the release that is made: a total less some parts, what is `left`, and their rosters."""

    total: Where
    without: Sequence[Where]
    left: Sequence[Where]
    people: int
    rosters: Sequence[int | None]


class Past:
    """One earlier release: which numbers it printed, and what follows from them."""

    def __init__(self, earlier: Earlier) -> None:
        self.how, self.hash, self.same = earlier.how, earlier.hash, earlier.same
        self.reporting: dict[str, list[Mapping[str, Any]]] = {
            group["id"]: group["reporting"] for group in earlier.release["groups"] if not group["of"]
        }
        base = {group["id"]: group["of"] or group["id"] for group in earlier.release["groups"]}
        held = {
            (group["id"], place): labels_of(part["holds"], part["left_out"])
            for group in earlier.release["groups"]
            for place, part in enumerate(group["reporting"])
        }
        self._all = {base[name]: frozenset[int]() for name, _ in held}
        for (name, _), labels in held.items():
            self._all[base[name]] |= labels
        self.cells: dict[Where, Mapping[str, Any]] = {}
        for cell in earlier.release["cells"]:
            where = frozenset((base[name], held[name, place]) for name, place in cell["at"].items())
            if self.cells.get(where, {}).get("n") is None:
                self.cells[where] = cell
        places = Released(earlier.release)
        at = {at: frozenset((base[name], held[name, place]) for name, place in at) for at in places.cells}
        self.lines = [(at[total], [at[part] for part in parts]) for total, parts in places.lines]
        self._rosters: dict[Where, int | None] = {frozenset(): earlier.release["eligible"]}
        for group in earlier.release["groups"]:
            for place, part in enumerate(group["reporting"]):
                self._rosters[frozenset({(base[group["id"]], held[group["id"], place])})] = part["roster"]

    @property
    def remainders(self) -> Iterator[tuple[Where, list[Where], list[Where]]]:
        """Yield each line's total with the parts that are printed and those that are left."""
        for total, parts in self.lines:
            shown = [where for where in parts if isinstance(self.cells[where]["n"], int)]
            if isinstance(self.cells[total]["n"], int) and 0 < len(shown) < len(parts):
                yield total, shown, [where for where in parts if where not in shown]

    @property
    def alone(self) -> Iterator[tuple[Where, list[Where], list[Where]]]:
        """Yield each cell whose number is printed, as a total without parts."""
        yield from ((where, [], [where]) for where, cell in self.cells.items() if cell["n"] is not None)

    def people(self, total: Where, without: Iterable[Where] = ()) -> int | None:
        """Return how many people of the total were in none of its parts, if that follows; of a code the least."""
        wanted = self._sum(total)
        for part in without:
            wanted.subtract(self._sum(part))
        wanted = Counter({term: times for term, times in wanted.items() if times})
        direct = self.cells.get(total, {}).get("n")
        if not without and isinstance(direct, dict):
            return int(direct["at_least"])
        return self._solve(wanted)

    def people_of(self, cells: Iterable[Where]) -> int | None:
        """Return how many people were in cells that have nobody in common, if that follows."""
        wanted: Sum = Counter()
        for where in cells:
            wanted.update(self._sum(where))
        return self._solve(Counter({term: times for term, times in wanted.items() if times}))

    @cached_property
    def finest(self) -> list[Where]:
        """Return the finest groups in which somebody may have been; of more than are looked through, not all."""
        groups = [
            [(name, own) for own in (labels_of(part["holds"], part["left_out"]) for part in parts)]
            for name, parts in self.reporting.items()
        ]
        groups = [[(name, own) for name, own in each if own & self._held[name]] for each in groups]
        finest = (frozenset(each) for each in product(*groups) if not self._is_empty(each))
        return list(islice(finest, MOST_FINEST + 1))

    def _is_empty(self, group: Sequence[tuple[str, Labels]]) -> bool:
        return any(frozenset(pair) in self._empty for pair in combinations(group, 2))

    @cached_property
    def spread(self) -> Spread:
        """Return the printed numbers as sums over the finest groups."""
        printed = [(dict(where), cell["n"]) for where, cell in self.cells.items() if isinstance(cell["n"], int)]
        finest = [dict(each) for each in self.finest]
        rows = [
            [all(group[name] <= labels for name, labels in where.items()) for group in finest]
            for where, _ in printed
        ]
        return Spread(
            np.array(rows, dtype=np.int64).reshape(len(printed), len(finest)),
            np.array([number for _, number in printed], dtype=np.int64),
        )

    @property
    def names(self) -> Collection[str]:
        """Return the group questions of the release."""
        return self._all.keys()

    def has_settled(self, side: "Side", minimum: int) -> bool:
        """Tell whether the rosters of a set of people together changed by nobody, or by at least k."""
        if all(self._is_unchanged(where) for where in side.left):
            return True
        now, before = _sum(side.rosters), _sum(self._rosters.get(where) for where in side.left)
        return now is not None and before is not None and abs(now - before) >= minimum

    def _is_unchanged(self, where: Where) -> bool:
        """A crossed cell has the same people if both of its groups have; those who named no group are unknown."""
        if not where:
            return any(
                self._all[name] - {LEFT_OUT} <= same for name, same in self.same.items() if name in self._all
            )
        return all(labels <= self.same.get(name, frozenset()) for name, labels in where)

    def _sum(self, where: Where) -> Sum:
        """Return a cell as a sum of products of labels; one of each question is the total less its others."""
        terms: Sum = Counter({frozenset(): 1})
        for name, labels in where:
            held = self._held.get(name, frozenset())
            factor: dict[int | None, int] = dict.fromkeys(labels & held if name in self._held else labels, 1)
            if held and min(held) in labels:
                factor = {None: 1, **dict.fromkeys(held - labels, -1)}
            crossed: Sum = Counter()
            for (term, times), (label, sign) in product(terms.items(), factor.items()):
                crossed[term if label is None else term | {(name, label)}] += times * sign
            terms = crossed
        return terms

    @cached_property
    def _empty(self) -> set[Where]:
        """Return the cells of which the printed numbers say that nobody is in them, totals before their parts."""
        empty: set[Where] = set()
        for total, parts in self.lines:
            numbers = [self.cells[where]["n"] for where in parts]
            known = sum(number for number in numbers if isinstance(number, int))
            if total in empty or self.cells[total]["n"] == known:
                empty |= {where for where, number in zip(parts, numbers, strict=True) if number is None}
        return empty

    @cached_property
    def _held(self) -> dict[str, Labels]:
        """Return for each group question the labels, `LEFT_OUT` among them, that somebody may be in."""
        nobody = {name: frozenset[int]() for name in self._all}
        for (name, labels), *crossed in self._empty - {frozenset()}:
            nobody[name] |= frozenset() if crossed else labels
        return {name: labels - nobody[name] for name, labels in self._all.items()}

    @cached_property
    def _columns(self) -> dict[frozenset[tuple[str, int]], int]:
        columns: dict[frozenset[tuple[str, int]], int] = {}
        for terms, _ in self._known:
            for term in terms:
                columns.setdefault(term, len(columns))
        return columns

    @cached_property
    def _known(self) -> list[tuple[Sum, int]]:
        """Return the sums whose number is printed, or is nobody."""
        printed = [(where, cell["n"]) for where, cell in self.cells.items() if isinstance(cell["n"], int)]
        return [(self._sum(where), number) for where, number in (*printed, *((where, 0) for where in self._empty))]

    @cached_property
    def _spans(self) -> dict[int, Span]:
        """All printed numbers as equations modulo each prime, the number itself in the last column."""
        rows = [self._row(terms, number) for terms, number in self._known]
        nothing = np.zeros((0, len(self._columns) + 1), dtype=np.int64)
        spans = {prime: Span(nothing, prime) for prime in PRIMES}
        for prime, span in spans.items():
            for row in rows:
                span.publish(span.remainder(row % prime))
        return spans

    def _row(self, terms: Sum, number: int) -> NDArray[np.int64]:
        row = np.zeros(len(self._columns) + 1, dtype=np.int64)
        row[[self._columns[term] for term in terms]] = list(terms.values())
        row[-1] = number
        return row

    def _solve(self, terms: Sum) -> int | None:
        """Return the number of people that follows modulo a prime; None if it follows modulo neither."""
        if not terms.keys() <= self._columns.keys():
            return None
        for prime, span in self._spans.items():
            left = span.remainder(self._row(terms, 0) % prime)
            if not left[:-1].any():
                return -int(left[-1]) % prime
        return None


def labels_of(holds: Iterable[int], left_out: bool) -> Labels:
    """Return what a reporting group holds: its labels, and those who named none."""
    return frozenset([*holds, LEFT_OUT] if left_out else holds)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)
