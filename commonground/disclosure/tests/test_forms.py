from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commonground.disclosure import forms
from commonground.disclosure.forms import Form, Joined, end_percent, in_steps, nearest_percent, show, whole_percents
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
    rests = [(-(100 * count % sum(counts)), place) for place, count in enumerate(counts)]
    up = [percent > 100 * count // sum(counts) for percent, count in zip(percents, counts, strict=True)]
    raised = [rest for rest, is_up in zip(rests, up, strict=True) if is_up]
    assert raised == [] or max(raised) < min(rest for rest in rests if rest not in raised)


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
    assert form(CHOICE, [9, 8, 7, 9]) == Form((28, 24, 21, 27)), "and has no upper share"


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
        assert form(CHOICE, [low, 13 - low, 12, 12]).options[2:] == (32, 32), "and not 33 to make 100"


def forms_of_all(question, people):
    """Return what is shown of every possible table, each with the tables that look so."""
    alike: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(people + 1), repeat=question.options - 1):
        if sum(counts) <= people:
            whole = (*counts, people - sum(counts))
            shown = show(question, whole, people, False, False)
            alike.setdefault((shown.options, shown.top, shown.mean), []).append(whole)
    return alike


def upper_of(question, whole):
    return sum(whole[i] for i in question.top)


@pytest.mark.parametrize(
    ("question", "people"),
    [
        *((Question("way", "one", 3), people) for people in (30, 39, 60)),
        *((Question("way", "one", 4), people) for people in (30, 40)),
        *((AGREE, people) for people in (10, 12, 14)),
    ],
)
def test_who_knows_how_forms_are_made_never_finds_the_number_behind_a_range(monkeypatch, question, people):
    """All tables are tried; those of fewer than thirty people, shown as if they were enough, stand for more."""
    monkeypatch.setattr(forms, "LEAST_FOR_OPTIONS", min(people, forms.LEAST_FOR_OPTIONS))
    ranges = 0
    for (shares, top, _), tables in forms_of_all(question, people).items():
        for place, share in enumerate(shares or ()):
            if isinstance(share, tuple):
                ranges += len(tables)
                assert len({whole[place] for whole in tables}) > 1
        if isinstance(top, tuple):
            assert len({upper_of(question, whole) for whole in tables}) > 1
    assert ranges > 300


def test_a_mean_that_would_tell_the_number_behind_a_range_is_left_out():
    """With it only one of the second and third options could have been chosen, so the first would be seven."""
    apart = forms._apart(AGREE, [7, 0, 1, 14, 21], 43)
    assert apart.mean == 4.0 and apart.has_range
    assert form(AGREE, [7, 0, 1, 14, 21]) == form(AGREE, [8, 0, 0, 14, 21]) == replace(apart, mean=None)


def test_where_others_with_the_same_shares_stand_with_their_mean_the_options_are_not_told():
    """No table that differs by one person who moved between the ranges would print these shares alone."""
    apart = forms._apart(AGREE, [1, 15, 3, 6, 10], 35)
    assert apart.has_range
    assert form(AGREE, [1, 15, 3, 6, 10]) == Form(None, 46, reason="not_apart")


def test_tables_that_look_alike_are_found_by_several_moves():
    """From the first, the last is found only by way of the second, in which one of the numbers is the same."""
    alike = {(2, 2, 2), (3, 1, 2), (3, 0, 3)}

    def form_of(counts):
        return Form(((0, 10),) * 3) if counts in alike else Form()

    assert forms._hides_its_numbers(form_of, (2, 2, 2), ())
    alike.remove((3, 0, 3))
    assert not forms._hides_its_numbers(form_of, (2, 2, 2), ())


def test_without_an_option_that_hides_a_low_one_for_sure_less_is_told():
    """Seven hide up to three only if they stay the first that can: with six the third would."""
    ways = Question("way", "one", 3)
    assert form(ways, [0, 7, 23]) == Form()
    assert form(ways, [0, 8, 22]).options == ((0, 10), (16, 27), 73)
    assert form(AGREE, [0, 0, 0, 13, 17]) == Form(None, (90, 100), reason="not_apart")


