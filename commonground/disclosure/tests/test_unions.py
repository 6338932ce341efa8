"""Whole releases so small that every set of people is tried: none of few follows, and the adversary agrees."""

from itertools import product

import numpy as np
import pytest

from commonground.disclosure import pattern, sets
from commonground.disclosure.attack import few_of_several_tables
from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.sets import finest_groups
from commonground.disclosure.tests.survey import AGREE, group, released, two_way
from commonground.disclosure.tests.test_sums import every_small_set

SHAPES = ((3, 2, 2), (4, 2, 2), (2, 2, 3), (3, 4), (2, 2, 2, 2))
NAMES = ("site", "job", "half", "unit")


def district(seed):
    """Return plan, columns and finest groups, sixteen or fewer, of an invented district, some with levels."""
    draw = np.random.default_rng(seed)
    shape = SHAPES[draw.integers(len(SHAPES))]
    atoms = np.array(list(product(*map(range, shape))))
    counts = draw.integers(0, draw.choice([4, 12, 25, 40]), len(atoms)) * (draw.random(len(atoms)) < 0.85)
    levels = tuple(map(str, draw.choice(list("ab"), shape[0]))) if draw.random() < 0.5 else (None,) * shape[0]
    names = NAMES[: len(shape)]
    sites = GroupQuestion("site", shape[0], (None,) * shape[0], levels)
    groups = (sites, *(group(name, size) for name, size in zip(names[1:], shape[1:], strict=True)))
    crossed = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    pairs = tuple(pair for pair in crossed if draw.random() < 0.75)
    left_out = draw.choice([0.0, 0.02, 0.1, 0.5, 0.9, 1.0], len(atoms)) * (draw.random() < 0.7)
    places = np.repeat(atoms, counts, axis=0).astype(np.uint8)
    silent = draw.random(len(places)) < np.repeat(left_out, counts)
    breaks = np.where(silent, 255, draw.integers(0, 5, len(places))).astype(np.uint8)
    columns = dict(zip(names, places.T, strict=True)) | {"breaks": breaks}
    missing = np.array([int((silent & (places == atom).all(axis=1)).sum()) for atom in atoms])
    return TablePlan((AGREE,), groups, names, pairs), columns, atoms, counts, missing


def rows_of(release, names, atoms, is_told):
    """Return, for each cell that is told, which atoms lie in it."""
    holds = {each["id"]: [part["holds"] for part in each["reporting"]] for each in release["groups"]}
    of = {each["id"]: names.index(each["of"] or each["id"]) for each in release["groups"]}
    rows = []
    for each in filter(is_told, release["cells"]):
        inside = [np.isin(atoms[:, of[name]], holds[name][place]) for name, place in each["at"].items()]
        rows.append(np.logical_and.reduce([np.ones(len(atoms), dtype=bool), *inside]))
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(atoms))


def prints_people(each):
    return isinstance(each["n"], int)


def tells_the_question(each):
    return prints_people(each) and each["answers"].get("breaks", {"status": "withheld"})["status"] != "withheld"


def prints_answers(each):
    return prints_people(each) and isinstance(each["answers"].get("breaks", {"n": None})["n"], int)


@pytest.mark.parametrize("seed", range(200))
def test_no_few_people_of_several_crossings_follow_out_of_all_sets(seed):
    plan, columns, atoms, counts, missing = district(seed)
    if not counts.sum():
        return
    release = protect(plan, columns).as_json()
    answered = counts - missing
    for sizes, is_told in ((counts, prints_people), (answered, tells_the_question), (answered, prints_answers)):
        held = np.flatnonzero(sizes)
        assert not every_small_set(rows_of(release, plan.margins, atoms, is_told)[:, held], sizes[held])
    everyone = [
        each for each in release["cells"] if prints_answers(each) and each["n"] == each["answers"]["breaks"]["n"]
    ]
    known = rows_of({**release, "cells": everyone}, plan.margins, atoms, prints_answers).any(axis=0)
    held = np.flatnonzero((counts > 0) & ~known)
    rows = rows_of(release, plan.margins, atoms, prints_answers)
    assert not every_small_set(rows[:, held], missing[held])


