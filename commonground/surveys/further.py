"""Further tables, asked for after the count: what may be asked, the text of a request, and the release that answers.

Neither database nor clock is touched, and Django is not needed: counting again off line works with the same functions.
A later release prints everything that stood in the earlier ones once more, and the new tables beside it.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

from commonground.disclosure.memory import TogetherTooMuch
from commonground.disclosure.plan import GroupQuestion, NeverShown, PlanRefused, TablePlan
from commonground.disclosure.rehearsal import People
from commonground.kernel.text import canonical, sha256
from commonground.sealing.paper import Paper
from commonground.sealing.tally_open import Opened
from commonground.surveys.counting import release_content, table_plan

FORMAT = "cg1-further-tables"
LARGEST_CROSS = 250
"""Cells that the crossed groups of one place may have at most, as in the plan of a paper."""

Table = tuple[str, ...]
"""One group question by its id, or two that are crossed."""


class NothingMore(PlanRefused):
    """Nothing of what was asked can be told, so there is no later release. `left_out` has the reason of each table."""

    code = "nothing_more"

    def __init__(self, left_out: Sequence[tuple[Table, str]]) -> None:
        super().__init__("Nothing of what was asked can be told beside what was released before.")
        self.left_out = tuple(left_out)


@dataclass(frozen=True)
class Plan:
    """Tables by the ids of group questions: those told alone, and pairs that are crossed."""

    margins: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, those of one group first."""
        return (*((name,) for name in self.margins), *self.pairs)

    def holds(self, table: Table) -> bool:
        """Say whether a table is in the plan, its groups in either order."""
        return any(set(table) == set(mine) for mine in self.tables)

    def with_tables(self, tables: Iterable[Table]) -> "Plan":
        """Return the plan with more tables; what is crossed is also told alone."""
        wanted = [table for table in tables if not self.holds(table)]
        alone = dict.fromkeys(name for table in wanted for name in table if name not in self.margins)
        crossed = [(table[0], table[1]) for table in wanted if len(table) == 2]
        return Plan((*self.margins, *alone), (*self.pairs, *crossed))

    def in_paper(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content of a paper with this plan in the place of its own."""
        return {**content, "table_plan": {"margins": list(self.margins), "pairs": [list(p) for p in self.pairs]}}


def told_before(paper: Mapping[str, Any], earlier: Iterable[str]) -> Plan:
    """Return the plan of a paper with what earlier releases of its survey told beyond it."""
    own = paper["table_plan"]
    plan = Plan(tuple(own["margins"]), tuple((one, other) for one, other in own["pairs"]))
    for content in map(json.loads, earlier):
        if content["survey"] == paper["survey"] and "further" in content:
            plan = plan.with_tables(tuple(table) for table in content["further"]["told"])
    return plan


def is_of(release: str, survey: str) -> bool:
    """Say whether a release is one of this survey's."""
    return bool(json.loads(release)["survey"] == survey)


def as_reasons(left_out: Mapping[Table, str]) -> list[dict[str, Any]]:
    """Return why tables were left out as plain values."""
    return [{"table": list(table), "reason": reason} for table, reason in left_out.items()]


def on_offer(paper: Mapping[str, Any], told: Plan) -> list[Table]:
    """Return each table of the paper's group questions that was not told yet, those of one group first."""
    names = [question["id"] for question in paper["questions"] if question["group"]]
    every: list[Table] = [*((name,) for name in names), *combinations(names, 2)]
    return [table for table in every if not told.holds(table)]


# The text of a request


@dataclass(frozen=True)
class Request:
    """A request as its frozen text says it. `releases` are the hashes of all releases of the survey until then."""

    body: str
    paper: str
    list_hash: str
    releases: tuple[str, ...]
    tables: tuple[Table, ...]
    reason: str

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the text."""
        return sha256(self.body.encode())


def write_request(
    paper: Paper, list_hash: str, releases: Sequence[str], tables: Sequence[Table], reason: str
) -> str:
    """Return the exact text on which every party turns its key."""
    content = {
        "format": FORMAT,
        "survey": paper.survey.hex(),
        "paper": paper.hash.hex(),
        "list": list_hash,
        "releases": list(releases),
        "tables": [list(table) for table in tables],
        "reason": reason,
    }
    return canonical(content).decode()


def read_request(body: str) -> Request:
    """Return a request by its text. Raises ValueError for any other text."""
    try:
        content = json.loads(body)
        if content["format"] != FORMAT:
            raise KeyError
        tables = tuple(tuple(map(str, table)) for table in content["tables"])
        texts = (str(content[name]) for name in ("paper", "list", "reason"))
        paper, list_hash, reason = texts
        return Request(body, paper, list_hash, tuple(map(str, content["releases"])), tables, reason)
    except (KeyError, TypeError):
        raise ValueError("This is no request for further tables.") from None


# Before anyone opens: what can never be told


@dataclass(frozen=True)
class Never:
    """A table that cannot be asked for, and why: `told` before, `unknown` to the paper, too few people on the
    `roster` or by what was `released`, or too many cells to `cross`.
    """

    table: Table
    why: str


def never(
    paper: Mapping[str, Any], told: Plan, tables: Sequence[Table], released: Sequence[str], people: Mapping[Table, People]
) -> list[Never]:
    """Return each asked table that could not be told whatever the answers are, by roster and releases alone.

    `people` has for a table how many people asked are in each of its cells, where the list of those asked tells it.
    """
    found = []
    known = {question["id"] for question in paper["questions"] if question["group"]}
    for table in tables:
        if not set(table) <= known or len(set(table)) not in (1, 2):
            found.append(Never(table, "unknown"))
        elif told.holds(table):
            found.append(Never(table, "told"))
        elif not _could_be_told(paper, table):
            found.append(Never(table, "roster"))
        elif not _has_room(paper, table, released, people.get(table)):
            found.append(Never(table, "released" if released else "roster"))
    if not found and _inner_cross(paper, told.with_tables(tables)) > LARGEST_CROSS:
        found = [Never(table, "cross") for table in tables if len(table) == 2]
    return found


def _could_be_told(paper: Mapping[str, Any], table: Table) -> bool:
    try:
        table_plan(Plan().with_tables([table]).in_paper(paper))
    except NeverShown:
        return False
    return True


def _has_room(
    paper: Mapping[str, Any], table: Table, released: Sequence[str], people: People | None
) -> bool:
    """Say whether a cell of a table could hold k people who answered.

    None holds more people than were asked in it, nor more than the newest release tells of either of its groups.
    """
    if people is None:
        return True
    most = _answered(paper, table, released[-1]) if released else [{} for _name in table]
    return any(
        min(number, *(of.get(label, number) for of, label in zip(most, labels, strict=True)))
        >= paper["minimum_group"]
        for labels, number in people.items()
    )


def _answered(paper: Mapping[str, Any], table: Table, release: str) -> list[dict[int, int]]:
    """Return for each group of a table the most people of each label who answered, where the release tells it."""
    tables = json.loads(release)["tables"]
    shown = {
        (*cell["at"].items(),)[0]: cell["n"] if isinstance(cell["n"], int) else cell["n"]["at_most"]
        for cell in tables["cells"]
        if len(cell["at"]) == 1 and cell["n"] is not None
    }
    reporting = {group["id"]: group["reporting"] for group in tables["groups"]}
    return [
        {
            label: shown[name, place]
            for place, part in enumerate(reporting.get(name, ()))
            for label in part["holds"]
            if (name, place) in shown
        }
        for name in table
    ]


def _inner_cross(paper: Mapping[str, Any], plan: Plan) -> int:
    """Return how many cells the crossed groups other than the site make inside one place."""
    crossed = {name for pair in plan.pairs for name in pair}
    inner = [q for q in paper["questions"] if q["id"] in crossed and q["group"] != "site"]
    return prod(max(1, len(question["options"])) for question in inner)


# The count


def further_content(
    paper: Paper, opened: Opened, closing: Mapping[str, Any], counted_on: str, earlier: Sequence[str], request: Request
) -> dict[str, Any]:
    """Return the later release that answers a request, judged with all `earlier` releases together.

    As much is told as fits: first all tables that were asked for, else one after the other as far as each keeps
    the rules. A table of which no cell could be told is left out. Raises NothingMore, and OtherPeople.
    """
    before = told_before(paper.content, earlier)
    left_out: dict[Table, str] = {}
    while tables := [table for table in request.tables if table not in left_out]:
        content, refused = _as_much_as_fits(paper, opened, closing, counted_on, earlier, before, tables)
        left_out |= refused
        told = [table for table in tables if table not in refused]
        empty = [table for table in told if content and not _tells(content["tables"], table)]
        if content and not empty:
            content.pop("comments", None)
            further = {"request": request.hash, "told": [list(table) for table in told]}
            return {**content, "further": {**further, "left_out": as_reasons(left_out)}}
        left_out |= dict.fromkeys(empty, "hidden")
    raise NothingMore([(table, left_out[table]) for table in request.tables])


def _as_much_as_fits(
    paper: Paper,
    opened: Opened,
    closing: Mapping[str, Any],
    counted_on: str,
    earlier: Sequence[str],
    before: Plan,
    tables: Sequence[Table],
) -> tuple[dict[str, Any] | None, dict[Table, str]]:
    """Return the content with as many of the tables as keep the rules, in their order; and those left out."""

    def content(of: Sequence[Table]) -> dict[str, Any]:
        wider = replace(paper, content=before.with_tables(of).in_paper(paper.content))
        return release_content(wider, opened, closing, counted_on, earlier)

    try:
        return content(tables), {}
    except TogetherTooMuch as refusal:
        if refusal.code != TogetherTooMuch.code:
            raise
    told: list[Table] = []
    found: dict[str, Any] | None = None
    refused: dict[Table, str] = {}
    for table in tables:
        try:
            found = content([*told, table])
            told.append(table)
        except TogetherTooMuch:
            refused[table] = "together"
    return found, refused


def _tells(tables: Mapping[str, Any], table: Table) -> bool:
    """Say whether any cell of a table is shown."""
    return any(cell["n"] is not None for cell in tables["cells"] if set(cell["at"]) == set(table))


def people_in(people: People, names: Sequence[str], tables: Collection[Table]) -> dict[Table, dict[tuple[int, ...], int]]:
    """Return how many people are in each cell of each table whose groups are among `names`, from finer numbers."""
    found: dict[Table, dict[tuple[int, ...], int]] = {}
    for table in tables:
        if set(table) <= set(names):
            at = [names.index(name) for name in table]
            cells = found.setdefault(table, {})
            for labels, number in people.items():
                cell = tuple(labels[place] for place in at)
                cells[cell] = cells.get(cell, 0) + number
    return found


def groups_only(plan: TablePlan, names: Collection[str]) -> TablePlan:
    """Return the part of a plan, without questions, whose groups are among `names`."""
    groups: Iterator[GroupQuestion] = (group for group in plan.groups if group.id in names)
    margins = tuple(name for name in plan.margins if name in names)
    pairs = tuple(pair for pair in plan.pairs if set(pair) <= set(names))
    return replace(plan, questions=(), groups=tuple(groups), margins=margins, pairs=pairs)