def test_a_mean_of_which_the_number_behind_a_range_follows_is_left_out_alone():
    counts = [2, 2, 15, 4, 8]
    assert forms._apart(AGREE, counts, 31).mean == 3.5
    assert form(AGREE, counts) == Form(((0, 10), (0, 10), (41, 62), 13, 26), 39, reason="ends")


def test_without_its_mean_a_table_is_no_shelter_for_one_that_keeps_it():
    """Of tables that would print these shares those that keep their mean are told apart, and few are left."""
    counts = [2, 10, 0, 13, 5]
    assert forms._apart(AGREE, counts, 30).options == ((0, 10), (20, 40), (0, 10), 43, 17)
    assert form(AGREE, counts) == Form(None, 60, reason="not_apart")


def test_another_number_behind_a_range_is_looked_for_over_several_people_that_move():
    alike, other = Form(((0, 50), (0, 50), (0, 50))), Form(((0, 50), (0, 50), 50))

    def among(*tables):
        return lambda counts: alike if counts in tables else other

    two_moves = among((2, 2, 2), (2, 3, 1), (1, 4, 1))
    assert forms._hides_its_numbers(two_moves, (2, 2, 2), ())
    assert not forms._hides_its_numbers(among((2, 2, 2), (2, 3, 1)), (2, 2, 2), ())
    assert not forms._hides_its_numbers(among((2, 2, 2), (1, 4, 1)), (2, 2, 2), ()), "nothing leads there"


def test_a_crossed_cell_shows_the_top_share_only():
    shown = form(AGREE, [15, 29, 18, 27, 11], crossed=True)
    assert (shown.options, shown.top, shown.mean, shown.reason) == (None, 38, None, "crossed")


def test_percents_go_in_fives_where_nearly_everyone_answered():
    shown = form(AGREE, [16, 29, 18, 26, 11], nearly_all=True)
    assert (shown.options, shown.top, shown.mean, shown.step) == ((15, 30, 20, 25, 10), 35, None, 5)
    assert form(AGREE, [2, 15, 12, 14, 7], nearly_all=True).options[:2] == ((0, 5), (30, 35))
    assert form(AGREE, [5, 5, 4, 3, 4], nearly_all=True) == Form(None, 35, None, 5, "nearly_all")
    assert form(CHOICE, [5, 5, 4, 3], nearly_all=True) == Form()


