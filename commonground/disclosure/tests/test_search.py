"""The search for decoys, on releases written by hand: what it finds, and of what it tells less for want of one."""

import copy

import numpy as np
import pytest

from commonground.disclosure import search as rules
from commonground.disclosure.certificate import CLOSE, Evidence, check, disagreements
from commonground.disclosure.decoys import Fit, fit_people
from commonground.disclosure.elastic import Price
from commonground.disclosure.limits import most_people
from commonground.disclosure.parts import Decoy
from commonground.disclosure.printed import NO_BOUND, Printed, Sums, families
from commonground.disclosure.reading import name
from commonground.disclosure.search import FEW_SWEEPS, OPTION_SWEEPS, Goal, NoDecoy, Search
from commonground.disclosure.tests.byhand import AGREE, document, told
from commonground.disclosure.weaker import WITHHELD, number_less, told_less

TWO = (AGREE, ("pride", "agreement", 5))


def search_of(made, of=0):
    """Return the search in a copy of a release, for one of its families."""
    made = copy.deepcopy(made)
    return Search(made, families(made)[of])


def searched(made, fixed=None):
    """Return a search that came to its end; its decoys certify what the release then tells."""
    search = search_of(made)
    while search.step(fixed):
        assert search.first
    reached, cells = search.progress
    assert reached == cells and not search.step(fixed)
    if not fixed:
        assert list(check([Printed(search.document, search.family)], [search.decoys])) == []
    return search


def begun(made):
    """Return a search with its first decoy."""
    search = search_of(made)
    assert search.step(None) and search.first and len(search.decoys) == 1
    return search


def without(made, **change):
    """Return what cells tell, each by its name."""
    return {name(frozenset(each["at"].items())): each for each in made["cells"]} | change


def changed(before, after):
    """Return (cell, question) of all that is told otherwise."""
    pairs = zip(before["cells"], after["cells"], strict=True)
    return [
        (name(frozenset(a["at"].items())), question)
        for a, b in pairs
        for question in a["answers"]
        if a["answers"][question] != b["answers"].get(question)
    ]


def at(search, table, **places):
    """Return (table, cell) of a place."""
    number = next(i for i, each in enumerate(search.printed.tables) if each.groups == tuple(table.split()))
    return number, search.printed.tables[number].cells.index(frozenset(places.items()))


def goal_at(search, people, table, **places):
    """Return the goal of so many people in a place."""
    number, cell = at(search, table, **places)
    return Goal(number, cell, people)


CROSSED = {
    "": 100,
    "site": [40, 35, 25],
    "job": [45, 30, 25],
    "site job": [[30, None, None], [None, 20, None], [None, None, None]],
}


def crossed(**change):
    return document({"site": 3, "job": 3}, CROSSED, pairs=[("site", "job")], **change)


# Searches from end to end


def test_where_people_alone_are_printed_every_hidden_cell_is_shown_to_hold_ten():
    made = crossed(questions=[])
    search = searched(made)
    assert search.document == made and search.hidden == [] and len(search.decoys) > 2


def test_a_search_finds_the_same_decoys_again():
    first, again = (searched(crossed()) for _ in range(2))
    for one, other in zip(first.decoys, again.decoys, strict=True):
        assert one.places == other.places and (one.people == other.people).all()
        assert all((a == b).all() for a, b in zip(one.weights, other.weights, strict=True))


def test_a_release_in_which_nothing_is_hidden_has_one_decoy():
    made = document({"site": 2}, {"": 50, "site": [30, 20]}, questions=[])
    search = searched(made)
    assert len(search.decoys) == 1 and search.progress == (0, 0)
    assert search.decoys[0].people == pytest.approx([30, 20])


def test_a_cell_that_its_lines_leave_empty_needs_to_hold_nobody():
    search = searched(document({"site": 2}, {"": 30, "site": [30, None]}, questions=[]))
    assert search.progress == (0, 0) and search.decoys[0].people == pytest.approx([30, 0])


def test_a_cell_of_a_small_roster_needs_to_hold_its_roster_only():
    made = document({"site": 3}, {"": 40, "site": [30, None, None]}, questions=[], rosters={"site": [40, 1, 60]})
    assert search_of(made).progress == (0, 2)
    search = searched(made)
    assert search.hidden == [] and max(decoy.people[1] for decoy in search.decoys) > 1 - CLOSE


def test_where_people_leave_a_hidden_cell_too_few_one_more_is_hidden():
    search = searched(document({"site": 3}, {"": 45, "site": [40, None, None]}, questions=[]))
    assert search.hidden == [frozenset({("site", 0)})]
    (cell,) = (each for each in search.document["cells"] if each["at"] == {"site": 0})
    assert cell == {"at": {"site": 0}, "status": "withheld", "n": None, "reason": "protected", "answers": {}}


def test_of_crossed_groups_a_detail_is_hidden_before_a_total():
    """In the first row six people are hidden, in the others enough."""
    people = {
        "": 120,
        "site": [46, 40, 34],
        "job": [60, 30, 30],
        "site job": [[40, None, None], [None, None, None], [None, None, None]],
    }
    search = searched(document({"site": 3, "job": 3}, people, questions=[], pairs=[("site", "job")]))
    assert search.hidden == [frozenset({("site", 0), ("job", 0)})]


def test_what_hides_a_cell_takes_all_it_tells_with_it():
    answers = {"site 0": {"breaks": told(40, top=40)}}
    search = searched(document({"site": 3}, {"": 45, "site": [40, None, None]}, answers))
    assert changed(document({"site": 3}, {"": 45, "site": [40, None, None]}, answers), search.document) == [
        ("site 0", "breaks")
    ]


