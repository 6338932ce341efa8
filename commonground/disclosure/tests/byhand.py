"""Releases written by hand: the tables of a few groups, and whatever is to be printed in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from commonground.disclosure.parts import Part
from commonground.disclosure.printed import Printed
from commonground.disclosure.reading import Released, name

AGREE = ("breaks", "agreement", 5)


def document(
    sizes: Mapping[str, int],
    people: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    questions: Sequence[tuple[str, str, int]] = (AGREE,),
    pairs: Sequence[tuple[str, str]] = (),
    eligible: int | None = None,
    rosters: Mapping[str, Sequence[int | None]] | None = None,
    levels: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return a release of groups of these sizes, each place at the level that its letter names, if any.

    `people` are the numbers of each table (`""`, `"site"`, `"site job"`), a table that is missing is hidden;
    `answers` what cells tell by question, each cell by its name in words.
    """
    rosters, levels = rosters or {}, levels or {}
    made: dict[str, Any] = {
        "minimum": 10,
        "eligible": eligible,
        "questions": [{"id": id_, "kind": kind, "options": options} for id_, kind, options in questions],
        "groups": [],
        "pairs": [list(pair) for pair in pairs],
        "certificate": None,
        "cells": [],
    }
    for group, size in sizes.items():
        known, of_level = rosters.get(group, [None] * size), levels.get(group, "")
        if of_level:
            totals = [{"roster": None, "level": level} for level in sorted({*of_level})]
            made["groups"].append({"id": f"{group}/level", "of": group, "reporting": totals})
        places = [{"roster": known[i], "level": of_level[i] if of_level else None} for i in range(size)]
        made["groups"].append({"id": group, "of": None, "reporting": places})
    read = Released(made)
    for table in read.tables:
        cells = read.cells_of(table)
        numbers = np.array(people.get(" ".join(table), [None] * len(cells)), dtype=object).ravel()
        for at, number in zip(cells, numbers, strict=True):
            status = "withheld" if number is None else "shown"
            told = {question: dict(each) for question, each in (answers or {}).get(name(at), {}).items()}
            made["cells"].append({"at": dict(at), "status": status, "n": number, "reason": None, "answers": told})
    return made


def told(n: Any, **shown: Any) -> dict[str, Any]:
    """Return what a cell tells of a question that so many people answered."""
    nothing = {"status": "shown", "options": None, "top": None, "mean": None, "step": 1, "reason": None}
    return {**nothing, "n": n, **shown}


def whole(made: Mapping[str, Any]) -> Part:
    """Return a release as the part of all places."""
    return Part(Printed(made))
