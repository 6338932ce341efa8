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
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.cells import Counts, Flags, Layout
from commonground.disclosure.merge import Joined, ReportingGroup
from commonground.disclosure.past import Earlier, Labels, Names, Past, Side, Where, labels_of
from commonground.disclosure.plan import PlanRefused
from commonground.disclosure.reading import At
from commonground.disclosure.standing import MOST_FINEST, Both
from commonground.disclosure.tree import Places
from commonground.disclosure.unions import cells_that_complete


class TogetherTooMuch(PlanRefused):
    """The release cannot be made beside the earlier ones, in any form."""

    code = "together"


class OtherPeople(TogetherTooMuch):
    """The answers are not those of the earlier release, so the difference of both would be about few people."""

    code = "other_people"


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
        return labels_of(holds, group.left_out)

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
        held = {name: [self.held(name, group) for group in groups] for name, groups in layout.groups.items()}
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
        if not cells:
            return False
        before = before or self.past.people_of(cells) or (self._both.before(atoms) if self._both else None)
        if not before or min(before, people) >= 2 * self.minimum:
            return False
        side = Side(frozenset(), (), cells, people, [self.rosters.get(where) for where in cells])
        return not self.past.has_settled(side, self.minimum)

    def cells_that_complete(self, cells: Sequence[tuple[int, Places]]) -> set[int]:
        """Return cells to take back for sets of fewer than 2k people of the wave that follow now too, and tell."""
        both = self._both
        return both.cells_that_complete(cells, 2 * self.minimum, self.tells) if both else set()

    @cached_property
    def _names(self) -> list[str]:
        return [name for name in self.held if name in self.past.names]

    @cached_property
    def _both(self) -> Both | None:
        """Return both as sums over finest groups; None where the wave has too many."""
        if len(self.past.finest) > MOST_FINEST:
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
        return now or set().union(*(wave.cells_that_complete(cells) for wave in waves))

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


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), dtype=np.bool_)
