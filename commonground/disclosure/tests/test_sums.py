"""Sets of few people out of all sums of printed cells: what is found is what trying every set finds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import unions
from commonground.disclosure.elimination import PRIMES, OutOfSmallIntegers
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


# The search


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


def reduced_rows(draw, minimum, least):
    """Return rows of which each alone has its pivot, pivots, and sizes of columns in their order."""
    height, width = draw.integers(1, 6), draw.integers(6, 11)
    sizes = draw.integers(least, draw.choice([2, minimum // 2, minimum, minimum + 3]) + 1, width)
    sizes = sizes[np.lexsort((sizes == 0, sizes < minimum))]
    pivots = np.sort(draw.permutation(width)[:height])
    entries = draw.choice(
        [[0, 0, 1, -1], [0, 1, 1, -1, 2, -2], [0, 1, -1, PRIMES[0] // 2, -(PRIMES[0] // 2)]][draw.integers(3)],
        (height, width),
    )
    rows = entries * (np.arange(width) > pivots[:, None])
    rows[:, pivots] = np.eye(height, dtype=np.int64)
    return rows, pivots, sizes


def small_sets_by_trying(rows, pivots, sizes, minimum, prime):
    """Try every set of columns: those of 1 to k - 1 people that are a sum of reduced rows."""
    sets = np.array(list(product((0, 1), repeat=len(sizes))), dtype=np.int64)
    people = sets @ sizes
    sets = sets[(people > 0) & (people < minimum)]
    return sets[((sets - sets[:, pivots] @ rows) % prime == 0).all(axis=1)]


def first_atoms(sets):
    return {int(np.flatnonzero(each)[0]) for each in sets}


@pytest.mark.parametrize("seed", range(12))
def test_for_each_first_atom_a_set_is_found_in_whatever_way_rows_mend_each_other(seed):
    draw = np.random.default_rng(seed)
    for _ in range(25):
        minimum = int(draw.integers(3, 15))
        rows, pivots, sizes = reduced_rows(draw, minimum, draw.integers(2))
        every = small_sets_by_trying(rows, pivots, sizes, minimum, PRIMES[0])
        found = list(small_sets(rows % PRIMES[0], pivots, sizes, minimum, PRIMES[0]))
        assert {tuple(each) for each in found} <= {tuple(each) for each in every.tolist()}
        assert first_atoms(found) == first_atoms(every)


@pytest.mark.parametrize("seed", range(6))
def test_a_set_that_is_wanted_is_found_beside_others_that_are_not(seed):
    draw = np.random.default_rng(seed)
    for _ in range(40):
        minimum = int(draw.integers(2, 7))
        rows, pivots, sizes = reduced_rows(draw, 2 * minimum, 1)
        if len(small_sets_by_trying(rows, pivots, sizes, minimum, PRIMES[0])):
            continue
        every = small_sets_by_trying(rows, pivots, sizes, 2 * minimum, PRIMES[0])
        wanted = [each for each in every if np.flatnonzero(each).sum() % 2]
        found = list(
            small_sets(rows, pivots, sizes, 2 * minimum, PRIMES[0], lambda columns: columns.sum() % 2 == 1)
        )
        assert {tuple(each) for each in found} <= {tuple(each) for each in wanted}
        assert first_atoms(found) == first_atoms(wanted)


def found_in(rows, sizes, minimum=10):
    rows = np.array(rows)
    return [
        each.tolist()
        for each in small_sets(rows, np.argmax(rows != 0, axis=1), np.array(sizes), minimum, PRIMES[0])
    ]


def test_who_holds_k_people_exactly_is_in_no_set():
    assert found_in([[1, 1]], [10, 3]) == []
    assert found_in([[1, 1]], [9, 3]) == []
    assert found_in([[1, 1]], [6, 3]) == [[1, 1]]


def test_where_many_columns_are_held_the_one_that_mends_may_be_the_last():
    """Seventy of one person each, of which another row takes back the last three only."""
    rows = np.zeros((2, 72), dtype=np.int64)
    rows[0, [0, *range(2, 72)]] = 1
    rows[1, 1], rows[1, 69:] = 1, -1
    expected = [1] * 69 + [0] * 3
    assert found_in(rows, [1] * 72, minimum=70)[0] == expected


def test_a_large_entry_may_mend_in_either_direction():
    """Halves modulo a prime: two of one sign are one person more, two of the other and two people are one."""
    half = PRIMES[0] // 2
    assert found_in([[1, 0, -half], [0, 1, -half]], [3, 3, 3]) == [[1, 1, 1]]
    assert found_in([[1, 0, 0, half], [0, 1, 0, half], [0, 0, 1, 2]], [2, 2, 2, 2]) == [[1, 1, 1, 1]]


def test_after_too_many_steps_the_first_atom_counts_as_if_it_followed(monkeypatch):
    rows, sizes = [[1, 0, 0, -1, 0], [0, 1, 0, 1, -1], [0, 0, 1, 0, 1]], [3] * 5
    two_more, one_more, itself = [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 0, 1]
    for steps, expected in (
        (2, [two_more, one_more, itself]),
        (1, [[1, 0, 0, 0, 0], one_more, itself]),
        (0, [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], itself]),
    ):
        monkeypatch.setattr(unions, "MOST_STEPS", steps)
        assert found_in(rows, sizes) == expected


def search(rows, pivots, sizes, minimum=10):
    return unions._Search.of(np.array(rows), np.array(pivots), np.array(sizes), minimum, PRIMES[0])


def test_rows_that_no_others_could_mend_take_no_part():
    """Another could mend the first if it did the opposite to a column, and if there were room for both."""
    sizes = [6, 4, 3, 1]
    assert len(search([[1, 0, 0, -1], [0, 1, 0, 1]], [6, 4], sizes).rows) == 1
    assert len(search([[1, 0, 0, -1], [0, 0, 1, 1]], [6, 3], sizes).rows) == 2
    assert len(search([[1, 0, 0, 2], [0, 0, 1, -1]], [6, 3], sizes).rows) == 2
    assert len(search([[1, 0, 0, 2], [0, 0, 1, 1]], [6, 3], sizes).rows) == 1


def test_a_row_is_left_out_once_those_that_could_mend_it_are():
    rows = [[1, 0, 0, -1, 0], [0, 1, 0, 1, -1], [0, 0, 1, 0, 0]]
    assert search(rows, [1, 1, 1], [1] * 5).rows.tolist() == [[0, 0, 1, 0, 0]]


def test_a_sum_may_become_a_set_only_by_rows_that_there_is_room_for():
    found = search([[1, 0, 0, -1], [0, 1, 0, 1], [0, 0, 1, 1]], [5, 4, 3], [5, 4, 3, 2])
    sums = np.array([[1, 0, 0, -1], [1, 0, 0, 1], [1, 0, 1, 1]])

    def may(room, others):
        return found._may_become(sums, np.array(room), np.array(others, dtype=np.intp)).tolist()

    assert may([5, 5, 5], [1, 2]) == [True, True, False]
    assert may([4, 4, 4], [1]) == [False, True, False]
    assert may([3, 4, 4], [2]) == [False, True, False]
    assert may([4, 3, 4], [2]) == [True, True, False]
    assert may([5, 5, 5], []) == [False, True, False]


def test_the_wrong_column_with_fewest_rows_that_mend_it_is_looked_at():
    found = search([[1, 0, 0, -1, 2], [0, 1, 0, 1, -1], [0, 0, 1, 0, -1]], [1, 1, 1], [1] * 5)
    total = found.rows[0]
    wrong = np.array([False, False, False, True, True])
    assert found._mending(wrong, total, np.array([1, 2])).tolist() == [0]
    assert found._mending(wrong, total, np.array([2, 1])).tolist() == [1]


def test_where_too_many_people_are_held_one_of_enough_columns_has_to_be_taken_back():
    """Eleven people in four columns, of which three hold ten; the second row takes only nobody, and the fourth."""
    rows = np.eye(4, 8, dtype=np.int64)
    rows[0, 4:], rows[[1, 3], 4], rows[1:, 6], rows[2, 7] = 1, -1, -1, -1
    found = search(rows, [1, 1, 1, 1], [1, 1, 1, 1, 1, 8, 1, 0])
    assert found._mending(np.zeros(8, dtype=bool), found.rows[0], np.array([1, 2, 3])).tolist() == [0, 2]


@pytest.mark.parametrize("prime", [7, PRIMES[0]])
def test_residues_are_those_of_least_magnitude(prime):
    half = prime // 2
    values = np.array([0, 1, -1, half, half + 1, -half, -half - 1, prime, 3 * prime - 2])
    assert unions.least_residues(values, prime).tolist() == [0, 1, -1, half, -half, -half, half, 0, -2]


# Elimination


@given(st.integers(0, 2**32), st.integers(1, 10), st.integers(1, 11))
@settings(max_examples=300, deadline=None)
def test_elimination_over_whole_numbers_is_that_modulo_a_prime(seed, height, width):
    _, rows = draw_rows(seed, height, width)
    reduced, columns = echelon(rows, PRIMES[0])
    assert (reduced[:, columns] == np.eye(len(columns))).all()
    try:
        basis, pivots = echelon(rows, None)
    except OutOfSmallIntegers:
        return
    assert pivots.tolist() == columns.tolist()
    assert (reduced == basis % PRIMES[0]).all()


def test_elimination_takes_a_pivot_of_one_where_another_row_has_two():
    rows = np.array([[2, 1, 0], [-1, 0, 1]])
    basis, pivots = echelon(rows, None)
    assert (basis.tolist(), pivots.tolist()) == ([[1, 0, -1], [0, 1, 2]], [0, 1])
    assert rows.tolist() == [[2, 1, 0], [-1, 0, 1]], "what was given is left as it was"


@pytest.mark.parametrize("rows", [[[2, 1]], [[-2, 1]], [[0, 0, 3]]])
def test_whole_numbers_are_given_up_where_no_pivot_is_one(rows):
    with pytest.raises(OutOfSmallIntegers):
        echelon(np.array(rows), None)


def test_whole_numbers_are_given_up_where_they_do_not_stay_small(monkeypatch):
    rows = np.array([[1, 3, 3], [1, 2, -3]])
    assert echelon(rows, None)[0].tolist() == [[1, 0, -15], [0, 1, 6]]
    monkeypatch.setattr(unions, "LARGEST_ENTRY", 14)
    with pytest.raises(OutOfSmallIntegers):
        echelon(rows, None)


def test_a_sum_less_a_basis_holds_nothing_at_its_pivots():
    basis, pivots = echelon(np.array([[1, 0, 1, 2], [0, 1, -1, 0]]), None)
    rows = np.array([[2, 1, 0, 0], [0, 0, 3, 1]])
    left = np.array([[0, 0, -1, -4], [0, 0, 3, 1]])
    assert unions._less(rows, basis, pivots, None).tolist() == left.tolist()
    assert unions._less(rows, basis % 7, pivots, 7).tolist() == (left % 7).tolist()


@pytest.mark.parametrize("primes", [PRIMES, (2, PRIMES[1]), (PRIMES[0], 2)])
def test_a_set_that_takes_half_of_a_sum_is_found_modulo_either_prime(monkeypatch, primes):
    """The first two sums less the third are twice an atom of four people: nothing modulo two."""
    monkeypatch.setattr(unions, "PRIMES", primes)
    cells = [(0, np.array([0, 1])), (1, np.array([0, 2])), (2, np.array([1, 2]))]
    assert cells_that_complete(cells, np.array([4, 20, 30]), (), 10) == {2}


# Which atoms, and which cells


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


def bundles(cells, sizes, parts, minimum):
    """Return the columns of each bundle, even where there are few."""
    sums = [unions.Sum(cell, atoms, np.ones(len(atoms), dtype=np.int64)) for cell, atoms in cells]
    district = unions._District(sums, sizes, parts, minimum, (), None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unions, "MOST_COLUMNS", 0)
        return [columns.tolist() for _, columns in district._bundles(sums, np.arange(len(sizes)), parts)]


@pytest.mark.parametrize("sites", [10, 30])
def test_sums_over_ten_parts_or_more_tie_none_of_them(sites):
    """Sites of two jobs: the sites and the jobs are printed, and every part is looked at by itself."""
    part = np.repeat(np.arange(sites), 2)
    cells = [(number, np.arange(number, 2 * sites, 2)) for number in range(2)]
    cells += [(2 + site, np.array([2 * site, 2 * site + 1])) for site in range(sites)]
    expected = [[2 * site, 2 * site + 1] for site in range(sites)]
    assert bundles(cells, np.full(2 * sites, 6), [part], 10) == expected
    assert bundles(cells, np.full(2 * sites, 6), [part // 2, part], 10) == expected
    assert cells_looked_through(cells, np.full(2 * sites, 6), [part], 10) == set()


def test_a_sum_over_two_parts_ties_these_two_and_no_others():
    """Four sites of two jobs; one job is printed for the first and third together, where sets may touch both."""
    part, cells = np.repeat(np.arange(4), 2), [(7, np.array([0, 4]))]
    assert bundles(cells, np.full(8, 1), [part], 3) == [[0, 1, 4, 5], [2, 3], [6, 7]]
    assert cells_looked_through(cells, np.array([1, 5, 5, 5, 1, 5, 5, 5]), [part], 3) == {7}


def test_parts_are_together_wherever_something_ties_them():
    joined = unions._joined([0, 1, 2, 3, 4, 5], [[0, 4], [4, 0], [2, 3], [3, 4], [5]])
    assert sorted(map(sorted, joined)) == [[0, 2, 3, 4], [1], [5]]


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
    """Fifteen at two jobs, and the twelve of one of them with a job of nobody; forty elsewhere."""
    cells = [(0, np.array([0])), (1, np.array([1, 2])), (2, np.array([3, 1]))]
    assert cells_that_complete(cells, np.array([40, 12, 3, 0]), (), 10) == {2}
    assert cells_that_complete(cells[1:], np.array([40, 12, 3, 0]), (), 10) == {2}


def test_one_who_may_be_somewhere_among_nobody_is_looked_for_too():
    """Twelve and three in one cell, the twelve and nobody in another: three follow if nobody is known of."""
    sizes = np.array([12, 3, 0])
    cells = [(0, np.array([0, 1])), (1, np.array([0, 2]))]
    assert cells_that_complete(cells, sizes, (), 10) == {1}
    assert cells_that_complete(cells, sizes, (), 10, nobody=np.zeros(3, dtype=bool)) == set()


def test_after_too_many_steps_the_least_useful_cell_with_the_first_atom_is_taken_back(monkeypatch):
    """A set follows from the first two cells; without looking, the last one that holds its first atom goes."""
    cells = list(enumerate(np.array([[1, 2], [0, 1], [0, 3], [1, 4]])))
    sizes = np.array([4, 4, 4, 30, 20])
    assert cells_that_complete(cells, sizes, (), 9) == {1}
    monkeypatch.setattr(unions, "MOST_STEPS", 0)
    assert cells_that_complete(cells, sizes, (), 9) == {2}


@pytest.mark.parametrize("parts", [[], [np.array([1, 1, 0])]])
def test_which_sets_are_wanted_is_asked_by_their_atoms(monkeypatch, parts):
    """Three people and twelve in a cell of a site, thirty at another."""
    monkeypatch.setattr(unions, "MOST_COLUMNS", 0)
    cells, sizes = [(4, np.array([2])), (5, np.array([0, 1]))], np.array([3, 12, 30])
    assert cells_that_complete(cells, sizes, parts, 20, wanted=lambda atoms: sorted(atoms) != [0, 1]) == set()
    assert cells_that_complete(cells, sizes, parts, 20, wanted=lambda atoms: sorted(atoms) == [0, 1]) == {5}
