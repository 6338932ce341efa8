"""A release as pages, files and the staff's page read it: questions, groups and cells, from its bytes alone.

Nothing here adds cells up or takes one from another: what is not printed in the release does not exist.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from commonground.disclosure.counted import FORMAT
from commonground.disclosure.plan import Question as PlannedQuestion

Text = Mapping[str, str]
At = Mapping[str, int]
Share = int | tuple[int, int] | None
"""A whole percent, a range of percents with both ends, or nothing."""


@dataclass(frozen=True)
class People:
    """How many people a number describes, exactly or between bounds.

    `of` is the roster of a group of which nearly everyone answered.
    """

    at_least: int
    at_most: int
    of: int | None = None

    @property
    def exact(self) -> int | None:
        """The number where it was printed exactly."""
        return self.at_least if self.at_least == self.at_most else None


@dataclass(frozen=True)
class Told:
    """What the release tells of one question in one cell; see `commonground.disclosure.gate` for each field."""

    status: str
    n: People | None
    options: tuple[Share, ...] | None
    top: Share
    mean: float | None
    step: int | None
    reason: str | None

    @property
    def hidden(self) -> bool:
        """Say whether nothing may be shown."""
        return self.status == "withheld"


@dataclass(frozen=True)
class Cell:
    """The people of the district, of one group, or of two crossed groups."""

    at: At
    hidden: bool
    n: People | None
    reason: str | None
    answers: Mapping[str, Told]


@dataclass(frozen=True)
class Group:
    """A group as reported: the labels it holds, and whether those who named no group are in it.

    `named` is the roster of the labels alone, from the paper; None where it is not known.
    """

    place: int
    names: tuple[Text, ...]
    left_out: bool
    roster: int | None
    level: Text | None
    joined: str | None
    named: int | None = None


@dataclass(frozen=True)
class Breakdown:
    """A group question that results are shown by; `dimension` says what it groups by (site, unit, ...).

    Totals of the levels of a group question are a breakdown too, of the dimension `site_level`; `of` is then the id
    of the question whose groups they hold.
    """

    id: str
    text: Text
    dimension: str
    groups: tuple[Group, ...]
    of: str | None = None


@dataclass(frozen=True)
class Question:
    """A question whose answers were counted; `top` are the options of its upper answers, if it has such."""

    id: str
    kind: str
    text: Text
    help: Text | None
    options: tuple[Text, ...]

    @property
    def top(self) -> tuple[int, ...]:
        """Options whose joint share is the one number of the question."""
        return PlannedQuestion(self.id, self.kind, len(self.options)).top  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reading:
    """One release, parsed."""

    content: Mapping[str, Any]

    @property
    def tables(self) -> Mapping[str, Any]:
        """What the gate let out."""
        return self.content["tables"]  # type: ignore[no-any-return]

    @property
    def words(self) -> Mapping[str, Any]:
        """The texts that the numbers belong to."""
        return self.content["words"]  # type: ignore[no-any-return]

    @property
    def title(self) -> Text:
        """What the survey was called."""
        return self.words["title"]  # type: ignore[no-any-return]

    @property
    def of_counts(self) -> bool:
        """Say whether the people were counted elsewhere, and answered nothing here."""
        return bool(self.content.get("format") == FORMAT)

    @property
    def minimum(self) -> int:
        """The fewest people a shown number describes."""
        return int(self.tables["minimum"])

    @property
    def eligible(self) -> int | None:
        """How many people were asked."""
        return self.tables["eligible"]  # type: ignore[no-any-return]

    @cached_property
    def _asked(self) -> Mapping[str, Mapping[str, Any]]:
        return {question["id"]: question for question in self.words["questions"]}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The counted questions in the order of the paper."""
        return tuple(self._question(told) for told in self.tables["questions"])

    def _question(self, told: Mapping[str, Any]) -> Question:
        asked = self._asked[told["id"]]
        options = tuple(option["text"] for option in asked["options"])
        numbers = tuple({"en": str(i), "es": str(i)} for i in range(told["options"]))
        return Question(told["id"], told["kind"], asked["text"], asked.get("help"), options or numbers)

    @cached_property
    def all_breakdowns(self) -> tuple[Breakdown, ...]:
        """Every grouping in the order of the release, totals of levels before their groups."""
        return tuple(self._breakdown(group) for group in self.tables["groups"])

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """The groupings that results are shown by, in the order of the plan, without totals of levels."""
        return tuple(each for each in self.all_breakdowns if each.of is None)

    def levels(self, breakdown: Breakdown) -> Breakdown | None:
        """Return the totals of a breakdown's levels, if the release has them."""
        return next((each for each in self.all_breakdowns if each.of == breakdown.id), None)

    def _breakdown(self, table: Mapping[str, Any]) -> Breakdown:
        of = table.get("of")
        asked = self._asked[of or table["id"]]
        parts = enumerate(table["reporting"])
        groups = tuple(_group(place, part, asked["options"], by_level=bool(of)) for place, part in parts)
        dimension = asked["group"] or "other"
        return Breakdown(table["id"], asked["text"], f"{dimension}_level" if of else dimension, groups, of)

    def breakdown(self, id: str) -> Breakdown:
        """Return the breakdown by the group question of that id."""
        return next(each for each in self.all_breakdowns if each.id == id)

    @cached_property
    def pairs(self) -> tuple[tuple[Breakdown, Breakdown], ...]:
        """The groupings that are crossed."""
        return tuple((self.breakdown(one), self.breakdown(other)) for one, other in self.tables["pairs"])

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, the district first."""
        return tuple(map(_cell, self.tables["cells"]))

    @cached_property
    def _by_place(self) -> Mapping[frozenset[tuple[str, int]], Cell]:
        return {frozenset(cell.at.items()): cell for cell in self.cells}

    def cell(self, at: At) -> Cell:
        """Return the cell at this place; {} is the district."""
        return self._by_place[frozenset(at.items())]

    @property
    def district(self) -> Cell:
        """The cell of everyone who answered."""
        return self.cell({})

    def told(self, question: Question, at: At) -> Told:
        """Return what is told of a question in a cell; nothing where the cell is hidden."""
        return self.cell(at).answers.get(question.id, NOTHING)

    def merged(self) -> Iterator[tuple[Breakdown, Group]]:
        """Yield each group that holds several labels, or took in those who named none."""
        for breakdown in self.breakdowns:
            for group in breakdown.groups:
                if group.joined or len(group.names) > 1:
                    yield breakdown, group


NOTHING = Told("withheld", None, None, None, None, None, "protected")


def _group(place: int, part: Mapping[str, Any], labels: Sequence[Mapping[str, Any]], *, by_level: bool) -> Group:
    held = [labels[label] for label in part["holds"]]
    level: Text | None = held[0]["level"] if part["level"] else None
    names = tuple(label["text"] for label in held)
    if by_level:
        names = (level,) if level else ()
    rosters = [label["roster"] for label in held]
    named = None if None in rosters else sum(rosters)
    return Group(place, names, part["left_out"], part["roster"], level, part["joined"], named)


def _cell(raw: Mapping[str, Any]) -> Cell:
    answers = {name: _told(told) for name, told in raw["answers"].items()}
    return Cell(raw["at"], raw["status"] == "withheld", _people(raw["n"]), raw["reason"], answers)


def _told(raw: Mapping[str, Any]) -> Told:
    options = None if raw["options"] is None else tuple(map(_share, raw["options"]))
    return Told(
        raw["status"], _people(raw["n"]), options, _share(raw["top"]), raw["mean"], raw["step"], raw["reason"]
    )


def _people(raw: int | Mapping[str, int] | None) -> People | None:
    if raw is None:
        return None
    return People(raw, raw) if isinstance(raw, int) else People(raw["at_least"], raw["at_most"], raw.get("of"))


def _share(raw: int | list[int] | None) -> Share:
    return (raw[0], raw[1]) if isinstance(raw, list) else raw
