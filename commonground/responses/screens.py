"""How a paper's questions become screens: short groups, in one language, with the time that is left.

Pure: a paper goes in, plain values come out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import pgettext_lazy

MOST_ON_A_SCREEN = 8
_WEIGHTS = {"text": 2, "several": 2}
_SECONDS = {"text": 60, "several": 30}
_CHOICE_SECONDS = 15

_FIXED_LABELS = {
    "agreement": (
        pgettext_lazy("answer", "Strongly disagree"),
        pgettext_lazy("answer", "Disagree"),
        pgettext_lazy("answer", "Neither agree nor disagree"),
        pgettext_lazy("answer", "Agree"),
        pgettext_lazy("answer", "Strongly agree"),
    ),
    "frequency": (
        pgettext_lazy("answer", "Never"),
        pgettext_lazy("answer", "Rarely"),
        pgettext_lazy("answer", "Sometimes"),
        pgettext_lazy("answer", "Often"),
        pgettext_lazy("answer", "Always"),
    ),
    "scale10": tuple(str(number) for number in range(11)),
}


@dataclass(frozen=True)
class Question:
    """One question in one language; `options` are the labels, `limit` the bytes of a text.

    `quote` says that the text may be quoted if the person allows it, `by_level` that it is kept by kind of place.
    """

    id: str
    kind: str
    text: str
    help: str
    options: tuple[str, ...]
    limit: int
    quote: bool = False
    by_level: bool = False


@dataclass(frozen=True)
class Screen:
    """Questions that are shown together: of which part, and about how many minutes it takes from here on."""

    part: int
    parts: int
    heading: str
    questions: tuple[Question, ...]
    minutes_left: int


def in_language(value: Any, language: str) -> Any:
    """The value with every {"en": ..., "es": ...} replaced by its text, in English where it lacks."""
    if isinstance(value, Mapping):
        if value and value.keys() <= {"en", "es"}:
            return value.get(language) or value.get("en") or next(iter(value.values()))
        return {name: in_language(inner, language) for name, inner in value.items()}
    return [in_language(inner, language) for inner in value] if isinstance(value, list) else value


def minutes(questions: Sequence[Mapping[str, Any]]) -> int:
    """About how many minutes the questions take, at least one."""
    return max(1, ceil(sum(_SECONDS.get(question["kind"], _CHOICE_SECONDS) for question in questions) / 60))


def cut_in_screens(content: Mapping[str, Any]) -> tuple[Screen, ...]:
    """The screens of a paper that is in one language already."""
    by_id = {question["id"]: question for question in content["questions"]}
    groups = [
        (number, part["title"], group)
        for number, part in enumerate(content["parts"], start=1)
        for group in _groups([by_id[name] for name in part["questions"]])
    ]
    return tuple(
        Screen(
            part=number,
            parts=len(content["parts"]),
            heading=heading,
            questions=tuple(map(_question, group)),
            minutes_left=minutes([question for _, _, later in groups[place:] for question in later]),
        )
        for place, (number, heading, group) in enumerate(groups)
    )


def _groups(questions: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Groups of about equal weight, none over eight; a text or several-choice question weighs two."""
    whole = sum(map(_weight, questions))
    fair = whole / max(1, ceil(whole / MOST_ON_A_SCREEN))
    group: list[dict[str, Any]] = []
    weight = 0
    for question in questions:
        if group and (weight >= fair or weight + _weight(question) > MOST_ON_A_SCREEN):
            yield group
            group, weight = [], 0
        group.append(question)
        weight += _weight(question)
    if group:
        yield group


def _weight(question: Mapping[str, Any]) -> int:
    return _WEIGHTS.get(question["kind"], 1)


def _question(value: Mapping[str, Any]) -> Question:
    labels = tuple(option["text"] for option in value.get("options") or ())
    return Question(
        id=value["id"],
        kind=value["kind"],
        text=value["text"],
        help=value.get("help") or "",
        options=labels or tuple(str(label) for label in _FIXED_LABELS.get(value["kind"], ())),
        limit=value.get("limit") or 0,
        quote=value.get("quote") is True,
        by_level=value.get("by_level") is True,
    )
