"""An earlier wave beside a release, in small: which sets stand in both and tell of few, and what is taken back."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from commonground.disclosure import memory, past
from commonground.disclosure.cells import Layout
from commonground.disclosure.memory import Memory
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.past import Earlier, Past

NAMES = ("site", "job", "shift")
DISTRICT, FIRST, SECOND, THIRD = range(4)
"""The cells of a layout of sites alone."""


def where(**at):
    """Return a cell by its labels: one of a question, or several."""
    return frozenset((name, frozenset(np.atleast_1d(of).tolist())) for name, of in at.items())


def reporting(labels, rosters=None):
    """Return groups that hold so many labels each, in order."""
    holds = np.split(np.arange(sum(labels)), np.cumsum(labels)[:-1])
    rosters = rosters or [None] * len(labels)
    return [ReportingGroup(tuple(each.tolist()), roster=n) for each, n in zip(holds, rosters, strict=True)]


def wave(table, hidden=(), *, joined=None, rosters=None, how="wave", same=None, eligible=None):
    """Return a release of sites, or of sites, jobs and shifts, that prints all it holds but what is hidden.

    `hidden` are the places of cells, one for each question, None where it is not crossed. `joined` is how many
    labels each site holds.
    """
    table = np.array(table)
    names = NAMES[: table.ndim]
    sites = reporting(joined or [1] * len(table), rosters)
    groups = {
        "site": sites,
        **{n: reporting([1] * size) for n, size in zip(NAMES[1:], table.shape[1:], strict=False)},
    }
    cells = []
    for at in product(*((None, *range(size)) for size in table.shape)):
        crossed = {name: place for name, place in zip(names, at, strict=True) if place is not None}
        people = int(table[tuple(slice(None) if place is None else place for place in at)].sum())
        if len(crossed) < 3:
            cells.append({"at": crossed, "n": None if at in hidden or not people else people})
    release = {
        "groups": [
            {"id": name, "of": None, "reporting": [part.as_json() for part in parts]}
            for name, parts in groups.items()
        ],
        "pairs": list(combinations(names, 2)),
        "cells": cells,
        "eligible": eligible,
    }
    return Earlier(release, how, "", same or {})


def layout(table, *, labels=None, rosters=None):
    """Return the cells of a release that is made; `labels` are those of the sites."""
    table = np.array(table)
    names = NAMES[: table.ndim]
    groups = {name: tuple(reporting([1] * size)) for name, size in zip(names, table.shape, strict=True)}
    rosters = rosters or [None] * len(table)
    groups["site"] = tuple(
        ReportingGroup((label,), roster=n) for label, n in zip(labels or range(len(table)), rosters, strict=True)
    )
    places = {
        name: np.repeat(of.ravel(), table.ravel()) for name, of in zip(names, np.indices(table.shape), strict=True)
    }
    tables = [some for number in range(3) for some in combinations(names, number)]
    return Layout(groups, tuple(tables), places, int(table.sum()))


def atoms(now, *places):
    """Return the atoms at these places, one for each question."""
    found = np.array([now.atoms[name] for name in NAMES if name in now.atoms]).T.tolist()
    return np.array([found.index(list(np.atleast_1d(place))) for place in places], dtype=int)


def beside(earlier, now, rosters=None, minimum=10):
    (found,) = Memory([earlier]).waves_beside(now, rosters or {}, minimum)
    return found


# What follows from an earlier release


TABLE = [[12, 0, 30], [11, 14, 20], [0, 0, 0]]


def test_finest_groups_are_the_crossings_in_which_somebody_may_have_been():
    held = {where(site=s, job=j) for s, j in ((0, 0), (0, 2), (1, 0), (1, 1), (1, 2))}
    assert set(Past(wave(TABLE)).finest) == held
    assert set(Past(wave([12, 0, 30])).finest) == {where(site=0), where(site=2)}
    unknown = Past(wave(TABLE, hidden={(1, None), (1, 0)}))
    assert set(unknown.finest) == held | {where(site=2, job=0)}, "a hidden site may be the third, of one job only"


def test_a_crossing_of_three_questions_is_left_out_where_two_of_them_have_nobody_in_common():
    found = Past(wave([[[12, 9], [0, 0]], [[11, 8], [14, 10]]]))
    assert set(found.finest) == {
        where(site=s, job=j, shift=t) for s, j, t in product((0, 1), (0, 1), (0, 1)) if (s, j) != (0, 1)
    }


@pytest.mark.parametrize("most", [1, 3])
def test_finest_groups_are_listed_to_one_more_than_are_looked_through(monkeypatch, most):
    monkeypatch.setattr(past, "MOST_FINEST", most)
    assert most < len(Past(wave(TABLE)).finest) < 5


def test_the_printed_numbers_are_sums_over_the_finest_groups():
    found = Past(wave(TABLE, hidden={(0, 0), (1, 0)}))
    spread = found.spread
    labels = [{name: min(label) for name, label in each} for each in found.finest]
    people = np.array([TABLE[each["site"]][each["job"]] for each in labels])
    assert (spread.rows @ people).tolist() == spread.numbers.tolist()
    assert sorted(spread.numbers.tolist()) == sorted([87, 42, 45, 23, 14, 50, 30, 14, 20])


def test_cells_whose_number_is_printed_are_totals_of_their_own():
    release = wave([12, 13, 60], hidden={(0,)})
    release.release["cells"][2]["n"] = {"at_least": 12, "at_most": 14, "of": 14}
    assert list(Past(release).alone) == [(each, [], [each]) for each in (where(), where(site=1), where(site=2))]


def test_people_of_several_cells_are_known_where_the_others_are_printed():
    found = Past(wave([8, 7, 60], hidden={(0,), (1,)}))
    assert found.people_of([where(site=0), where(site=1)]) == 15
    assert found.people_of([where(site=1), where(site=0), where(site=2)]) == 75
    assert found.people_of([where(site=0)]) is None and found.people_of([where(site=1)]) is None
    assert Past(wave([8, 7, 60], hidden={(0,), (2,)})).people_of([where(site=2), where(site=0)]) == 68


def test_people_of_a_new_label_were_nobody():
    found = Past(wave([18, 27, 60]))
    assert found.people(where(site=(1, 7))) == 27 and found.people(where(site=(0, 7))) == 18
    assert found.people_of([where(site=(0, 7)), where(site=2)]) == 78


# Which sets tell of few


def held_now(people, sites=2):
    """Return a release whose first site has so many people in its first job."""
    return layout([[people, 31], *[[32, 33]] * (sites - 1)])


@pytest.mark.parametrize(
    ("before", "people", "tells"),
    [(15, 25, True), (25, 15, True), (19, 40, True), (40, 19, True), (20, 20, False), (25, 25, False)],
)
def test_a_crossing_in_both_tells_unless_it_holds_2k_both_times(before, people, tells):
    now = held_now(people)
    one = beside(wave([[before, 30], [30, 30]]), now)
    assert one.tells(atoms(now, (0, 0))) is tells


def test_only_a_set_whose_number_followed_then_tells():
    now = held_now(15)
    margins = wave([[15, 30], [30, 30]], hidden=set(product((0, 1), repeat=2)))
    one = beside(margins, now)
    assert not one.tells(atoms(now, (0, 0)))
    assert one.tells(atoms(now, (0, 0)), 15), "as the search of the wave knows it"


def test_a_set_that_parts_whom_the_questions_of_the_wave_do_not_tells_nothing():
    now = layout([[12, 13], [14, 16]])
    sites = beside(wave([15, 16]), now)
    assert sites.tells(np.zeros(0, dtype=int)) is False, "nobody"
    assert sites.tells(atoms(now, (0, 0), (0, 1)))
    for apart in ([(0, 0)], [(0, 0), (1, 1)], [(0, 0), (0, 1), (1, 0)]):
        assert sites.tells(atoms(now, *apart), 15) is False


@pytest.mark.parametrize("apart", [[(0, 1)], [(0, 1), (1, 0)], [(0, 0), (1, 1)], [(0, 0), (0, 1), (1, 0)]])
def test_a_set_of_crossings_tells_if_all_of_them_were_told(apart):
    now = layout([[6, 5], [4, 3]])
    told = beside(wave([[6, 5], [4, 3]]), now)
    assert told.tells(atoms(now, *apart))
    hidden = beside(wave([[6, 5], [4, 3]], hidden={(0, 0), (0, 1), (1, 0), (1, 1)}), now)
    assert not hidden.tells(atoms(now, *apart))


@pytest.mark.parametrize(("roster", "tells"), [(30, True), (39, True), (40, False), (20, False), (None, True)])
def test_a_set_is_settled_by_the_rosters_of_its_largest_cells(roster, tells):
    """The first site, which both jobs of it make up; its crossings have no roster."""
    earlier = wave([[9, 8], [30, 33]], rosters=[30, 90])
    now = layout([[8, 7], [33, 30]])
    one = beside(earlier, now, {where(site=0): roster})
    assert one.tells(atoms(now, (0, 0), (0, 1))) is tells
    assert one.tells(atoms(now, (0, 0)))
    everyone = beside(wave([[4, 3], [5, 6]], eligible=60), now, {frozenset(): roster and roster + 30})
    assert everyone.tells(np.arange(4)) is tells


def test_a_set_of_the_same_people_tells_nothing():
    now = layout([8, 7, 60])
    one = beside(wave([9, 7, 60], same={"site": frozenset({0, 1})}), now)
    assert not one.tells(atoms(now, 0, 1))
    assert one.tells(atoms(now, 0, 2)) is False, "large"
    assert beside(wave([9, 7, 60], same={"site": frozenset({0})}), now).tells(atoms(now, 0, 1))


def test_whoever_was_hidden_beside_a_group_that_is_gone_stood_with_it():
    """Of the first site and one that is gone the printed numbers tell 15 together; the first is told now."""
    now = layout([25, 60], labels=[0, 2])
    one = beside(wave([8, 7, 60], hidden={(0,), (1,)}), now)
    assert one.tells(atoms(now, 0))
    assert not beside(wave([12, 13, 60], hidden={(0,), (1,)}), now).tells(atoms(now, 0))
    still = layout([25, 3, 60])
    assert not beside(wave([8, 7, 60], hidden={(0,), (1,)}), still).tells(atoms(still, 0))


def test_where_nobody_was_then_people_stand_now_beside_those_who_were():
    """Nobody of the first two sites, told as one, was in the second job."""
    now = layout([[5, 5], [6, 4], [60, 30]])
    one = beside(wave([[25, 0], [60, 30]], joined=[2, 1]), now)
    assert one.tells(atoms(now, (0, 0), (1, 0), (0, 1)))
    assert not one.tells(atoms(now, (0, 0), (0, 1))), "a part of them"
    assert not one.tells(atoms(now, (0, 1), (1, 1))), "new"
    assert not one.tells(atoms(now, (0, 0), (0, 1), (2, 1))), "a part of some, and others"


# What is taken back


def test_a_set_of_few_people_then_costs_the_last_cell_that_lets_it_follow_now():
    now = layout([12, 13, 60])
    one = beside(wave([8, 7, 60], hidden={(0,), (1,)}), now)
    parts = now.atoms_in([SECOND, FIRST])
    assert one.cells_that_complete(parts) == {FIRST} and one.cells_that_complete(parts[::-1]) == {SECOND}
    assert one.cells_that_complete(now.atoms_in([FIRST])) == set()
    assert one.cells_that_complete(now.atoms_in([DISTRICT, THIRD, FIRST])) == {THIRD}


@pytest.mark.parametrize(("people", "found"), [((8, 7), True), ((9, 10), True), ((9, 11), False)])
def test_sets_of_fewer_than_2k_people_of_the_wave_are_looked_for(people, found):
    now = layout([12, 13, 60])
    one = beside(wave([*people, 60], hidden={(0,), (1,)}), now)
    assert bool(one.cells_that_complete(now.atoms_in([SECOND, FIRST]))) is found


def test_groups_that_the_wave_told_as_one_stand_in_both_together():
    now = layout([[12, 5], [13, 6], [60, 60]])
    one = beside(wave([[9, 6], [60, 60]], joined=[2, 1]), now)
    crossed = [int(place) for place in now.span_of(("site", "job"))]
    first = now.atoms_in([crossed[0], crossed[2]])
    assert one.cells_that_complete(first) == {crossed[2]}, "both sites, of the first job"
    assert one.cells_that_complete(first[:1]) == set()


@pytest.mark.parametrize(("most", "looked_through"), [(3, True), (2, False)])
def test_a_wave_of_too_many_finest_groups_is_judged_by_the_cells_alone(monkeypatch, most, looked_through):
    monkeypatch.setattr(past, "MOST_FINEST", most)
    monkeypatch.setattr(memory, "MOST_FINEST", most)
    now = layout([12, 13, 60])
    one = beside(wave([8, 7, 60], hidden={(0,), (1,)}), now)
    assert bool(one.cells_that_complete(now.atoms_in([SECOND, FIRST]))) is looked_through
    assert one.tells(atoms(now, 0, 1)), "it follows in the wave"
    assert not one.tells(atoms(now, 0))


def taken_back(now, shown, *waves, given=(), minimum=10):
    """Return what is taken back of the cells that are shown, the most useful first, beside waves."""
    found = Memory(waves).beside(now, now.people_in, None, minimum)
    exact, kept = (np.isin(range(len(now.cells)), cells) for cells in (shown, given))
    order = [*given, *(cell for cell in shown if cell not in given), *np.flatnonzero(~exact).tolist()]
    return replace(found, given=kept).standing_in_both(now, order, exact, minimum)


PAIR = {(0,), (1,)}
STEADY = {"site": frozenset({0, 1})}


def test_a_set_of_few_people_now_that_was_large_then_costs_a_cell():
    now, before = layout([9, 6, 60]), wave([12, 13, 60], hidden=PAIR)
    assert taken_back(now, [DISTRICT, THIRD], before) == {THIRD}
    assert taken_back(now, [DISTRICT, THIRD], before, given=[THIRD]) == {DISTRICT}
    assert taken_back(now, [THIRD], before) == set()
    assert taken_back(now, [DISTRICT, THIRD]) == set(), "no earlier wave"
    assert taken_back(now, [DISTRICT, THIRD], wave([9, 6, 60], hidden=PAIR, how="opening")) == set()


def test_a_set_of_few_people_then_that_is_large_now_costs_a_cell():
    now, before = layout([12, 13, 60]), wave([9, 6, 60], hidden=PAIR)
    assert taken_back(now, [SECOND, FIRST], before) == {FIRST}
    assert taken_back(now, [SECOND, FIRST], before, given=[FIRST]) == {SECOND}
    assert taken_back(now, [SECOND, FIRST], wave([12, 13, 60], hidden=PAIR)) == set()
    assert taken_back(now, [SECOND], before) == set()


@pytest.mark.parametrize("then", [(9, 6), (12, 13)])
def test_one_of_several_waves_in_which_a_set_stands_is_enough(then):
    now = layout([9, 6, 60] if then == (12, 13) else [12, 13, 60])
    shown = [DISTRICT, THIRD] if then == (12, 13) else [SECOND, FIRST]
    tells = wave([*then, 60], hidden=PAIR)
    steady = wave([*then, 60], hidden=PAIR, same=STEADY)
    silent = wave([*then, 60], hidden={*PAIR, (2,)})
    assert taken_back(now, shown, steady, silent) == set()
    for order in ((tells, steady), (steady, tells), (silent, tells), (tells, silent)):
        assert taken_back(now, shown, *order) == {shown[-1]}