def test_two_crossings_that_only_follow_together_are_protected():
    """Seven at the second site and one at the third are the first job there, less those of its second half."""
    counts = np.array([0, 11, 0, 12, 7, 18, 13, 0, 0, 1, 0, 10])
    atoms = np.array(list(product(range(3), range(2), range(2))))
    places = np.repeat(atoms, counts, axis=0).astype(np.uint8)
    names = NAMES[:3]
    groups = (GroupQuestion("site", 3, (None,) * 3, ("b", "a", "b")), group("job", 2), group("half", 2))
    plan = TablePlan((AGREE,), groups, names, (("site", "job"), ("site", "half")))
    breaks = np.arange(len(places)).astype(np.uint8) % 5
    release = protect(plan, dict(zip(names, places.T, strict=True)) | {"breaks": breaks}).as_json()
    held = np.flatnonzero(counts)
    rows = rows_of(release, names, atoms, prints_people)[:, held]
    assert not every_small_set(rows, counts[held])


LEAKING = (18, 51, 97, 141, 161, 165, 169, 183)


@pytest.mark.parametrize("seed", [*LEAKING, *range(20, 50)])
def test_the_adversary_finds_a_set_wherever_trying_every_set_does(seed):
    """Releases made without looking at sets: the solver's verdict is that of all sets, given the empty groups."""
    plan, columns, atoms, counts, _ = district(seed)
    if not counts.sum():
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pattern, "cells_that_complete", lambda *_: set())
        release = protect(plan, columns).as_json()
    held = np.flatnonzero(counts)
    sets = every_small_set(rows_of(release, plan.margins, atoms, prints_people)[:, held], counts[held])
    assert bool(few_of_several_tables(Released(release), empty_groups(release, plan, atoms, counts))) == bool(sets)
    assert bool(sets) == (seed in LEAKING)


@pytest.mark.parametrize(("most", "apart"), [(15, False), (14, True)])
def test_too_many_finest_groups_are_looked_at_by_the_longest_question(monkeypatch, most, apart):
    monkeypatch.setattr(sets, "MOST_ATOMS", most)
    release = Released(released(*two_way([[20, 30, 0], [30, 20, 0], [25, 25, 0], [25, 25, 0], [0, 0, 0]])))
    atoms = sets.finest_groups(release)
    found = [each.tolist() for each in sets.apart(release, atoms)]
    assert found == ([list(range(place, place + 3)) for place in range(0, 15, 3)] if apart else [list(range(15))])


def test_without_any_printed_cell_no_set_of_people_follows():
    assert sets.small_set(np.zeros((0, 3), dtype=np.int64), np.zeros(0, dtype=np.int64), 10) is None


def test_where_no_few_follow_none_are_proposed():
    assert sets.small_set(np.array([[1, 1]]), np.array([11]), 10) is None


def test_one_person_who_follows_is_found():
    rows, people = np.array([[1, 1], [1, 0]]), np.array([11, 10])
    found = sets.small_set(rows, people, 10)
    assert found is not None and found.tolist() == [0, 1]


def empty_groups(release, plan, atoms, counts):
    """Return the finest groups of a release that hold nobody."""
    place = {
        name: {label: at for at, part in enumerate(each["reporting"]) for label in part["holds"]}
        for each in release["groups"]
        if (name := each["id"]) in plan.margins
    }
    held = {
        frozenset((name, place[name][label]) for name, label in zip(plan.margins, atom, strict=True))
        for atom, count in zip(atoms.tolist(), counts.tolist(), strict=True)
        if count
    }
    every = (frozenset(atom.items()) for atom in finest_groups(Released(release)))
    return [group for group in every if group not in held]
