"""The gate tried before anyone answers says the same each time, holds no answer, and names a coarser table."""

import time
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from commonground.disclosure import rehearsal
from commonground.disclosure.gate import protect
from commonground.disclosure.past import Earlier
from commonground.disclosure.plan import GroupQuestion, Question, TablePlan
from commonground.disclosure.rehearsal import (
    NOTHING_BEFORE,
    TRIES,
    Before,
    Showing,
    _draw,
    coarser,
    is_too_large,
    join_smallest,
    rehearse,
)
from commonground.disclosure.tests.systems import margin


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
    plan, people = district((12, 14, 90, 120, 100), levels=("a", "a", "a", "b", "a"))
    (sites, *_others) = rehearse(plan, people, 60)
    assert (sites.cells, sites.joined) == (4, 2)


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


def test_a_plan_is_too_large_by_the_cells_of_all_its_tables(monkeypatch):
    plan, _ = district(SIZES)
    cells = len(SIZES) + 6 + len(SIZES) * 6
    for most, too_large in ((cells, False), (cells - 1, True)):
        monkeypatch.setattr(rehearsal, "MOST_CELLS", most)
        assert is_too_large(plan) is too_large


def test_a_table_is_thin_that_hides_more_than_three_in_ten():
    found = Showing(("site",), cells=1000, shown=700, joined=0, people=80, forbidden=0)
    assert (found.hidden, found.is_thin) == (300, False)
    assert replace(found, shown=699).is_thin
    assert not replace(found, cells=0, shown=0).is_thin


def test_the_middle_of_all_tries_is_told(monkeypatch):
    plan, people = district(SIZES)
    shown = iter([9, 2, 5])
    monkeypatch.setattr(rehearsal, "_tried", lambda *_: [Showing((), 9, next(shown), 0, 0, 0)])
    assert [one.shown for one in rehearse(plan, people, 55)] == [5]


@pytest.fixture
def shows(monkeypatch):
    """Let tables of so many sites and jobs show what a test says of twelve cells; return those that were tried."""
    tried = []

    def set_up(shown):
        def found(plan, people, percent, before=NOTHING_BEFORE):
            size = tuple(group.labels for group in plan.groups)
            tried.append((size, sorted(before.names)))
            assert sum(people.values()) == sum(plan.groups[0].roster) and percent == 55
            cells = 12 if shown.get(size, 1) is not None else 0
            crossed = Showing(("site", "job"), cells, shown.get(size) or 0, 0, 100, 0)
            return (Showing(("site",), 8, 8, 0, 100, 0), crossed, Showing(("job",), 6, 6, 0, 100, 0))

        monkeypatch.setattr(rehearsal, "rehearse", found)
        plan, people = district((40, 50, 60, 70, 80, 90, 100, 110))
        return tried, lambda: coarser(plan, people, 55, ("site", "job"), Before())

    return set_up


def test_coarser_tables_are_tried_from_the_finest_the_second_group_first(shows):
    tried, look = shows({})
    assert look() is None
    sizes = [(8, 4), (6, 6), (8, 3), (4, 6), (8, 2), (3, 6), (2, 6)]
    names = [["job"], ["site"], ["job"], ["site"], ["job"], ["site"], ["site"]]
    assert tried == [*zip(sizes, names, strict=True), ((8, 6), [])]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({(8, 6): 2, (6, 6): 9, (8, 3): 11}, ("site", 6, 9)),
        ({(8, 6): 2, (6, 6): 8, (8, 3): 9}, ("job", 3, 9)),
        ({(8, 6): 2, (6, 6): 5, (8, 3): 7, (4, 6): 7, (2, 6): 3}, ("job", 3, 7)),
        ({(8, 6): 7, (6, 6): 5, (8, 3): 7}, None),
        ({(8, 6): None, (6, 6): 5}, None),
    ],
)
def test_the_finest_that_hides_at_most_three_in_ten_is_named_and_else_the_one_that_hides_least(shows, shown, found):
    named = shows(shown)[1]()
    assert (named and (named.group, len(named.holds), named.showing.shown)) == found


def test_two_by_two_groups_have_no_coarser_table():
    plan, people = district((22, 24), jobs=(0.5, 0.5))
    assert coarser(plan, people, 25, ("site", "job")) is None


def test_groups_of_equal_size_are_joined_as_they_come_and_levels_of_one_stay():
    equal = GroupQuestion("site", 4, (12,) * 4, (None,) * 4)
    assert join_smallest(equal, 3) == ((0, 1), (2,), (3,))
    assert join_smallest(equal, 2) == ((0, 1), (2, 3))
    apart = GroupQuestion("site", 3, (None, 5, 6), ("a", "b", "c"))
    assert join_smallest(apart, 1) == ((0,), (1,), (2,))
    unknown = GroupQuestion("site", 3, (9, None, 8), (None,) * 3)
    assert join_smallest(unknown, 2) == ((0,), (1, 2))
    assert join_smallest(replace(unknown, roster=(1, 0, None)), 2) == ((0,), (1, 2)), "it counts as nobody"
    four = GroupQuestion("site", 4, (5, None, 5, 5), (None,) * 4)
    assert join_smallest(four, 2) == ((0, 1), (2, 3))


