"""Intervals hold what they promise: published examples, coverage, and every count behind a rounded percent."""

from fractions import Fraction
from itertools import pairwise, product
from math import comb, inf

import numpy as np
import pytest

from commonground.disclosure.forms import nearest_percent, show, whole_percents
from commonground.disclosure.plan import FIXED_OPTIONS, Question
from commonground.releases import intervals
from commonground.releases.intervals import (
    Shown,
    difference,
    distance,
    holm,
    interval,
    judge,
    rest,
    shown,
    wilson,
)

Z = intervals.deviations(0.05)


def exactly(people, answers, asked=None):
    return Shown(Fraction(people, answers), Fraction(people, answers), answers, answers, asked)


@pytest.mark.parametrize(
    ("people", "answers", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_one_share_as_published(people, answers, low, high):
    """Newcombe, Statistics in Medicine 17, 1998, 857-872, table I, method 3."""
    assert interval(exactly(people, answers), Z) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_difference_of_two_shares_as_published(a, m, b, n, low, high):
    """Newcombe, Statistics in Medicine 17, 1998, 873-890, table II, method 10."""
    assert difference(exactly(a, m), exactly(b, n), Z) == pytest.approx((low, high), abs=5e-5)
    assert difference(exactly(b, n), exactly(a, m), Z) == pytest.approx((-high, -low), abs=5e-5)


def test_where_everyone_answered_only_rounding_is_left():
    assert intervals.effective(40, 40) == inf
    assert interval(exactly(13, 40, 40), Z) == (13 / 40, 13 / 40)
    assert distance(exactly(14, 40, 40), exactly(13, 40, 40)) == intervals.MOST_DEVIATIONS


def test_the_more_of_a_group_answered_the_narrower_and_never_wider_than_without_its_size():
    def width(asked):
        low, high = interval(exactly(12, 30, asked), Z)
        return high - low

    sizes = [30, 31, 40, 60, 200, 5_000, None]
    assert sorted(map(width, sizes)) == [width(size) for size in sizes]
    assert width(10**9) == pytest.approx(width(None))


def hypergeometric(asked, people, answers):
    """Return how likely each number of `people` is among `answers` drawn out of `asked` without putting back."""
    whole = comb(asked, answers)
    return {
        drawn: comb(people, drawn) * comb(asked - people, answers - drawn) / whole
        for drawn in range(max(0, answers - asked + people), min(people, answers) + 1)
    }


@pytest.mark.parametrize(("asked", "answers"), [(24, 12), (40, 30), (60, 20), (104, 61)])
def test_a_share_of_a_finite_group_is_held_as_often_as_promised(asked, answers):
    """Exact, over every possible number of people in the group: no draw of chance in it."""
    held = []
    for people in range(asked + 1):
        likely = hypergeometric(asked, people, answers)
        inside = (
            interval(
                shown(nearest_percent(drawn, answers), nearest_percent(drawn, answers), answers, answers, asked), Z
            )
            for drawn in likely
        )
        held.append(
            sum(
                chance
                for chance, (low, high) in zip(likely.values(), inside, strict=True)
                if low - 1e-9 <= people / asked <= high + 1e-9
            )
        )
    assert np.mean(held) > 0.95
    assert min(held) > 0.85
    assert np.quantile(held, 0.1) > 0.9


def test_a_difference_of_two_finite_groups_is_held_as_often_as_promised():
    chance = np.random.default_rng(7)
    held = []
    for first, second in product((0.15, 0.4, 0.7), repeat=2):
        asked, answers = (40, 120), (26, 55)
        people = (round(40 * first), round(120 * second))
        truth = people[0] / asked[0] - people[1] / asked[1]
        drawn = [chance.hypergeometric(people[i], asked[i] - people[i], answers[i], 1500).tolist() for i in (0, 1)]
        inside = 0
        for one, other in zip(*drawn, strict=True):
            low, high = difference(exactly(one, 26, 40), exactly(other, 55, 120), Z)
            inside += low <= truth <= high
        held.append(inside / 1500)
    assert np.mean(held) > 0.945
    assert min(held) > 0.925


@pytest.mark.parametrize("both", ["as chance has it", "nobody", "everybody"])
@pytest.mark.parametrize("keep", [0.0, 0.6, 1.0])
def test_a_change_between_waves_is_held_whoever_answers_twice(both, keep):
    """`keep` of 200 people hold to their answer, 20 are new in the second wave, 90 answer each time."""
    chance = np.random.default_rng(11)
    people, moved, answers, inside, trials = 200, 20, 90, 0, 800
    for _ in range(trials):
        before = chance.random(people) < 0.45
        after = np.where(chance.random(people) < keep, before, chance.random(people) < 0.6)
        after[:moved] = chance.random(moved) < 0.6
        first = chance.choice(people, answers, replace=False)
        others = np.setdiff1d(np.arange(people), first)
        second = {
            "as chance has it": chance.choice(people, answers, replace=False),
            "nobody": chance.choice(others, answers, replace=False),
            "everybody": first,
        }[both]
        low, high = difference(
            exactly(int(after[second].sum()), answers), exactly(int(before[first].sum()), answers), Z
        )
        inside += low <= after.mean() - before.mean() <= high
    assert inside / trials > 0.94


def test_with_the_correction_a_change_would_be_held_too_seldom_where_nobody_answers_twice():
    """Why waves are compared without it: the same draw as above, the answers of one half and then of the other."""
    chance = np.random.default_rng(12)
    people, inside, trials = 100, 0, 2000
    before = np.arange(people) < 45
    for _ in range(trials):
        order = chance.permutation(people)
        first, second = (int(before[half].sum()) for half in (order[:50], order[50:]))
        low, high = difference(exactly(second, 50, people), exactly(first, 50, people), Z)
        inside += low <= 0 <= high
    assert inside / trials < 0.9


# Rounding


def test_a_sum_of_percents_made_to_add_to_100_is_off_by_no_more_than_said():
    chance = np.random.default_rng(3)
    worst: dict[tuple[int, int], Fraction] = {}
    for options, summed in ((2, 1), (5, 2), (11, 3), (5, 1)):
        bound = intervals.slack_of_sum(options, summed)
        for _ in range(3000):
            answers = int(chance.integers(30, 400))
            counts = chance.multinomial(answers, chance.dirichlet(np.ones(options))).tolist()
            printed, true = sum(whole_percents(counts)[-summed:]), Fraction(100 * sum(counts[-summed:]), answers)
            assert abs(printed - true) <= bound
            worst[options, summed] = max(worst.get((options, summed), Fraction(0)), abs(printed - true) / bound)
    assert min(worst.values()) > 0.6


@pytest.mark.parametrize("answers", [20, 27, 40, 113])
def test_every_count_behind_a_printed_percent_is_held(answers):
    """Brute force: for each pair of counts, the interval from print holds the interval from the counts."""
    other = exactly(31, 64)
    for people in range(answers + 1):
        printed = shown(nearest_percent(people, answers), nearest_percent(people, answers), answers, answers)
        assert printed.least_people <= people <= printed.most_people
        low, high = difference(printed, other, Z)
        same = [
            count
            for count in range(answers + 1)
            if nearest_percent(count, answers) == nearest_percent(people, answers)
        ]
        inside = [difference(exactly(count, answers), other, Z) for count in same]
        assert low <= min(inside)[0] + 1e-12
        assert high >= max(end for _low, end in inside) - 1e-12


def test_every_number_of_answers_between_bounds_is_held():
    coded = shown(40, 45, 36, 40, 40, slack=Fraction(7, 2))
    low, high = difference(coded, exactly(31, 64), Z)
    for answers in range(36, 41):
        for people in range(answers + 1):
            if coded.low <= Fraction(people, answers) <= coded.high:
                one, other = difference(exactly(people, answers, 40), exactly(31, 64), Z)
                assert low <= one + 1e-12
                assert other <= high + 1e-12


def test_both_limits_rise_with_the_first_share_and_widen_with_fewer_answers():
    """What makes the corners enough, on a fine grid."""
    for answers, reach in product((10, 33, 200), (1.0, 2.0, 3.5)):
        shares = [Shown(Fraction(i, 500), Fraction(i, 500), answers, answers) for i in range(501)]
        for other in (exactly(0, 20), exactly(9, 20), exactly(20, 20)):
            limits = [difference(share, other, reach) for share in shares]
            for one, next_one in pairwise(limits):
                assert next_one[0] >= one[0] - 1e-12
                assert next_one[1] >= one[1] - 1e-12
    for fewer, more in ((10, 11), (33, 40), (100, 500)):
        for share in (0.0, 0.07, 0.5, 0.93, 1.0):
            (low, high), (inner, upper) = wilson(share, fewer, 2.0), wilson(share, more, 2.0)
            assert low <= inner
            assert high >= upper


# Everyone else


@pytest.mark.parametrize("kind", ["agreement", "scale10", "one"])
def test_what_is_left_of_a_whole_is_held(kind):
    chance = np.random.default_rng(5)
    question = Question("q", kind, FIXED_OPTIONS.get(kind, 2))
    tried = 0
    for _ in range(400):
        part = chance.multinomial(int(chance.integers(30, 90)), chance.dirichlet(np.ones(question.options) * 3))
        others = chance.multinomial(int(chance.integers(30, 300)), chance.dirichlet(np.ones(question.options) * 3))
        whole, one = (_printed(question, counts) for counts in (part + others, part))
        if not (whole and one):
            continue
        left = rest(whole, one)
        assert left
        true = Fraction(int(others[list(question.top)].sum()), int(others.sum()))
        assert left.low <= true <= left.high
        assert (left.answers, left.most) == (others.sum(), others.sum())
        tried += 1
    assert tried > 200


def _printed(question, counts):
    counts = counts.tolist()
    form = show(question, counts, sum(counts), crossed=False, nearly_all=False)
    if not isinstance(form.top, int):
        return None
    slack = intervals.slack_of_sum(question.options, len(question.top))
    return shown(form.top, form.top, sum(counts), sum(counts), slack=slack)


def test_nobody_is_left_where_the_part_may_be_the_whole():
    assert rest(exactly(10, 30), exactly(10, 30)) is None
    assert rest(shown(40, 40, 36, 40), exactly(10, 38)) is None


def test_a_rest_knows_how_many_were_asked_only_where_both_do():
    found = [rest(exactly(50, 100, 180), exactly(10, 30, asked)) for asked in (50, None, 120)]
    assert [left and left.asked for left in found] == [130, None, None]


# Many comparisons


def test_steps_of_holm_as_published():
    """The p-values 0.01, 0.04, 0.03, 0.005 at 5 %: 0.005 and 0.01 are below 0.05 / 4 and / 3, 0.03 is above / 2."""
    found = [intervals.deviations(p) for p in (0.01, 0.04, 0.03, 0.005)]
    judged = holm(found, 0.05)
    assert [reach < far for far, reach in zip(found, judged, strict=True)] == [True, False, False, True]
    assert judged == pytest.approx([intervals.deviations(0.05 / part) for part in (3, 2, 2, 4)])


def test_a_comparison_is_sure_just_where_its_interval_leaves_out_zero():
    chance = np.random.default_rng(9)
    for _ in range(300):
        pairs = [
            [
                shown(share, share, answers, answers, answers + int(chance.integers(1, 90)))
                for share, answers in zip(
                    chance.integers(5, 95, 2).tolist(), chance.integers(20, 300, 2).tolist(), strict=True
                )
            ]
            for _ in range(8)
        ]
        distances = [distance(pair[0], pair[1]) for pair in pairs]
        for pair, far, reach in zip(pairs, distances, holm(distances), strict=True):
            low, high = difference(pair[0], pair[1], reach)
            assert (far > reach) == (low > 1e-9 or high < -1e-9)


def test_on_a_page_without_any_difference_a_wrong_sentence_is_as_rare_as_promised():
    """All 40 comparisons of a page are of equal groups: one page in twenty, at most, says "more" of any."""
    chance = np.random.default_rng(21)
    wrong, pages = 0, 400
    for _ in range(pages):
        drawn = chance.hypergeometric(48, 72, 60, (40, 2)).tolist()
        distances = [distance(exactly(one, 60, 120), exactly(other, 60, 120)) for one, other in drawn]
        wrong += any(far > reach for far, reach in zip(distances, holm(distances), strict=True))
    assert wrong / pages < 0.05


def test_what_is_judged_says_more_fewer_too_close_or_nothing():
    high, low, near = exactly(80, 100), exactly(20, 100), exactly(25, 100)
    found = judge([(high, low), (low, high), (low, near), (None, low), (low, None)])
    assert [one.verdict for one in found] == ["more", "fewer", "close", "unknown", "unknown"]
    ends = [(one.low, one.high) for one in found]
    assert ends == [(44, 72), (-71, -45), (-17, 7), (None, None), (None, None)]


def test_nothing_to_compare_is_no_error():
    assert holm([]) == []
    assert judge([]) == []