def rest_alike(top_of_all=53, top_of_first=80):
    """Return sixty people of whom thirty-two agree, and as many of forty at the first site: of the rest nobody."""
    answers = {
        "the district": {"breaks": told(60, top=top_of_all)},
        "site 0": {"breaks": told(40, top=top_of_first)},
    }
    return document({"site": 3}, {"": 60, "site": [40, None, None]}, answers)


def test_where_a_hidden_rest_is_all_alike_the_smaller_cell_beside_it_tells_less():
    made = rest_alike()
    search = searched(made)
    assert changed(made, search.document) == [("site 0", "breaks")]
    assert without(search.document)["site 0"]["answers"]["breaks"] == told_less(told(40, top=80))


def test_where_a_hidden_rest_may_differ_nothing_is_told_less():
    made = rest_alike(60, 60)
    search = searched(made)
    assert search.document == made and search.hidden == []


def test_what_one_more_decoy_can_show_is_not_told_less():
    """Nothing is shown yet of who answered what, and the number of people in each cell is large enough."""
    search = begun(rest_alike(60, 60))
    made = copy.deepcopy(search.document)
    search.evidence = Evidence(search.printed)
    for large in search.evidence.large:
        large[:] = True
    assert search.evidence.all_certain() and search.step(None)
    assert len(search.decoys) == 2 and search.document == made and not search.step(None)


def test_a_question_of_which_only_one_is_certain_is_told_less_alone():
    made = rest_alike()
    made["questions"].append({"id": "pride", "kind": "agreement", "options": 5})
    for each in made["cells"][:2]:
        each["answers"]["pride"] = told(each["n"], top=60)
    assert changed(made, searched(made).document) == [("site 0", "breaks")]


def test_where_shares_in_steps_leave_room_for_some_no_more_is_taken_back():
    """The district prints that nobody gave three of the answers: in steps of five some may have."""
    answers = {"the district": {"breaks": told(100, options=[20, 0, 0, 0, 80])}}
    told_less = searched(crossed(answers=answers)).document["cells"][0]["answers"]["breaks"]
    assert told_less["status"] != "withheld" and told_less["reason"] == "steps"


def test_only_what_is_told_gives_way_and_something_has_to():
    search = begun(crossed(answers={"site 0": {"breaks": told(40, options=[20, 20, 20, 20, 20])}}))
    told_one, untold = (0, *at(search, "site", site=0)), (0, *at(search, "site", site=1))
    search._give_way(set())
    with pytest.raises(NoDecoy):
        search._give_way({untold})
    before = copy.deepcopy(search.document)
    search._give_way({told_one, untold})
    assert changed(before, search.document) == [("site 0", "breaks")]


def test_a_decoy_that_would_no_longer_agree_is_not_favoured(monkeypatch):
    search = begun(crossed())
    monkeypatch.setattr(Search, "_held", lambda *_: None)
    assert search._favoured(search.first.decoy, Evidence(search.printed)) is search.first.decoy


def test_where_no_less_can_be_told_it_is_no_release_of_the_gate():
    """In the district that families share nobody gave three of the answers, and nothing is told of them."""
    shared = begun(crossed()).first.sums[0]
    shared.options[0, 0] = [20, 0, 0, 0, 80]
    with pytest.raises(NoDecoy):
        searched(crossed(), shared)


@pytest.fixture(scope="module")
def pressed():
    """Return two groups crossed whose first places hardly agree and the second do: few are in one first only."""
    answers = {
        "the district": {"breaks": told(80, top=50)},
        "site 0": {"breaks": told(40, top=10)},
        "site 1": {"breaks": told(40, top=90)},
        "job 0": {"breaks": told(40, top=10)},
        "job 1": {"breaks": told(40, top=90)},
    }
    people = {"": 80, "site": [40, 40], "job": [40, 40]}
    made = document({"site": 2, "job": 2}, people, answers, pairs=[("site", "job")])
    return made, searched(made)


def test_shares_that_count_hidden_people_are_told_less_until_each_can_hold_ten(pressed):
    made, search = pressed
    less = changed(made, search.document)
    assert less and search.hidden == []
    cells = without(search.document)
    for where, question in less:
        before = without(made)[where]["answers"][question]
        assert cells[where]["answers"][question] in (told_less(before), WITHHELD)


def test_the_district_is_told_less_last(pressed):
    made, search = pressed
    assert ("the district", "breaks") not in changed(made, search.document)


def test_numbers_of_those_who_answered_are_told_as_bounds_where_they_stand_against_it():
    """All at a site answered, of two hidden ones as many as there must be nobody else."""
    answers = {"the district": {"breaks": told(60)}, "job 0": {"breaks": told(40)}, "job 1": {"breaks": told(10)}}
    people = {"": 60, "site": [30, 30], "job": [40, 20]}
    made = document({"site": 2, "job": 2}, people, answers, pairs=[("site", "job")])
    search = searched(made)
    (less,) = changed(made, search.document)
    assert less[1] == "breaks"
    where = without(made)[less[0]]
    assert without(search.document)[less[0]]["answers"]["breaks"] in (
        number_less(where["answers"]["breaks"], where["n"], 10),
        WITHHELD,
    )


def test_what_no_people_can_print_is_no_release():
    made = document({"site": 2}, {"": 50, "site": [30, 30]}, questions=[])
    with pytest.raises(NoDecoy):
        search_of(made).step(None)


def test_many_places_are_searched_few_at_a_time():
    """Of forty sites each hidden one gets its decoy in three."""
    numbers = [None, None, 20, 15] * 10
    made = document({"site": 40}, {"": 600, "site": numbers}, questions=[])
    search = searched(made)
    assert search.decoys[0].places is None and all(len(decoy.places or ()) == 3 for decoy in search.decoys[1:])


