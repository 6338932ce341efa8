"""What an earlier release tells of a set of people, against everything that follows from its numbers."""

import copy
from itertools import combinations, product

import numpy as np
import pytest

from commonground.disclosure.cells import Layout
from commonground.disclosure.gate import protect
from commonground.disclosure.memory import Memory, OtherPeople
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.past import LEFT_OUT, Earlier, Past, Side, Where, renamed
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.tests.survey import AGREE, cell, group, released, two_way
from commonground.disclosure.tests.systems import margin
from commonground.disclosure.tests.test_gate import follows

LABELS = {"site": (0, 1, 2, LEFT_OUT), "job": (0, 1, LEFT_OUT)}
PEOPLE = list(product(LABELS["site"], LABELS["job"]))


def district(seed):
    """Return a release of three sites and two jobs, which some leave out, and how many are in each crossed cell."""
    draw = np.random.default_rng(seed)
    counts = draw.integers(0, 30, (4, 3)) * (draw.random((4, 3)) < 0.8)
    plan, columns = two_way(counts.tolist())
    if draw.random() < 0.5:
        levels = ("low", "low", "high")
        groups = (group("site", 3, (40, 60, 60), levels), plan.groups[1])
        plan = TablePlan(plan.questions, groups, ("site", "job"), plan.pairs)
    return released(plan, columns), counts.ravel()


def inside(where):
    """Return which of all people are in a cell, by what it holds."""
    held = dict(where)
    return [
        all(label in held.get(name, LABELS[name]) for name, label in zip(LABELS, who, strict=True))
        for who in PEOPLE
    ]


def less(total, parts):
    return np.array(inside(total), dtype=np.int64) - sum(np.array(inside(part), dtype=np.int64) for part in parts)


def nobody(past):
    """Return which of all people cannot be: what is not printed of a line whose printed parts are its total."""
    none = np.zeros(len(PEOPLE), dtype=bool)
    for total, parts in past.lines:
        numbers = {where: past.cells[where]["n"] for where in parts}
        if past.cells[total]["n"] == sum(n for n in numbers.values() if isinstance(n, int)):
            none |= np.any([inside(where) for where, n in numbers.items() if n is None] or [none], axis=0)
    return none


@pytest.mark.parametrize("seed", range(25))
def test_a_set_of_people_is_known_exactly_if_it_follows_from_the_printed_numbers(seed):
    release, counts = district(seed)
    past = Past(Earlier(release, "wave"))
    rows = np.array(
        [inside(where) for where, cell in past.cells.items() if isinstance(cell["n"], int)], dtype=np.int64
    )
    rows = np.vstack([rows, np.eye(len(PEOPLE), dtype=np.int64)[nobody(past)]])
    wanted: list[tuple[Where, list[Where]]]
    wanted = [(where, []) for where, cell in past.cells.items() if not isinstance(cell["n"], dict)]
    wanted += [(total, parts) for total, parts, _ in past.remainders]
    wanted += [(one, [other]) for one, other in combinations(past.cells, 2) if len(one) == len(other) == 1]
    for total, parts in wanted:
        sums = less(total, parts)
        if sums.min() < 0:
            continue
        known = past.people(total, parts)
        assert known == (int(sums @ counts) if follows(rows, sums[None])[0] else None)


@pytest.mark.parametrize("seed", range(25))
def test_the_rest_of_a_line_is_its_total_less_the_parts_that_are_printed(seed):
    release, _ = district(seed)
    past = Past(Earlier(release, "wave"))
    found = list(past.remainders)
    for total, shown, left in found:
        assert (less(total, [*shown, *left]) == 0).all()
        assert all(isinstance(past.cells[where]["n"], int) for where in (total, *shown))
        assert shown and left and not any(isinstance(past.cells[where]["n"], int) for where in left)
    every = Released(release)
    assert len(found) == sum(
        total in every.people and 0 < sum(at in every.people for at in parts) < len(parts)
        for total, parts in every.lines
    )


