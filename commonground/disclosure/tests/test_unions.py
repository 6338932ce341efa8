"""Sets of few people out of all sums of printed cells: what is found is what trying every set finds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import pattern, sets, unions
from commonground.disclosure.attack import few_of_several_tables
from commonground.disclosure.elimination import PRIMES, OutOfSmallIntegers
from commonground.disclosure.gate import protect
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.sets import finest_groups
from commonground.disclosure.tests.survey import AGREE, group, released, two_way
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.unions import cells_that_complete, echelon, small_sets


def every_small_set(rows, sizes, minimum=10):
    """Try every set of columns: those of 1 to k - 1 people that follow from the rows."""
    sets = np.array(list(product((0, 1), repeat=len(sizes))), dtype=np.int64)
    people = sets @ sizes
    small = sets[(people > 0) & (people < minimum)]
    return {tuple(each) for each in small[follows(rows, small)]} if len(rows) and len(small) else set()


def draw_rows(seed, height, width):
    """Return rows of 0 and 1, at times with entries of any sign and size."""
    draw = np.random.default_rng(seed)
    rows = (draw.random((height, width)) < draw.choice([0.2, 0.4, 0.6])).astype(np.int64)
    if draw.random() < 0.3:
        rows = rows * draw.integers(-2, 3, (height, 1)) + np.roll(rows, 1, axis=0)
    return draw, rows


@given(st.integers(0, 2**32), st.integers(1, 10), st.integers(1, 11), st.integers(0, 1))
@settings(max_examples=500, deadline=None)
def test_a_set_is_found_for_each_first_atom_that_any_has(seed, height, width, least):
    draw, rows = draw_rows(seed, height, width)
    sizes = draw.integers(least, draw.choice([3, 6, 14]), width)
    sizes = sizes[np.lexsort((sizes == 0, sizes < 10))]
    basis, pivots = echelon(rows, PRIMES[1])
    found = {tuple(each) for each in small_sets(basis, pivots, sizes, 10, PRIMES[1])}
    every = every_small_set(rows, sizes)
    assert found <= every
    assert {each.index(1) for each in found} == {each.index(1) for each in every}


@given(st.integers(0, 2**32), st.integers(1, 10), st.integers(1, 11))
@settings(max_examples=300, deadline=None)
def test_elimination_over_whole_numbers_is_that_modulo_a_prime_less_the_factors(seed, height, width):
    _, rows = draw_rows(seed, height, width)
    basis, pivots = echelon(rows, None)
    reduced, columns = echelon(rows, PRIMES[0])
    scale = basis[np.arange(len(pivots)), pivots]
    assert pivots.tolist() == columns.tolist()
    assert (scale > 0).all() and (np.gcd.reduce(basis, axis=1) == 1).all()
    assert (reduced * scale[:, None] % PRIMES[0] == basis % PRIMES[0]).all()


def test_whole_numbers_are_given_up_where_they_do_not_stay_small(monkeypatch):
    rows = np.array([[3, 1, 0], [5, 0, 1]])
    assert echelon(rows, None)[0].tolist() == [[5, 0, 1], [0, 5, -3]]
    monkeypatch.setattr(unions, "LARGEST_ENTRY", 2)
    with pytest.raises(OutOfSmallIntegers):
        echelon(rows, None)


def test_a_set_that_takes_half_of_a_sum_is_found_modulo_a_prime():
    """The first two sums less the third are twice an atom of four people; over whole numbers its pivot is two."""
    cells = [(0, np.array([0, 1])), (1, np.array([0, 2])), (2, np.array([1, 2]))]
    sizes = np.array([4, 20, 30])
    assert cells_that_complete(cells, sizes, (), 10) == {2}


def test_large_cells_take_the_first_pivots_so_that_rows_stay_short():
    cells = [(0, np.arange(6)), (1, np.array([0, 1])), (2, np.array([2, 3, 4]))]
    order = unions._pivots_first(cells, np.array([1, 2, 3, 10, 0, 9]), 10, np.array([False] * 5 + [True]))
    assert order.tolist() == [3, 2, 0, 1, 4], "ten or more, then by the people beside them, then nobody"


@pytest.mark.parametrize("minimum", [2, 3])
@pytest.mark.parametrize("in_whole_numbers", [True, False])
@pytest.mark.parametrize("levels", [False, True])
def test_looking_part_by_part_finds_a_set_whenever_there_is_one(minimum, in_whole_numbers, levels):
    found_and_not = set()
    for seed in range(40):
        draw = np.random.default_rng(seed)
        part = np.sort(draw.integers(0, 4, 9))
        rows = (draw.random((6, 9)) < 0.5).astype(np.int64) * (part == draw.integers(-1, 4, (6, 1)))
        rows = np.vstack([rows, draw.random((3, 9)) < 0.6]).astype(np.int64)
        sizes = draw.integers(0, 4, 9)
        cells = [(number, np.flatnonzero(row)) for number, row in enumerate(rows)]
        parts = [part // 2, part] if levels else [part]
        found = cells_looked_through(cells, sizes, parts, minimum, in_whole_numbers)
        held = np.flatnonzero(sizes)
        assert bool(found) == bool(every_small_set(rows[:, held], sizes[held], minimum))
        found_and_not.add(bool(found))
    assert found_and_not == {True, False}


def cells_looked_through(cells, sizes, parts, minimum, in_whole_numbers=True):
    """Look part by part even where there are few atoms, and if asked modulo primes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unions, "MOST_COLUMNS", 0)
        if not in_whole_numbers:
            patch.setattr(unions, "LARGEST_ENTRY", 0)
        return cells_that_complete(cells, sizes, parts, minimum)