def test_the_district_that_families_share_is_kept():
    made = crossed(questions=[])
    district = Sums(np.array([100.0]), np.zeros((1, 0)), np.zeros((1, 0, 0)))
    search = searched(made, district)
    assert search.printed.fixed is district and search.step(None) is False and search.printed.fixed is district


# What is left to do


def test_a_search_holds_the_tables_of_its_family_in_any_order():
    search = search_of(crossed())
    assert search.holds(["job", "site"]) and search.holds(["site"]) and search.holds([])
    assert not search.holds(["tenure"]) and not search.holds(["site", "tenure"])


def test_details_come_before_totals_and_the_goal_is_what_a_cell_should_hold():
    made = document(
        {"site": 2, "job": 3},
        {"": 70, "job": [40, None, None]},
        pairs=[("site", "job")],
        rosters={"job": [50, 7, 60]},
    )
    search = search_of(made)
    goals = []
    while goal := search._goal():
        goals.append((*goal.place, goal.people))
        search.evidence.large[goal.table][goal.cell] = True
    assert goals == sorted(goals, key=lambda each: -each[0])
    assert len(goals) == 2 + 2 + 6 and (*at(search, "job", job=1), 7.0) in goals
    assert {people for table, _, people in goals if table == 3} == {7.0, 10.0}


def test_progress_counts_the_cells_that_could_hold_people():
    search = search_of(document({"site": 4}, {"": 60, "site": [40, None, None, 0]}, questions=[]))
    assert search.progress == (0, 2)
    search.note(Decoy(np.array([40.0, 12.0, 8.0, 0.0]), np.zeros((4, 0)), [np.ones((1, 0, 0)), np.ones((4, 0, 0))]))
    assert search.progress == (1, 2) and search.first and search.first.decoy is search.decoys[0]
    search.note(Decoy(np.array([40.0, 8.0, 12.0, 0.0]), np.zeros((4, 0)), [np.ones((1, 0, 0)), np.ones((4, 0, 0))]))
    assert search.progress == (2, 2) and search.first.decoy is search.decoys[0]


def test_decoys_are_kept_as_a_certificate_holds_them():
    search = search_of(crossed(questions=[]))
    third = np.full(9, 100 / 9)
    alike = [np.ones((len(table.cells), 0, 0)) for table in search.printed.tables]
    whole, nothing = search._part(None), np.zeros((9, 0))
    people, fits = fit_people(whole, whole.people, third, 600)
    held = search._held(whole, people, nothing, Fit(alike, {}, np.ones(9)))
    assert fits and held and (held.people == people.astype(np.float32)).all() and (held.people != people).any()
    assert search._held(whole, third, nothing, Fit(alike, {}, np.ones(9))) is None, "not what is printed"


# Where a decoy differs from the first one


def levelled(sites, levels, jobs=2, **change):
    """Return all hidden but the margins, with sites at levels."""
    people = {"": 40 * sites, "site": [40] * sites, "job": [20 * sites] * jobs}
    pairs = [("site", "job"), ("site/level", "job")]
    return document(
        {"site": sites, "job": jobs}, people, pairs=pairs, levels={"site": levels}, questions=[], **change
    )


def test_the_places_of_a_part_are_the_goals_own_then_its_levels_then_those_with_most_in_hidden_cells():
    search = begun(levelled(6, "abcabc"))
    people = np.array([[1, 9], [2, 8], [3, 7], [4, 6], [5, 5], [30, 6]], dtype=float).ravel()
    search.first.decoy.people[:] = people
    goal = goal_at(search, 10.0, "site job", site=1, job=0)
    assert search._own(goal) == ({1}, {1, 4})
    assert search._places_by_use(goal) == [1, 4, 5, 0, 2, 3]
    of_level = goal_at(search, 10.0, "site/level job", **{"site/level": 2, "job": 1})
    assert search._own(of_level) == (set(), {2, 5})
    assert search._places_by_use(of_level) == [5, 2, 0, 1, 3, 4]


def test_only_hidden_cells_have_people_to_give():
    made = document(
        {"site": 3, "job": 2},
        {"": 90, "site": [30, 30, 30], "site job": [[20, 10], [None, None], [15, None]]},
        questions=[],
        pairs=[("site", "job")],
    )
    search = begun(made)
    search.first.decoy.people[:] = [20, 10, 4, 5, 15, 9]
    assert search._places_by_use(goal_at(search, 10.0, "site job", site=2, job=1)) == [2, 1, 0]
    assert search._own(goal_at(search, 10.0, "job", job=1)) == (set(), set())
    assert search._places_by_use(goal_at(search, 10.0, "job", job=1)) == [0, 2, 1]


def test_levels_of_another_group_are_not_the_parted_ones():
    made = document({"site": 5, "job": 4}, {"": 90, "site": [18] * 5}, questions=[], levels={"job": "aabb"})
    search = search_of(made)
    assert search.printed.parted == "site" and search._own(goal_at(search, 10.0, "site", site=1)) == ({1}, set())


@pytest.mark.parametrize(
    ("places", "sizes"),
    [
        (2, [None]),
        (3, [None]),
        (4, [3, None]),
        (9, [3, 8, None]),
        (24, [3, 8, None]),
        (25, [3, 8, 24]),
        (30, [3, 8, 24]),
    ],
)
def test_few_places_are_tried_before_more_and_all_where_these_are_not_many(places, sizes):
    search = begun(document({"site": places}, {"": 10 * places}, questions=[]))
    parts = list(search._parts_for(Goal(1, places - 1, 10.0)))
    assert [part.places and len(part.places) for part in parts] == sizes
    assert all(
        places - 1 in part.places and list(part.places) == sorted(part.places) for part in parts if part.places
    )