def levels_of_one():
    """Return a release in which a level holds one group, so that two cells hold the same people."""
    plan, columns = two_way([[30, 20, 0], [25, 25, 0], [20, 30, 0], [0, 0, 0]])
    levels = (group("site", 3, None, ("low", "low", "high")), plan.groups[1])
    return plan, released(TablePlan((AGREE,), levels, ("site", "job"), plan.pairs), columns)


@pytest.mark.parametrize("hidden", ["site", "site/level"])
def test_a_number_stands_that_either_of_two_cells_of_the_same_people_printed(hidden):
    _, release = levels_of_one()
    place = {"site": 2, "site/level": 1}[hidden]
    cell(release, **{hidden: place})["n"] = None
    past = Past(Earlier(release, "wave"))
    assert past.cells[frozenset({("site", frozenset({2}))})]["n"] == 50
    assert set(past.reporting) == {"site", "job"}


def test_where_nobody_of_a_level_is_in_a_job_nobody_of_its_sites_is():
    """No line of the sites says so, as both of the other level are hidden there."""
    plan, columns = two_way([[12, 14, 0, 0], [21, 22, 0, 0], [30, 20, 24, 0], [25, 20, 26, 0], [0, 0, 0, 0]])
    levels = (group("site", 4, None, ("low", "low", "high", "high")), plan.groups[1])
    release = released(TablePlan((AGREE,), levels, ("site", "job"), plan.pairs), columns)
    for site, job in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (3, 2)):
        cell(release, site=site, job=job)["n"] = None
    past = Past(Earlier(release, "wave"))
    first = [frozenset({("site", frozenset({0})), ("job", frozenset({job}))}) for job in range(3)]
    assert past.people_of(first[:2]) == 26
    assert past.people_of(first[2:]) == 0
    assert past.people_of(first[:1]) is None
    assert first[0] in past.finest and first[2] not in past.finest


def test_of_a_number_that_reads_nearly_all_the_least_is_known():
    _, columns = two_way([[45, 0], [30, 0], [0, 0]])
    sites = (group("site", 2, (46, 60)), group("job", 1, (200,)))
    release = released(TablePlan((AGREE,), sites, ("site", "job"), (), eligible=106), columns)
    past = Past(Earlier(release, "wave"))
    first = frozenset({("site", frozenset({0}))})
    assert past.people(first) == 42 and past.people(first, [first]) == 0
    assert past.people(frozenset({("town", frozenset({0}))})) is None


# When two numbers side by side tell of few


def side(people=15, roster=30, where=None):
    where = where or frozenset({("site", frozenset({0}))})
    return Side(where, (), (where,), people, (roster,))


def sites(counts, rosters, how="wave", same=None):
    _, columns = two_way([[n, 0] for n in [*counts, 0]])
    plan = TablePlan((AGREE,), (group("site", len(counts), rosters), group("job", 1)), ("site", "job"), ())
    return Earlier(released(plan, columns), how, "x", same or {})


def test_a_number_tells_of_few_unless_both_are_large_or_the_roster_settles_it():
    memory = Memory([sites((15, 40, 60), (30, 60, 90))])
    assert memory.tells(side(15), 10) and memory.tells(side(900), 10)
    assert not memory.tells(side(0), 10), "nobody"
    assert memory.tells(side(15, 39), 10) and memory.tells(side(15, 21), 10)
    assert not memory.tells(side(15, 40), 10) and not memory.tells(side(15, 20), 10), "ten came or went"
    assert memory.tells(side(15, None), 10)
    second = frozenset({("site", frozenset({1}))})
    assert memory.tells(side(19, 60, second), 10) and not memory.tells(side(20, 60, second), 10)
    assert memory.tells(side(20, 60, second), 11)
    unknown = Memory([sites((15, 40, 60), None)])
    assert unknown.tells(side(15), 10)
    assert not Memory([sites((15, 40, 60), (30, 60, 90), "opening")]).tells(side(15), 10), "the same answers"


