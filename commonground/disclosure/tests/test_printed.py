"""What is read of a release before a certificate is checked: each number as the least and most it says."""

import copy

import numpy as np
import pytest

from commonground.disclosure import printed as rules
from commonground.disclosure.printed import NO_BOUND, Bounds, Printed, families
from commonground.disclosure.tests.survey import cell, one_way, released
from commonground.disclosure.tests.test_levels import FOUR, LEVELS, levelled
from commonground.disclosure.weaker import WITHHELD, hide, told_less

ABOUT = {"at_least": 900, "at_most": 1000}


@pytest.fixture
def release():
    """Return sixty people: forty at the first site, twenty at the others or nowhere."""
    made = released(*one_way([40, 10, 10, 0]))
    return hide(made, [frozenset({("site", place)}) for place in (1, 2)])


def asked(release, kind, labels, **told):
    """Return what is read where the first site alone tells this one question."""
    document = copy.deepcopy(release)
    document["questions"] = [{"id": "q", "kind": kind, "options": labels}]
    for each in document["cells"]:
        each["answers"] = {}
    nothing = {"status": "shown", "n": ABOUT, "options": None, "top": None, "mean": None, "step": 1, "reason": None}
    cell(document, site=0)["answers"] = {"q": {**nothing, **told}}
    return Printed(document)


def pair(bounds, *at):
    return pytest.approx((float(bounds.least[at]), float(bounds.most[at])))


WHOLE = [20, 20, 20, 20, 20]
RANGED = [[0, 5], 20, [20, 30], 25, 25]


@pytest.mark.parametrize(
    ("told", "option", "expected"),
    [
        ({"options": WHOLE}, 0, (0.19001, 0.20999)),
        ({"options": WHOLE, "n": 1000}, 0, (0.191, 0.209)),
        ({"options": RANGED}, 1, (0.195, 0.205)),
        ({"options": RANGED, "n": 1000}, 1, (0.195, 0.205)),
        ({"options": RANGED}, 0, (0, 0.05)),
        ({"options": RANGED, "n": 39}, 0, (0, 1 / 39)),
        ({"options": RANGED, "n": 39}, 2, (8 / 39, 11 / 39)),
        ({"options": WHOLE, "step": 5}, 0, (0.16501, 0.23499)),
        ({"options": RANGED, "step": 10}, 1, (0.145, 0.255)),
        ({"options": None}, 0, (0, NO_BOUND)),
    ],
)
def test_the_share_of_an_option(release, told, option, expected):
    read = asked(release, "agreement", 5, **told).shares[1]
    assert read.told.tolist() == [[True], [False], [False], [False]]
    assert pair(read.options, 0, 0, option) == expected
    assert pair(read.options, 1, 0, option) == (0, NO_BOUND)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"options": WHOLE, "top": 40}, (0.38002, 0.41998)),
        ({"top": 40}, (0.395, 0.405)),
        ({"options": RANGED, "top": 40}, (0.395, 0.405)),
        ({"options": RANGED, "top": [31, 36]}, (0.3, 0.37)),
        ({"options": RANGED, "top": [0, 36]}, (0, 0.36)),
        ({"options": RANGED, "top": [1, 36]}, (0, 0.37)),
        ({"options": RANGED, "top": [31, 100]}, (0.31, 1)),
        ({"options": RANGED, "top": [31, 99]}, (0.3, 1)),
        ({"top": [31, 36]}, (0.31, 0.36)),
        ({"top": [20, 80], "n": 15}, (3 / 15, 12 / 15)),
        ({"top": [95, 100], "n": 39}, (38 / 39, 1)),
        ({}, (0, NO_BOUND)),
    ],
)
def test_the_upper_share(release, told, expected):
    assert pair(asked(release, "agreement", 5, **told).shares[1].top, 0, 0) == expected


def test_a_mean_was_rounded_to_one_decimal(release):
    assert pair(asked(release, "agreement", 5, mean=3.1).shares[1].mean, 0, 0) == (3.05, 3.15)
    assert pair(asked(release, "agreement", 5).shares[1].mean, 0, 0) == (0, NO_BOUND)


def test_a_mean_of_a_number_that_is_printed_is_one_of_whole_points(release):
    """Of 28 answers 79.8 to 82.6 points are 80 to 82: a fraction of a point must not stand for somebody."""
    told = asked(release, "agreement", 5, mean=2.9, n=28)
    assert pair(told.shares[1].mean, 0, 0) == (80 / 28, 82 / 28)


def test_no_share_is_below_nobody_or_above_everyone():
    assert rules._bounds(0, 0.5, 1, None) == (0, 0.005) and rules._bounds(100, 0.5, 1, None) == (0.995, 1)


def test_several_choices_are_one_item_for_each_option(release):
    read = asked(release, "several", 3, options=[50, [0, 5], 20])
    assert (read.widest, read.question_of_item.tolist()) == (2, [0, 0, 0])
    shares = read.shares[1]
    assert shares.told.tolist() == [[True] * 3, [False] * 3, [False] * 3, [False] * 3]
    assert [pair(shares.options, 0, item, 1) for item in range(3)] == [(0.495, 0.505), (0, 0.05), (0.195, 0.205)]
    assert all(pair(shares.options, 0, item, 0) == (0, NO_BOUND) for item in range(3))