def test_without_groups_there_are_no_places():
    search = begun(document({}, {"": 30}, questions=[]))
    assert [part.places for part in search._parts_for(Goal(0, 0, 10.0))] == [None]


# People


def test_in_a_part_the_goal_is_what_the_others_do_not_hold():
    search = begun(document({"site": 4}, {"": 40}, questions=[]))
    search.first.decoy.people[:] = 10
    goal = Goal(0, 0, 40.0)
    ((table, row, people),) = search._goals(search._part((0, 1)), goal)
    assert (table, row) == (0, 0) and people == pytest.approx(20, abs=CLOSE)
    ((table, row, people),) = search._goals(search._part((1, 3)), Goal(1, 3, 10.0))
    assert (table, row) == (1, 1) and 10 - CLOSE < people < 10
    assert search._goals(search._part(None), None) == []


def test_people_keep_to_all_numbers_and_reach_the_goal_or_there_are_none():
    search = begun(crossed(questions=[]))
    part, goal = search._part(None), goal_at(search, 10.0, "site job", site=2, job=2)
    people = search._people(part, goal, search._start(part))
    assert people[8] >= 10 - CLOSE
    for each, bounds in zip(part.touched, part.people, strict=True):
        assert bounds.outside(each.table.sums(people)) <= CLOSE
    assert search._people(part, Goal(goal.table, goal.cell, 26.0), search._start(part)) is None
    few = search._part((1, 2))
    assert search._people(few, goal, search._start(few))[5] >= 10 - CLOSE


def test_who_stands_in_a_line_that_the_goal_fills_nearly_is_to_make_room():
    """Eleven are hidden at the first site, so that ten in one cell leave hardly any to the other."""
    people = {"": 200, "site": [50, 150], "job": [39, 80, 81], "site job": [[39, None, None], [None, None, None]]}
    made = document({"site": 2, "job": 3}, people, questions=[], pairs=[("site", "job")])
    search = search_of(made)
    crossed_table, cell = at(search, "site job", site=0, job=1)
    for wanted, cleared in ((9.9, []), (10.0, []), (10.5, [2]), (11.0, [2])):
        assert np.flatnonzero(search._to_clear(Goal(crossed_table, cell, wanted))).tolist() == cleared
    lines = [search._room(line) for line in search.printed.lines_of[crossed_table, cell]]
    assert sorted(lines) == [11, 80, 161]


def test_the_middle_of_corners_keeps_to_every_number_with_people_in_each_hidden_cell(monkeypatch):
    asked = []

    def counted(printed, table, cell):
        asked.append((table, cell))
        return most_people(printed, table, cell)

    monkeypatch.setattr(rules, "most_people", counted)
    numbers = [[30, None, None], [20, None, 0], [None, None, None]]
    people = {"": 100, "site": [30, 21, 49], "site job": numbers, "job": [60, 21, 19]}
    search = search_of(document({"site": 3, "job": 3}, people, pairs=[("site", "job")], questions=[]))
    people = search._people_between_corners()
    assert asked == [(3, cell) for cell in (4, 6, 7, 8)] and people[[4, 6, 7, 8]].min() > 0.5
    for table, bounds in zip(search.printed.tables, search.printed.people, strict=True):
        assert bounds.outside(table.sums(people)) < 1e-6
    asked.clear()
    monkeypatch.setattr(rules, "MOST_CORNERS", 3)
    search._people_between_corners()
    assert asked == [(3, 4), (3, 7)]


def test_a_first_decoy_is_found_from_corners_where_scaling_creeps(monkeypatch):
    monkeypatch.setattr(rules, "MANY_SWEEPS", 1)
    made = crossed(questions=[])
    search = begun(made)
    assert search.first.decoy.people == pytest.approx(search._people_between_corners(), abs=1e-4)


def test_a_goal_that_is_nearly_all_there_can_be_is_reached_by_a_program():
    people = {"": 60, "site": [30, 30], "job": [50, 10]}
    made = document({"site": 2, "job": 2}, people, questions=[], pairs=[("site", "job")])
    search = begun(made)
    goal = goal_at(search, 10.0, "site job", site=0, job=1)
    found = search._people_by_program(goal)
    assert found[1] >= 10 - CLOSE and search.hidden == []
    for table, bounds in zip(search.printed.tables, search.printed.people, strict=True):
        assert bounds.outside(table.sums(found)) <= CLOSE
    assert search._people_by_program(Goal(goal.table, goal.cell, 11.0)) is None
    assert len(search.hidden) == 1


def test_people_of_a_program_stand_where_scaling_finds_none(monkeypatch):
    people = {"": 60, "site": [30, 30], "job": [50, 10]}
    search = begun(document({"site": 2, "job": 2}, people, questions=[], pairs=[("site", "job")]))
    monkeypatch.setattr(Search, "_people", lambda *_: None)
    found = search._people_by_program(goal_at(search, 10.0, "site job", site=0, job=1))
    assert found == pytest.approx([20, 10, 30, 0], abs=0.02) and (found > 0).all()


def test_the_cell_that_limits_a_goal_is_a_printed_one_and_a_detail_first():
    people = {"": 60, "site": [46, 14], "job": [52, 8], "site job": [[40, None], [None, None]]}
    made = document({"site": 2, "job": 2}, people, questions=[], pairs=[("site", "job")])
    printed = Printed(made)
    limit = most_people(printed, 3, 1)
    assert rules._cheapest(printed, limit) == (3, 0)
    limit.price[3][:] = 0
    table, cell = rules._cheapest(printed, limit)
    assert table in (1, 2) and limit.price[table][cell] == max(limit.price[1].max(), limit.price[2].max())
    for table in (1, 2):
        limit.price[table][:] = 0
    limit.price[0][:] = 1
    with pytest.raises(NoDecoy):
        rules._cheapest(printed, limit)