def test_no_mean_of_which_one_person_could_hold_half():
    assert form(SCALE, [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).mean is None
    assert form(AGREE, [15, 4, 0, 4, 0]).mean is not None


@given(st.lists(st.integers(0, 14), min_size=5, max_size=5).filter(lambda c: 30 <= sum(c) <= 45))
@settings(max_examples=150, deadline=None)
def test_each_end_of_a_range_is_possible_given_everything_else_that_is_shown(counts):
    shown = form(AGREE, counts)
    assume(shown.options)
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


# Options joined so that none follows, against every way to split what is known of them


def splits(people, options, most):
    """Yield every way to give people to options of which each has room for `most`."""
    return [each for each in product(range(most + 1), repeat=options) if sum(each) == people]


def hide_each_other(low, counts, most):
    """Tell whether each of some options, known together, could be nobody and could be as many as its range says."""
    ways = splits(sum(counts[i] for i in low), len(low), most)
    return all({way[place] for way in ways} >= {0, most} for place in range(len(low)))


def tables(question, seed, number=200):
    draw = np.random.default_rng(seed)
    for _ in range(number):
        people = int(draw.choice([30, 35, 39, 40, 45, 59, 60, 80, 100, 130]))
        chance = draw.dirichlet(np.full(question.options, draw.choice([0.15, 0.4, 1.0])))
        yield people, end_percent(people) * people // 100, draw.multinomial(people, chance).tolist()


def joined_by_trial(question, counts, most, sides):
    low = [i for i, count in enumerate(counts) if count <= most]

    def hidden(options, last=()):
        mine = tuple(i for i in options if i in low)
        if len(mine) > 1 and hide_each_other(mine, counts, most):
            return Joined(mine, None)
        large = [i for i in options if i not in mine and counts[i] - len(mine) * most > most]
        return Joined(mine, sorted(large, key=lambda i: i in last)[0]) if large else None

    found = [hidden(side) for side in sides if set(side) & set(low)]
    if None not in found:
        return found
    together = hidden(range(len(counts)), question.top)
    if together is None and len(low) < len(counts):
        together = Joined(tuple(low), max((i for i in range(len(counts)) if i not in low), key=counts.__getitem__))
    return together and [together]


def test_where_no_option_hides_the_low_ones_the_first_of_the_largest_goes_with_them():
    counts = [15, 0, 0, 0, 0, 15, 0, 0, 0, 0, 0]
    assert forms._joined_options(SCALE, counts, 30) == [Joined((1, 2, 3, 4, 6, 7, 8, 9, 10), 0)]
    assert (forms._apart(SCALE, counts, 30).options or ())[0] == (0, 50), "the others might hold them all"
    assert forms._apart(SCALE, [4, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0], 30).top == (0, 100)


def test_where_most_options_of_a_scale_are_ranges_the_upper_share_and_the_mean_stand_alone():
    counts = [0, 0, 1, 0, 1, 6, 6, 8, 9, 2, 1]
    assert form(SCALE, counts) == Form(None, 35, 6.7, reason="not_apart")
    assert len(forms._apart(SCALE, counts, 34).ranges) == 7


@pytest.mark.parametrize("nearly_all", [False, True])
def test_where_nothing_hides_the_options_of_a_choice_without_order_it_is_not_told(nearly_all):
    assert form(Question("way", "one", 10), [3] * 10, nearly_all=nearly_all) == Form()


def test_of_199_people_three_are_within_the_end_and_four_are_not():
    assert form(CHOICE, [4, 65, 65, 65]).options == (2, 33, 33, 32)
    assert form(YES_NO, [4, 195]).options == (2, 98)
    assert forms._joined_options(CHOICE, [3, 7, 90, 99], 199) == [Joined((0,), 1)]
    assert form(CHOICE, [3, 8, 90, 98]).options == ((0, 2), (4, 6), 45, 49)
    assert form(AGREE, [3, 0, 4, 173, 19]).mean == 4.0 and form(AGREE, [2, 1, 47, 49, 0]).mean is None


SIDES = {
    "breaks": [[0, 1], [2], [3, 4]],
    "life": [[*range(8)], [8, 9, 10]],
    "way": [[0, 1, 2, 3]],
    "has_break": [[1], [0]],
}


@pytest.mark.parametrize("question", [AGREE, CHOICE, YES_NO, Question("life", "scale10", 11)])
def test_options_are_joined_as_every_split_of_them_says(question):
    kinds: set[int | bool | None] = set()
    for _, most, counts in tables(question, 1):
        if question is not SCALE and sum(count <= most for count in counts) > 5:
            continue
        found = forms._joined_options(question, counts, sum(counts))
        assert found == joined_by_trial(question, counts, most, SIDES[question.id])
        kinds |= {len(found), *(each.hides is None for each in found)} if found is not None else {None}
    assert {True, False} <= kinds or question is YES_NO


@pytest.mark.parametrize("question", [AGREE, CHOICE])
def test_the_range_of_an_option_that_hides_others_is_that_of_every_split(question):
    seen = 0
    for people, most, counts in tables(question, 2):
        for each in forms._joined_options(question, counts, people) or ():
            if each.hides is None:
                continue
            together = sum(counts[i] for i in each.members)
            left = [
                together - sum(low)
                for low in product(range(most + 1), repeat=len(each.low))
                if sum(low) <= together
            ]
            expected = (100 * min(left) // people, -(-100 * max(left) // people))
            assert forms._range_that_hides(each, counts, people) == expected
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("seed", range(3))
def test_a_mean_stands_exactly_where_it_takes_nothing_from_a_range(seed):
    kept = lost = 0
    for people, most, counts in tables(AGREE, seed):
        joined = forms._joined_options(AGREE, counts, people) or []
        if not joined or sum(len(each.low) for each in joined) > 3:
            continue
        value, options = (20 * sum(i * n for i, n in enumerate(counts)) + people) // (2 * people), []
        for each in joined:
            together = sum(counts[i] for i in each.members)
            ways = product(range(most + 1), repeat=len(each.low))
            if each.hides is None:
                options.append([(way, way) for way in ways if sum(way) == together])
            else:
                options.append([(way, (*way, together - sum(way))) for way in ways if sum(way) <= together])
        known = sum(i * n for i, n in enumerate(counts) if not any(i in each.members for each in joined))
        reached: dict[tuple[int, int], set[int]] = {}
        for chosen in product(*options):
            total = known + sum(
                i * n
                for each, (_, way) in zip(joined, chosen, strict=True)
                for i, n in zip(each.members, way, strict=True)
            )
            if (20 * total + people) // (2 * people) == value:
                for place, (low, _) in enumerate(chosen):
                    for at, n in enumerate(low):
                        reached.setdefault((place, at), set()).add(n)
        expected = all({0, most} <= each for each in reached.values())
        assert forms._mean_keeps_ranges(counts, people, joined) is expected
        kept, lost = kept + expected, lost + (not expected)
    assert kept > 20


@pytest.mark.parametrize("question", [AGREE, SCALE])
def test_a_mean_is_that_of_the_answers_a_half_upwards_and_never_near_an_end(question):
    draw = np.random.default_rng(5)
    none = 0
    for _ in range(300):
        counts = draw.multinomial(draw.integers(20, 60), draw.dirichlet(np.full(question.options, 0.1))).tolist()
        people, value = sum(counts), sum((i + question.lowest) * n for i, n in enumerate(counts))
        above = value - question.lowest * people
        below = (question.lowest + question.options - 1) * people - value
        near_end = min(above, below) < 2 * (question.options - 1)
        tenths = next(t for t in range(-1, 120) if 2 * t * people - people <= 20 * value < 2 * t * people + people)
        assert forms._mean(question, counts, people) == (None if near_end else tenths / 10)
        none += near_end
    assert 5 < none < 280 and forms._mean(CHOICE, [9, 9, 9, 9], 36) is None


@pytest.mark.parametrize("answers", [12, 19, 20, 29, 30, 39, 40, 99, 100, 300])
def test_one_share_is_a_range_within_its_end_and_else_the_nearest_percent(answers):
    end = end_percent(answers)
    for count in range(answers + 1):
        exact = count / answers * 100
        if exact <= end:
            expected: object = (0, end)
        elif exact >= 100 - end:
            expected = (100 - end, 100)
        else:
            expected = int(exact + 0.5 + 1e-9) if answers >= 20 else (20, 80)
        assert forms._one_share(count, answers) == expected
        if answers < 30:
            middle = (20, 80) if 20 < exact < 80 else (0, 20) if exact <= 20 else (80, 100)
            assert forms._three_ranges(count, answers) == middle


def test_shares_go_to_the_nearest_step_and_ranges_outwards():
    assert [in_steps(share, 5) for share in (2, 3, 7, 8, 97, 98, 50)] == [(0, 5), 5, 5, 10, 95, (95, 100), 50]
    assert [in_steps(share, 10) for share in (4, 5, 14, 15, 94, 95)] == [(0, 10), 10, 10, 20, 90, (90, 100)]
    assert [in_steps(share, 5) for share in ((0, 2), (31, 36), (95, 100), (30, 35))] == [
        (0, 5), (30, 40), (95, 100), (30, 35),
    ]  # fmt: skip
    assert [nearest_percent(count, 40) for count in (1, 3, 20)] == [3, 8, 50]


def test_a_form_is_read_back_as_a_release_told_it():
    told = {"status": "range", "options": [[0, 5], 30, 65], "top": None, "mean": None, "step": 1, "reason": "ends"}
    assert Form.of(told) == Form(((0, 5), 30, 65), None, None, 1, "ends")
    assert Form.of({**told, "options": None, "top": [0, 5]}) == Form(None, (0, 5), None, 1, "ends")
    assert Form.of({**told, "status": "withheld"}) is None
    assert Form().is_empty and not Form(top=4).is_empty and not Form(options=(40, 60)).is_empty
    assert not Form(options=(40, 60), top=40).has_range and Form(top=(0, 5)).has_range
    assert Form(options=(40, 60), top=(0, 5)).has_range and Form(options=((0, 5), 60)).has_range


def test_what_is_shown_says_why_it_is_no_more():
    reasons = {
        "under_20": form(AGREE, [5, 5, 4, 3, 2]), "under_30": form(AGREE, [5, 5, 4, 3, 3]),
        "crossed": form(AGREE, [6, 6, 6, 6, 6], crossed=True), "ends": form(AGREE, [1, 20, 20, 20, 20]),
        None: form(AGREE, [6, 6, 6, 6, 6]), "nearly_all": form(AGREE, [6, 6, 6, 6, 6], nearly_all=True),
    }  # fmt: skip
    assert [shown.reason for shown in reasons.values()] == list(reasons)
    assert (
        form(WISHES, [15, 15, 15], answers=30).reason is None
        and form(WISHES, [1, 15, 15], answers=30).reason == "ends"
    )
    assert form(AGREE, [5, 5, 5, 5, 5]).mean == 3.0 and form(AGREE, [6] * 5, crossed=True).mean is None
    assert form(CHOICE, [10] * 4, crossed=True).is_empty and form(AGREE, [12, 12, 0, 0, 0]).mean is None
    assert form(SCALE, [*[3] * 10, 1]) == Form(None, 23, None, 1, "not_apart"), "nothing can hide them all"


@pytest.mark.parametrize("question", [AGREE, SCALE, YES_NO])
def test_the_upper_share_is_that_of_its_parts_and_a_range_where_a_part_hides_below(question):
    seen = set()
    for people, _, counts in tables(question, 4):
        shown = form(question, counts)
        if shown.options is None:
            continue
        end, parts = end_percent(people), [shown.options[i] for i in question.top]
        alone = forms._one_share(sum(counts[i] for i in question.top), people)
        joined = forms._joined_options(question, counts, people) or []
        crosses = any(0 < len(set(each.members) & set(question.top)) < len(each.members) for each in joined)
        expected: object = alone
        if not isinstance(alone, tuple) and crosses:
            ends = [share if isinstance(share, tuple) else (share, share) for share in parts]
            expected = (sum(low for low, _ in ends), min(100, sum(high for _, high in ends)))
        elif not isinstance(alone, tuple) and not joined:
            whole = sum(whole_percents(counts)[i] for i in question.top)
            assert end <= whole <= 100 - end
            expected = whole
        assert shown.top == expected
        seen.add((isinstance(alone, tuple), crosses, bool(joined)))
    assert len(seen) > 1


def test_a_share_of_just_the_end_is_a_range_too():
    assert form(CHOICE, [38, 1, 1, 0]).options == ((95, 100), (0, 5), (0, 5), (0, 5))
    assert form(AGREE, [2, 0, 0, 20, 18]).top == (95, 100) and form(AGREE, [20, 18, 0, 1, 1]).top == (0, 5)
    assert form(AGREE, [3, 0, 0, 20, 17]).top != (95, 100)
