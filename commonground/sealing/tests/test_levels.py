"""Comments by level: whichever lists are put together or taken from one another, enough people are left."""

from collections import Counter
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.errors import Malformed
from commonground.sealing.levels import Level, Levels, Printed, faults, levels_of, lists_told, own_lists, printed

NAMES = ("Elementary", "Middle", "High", "Central")
PLACES = (("Elementary", "Birch", 80), ("Elementary", "Fern", 70), ("High", "North", 60), ("High", "South", 50))


def option(level, name, roster):
    return {"level": {"en": level, "es": f"{level}, es"}, "holds": [name], "roster": roster}


def paper(places=PLACES, by="q1"):
    questions = [
        {"id": "q1", "kind": "one", "group": "site", "options": [option(*place) for place in places]},
        {"id": "q2", "kind": "text", "group": None, "options": []},
    ]
    return {"questions": questions, "table_plan": {"margins": ["q1"], "pairs": [], "comments": by}}


def release(answers=(60, 60), holds=((0, 1), (2, 3)), left_out=None, alone=0, comments="sealed"):
    """A release that prints the number of each level, None where it is hidden; `left_out` are with that level."""
    reporting = [
        {"level": level, "holds": list(held), "left_out": place == left_out}
        for place, (level, held) in enumerate(zip(("Elementary", "High"), holds, strict=True))
    ]
    reporting += [{"level": None, "holds": [], "left_out": True}] if left_out is None else []
    numbers = [*answers, *([alone] if left_out is None else [])]
    cells = [{"at": {"q1/level": place}, "n": number} for place, number in enumerate(numbers)]
    counted = sum(n if isinstance(n, int) else 60 for n in numbers)
    return {
        "counts": {"counted": counted},
        "comments": {"q2": comments},
        "tables": {"groups": [{"id": "q1/level", "of": "q1", "reporting": reporting}], "cells": [*cells]},
    }


def told(release, **written):
    return lists_told(paper(), release, {"q2": Counter(written)})


def test_two_levels_with_enough_have_lists_of_their_own():
    assert told(release(), Elementary=20, High=10) == {"q2": ["Elementary", "High"]}


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({}, {"Elementary": 20, "High": 9}),
        ({"answers": (60, 19)}, {"Elementary": 20, "High": 10}),
        ({"answers": (60, None)}, {"Elementary": 20, "High": 9}),
        ({"holds": ((0, 1), (2,))}, {"Elementary": 20, "High": 9}),
    ],
)
def test_where_what_remains_is_few_there_is_one_list(changed, written):
    assert told(release(**changed), **written) == {"q2": []}


@pytest.mark.parametrize("without_place", [0, 12])
def test_the_smallest_level_by_the_staff_list_shields_the_few_who_named_no_place(without_place):
    written = {"Elementary": 20, "High": 15, "": without_place}
    assert told(release(alone=15), **written) == {"q2": ["Elementary"]}


@pytest.mark.parametrize("hidden", [None, {"at_least": 55, "at_most": 60, "of": 60}])
def test_a_level_whose_number_is_not_printed_exactly_has_no_list(hidden):
    assert told(release(answers=(60, hidden)), Elementary=20, High=30) == {"q2": ["Elementary"]}


def test_people_who_named_no_place_stand_where_the_tables_count_them():
    with_high = release(left_out=1)
    levels = levels_of(paper())
    assert levels
    assert printed(levels, with_high["tables"]) == Printed({"Elementary": 60, "High": 60}, "High")
    assert told(with_high, **{"Elementary": 20, "High": 8, "": 2}) == {"q2": ["Elementary", "High"]}
    assert told(release(), **{"Elementary": 20, "High": 8, "": 2}) == {"q2": ["Elementary"]}


def test_no_list_is_of_one_place():
    one = paper((*PLACES[:2], ("High", "North", 110)))
    numbers = release(holds=((0, 1), (2,)))
    assert lists_told(one, numbers, {"q2": Counter(Elementary=30, High=30)}) == {"q2": []}


