"""The pattern of cells on small tables, each rule up to its edge; all sets of people are tried in other files."""

from dataclasses import replace

import numpy as np
import pytest

from commonground.disclosure import pattern as rules
from commonground.disclosure.cells import Layout
from commonground.disclosure.memory import Memory, TogetherTooMuch
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.past import Earlier
from commonground.disclosure.pattern import find_pattern, most_useful_first, nearly_all_from
from commonground.disclosure.tests.survey import one_way, released
from commonground.disclosure.tests.systems import crossed, margin
from commonground.disclosure.tests.test_numbers import small_sets

K = 10


def sites(*sizes, rosters=None):
    """Return the layout of one margin whose groups hold so many people, out of so many on the roster."""
    known = rosters or [None] * len(sizes)
    groups = tuple(ReportingGroup((place,), roster=roster) for place, roster in enumerate(known))
    places = np.repeat(np.arange(len(sizes)), sizes)
    return Layout({"site": groups}, ((), ("site",)), {"site": places}, sum(sizes))


def letters(layout, eligible=None, beside=None, total_is_public=False):
    """Return for each cell P exact, N nearly all, H hidden."""
    found = find_pattern(layout, layout.people_in, eligible, K, beside, total_is_public)
    assert not (found.exact & found.coded).any() and found.arithmetic == "integers"
    return "".join(
        "P" if exact else "N" if coded else "H" for exact, coded in zip(found.exact, found.coded, strict=True)
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((30, 10, 25), "PPPP"),
        ((30, 9, 25), "PPHH"),
        ((30, 1, 25), "PPHH"),
        ((30, 0, 25), "PPHP"),
        ((30, 9, 25, 20), "PPHPH"),
        ((30, 5, 25, 5), "PPHPH"),
        ((30, 5, 25, 4), "PPHHH"),
        ((9, 0), "HHH"),
        ((4, 5), "HHH"),
        ((4, 6), "PHH"),
        ((10, 0), "PPH"),
    ],
)
def test_cells_of_one_to_nine_are_hidden_and_the_smallest_beside_them(sizes, expected):
    assert letters(sites(*sizes)) == expected


@pytest.mark.parametrize(
    ("sizes", "rosters", "expected"),
    [
        ((30, 25, 40), (60, 24, 90), "PHHP"),
        ((30, 25, 40), (60, 25, 90), "PHNP"),
        ((30, 25, 40), (60, 28, 90), "PPPP"),
        ((30, 25, 40), (60, 27, 90), "PHNP"),
        ((30, 10, 40), (60, 12, 90), "PHNP"),
        ((30, 10, 40), (60, 13, 90), "PPPP"),
        ((30, 10, 40), (60, 11, 90), "PHHP"),
        ((91, 95, 99), (100, None, 190), "PNHP"),
        ((90, 95, 99), (100, None, 190), "PPPP"),
    ],
)
def test_nearly_all_is_coded_and_more_than_all_hidden(sizes, rosters, expected):
    assert letters(sites(*sizes, rosters=rosters)) == expected


def test_the_district_is_judged_by_the_people_asked():
    layout = sites(30, 25, 40)
    assert [letters(layout, eligible) for eligible in (94, 95, 97, 105, 106)] == [
        "HPHP", "NPHP", "NPHP", "NPHP", "PPPP",
    ]  # fmt: skip


