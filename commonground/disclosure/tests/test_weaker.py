"""Telling less: in steps, then not at all, and only ever less."""

import pytest

from commonground.disclosure.weaker import WITHHELD, is_told_less, number_less, told_less

TOLD = {
    "status": "shown",
    "n": 49,
    "options": [12, 23, [0, 5], 38, 24],
    "top": 62,
    "mean": 3.1,
    "step": 1,
    "reason": None,
}


@pytest.mark.parametrize(
    ("people", "step", "options", "top"),
    [
        (49, 10, [10, 20, [0, 10], 40, 20], 60),
        (50, 5, [10, 25, [0, 5], 40, 25], 60),
        ({"at_least": 45, "at_most": 49}, 10, [10, 20, [0, 10], 40, 20], 60),
        ({"at_least": 45, "at_most": 50}, 5, [10, 25, [0, 5], 40, 25], 60),
    ],
)
def test_steps_are_of_ten_under_fifty_answers_and_else_of_five(people, step, options, top):
    told = {**TOLD, "n": people}
    less = told_less(told)
    expected = {"status": "range", "options": options, "top": top, "mean": None, "step": step, "reason": "steps"}
    assert less == {**told, **expected}
    assert told_less(less) == WITHHELD
    assert [is_told_less(each, told) for each in (told, less, dict(WITHHELD))] == [True] * 3
    assert not is_told_less(told, less) and not is_told_less(less, WITHHELD) and is_told_less(WITHHELD, WITHHELD)


def test_the_status_says_whether_a_range_is_among_the_steps():
    assert told_less({**TOLD, "options": [20, 20, 20, 20, 20]})["status"] == "steps"
    assert told_less({**TOLD, "options": None, "top": [0, 5]})["status"] == "range"
    assert told_less({**TOLD, "options": None, "top": 3})["top"] == [0, 10]
    alone = told_less({**TOLD, "options": [50, 50], "top": None})
    assert (alone["status"], alone["top"], alone["options"]) == ("steps", None, [50, 50])
    assert told_less({**TOLD, "options": None, "top": 41})["options"] is None


@pytest.mark.parametrize(
    ("answered", "people", "least"),
    [(49, 49, 39), (40, 49, 39), (39, 49, 39), (38, 49, 29), (12, 49, 10), (20, 25, 15)],
)
def test_bounds_leave_room_for_k_or_nobody_to_have_left_a_question_out(answered, people, least):
    told = {**TOLD, "n": answered}
    less = number_less(told, people, 10)
    assert less == {**told, "n": {"at_least": least, "at_most": people}}
    assert is_told_less(less, told) and is_told_less(told_less(less), told) and is_told_less(WITHHELD, told)
    assert number_less(less, people, 10) == WITHHELD
    assert number_less(told, {"at_least": 45, "at_most": 50}, 10) == WITHHELD


def test_something_else_is_not_less():
    assert not is_told_less({**TOLD, "top": 63}, TOLD)
    assert not is_told_less({**TOLD, "n": {"at_least": 10, "at_most": 49}, "top": 63}, TOLD)
    assert not is_told_less({**told_less(TOLD), "top": 70}, TOLD)
