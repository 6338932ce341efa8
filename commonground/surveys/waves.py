"""What left before, matched to a paper: the releases that the gate keeps in mind when answers are counted.

Neither database nor clock is touched, and Django is not needed. Group questions are matched by what they group by,
their choices by the codes of the staff list that they hold, or else by their words.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commonground.disclosure.past import Earlier, How, Names, renamed
from commonground.kernel.text import sha256


def earlier_of(paper: Mapping[str, Any], releases: Sequence[str]) -> tuple[list[Earlier], Names]:
    """Return earlier releases as the gate reads them, and what the choices of the paper's group questions hold.

    `releases` are their texts, in the order in which they left.
    """
    read = [(text, json.loads(text)) for text in releases]
    asked = {key_of(question): question for question in paper["questions"] if question["group"]}
    numbers = _numbered([paper["questions"], *(content["words"]["questions"] for _, content in read)])
    names = {each["id"]: [_held(key, option, numbers) for option in each["options"]] for key, each in asked.items()}
    return [_earlier(paper, text, content, asked, numbers) for text, content in read], names


def key_of(question: Mapping[str, Any]) -> str:
    """Return what a group question groups by; one of the district's own is known by its words."""
    return str(question["group"] if question["group"] != "other" else question["text"]["en"])


def held(option: Mapping[str, Any]) -> list[str]:
    """Return what a choice holds: codes of the staff list, else names, else its own words."""
    return list(option.get("codes") or option.get("holds") or [option["text"]["en"]])


def how(paper: Mapping[str, Any], release: Mapping[str, Any]) -> How:
    """Return how a release belongs to a paper."""
    if release["survey"] == paper["survey"]:
        return "opening"
    return "wave" if release["survey"] in paper.get("series", {}).get("surveys", ()) else "people"


def _earlier(
    paper: Mapping[str, Any],
    text: str,
    content: Mapping[str, Any],
    asked: Mapping[str, Mapping[str, Any]],
    numbers: Mapping[tuple[str, str], int],
) -> Earlier:
    groups = {
        question["id"]: (asked[key]["id"], [sorted(_held(key, option, numbers)) for option in question["options"]])
        for key, question in _matching(content, asked)
    }
    same = {
        asked[key]["id"]: _same(key, asked[key], question, numbers) for key, question in _matching(content, asked)
    }
    return Earlier(renamed(content["tables"], groups), how(paper, content), sha256(text.encode()), same)


def _matching(
    content: Mapping[str, Any], asked: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the group questions of a release that the paper asks too, with what they group by."""
    for question in content["words"]["questions"]:
        if question["group"] and key_of(question) in asked:
            yield key_of(question), question


def _same(
    key: str, now: Mapping[str, Any], before: Mapping[str, Any], numbers: Mapping[tuple[str, str], int]
) -> frozenset[int]:
    """Return what those choices hold of which both papers say that the same people are in it."""
    people = {_held(key, option, numbers): option.get("people") for option in before["options"]}
    steady = [_held(key, option, numbers) for option in now["options"] if option.get("people")]
    options = {_held(key, option, numbers): option.get("people") for option in now["options"]}
    return frozenset(number for held in steady if people.get(held) == options[held] for number in held)


def _numbered(papers: Sequence[Sequence[Mapping[str, Any]]]) -> dict[tuple[str, str], int]:
    """Return a number for everything that a choice of any group question holds."""
    numbers: dict[tuple[str, str], int] = {}
    for question in (each for questions in papers for each in questions if each["group"]):
        for option in question["options"]:
            for name in held(option):
                numbers.setdefault((key_of(question), name), len(numbers))
    return numbers


def _held(key: str, option: Mapping[str, Any], numbers: Mapping[tuple[str, str], int]) -> frozenset[int]:
    return frozenset(numbers[key, name] for name in held(option))
