"""Reporting groups: small groups joined from roster counts before the window opens, and by a partner
fixed then if too few of them answer.

Nothing here looks for the group that is smallest *afterwards*: whom a group joins follows from the roster
alone, so that a join says no more than that one of the two had fewer than k answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from commonground.disclosure.plan import GroupQuestion

Joined = Literal["roster", "answers", "waves"]


@dataclass(frozen=True)
class ReportingGroup:
    """A group as it is reported: the labels it holds, and whether people who left the question out are in it.

    `roster` is None where a part of it is unknown; `joined` says why it holds more than one label.
    """

    holds: tuple[int, ...]
    left_out: bool = False
    roster: int | None = None
    level: str | None = None
    joined: Joined | None = None

    def as_json(self) -> dict[str, object]:
        """Return the group as a release carries it."""
        return {
            "holds": list(self.holds),
            "left_out": self.left_out,
            "roster": self.roster,
            "level": self.level,
            "joined": self.joined,
        }


@dataclass(frozen=True)
class Grouping:
    """The reporting groups of one group question; `partners[i]` are those group i joins, first choice first.

    `groups` end with the people who left the question out. `lonely` are groups with fewer than 2k people
    for which their level has no other group to join. `with_left_out` is the place that is reported together with
    those who left the question out, because an earlier release did so.
    """

    id: str
    groups: tuple[ReportingGroup, ...]
    partners: tuple[tuple[int, ...], ...]
    lonely: tuple[int, ...]
    with_left_out: int | None = None

    def index_of_label(self, labels: int) -> list[int]:
        """Return for each label its place in `groups`; the last entry is for people who left it out."""
        place = [len(self.groups) - 1] * (labels + 1)
        for index, group in enumerate(self.groups):
            for label in group.holds:
                place[label] = index
        return place


def reporting_groups(question: GroupQuestion, minimum: int) -> Grouping:
    """Join groups of fewer than 2k people on the roster with the next smallest of their level.

    A level keeps two groups where both have at least k people. Deterministic: by roster, then by label.
    """
    levels: dict[str | None, list[ReportingGroup]] = {}
    for label in range(question.labels):
        level = question.levels[label]
        levels.setdefault(level, []).append(ReportingGroup((label,), roster=question.roster[label], level=level))
    merged = [group for members in levels.values() for group in _merge_level(members, minimum)]
    merged.sort(key=lambda group: group.holds)
    groups = (*merged, ReportingGroup((), left_out=True))
    lonely = tuple(
        i for i, group in enumerate(merged) if _is_small(group, 2 * minimum) and not _level_mates(merged, i)
    )
    return Grouping(question.id, groups, _partners(merged), lonely)


def groups_as_before(question: GroupQuestion, reporting: Sequence[Mapping[str, Any]]) -> Grouping:
    """Return the groups of an earlier release with the roster of today; a label that it lacked stands alone."""
    named = [part for part in reporting if part["holds"]]
    known = {label for part in named for label in part["holds"]}
    groups = [_as_before(question, part["holds"], part["joined"]) for part in named]
    groups += [_as_before(question, [label], None) for label in range(question.labels) if label not in known]
    with_left_out = next((place for place, part in enumerate(named) if part["left_out"]), None)
    return Grouping(question.id, (*groups, ReportingGroup((), left_out=True)), _partners(groups), (), with_left_out)


def _as_before(question: GroupQuestion, holds: Sequence[int], joined: Joined | None) -> ReportingGroup:
    levels = {question.levels[label] for label in holds}
    return ReportingGroup(
        holds=tuple(holds),
        roster=_sum_known(question.roster[label] for label in holds),
        level=levels.pop() if len(levels) == 1 else None,
        joined=joined if len(holds) > 1 else None,
    )


def join_by_answers(
    grouping: Grouping, answers: Sequence[int], minimum: int, tells: Callable[[frozenset[int]], bool] | None = None
) -> tuple[tuple[int, ...], ...]:
    """Return sets of places in `grouping.groups` to be reported together, given the answers in each.

    A group with fewer than k answers, or one of which `tells` says that its number tells of few people, joins the
    first of its fixed partners that it is not yet joined with. People who left the question out join only if there
    are some; with no partner left, a group stays as it is.
    """
    bundle = {place: frozenset({place}) for place in range(len(grouping.groups))}
    if grouping.with_left_out is not None:
        pair = frozenset({grouping.with_left_out, len(answers) - 1})
        bundle.update(dict.fromkeys(pair, pair))
    for place in [len(answers) - 1, *range(len(answers) - 1)]:
        while _needs_partner(bundle[place], answers, minimum) or (tells and tells(bundle[place])):
            partner = next((other for other in grouping.partners[place] if other not in bundle[place]), None)
            if partner is None:
                break
            union = bundle[place] | bundle[partner]
            bundle.update(dict.fromkeys(union, union))
    return tuple(sorted({tuple(sorted(members)) for members in bundle.values()}))


def join(grouping: Grouping, members: Iterable[int], why: Joined = "answers") -> ReportingGroup:
    """Return the one group that holds all the given places of the grouping."""
    parts = [grouping.groups[place] for place in members]
    if len(parts) == 1:
        return parts[0]
    levels = {part.level for part in parts if not part.left_out}
    return ReportingGroup(
        holds=tuple(sorted(label for part in parts for label in part.holds)),
        left_out=any(part.left_out for part in parts),
        roster=_sum_known(part.roster for part in parts),
        level=levels.pop() if len(levels) == 1 else None,
        joined=why,
    )


def levels_of(groups: Sequence[ReportingGroup]) -> tuple[tuple[ReportingGroup, ...], tuple[int, ...]]:
    """Return the levels of reporting groups, each as one group, and the place of the level of each group.

    Nothing where levels would add nothing: with fewer than two of them, or none that holds two groups. Those who
    left the question out stand in a level of their own without a name, unless they were joined to a group.
    """
    names = list(dict.fromkeys(group.level for group in groups))
    named = [name for name in names if name is not None]
    if len(named) < 2 or all(sum(group.level == name for group in groups) < 2 for name in named):
        return (), ()
    levels = tuple(_as_level(name, [group for group in groups if group.level == name]) for name in names)
    return levels, tuple(names.index(group.level) for group in groups)


def _as_level(name: str | None, groups: Sequence[ReportingGroup]) -> ReportingGroup:
    return ReportingGroup(
        holds=tuple(sorted(label for group in groups for label in group.holds)),
        left_out=any(group.left_out for group in groups),
        roster=_sum_known(group.roster for group in groups),
        level=name,
    )


def _needs_partner(members: frozenset[int], answers: Sequence[int], minimum: int) -> bool:
    only_left_out = members == {len(answers) - 1}
    total = sum(answers[member] for member in members)
    return total < minimum and not (only_left_out and total == 0)


def _merge_level(members: list[ReportingGroup], minimum: int) -> list[ReportingGroup]:
    groups = sorted(members, key=_by_roster)
    while len(groups) > 1 and _is_small(groups[0], 2 * minimum):
        if len(groups) == 2 and not _is_small(groups[0], minimum):
            break
        first, second, *rest = groups
        joined = replace(
            second,
            holds=tuple(sorted(first.holds + second.holds)),
            roster=_sum_known((first.roster, second.roster)),
            joined="roster",
        )
        groups = sorted([joined, *rest], key=_by_roster)
    return groups


def _partners(groups: Sequence[ReportingGroup]) -> tuple[tuple[int, ...], ...]:
    """Return the fixed partners of each group, smallest on the roster first, and of those who left it out."""
    everyone = tuple(sorted(range(len(groups)), key=lambda i: _by_roster(groups[i])))
    mates = tuple(tuple(sorted(_level_mates(groups, i), key=everyone.index)) for i in range(len(groups)))
    return (*mates, everyone)


def _level_mates(groups: Sequence[ReportingGroup], place: int) -> list[int]:
    return [i for i, group in enumerate(groups) if i != place and group.level == groups[place].level]


def _by_roster(group: ReportingGroup) -> tuple[bool, int, tuple[int, ...]]:
    return (group.roster is None, group.roster or 0, group.holds)


def _is_small(group: ReportingGroup, least: int) -> bool:
    return group.roster is not None and group.roster < least


def _sum_known(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)
