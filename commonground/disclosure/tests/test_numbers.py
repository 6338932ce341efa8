"""Numbers of answers that are told of a question, against every set of people that follows from them."""

from itertools import product

import numpy as np
import pytest

from commonground.disclosure.cells import Layout
from commonground.disclosure.memory import TogetherTooMuch
from commonground.disclosure.pattern import Pattern, find_pattern
from commonground.disclosure.questions import cells_to_tell, numbers_to_print
from commonground.disclosure.tests.systems import crossed, margin, members
from commonground.disclosure.tests.test_gate import follows

K = 10


def small_sets(layout, told, known, *amounts):
    """Tell whether some set of people with 1 to k - 1 of an amount follows from sums over the cells that are told.

    `known` says which atoms are not known to be empty.
    """
    rows = members(layout)[np.flatnonzero(told)][:, known]
    sets = np.array(list(product((0, 1), repeat=int(known.sum()))), dtype=np.int64)
    sizes = [sets @ amount[known] for amount in amounts]
    small = np.logical_or.reduce([(size > 0) & (size < K) for size in sizes])
    return bool(len(rows) and small.any() and follows(rows, sets[small]).any())


def question(draw, shape=(2, 3)):
    """Return a layout whose atoms all hold people, and how many of each atom answered the question."""
    layout = crossed(draw.integers(8, 40, shape))
    share = draw.choice([0.0, 0.3, 0.8, 0.95, 1.0], len(layout.atom_sizes), p=draw.dirichlet(np.ones(5)))
    return layout, draw.binomial(layout.atom_sizes, share)


@pytest.mark.parametrize("shape", [(2, 3), (3, 3)])
def test_a_question_is_told_in_as_many_cells_as_leave_no_small_set_of_answers(shape):
    draw = np.random.default_rng(1)
    kept = lost = 0
    for _ in range(60):
        layout, in_atoms = question(draw, shape)
        pattern, answered = find_pattern(layout, layout.people_in, None, K), layout.sums(in_atoms)
        told = cells_to_tell(layout, pattern, answered, in_atoms, K)
        whole = pattern.exact & (answered > 0)
        held = in_atoms > 0
        assert not (told & ~whole).any()
        assert not small_sets(layout, told, held, in_atoms)
        if not small_sets(layout, whole, held, in_atoms):
            assert told.tolist() == whole.tolist() or answered[0] == layout.people
        kept, lost = kept + bool((told == whole).all()), lost + bool((told != whole).any())
    assert min(kept, lost) > 10


def everything(layout, coded=()):
    flags = np.ones(len(layout.cells), dtype=bool)
    flags[list(coded)] = False
    return Pattern(flags, ~flags, "integers")


def told_of(sizes, answered, coded=(), **earlier):
    layout = margin(sizes)
    sums = np.array([sum(answered), *answered])
    flags = {name: np.isin(np.arange(len(sums)), cells) for name, cells in earlier.items()}
    told = cells_to_tell(layout, everything(layout, coded), sums, np.array(answered), K, **flags)
    return np.flatnonzero(told).tolist()


def test_of_one_line_the_smallest_cell_beside_a_small_one_goes():
    assert told_of((20, 20, 20), (9, 15, 20)) == [0, 3]
    assert told_of((20, 20, 20), (1, 15, 20)) == [0, 3]
    assert told_of((20, 20, 20), (10, 15, 20)) == [0, 1, 2, 3]
    assert told_of((20, 20, 20), (0, 15, 20)) == [0, 2, 3], "nobody is not told of, and hides nobody"
    assert told_of((20, 20, 20), (5, 5, 20)) == [0, 3], "two that hold ten together"
    assert told_of((20, 20, 20), (5, 4, 20)) == [0]
    assert told_of((20, 20), (5, 4)) == []


def margins_alone(table):
    """Return the layout of two group questions that no table crosses."""
    layout = crossed(table)
    return Layout(layout.groups, layout.tables[:3], layout.places, layout.people)


@pytest.mark.parametrize(("few", "safe"), [(0, True), (1, False), (9, False), (10, True)])
def test_few_answers_in_one_group_of_each_question_are_not_told_though_no_table_crosses_them(few, safe):
    layout = margins_alone([[40, 20], [0, 60]])
    in_atoms = np.array([30, few, 40])
    told = cells_to_tell(layout, everything(layout), layout.sums(in_atoms), in_atoms, K)
    assert told.all() == safe and told[0]


FEW_IN_TWO = [(0, 0, True), (1, 0, False), (1, 1, False), (4, 5, False), (4, 6, True), (0, 10, True)]


@pytest.mark.parametrize(("one", "other", "safe"), FEW_IN_TWO)
def test_few_in_two_columns_of_a_row_do_not_follow_from_the_row_less_the_rest_of_it(one, other, safe):
    """The first column is of the first row alone, so that the row less it leaves the two others there."""
    layout = margins_alone([[40, 20, 20], [0, 60, 60]])
    some, rest = np.array([30, one, other, 40, 40]), np.array([10, 20 - one, 20 - other, 20, 20])
    told = cells_to_tell(layout, everything(layout), layout.sums(some), some, K)
    assert told.all() == safe and told[0]
    printed = numbers_to_print(layout, range(6), layout.sums(rest), layout.sums(some), K, some)
    assert (len(printed) == 6) == safe and 0 in printed


def test_where_everyone_answered_the_pattern_is_that_of_people():
    assert told_of((20, 20, 20), (20, 20, 20)) == [0, 1, 2, 3]
    assert told_of((20, 20, 20), (20, 20, 20), coded=[1]) == [0, 1, 2, 3]
    assert told_of((20, 20, 20), (20, 20, 20), barred=[1]) == [0, 2, 3]


