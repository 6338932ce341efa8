"""The gate tried before anyone answers says the same each time, holds no answer, and names a coarser table."""

import time
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from commonground.disclosure.gate import protect
from commonground.disclosure.memory import Earlier
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan
from commonground.disclosure.rehearsal import (
    TRIES,
    Before,
    _draw,
    coarser,
    is_too_large,
    join_smallest,
    rehearse,
)


def district(sizes, jobs=(0.5, 0.2, 0.1, 0.08, 0.07, 0.05), levels=None):
    """Return the plan and the staff list of sites of these sizes, each with the same kinds of jobs."""
    people = Counter(
        {(site, job): round(size * jobs[job]) for site, size in enumerate(sizes) for job in range(len(jobs))}
    )
    rosters: list[Counter[int]] = [Counter(), Counter()]
    for labels, count in people.items():
        for at in (0, 1):
            rosters[at][labels[at]] += count
    groups = tuple(
        GroupQuestion(name, len(roster), tuple(roster[i] for i in range(len(roster))), kinds)
        for name, roster, kinds in zip(
            ("site", "job"), rosters, (levels or (None,) * len(sizes), (None,) * len(jobs)), strict=True
        )
    )
    return TablePlan((), groups, ("site", "job"), (("site", "job"),), 10, sum(people.values())), people


SIZES = (80, 75, 66, 104, 240, 60, 120)


def test_the_same_staff_list_says_the_same_in_any_order():
    plan, people = district(SIZES)
    shuffled = dict(reversed(people.items()))
    assert rehearse(plan, people, 55) == rehearse(plan, people, 55)
    assert [one.cells for one in rehearse(plan, people, 55)] == [one.cells for one in rehearse(plan, shuffled, 55)]


def test_the_more_people_answer_the_more_is_shown():
    plan, people = district(SIZES)
    by_percent = [{one.groups: one.shown for one in rehearse(plan, people, percent)} for percent in (25, 55, 80)]
    crossed = [found["site", "job"] for found in by_percent]
    assert crossed[0] < crossed[1] <= crossed[2]
    assert by_percent[1]["site",] == len(SIZES)


def test_only_cells_that_hold_anyone_count():
    plan, people = district(SIZES)
    people[0, 5] = people[1, 5] = 0
    (crossed,) = (one for one in rehearse(plan, people, 70) if len(one.groups) == 2)
    assert crossed.cells == len(SIZES) * 6 - 2


def test_groups_that_are_joined_are_counted():
    plan, people = district((12, 14, 90, 120), levels=("a", "a", "a", "b"))
    (sites, *_others) = rehearse(plan, people, 60)
    assert (sites.cells, sites.joined) == (3, 2)


def test_a_table_that_hides_too_much_gets_a_coarser_one_that_hides_less():
    plan, people = district(SIZES)
    (now,) = (one for one in rehearse(plan, people, 55) if len(one.groups) == 2)
    assert now.is_thin
    found = coarser(plan, people, 55, ("site", "job"))
    assert found
    assert not found.showing.is_thin
    assert found.showing.hidden / found.showing.cells < now.hidden / now.cells
    assert sorted(label for labels in found.holds for label in labels) == list(
        range(plan.group(found.group).labels)
    )


def test_no_coarser_table_is_named_that_hides_as_much():
    plan, people = district((22, 24, 21, 23), jobs=(0.5, 0.5))
    found = coarser(plan, people, 25, ("site", "job"))
    assert found is None or found.showing.hidden < found.showing.cells


@pytest.mark.parametrize("most", [5, 3, 2])
def test_the_smallest_are_joined_inside_their_level(most):
    group = GroupQuestion("site", 6, (12, 14, 90, 8, 40, 300), ("a", "a", "a", "b", "b", "c"))
    holds = join_smallest(group, most)
    assert len(holds) == max(most, 3)
    for labels in holds:
        assert len({group.levels[label] for label in labels}) == 1
    assert holds == {5: ((0, 1), (2,), (3,), (4,), (5,)), 3: ((0, 1, 2), (3, 4), (5,))}.get(max(most, 3))


def test_a_plan_too_large_to_wait_for_is_known_before():
    large, _people = district((60,) * 200, jobs=(0.05,) * 20)
    assert is_too_large(large)
    assert not is_too_large(district(SIZES)[0])


def test_forty_sites_are_tried_while_one_waits():
    chance = np.random.default_rng(4)
    plan, people = district(chance.integers(40, 260, 40).tolist())
    begun = time.process_time()
    rehearse(plan, people, 55)
    coarser(plan, people, 55, ("site", "job"))
    assert time.process_time() - begun < 10