def test_each_kind_has_its_upper_answers_and_its_points(release):
    kinds = [("agreement", 5), ("frequency", 5), ("scale10", 11), ("one", 2), ("one", 3), ("several", 2)]
    release["questions"] = [{"id": str(i), "kind": kind, "options": n} for i, (kind, n) in enumerate(kinds)]
    read = Printed(release)
    assert [np.flatnonzero(row).tolist() for row in read.in_top] == [[3, 4], [3, 4], [8, 9, 10], [0], [], [], []]
    assert read.valid.sum(axis=1).tolist() == [5, 5, 11, 2, 3, 2, 2]
    assert [row[:2].tolist() for row in read.points] == [[1, 2], [1, 2], [0, 1], *[[0, 0]] * 4]
    assert read.question_of_item.tolist() == [0, 1, 2, 3, 4, 5, 5]


def test_each_question_is_read_for_itself(release):
    release["questions"].append({"id": "rest", "kind": "several", "options": 2})
    told = cell(release, site=0)["answers"]["breaks"]
    cell(release, site=0)["answers"]["rest"] = {**told, "n": 30, "options": [50, 60], "top": None, "mean": None}
    read = Printed(release)
    assert read.shares[1].told[0].tolist() == [True, True, True] and read.shares[0].told[0].tolist() == [
        True,
        False,
        False,
    ]
    assert [pair(read.shares[1].options, 0, item, 1) for item in range(3)] == [(0.2, 0.2), (0.5, 0.5), (0.6, 0.6)]
    assert [pair(read.answered[1], 0, question) for question in range(2)] == [(40, 40), (30, 30)]


def test_a_withheld_question_bounds_nobody_and_a_told_one_those_who_answered(release):
    read = asked(release, "agreement", 5)
    assert pair(read.answered[1], 0, 0) == (900, 1000) and pair(read.answered[1], 1, 0) == (0, NO_BOUND)
    assert not asked(release, "agreement", 5, **WITHHELD).shares[1].told.any()
    exact = asked(release, "agreement", 5, n=35)
    assert [pair(exact.answered_reach[1], place, 0) for place in range(4)] == [(35, 35), *[(0, 20)] * 3]


def test_what_is_told_otherwise_is_read_as_if_for_the_first_time(release):
    document = copy.deepcopy(release)
    read = Printed(document)
    assert read.shares and read.answered and read.empty is not None
    told = cell(document, site=0)["answers"]
    for less in (told_less(told["breaks"]), dict(WITHHELD), told["breaks"]):
        told["breaks"] = less
        read.read_again(1, 0, 0)
        assert_same(read, Printed(document))
    cell(document, site=0).update(n=None, answers={})
    read.read_hidden(1, 0)
    assert_same(read, Printed(document))


def assert_same(read, again):
    for one, other in zip(read.shares, again.shares, strict=True):
        assert (one.told == other.told).all()
        for mine, its in ((one.options, other.options), (one.top, other.top), (one.mean, other.mean)):
            assert (mine.least == its.least).all() and (mine.most == its.most).all()
    for mine, its in zip((*read.answered, *read.people), (*again.answered, *again.people), strict=True):
        assert (mine.least == its.least).all() and (mine.most == its.most).all()
    assert all((mine == its).all() for mine, its in zip(read.hidden, again.hidden, strict=True))


# People


def test_lines_narrow_what_hidden_cells_hold_and_a_contradicting_roster_bounds_nobody(release):
    reporting = release["groups"][0]["reporting"]
    assert [pair(Printed(release).reach[1], place) for place in range(4)] == [(40, 40), *[(0, 20)] * 3]
    reporting[1]["roster"], reporting[2]["roster"], reporting[3]["roster"] = 15, 4, 1
    assert [pair(Printed(release).reach[1], place) for place in range(1, 4)] == [(15, 15), (4, 4), (1, 1)]
    assert not Printed(release).empty.any()
    reporting[1]["roster"] = 14
    assert [pair(Printed(release).reach[1], place) for place in range(1, 4)] == [(0, 20)] * 3
    reporting[1]["roster"], reporting[2]["roster"] = 20, None
    assert [pair(Printed(release).reach[1], place) for place in range(1, 4)] == [(0, 20), (0, 20), (0, 1)]


def test_the_district_is_narrowed_by_its_parts(release):
    cell(release)["n"] = {"at_least": 30, "at_most": 90}
    for place in (1, 2, 3):
        release["groups"][0]["reporting"][place]["roster"] = 6
    read = Printed(release)
    assert pair(read.reach[0], 0) == (40, 58) and pair(read.reach[1], 1) == (0, 6)
    cell(release)["n"] = {"at_least": 55, "at_most": 90}
    assert pair(Printed(release).reach[1], 1) == (3, 6)