def test_of_details_the_one_that_limits_most_is_hidden_then_the_smallest():
    people = {"": 100, "site": [30, 20, 25, None, None]}
    printed = Printed(document({"site": 5}, people, questions=[]))
    limit = most_people(printed, 1, 3)
    assert rules._cheapest(printed, limit) == (1, 1)
    limit.price[1][:] = [1, 1, 2, 3, 0]
    assert rules._cheapest(printed, limit) == (1, 2)
    limit.price[1][:] = [1, 1e-9, 0, 3, 0]
    assert rules._cheapest(printed, limit) == (1, 0)


def test_who_is_to_make_room_starts_with_hardly_anybody(monkeypatch):
    starts = []

    def fit_people(part, bounds, start, sweeps):
        starts.append(start)
        return start, True

    search = begun(document({"site": 3}, {"": 45, "site": [34, None, None]}, questions=[]))
    monkeypatch.setattr(rules, "fit_people", fit_people)
    part, start = search._part(None), np.array([34.0, 6.0, 5.0])
    assert search._people(part, Goal(1, 1, 10.5), start) is starts[0]
    assert starts[0] == pytest.approx([34, 6, 5 * rules.SHRUNK])
    search._people(search._part((0, 2)), Goal(1, 2, 10.5), start[[0, 2]])
    assert starts[1] == pytest.approx([34, 5])
    search._people(part, None, start)
    assert starts[2] == pytest.approx(start)


def test_from_the_middle_of_a_program_and_the_first_decoy_people_are_scaled(monkeypatch):
    people = {"": 60, "site": [30, 30], "job": [50, 10]}
    search = begun(document({"site": 2, "job": 2}, people, questions=[], pairs=[("site", "job")]))
    starts, found = [], np.ones(4)

    def scaled(self, part, goal, start):
        starts.append(start)
        return found

    monkeypatch.setattr(Search, "_people", scaled)
    assert search._people_by_program(goal_at(search, 10.0, "site job", site=0, job=1)) is found
    first = search.first.decoy.people
    assert starts[0][:3] == pytest.approx((first[:3] + np.array([20, 10, 30])) / 2)
    assert starts[0][3] == pytest.approx(first[3] / 2 * rules.SHRUNK)


# How hard it is tried


class Tried(Search):
    """A search that only notes what it would do; `fits` says for each try whether a decoy is found."""

    def start(self, fits=(), people=True, program=None):
        self.fits, self.people, self.program, self.done = list(fits), people, program, []
        return self

    def _people(self, part, goal, start):
        return start if self.people else None

    def _people_by_program(self, goal):
        self.done.append("program")
        return self.program

    def _moved(self, part, people, goal, rounds):
        self.done.append((part.places and len(part.places), rounds))
        fit = Fit([], {}, np.ones(1))
        return ("decoy" if self.fits and self.fits.pop(0) else None), fit

    def note(self, decoy):
        self.done.append(decoy)

    def _insist(self, part, people, goal, fit):
        self.done.append(("insists", part.places and len(part.places), people is self.program, fit is not None))


class Insisting(Tried):
    """The same, that goes on until a decoy is found."""

    def _insist(self, part, people, goal, fit):
        Search._insist(self, part, people, goal, fit)

    def _make_way(self, part, people, fit, goal, first=False):
        self.done.append(first)
        return people

    def _withhold_more(self, goal):
        self.done.append("withholds")


def tried(places, kind=Tried, **start):
    made = document({"site": places}, {"": 10 * places}, questions=[])
    search = kind(made, families(made)[0])
    Search.note(search, begun(made).first.decoy)
    search.start(**start)
    search._reach(Goal(1, 0, 10.0))
    return search.done


def test_few_places_are_tried_shortly_and_the_last_for_long():
    assert tried(25) == [(3, FEW_SWEEPS), (8, FEW_SWEEPS), (24, OPTION_SWEEPS), ("insists", 24, False, True)]
    assert tried(24) == [(3, FEW_SWEEPS), (8, FEW_SWEEPS), (None, OPTION_SWEEPS), ("insists", None, False, True)]
    assert tried(25, fits=[False, True]) == [(3, FEW_SWEEPS), (8, FEW_SWEEPS), "decoy"]


def test_a_program_is_asked_only_where_scaling_finds_no_people():
    assert tried(25, people=False) == ["program"]
    found = np.ones(25)
    assert tried(25, people=False, program=found) == ["program", ("insists", None, True, False)]


def test_less_is_told_again_and_again_then_all_beside_is_withheld():
    patience = rules.PATIENCE
    told_less_ = [
        each for first in [True, *[False] * (patience - 1)] for each in (first, (None, rules.LESS_SWEEPS))
    ]
    more = ["withholds", (None, OPTION_SWEEPS)]
    fits = [False] * (patience + 2) + [True]
    assert tried(2, Insisting, fits=fits) == [(None, OPTION_SWEEPS), *told_less_, *more, *more, "decoy"]


def test_before_it_is_known_what_does_not_fit_nothing_is_told_less():
    done = tried(2, Insisting, people=False, program=np.ones(2), fits=[False, True])
    assert done == ["program", (None, rules.LESS_SWEEPS), False, (None, rules.LESS_SWEEPS), "decoy"]


