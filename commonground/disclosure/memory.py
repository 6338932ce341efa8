"""What left before: a release is judged together with every earlier one about the same people.

Three ways in which an earlier release belongs to the one that is made:

- `opening`: the same answers, opened again for more tables. Both releases are one system of sums. What was printed
  stays known and is printed again, what was hidden stays hidden, and new cells are chosen beside them. Answers that
  are not the same people's are refused: who came or went between two counts would be their difference.
- `wave`: the same survey at another time, in the same reporting groups.
- `people`: another survey of the same people; judged as a wave.

In the last two a set of people whose number stands in both releases is safe where it holds 2k or more in both, or
where its roster changed by nobody or by at least k people; else the two numbers side by side tell of the few who
joined or left. Such a group is joined with its fixed partner, or hidden. Who answered is unknown, so this is a rule
and not a proof.

A set of people is known in a release if its sum follows from the printed numbers: exact elimination over the labels
of the group questions, in which reporting groups, levels and pairs are sums.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.cells import Counts, Flags, Layout, level_totals
from commonground.disclosure.elimination import PRIMES, Span
from commonground.disclosure.merge import Joined, ReportingGroup
from commonground.disclosure.plan import PlanRefused
from commonground.disclosure.reading import At, Released
from commonground.disclosure.standing import MOST_FINEST, Both, Spread
from commonground.disclosure.tree import Places
from commonground.disclosure.unions import cells_that_complete

How = Literal["opening", "wave", "people"]
Labels = frozenset[int]
Where = frozenset[tuple[str, Labels]]
"""A cell by what it holds: labels of each group question, `LEFT_OUT` for those who named none."""
Names = Mapping[str, Sequence[frozenset[int]]]
Sum = Counter[frozenset[tuple[str, int]]]

LEFT_OUT = -1


class TogetherTooMuch(PlanRefused):
    """The release cannot be made beside the earlier ones, in any form."""

    code = "together"


class OtherPeople(TogetherTooMuch):
    """The answers are not those of the earlier release, so the difference of both would be about few people."""

    code = "other_people"


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


class Past:
    """One earlier release: which numbers it printed, and what follows from them."""

    def __init__(self, earlier: Earlier) -> None:
        self.how, self.hash, self.same = earlier.how, earlier.hash, earlier.same
        self.reporting: dict[str, list[Mapping[str, Any]]] = {
            group["id"]: group["reporting"] for group in earlier.release["groups"] if not group["of"]
        }
        base = {group["id"]: group["of"] or group["id"] for group in earlier.release["groups"]}
        held = {
            (group["id"], place): _labels(part["holds"], part["left_out"])
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
            [(name, own) for own in (_labels(part["holds"], part["left_out"]) for part in parts)]
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
        return Spread(np.array(rows, dtype=np.int64), np.array([number for _, number in printed], dtype=np.int64))

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
        """Return the cells of which the printed numbers say that nobody is in them."""
        empty: set[Where] = set()
        for total, parts in self.lines:
            numbers = [self.cells[where]["n"] for where in parts]
            if self.cells[total]["n"] == sum(number for number in numbers if isinstance(number, int)):
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


class Memory:
    """All earlier releases, as the gate asks about them. Without any, nothing is refused.

    `names[group][label]` says what a label of the plan holds, in the labels of the earlier releases; a label that
    is not in it holds itself.
    """

    def __init__(self, earlier: Sequence[Earlier] = (), names: Names | None = None) -> None:
        self._names = names or {}
        self._pasts = [Past(each) for each in earlier]
        self._waves = [past for past in self._pasts if past.how != "opening"]
        self.opening = [past for past in self._pasts if past.how == "opening"]

    def __bool__(self) -> bool:
        return bool(self._pasts)

    @property
    def reporting(self) -> dict[str, list[Mapping[str, Any]]]:
        """Return the reporting groups to keep: those of the first release of this survey or of its series."""
        series = [*self.opening, *(past for past in self._waves if past.how == "wave")]
        kept: dict[str, list[Mapping[str, Any]]] = {}
        for past in series:
            for name, parts in past.reporting.items():
                kept.setdefault(name, [{**part, "holds": self._labels_in(name, part["holds"])} for part in parts])
        return kept

    def _labels_in(self, name: str, held: Iterable[int]) -> list[int]:
        """Return the labels of the plan that lie in what an earlier group holds."""
        if name not in self._names:
            return list(held)
        return [label for label, own in enumerate(self._names[name]) if own <= frozenset(held)]

    def held(self, name: str, group: ReportingGroup) -> Labels:
        """Return what a reporting group holds, in the labels of the earlier releases."""
        names = self._names.get(name)
        holds = group.holds if names is None else (own for label in group.holds for own in names[label])
        return _labels(holds, group.left_out)

    def tells_of_group(self, name: str, group: ReportingGroup, people: int, minimum: int) -> bool:
        """Tell whether a group's number beside an earlier one tells of few people, so that it joins its partner."""
        where = frozenset({(name, self.held(name, group))})
        return self.tells(Side(where, (), (where,), people, (group.roster,)), minimum)

    def beside(self, layout: Layout, people: Counts, eligible: int | None, minimum: int) -> "Beside":
        """Return what the earlier releases say of the cells of this one. Raises TogetherTooMuch."""
        wheres = [self._where(layout, cell) for cell in range(len(layout.cells))]
        rosters = [eligible, *(layout.roster(cell) for cell in range(1, len(wheres)))]
        before = [self._before(where) for where in wheres]
        for told, number in zip(before, people.tolist(), strict=True):
            if told and isinstance(told["n"], int) and told["n"] != number:
                raise OtherPeople("These are not the answers of the earlier release, so both together are refused.")
        given = _flags(told is not None and told["n"] is not None for told in before)
        hidden = _flags(told is not None and told["n"] is None for told in before)
        barred = _flags(
            self.tells(Side(where, (), (where,), number, (roster,)), minimum)
            for where, number, roster in zip(wheres, people.tolist(), rosters, strict=True)
        )
        watched = list(self._watched(layout, dict(zip(wheres, rosters, strict=True)), minimum))
        rows = np.array(watched, dtype=np.int64).reshape(len(watched), len(layout.atom_sizes))
        return Beside(self, wheres, rosters, before, given, hidden | (barred & ~given), rows)

    def _watched(
        self, layout: Layout, rosters: Mapping[Where, int | None], minimum: int
    ) -> Iterator[NDArray[np.int64]]:
        """Yield over the atoms each cell and remainder of an earlier wave that must not follow in this one too."""
        for past in self._waves:
            alone = (each for each in past.alone if each[0] not in rosters)
            for total, shown, left in (*alone, *past.remainders):
                parts = [self._over_atoms(layout, where) for where in (total, *shown)]
                if any(part is None for part in parts):
                    continue
                row = 2 * np.array(parts[0]) - np.array(parts).sum(axis=0)
                people = int(row @ layout.atom_sizes)
                side = Side(total, shown, left, people, [rosters.get(where) for where in left])
                if self.tells(side, minimum):
                    yield row

    def waves_beside(self, layout: Layout, rosters: Mapping[Where, int | None], minimum: int) -> list["WaveBeside"]:
        """Return every earlier release of other answers beside this one."""
        levels = set(map(level_totals, layout.levels))
        held = {
            name: [self.held(name, group) for group in groups]
            for name, groups in layout.groups.items()
            if name not in levels
        }
        return [WaveBeside(past, layout, held, rosters, minimum) for past in self._waves]

    def _over_atoms(self, layout: Layout, where: Where) -> NDArray[np.int64] | None:
        """Return which atoms lie in a cell of an earlier release; None if it cuts one in two or is not known."""
        row = np.ones(len(layout.atom_sizes), dtype=np.int64)
        for name, labels in where:
            if name not in layout.groups:
                return None
            held = [self.held(name, group) for group in layout.groups[name]]
            if any(each & labels and not each <= labels for each in held):
                return None
            row *= np.array([bool(each) and each <= labels for each in held])[layout.atoms[name]]
        return row

    @property
    def has_waves(self) -> bool:
        """Tell whether there is an earlier release of other answers."""
        return bool(self._waves)

    @property
    def why_joined(self) -> Joined:
        """Return the reason that stands beside groups joined after the answers came; one for all in a series."""
        return "waves" if self._waves else "answers"

    def as_json(self) -> list[dict[str, Any]]:
        """Return what the release was judged against: hashes, how each belongs, labels with the same people."""
        return [{"hash": past.hash, "how": past.how, "same": self._same(past)} for past in self._pasts]

    def _same(self, past: Past) -> dict[str, list[int]]:
        same = {name: self._labels_in(name, sorted(labels)) for name, labels in past.same.items()}
        return {name: labels for name, labels in same.items() if labels}

    def _where(self, layout: Layout, cell: int) -> Where:
        of = {f"{name}/level": name for name in layout.levels}
        held = [(of.get(name, name), layout.groups[name][place]) for name, place in layout.cells[cell]]
        return frozenset((name, self.held(name, group)) for name, group in held)

    def _before(self, where: Where) -> Mapping[str, Any] | None:
        """Return what the same opening told of a cell; a number that was ever printed stands."""
        found = [past.cells[where] for past in self.opening if where in past.cells]
        return next((cell for cell in found if cell["n"] is not None), next(iter(found), None))

    def tells(self, side: "Side", minimum: int) -> bool:
        """Tell whether a set of people stands in an earlier wave too, and its number there tells of few people."""
        for past in self._waves if side.people else ():
            before = past.people(side.total, side.without)
            if before and min(before, side.people) < 2 * minimum and not past.has_settled(side, minimum):
                return True
        return False


