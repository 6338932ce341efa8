from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.forms import end_percent, show, whole_percents
from commonground.disclosure.plan import Question
from commonground.disclosure.tests.survey import AGREE

SCALE = Question("life", "scale10", 11)
YES_NO = Question("has_break", "one", 2)
CHOICE = Question("way", "one", 4)
WISHES = Question("wishes", "several", 3)


def form(question, counts, **changes):
    answers = changes.pop("answers", sum(counts))
    return show(question, counts, answers, changes.get("crossed", False), changes.get("nearly_all", False))


@given(st.lists(st.integers(0, 900), min_size=2, max_size=11).filter(any))
def test_whole_percents_add_to_100_and_are_off_by_less_than_one(counts):
    percents = whole_percents(counts)
    assert sum(percents) == 100
    assert all(abs(p - 100 * c / sum(counts)) < 1 for p, c in zip(percents, counts, strict=True))


def test_equal_remainders_go_to_the_first():
    assert whole_percents([1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize(
    ("answers", "percent"),
    [(10, 20), (19, 20), (20, 10), (39, 10), (40, 5), (99, 5), (100, 2), (299, 2), (300, 1), (5000, 1)],
)
def test_the_ends_grow_narrower_with_size(answers, percent):
    assert end_percent(answers) == percent


def test_all_options_from_thirty_answers():
    shown = form(AGREE, [15, 29, 18, 27, 11])
    assert (shown.options, shown.top, shown.mean, shown.step) == ((15, 29, 18, 27, 11), 38, 2.9, 1)
    assert shown.reason is None


def test_the_top_share_only_under_thirty_answers():
    shown = form(AGREE, [4, 9, 8, 4, 2])
    assert (shown.options, shown.top, shown.reason) == (None, 22, "under_30")


@pytest.mark.parametrize(("upper", "share"), [(2, (0, 20)), (3, (20, 80)), (9, (20, 80)), (10, (80, 100))])
def test_three_ranges_under_twenty_answers(upper, share):
    shown = form(AGREE, [12 - upper, 0, 0, 0, upper])
    assert (shown.top, shown.mean, shown.reason) == (share, None, "under_20")


def test_everyone_gave_the_same_answer():
    for counts in ([0, 0, 0, 0, 50], [50, 0, 0, 0, 0], [0, 0, 50, 0, 0]):
        shown = form(AGREE, counts)
        assert all(isinstance(share, tuple) for share in shown.options)
        assert isinstance(shown.top, tuple)
        assert shown.mean is None


def test_a_low_share_is_hidden_by_an_option_of_its_side():
    shown = form(AGREE, [2, 15, 12, 14, 7])
    assert shown.options == ((0, 5), (30, 34), 24, 28, 14)
    assert (shown.top, shown.reason) == (42, "ends")


def test_a_low_middle_makes_the_top_share_a_range_only_if_it_must():
    assert form(AGREE, [12, 15, 1, 14, 8]).top == 44
    assert isinstance(form(AGREE, [2, 3, 1, 25, 19]).top, tuple)


def test_a_yes_or_no_question_is_hidden_at_both_ends():
    assert form(YES_NO, [48, 2]).options == ((95, 100), (0, 5))
    assert form(YES_NO, [60, 40]).options == (60, 40)


def test_a_choice_without_order_needs_thirty_answers():
    assert form(CHOICE, [9, 8, 7, 5]).is_empty
    assert form(CHOICE, [9, 8, 7, 9]).options == (28, 24, 21, 27)


def test_several_choices_are_shares_of_their_own():
    assert form(WISHES, [20, 1, 39], answers=40).options == (50, (0, 5), (95, 100))
    assert form(WISHES, [6, 1, 12], answers=12).options == ((20, 80), (0, 20), (80, 100))


def test_several_choices_of_twenty_answers_do_not_tell_the_whole():
    shown = form(WISHES, [14, 9, 1], answers=24)
    assert (shown.options, shown.reason) == (((20, 80), (20, 80), (0, 20)), "few_choices")


def test_a_percent_beside_a_range_tells_of_its_own_count_only():
    ways = Question("way", "one", 3)
    for low in range(2):
        assert form(ways, [8 - low, 22, low]).options[1:] == (73, (0, 10))


def forms_of_all(question, people):
    """Return what is shown of every possible table, each with the tables that look so."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(people + 1), repeat=question.options - 1):
        if sum(counts) <= people:
            whole = (*counts, people - sum(counts))
            shown = show(question, whole, people, False, False)
            alike.setdefault((shown.options, shown.top, shown.mean), []).append(whole)
    return alike


@pytest.mark.parametrize(("options", "people"), [(3, 30), (3, 39), (3, 60), (4, 30), (4, 40)])
def test_who_knows_how_forms_are_made_seldom_finds_the_number_behind_a_range(options, people):
    """All tables are tried: of the numbers behind a low range, one in sixty follows from our rules at most."""
    ranges = found = 0
    for (shares, _, _), tables in forms_of_all(Question("way", "one", options), people).items():
        for place, share in enumerate(shares or ()):
            if isinstance(share, tuple) and share[0] == 0:
                ranges += len(tables)
                found += len({whole[place] for whole in tables}) == 1
    assert ranges > 300 and 60 * found <= ranges


def test_a_crossed_cell_shows_the_top_share_only():
    shown = form(AGREE, [15, 29, 18, 27, 11], crossed=True)
    assert (shown.options, shown.top, shown.mean, shown.reason) == (None, 38, None, "crossed")


def test_percents_go_in_fives_where_nearly_everyone_answered():
    shown = form(AGREE, [16, 29, 18, 26, 11], nearly_all=True)
    assert (shown.options, shown.top, shown.mean, shown.step) == ((15, 30, 20, 25, 10), 35, None, 5)
    assert form(AGREE, [2, 15, 12, 14, 7], nearly_all=True).options[:2] == ((0, 5), (30, 35))


def test_no_mean_of_which_one_person_could_hold_half():
    assert form(SCALE, [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).mean is None
    assert form(AGREE, [15, 4, 0, 4, 0]).mean is not None


@given(st.lists(st.integers(0, 14), min_size=5, max_size=5).filter(lambda c: 30 <= sum(c) <= 45))
@settings(max_examples=150, deadline=None)
def test_each_end_of_a_range_is_possible_given_everything_else_that_is_shown(counts):
    shown = form(AGREE, counts)
    total, most = sum(counts), end_percent(sum(counts)) * sum(counts) // 100
    low = [i for i, share in enumerate(shown.options) if isinstance(share, tuple) and share[0] == 0]
    free = [i for i, share in enumerate(shown.options) if isinstance(share, tuple)]
    seen: dict[int, set[int]] = {i: set() for i in low}
    if not low:
        return
    for people in product(*(range(most + 1) if i in low else range(total + 1) for i in free[:-1])):
        last = sum(counts[i] for i in free) - sum(people)
        if last < 0 or (free[-1] in low and last > most):
            continue
        tried = dict(zip(free, (*people, last), strict=True))
        whole = [tried.get(i, counts[i]) for i in range(5)]
        if (
            shown.mean is None
            or abs(sum((i + 1) * n for i, n in enumerate(whole)) / total - shown.mean) <= 0.05 + 1e-9
        ):
            for i in low:
                seen[i].add(tried[i])
    assert all({0, most} <= values for values in seen.values())


def test_a_share_that_would_round_to_an_end_is_a_range_in_steps_too():
    assert form(AGREE, [8, 392, 0, 0, 0], nearly_all=True).options[0] == (0, 5)
    assert form(WISHES, [8, 200, 391], answers=400, nearly_all=True).options == ((0, 5), 50, (95, 100))


def test_upper_answers_that_are_all_ranges_do_not_round_to_none():
    counts = [0, 119, 41, 10, 88, 0, 29, 225, 2, 2, 3]
    assert form(SCALE, counts).top == 1
