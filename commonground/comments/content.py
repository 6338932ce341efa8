"""The release of comments as plain values: themes, agreement, quotations. Pure.

| Field | Meaning |
|---|---|
| `format`, `survey`, `paper` | `cg1-comments`; as in the release of the numbers |
| `numbers` | SHA-256 of the release of the numbers |
| `reviewed_on`, `minimum`, `answered` | the day; the smallest number told; people whose answers counted |
| `comments` | for each question: `written` (None: nearly everyone), `themes`, sorted `quotes` |
| `unread` | questions on which too few wrote: their comments were destroyed unread |
| `words` | title, district, parties, questions, reviewers: what the numbers belong to |
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.comments import rules
from commonground.comments.rules import Decision

FORMAT = "cg1-comments"
LEAST_ANSWERS = 20
LEAST_COMMENTS = 10
TITLES = ("title", "purpose", "district", "initiative", "parties", "timezone")


@dataclass(frozen=True)
class Read:
    """A comment that both reviewers decided on: its question, both decisions, and the words to publish, if any."""

    question: str
    first: Decision
    second: Decision
    words: str = ""


def content(
    paper: Mapping[str, Any],
    numbers: tuple[str, Mapping[str, Any]],
    comments: Sequence[Read],
    themes: Mapping[str, Mapping[str, str]],
    day: str,
) -> dict[str, Any]:
    """Return the whole release. `numbers` are hash and content of the first one; `themes` are by id."""
    digest, first = numbers
    fates: Mapping[str, str] = first["comments"]
    answered = first["counts"]["counted"]
    by_question = {name: [one for one in comments if one.question == name] for name in fates}
    least = paper["minimum_group"]
    asked = [question for question in paper["questions"] if question["id"] in fates]
    return {
        "format": FORMAT,
        "survey": first["survey"],
        "paper": first["paper"],
        "numbers": digest,
        "reviewed_on": day,
        "minimum": least,
        "answered": answered,
        "comments": {
            name: _question(by_question[name], themes, answered, least) for name in fates if fates[name] == "sealed"
        },
        "unread": [name for name, fate in fates.items() if fate != "sealed"],
        "words": {
            **{name: paper[name] for name in TITLES},
            "questions": [{"id": question["id"], "text": question["text"]} for question in asked],
            "reviewers": [one["name"] for one in paper["comments"]["reviewers"]],
        },
    }


def _question(
    read: Sequence[Read], themes: Mapping[str, Mapping[str, str]], answered: int, least: int
) -> dict[str, Any]:
    told = rules.themes([(one.first, one.second) for one in read], themes, least)
    return {
        "written": rules.safe_count(len(read), answered, least),
        "themes": [{**themes[one.theme], "mentions": one.mentions, "kappa": one.kappa} for one in told],
        "quotes": rules.quotations(one.words for one in read if one.words),
    }


def parsed(data: bytes) -> dict[str, Any]:
    """Return what stands in the bytes of a release."""
    found: dict[str, Any] = json.loads(data)
    return found


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


def _question_faults(told: Mapping[str, Any], answered: int, least: int) -> Iterable[str]:
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


def _theme_faults(themes: Sequence[Mapping[str, Any]], written: int, least: int) -> Iterable[str]:
    for theme in themes:
        mentions = theme["mentions"]
        if mentions is not None and not least <= mentions <= written:
            yield f"theme “{theme['en']}” has fewer than {least} mentions, or more than comments."
        elif mentions is not None and 0 < written - mentions < least:
            yield f"theme “{theme['en']}” says how few did not mention it."
        if not -1 <= theme["kappa"] <= 1:
            yield f"theme “{theme['en']}” has an impossible kappa."
