"""Small invented surveys, and releases made without care, for the tests of the gate."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan

AGREE = Question("breaks", "agreement", 5)


def group(name, labels, roster=None, levels=None):
    return GroupQuestion(name, labels, roster or (None,) * labels, levels or (None,) * labels)


def two_way(counts, questions=(AGREE,), eligible=None, seed=0):
    """Return plan and columns of people spread over rows x columns as the counts say; the last of each is none."""
    table = np.array(counts)
    rows, columns = table.shape
    row_of, column_of = (np.repeat(np.indices(table.shape)[axis].ravel(), table.ravel()) for axis in (0, 1))
    generator = np.random.default_rng(seed)
    answers = {
        question.id: generator.integers(0, question.options, table.sum()).astype(np.uint8) for question in questions
    }
    site = np.where(row_of == rows - 1, 255, row_of).astype(np.uint8)
    job = np.where(column_of == columns - 1, 255, column_of).astype(np.uint8)
    plan = TablePlan(
        questions,
        (group("site", rows - 1), group("job", columns - 1)),
        ("site", "job"),
        (("site", "job"),),
        eligible=eligible,
    )
    return plan, {"site": site, "job": job, **answers}


def answers_by_job():
    """Return plan and columns in which what people answer depends on their job: shares count hidden people."""
    chance = np.random.default_rng(7)
    counts = chance.integers(3, 30, (6, 4))
    counts[-1] = counts[:, -1] = 0
    plan, columns = two_way(counts, (AGREE, Question("pride", "agreement", 5)), seed=7)
    by_job = columns["job"] * 2 - 1 + chance.integers(0, 2, len(columns["job"]))
    columns["breaks"] = np.clip(by_job, 0, 4).astype(np.uint8)
    return plan, columns


def one_way(counts, answers=None, roster=None, eligible=None, questions=(AGREE,)):
    """Return plan and columns of people in the groups of one margin; the last count is of those who left it out."""
    places = np.repeat(np.arange(len(counts)), counts)
    site = np.where(places == len(counts) - 1, 255, places).astype(np.uint8)
    values = np.tile(np.arange(5), len(site))[: len(site)] if answers is None else np.array(answers)
    plan = TablePlan(questions, (group("site", len(counts) - 1, roster),), ("site",), (), eligible=eligible)
    return plan, {"site": site, **{question.id: values.astype(np.uint8) for question in questions}}


def released(plan, columns) -> dict[str, Any]:
    return protect(plan, columns).as_json()


def cell(release: Mapping[str, Any], **at: int) -> dict[str, Any]:
    return next(each for each in release["cells"] if each["at"] == at)


def place_of(release, name, label):
    reporting = next(each for each in release["groups"] if each["id"] == name)["reporting"]
    return next(i for i, part in enumerate(reporting) if label in part["holds"])


def numbers(release, plan, columns) -> list[int]:
    """Return the true number of people in each cell of the release."""
    places = {}
    for part in release["groups"]:
        place = np.zeros(256, dtype=int)
        for i, each in enumerate(part["reporting"]):
            place[[*each["holds"], *([255] if each["left_out"] else [])]] = i
        places[part["id"]] = place[columns[part["of"] or part["id"]]]
    everyone = np.ones(len(columns[plan.margins[0]]), dtype=bool)
    return [
        int(np.logical_and.reduce([everyone, *(places[name] == at for name, at in each["at"].items())]).sum())
        for each in release["cells"]
    ]


def shown_without_care(release, plan, columns, least=0):
    """Return the release with the number of people of every cell of `least` people or more printed."""
    careless = copy.deepcopy(release)
    for each, people in zip(careless["cells"], numbers(release, plan, columns), strict=True):
        if people >= least:
            each.update(status="shown", n=people, reason=None)
    return careless
