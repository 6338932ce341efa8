"""Noise on what is lent: how far one person moves a number, what is drawn, and how far that moves a mean."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import exp

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commonground.disclosure import noise
from commonground.disclosure.compared import Lent, compare
from commonground.disclosure.forms import show, whole_percents
from commonground.disclosure.plan import Question

KINDS = [("agreement", 5), ("scale10", 11), ("one", 2)]
needs_noise = pytest.mark.skipif(not noise.installed(), reason="the extra `noise` is not installed")


def printed(kind, counts):
    return show(Question("q", kind, len(counts)), counts, sum(counts), crossed=False, nearly_all=False).top


def neighbours(counts):
    """Yield the counts where one person gave another answer, or none."""
    for gone in range(len(counts)):
        fewer = [count - (place == gone) for place, count in enumerate(counts)]
        if counts[gone]:
            yield fewer
            yield from ([count + (i == come) for i, count in enumerate(fewer)] for come in range(len(counts)))


@st.composite
def answers(draw):
    kind, options = draw(st.sampled_from(KINDS))
    weights = draw(st.lists(st.integers(0, 60), min_size=options, max_size=options))
    more = draw(st.integers(201, 420)) - sum(weights)
    place = draw(st.integers(0, options - 1))
    return kind, [weight + (max(0, more) if i == place else 0) for i, weight in enumerate(weights)]


@settings(max_examples=150, deadline=None)
@given(answers())
@example(("agreement", [33, 38, 59, 42, 29]))
def test_one_person_moves_a_printed_share_by_its_reach_at_most(given):
    kind, counts = given
    here = printed(kind, counts)
    for other in neighbours(counts):
        there = printed(kind, other)
        if isinstance(here, int) and isinstance(there, int):
            assert abs(here - there) <= noise.reach(len(counts), len(Question("q", kind, len(counts)).top))


def test_one_person_can_move_a_share_of_two_options_by_two_points():
    assert printed("agreement", [33, 38, 59, 42, 29]) == 36
    assert printed("agreement", [33, 38, 59, 41, 29]) == 34


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=5, max_size=5).filter(sum))
def test_percents_that_add_to_a_hundred_are_as_near_as_the_reach_takes_them_to_be(counts):
    whole = whole_percents(counts)
    for upper in ([3, 4], [0, 1], [1, 4]):
        exact = Fraction(100 * sum(counts[i] for i in upper), sum(counts))
        assert abs(sum(whole[i] for i in upper) - exact) <= Fraction(2 * 3, 5)


@pytest.mark.parametrize(
    ("options", "upper", "points"), [(5, 2, 2), (2, 1, 1), (4, 1, 2), (11, 2, 3), (11, 3, 4), (11, 10, 2)]
)
def test_the_reach_is_two_roundings_and_one_person_in_whole_points(options, upper, points):
    assert noise.reach(options, upper) == points


def test_the_scale_spends_the_whole_budget():
    assert [noise.scale_of(each) for each in ([1], [1, 2], [4] * 5)] == [1, 3, 20]


def test_numbers_spend_the_budget_of_a_survey_together_and_no_more():
    for reaches in ([1], [2], [4], [1, 2], [2, 2, 2], [1, 2, 2, 2, 4], [4] * 5):
        assert sum(reaches) / noise.scale_of(reaches) <= noise.BUDGET


def by_hand(scale, far):
    falls = exp(-1 / scale)
    return 1 - 2 * falls ** (far + 1) / (1 + falls)


@pytest.mark.parametrize("scale", range(1, 21))
def test_how_far_noise_moves_one_number_is_what_its_chances_say(scale):
    far = noise.within([scale])
    assert by_hand(scale, far) >= noise.SURE > by_hand(scale, far - 1)


def test_a_mean_of_many_is_moved_less_and_one_without_noise_not_at_all():
    assert noise.within([0] * 5) == 0
    assert all(
        more >= fewer for more, fewer in pairwise(noise.within([10] * many) for many in (1, 2, 5, 12, 60, 300))
    )
    assert noise.within([2, 0, 0, 0, 0]) == 1 and noise.within([10] * 300) == 2


@needs_noise
def test_what_is_drawn_moves_as_far_as_is_said():
    values = {str(place): 50 for place in range(4000)}
    drawn = noise.draw(values, 5)
    assert drawn.keys() == values.keys() and all(isinstance(value, int) for value in drawn.values())
    inside = sum(abs(value - 50) <= noise.within([5]) for value in drawn.values()) / len(drawn)
    assert abs(inside - by_hand(5, noise.within([5]))) < 0.03
    counted = Counter(value - 50 for value in drawn.values())
    for place in range(-5, 5):
        assert 0.4 < counted[place + 1] / counted[place] < 2.5


@needs_noise
def test_the_library_agrees_on_what_one_person_is_worth():
    import opendp.prelude as dp

    dp.enable_features("contrib")
    for scale in range(1, 21):
        mechanism = dp.m.make_laplace(dp.atom_domain(T=int), dp.absolute_distance(T=int), scale=float(scale))
        assert mechanism.map(scale) == pytest.approx(1)


def test_without_the_extra_nothing_is_drawn(monkeypatch):
    monkeypatch.setattr(noise, "find_spec", lambda name: None)
    with pytest.raises(noise.NotInstalled):
        noise.draw({"a": 50}, 1)


def test_noise_beyond_the_ends_is_in_the_mean_but_no_mean_is_beyond_them():
    lent = [Lent(f"d{i}", 300, {"breaks": value}, 4) for i, value in enumerate((-6, -4, -3, 0, 1))]
    assert compare(lent)[0].mean == 0 and compare(lent)[0].scales == (4,) * 5
    high = [Lent(f"d{i}", 300, {"breaks": value}) for i, value in enumerate((110, 90, 95, 96, 94))]
    assert compare(high)[0].mean == 97
