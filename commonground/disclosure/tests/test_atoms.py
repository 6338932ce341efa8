"""Three groups, two at a time crossed: no few people of one of each follow, though no table shows them."""

from itertools import product

import numpy as np
import pytest

from commonground.disclosure.gate import Release, protect
from commonground.disclosure.memory import TogetherTooMuch
from commonground.disclosure.past import Earlier
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.tests.survey import AGREE, cell, group
from commonground.disclosure.tests.test_gate import follows

GROUPS = {"site": 3, "job": 2, "half": 2}
ATOMS = list(product(*map(range, GROUPS.values())))


def plan(margins, *pairs):
    return TablePlan((AGREE,), tuple(group(name, GROUPS[name]) for name in margins), tuple(margins), pairs)


def district(counts, left_out=None, seed=0):
    """Return the columns of a district with so many people in each crossing of site, job and half."""
    draw = np.random.default_rng(seed)
    places = np.repeat(ATOMS, counts, axis=0).astype(np.uint8)
    columns = dict(zip(GROUPS, places.T, strict=True))
    breaks = draw.integers(0, 5, sum(counts))
    silent = draw.random(sum(counts)) < np.repeat(np.zeros(12) if left_out is None else left_out, counts)
    return {**columns, "breaks": np.where(silent, 255, breaks).astype(np.uint8)}


def few_that_follow(releases, counts, is_told=lambda each: each["n"] is not None):
    """Return the crossings of 1 to 9 people whose number follows from all cells that are told."""
    rows = []
    for release in releases:
        holds = {each["id"]: [set(part["holds"]) for part in each["reporting"]] for each in release["groups"]}
        for each in filter(is_told, release["cells"]):
            held = {name: holds[name][place] for name, place in each["at"].items()}
            allowed = [held.get(name, set(range(size))) for name, size in GROUPS.items()]
            rows.append([all(at in each for at, each in zip(atom, allowed, strict=True)) for atom in ATOMS])
    some = np.flatnonzero(counts)
    few = np.eye(len(some), dtype=np.int64)[np.array(counts)[some] < 10]
    return int(follows(np.array(rows, dtype=np.int64)[:, some], few).sum()) if rows and len(few) else 0


@pytest.mark.parametrize("seed", range(80))
def test_no_crossing_of_few_people_follows_from_pairs_of_groups(seed):
    draw = np.random.default_rng(seed)
    counts = (draw.integers(0, draw.choice([12, 25, 40]), 12) * (draw.random(12) < 0.85)).tolist()
    columns = district(counts)
    plans = [
        plan(["site"]), plan(["site", "job"], ("site", "job")), plan(GROUPS, ("site", "job"), ("site", "half")),
    ]  # fmt: skip
    assert few_that_follow([protect(plans[2], columns).as_json()], counts) == 0
    releases: list[Release] = []
    try:
        for each in plans:
            mine = {name: column for name, column in columns.items() if name in (*each.margins, "breaks")}
            releases.append(protect(each, mine, [Earlier(one, "opening") for one in releases]).as_json())
    except TogetherTooMuch:
        return
    assert few_that_follow(releases, counts) == 0


@pytest.mark.parametrize("seed", range(40))
def test_nor_do_few_answers_to_a_question(seed):
    draw = np.random.default_rng(seed)
    counts = draw.integers(5, 30, 12).tolist()
    columns = district(counts, draw.choice([0.0, 0.5, 0.9, 1.0], 12), seed)
    places = np.stack([columns[name] for name in GROUPS], axis=1)[columns["breaks"] != 255]
    answered = [int((places == atom).all(axis=1).sum()) for atom in ATOMS]
    release = protect(plan(GROUPS, ("site", "job"), ("site", "half")), columns).as_json()

    def is_told(each):
        told = each["answers"].get("breaks", {"status": "withheld"})
        return isinstance(each["n"], int) and told["status"] != "withheld"

    assert few_that_follow([release], answered, is_told) == 0


def test_of_two_cells_one_inside_the_other_the_smaller_is_hidden():
    """Everyone of the second job at the second site is in the first half: thirteen less ten are three."""
    counts = [20, 15, 16, 20, 3, 0, 10, 0, 18, 14, 17, 19]
    release = protect(plan(GROUPS, ("site", "job"), ("site", "half")), district(counts)).as_json()
    assert [cell(release, site=1, half=0)["n"], cell(release, site=1, job=1)["n"]].count(None) > 0
    assert few_that_follow([release], counts) == 0
