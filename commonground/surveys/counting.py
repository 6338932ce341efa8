"""From opened answers to a release: the paper's table plan, the answers as columns, the gate, the words.

Neither database nor clock is touched, and Django is not needed. What comes out names no person and holds nothing
that did not pass the gate.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, Kind, TablePlan
from commonground.disclosure.plan import Question as PlannedQuestion
from commonground.sealing.answers import Answer
from commonground.sealing.comments import fates
from commonground.sealing.levels import lists_told
from commonground.sealing.paper import Paper
from commonground.sealing.tally_open import Opened
from commonground.surveys.waves import earlier_of

UNANSWERED = 255
FORMAT = "cg1-release"


def options_of(question: Mapping[str, Any]) -> int:
    """Return how many options a question has; the fixed scales need not list theirs."""
    fixed = {"agreement": 5, "frequency": 5, "scale10": 11}
    return fixed.get(question["kind"]) or len(question["options"])


def columns(paper: Paper, rows: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """Return the answers as one array a question: unsigned bytes, 255 for none; people x options for several."""
    closed = paper.layout.closed
    answers = closed.columns(rows)
    result: dict[str, NDArray[Any]] = {}
    for question in paper.content["questions"]:
        name = question["id"]
        if question["kind"] == "several":
            result[name], result[f"{name}:answered"] = _several(answers[name], options_of(question))
        elif name in closed.fields:
            result[name] = np.array([UNANSWERED if a is None else a for a in answers[name]], dtype=np.uint8)
    return result


def _several(answers: Sequence[Answer], options: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    chosen = np.zeros((len(answers), options), dtype=bool)
    for person, answer in enumerate(answers):
        if isinstance(answer, tuple):
            chosen[person, list(answer)] = True
    answered = np.array([answer is not None for answer in answers], dtype=bool)
    return chosen, answered


def release_content(
    paper: Paper, opened: Opened, closing: Mapping[str, Any], counted_on: str, earlier: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the whole release as plain values: counts, protected tables, and the words they belong to.

    `earlier` are the texts of all releases that left before. Raises TogetherTooMuch.
    """
    before, names = earlier_of(paper.content, earlier)
    tables = protect(table_plan(paper.content), columns(paper, opened.rows), before, names)
    return {
        "format": FORMAT,
        "survey": paper.survey.hex(),
        "paper": paper.hash.hex(),
        "counted_on": counted_on,
        "counts": {
            "eligible": paper.content["eligible"],
            "sealed": closing["answers"],
            "counted": len(opened.rows),
            "rejected": {reason.value: number for reason, number in opened.rejected.items()},
            "codes_printed": closing["codes_printed"],
            "list": closing["list_hash"],
        },
        "tables": tables.as_json(),
        "words": words(paper.content),
        **({"comments": said} if (said := fates(paper, opened)) else {}),
    }


def with_lists(
    content: Mapping[str, Any], paper: Mapping[str, Any], written: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Return a release, its tables as they leave, with the levels whose comments stand in lists of their own."""
    lists = lists_told(paper, content, written)
    return {**content, **({"comment_levels": lists} if lists else {})}


def words(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts that the numbers belong to, from the paper."""
    return {
        name: content[name]
        for name in ("title", "purpose", "district", "initiative", "parties", "parts", "questions", "timezone")
    }


def table_plan(content: Mapping[str, Any]) -> TablePlan:
    """Return the plan of a paper as the release gate reads it. Raises PlanRefused for one that cannot be used."""
    questions = content["questions"]
    return TablePlan(
        questions=tuple(_planned(q) for q in questions if q["kind"] != "text" and not q["group"]),
        groups=tuple(_grouped(q) for q in questions if q["group"]),
        margins=tuple(content["table_plan"]["margins"]),
        pairs=tuple((first, second) for first, second in content["table_plan"]["pairs"]),
        minimum=content["minimum_group"],
        eligible=content["eligible"],
        total_is_public=True,
    )


def _planned(question: Mapping[str, Any]) -> PlannedQuestion:
    return PlannedQuestion(question["id"], cast(Kind, question["kind"]), len(question["options"]))


def _grouped(question: Mapping[str, Any]) -> GroupQuestion:
    options = question["options"]
    rosters = tuple(option["roster"] for option in options)
    levels = tuple(option["level"] and option["level"]["en"] for option in options)
    return GroupQuestion(question["id"], len(options), rosters, levels)