def test_comments_of_few_have_no_lists_at_all():
    assert told(release(comments="few"), Elementary=5, High=4) == {}


def test_a_paper_that_keeps_them_together_has_no_lists():
    together = paper()
    del together["table_plan"]["comments"]
    assert levels_of(together) is None
    assert lists_told(together, release(), {"q2": Counter(Elementary=50)}) == {}
    assert faults(together, release()) == []


@pytest.mark.parametrize("by", ["q2", "q9"])
def test_a_paper_that_names_no_place_is_refused(by):
    with pytest.raises(Malformed):
        levels_of(paper(by=by))


def test_an_answer_keeps_its_level_and_not_its_place():
    levels = levels_of(paper())
    assert levels
    assert [levels.level_at(place) for place in (0, 1, 2, 3, None)] == [
        "Elementary",
        "Elementary",
        "High",
        "High",
        "",
    ]


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        ({"q2": ["Elementary", "High"]}, None),
        ({"q2": []}, None),
        ({"q2": ["Elementary"]}, None),
        ({"q2": ["Birch"]}, "no list of their own"),
        ({}, "other comments"),
        (None, "differ"),
    ],
)
def test_lists_that_a_release_may_not_tell_are_found(lists, fault):
    said = {**release(), **({} if lists is None else {"comment_levels": lists})}
    found = faults(paper(), said)
    assert (not found) if fault is None else (len(found) == 1 and fault in found[0])


@pytest.mark.parametrize("answers", [(60, 19), (60, None)])
def test_a_list_of_a_level_that_is_not_told_or_leaves_few_is_found(answers):
    said = {**release(answers=answers), "comment_levels": {"q2": ["High"]}}
    assert "no list of their own" in faults(paper(), said)[0]
    said = {**release(answers=(60, 19)), "comment_levels": {"q2": ["Elementary"]}}
    assert "too little" in faults(paper(), said)[0]


@st.composite
def districts(draw):
    """Levels with their places, people, answers (or not printed), and comments; some people name no place."""
    levels, numbers, written, answered = [], {}, {}, 0
    for place, name in enumerate(NAMES):
        answers = draw(st.integers(0, 60))
        answered += answers
        if draw(st.booleans()) or draw(st.booleans()):
            numbers[name] = answers
        written[name] = draw(st.integers(0, answers))
        roster = draw(st.none() | st.integers(answers, 120))
        levels.append(Level({"en": name, "es": name}, frozenset([place]), draw(st.integers(1, 3)), roster))
    alone = draw(st.integers(0, 25))
    written[""] = draw(st.integers(0, alone))
    return Levels("q1", tuple(levels)), answered + alone, Printed(numbers), written


@given(districts())
def test_every_union_and_every_difference_of_lists_keeps_both_numbers(district):
    levels, answered, printed, written = district
    own = own_lists(levels, answered, printed, written)
    lists = [(printed.numbers[name], written[name]) for name in own]
    rest = (answered - sum(n for n, _ in lists), sum(written.values()) - sum(w for _, w in lists))
    lists += [rest] if rest != (0, 0) else []
    if len(lists) > 1:
        unions = chain.from_iterable(combinations(lists, size) for size in range(1, len(lists) + 1))
        assert all(sum(n for n, _ in some) >= 20 and sum(w for _, w in some) >= 10 for some in unions)
    if own and rest != (0, 0):
        assert sum(level.places for level in levels.all if level.name not in own) >= 2
    assert all(level.places >= 2 for level in levels.all if level.name in own)


@given(districts())
def test_levels_are_given_up_by_the_staff_list_from_the_smallest(district):
    """The rule gives up levels by the staff list alone, from the smallest."""
    levels, answered, printed, written = district
    own = own_lists(levels, answered, printed, written)
    able = [
        level
        for level in levels.all
        if level.places > 1 and printed.numbers.get(level.name, 0) >= 20 and written[level.name] >= 10
    ]
    by_size = sorted(able, key=lambda level: -(level.roster or 0))
    assert {level.name for level in by_size[: len(own)]} == set(own)