class Making(Search):
    """A search whose program names a price, and that can move people or not."""

    def asked(self, price, moved, first):
        self.price, self.moved = price, moved
        self.given: list[tuple[int, int, int]] = []
        self.starts: list[list[float]] = []
        fit = Fit([], {0: {(1, 1): 1.0}}, np.ones(9))
        people = np.full(9, 2.0)
        after = self._make_way(self._part(None), people, fit, None, first)
        return ("same" if after is people else "moved" if after is moved else None), self.given

    def _price(self, part, fit, goal):
        return self.price

    def _people(self, part, goal, start):
        self.starts.append(start.tolist())
        return self.moved

    def _give_way(self, places):
        self.given += sorted(places)


def test_what_a_program_breaks_is_told_less_and_else_what_is_most_in_the_way_but_not_at_first():
    made = crossed(questions=[("rest", "several", 2), ("pride", "agreement", 5)])
    search = Making(made, families(made)[0])
    people = np.full(9, 4.0)
    stands, breaks, moved = Price([], people), Price([(0, 1, 0), (1, 1, 0), (2, 3, 4)], people), np.ones(9)
    in_the_way = [(0, 1, 1)]
    for first in (True, False):
        assert search.asked(breaks, moved, first) == ("same", [(0, 1, 0), (1, 3, 4)]) and search.starts == []
        assert search.asked(None, moved, first) == ("same", in_the_way) and search.starts == []
        assert search.asked(stands, None, first) == ("same", in_the_way)
    assert search.asked(stands, moved, True) == ("moved", []) and search.starts == [[3.0] * 9]
    assert search.asked(stands, moved, False) == ("moved", in_the_way)


def test_the_price_of_a_goal_is_what_the_program_breaks_and_none_where_people_forbid_it(pressed):
    made, _ = pressed
    search = begun(made)
    part, fit = search._part(None), Fit([], {0: {(0, 0): 1.0}}, np.ones(4))
    where = at(search, "site job", site=0, job=1)
    assert (
        search._price(part, fit, Goal(where[0], where[1], 10.0)).broken
        and not search._price(part, fit, None).broken
    )
    assert search._price(part, fit, Goal(where[0], where[1], 41.0)) is None


# Answers


def too_many_answered():
    """Return a site at which all answered, more than in all jobs."""
    answers = {"site 0": {"breaks": told(30)}, "job 0": {"breaks": told(10)}, "job 1": {"breaks": told(10)}}
    people = {"": 60, "site": [30, 30], "job": [30, 30]}
    return document({"site": 2, "job": 2}, people, answers, pairs=[("site", "job")])


def test_who_answered_is_told_as_bounds_only_where_that_is_insisted_on():
    made = too_many_answered()
    search = search_of(made)
    part, people = search._part(None), np.full(4, 15.0)
    assert search._answered(part, people, insist=False) is None and search.document == made
    answered = search._answered(part, people, insist=True)
    less = changed(made, search.document)
    assert less and len(less) < 3
    for where, _ in less:
        told_there = without(search.document)[where]["answers"]["breaks"]
        before = without(made)[where]["answers"]["breaks"]
        assert told_there == number_less(before, 30, 10) and told_there != WITHHELD
    for each, bounds in zip(part.touched, part.answered, strict=True):
        assert bounds.outside(each.table.sums(answered)) <= CLOSE


def test_where_few_places_are_tried_nothing_is_told_less_of_who_answered():
    made = too_many_answered()
    search = search_of(made)
    assert search._moved(search._part(None), np.full(4, 15.0), None, FEW_SWEEPS) == (None, None)
    assert search.document == made
    assert search._moved(search._part(None), np.full(4, 15.0), None, OPTION_SWEEPS)[0]
    assert changed(made, search.document)


def fits_at_last(monkeypatch, *fits):
    """Let answers fit as said, one after another; return who answered and the weights begun with."""
    asked, answers = [], iter(fits)

    def fit_options(part, answered, sweeps, start=None, loose=0):
        asked.append((answered[:, 0], start))
        return next(answers)

    monkeypatch.setattr(rules, "fit_options", fit_options)
    return asked


def test_where_answers_do_not_fit_people_are_moved_and_what_fits_is_begun_with(monkeypatch):
    made = document({"site": 2}, {"": 80}, {}, TWO)
    search = begun(made)
    part, drift = search._part(None), np.array([0.5, 1.5])
    first = [each.copy() for each in search.first.decoy.weights]
    weights = [np.full_like(each, 0.25) for each in first]
    off = Fit(weights, {1: {(1, 0): 1.0}}, drift)
    for moves, people in ((True, [20.0, 60.0]), (False, [40.0, 40.0])):
        asked = fits_at_last(monkeypatch, off, Fit(first, {}, drift))
        monkeypatch.setattr(
            Search, "_people", lambda self, part, goal, start, moves=moves: start if moves else None
        )
        decoy, fit = search._moved(part, np.array([40.0, 40.0]), None, (9, 9))
        assert not fit.conflicts and decoy.people.tolist() == people
        assert [(a == b).all() for a, b in zip(asked[0][1], first, strict=True)] == [True, True]
        for again, before in zip(asked[1][1], first, strict=True):
            assert (again[:, 0] == 0.25).all() and (again[:, 1] == before[:, 1]).all()


def test_a_part_begins_with_the_weights_of_the_first_decoy_in_its_cells():
    search = search_of(crossed())
    assert search._weights_of_first(search._part(None)) is None
    search.step(None)
    few = search._part((1, 2))
    for each, weights, touched in zip(
        search._weights_of_first(few), search.first.decoy.weights, few.touched, strict=True
    ):
        assert (each == weights[touched.cells]).all()


