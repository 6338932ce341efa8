"""Adversaries with several releases: what follows from all of them together, though from none alone.

They read whole releases, or their tables alone, and share no code with the gate. Groups and labels are matched by
their words where a release has them, else by name and place. Releases are of one opening if they name the same
list of sealed answers; others are different waves or surveys of the same people.
"""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.attack import PRIMES, learn, solve
from commonground.disclosure.reading import At, Released

Label = Hashable
Where = frozenset[tuple[str, frozenset[Label]]]
Sum = Counter[frozenset[tuple[str, Label]]]
Moved = Callable[[Sequence[Where]], int | None]
"""What a colleague knows: how many people joined or left a set of cells between two waves."""

NONE_NAMED = "none named"


def learn_together(releases: Sequence[Mapping[str, Any]], moved: Moved | None = None) -> list[str]:
    """Return what follows from several releases together, as sentences; an empty list is a pass.

    Without `moved`, a group whose roster has not changed by k
    people counts as changed by few, unless the later release names it as having the same people.
    """
    openings: dict[str, list[Printed]] = {}
    for content in releases:
        openings.setdefault(_opening(content), []).append(Printed(content))
    pooled = [Pool(each) for each in openings.values()]
    found = [sentence for pool in pooled for sentence in _of_one_opening(pool)]
    for earlier, later in combinations(pooled, 2):
        found += wave_to_wave(earlier, later, moved)
    return list(dict.fromkeys(found))