def test_plan_and_staff_list_are_told_with_labels_joined():
    plan, people = district((10, 20, 30, 40), jobs=(0.5, 0.3, 0.2), levels=("a", "b", "a", "b"))
    joined, moved = rehearsal._with_joined(plan, people, plan.groups[0], ((0, 2), (1,), (3,)))
    sites, jobs = joined.groups
    assert (sites.id, sites.labels, sites.roster, sites.levels) == ("site", 3, (40, 20, 40), ("a", "b", "b"))
    assert jobs == plan.groups[1] and joined.pairs == plan.pairs
    assert moved == {(0, 0): 20, (0, 1): 12, (0, 2): 8} | {
        (site, job): people[old, job] for site, old in ((1, 1), (2, 3)) for job in range(3)
    }
    by_job, moved = rehearsal._with_joined(plan, people, plan.groups[1], ((0,), (1, 2)))
    assert by_job.groups[1].roster == (50, 50) and by_job.groups[0] == plan.groups[0]
    assert moved == {(site, job): 5 * (site + 1) for site in range(4) for job in (0, 1)}
    unknown = replace(plan.groups[0], roster=(None, 20, 30, None))
    assert rehearsal._with_joined(plan, people, unknown, ((0, 2), (1, 3)))[0].groups[0].roster == (30, 20)


@pytest.mark.parametrize("percent", [0, 30, 100])
def test_so_many_answer_as_the_percent_says_and_nobody_who_is_not_there(percent):
    plan, people = district((10, 20, 30), jobs=(0.5, 0.5))
    drawn = _draw(plan, people, percent, 1)
    answered = Counter(zip(drawn["site"].tolist(), drawn["job"].tolist(), strict=True))
    assert sum(answered.values()) == round(0.6 * percent) and answered <= Counter(people)
    assert all(np.array_equal(each, _draw(plan, people, percent, 1)[name]) for name, each in drawn.items())


def test_what_is_shown_describes_a_share_of_those_who_answered():
    plan, people = district((8, 72), jobs=(1,))
    plan = replace(plan, groups=(replace(plan.groups[0], levels=("a", "b")), plan.groups[1]))
    sites, jobs, _ = rehearse(plan, people, 100)
    assert (sites.cells, sites.shown, sites.people) == (2, 1, 90), "one that nearly all answered is shown as well"
    assert (jobs.cells, jobs.shown, jobs.people) == (1, 1, 100)
    sites, jobs, _ = rehearse(plan, people, 0)
    assert (sites.shown, sites.people, jobs.people) == (0, 0, 0)


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


def test_what_waves_may_not_tell_of_a_crossed_cell_is_forbidden_too():
    plan, people = district((60, 60, 90, 120), jobs=(0.6, 0.4))
    columns = {**_draw(plan, people, 55, 9), "q": np.zeros(round(0.55 * sum(people.values())), dtype=np.uint8)}
    asked = replace(plan, questions=(Question("q", "agreement", 5),))
    grown, more = district((64, 64, 92, 124), jobs=(0.6, 0.4))
    before = Before([Earlier(protect(asked, columns).as_json(), "wave")])
    sites, _, crossed = rehearse(grown, more, 55, before)
    assert (sites.joined, sites.forbidden) == (0, 0)
    assert crossed.forbidden > 0 and crossed.shown + crossed.forbidden <= crossed.cells


def test_of_a_release_of_the_same_answers_only_the_groups_are_kept():
    plan, people = district((34, 31, 90, 120), jobs=(1,))
    same = Before([Earlier(released((34, 31, 90, 120), 25), "opening")])
    drawn = sites(plan, people, same)
    assert drawn.joined == sites(plan, people, Before()).joined + 2, "those that had few answers then"


def test_a_combination_is_forbidden_that_is_shown_alone_and_now_hidden_or_told_with_more_others():
    layout = margin([10] * 5)

    def shown(*flags):
        return rehearsal._Try(layout, layout.people_in, np.array(flags))

    now, alone = (
        dict[tuple[int, ...], int](zip(product(range(5)), cells, strict=True))
        for cells in ((0, 1, 1, 2, 3), range(5))
    )
    for hidden, forbidden in (({4}, 3), ({2, 4}, 2), ({1, 2, 4}, 1), (set(), 4)):
        beside = shown(False, True, True, False)
        assert rehearsal._forbidden(beside, now, shown(*(i not in hidden for i in range(5))), alone) == forbidden


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
