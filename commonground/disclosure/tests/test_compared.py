"""Comparisons of districts: five or more, none too small or too large, and no few of them follow from several."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.compared import LEAST_DISTRICTS, Lent, NotCompared, _rank, compare, few_follow


def districts(number, people=300, **values):
    return [Lent(f"d{i}", people, {name: value + i for name, value in (values or {"breaks": 40}).items()})
            for i in range(number)]  # fmt: skip


def refused(lent, earlier=()):
    with pytest.raises(NotCompared) as refusal:
        compare(lent, earlier)
    return refusal.value.code


def loans(*numbers):
    return frozenset(f"d{number}" for number in numbers)


def test_five_districts_are_compared_by_their_mean():
    (found,) = compare(districts(5))
    assert (found.index, found.mean, found.middle, found.members) == ("breaks", 42, None, loans(*range(5)))
    assert found.scales == ()


def test_noise_that_carries_a_mean_out_of_the_percents_is_cut_off_and_only_who_lends_with_noise_is_counted():
    for values, mean in ((-3, 0), (-1, 1), (97, 99), (99, 100)):
        lent = [Lent(f"d{i}", 300, {"breaks": values + i}, scale=5 * (i == 3)) for i in range(5)]
        (found,) = compare(lent)
        assert (found.mean, found.scales) == (mean, (5,))


def test_fewer_than_five_are_not_compared():
    assert refused(districts(4)) == "few"


def test_a_district_of_fewer_than_two_hundred_answers_is_not_compared():
    assert refused([*districts(5), Lent("small", 199, {"breaks": 50})]) == "people"
    assert compare([*districts(5), Lent("small", 200, {"breaks": 50})])


def test_no_district_holds_more_than_half_of_the_people():
    assert refused([*districts(5), Lent("large", 1501, {"breaks": 50})]) == "half"
    assert compare([*districts(5), Lent("large", 1500, {"breaks": 50})])


def test_an_index_that_few_lend_is_left_out():
    lent = [*districts(4, breaks=40, pride=60), Lent("d4", 300, {"breaks": 44})]
    assert [each.index for each in compare(lent)] == ["breaks"]


def test_one_to_four_who_join_or_leave_are_not_compared_and_five_are():
    earlier = [("breaks", loans(*range(6)))]
    for changed in range(1, LEAST_DISTRICTS):
        assert refused(districts(6 + changed), earlier) == "together"
    assert refused(districts(5), earlier) == "together"
    assert compare(districts(11), earlier) and compare(districts(6), earlier)


def test_one_who_leaves_while_another_joins_is_not_compared():
    lent = [each for each in districts(7) if each.loan != "d0"]
    assert refused(lent, [("breaks", loans(*range(6)))]) == "together"


def test_districts_that_lend_the_same_results_once_more_are_the_same_and_one_who_joins_is_refused():
    assert refused(districts(6), [("breaks", loans(*range(5)))]) == "together"
    anew = [Lent(f"{each.loan} anew", each.people, each.values) for each in districts(5)]
    owners = {f"d{i}{late}": f"d{i}" for i in range(6) for late in ("", " anew")}
    assert compare([*anew, districts(6)[5]], [("breaks", loans(*range(5)))], owners), "other results of them"


def test_loans_of_one_district_count_as_one_since_it_knows_them_all():
    first, second = loans(0, *range(5, 10), 3), loans(1, *range(5, 10), 2, 4)
    assert not list(few_follow([first, second]))
    owners = {"d0": "ours", "d1": "ours"}
    assert set(few_follow([first, second], owners)) == {frozenset({"ours", "d2", "d3", "d4"})}


def test_another_index_says_nothing_of_this_one():
    assert compare(districts(7), [("pride", loans(*range(6)))])


def test_three_comparisons_that_are_safe_two_by_two_may_tell_of_few_together():
    first, second = loans(*range(5)), loans(*range(5, 10))
    everybody = loans(*range(11))
    assert not any(few_follow([first, everybody])) and not any(few_follow([second, everybody]))
    assert set(few_follow([first, second, everybody])) == {loans(10)}
    assert refused(districts(11), [("breaks", first), ("breaks", second)]) == "together"


def test_quarters_are_told_of_twelve_districts_in_steps_of_five():
    assert compare(districts(11))[0].middle is None
    assert compare(districts(12))[0].middle == (40, 50)
    apart = [Lent(f"d{i}", 300, {"breaks": 8 * i}) for i in range(12)]
    assert compare(apart)[0].middle == (20, 65), "the fourth and the ninth have 24 and 64"


def test_sums_of_five_or_more_are_not_few_though_they_follow():
    three, two = loans(0, 1, 2), loans(3, 4)
    assert set(few_follow([three, two])) == {three, two}
    assert set(few_follow([three, loans(*range(5, 10))])) == {three}


def test_the_rank_is_that_of_the_rows_that_are_independent():
    rows = [(True, False, True), (True, False, True), (False, True, True), (True, True, False)]
    assert [_rank(rows[:number]) for number in range(5)] == [0, 1, 1, 2, 3]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy")),
)
def test_the_sets_that_follow_are_those_of_every_combination(sums, owners):
    """Whether a sum with few districts follows, against all weights of -2 to 2 and their halves and thirds."""
    names = sorted(frozenset().union(*sums))
    rows = [[Fraction(name in row) for name in names] for row in sums]
    reached = set()
    for weights in product(range(-3, 4), repeat=len(rows)):
        total = [sum(w * row[i] for w, row in zip(weights, rows, strict=True)) for i in range(len(names))]
        support = frozenset(owners.get(name, name) for name, value in zip(names, total, strict=True) if value)
        if 0 < len(support) < LEAST_DISTRICTS:
            reached.add(support)
    found = set(few_follow(sums, owners))
    assert all(any(each <= support for each in found) for support in reached)
    for support in found:
        left = [name for name in names if owners.get(name, name) not in support]
        outside = [[Fraction(name in row) for name in left] for row in sums]
        kept = np.linalg.matrix_rank(np.array(outside, dtype=float)) if outside[0] else 0
        assert kept < np.linalg.matrix_rank(np.array(rows, dtype=float))


def test_a_pair_that_pools_leaves_three_unknown():
    everybody = loans(*range(5))
    for pair in combinations(everybody, 2):
        assert len(everybody - set(pair)) == 3