def test_the_number_of_a_reporting_group_is_judged_by_what_it_holds_and_its_own_roster():
    memory = Memory([sites((15, 40, 60), (30, 60, 90))], {"site": [frozenset({0}), frozenset({1}), frozenset({2})]})
    assert memory.tells_of_group("site", ReportingGroup((0,), roster=30), 15, 10)
    assert not memory.tells_of_group("site", ReportingGroup((0,), roster=40), 15, 10)
    assert not memory.tells_of_group("site", ReportingGroup((1,), roster=61), 40, 10)
    assert memory.tells_of_group("site", ReportingGroup((1,), roster=61), 40, 21)


def test_the_roster_of_a_set_of_groups_is_that_of_all_of_them_together():
    memory = Memory([sites((15, 14, 60), (30, 25, 90))])
    both: Where = frozenset()
    rest = frozenset({("site", frozenset({2}))})
    left = [frozenset({("site", frozenset({place}))}) for place in (0, 1)]
    second = Memory([sites((15, 14, 60), (30, 25, 90), same={"site": frozenset({0})})])
    assert second.tells(Side(both, [rest], left, 29, (30, 25)), 15), "one of two has the same people"
    for rosters, tells in (((30, 25), True), ((37, 32), True), ((38, 32), False), ((None, 40), True)):
        assert memory.tells(Side(both, [rest], left, 29, rosters), 15) is tells


def test_the_same_people_tell_nothing_new():
    same = Memory([sites((15, 40, 60), (30, 60, 90), same={"site": frozenset({0})})])
    assert not same.tells(side(15), 10)
    second = frozenset({("site", frozenset({1}))})
    assert same.tells(side(15, 60, second), 10)
    assert same.tells(side(15, 30, frozenset({("site", frozenset({0, LEFT_OUT}))})), 10)
    past = Past(sites((15, 40, 60), (30, 60, 90), same={"site": frozenset({0, 1, 2})}))
    assert past._is_unchanged(frozenset()), "every label has the same people, so all have"
    assert not Past(sites((15, 40), (30, 60), same={"site": frozenset({0})}))._is_unchanged(frozenset())
    assert not Past(sites((15, 40), (30, 60), same={"town": frozenset({0, 1})}))._is_unchanged(frozenset())
    assert not past._is_unchanged(frozenset({("site", frozenset({0, LEFT_OUT}))}))
    crossed = frozenset({("site", frozenset({0})), ("job", frozenset({0}))})
    assert not past._is_unchanged(crossed), "a crossed cell needs both"


# Names


def test_a_release_is_renamed_in_its_groups_levels_pairs_and_cells():
    _, release = levels_of_one()
    other = renamed(release, {"site": ("place", [[2], [0, 1], []])})
    assert [(each["id"], each["of"]) for each in other["groups"]] == [
        ({"site": "place", "site/level": "place/level", "job": "job~"}[each["id"]], each["of"] and "place")
        for each in release["groups"]
    ]
    holds = {each["id"]: [part["holds"] for part in each["reporting"]] for each in other["groups"]}
    assert holds["place"] == [[2], [0, 1], [], []] and holds["place/level"] == [[0, 1, 2], [], []]
    assert holds["job~"] == [[0], [1], []]
    assert {frozenset(pair) for pair in other["pairs"]} >= {frozenset({"place", "job~"})}
    assert {name for cell in other["cells"] for name in cell["at"]} == {"place", "place/level", "job~"}
    assert [cell["n"] for cell in other["cells"]] == [cell["n"] for cell in release["cells"]]