def test_what_a_decoy_shows_alone_is_what_it_holds():
    search = begun(crossed())
    alone = search._alone(search.first.decoy)
    assert Evidence(search.printed).all_certain() and not alone.all_certain()
    assert (alone.some[3] == search.evidence.some[3]).all()


def test_answers_that_nobody_gave_so_far_are_given_by_some_also_where_they_are_rare_in_the_district():
    """Up to one in a hundred of the district gave it, in this decoy only one cell: every cell is to hold some."""
    answers = {"the district": {"breaks": told(100, options=[(0, 1), 25, 25, 25, 25])}}
    search = begun(crossed(answers=answers))
    decoy, evidence, part = search.first.decoy, Evidence(search.printed), search._part(None)
    decoy.weights[at(search, "site job", site=0, job=0)[0]][:8, 0, 0] = 1e-20
    evidence.add(part, part.sums(decoy))
    assert len(evidence.all_certain()) == 2 + 2 + 8
    favoured = search._favoured(decoy, evidence)
    evidence.add(part, part.sums(favoured))
    assert evidence.all_certain() == []
    assert list(disagreements(part, favoured, part.sums(favoured))) == []


def test_weights_that_have_run_away_are_those_from_before():
    before = [np.full((1, 3, 2), 1.0), np.full((2, 3, 2), 2.0)]
    after = [np.full((1, 3, 2), 8.0), np.full((2, 3, 2), 9.0)]
    kept = rules._kept(Fit(after, {1: {(0, 0): 1.0}}, np.ones(2)), before)
    assert [each[:, 1].ravel().tolist() for each in kept] == [[1, 1], [2, 2, 2, 2]]
    assert [np.unique(each[:, [0, 2]]).tolist() for each in kept] == [[8], [9]]


# Of what less is told


@pytest.fixture
def telling():
    """Return sites, jobs and both, which tell of two questions here and there."""
    answers = {
        "the district": {"breaks": told(100, top=40), "pride": told(100, top=40)},
        "site 0": {"breaks": told(40, top=40)},
        "site 1": {"breaks": told(35, top=40), "pride": told(35, top=40)},
        "job 0": {"breaks": told(45, top=40)},
        "job 0 x site 0": {"breaks": told(30, top=40)},
        "job 1 x site 1": {"breaks": told(20, top=40)},
    }
    return search_of(crossed(answers=answers, questions=TWO))


def held_fast(search):
    width = (1, len(search.printed.items), 5)
    search.printed.fixed = Sums(np.array([100.0]), np.full((1, 2), 100.0), np.full(width, 20.0))
    return search


def test_what_tells_of_a_question_is_every_cell_but_a_district_held_fast(telling):
    site, job = 1, 2
    cells = [(0, 0), (site, 0), (site, 1), (job, 0), (3, 0), (3, 4)]
    assert telling._telling(0) == cells and telling._telling(1) == [(0, 0), (site, 1)]
    assert held_fast(telling)._telling(0) == cells[1:] and telling._telling(1) == [(site, 1)]


def test_less_is_told_where_it_is_off_most_near_the_goal_and_in_the_district_last(telling):
    off = {(0, 0): 9.0, (1, 0): 3.0, (1, 1): 5.0, (3, 0): 5.0}
    assert telling._off(0, off, set()) == (1, 1)
    assert telling._off(0, off, {(1, 0), (0, 0)}) == (1, 0)
    assert telling._off(0, off, {(1, 0), (3, 0)}) == (3, 0)
    assert telling._off(0, {(0, 0): 9.0}, set()) == (0, 0)
    assert telling._off(0, {(1, 0): 3.0002, (1, 1): 3.0001}, set()) == (1, 0)


def test_instead_of_a_district_held_fast_the_largest_in_it_tells_less(telling):
    held_fast(telling)
    assert telling._off(0, {(0, 0): 9.0}, set()) == (1, 0)
    assert telling._off(1, {(0, 0): 9.0}, set()) == (1, 1)
    assert telling._off(0, {(0, 0): 9.0, (3, 4): 1.0}, set()) == (3, 4)
    assert telling._off(0, {(3, 0): 1.0}, set()) == (3, 0)
    telling._withhold({(1, 1)})
    with pytest.raises(NoDecoy):
        telling._off(1, {(0, 0): 9.0}, set())


def test_the_largest_in_a_district_held_fast_need_not_be_the_first():
    answers = {f"site {place}": {"breaks": told(n, top=40)} for place, n in enumerate((30, 45, 25))}
    search = search_of(document({"site": 3}, {"": 100, "site": [30, 45, 25]}, answers, TWO))
    assert held_fast(search)._off(0, {(0, 0): 9.0}, set()) == (1, 1)


def test_beside_what_is_certain_the_smallest_that_tells_of_it_tells_less(telling):
    hidden = at(telling, "site job", site=0, job=1)
    assert telling._beside([(*hidden, 0)]) == {(0, 3, 4)}
    assert telling._beside([(*hidden, 1)]) == {(1, 0, 0)}
    assert telling._beside([(*hidden, 0), (*hidden, 1)]) == {(0, 3, 4), (1, 0, 0)}
    held_fast(telling)
    assert telling._beside([(*hidden, 1)]) == {(1, 1, 1)}
    telling._withhold({(1, 1)})
    assert telling._beside([(*hidden, 1)]) == {(1, 0, 0)}


def test_the_smallest_cell_is_no_district_and_of_equals_a_detail(telling):
    assert telling._smallest([(0, 0), (1, 0), (1, 1), (2, 0)]) == (1, 1)
    assert telling._smallest([(1, 1), (3, 0)]) == (3, 0)
    assert telling._smallest([(1, 0), (0, 0)]) == (1, 0) and telling._smallest([(0, 0)]) == (0, 0)
    assert telling._smallest([(2, 2), (1, 2)]) == (2, 2) and telling._smallest([(3, 2), (3, 1)]) == (3, 1)