def test_a_cell_that_reads_nearly_all_tells_a_question_and_counts_as_unknown():
    assert told_of((20, 20, 20), (12, 15, 20), coded=[1]) == [0, 1, 2, 3]
    assert told_of((20, 20, 20), (9, 15, 20), coded=[1]) == [0, 3], "not where few answered"
    assert told_of((20, 20, 20), (1, 15, 20), coded=[1]) == [0, 3]
    assert told_of((20, 20, 20), (0, 15, 20), coded=[1]) == [0, 1, 2, 3]


def test_what_was_told_is_told_again_and_what_was_withheld_is_not():
    assert told_of((20, 20, 20, 20), (9, 15, 16, 20), given=[2]) == [0, 2, 4]
    assert told_of((20, 20, 20, 20), (9, 15, 16, 20), given=[2, 3]) == [0, 2, 3]
    assert told_of((20, 20, 20, 20), (12, 15, 16, 20), barred=[1]) == [0, 3, 4]
    assert told_of((20, 20, 20, 20), (0, 15, 16, 20), barred=[1]) == [0, 2, 3, 4]
    with pytest.raises(TogetherTooMuch):
        told_of((20, 20, 20), (5, 4, 20), given=[0, 3])
    with pytest.raises(TogetherTooMuch):
        told_of((20, 20, 20), (5, 15, 20), given=[0, 2, 3])


def test_a_number_that_followed_before_stays_withheld_and_keeps_nothing_else_from_being_told():
    """In the first row all but one cell was told, and that one withheld for its share; in the second are few."""
    layout = crossed([[20, 20, 20], [20, 20, 20]])
    in_atoms = np.array([12, 15, 16, 5, 20, 20])
    pattern = everything(layout, coded=layout.span_of(("column",)))
    given, barred = (np.isin(np.arange(len(layout.cells)), cells) for cells in ((0, 1, 2, 6, 7, 11), (8,)))
    told = cells_to_tell(layout, pattern, layout.sums(in_atoms), in_atoms, K, given, barred)
    assert np.flatnonzero(told & pattern.exact).tolist() == [0, 1, 2, 6, 7, 11]


# Exact numbers of answers, beside exact numbers of people


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3)])
def test_no_printed_number_of_answers_tells_of_few_who_answered_or_left_it_out(shape):
    draw = np.random.default_rng(2)
    all_printed = some_not = 0
    for _ in range(60):
        layout, in_atoms = question(draw, shape)
        left_out = layout.atom_sizes - in_atoms
        answered, missing = layout.sums(in_atoms), layout.sums(left_out)
        cells = [cell for cell, table in enumerate(layout.table_of) if len(table) < 2 and answered[cell]]
        printed = numbers_to_print(layout, cells, answered, missing, K, left_out)
        flags = np.isin(np.arange(len(layout.cells)), list(printed))
        none_left_out = ~layout.of_any(cell for cell in printed if missing[cell] == 0)
        assert printed <= set(cells)
        assert not small_sets(layout, flags, np.ones(len(in_atoms), dtype=bool), in_atoms)
        assert not small_sets(layout, flags, none_left_out, left_out)
        every = np.isin(np.arange(len(layout.cells)), cells)
        some_left_out = ~layout.of_any(cell for cell in cells if missing[cell] == 0)
        safe = not small_sets(layout, every, np.ones(len(in_atoms), dtype=bool), in_atoms)
        if safe and not small_sets(layout, every, some_left_out, left_out):
            assert printed == set(cells)
        all_printed, some_not = all_printed + (printed == set(cells)), some_not + (printed != set(cells))
    assert min(all_printed, some_not) > 8


def printed_of(answered, left_out, cells=None):
    layout = margin([a + b for a, b in zip(answered, left_out, strict=True)])
    told, missing = (np.array([sum(each), *each]) for each in (answered, left_out))
    return sorted(numbers_to_print(layout, cells or range(len(answered) + 1), told, missing, K, missing[1:]))


def test_beside_one_that_few_left_out_another_is_not_printed():
    assert printed_of((20, 20, 20), (10, 10, 10)) == [0, 1, 2, 3]
    assert printed_of((20, 20, 20), (9, 15, 12)) == [0, 2]
    assert printed_of((20, 20, 20), (1, 15, 15)) == [0, 2]
    assert printed_of((20, 20, 20), (0, 15, 15)) == [0, 1, 2, 3]
    assert printed_of((20, 20, 20), (0, 0, 0)) == [0, 1, 2, 3]
    assert printed_of((20,), (15,)) == [0, 1]
    assert printed_of((20, 20, 20), (0, 0, 4)) == [1, 2], "the district would tell of the four"
    assert printed_of((20, 20, 20), (0, 4, 6)) == [0, 1], "ten together"
    assert printed_of((20, 20, 20), (0, 4, 5)) == [1]
    assert printed_of((9, 20, 20), (20, 20, 21)) == [0, 2], "few answered"
    assert printed_of((9, 20, 20), (0, 15, 15)) == printed_of((1, 20, 20), (0, 15, 15)) == [0]
    assert printed_of((9, 20), (15, 0)) == [2], (
        "of the second nobody left it out, so the district would tell of nine"
    )
    assert printed_of((4, 5, 20), (15, 15, 0)) == [3], "nor of nine in two groups"
    assert printed_of((20, 20, 20), (10, 10, 10), cells=[0, 1, 2]) == [0, 1, 2]
    assert printed_of((20, 20, 20), (10, 10, 9), cells=[0, 1, 2]) == [0, 2], (
        "the third is not asked for, yet its rest"
    )