def test_labels_of_the_plan_are_matched_with_what_they_hold_of_an_earlier_release():
    first = sites((30, 40, 60), (60, 60, 90), same={"site": frozenset({0, 2}), "job": frozenset()})
    memory = Memory([first], {"site": [frozenset({0, 1}), frozenset({2})]})
    assert memory.held("site", ReportingGroup((0,))) == {0, 1}
    assert memory.held("site", ReportingGroup((1,), left_out=True)) == {2, LEFT_OUT}
    assert memory.held("job", ReportingGroup((0,))) == {0}
    assert [part["holds"] for part in memory.reporting["site"]] == [[], [], [1], []]
    assert [part["holds"] for part in memory.reporting["job"]] == [[0], []]
    assert memory.as_json() == [{"hash": "x", "how": "wave", "same": {"site": [1]}}]
    assert Memory([first]).as_json()[0]["same"] == {"site": [0, 2]}


def test_the_groups_of_the_opening_are_kept_before_those_of_a_wave_and_of_no_other_survey():
    one, two = sites((30, 40, 60), (15, 60, 90)), sites((30, 40, 60), (60, 60, 90), "opening")
    other = sites((30, 40, 60), (12, 13, 90), "people")
    assert [part["holds"] for part in Memory([one, two]).reporting["site"]] == [[0], [1], [2], []]
    assert "site" not in Memory([other]).reporting
    assert [part["holds"] for part in Memory([one, two, other]).reporting["site"]] == [[0], [1], [2], []]
    assert [part["holds"] for part in Memory([other, one]).reporting["site"]] == [[0, 1], [2], []]
    assert (Memory([two]).why_joined, Memory([two, one]).why_joined) == ("answers", "waves")
    assert (Memory([two]).has_waves, Memory([one]).has_waves, bool(Memory([one])), bool(Memory())) == (
        False, True, True, False,
    )  # fmt: skip


# Cells of the release that is made


def watched(rosters, minimum=15, groups=((0,), (1,), (2,)), name="site", names=None):
    """Return what must not follow beside a wave that hid its first two sites, 29 people together."""
    earlier = sites((15, 14, 60), (30, 25, 90)).release
    for each, n in zip(earlier["cells"], (101, None, None, 60, 12), strict=False):
        each["n"] = n
    parts = [ReportingGroup(holds, roster=roster) for holds, roster in zip(groups, rosters, strict=True)]
    parts.append(ReportingGroup((), left_out=True))
    places = np.repeat(np.arange(len(parts)), 40)
    layout = Layout({name: tuple(parts)}, ((), (name,)), {name: places}, 40 * len(parts))
    return (
        Memory([Earlier(earlier, "wave")], names).beside(layout, layout.people_in, None, minimum).watched.tolist()
    )


def test_a_rest_of_an_earlier_wave_is_watched_where_its_number_would_tell():
    assert watched((30, 25, 90)) == watched((37, 32, 90)) == [[1, 1, 0, 0]]
    assert watched((38, 32, 90)) == [], "fifteen came"
    assert watched((30, 25, 90), minimum=14) == [], "the sites hold 29 and 80"
    assert watched((25, 30, 90), groups=((1,), (0,), (2,))) == [[1, 1, 0, 0]]
    assert watched((55, 90), groups=((0, 1), (2,))) == [[1, 0, 0]]
    assert watched((30, 115), groups=((0,), (1, 2))) == [], "a group that holds a part of it only"
    assert watched((30, 25, 90), name="town") == []
    new = {"site": [frozenset({0}), frozenset({1}), frozenset({2}), frozenset[int]()]}
    assert watched((30, 25, 90, 50), groups=((0,), (1,), (2,), (3,)), names=new) == [[1, 1, 0, 1, 0]], "a new site"