def test_sums_over_many_parts_tie_none_of_them():
    """Thirty sites of two jobs: the sites and the jobs are printed, and every part is looked at by itself."""
    part = np.repeat(np.arange(30), 2)
    everywhere = [(number, np.arange(number, 60, 2)) for number in range(2)]
    sites = [(2 + site, np.array([2 * site, 2 * site + 1])) for site in range(30)]
    district = unions._District(
        [unions.Sum(cell, atoms, np.ones(len(atoms), dtype=np.int64)) for cell, atoms in everywhere + sites],
        np.full(60, 6), [part], 10, (), None,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unions, "MOST_COLUMNS", 0)
        bundles = list(district._bundles(district.sums, np.arange(60), district.parts))
    assert [len(columns) for _, columns in bundles] == [2] * 30
    assert cells_looked_through(everywhere + sites, np.full(60, 6), [part], 10) == set()


def test_the_least_useful_cell_is_taken_back_and_never_one_that_was_told_before():
    """The third cell less the second less the first leaves an atom of three people."""
    cells = [(7, np.array([0, 1, 2])), (5, np.array([0])), (4, np.array([1]))]
    sizes = np.array([20, 15, 3])
    assert cells_that_complete(cells, sizes, (), 10) == {4}
    assert cells_that_complete(cells, sizes, (), 10, given=[4, 5]) == {7}
    assert cells_that_complete(cells, sizes, (), 10, given=[4, 5, 7]) <= {4, 5, 7}
    assert cells_that_complete(cells[:2], sizes, (), 10) == set()
    assert cells_that_complete(cells, np.array([20, 15, 0]), (), 10) == set()


def test_where_no_cell_is_named_the_least_useful_beside_the_set_is_taken_back():
    sums = [
        unions.Sum(7, np.array([0, 1]), np.ones(2, dtype=np.int64)),
        unions.Sum(None, np.array([1]), np.ones(1, dtype=np.int64)),
        unions.Sum(5, np.array([2]), np.ones(1, dtype=np.int64)),
        unions.Sum(4, np.array([1, 2]), np.ones(2, dtype=np.int64)),
    ]

    def taken(few, given=(), last=None):
        return unions._District(sums, np.full(3, 4), [], 10, given, None)._to_take_back(last, np.array(few))

    assert [taken([0]), taken([1]), taken([2]), taken([0, 2])] == [7, 4, 4, 4]
    assert [taken([1], given=[4]), taken([2], given=[4]), taken([1], given=[7, 4])] == [7, 5, 4]
    assert [taken([1], last=5), taken([1], given=[5], last=5), taken([1], given=[4, 5], last=5)] == [5, 4, 7]


def test_a_cell_that_holds_nobody_else_counts_as_the_people_in_it():
    """Fifteen at two jobs, and the twelve of one of them with a job of nobody."""
    cells = [(0, np.array([1, 2])), (1, np.array([1, 3]))]
    assert cells_that_complete(cells, np.array([20, 12, 3, 0]), (), 10) == {1}


def test_one_who_may_be_somewhere_among_nobody_is_looked_for_too():
    """Twelve and three in one cell, the twelve and nobody in another: three follow if nobody is known of."""
    sizes = np.array([12, 3, 0])
    cells = [(0, np.array([0, 1])), (1, np.array([0, 2]))]
    assert cells_that_complete(cells, sizes, (), 10) == {1}
    assert cells_that_complete(cells, sizes, (), 10, nobody=np.zeros(3, dtype=bool)) == set()


def test_after_too_many_steps_a_cell_is_taken_back_unproved():
    cells = [(0, np.array([0, 1])), (1, np.array([1, 2])), (2, np.array([0, 2]))]
    sizes = np.full(3, 5)
    assert cells_that_complete(cells, sizes, (), 6) == {2}
    cells, sizes = cells[:2], np.array([4, 4, 4])
    assert cells_that_complete(cells, sizes, (), 5) == set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unions, "MOST_STEPS", 0)
        assert cells_that_complete([(0, np.array([0, 1, 2])), (1, np.array([0, 1]))], sizes, (), 5) == {1}


# Whole releases, small enough for every set to be tried


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
