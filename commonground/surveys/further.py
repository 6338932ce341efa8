"""Further tables, asked for after the count: what may be asked, the text of a request, the release that answers.

Neither database nor clock is touched, and Django is not needed: counting again off line works with the same code.
A later release prints everything that stood in the earlier ones once more, and the new tables beside it.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

from commonground.disclosure import rehearsal
from commonground.disclosure.memory import TogetherTooMuch
from commonground.disclosure.merge import reporting_groups
from commonground.disclosure.plan import NeverShown, PlanRefused
from commonground.disclosure.rehearsal import People, Showing
from commonground.kernel.text import canonical, sha256
from commonground.sealing.keeper import FURTHER_TABLES
from commonground.sealing.paper import Paper
from commonground.sealing.tally_open import Opened
from commonground.surveys.counting import release_content, table_plan
from commonground.surveys.waves import earlier_of

LARGEST_CROSS = 250
"""Cells that the crossed groups of one place may have at most, as in the plan of a paper."""

Table = tuple[str, ...]
"""One group question by its id, or two that are crossed."""

Reasons = Sequence[Mapping[str, Any]]
"""Tables of which nothing was told, each with its reason, as the record of an opening and a release have them."""


class NothingMore(PlanRefused):
    """Nothing of what was asked can be told, so there is no later release. `left_out` has why, for each table."""

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


def in_record(table: Table, reason: str = "") -> str:
    """Return how the record names a table, with the reason why nothing of it was told."""
    return " x ".join(table) + (f": {reason}" if reason else "")


def as_reasons(left_out: Mapping[Table, str]) -> list[dict[str, Any]]:
    """Return why tables were left out as plain values."""
    return [{"table": list(table), "reason": reason} for table, reason in left_out.items()]


def left_out_of(texts: Iterable[str]) -> dict[str, Reasons]:
    """Return what each of these releases left out of the tables asked for, and why, by its hash."""
    return {sha256(text.encode()): json.loads(text).get("further", {}).get("left_out", ()) for text in texts}


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
        "format": FURTHER_TABLES,
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
        if content["format"] != FURTHER_TABLES:
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
    """A table that cannot be asked for, and why.

    It was `told` before, is `unknown` to the paper, has too few people on the `roster`, or too many cells to
    `cross`.
    """

    table: Table
    why: str


def never(
    paper: Mapping[str, Any],
    told: Plan,
    tables: Sequence[Table],
    released: Sequence[str],
    people: Mapping[Table, People],
) -> list[Never]:
    """Return each asked table of which nothing could be told whatever the answers, by roster and releases alone.

    `people` has for a table how many people asked are in each of its cells, where the list of those asked tells it.
    """
    found = []
    known = {question["id"] for question in paper["questions"] if question["group"]}
    for table in tables:
        if not set(table) <= known or len(table) != len(set(table)) or len(table) not in (1, 2):
            found.append(Never(table, "unknown"))
        elif told.holds(table):
            found.append(Never(table, "told"))
        elif not _could_be_told(paper, table) or not _has_room(paper, table, released, people.get(table)):
            found.append(Never(table, "roster"))
    if not found and _inner_cross(paper, told.with_tables(tables)) > LARGEST_CROSS:
        found = [Never(table, "cross") for table in tables if len(table) == 2]
    return found


def _could_be_told(paper: Mapping[str, Any], table: Table) -> bool:
    try:
        table_plan(Plan().with_tables([table]).in_paper(paper))
    except NeverShown:
        return False
    return True


def _has_room(paper: Mapping[str, Any], table: Table, released: Sequence[str], people: People | None) -> bool:
    """Say whether k people were asked in any cell of a table, its groups joined as they are reported."""
    if people is None:
        return True
    places = [_places(paper, name, released) for name in table]
    cells: Counter[tuple[int, ...]] = Counter()
    for labels, number in people.items():
        cells[tuple(of[label] for of, label in zip(places, labels, strict=True))] += number
    return bool(max(cells.values(), default=0) >= paper["minimum_group"])


def _places(paper: Mapping[str, Any], name: str, released: Sequence[str]) -> dict[int, int]:
    """Return the place of each label of a group question among the groups that are reported, or would be."""
    for group in json.loads(released[-1])["tables"]["groups"] if released else ():
        if group["id"] == name:
            return {label: place for place, part in enumerate(group["reporting"]) for label in part["holds"]}
    plan = table_plan(paper)
    groups = reporting_groups(plan.group(name), plan.minimum).groups
    return {label: place for place, group in enumerate(groups) for label in group.holds}


def _inner_cross(paper: Mapping[str, Any], plan: Plan) -> int:
    """Return how many cells the crossed groups other than the site make inside one place."""
    crossed = {name for pair in plan.pairs for name in pair}
    inner = [q for q in paper["questions"] if q["id"] in crossed and q["group"] != "site"]
    return prod(max(1, len(question["options"])) for question in inner)


# The count


def further_content(
    paper: Paper,
    opened: Opened,
    closing: Mapping[str, Any],
    counted_on: str,
    earlier: Sequence[str],
    request: Request,
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


def refused_with(earlier: Sequence[str], content: Mapping[str, Any]) -> dict[Table, str]:
    """Return why a later release that was told less for its certificate cannot leave, for each table; else nothing.

    Its certificate covers the earlier releases too only while it repeats all that they told.
    """
    told = [tuple(table) for table in content["further"]["told"]]
    left_out = {tuple(each["table"]): each["reason"] for each in content["further"]["left_out"]}
    if not repeats(earlier, content):
        return {**dict.fromkeys(told, "together"), **left_out}
    if not any(_tells(content["tables"], table) for table in told):
        return {**dict.fromkeys(told, "hidden"), **left_out}
    return {}


def repeats(earlier: Iterable[str], content: Mapping[str, Any]) -> bool:
    """Say whether a later release prints the very same as each earlier one of its survey where that told something.

    And nothing where that told nothing: what an earlier certificate hid stays hidden.
    """
    now = {frozenset(cell["at"].items()): cell for cell in content["tables"]["cells"]}
    mine = [json.loads(text) for text in earlier if is_of(text, content["survey"])]
    every = [cell for one in mine for cell in one["tables"]["cells"]]
    return all(_repeats(cell, now.get(frozenset(cell["at"].items()))) for cell in every)


def _repeats(before: Mapping[str, Any], now: Mapping[str, Any] | None) -> bool:
    if now is None or any(now[name] != before[name] for name in before.keys() - {"answers"}):
        return False
    return all(now["answers"].get(question) == told for question, told in before["answers"].items())


def _tells(tables: Mapping[str, Any], table: Table) -> bool:
    """Say whether any cell of a table is shown."""
    return any(cell["n"] is not None for cell in tables["cells"] if set(cell["at"]) == set(table))


def people_in(
    people: People, names: Sequence[str], tables: Collection[Table]
) -> dict[Table, dict[tuple[int, ...], int]]:
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


def rehearsed(
    paper: Mapping[str, Any], plan: Plan, names: Collection[str], people: People, earlier: Sequence[str]
) -> tuple[Showing, ...]:
    """Return what each table of the plan would show whose groups are among `names`, tried on those asked.

    As many answer as the newest release tells, and groups that were joined stay together. `people` are the numbers
    of those asked by label of each of `names` that the plan tells alone, in its order. Raises NeverShown.
    """
    margins = tuple(name for name in plan.margins if name in names)
    pairs = tuple(pair for pair in plan.pairs if set(pair) <= set(margins))
    whole = table_plan(Plan(margins, pairs).in_paper(paper))
    groups = tuple(group for group in whole.groups if group.id in margins)
    known = replace(whole, questions=(), groups=groups)
    if rehearsal.is_too_large(known):
        return ()
    before = rehearsal.Before(*earlier_of(paper, earlier))
    return rehearsal.rehearse(known, people, percent_answered(earlier[-1]), before)


def percent_answered(release: str) -> int:
    """Return how many percent of those asked answered, at the least."""
    counts = json.loads(release)["counts"]
    return int(100 * counts["counted"] // max(1, counts["eligible"]))