def test_beside_the_same_opening_what_was_told_is_given_and_what_was_hidden_is_barred():
    earlier = sites((30, 40, 60), (60, 60, 90), "opening").release
    earlier["cells"][1].update(n=None, answers={})
    earlier["cells"][2].update(n={"at_least": 38, "at_most": 40})
    earlier["cells"][3]["answers"] = {"breaks": {"status": "withheld"}}
    layout = margin([30, 40, 60])
    found = Memory([Earlier(earlier, "opening")]).beside(layout, layout.people_in, None, 10)
    assert (found.given.tolist(), found.barred.tolist()) == ([True, False, True, True], [False, True, False, False])
    assert found.exact.tolist() == [True, False, False, True]
    assert [flags.tolist() for flags in found.told("breaks")] == [
        [True, False, True, False],
        [False, False, False, True],
    ]
    assert [flags.any() for flags in found.told("others")] == [False, False], "asked later"
    assert (
        found.answers(0, "breaks") == earlier["cells"][0]["answers"]["breaks"]
        and found.answers(1, "breaks") is None
    )
    town = Layout({"town": layout.groups["site"]}, ((), ("town",)), {"town": layout.places["site"]}, 130)
    new = Memory([Earlier(earlier, "opening")]).beside(town, layout.people_in, None, 10)
    assert new.given.tolist() == [True, False, False, False], "cells of another group"
    assert not new.barred.any()
    again = copy.deepcopy(earlier)
    again["cells"][1]["n"] = 30
    for order in ([earlier, again], [again, earlier]):
        both = Memory([Earlier(each, "opening") for each in order]).beside(layout, layout.people_in, None, 10)
        assert both.given.all() and not both.barred.any(), "a number that was ever printed stands"
    barring = found.barring(layout, {frozenset({("site", 2)})})
    assert barring.barred.tolist() == [False, True, False, True]


def test_beside_a_wave_cells_that_tell_of_few_are_barred_and_rests_of_lines_are_found():
    earlier = sites((15, 40, 60), (30, 60, 90))
    parts = tuple(ReportingGroup((i,), roster=roster) for i, roster in enumerate((30, 60, 90)))
    layout = Layout({"site": parts}, ((), ("site",)), {"site": np.repeat([0, 1, 2], [16, 40, 60])}, 116)
    people = layout.people_in
    beside = Memory([earlier]).beside(layout, people, None, 10)
    assert beside.barred.tolist() == [False, True, False, False] and not beside.given.any()
    exact = np.array([True, False, True, True])
    assert beside.exposed(layout, people, exact, 10) == {2}, "the rest is the first site"
    assert beside.exposed(layout, people, np.array([True, False, False, True]), 10) == set()
    assert beside.exposed(layout, people, np.array([True, True, True, True]), 10) == set()
    assert beside.exposed(layout, people, np.array([False, False, True, True]), 10) == set()
    assert beside.exposed(layout, people, np.array([True, True, False, True]), 21) == {1}


def test_a_line_of_which_no_part_is_shown_has_no_rest():
    layout = margin([9, 7])
    beside = Memory([sites((8, 7), None)]).beside(layout, layout.people_in, None, 10)
    assert beside.exposed(layout, layout.people_in, np.array([True, False, False]), 10) == set()


@pytest.mark.parametrize(("rosters", "exposed"), [((30, 100, 50), set()), ((30, 60, 120), {3})])
def test_the_rest_of_a_line_is_settled_by_the_rosters_of_its_own_cells(rosters, exposed):
    """Of all sites together the roster says the opposite."""
    parts = tuple(ReportingGroup((i,), roster=roster) for i, roster in enumerate(rosters))
    layout = Layout({"site": parts}, ((), ("site",)), {"site": np.repeat([0, 1, 2], [16, 40, 60])}, 116)
    beside = Memory([sites((15, 40, 60), (30, 60, 90))]).beside(layout, layout.people_in, None, 30)
    exact = np.array([True, False, False, True])
    assert beside.exposed(layout, layout.people_in, exact, 30) == exposed


def test_answers_of_other_people_are_refused():
    plan, columns = two_way([[30, 0], [40, 0], [0, 0]])
    first = Earlier(protect(plan, columns).as_json(), "opening")
    layout = margin([30, 40])
    people = layout.people_in
    Memory([first]).beside(layout, people, None, 10)
    with pytest.raises(OtherPeople):
        Memory([first]).beside(layout, people + np.array([1, 1, 0]), None, 10)