def test_what_a_code_leaves_for_hidden_people_is_nobody_or_ten():
    """The first group reads 27 or more of 30: the district less 27 and 40 bounds the other two together."""
    assert letters(sites(28, 3, 40, 5, rosters=(30, 60, 90, 60))) == "PHHPH"
    assert letters(sites(28, 4, 40, 5, rosters=(30, 60, 90, 60))) == "PNHPH"
    assert letters(sites(28, 0, 40, 9, rosters=(30, 60, 90, 60))) == "PNHPH"
    layout = sites(28, 3, 40, 5, 29, rosters=(30, 60, 90, 60, 32))
    exact, coded, none = (np.isin(np.arange(6), cells) for cells in ([0, 3], [1, 5], []))
    assert rules._codes_that_bound(layout, layout.people_in, exact, coded, 9, none) == set(), "nine are left"
    assert rules._codes_that_bound(layout, layout.people_in, exact, coded, K, none) == {1}, "the smaller code"
    assert rules._codes_that_bound(layout, layout.people_in, exact, coded, K, np.isin(np.arange(6), [1])) == {5}
    assert rules._codes_that_bound(layout, layout.people_in, exact, coded, K, coded) == set(), "told already"
    without_total = np.isin(np.arange(6), [3])
    assert rules._codes_that_bound(layout, layout.people_in, without_total, coded, K, none) == set()
    assert nearly_all_from(20) == 18 and nearly_all_from(19) == 17 and nearly_all_from(21) == 19
    assert nearly_all_from(40) == 36 and nearly_all_from(41) == 37


@pytest.mark.parametrize(
    ("sizes", "found"), [((28, 40), []), ((27, 0, 40), []), ((28, 0, 40), [1]), ((27, 1, 40), [1])]
)
def test_a_code_bounds_nobody_where_nobody_is_hidden(sizes, found):
    layout = sites(*sizes, rosters=(30, 60, 90)[: len(sizes)])
    last = len(sizes)
    exact, coded, none = (np.isin(np.arange(last + 1), cells) for cells in ([0, last], [1], []))
    assert rules._codes_that_bound(layout, layout.people_in, exact, coded, K, none) == set(found)


def test_two_that_are_coded_are_nearly_all_of_both_rosters_together():
    assert letters(sites(28, 29, 50, 40, rosters=(30, 32, 90, 90))) == "PNNPH"
    assert letters(sites(28, 29, 50, 40, rosters=(30, None, 90, 90))) == "PNHPP", "unknown"


def test_a_rest_of_few_hides_nothing_where_the_total_is_hidden():
    assert letters(sites(30, 9, 25), eligible=50) == "HPHP"


@pytest.mark.parametrize("eligible", [64, 66, 70])
def test_from_a_total_that_everyone_knows_no_few_follow(eligible):
    """However it is printed, it is known of a list that anyone may count: then two groups hide each other."""
    assert letters(sites(30, 9, 25), eligible) == "NPHP", "nobody knows it"
    assert letters(sites(30, 9, 25), eligible, total_is_public=True) == "PPHH"


def test_a_total_that_everyone_knows_is_shown_even_where_rosters_say_less():
    assert letters(sites(30, 19, 25), eligible=50, total_is_public=True) == "PPPP"


def test_a_set_of_few_that_no_line_holds_follows_from_none_of_the_tables():
    layout = crossed([[20, 1, 17], [18, 19, 21], [4, 13, 20]])
    found = find_pattern(layout, layout.people_in, None, K)
    every = np.ones(len(layout.atom_sizes), dtype=bool)
    assert not small_sets(layout, found.exact, every, layout.atom_sizes)
    assert found.exact.sum() > 7, "more than district and margins"


def test_few_who_are_in_one_group_of_each_question_are_protected_though_no_table_crosses_them():
    for few, expected in ((3, False), (9, False), (10, True), (0, True)):
        table = crossed([[30, few], [0, 40]])
        margins = Layout(table.groups, table.tables[:3], table.places, table.people)
        assert ("H" not in letters(margins)) is expected


def test_the_district_comes_first_then_margins_then_pairs_the_larger_before_the_smaller():
    layout = crossed([[30, 20], [5, 40]])
    named = [dict(layout.cells[cell]) for cell in most_useful_first(layout, layout.people_in)]
    assert named == [
        {}, {"column": 1}, {"row": 0}, {"row": 1}, {"column": 0},
        {"row": 1, "column": 1}, {"row": 0, "column": 0}, {"row": 0, "column": 1}, {"row": 1, "column": 0},
    ]  # fmt: skip