BEFORE = (32, 31, 90, 120)
"""Sites of which the first two had fewer than 20 answers in an earlier survey."""


def released(sizes, percent, seed=9):
    """Return a release of the same district when its sites had these sizes."""
    plan, people = district(sizes, jobs=(1,))
    answered = _draw(plan, people, percent, seed)
    columns = {**answered, "q": np.full(len(answered["site"]), 255, dtype=np.uint8)}
    return protect(replace(plan, questions=(Question("q", "agreement", 5),)), columns).as_json()


def sites(plan, people, before):
    (found, *_others) = rehearse(plan, people, 55, before)
    assert found.groups == ("site",)
    return found


@pytest.mark.parametrize("how", ["wave", "people"])
def test_what_an_earlier_release_forbids_is_known_before_anyone_answers(how):
    plan, people = district((34, 31, 90, 120), jobs=(1,))
    alone = sites(plan, people, Before())
    assert (alone.shown, alone.forbidden) == (4, 0)
    beside = sites(plan, people, Before([Earlier(released(BEFORE, 55), how)]))
    assert beside.forbidden == 2 and beside.joined == 2
    same = {"site": frozenset({1, 2, 3}), "job": frozenset({0})}
    assert sites(plan, people, Before([Earlier(released(BEFORE, 55), how, same=same)])).forbidden == 2


def test_an_earlier_release_of_the_same_people_or_of_many_answers_forbids_nothing():
    plan, people = district(BEFORE, jobs=(1,))
    same = {"site": frozenset(range(4)), "job": frozenset({0})}
    assert sites(plan, people, Before([Earlier(released(BEFORE, 55), "wave", same=same)])).forbidden == 0
    large, many = district((62, 61, 90, 120), jobs=(1,))
    assert sites(large, many, Before([Earlier(released((60, 60, 90, 120), 55), "wave")])).forbidden == 0


def test_beside_an_earlier_release_it_counts_as_the_gate_counts():
    plan, people = district((34, 31, 90, 120), jobs=(1,))
    earlier = [Earlier(released(BEFORE, 55), "wave")]
    shown = []
    for seed in range(TRIES):
        columns = _draw(plan, people, 55, seed)
        columns["q"] = np.full(len(columns["site"]), 255, dtype=np.uint8)
        asked = replace(plan, questions=(Question("q", "agreement", 5),))
        cells = protect(asked, columns, earlier).as_json()["cells"]
        shown.append(sum(cell["status"] == "shown" and cell["at"].keys() == {"site"} for cell in cells))
    assert sites(plan, people, Before(earlier)).shown == sorted(shown)[TRIES // 2]


def test_labels_that_are_joined_hold_what_each_held_before():
    before = Before([], {"site": [frozenset({4}), frozenset({7}), frozenset({5, 6})]})
    assert before.joined("site", ((0, 2), (1,))).names == {"site": [frozenset({4, 5, 6}), frozenset({7})]}
    assert before.joined("job", ((0, 1), (2,))).names["job"] == [frozenset({0, 1}), frozenset({2})]


def test_a_coarser_table_is_found_beside_an_earlier_release_too():
    plan, people = district(SIZES)
    columns = {**_draw(plan, people, 55, 9), "q": np.zeros(round(0.55 * sum(people.values())), dtype=np.uint8)}
    release = protect(replace(plan, questions=(Question("q", "agreement", 5),)), columns).as_json()
    before = Before([Earlier(release, "people")])
    grown, more = district([size + 2 for size in SIZES])
    (crossed,) = (one for one in rehearse(grown, more, 55, before) if len(one.groups) == 2)
    assert crossed.forbidden > 0
    found = coarser(grown, more, 55, ("site", "job"), before)
    assert found and found.showing.hidden / found.showing.cells < crossed.hidden / crossed.cells


def test_it_counts_as_the_gate_counts():
    """What is said to be shown is what a release of such answers shows, try by try."""
    plan, people = district(SIZES)
    shown = []
    for seed in range(TRIES):
        columns = _draw(plan, people, 55, seed)
        columns["q"] = np.full(len(columns["site"]), 255, dtype=np.uint8)
        asked = replace(plan, questions=(Question("q", "agreement", 5),))
        cells = protect(asked, columns).as_json()["cells"]
        places = {
            frozenset(cell["at"].items()) for cell in cells if cell["status"] == "shown" and len(cell["at"]) == 2
        }
        held = [{("site", site), ("job", job)} for site, job in product(range(len(SIZES)), range(6))]
        shown.append(sum(frozenset(at) in places for at in held))
    (crossed,) = (one for one in rehearse(plan, people, 55) if len(one.groups) == 2)
    assert crossed.shown == sorted(shown)[TRIES // 2]