@dataclass(frozen=True)
class WaveBeside:
    """An earlier wave beside this release, of which `held` says what each group holds in the labels of the wave."""

    past: Past
    layout: Layout
    held: Mapping[str, Sequence[Labels]]
    rosters: Mapping[Where, int | None]
    minimum: int

    def tells(self, atoms: Places, before: int | None = None) -> bool:
        """Tell whether a set of people of this release stood in the wave too, and the two numbers tell of few."""
        cells, people = self._made_of(atoms), int(self.layout.atom_sizes[atoms].sum())
        if cells is None or not people:
            return False
        before = before or self.past.people_of(cells) or (self._both.before(atoms) if self._both else None)
        if not before or min(before, people) >= 2 * self.minimum:
            return False
        side = Side(frozenset(), (), cells, people, [self.rosters.get(where) for where in cells])
        return not self.past.has_settled(side, self.minimum)

    def cells_that_complete(self, cells: Sequence[tuple[int, Places]], given: Collection[int]) -> set[int]:
        """Return cells to take back for sets of fewer than 2k people of the wave that follow now too, and tell."""
        both = self._both
        return both.cells_that_complete(cells, 2 * self.minimum, given, self.tells) if both else set()

    @cached_property
    def _names(self) -> list[str]:
        return [name for name in self.held if name in self.past.names]

    @cached_property
    def _both(self) -> Both | None:
        """Return both as sums over finest groups; None where the wave has too many."""
        if not 0 < len(self.past.finest) <= MOST_FINEST:
            return None
        touches = np.ones((len(self.past.finest), len(self.layout.atom_sizes)), dtype=bool)
        for name in self._names:
            own = [dict(finest)[name] for finest in self.past.finest]
            meet = np.array([[bool(labels & held) for held in self.held[name]] for labels in own])
            touches &= meet[:, self.layout.atoms[name]]
        return Both(self.past.spread, touches)

    def _made_of(self, atoms: Places) -> list[Where] | None:
        """Return the cells, crossing as few of the wave's group questions as can be, that hold just these atoms.

        None if there are none: the set tells apart whom the questions do not.
        """
        for crossed in (
            some for number in range(len(self._names) + 1) for some in combinations(self._names, number)
        ):
            code = np.zeros(len(self.layout.atom_sizes), dtype=np.intp)
            for name in crossed:
                code = code * len(self.held[name]) + self.layout.atoms[name]
            mine, first = np.unique(code[atoms], return_index=True)
            if np.isin(code, mine).sum() == len(atoms):
                return [self._around(crossed, int(atoms[each])) for each in first]
        return None

    def _around(self, crossed: Sequence[str], atom: int) -> Where:
        return frozenset((name, self.held[name][self.layout.atoms[name][atom]]) for name in crossed)