def test_in_the_way_is_one_cell_for_each_question(telling):
    fit = Fit([], {0: {(0, 0): 3.0, (1, 0): 2.0}, 1: {(1, 1): 1.0, (0, 0): 2.0}}, np.ones(9))
    assert telling._in_the_way(fit, None) == [(0, 1, 0), (1, 1, 1)]
    one = Fit([], {0: {(1, 1): 3.0, (3, 4): 2.0, (3, 0): 1.0}}, np.ones(9))
    assert telling._in_the_way(one, None) == [(0, 1, 1)]
    goal = goal_at(telling, 10.0, "site", site=0)
    assert telling._in_the_way(one, goal) == [(0, 1, 1)]
    assert telling._in_the_way(Fit([], {0: {(2, 0): 3.0, (3, 0): 1.0}}, np.ones(9)), goal) == [(0, 3, 0)]


def test_cells_that_share_a_line_with_a_cell(telling):
    everything = set(telling._in_lines(at(telling, "site job", site=0, job=1)))
    crossed_cells = {(3, cell) for cell in range(9)}
    assert everything == {(0, 0), (1, 0), (2, 1)} | crossed_cells
    within = set(telling._in_lines(at(telling, "site job", site=0, job=1), within=True))
    assert within == {(1, 0), (2, 1), (3, 0), (3, 1), (3, 2), (3, 4), (3, 7)}
    assert set(telling._in_lines((0, 0), within=True)) == set()


def test_more_is_withheld_in_the_lines_of_the_goal_then_beside_it_then_everywhere(telling):
    made = copy.deepcopy(telling.document)
    goal = goal_at(telling, 10.0, "site job", site=0, job=1)
    rounds = []
    for _ in range(2):
        telling._withhold_more(goal)
        rounds.append(changed(made, telling.document))
    near = [("site 0", "breaks"), ("job 0 x site 0", "breaks"), ("job 1 x site 1", "breaks")]
    assert rounds[0] == near
    assert sorted(rounds[1]) == sorted([*near, ("site 1", "breaks"), ("site 1", "pride"), ("job 0", "breaks")])
    with pytest.raises(NoDecoy):
        telling._withhold_more(goal)
    assert set(without(telling.document)["the district"]["answers"]) == {"breaks", "pride"}
    assert all(each == WITHHELD for each in without(telling.document)["site 1"]["answers"].values())


def test_lines_of_groups_come_before_those_of_the_district():
    names = ["job 0 x site 0", "job 2 x site 2", "site 2"]
    search = search_of(crossed(answers={each: {"breaks": told(20, top=40)} for each in names}))
    made = copy.deepcopy(search.document)
    rounds = []
    for _ in names:
        search._withhold_more(goal_at(search, 10.0, "site job", site=0, job=1))
        rounds.append({where for where, _ in changed(made, search.document)})
    assert rounds == [set(names[:1]), set(names[:2]), set(names)]


def test_beside_the_goal_comes_before_everywhere():
    answers = {f"job {i} x site {i}": {"breaks": told(20, top=40)} for i in range(2)}
    answers["the district"] = {"breaks": told(100, top=40)}
    search = search_of(crossed(answers=answers))
    made = copy.deepcopy(search.document)
    search._withhold_more(goal_at(search, 10.0, "site job", site=2, job=2))
    assert changed(made, search.document) == [("job 0 x site 0", "breaks"), ("job 1 x site 1", "breaks")]


def test_telling_less_is_read_at_once(telling):
    telling._give_way([(0, 1, 0), (1, 1, 1)])
    cells = without(telling.document)
    assert cells["site 0"]["answers"]["breaks"] == told_less(told(40, top=40))
    assert cells["site 1"]["answers"]["pride"] == told_less(told(35, top=40))
    assert cells["site 1"]["answers"]["breaks"] == told(35, top=40)
    again = Printed(telling.document)
    for table, shares in zip(again.shares, telling.printed.shares, strict=True):
        assert (table.told == shares.told).all() and (table.top.most == shares.top.most).all()
    telling._number_less(0, 1, 0)
    assert telling.printed.answered[1].most[0, 0] == 40 and telling.printed.answered[1].least[0, 0] == 30
    telling._hide((1, 1))
    assert telling.printed.people[1].most[1] == NO_BOUND and telling.hidden == [frozenset({("site", 1)})]
    assert not telling.printed.shares[1].told[1].any() and telling.printed.hidden[1][1]
    assert telling._withhold({(1, 0), (1, 1)}) and not telling._withhold({(1, 0), (1, 1)})


def test_as_many_items_as_a_program_can_take_and_those_off_most(telling, monkeypatch):
    fit = Fit([], {0: {(0, 0): 1.0, (1, 0): 2.0}, 1: {(1, 1): 4.0}}, np.ones(9))
    part = telling._part(None)
    for columns, items in ((90, [0, 1]), (89, [1]), (45, [1]), (1, [1])):
        monkeypatch.setattr(rules, "MOST_COLUMNS", columns)
        assert telling._items_off(part, fit) == items
    monkeypatch.setattr(rules, "MOST_COLUMNS", 45)
    assert telling._items_off(part, Fit([], {0: {(0, 0): 1.0, (1, 0): 5.0}, 1: {(1, 1): 4.0}}, np.ones(9))) == [0]
    even = Fit([], {1: {(1, 1): 2.0001}, 0: {(1, 0): 2.0}}, np.ones(9))
    assert telling._items_off(part, even) == [0]
