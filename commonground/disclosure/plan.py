"""The table plan: what a survey may publish, frozen before anyone answers.

Example::

    plan = TablePlan(
        questions=(Question("breaks", "agreement", 5), Question("wishes", "several", 6)),
        groups=(
            GroupQuestion("site", 4, roster=(71, 66, 104, 14), levels=("elementary", "elementary", "high", "high")),
            GroupQuestion("job_family", 3, roster=(120, 90, 45), levels=(None, None, None)),
        ),
        margins=("site", "job_family"),
        pairs=(("site", "job_family"),),
        minimum=10,
        eligible=255,
    )

Labels are numbers from 0, in the order of the options of the question; whoever draws a page has their texts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Literal, get_args

Kind = Literal["agreement", "frequency", "scale10", "one", "several"]

LEAST_MINIMUM = 10
MOST_OPTIONS = 250
FIXED_OPTIONS: dict[str, int] = {"agreement": 5, "frequency": 5, "scale10": 11}


class PlanRefused(ValueError):
    """The plan cannot be used. `words` says why in plain words, `code` names the reason for translation."""

    code = "plan"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class MinimumTooLow(PlanRefused):
    """The smallest group that may be shown is below ten."""

    code = "minimum"


class QuestionMalformed(PlanRefused):
    """A question has a kind or a number of options that no table can hold."""

    code = "question"


class GroupMalformed(PlanRefused):
    """A group question does not have one roster count and one level for each label."""

    code = "group"


class TableUnknown(PlanRefused):
    """A margin or pair names a group question that the plan does not hold, or names it wrongly."""

    code = "table"


class NeverShown(PlanRefused):
    """A breakdown of which no single group could be shown, since the roster has too few people in each."""

    code = "never"


@dataclass(frozen=True)
class Question:
    """One question whose answers are published: `options` labels, numbered from 0, lowest first."""

    id: str
    kind: Kind
    options: int

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise QuestionMalformed(f"Question {self.id} has the kind {self.kind}, which cannot be counted.")
        if self.options != FIXED_OPTIONS.get(self.kind, self.options):
            raise QuestionMalformed(f"Question {self.id} must have {FIXED_OPTIONS[self.kind]} options.")
        if not 2 <= self.options <= MOST_OPTIONS:
            raise QuestionMalformed(f"Question {self.id} must have 2 to {MOST_OPTIONS} options.")

    @property
    def top(self) -> tuple[int, ...]:
        """Return the options whose joint share is the one number of the question; empty if there is none.

        The two upper answers of a five-point scale, 8 to 10 of 0 to 10, the first of a two-way choice.
        """
        if self.kind in ("agreement", "frequency"):
            return (3, 4)
        if self.kind == "scale10":
            return (8, 9, 10)
        return (0,) if self.kind == "one" and self.options == 2 else ()

    @property
    def lowest(self) -> int | None:
        """Return the value of option 0 in a mean (1 for five points, 0 for 0 to 10); None without a mean."""
        return {"agreement": 1, "frequency": 1, "scale10": 0}.get(self.kind)


@dataclass(frozen=True)
class GroupQuestion:
    """A single-choice question that sorts people into groups.

    `roster[i]` is the number of people asked who belong to label i, None where nobody knows it;
    `levels[i]` names the level (kind of place) inside which label i may be joined to another.
    """

    id: str
    labels: int
    roster: tuple[int | None, ...]
    levels: tuple[str | None, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.labels <= MOST_OPTIONS:
            raise GroupMalformed(f"Group question {self.id} must have 1 to {MOST_OPTIONS} labels.")
        if len(self.roster) != self.labels or len(self.levels) != self.labels:
            raise GroupMalformed(f"Group question {self.id} needs one roster count and one level for each label.")
        if any(count is not None and count < 0 for count in self.roster):
            raise GroupMalformed(f"Group question {self.id} has a roster count below zero.")


@dataclass(frozen=True)
class TablePlan:
    """All tables that a survey may publish: the district, each group of a margin, each cell of a pair.

    `minimum` is k, the fewest people a shown number may describe; `eligible` the number of people asked,
    None where it is not known. `total_is_public` where everyone knows how many people answered, as of a list of
    sealed answers that anyone may count. Raises a PlanRefused that names the fault.
    """

    questions: tuple[Question, ...]
    groups: tuple[GroupQuestion, ...]
    margins: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    minimum: int = LEAST_MINIMUM
    eligible: int | None = None
    total_is_public: bool = False

    def __post_init__(self) -> None:
        if self.minimum < LEAST_MINIMUM:
            raise MinimumTooLow(f"The smallest group that may be shown has {LEAST_MINIMUM} people or more.")
        _refuse_repeats((question.id for question in self.questions), QuestionMalformed)
        _refuse_repeats((group.id for group in self.groups), GroupMalformed)
        _refuse_repeats(self.margins, TableUnknown)
        _refuse_repeats((" and ".join(sorted(pair)) for pair in self.pairs), TableUnknown)
        self._refuse_unknown_tables()
        self._refuse_empty_breakdowns()

    def group(self, group_id: str) -> GroupQuestion:
        """Return the group question of that id."""
        return next(group for group in self.groups if group.id == group_id)

    @property
    def asked(self) -> int | None:
        """Return the number of people asked: `eligible`, else the sum of a roster that is wholly known."""
        rosters = [self.group(name).roster for name in self.margins]
        sums = [sum(count or 0 for count in roster) for roster in rosters if None not in roster]
        return self.eligible if self.eligible is not None else min(sums, default=None)

    def _refuse_unknown_tables(self) -> None:
        known = {group.id for group in self.groups}
        for name in chain(self.margins, *self.pairs):
            if name not in known:
                raise TableUnknown(f"The plan breaks results down by {name}, but no group question is called that.")
        for one, other in self.pairs:
            if one == other:
                raise TableUnknown(f"The plan crosses {one} with itself.")
            for name in (one, other):
                if name not in self.margins:
                    raise TableUnknown(
                        f"The plan crosses {name} with another group, so it must also show {name} alone."
                    )

    def _refuse_empty_breakdowns(self) -> None:
        for name in self.margins:
            if all(count is not None and count < self.minimum for count in self.group(name).roster):
                raise NeverShown(
                    f"No group of {name} has {self.minimum} people on the roster, so none can be shown on its own."
                )


@dataclass(frozen=True)
class CannotShow:
    """Something of the plan that can never be shown: the groups it crosses, the labels, and why in words."""

    code: Literal["group_too_small", "pair_cells_too_small"]
    groups: tuple[str, ...]
    labels: tuple[int, ...]
    words: str


def can_never_be_shown(plan: TablePlan) -> tuple[CannotShow, ...]:
    """Return what of the plan the roster already rules out, for the page on which the survey is drafted."""
    return (*_small_groups(plan), *_small_pairs(plan))


def _small_groups(plan: TablePlan) -> Iterable[CannotShow]:
    for name in plan.margins:
        roster = plan.group(name).roster
        small = tuple(i for i, count in enumerate(roster) if count is not None and count < plan.minimum)
        if small:
            words = (
                f"{len(small)} groups of {name} have fewer than {plan.minimum} people and are never shown alone."
            )
            yield CannotShow("group_too_small", (name,), small, words)


def _small_pairs(plan: TablePlan) -> Iterable[CannotShow]:
    for one, other in plan.pairs:
        for name, across in ((one, other), (other, one)):
            roster = plan.group(name).roster
            small = tuple(i for i, count in enumerate(roster) if count is not None and count < 2 * plan.minimum)
            if small:
                words = f"{len(small)} groups of {name} are too small to be split by {across}."
                yield CannotShow("pair_cells_too_small", (name, across), small, words)


def _refuse_repeats(names: Iterable[str], refusal: type[PlanRefused]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise refusal(f"The plan names {name} twice.")
        seen.add(name)