@dataclass(frozen=True)
class Side:
    """A set of people of the release that is made: a total less some parts, what is `left`, and their rosters."""

    total: Where
    without: Sequence[Where]
    left: Sequence[Where]
    people: int
    rosters: Sequence[int | None]


@dataclass(frozen=True)
class Beside:
    """What earlier releases say of the cells of a layout.

    `given` are cells that the same opening told already: they are told again and cannot be taken back. `barred`
    may not be told. `before[cell]` is what the same opening said of it. `watched` are sums over the atoms that must
    not follow.
    """

    memory: Memory
    wheres: Sequence[Where]
    rosters: Sequence[int | None]
    before: Sequence[Mapping[str, Any] | None]
    given: Flags
    barred: Flags
    watched: Counts

    def barring(self, layout: Layout, cells: Collection[At]) -> "Beside":
        """Return the same with these cells barred too."""
        more = _flags(frozenset(cell) in cells for cell in layout.cells)
        return replace(self, barred=self.barred | more)

    def exposed(self, layout: Layout, people: Counts, exact: Flags, minimum: int) -> set[int]:
        """Return one more cell to protect for each line whose remainder, beside an earlier one, tells of few."""
        extra: set[int] = set()
        for line in layout.lines:
            shown = [cell for cell in line.parts if exact[cell]]
            rest = [cell for cell in line.parts if not exact[cell]]
            if exact[line.total] and shown and self._tells(line.total, shown, rest, people, minimum):
                extra.add(min(shown, key=lambda cell: (int(people[cell]), cell)))
        return extra

    def standing_in_both(self, layout: Layout, order: Sequence[int], exact: Flags, minimum: int) -> set[int]:
        """Return cells to protect for the sets of fewer than 2k people that tell of few beside an earlier wave.

        No set of 1 to k - 1 people may follow, so no such set lies in another.
        """
        waves = self.memory.waves_beside(layout, dict(zip(self.wheres, self.rosters, strict=True)), minimum)
        if not waves:
            return set()
        cells, given = layout.atoms_in([cell for cell in order if exact[cell]]), np.flatnonzero(self.given).tolist()

        def tells(atoms: Places) -> bool:
            return any(wave.tells(atoms) for wave in waves)

        now = cells_that_complete(cells, layout.atom_sizes, layout.divisions, 2 * minimum, given, wanted=tells)
        return now or set().union(*(wave.cells_that_complete(cells, given) for wave in waves))

    def _tells(self, total: int, shown: list[int], rest: list[int], people: Counts, minimum: int) -> bool:
        without, left = [self.wheres[cell] for cell in shown], [self.wheres[cell] for cell in rest]
        rosters = [self.rosters[cell] for cell in rest]
        side = Side(self.wheres[total], without, left, int(people[rest].sum()), rosters)
        return self.memory.tells(side, minimum)

    @cached_property
    def exact(self) -> Flags:
        """Return the cells whose number of people the same opening printed as it is."""
        return _flags(told is not None and isinstance(told["n"], int) for told in self.before)

    def told(self, question: str) -> tuple[Flags, Flags]:
        """Return where the same opening told a question, and where it withheld it."""
        before = [self.answers(cell, question) for cell in range(len(self.before))]
        told = _flags(each is not None and each["status"] != "withheld" for each in before)
        return told, _flags(each is not None for each in before) & ~told

    def answers(self, cell: int, question: str) -> Mapping[str, Any] | None:
        """Return what the same opening told of a question in a cell; None if the cell or the question is new."""
        before = self.before[cell]
        return before["answers"].get(question) if before else None


def _labels(holds: Iterable[int], left_out: bool) -> Labels:
    return frozenset([*holds, LEFT_OUT] if left_out else holds)


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), dtype=np.bool_)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)
