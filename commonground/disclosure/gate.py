"""The gate itself: answers and a table plan in; protected tables, reasons and a proof out.

`protect(plan, columns)` returns a `Protected`; its `as_json()` is the release, plain values with a stable form::

    {
      "format": "cg1-tables",
      "gate": 7,                                       # version of the rules, see `VERSION`
      "minimum": 10,                                   # k: no shown number describes fewer people
      "eligible": 255,                                 # people asked, from the rosters if not given; or null
      "questions": [{"id": "breaks", "kind": "agreement", "options": 5}, ...],
      "groups": [                                      # one per margin, totals of its levels before it
        {"id": "site/level", "of": "site", "labels": 4, "reporting": [...]},   # if it has two levels or more
        {"id": "site", "of": null, "labels": 4,
         "reporting": [                                # groups as reported; a merged one holds several labels
           {"holds": [0], "left_out": false, "roster": 71, "level": "elementary", "joined": null},
           {"holds": [2, 3], "left_out": false, "roster": 118, "level": "high", "joined": "roster"},
           {"holds": [], "left_out": true, "roster": null, "level": null, "joined": null}]}],
      "pairs": [["site/level", "job_family"], ["site", "job_family"]],
      "cells": [                                       # the district, then each margin, then each pair
        {"at": {}, "status": "shown", "n": 140, "reason": null, "answers": {"breaks": ANSWERS, ...}},
        {"at": {"site": 0}, "status": "shown", "n": {"at_least": 64, "at_most": 71, "of": 71}, ...},
        {"at": {"site": 1, "job_family": 2}, "status": "withheld", "n": null, "reason": "protected",
         "answers": {}}],
      "merged": [{"group": "site", "holds": [2, 3], "left_out": false, "joined": "roster"}],
      "reasons": {"protected": "Too few answers here or beside it, so not shown, to protect people.", ...},
      "earlier": [{"hash": "5f0c...", "how": "wave"}], # every release it was judged against, see `memory`
      "certificate": null,                             # or {"hash": "9d1f...", "hidden": [AT, ...]}
      "loss": {"cells": 20, "hidden": 6, "tables": [
        {"groups": ["site"], "cells": 4, "hidden": 0, "people": 100}]},   # whole percent still described
      "proof": {...}                                   # see `commonground.disclosure.verify`
    }

`at` gives for each group its place in `reporting` ({} is the district). ANSWERS of one question in one cell::

    {"status": "shown", "n": 138, "options": [15, 29, 18, 27, 11], "top": 38, "mean": 2.9, "step": 1,
     "reason": null}

- `status`: shown (whole percents), steps (percents rounded to `step`), range (some number is a range), withheld;
- `n`: people who answered the question: a number, or bounds {"at_least": a, "at_most": b} where the exact number
  would tell too much; with `of`, the roster, where nearly everyone answered ("90 % or more of 71");
- `options`: for each option a whole percent or a range [low, high] of percents, ends included; null when the
  options are not shown apart (under 30 answers, or a crossed cell);
- `top`: share of the upper answers (`Question.top`), whole percent or range; null if the question has none;
- `mean`: one decimal, on 1 to 5 or 0 to 10; null where it is not shown;
- `step`: 1, or 5 where percents are rounded to fives; null when withheld;
- `reason`: why less than everything is shown, a key of `reasons`; null when all is shown.

Crossed cells answer only questions that have a top share; the others are absent there.
Percents of one whole add to 100 (largest remainder) where every one is a whole percent with step 1; the several
options of a `several` question are each a share of the people who answered it and need not add to anything.
A withheld value always carries the reason "protected", whether it is small or shields a small one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.account import loss_of, pattern_of, remainders_of
from commonground.disclosure.answers import Answers, Column
from commonground.disclosure.cells import Counts, Flags, Layout, level_totals
from commonground.disclosure.elimination import PRIMES, rank_modulo
from commonground.disclosure.forms import Form, Share, show
from commonground.disclosure.means import leave_out_exposed_means, leave_out_telling_means
from commonground.disclosure.memory import Beside, Memory
from commonground.disclosure.merge import (
    Grouping,
    ReportingGroup,
    groups_as_before,
    join,
    join_by_answers,
    levels_of,
    reporting_groups,
)
from commonground.disclosure.past import Earlier, Names
from commonground.disclosure.pattern import Pattern, find_pattern, nearly_all_from
from commonground.disclosure.plan import Question, TablePlan
from commonground.disclosure.questions import cells_to_tell, numbers_to_print
from commonground.disclosure.reading import At, Released
from commonground.disclosure.shares import Forms, Printed, withhold_exposed
from commonground.disclosure.weaker import WITHHELD

Release = dict[str, Any]

FORMAT = "cg1-tables"
VERSION = 7
"""Version of the rules: raised when the same answers may give other tables than before."""
PROTECTED = "protected"
MANY = 10**9
REASONS = {
    PROTECTED: "Too few answers here or beside it, so not shown, to protect people.",
    "nearly_all": "Nearly everyone answered, so numbers are given in steps, to protect people.",
    "under_20": "Fewer than 20 answers, so only the share in steps is shown, to protect people.",
    "few_choices": "Fewer than 30 answers, so each share is given in steps, to protect people.",
    "under_30": "Fewer than 30 answers, so the answers are not shown apart, to protect people.",
    "crossed": "Where two groups are crossed, only the share of the upper answers is shown, to protect people.",
    "steps": "Exact shares here would tell of a hidden group, so they are given in steps, to protect people.",
    "ends": "Very small and very large shares are shown as ranges, to protect people.",
    "not_apart": "Ranges would not hide how few gave some answers, so they are not shown apart, to protect people.",
}
BESIDE_OTHERS = {
    PROTECTED: "Too few people here, beside it or changed since an earlier survey, so not shown, to protect them."
}
"""What the reason says for every hidden number of a release that was judged beside others of the same people."""


@dataclass(frozen=True)
class Protected:
    """A release that passed the gate. `document` has the form described above and holds only plain values."""

    document: Release

    def as_json(self) -> Release:
        """Return the release as plain dictionaries, lists, numbers and texts."""
        return self.document

    @property
    def loss(self) -> Release:
        """Return how many cells are hidden and what share of people each table still describes."""
        loss: Release = self.document["loss"]
        return loss

    @property
    def merged(self) -> list[Release]:
        """Return the groups that hold more than one label, or people who left the question out."""
        merged: list[Release] = self.document["merged"]
        return merged

    @property
    def reasons(self) -> dict[str, str]:
        """Return in words each reason for which less than everything is shown."""
        reasons: dict[str, str] = self.document["reasons"]
        return reasons

    @property
    def proof(self) -> Release:
        """Return the evidence that `verify` checks without answers."""
        proof: Release = self.document["proof"]
        return proof


def protect(
    plan: TablePlan,
    columns: Mapping[str, Column],
    earlier: Sequence[Earlier] = (),
    names: Names | None = None,
    hidden: Collection[At] = (),
) -> Protected:
    """Turn answers into the release that the plan allows.

    `columns` maps each group and question id of the plan to one array over the people who answered, in any
    order: unsigned bytes with the option, 255 for none. A `several` question takes a bool array people x
    options or whole numbers whose bit i is option i; a bool array under "<id>:answered" says who answered
    it, else everyone who chose something did. `earlier` are all releases about the same people (see `memory`), of
    a series the first first; `names` say what the plan's labels hold in theirs; cells in `hidden` are hidden in any
    case. Raises ColumnsMalformed, and TogetherTooMuch where nothing safe can be made.
    """
    answers, memory = Answers.read(plan, columns), Memory(earlier, names)
    layout = layout_of(plan, answers, memory)
    people = layout.people_in
    beside = memory.beside(layout, people, plan.asked, plan.minimum).barring(layout, hidden)
    pattern = find_pattern(layout, people, plan.asked, plan.minimum, beside, plan.total_is_public)
    counted = count(layout, answers, plan.questions)
    told = [
        cells_to_tell(layout, pattern, each.answered, each.in_atoms, plan.minimum, *beside.told(question.id))
        for question, each in zip(plan.questions, counted, strict=True)
    ]
    counts, answered = [each.options for each in counted], [each.answered for each in counted]
    in_atoms = [each.in_atoms for each in counted]
    return Protected(_Release(plan, layout, people, pattern, counts, answered, in_atoms, told, beside).document())


def layout_of(plan: TablePlan, answers: Answers, memory: Memory | None = None) -> Layout:
    """Return the cells of the plan, its groups joined as roster and answers ask, and totals of levels.

    Groups of an earlier release of the survey or its series are kept.
    """
    memory = memory or Memory()
    groupings = {name: _grouping(plan, name, memory) for name in plan.margins}
    groups: dict[str, tuple[ReportingGroup, ...]] = {}
    places: dict[str, NDArray[np.intp]] = {}
    levels: dict[str, tuple[int, ...]] = {}
    for name, grouping in groupings.items():
        first = np.array(grouping.index_of_label(plan.group(name).labels))
        of_label = np.bincount(answers.labels[name], minlength=len(first))
        numbers = np.bincount(first, of_label, len(grouping.groups)).astype(np.int64).tolist()
        tells = partial(_tells, memory, grouping, numbers, plan.minimum)
        bundles = join_by_answers(grouping, numbers, plan.minimum, tells)
        place_of = np.zeros(len(grouping.groups), dtype=np.intp)
        for place, members in enumerate(bundles):
            place_of[list(members)] = place
        reported = tuple(join(grouping, members, memory.why_joined) for members in bundles)
        totals, level_of = levels_of(reported)
        if totals:
            levels[name], groups[level_totals(name)] = level_of, totals
            places[level_totals(name)] = np.array(level_of)[place_of[first]][answers.labels[name]]
        groups[name], places[name] = reported, place_of[first][answers.labels[name]]
    pairs = (table for pair in plan.pairs for table in (*_crossed_level(pair, levels), pair))
    return Layout(groups, ((), *((name,) for name in groups), *pairs), places, answers.people, levels)


def _grouping(plan: TablePlan, name: str, memory: Memory) -> Grouping:
    before = memory.reporting.get(name)
    return (
        groups_as_before(plan.group(name), before) if before else reporting_groups(plan.group(name), plan.minimum)
    )


def _tells(memory: Memory, grouping: Grouping, answers: list[int], minimum: int, members: frozenset[int]) -> bool:
    people = sum(answers[place] for place in members)
    return memory.tells_of_group(grouping.id, join(grouping, sorted(members)), people, minimum)


def _crossed_level(pair: tuple[str, str], levels: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the pair with levels in place of the groups of the first group question that has them."""
    one, other = pair
    if one in levels:
        return [(level_totals(one), other)]
    return [(one, level_totals(other))] if other in levels else []