# Beside earlier releases


def beside(layout, told=(), barred=(), waves=()):
    """Return what stands beside it: the same opening told these cells, and these may not be told."""
    before = [{"n": int(layout.people_in[cell])} if cell in told else None for cell in range(len(layout.cells))]
    flags = [np.isin(np.arange(len(layout.cells)), list(cells)) for cells in (told, barred)]
    empty = Memory(waves).beside(layout, layout.people_in, None, K)
    return replace(empty, before=before, given=flags[0], barred=empty.barred | flags[1])


def test_what_was_told_stands_and_another_cell_is_hidden_in_its_place():
    layout = sites(30, 9, 25, 20)
    assert letters(layout, None, beside(layout)) == letters(layout) == "PPHPH"
    assert letters(layout, None, beside(layout, told=(0, 4))) == "PPHHP"
    assert letters(layout, None, beside(layout, told=(3, 4))) == "PHHPP"
    with pytest.raises(TogetherTooMuch):
        letters(layout, None, beside(layout, told=(0, 1, 3, 4)))


def test_where_everything_was_told_that_could_be_hidden_it_is_refused():
    layout = sites(5, 5, 30)
    assert letters(layout, None, beside(layout, told=(0, 3))) == "PHHP"
    layout = sites(5, 4, 30, 25)
    with pytest.raises(TogetherTooMuch):
        letters(layout, None, beside(layout, told=(0, 3, 4)))


def test_what_may_not_be_told_is_neither_exact_nor_coded():
    layout = sites(30, 25, 40, rosters=(60, 25, 90))
    assert letters(layout, None, beside(layout, barred=(2,))) == "PHHP"
    layout = sites(30, 25, 40)
    assert letters(layout, None, beside(layout, barred=(3,))) == "PPHH"


def test_a_rest_that_stood_in_an_earlier_wave_with_few_people_hides_one_more():
    """Of the first, second and fourth group together the wave told twenty-four, by the district less all others."""
    wave = released(*one_way([16, 18, 60, 20, 40, 0]))
    for each, people in zip(wave["cells"], (124, None, None, 60, 10, 40, None), strict=True):
        each["n"] = people
    layout = sites(4, 4, 60, 5, 40)
    assert letters(layout) == "PHHPHP"
    assert letters(layout, None, beside(layout, waves=[Earlier(wave, "wave", "x")])) == "PHHPHH"


def test_a_set_that_follows_from_a_flow_hides_one_of_the_cells_around_it():
    layout = crossed([[30, 20], [5, 40]])
    exact = np.ones(9, dtype=bool)
    none = np.zeros(9, dtype=bool)
    five, forty, row = (layout.cells.index(each) for each in (
        (("row", 1), ("column", 0)), (("row", 1), ("column", 1)), (("row", 1),),
    ))  # fmt: skip
    exact[five] = False
    assert rules.cells_that_complete_a_cut(layout, layout.people_in, exact, K, none) == {forty}
    given = np.isin(np.arange(9), [forty])
    assert rules.cells_that_complete_a_cut(layout, layout.people_in, exact, K, given) == {row}
    with pytest.raises(TogetherTooMuch):
        rules.cells_that_complete_a_cut(layout, layout.people_in, exact, K, ~none)


def test_of_the_parts_of_a_line_the_smallest_that_may_go_is_hidden():
    layout = margin([20, 12, 12, 30])
    line = layout.lines[0]
    every, none = np.ones(5, dtype=bool), np.zeros(5, dtype=bool)
    assert rules.smallest(line, every, layout.people_in, none) == {2}
    given = np.isin(np.arange(5), [2, 3])
    assert rules.smallest(line, every, layout.people_in, given) == {1}
    assert rules.smallest(line, none, layout.people_in, none) == set()
    with pytest.raises(TogetherTooMuch):
        rules.smallest(line, every, layout.people_in, every)