def test_narrowed_by_all_lines_nothing_is_left_to_narrow():
    plan, columns = levelled(FOUR, LEVELS)
    document = released(plan, columns)
    assert sum(each["n"] is None for each in document["cells"]) > 6
    read = Printed(document)
    for once, again in zip(read.reach, read._along_lines(read.reach), strict=True):
        assert (once.least == again.least).all() and (once.most == again.most).all()
    backwards = Printed(document)
    backwards.lines.reverse()
    for once, again in zip(read.reach, backwards.reach, strict=True):
        assert (once.least == again.least).all() and (once.most == again.most).all()


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        ((10, 10), [(2, 20), (0, 20)], [(2, 10), (0, 8)]),
        ((10, 10), [(2, 10), (0, 20)], [(2, 10), (0, 8)]),
        ((10, 10), [(0, 7), (0, 7)], [(3, 7), (3, 7)]),
        ((10, 10), [(0, 7), (3, 7)], [(3, 7), (3, 7)]),
        ((10, 10), [(3, 7), (3, 7)], None),
        ((0, 9), [(2, 4), (3, 5)], [(2, 4), (3, 5)]),
        ((5, 90), [(2, 4), (3, 5)], [(2, 4), (3, 5)]),
        ((5, 9), [(2, 4), (3, 5)], None),
    ],
)
def test_a_line_narrows_its_total_and_its_parts_by_each_other_and_says_whether_it_did(total, parts, expected):
    least, most = ([np.array([total[end]], float), np.array([p[end] for p in parts], float)] for end in (0, 1))
    assert rules._narrow((0, 0, [(1, np.arange(2))]), least, most) is (expected is not None)
    assert list(zip(least[1].tolist(), most[1].tolist(), strict=True)) == (expected or parts)
    assert (least[0][0], most[0][0]) == ((5, 9) if total != (10, 10) else total)


def test_a_crossed_cell_holds_no_more_than_the_smaller_roster():
    plan, columns = levelled([[25, 14], [30, 24]], [None, None], roster=(60, 90))
    document = released(plan, columns)
    document["eligible"] = 80
    read = Printed(document)
    table = next(place for place, each in enumerate(read.tables) if len(each.groups) == 2)
    rosters = dict(zip(read.tables[table].cells, read.rosters[table].tolist(), strict=True))
    assert {rosters[frozenset({("site", place), ("job", 0)})] for place in (0, 1)} == {60, 80}


def test_every_table_of_levels_holds_the_people_of_its_places():
    plan, columns = levelled(FOUR, LEVELS)
    document = released(plan, columns)
    read = Printed(document)
    assert read.axes == ["site", "job"] and read.parted == "site"
    people = np.zeros(read.shape)
    people[: len(FOUR), :2] = FOUR
    for table in read.tables:
        printed = [read.released.cells[at]["n"] for at in table.cells]
        sums = table.sums(people.ravel()).tolist()
        assert all(number in (None, held) for number, held in zip(printed, sums, strict=True))
        assert sum(sums) == np.sum(FOUR)
    assert {table.groups for table in read.tables} >= {("site/level",), ("site/level", "job")}
    jobs = Printed(document, ["job"])
    assert [table.groups for table in jobs.tables] == [(), ("job",)] and len(jobs.lines) == 1
    assert read.atoms_of([1, 2]).tolist() == [3, 4, 5, 6, 7, 8]


def test_each_cell_has_the_lines_that_it_is_in(release):
    plan, columns = levelled(FOUR, LEVELS)
    read = Printed(released(plan, columns))
    assert [read.places[at] for table in read.tables for at in table.cells] == list(range(len(read.places)))
    assert set(read.lines_of) == {(t, i) for t, table in enumerate(read.tables) for i in range(len(table.cells))}
    for (table, place), numbers in read.lines_of.items():
        for number, (total_table, total, parts) in enumerate(read.lines):
            inside = any(t == table and place in cells for t, cells in parts)
            assert (number in numbers) == (inside or (table, place) == (total_table, total))


def test_groups_that_pairs_tie_together_are_one_family_in_the_order_of_the_release():
    groups = [
        {"id": name, "of": of}
        for name, of in (("a/level", "a"), ("a", None), ("b", None), ("c", None), ("d", None))
    ]
    for pairs, expected in (
        ([], [("a",), ("b",), ("c",), ("d",)]),
        ([["b", "a"]], [("a", "b"), ("c",), ("d",)]),
        ([["a/level", "c"], ["d", "c"]], [("a", "c", "d"), ("b",)]),
        ([["a", "d"], ["b", "c"]], [("a", "d"), ("b", "c")]),
        ([["a", "b"], ["c", "d"], ["d", "a"]], [("a", "b", "c", "d")]),
    ):
        assert families({"groups": groups, "pairs": pairs}) == expected
    assert families({"groups": [], "pairs": []}) == [()], "the district alone has decoys too"


def test_a_value_is_moved_to_the_nearer_end_of_its_bounds():
    bounds = Bounds(np.array([1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0]))
    assert bounds.nearest(np.array([0.5, 1.5, 2.5])).tolist() == [1, 1.5, 2]
    assert bounds.outside(np.array([0.5, 1.5, 2.25])) == 0.5 and bounds.outside(np.array([1.0, 2.0, 1.5])) == 0