def not_remembered(release: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with a release beside earlier ones, as sentences; an empty list is a pass.

    It must name each of them, as what it is, call only those groups the same of which both papers say so, and
    nothing may follow from all together.
    """
    named = {each["hash"]: each["how"] for each in release.get("tables", release).get("earlier", ())}
    faults = [
        f"The release does not say that it was judged beside {digest(each)[:16]}."
        for each in earlier
        if digest(each) not in named
    ]
    faults += [
        f"The release takes {digest(each)[:16]} for another opening than it is."
        for each in earlier
        if digest(each) in named and _is_taken_wrongly(named[digest(each)], each, release)
    ]
    faults += [fault for each in earlier for fault in _unfounded(release, each)]
    return faults + learn_together([*earlier, release])


def _unfounded(release: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[str]:
    """Name the groups that a release calls the same as then, though the papers do not both hash the same people."""
    if "words" not in release or "words" not in earlier:
        return
    before = {(key, frozenset(_words(each))): each.get("people") for key, each in _choices(earlier)}
    claims = [each for each in release["tables"]["earlier"] if each["hash"] == digest(earlier)]
    for name, labels in (pair for claim in claims for pair in claim["same"].items()):
        mine = [(key, each) for key, each in _choices(release, name)]
        for key, option in (mine[label] for label in labels):
            if not option.get("people") or before.get((key, frozenset(_words(option)))) != option["people"]:
                yield f"The release calls {option['text']['en']} the same people as then without ground."


def _choices(content: Mapping[str, Any], name: str | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every choice of the group questions of a release, or of one, with what the question groups by."""
    for question in content["words"]["questions"]:
        if question["group"] and name in (None, question["id"]):
            key = question["group"] if question["group"] != "other" else question["text"]["en"]
            yield from ((key, option) for option in question["options"])


def _is_taken_wrongly(how: str, earlier: Mapping[str, Any], release: Mapping[str, Any]) -> bool:
    same = _opening(earlier) == _opening(release)
    return "counts" in earlier and (how == "opening") != same


def digest(content: Mapping[str, Any]) -> str:
    """Return the hash by which a later release names this one."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _opening(content: Mapping[str, Any]) -> str:
    return str(content.get("counts", {}).get("list") or digest(content))


class Printed:
    """One release, its cells named by what they hold."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.tables: Mapping[str, Any] = content.get("tables", content)
        self.hash, self.minimum = digest(content), int(self.tables["minimum"])
        released, names = Released(self.tables), _names(content, self.tables)
        self._held: dict[tuple[str, int], tuple[str, frozenset[Label]]] = {}
        for group in self.tables["groups"]:
            name, labels = names[group["of"] or group["id"]]
            for place, part in enumerate(group["reporting"]):
                held = frozenset(word for i in part["holds"] for word in labels[i])
                self._held[group["id"], place] = name, held | ({NONE_NAMED} if part["left_out"] else set())
        self.cells: dict[Where, Mapping[str, Any]] = {}
        for at, cell in released.cells.items():
            where = self._where(at)
            self.cells[where] = max(self.cells.get(where, cell), cell, key=_exactness)
        self.lines = [(self._where(total), [self._where(at) for at in parts]) for total, parts in released.lines]
        self.rosters = {self._where(at): released.roster(at) for at in released.cells}
        self.same = {
            each["hash"]: {
                names[name][0]: {word for label in labels for word in names[name][1][label]}
                for name, labels in each.get("same", {}).items()
                if name in names
            }
            for each in self.tables.get("earlier", ())
        }

    def _where(self, at: At) -> Where:
        return frozenset(self._held[part] for part in at)

    @cached_property
    def labels(self) -> dict[str, frozenset[Label]]:
        """Return all labels of each group question."""
        found: dict[str, frozenset[Label]] = {}
        for name, held in self._held.values():
            found[name] = found.get(name, frozenset()) | held
        return found


def _names(content: Mapping[str, Any], tables: Mapping[str, Any]) -> dict[str, tuple[str, list[set[Label]]]]:
    """Return for each group question a name, and what each label holds, by which other releases call them too."""
    asked = {each["id"]: each for each in content.get("words", {}).get("questions", ())}
    found: dict[str, tuple[str, list[set[Label]]]] = {}
    for group in tables["groups"]:
        name, question = group["id"], asked.get(group["id"])
        if question is None:
            found[name] = name, [{label} for label in range(group["labels"])]
        else:
            kind = question["group"] if question["group"] not in (None, "other") else question["text"]["en"]
            found[name] = kind, [_words(option) for option in question["options"]]
    return found


def _words(option: Mapping[str, Any]) -> set[Label]:
    return set(option.get("codes") or option.get("holds") or [option["text"]["en"]])


@dataclass(frozen=True)
class Pool:
    """All releases of one opening, their printed numbers in one system of sums."""

    releases: Sequence[Printed]

    @cached_property
    def minimum(self) -> int:
        """Return k."""
        return max(each.minimum for each in self.releases)

    @cached_property
    def cells(self) -> dict[Where, Mapping[str, Any]]:
        """Return every cell as the release that tells its number most exactly does."""
        cells: dict[Where, Mapping[str, Any]] = {}
        for where, cell in (pair for each in self.releases for pair in each.cells.items()):
            cells[where] = max(cells.get(where, cell), cell, key=_exactness)
        return cells

    @cached_property
    def labels(self) -> dict[str, frozenset[Label]]:
        """Return all labels of each group question."""
        return {name: labels for each in self.releases for name, labels in each.labels.items()}

    @cached_property
    def people(self) -> dict[Where, int]:
        """Return the exact numbers of people that are printed."""
        return {where: cell["n"] for where, cell in self.cells.items() if isinstance(cell["n"], int)}

    @cached_property
    def lines(self) -> list[tuple[Where, list[Where]]]:
        """Return every total with its parts, of all releases; and each cell with those of another that fill it."""
        found = [line for each in self.releases for line in each.lines]
        for one, other in permutations(self.releases, 2):
            tables = {tuple(sorted(name for name, _ in where)) for where in other.cells}
            for total in one.cells:
                for table in tables:
                    parts = [
                        where
                        for where in other.cells
                        if tuple(sorted(n for n, _ in where)) == table and _inside(where, total)
                    ]
                    if _fills(parts, total, other.labels):
                        found.append((total, parts))
        return found

    def roster(self, where: Where) -> int | None:
        """Return the number of people on the roster of a cell, None where it is not known."""
        return next((each.rosters[where] for each in self.releases if each.rosters.get(where) is not None), None)

    def names_as_same(self, where: Where, earlier: "Pool") -> bool:
        """Tell whether a release says that a cell has the same people as in an earlier one."""
        claims = [
            each.same[old.hash] for each in self.releases for old in earlier.releases if old.hash in each.same
        ]
        labels = self.labels
        if not where:
            return any(
                labels.get(name, set()) - {NONE_NAMED} <= same for claim in claims for name, same in claim.items()
            )
        return any(all(held <= claim.get(name, set()) for name, held in where) for claim in claims)

    def solve(self, wanted: Sequence[tuple[Where, Sequence[Where]]]) -> list[int | None]:
        """Return for each total less parts how many people follow from the printed numbers, None if none do."""
        known = [(self._sum(where), number) for where, number in self.people.items()]
        columns: dict[Hashable, int] = {}
        for term in (term for terms, _ in known for term in terms):
            columns.setdefault(term, len(columns))
        goals = [self._less(total, parts) for total, parts in wanted]
        askable = [place for place, goal in enumerate(goals) if goal.keys() <= columns.keys()]
        found: list[int | None] = [None] * len(goals)
        rows, sums = (_matrix(each, columns) for each in ([t for t, _ in known], [goals[i] for i in askable]))
        values = np.array([number for _, number in known], dtype=np.int64)
        one, other = (solve(rows, values, sums, prime) for prime in PRIMES)
        for place, number, again in zip(askable, one, other, strict=True):
            found[place] = number if number == again else None
        return found

    def _less(self, total: Where, parts: Iterable[Where]) -> Sum:
        left = self._sum(total)
        for part in parts:
            left.subtract(self._sum(part))
        return Counter({term: times for term, times in left.items() if times})

    def _sum(self, where: Where) -> Sum:
        """Return a cell as a sum of crossed labels; who named no group are all less those who named one."""
        terms: Sum = Counter({frozenset(): 1})
        for name, held in where:
            one: dict[Label | None, int] = dict.fromkeys(held, 1)
            if NONE_NAMED in held and name in self.labels:
                one = {None: 1, **dict.fromkeys(self.labels[name] - held, -1)}
            crossed: Sum = Counter()
            for (term, times), (label, sign) in product(terms.items(), one.items()):
                crossed[term if label is None else term | {(name, label)}] += times * sign
            terms = crossed
        return terms


def _of_one_opening(pool: Pool) -> Iterator[str]:
    if len(pool.releases) > 1:
        yield from one_leaver(pool)
        yield from pooling(pool)
        yield from differences(pool)
        yield from answers_pooled(pool)


def one_leaver(pool: Pool) -> Iterator[str]:
    """Compare the same cell in two releases of one opening: the difference is about those who came or went."""
    for one, other in combinations(pool.releases, 2):
        for where in one.cells.keys() & other.cells.keys():
            numbers = [each.cells[where]["n"] for each in (one, other)]
            if all(isinstance(number, int) for number in numbers) and numbers[0] != numbers[1]:
                yield f"One leaver: {_name(where)} counts {numbers[0]} and {numbers[1]} people of one opening."


def pooling(pool: Pool) -> Iterator[str]:
    """Two viewers lay their releases together: a number that both hide follows from all sums at once."""
    hidden = [where for where in pool.cells if where not in pool.people]
    for where, number in zip(hidden, pool.solve([(where, ()) for where in hidden]), strict=True):
        if number:
            yield f"Pooling: {_name(where)} holds {number} people."


def differences(pool: Pool) -> Iterator[str]:
    """Subtract over releases: what is left of a total of one when parts of another are taken away."""
    for total, parts in pool.lines:
        shown = [where for where in parts if where in pool.people]
        if total in pool.people:
            left = pool.people[total] - sum(pool.people[where] for where in shown)
            if 0 < left < pool.minimum:
                yield f"Difference: {left} people of {_name(total)} are left."
    for inner, outer in permutations(pool.people, 2):
        if _inside(inner, outer) and 0 < pool.people[outer] - pool.people[inner] < pool.minimum:
            left = pool.people[outer] - pool.people[inner]
            yield f"Difference: {left} people of {_name(outer)} are not in {_name(inner)}."


def answers_pooled(pool: Pool) -> Iterator[str]:
    """Read the releases as one, each question as either tells it, and try everything that is tried on one."""
    alone = {sentence for each in pool.releases for sentence in learn(each.tables)}
    merged = _merged([each.tables for each in pool.releases])
    yield from (f"Together: {sentence}" for sentence in learn(merged) if sentence not in alone)


def wave_to_wave(earlier: Pool, later: Pool, moved: Moved | None = None) -> Iterator[str]:
    """Lay two waves side by side: a small group that few joined or left shows what those few changed."""
    sets: dict[tuple[Where, tuple[Where, ...]], tuple[Where, ...]]
    sets = {(where, ()): (where,) for where in (*later.cells, *earlier.cells)}
    for pool in (earlier, later):
        for total, parts in pool.lines:
            shown = tuple(where for where in parts if where in pool.people)
            if shown and len(shown) < len(parts):
                sets[total, shown] = tuple(where for where in parts if where not in pool.people)
    wanted = list(sets)
    before, after = (_numbers(pool, wanted) for pool in (earlier, later))
    minimum = max(earlier.minimum, later.minimum)
    for key, was, now in zip(wanted, before, after, strict=True):
        if was and now and min(was, now) < 2 * minimum and not _settled(sets[key], earlier, later, minimum, moved):
            yield f"Wave to wave: {_less_in_words(*key)} counts {was}, then {now}, while few came or went."


def _numbers(pool: Pool, wanted: Sequence[tuple[Where, Sequence[Where]]]) -> list[int | None]:
    """Return the numbers that follow; of a cell shown as "nearly all" the least that it can be."""
    coded = [pool.cells.get(total, {}).get("n") if not parts else None for total, parts in wanted]
    least = [number["at_least"] if isinstance(number, Mapping) else None for number in coded]
    return [one or two for one, two in zip(least, pool.solve(wanted), strict=True)]


def _settled(left: Sequence[Where], earlier: Pool, later: Pool, minimum: int, moved: Moved | None) -> bool:
    if moved is not None and (people := moved(left)) is not None:
        return people == 0 or people >= minimum
    if all(later.names_as_same(where, earlier) or earlier.names_as_same(where, later) for where in left):
        return True
    rosters = [(earlier.roster(where), later.roster(where)) for where in left]
    changes = [now - was for was, now in rosters if was is not None and now is not None]
    return len(changes) == len(left) and abs(sum(changes)) >= minimum


def _inside(inner: Where, outer: Where) -> bool:
    """Tell whether everyone of one cell is in another, by what they hold."""
    held = dict(inner)
    return all(name in held and held[name] <= labels for name, labels in outer)


def _fills(parts: Iterable[Where], total: Where, labels: Mapping[str, frozenset[Label]]) -> bool:
    """Tell whether parts of one table, each inside the total, hold all of its labels."""
    wanted = dict(total)
    names = {name for part in parts for name, _ in part}
    size = np.prod([len(wanted.get(name, labels[name])) for name in names], dtype=np.int64)
    return int(size) == sum(int(np.prod([len(held) for _, held in part], dtype=np.int64)) for part in parts)


def _matrix(sums: Sequence[Sum], columns: Mapping[Hashable, int]) -> NDArray[np.int64]:
    matrix = np.zeros((len(sums), len(columns)), dtype=np.int64)
    for row, terms in enumerate(sums):
        matrix[row, [columns[term] for term in terms]] = list(terms.values())
    return matrix


def _merged(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one release with the tables of all that report the same groups, and what any of them tells."""
    groups: dict[str, Any] = {}
    questions: dict[str, Any] = {}
    pairs: list[list[str]] = []
    cells: dict[At, dict[str, Any]] = {}
    for document in documents:
        mine = {group["id"]: group for group in document["groups"]}
        if any(groups.get(name, group)["reporting"] != group["reporting"] for name, group in mine.items()):
            continue
        groups |= mine
        questions |= {question["id"]: question for question in document["questions"]}
        pairs += [pair for pair in document["pairs"] if pair not in pairs and pair[::-1] not in pairs]
        for cell in document["cells"]:
            _add(
                cells.setdefault(frozenset(cell["at"].items()), {"at": cell["at"], "n": None, "answers": {}}), cell
            )
    of = {"groups": list(groups.values()), "questions": list(questions.values()), "pairs": pairs}
    order = Released(of)
    places = [at for table in order.tables for at in order.cells_of(table)]
    return {**of, "minimum": max(each["minimum"] for each in documents), "cells": [cells[at] for at in places]}


def _add(known: dict[str, Any], cell: Mapping[str, Any]) -> None:
    known["n"] = max(known, cell, key=_exactness)["n"]
    for question, told in cell["answers"].items():
        if known["answers"].get(question, {"status": "withheld"})["status"] == "withheld":
            known["answers"][question] = told


def _exactness(cell: Mapping[str, Any]) -> tuple[bool, bool]:
    """Order cells by what they tell of their people: a number, else that it is nearly all, else nothing."""
    return isinstance(cell["n"], int), cell["n"] is not None


def _name(where: Where) -> str:
    parts = [f"{name} {', '.join(sorted(map(str, held)))}" for name, held in where]
    return " x ".join(sorted(parts)) or "the district"


def _less_in_words(total: Where, parts: Sequence[Where]) -> str:
    return f"{_name(total)} without {'; '.join(map(_name, parts))}" if parts else _name(total)