@dataclass(frozen=True)
class Counted:
    """One question, counted: cells x options, and how many people of each cell, and of each atom, answered it."""

    options: Counts
    answered: Counts
    in_atoms: Counts


def count(layout: Layout, answers: Answers, questions: Sequence[Question]) -> list[Counted]:
    """Return every question counted in every cell."""
    tallies = [_tally(layout, answers, question) for question in questions]
    sums = layout.sums(np.hstack([layout.atom_sizes[:, None], *tallies]))
    counted, start = [], 1
    for question, tally in zip(questions, tallies, strict=True):
        mine = sums[:, start : start + tally.shape[1]]
        options = mine[:, : question.options]
        counted.append(Counted(options, mine[:, -1], tally[:, -1]))
        start += tally.shape[1]
    return counted


def _tally(layout: Layout, answers: Answers, question: Question) -> Counts:
    """Return for each atom how many gave each option, and last how many answered."""
    values = answers.values[question.id]
    if question.kind != "several":
        tally = layout.tally(values, question.options)
        return np.hstack([tally, tally.sum(axis=1, keepdims=True)])
    chosen = [*values.T, answers.answered[question.id]]
    return np.hstack([layout.tally((~each).astype(np.uint8), 1) for each in chosen])


@dataclass(frozen=True)
class _Release:
    """Everything from which the document is written."""

    plan: TablePlan
    layout: Layout
    people: Counts
    pattern: Pattern
    counts: list[Counts]
    answered: list[Counts]
    in_atoms: list[Counts]
    told: list[Flags]
    beside: Beside

    def document(self) -> Release:
        forms, given = self._forms(), self._given()
        numbers = [self._numbers(index) for index in range(len(self.plan.questions))]
        printed = self._printed(numbers)
        withhold_exposed(self.layout, self.plan.questions, self.counts, self.answered, forms, printed, given)
        leave_out_telling_means(self.plan.questions, self.answered, forms, given)
        leave_out_exposed_means(self.layout, self.plan.questions, self.answered, forms, given)
        cells = [self._cell(cell, forms, numbers) for cell in range(len(self.layout.cells))]
        document = {
            "format": FORMAT,
            "gate": VERSION,
            "minimum": self.plan.minimum,
            "eligible": self.plan.asked,
            "questions": [
                {"id": question.id, "kind": question.kind, "options": question.options}
                for question in self.plan.questions
            ],
            "groups": [self._group(name) for name in self.layout.groups],
            "pairs": [list(table) for table in self.layout.tables if len(table) == 2],
            "cells": cells,
            "merged": self._merged(),
            "reasons": REASONS | (BESIDE_OTHERS if self.beside.memory.has_waves else {}),
            "earlier": self.beside.memory.as_json(),
            "certificate": None,
        }
        released = Released(document)
        return document | {"loss": loss_of(released), "proof": self._proof(released)}

    def _proof(self, released: Released) -> Release:
        exact = np.flatnonzero(self.pattern.exact).tolist()
        return {
            "arithmetic": self.pattern.arithmetic,
            "primes": list(PRIMES),
            "rank": rank_modulo(self.layout.grid, exact, PRIMES[0]),
            "columns": self.layout.columns,
            "pattern": pattern_of(released),
            **remainders_of(released),
        }

    def _group(self, name: str) -> Release:
        reporting = [group.as_json() for group in self.layout.groups[name]]
        of = next((group for group in self.layout.levels if level_totals(group) == name), None)
        return {"id": name, "of": of, "labels": self.plan.group(of or name).labels, "reporting": reporting}

    def _merged(self) -> list[Release]:
        return [
            {"group": name, "holds": list(group.holds), "left_out": group.left_out, "joined": group.joined}
            for name in self.plan.margins
            for group in self.layout.groups[name]
            if group.joined
        ]

    def _forms(self) -> Forms:
        """Return for each question the cells that may show it, with their form."""
        return [
            {cell: form for cell in self._shown_cells() if (form := self._form(index, cell)) is not None}
            for index in range(len(self.plan.questions))
        ]

    def _given(self) -> set[tuple[int, int]]:
        """Return what an earlier release of the same answers told."""
        flags = [self.beside.told(question.id)[0] for question in self.plan.questions]
        return {(index, cell) for index, given in enumerate(flags) for cell in np.flatnonzero(given).tolist()}

    def _form(self, index: int, cell: int) -> Form | None:
        if (before := self.beside.answers(cell, self.plan.questions[index].id)) is not None:
            return Form.of(before)
        question, answers = self.plan.questions[index], int(self.answered[index][cell])
        crossed = len(self.layout.cells[cell]) > 1
        if not self.told[index][cell] or answers < self.plan.minimum or (crossed and not question.top):
            return None
        counts = self.counts[index][cell].tolist()
        form = show(question, counts, answers, crossed, bool(self.pattern.coded[cell]))
        return None if form.is_empty else form

    def _shown_cells(self) -> list[int]:
        return np.flatnonzero(self.pattern.exact | self.pattern.coded).tolist()

    def _numbers(self, index: int) -> set[int]:
        """Return the cells in which the exact number of answers to the question may be printed.

        A crossed cell prints it only if nobody in the district left the question out.
        """
        answered, left_out = self.answered[index], self.people - self.answered[index]
        exact = np.flatnonzero(self.pattern.exact).tolist()
        if self.beside.given.any():
            before = {cell for cell in exact if isinstance(self._answers_before(cell, index).get("n"), int)}
            return before | set(exact) if left_out[0] == 0 and 0 in before else before
        alone = [cell for cell in exact if len(self.layout.cells[cell]) < 2]
        not_in_atoms = self.layout.atom_sizes - self.in_atoms[index]
        printed = numbers_to_print(self.layout, alone, answered, left_out, self.plan.minimum, not_in_atoms)
        return set(exact) if left_out[0] == 0 and 0 in printed else printed

    def _answers_before(self, cell: int, index: int) -> Mapping[str, Any]:
        return self.beside.answers(cell, self.plan.questions[index].id) or {}

    def _printed(self, numbers: list[set[int]]) -> Printed:
        """Return the bounds of people, and of answers to each question, that the cells shown print."""
        people, answered = self._nothing_said(), []
        for cell in self._shown_cells():
            people[0][cell], people[1][cell] = _bounds_of(self._people(cell))
        for index, exact in enumerate(numbers):
            bounds = self._nothing_said()
            for cell in self._shown_cells():
                bounds[0][cell], bounds[1][cell] = _bounds_of(self._number(cell, index, cell in exact))
            answered.append(bounds)
        return Printed(people, answered)

    def _nothing_said(self) -> tuple[Counts, Counts]:
        cells = len(self.layout.cells)
        return np.zeros(cells, dtype=np.int64), np.full(cells, MANY, dtype=np.int64)

    def _cell(self, cell: int, forms: Forms, numbers: list[set[int]]) -> Release:
        at = dict(self.layout.cells[cell])
        if not (self.pattern.exact[cell] or self.pattern.coded[cell]):
            return {"at": at, "status": "withheld", "n": None, "reason": PROTECTED, "answers": {}}
        answers = {
            question.id: self._answers(cell, index, forms[index].get(cell), cell in numbers[index])
            for index, question in enumerate(self.plan.questions)
            if len(at) < 2 or question.top
        }
        reason = "nearly_all" if self.pattern.coded[cell] else None
        return {"at": at, "status": "shown", "n": self._people(cell), "reason": reason, "answers": answers}

    def _people(self, cell: int) -> int | Release:
        if not self.pattern.coded[cell]:
            return int(self.people[cell])
        roster = self._roster(cell)
        return {"at_least": nearly_all_from(roster), "at_most": roster, "of": roster}

    def _roster(self, cell: int) -> int:
        roster = self.layout.roster(cell) if cell else self.plan.asked
        return int(roster or 0)

    def _answers(self, cell: int, index: int, form: Form | None, printed: bool) -> Release:
        if form is None:
            return dict(WITHHELD)
        return {
            "status": _status(form),
            "n": self._number(cell, index, printed),
            "options": None if form.options is None else [_plain(share) for share in form.options],
            "top": _plain(form.top),
            "mean": form.mean,
            "step": form.step,
            "reason": form.reason,
        }

    def _number(self, cell: int, index: int, printed: bool) -> int | Release:
        return int(self.answered[index][cell]) if printed else self._bounds(cell, index)

    def _bounds(self, cell: int, index: int) -> Release:
        """Return bounds wide enough for k people, or nobody, to have left the question out."""
        left_out = int(self.people[cell] - self.answered[index][cell])
        k = self.plan.minimum
        steps = -(-left_out // k)
        people = self._people(cell)
        if isinstance(people, int):
            return {"at_least": max(k, people - k * max(1, steps)), "at_most": people}
        return {**people, "at_least": max(k, people["at_least"] - k * steps)}


def _status(form: Form) -> str:
    if form.has_range:
        return "range"
    return "shown" if form.step == 1 else "steps"


def _plain(share: Share | None) -> int | list[int] | None:
    return list(share) if isinstance(share, tuple) else share


def _bounds_of(number: int | Release) -> tuple[int, int]:
    return (number, number) if isinstance(number, int) else (int(number["at_least"]), int(number["at_most"]))
