"""The release of comments as plain values: themes, agreement, quotations. Pure.

| Field | Meaning |
|---|---|
| `format`, `survey`, `paper` | `cg1-comments`; as in the release of the numbers |
| `numbers` | SHA-256 of the release of the numbers |
| `reviewed_on`, `minimum`, `answered` | the day; the smallest number told; people whose answers counted |
| `comments` | for each question: `written` (None: nearly everyone), `themes`, sorted `quotes`, `lists` |
| `lists` | by level: none, or each with `level` (None: what remains), `answered`, `written`, `themes`, `quotes` |
| `unread` | questions on which too few wrote: their comments were destroyed unread |
| `words` | title, district, parties, questions, reviewers: what the numbers belong to |

Where a question has lists, its quotes stand in them, and `written` is None unless every list tells its own. A theme
is told in a list as `rules.by_list` allows, without kappa, and only where its number in all lists is told. A theme
whose number is not told, and every one where `written` is None, has neither `mentions` nor `kappa`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.comments import rules
from commonground.comments.rules import Decision
from commonground.sealing.levels import LEAST_ANSWERS, LEAST_COMMENTS, REST, levels_of, printed

FORMAT = "cg1-comments"
TITLES = ("title", "purpose", "district", "initiative", "parties", "timezone")

Themes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Read:
    """A comment that both reviewers decided on: its question, both decisions, the words to publish, its level."""

    question: str
    first: Decision
    second: Decision
    words: str = ""
    level: str = REST


@dataclass(frozen=True)
class _List:
    """The comments of a level, or of what remains of the district, and how many people answered there."""

    level: Mapping[str, str] | None
    answered: int
    read: Sequence[Read]

    @property
    def pairs(self) -> rules.Pairs:
        return [(one.first, one.second) for one in self.read]


def content(
    paper: Mapping[str, Any],
    numbers: tuple[str, Mapping[str, Any]],
    comments: Sequence[Read],
    themes: Themes,
    day: str,
) -> dict[str, Any]:
    """Return the whole release. `numbers` are hash and content of the first one; `themes` are by id."""
    digest, first = numbers
    fates: Mapping[str, str] = first["comments"]
    answered = first["counts"]["counted"]
    by_question = {name: [one for one in comments if one.question == name] for name in fates}
    least = paper["minimum_group"]
    asked = [question for question in paper["questions"] if question["id"] in fates]
    lists = {name: _lists(paper, first, name, by_question[name]) for name in fates}
    return {
        "format": FORMAT,
        "survey": first["survey"],
        "paper": first["paper"],
        "numbers": digest,
        "reviewed_on": day,
        "minimum": least,
        "answered": answered,
        "comments": {
            name: _question(by_question[name], lists[name], themes, answered, least)
            for name in fates
            if fates[name] == "sealed"
        },
        "unread": [name for name, fate in fates.items() if fate != "sealed"],
        "words": {
            **{name: paper[name] for name in TITLES},
            "questions": [{"id": question["id"], "text": question["text"]} for question in asked],
            "reviewers": [one["name"] for one in paper["comments"]["reviewers"]],
        },
    }


def _lists(
    paper: Mapping[str, Any], numbers: Mapping[str, Any], question: str, read: Sequence[Read]
) -> list[_List]:
    """Return the lists of a question, what remains of the district last; none where its comments stay together."""
    own, levels = numbers.get("comment_levels", {}).get(question, []), levels_of(paper)
    if not own or levels is None:
        return []
    answered = printed(levels, numbers["tables"]).numbers
    lists = [
        _List(levels.texts()[name], answered[name], [one for one in read if one.level == name]) for name in own
    ]
    left = numbers["counts"]["counted"] - sum(one.answered for one in lists)
    rest = [_List(None, left, [one for one in read if one.level not in own])] if left else []
    return [*lists, *rest]


def _question(
    read: Sequence[Read], lists: Sequence[_List], themes: Themes, answered: int, least: int
) -> dict[str, Any]:
    shown = [_list(one, least) for one in lists]
    written = None if any(one["written"] is None for one in shown) else rules.safe_count(len(read), answered, least)
    told = rules.themes([(one.first, one.second) for one in read], themes, least)
    told = rules.uncounted(told) if written is None else told
    _tell_themes(lists, shown, [one for one in told if one.mentions is not None], themes, least)
    return {
        "written": written,
        "themes": [{**themes[one.theme], "mentions": one.mentions, "kappa": one.kappa} for one in told],
        "quotes": [] if lists else rules.quotations(one.words for one in read if one.words),
        "lists": shown,
    }


def _list(one: _List, least: int) -> dict[str, Any]:
    return {
        "level": one.level,
        "answered": one.answered,
        "written": rules.safe_count(len(one.read), one.answered, least),
        "themes": [],
        "quotes": rules.quotations(each.words for each in one.read if each.words),
    }


def _tell_themes(
    lists: Sequence[_List], shown: Sequence[dict[str, Any]], told: Iterable[rules.Told], themes: Themes, least: int
) -> None:
    """Tell each theme in the lists that may; it is given up first where the fewest answered."""
    order = sorted(range(len(lists)), key=lambda place: (-lists[place].answered, place))
    for theme in told:
        numbers = [(rules.mentions(lists[at].pairs, theme.theme), len(lists[at].read)) for at in order]
        for at, mentions in zip(order, rules.by_list(numbers, least), strict=True):
            if mentions is not None:
                shown[at]["themes"].append({**themes[theme.theme], "mentions": mentions})


def parsed(data: bytes) -> dict[str, Any]:
    """Return what stands in the bytes of a release."""
    found: dict[str, Any] = json.loads(data)
    return found


# Checking


def faults(release: Mapping[str, Any]) -> list[str]:
    """Return every rule for protecting people that a release of comments breaks, in English."""
    found = []
    if release["answered"] < LEAST_ANSWERS:
        found.append(f"Comments are told of fewer than {LEAST_ANSWERS} answers.")
    if release["minimum"] < LEAST_COMMENTS:
        found.append(f"Themes with fewer than {LEAST_COMMENTS} mentions could be told.")
    for name, told in release["comments"].items():
        found += [f"{name}: {fault}" for fault in _question_faults(told, release["answered"], release["minimum"])]
    return found


def _question_faults(told: Mapping[str, Any], answered: int, least: int) -> Iterator[str]:
    yield from _list_faults(told, answered, least)
    lists = told.get("lists", [])
    if not lists:
        return
    if told["quotes"]:
        yield "quotations stand beside the lists of levels, and not in them."
    if sum(one["answered"] for one in lists) != answered:
        yield "the lists of levels do not hold everyone who answered."
    for one in lists:
        name = one["level"]["en"] if one["level"] else "the rest"
        if one["answered"] < LEAST_ANSWERS:
            yield f"{name}: a list of fewer than {LEAST_ANSWERS} answers."
        yield from (f"{name}: {fault}" for fault in _list_faults(one, one["answered"], least))
    yield from _difference_faults(told, lists, least)


def _difference_faults(told: Mapping[str, Any], lists: Sequence[Mapping[str, Any]], least: int) -> Iterator[str]:
    """Say where a number of all lists less those of some leaves a few."""
    written = [one["written"] for one in lists]
    if told["written"] != (None if None in written else sum(written)):
        yield "the number of all comments tells of a list that does not tell its own."
    everywhere = {theme["en"]: theme["mentions"] for theme in told["themes"]}
    here = [{theme["en"]: theme["mentions"] for theme in one["themes"]} for one in lists]
    for name in {name for mentions in here for name in mentions}:
        if everywhere.get(name) is None:
            yield f"theme “{name}” is told in a list, but its number in all lists is not."
            return
    for name, mentions in everywhere.items():
        hidden = [one["written"] for one, told_here in zip(lists, here, strict=True) if name not in told_here]
        left = (mentions or 0) - sum(told_here.get(name, 0) for told_here in here)
        if mentions is not None and (0 < left < least or left < 0 or (left and not hidden)):
            yield f"theme “{name}” leaves few mentions beside the lists that tell it."
        elif mentions is not None and None not in hidden and 0 < sum(hidden) - left < least:
            yield f"theme “{name}” leaves few comments without it beside the lists that tell it."


def _list_faults(told: Mapping[str, Any], answered: int, least: int) -> Iterator[str]:
    written = answered if told["written"] is None else told["written"]
    if written < LEAST_COMMENTS:
        yield f"fewer than {LEAST_COMMENTS} people wrote."
    if 0 < answered - written < least:
        yield "its number of comments says how few wrote none."
    if told["quotes"] != rules.quotations(told["quotes"]):
        yield "quotations are not in the order of the alphabet, or not evened out."
    if len(told["quotes"]) > written:
        yield "there are more quotations than comments."
    yield from _theme_faults(told["themes"], written, least)
    for theme in told["themes"]:
        if theme["mentions"] is not None and told["written"] is None:
            yield f"theme “{theme['en']}” says how few wrote none."
        if theme["mentions"] is None and theme.get("kappa") is not None:
            yield f"the kappa of theme “{theme['en']}” says how few did not mention it."


def _theme_faults(themes: Sequence[Mapping[str, Any]], written: int, least: int) -> Iterator[str]:
    for theme in themes:
        mentions = theme["mentions"]
        if mentions is not None and not least <= mentions <= written:
            yield f"theme “{theme['en']}” has fewer than {least} mentions, or more than comments."
        elif mentions is not None and 0 < written - mentions < least:
            yield f"theme “{theme['en']}” says how few did not mention it."
        if not -1 <= (theme.get("kappa") or 0) <= 1:
            yield f"theme “{theme['en']}” has an impossible kappa."


def faults_beside(release: Mapping[str, Any], numbers: Mapping[str, Any]) -> list[str]:
    """Return in English where a release of comments says otherwise than that of the numbers to which it belongs."""
    if release["survey"] != numbers["survey"] or release["answered"] != numbers["counts"]["counted"]:
        return ["The release of comments belongs to other numbers."]
    read = {name for name, fate in numbers.get("comments", {}).items() if fate == "sealed"}
    if release["comments"].keys() != read:
        return ["The release tells of other comments than were sealed to the reviewers."]
    printed = _answered_by_level(numbers["tables"])
    return [
        fault
        for name, told in release["comments"].items()
        for fault in _beside(name, told.get("lists", []), numbers.get("comment_levels", {}).get(name, []), printed)
    ]


def _answered_by_level(tables: Mapping[str, Any]) -> dict[str, set[int]]:
    """Return the exact numbers that tables print of each level, by its English name."""
    found: dict[str, set[int]] = {}
    groups = {group["id"]: group["reporting"] for group in tables["groups"] if group["of"]}
    for cell in tables["cells"]:
        for group, place in cell["at"].items() if len(cell["at"]) == 1 and isinstance(cell["n"], int) else ():
            if group in groups:
                found.setdefault(groups[group][place]["level"], set()).add(cell["n"])
    return found


def _beside(
    question: str, lists: Sequence[Mapping[str, Any]], own: Sequence[str], printed: Mapping[str, set[int]]
) -> Iterator[str]:
    named = {one["level"]["en"]: one["answered"] for one in lists if one["level"]}
    if list(named) != list(own):
        yield f"{question}: the lists are not those of the levels that the release of the numbers names."
    for name, answered in named.items():
        if answered not in printed.get(name, ()):
            yield f"{question}: the numbers do not print that {answered} answered of {name}."
