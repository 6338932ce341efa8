"""Totals of levels between the district and its groups: shown where they tell more, and never as a way back."""

import copy
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import attack
from commonground.disclosure.attack import learn
from commonground.disclosure.plan import GroupQuestion, TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.tests.survey import AGREE, cell, group, numbers, released
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.verify import verify


def levelled(counts, levels, crossed=True, roster=None, seed=0):
    """Return plan and columns of people at sites (rows) of levels, by job (columns)."""
    table = np.array(counts)
    row_of, column_of = (np.repeat(np.indices(table.shape)[axis].ravel(), table.ravel()) for axis in (0, 1))
    answers = np.random.default_rng(seed).integers(0, 5, table.sum()).astype(np.uint8)
    sites = GroupQuestion("site", len(levels), roster or (None,) * len(levels), tuple(levels))
    groups = (sites, *((group("job", table.shape[1]),) if crossed else ()))
    pairs = (("site", "job"),) if crossed else ()
    plan = TablePlan((AGREE,), groups, tuple(each.id for each in groups), pairs)
    columns = {"site": row_of.astype(np.uint8), "job": column_of.astype(np.uint8), "breaks": answers}
    return plan, columns if crossed else {name: columns[name] for name in ("site", "breaks")}


def places_of_level(release):
    reporting = {each["id"]: each["reporting"] for each in release["groups"]}
    return {level["level"]: place for place, level in enumerate(reporting["site/level"])}


def small_sets_that_follow(release, plan, columns):
    """Try every set of the finest cells that hold people: those of one to nine people that follow."""
    finest = max(len(each["at"]) for each in release["cells"])
    people = numbers(release, plan, columns)
    atoms = {
        frozenset(each["at"].items()): count
        for each, count in zip(release["cells"], people, strict=True)
        if count and len(each["at"]) == finest and "site/level" not in each["at"]
    }
    level_of = Released(release).level_of.get("site/level", ("site", []))[1]
    rows = [
        [lies_in(at, each["at"], level_of) for at in atoms] for each in release["cells"] if each["n"] is not None
    ]
    sets = np.array(list(product((0, 1), repeat=len(atoms))))
    sizes = sets @ np.array(list(atoms.values()))
    small = sets[(sizes > 0) & (sizes < 10)]
    return int(follows(np.array(rows, dtype=np.int64), small).sum()) if rows and len(small) else 0


def lies_in(atom, at, level_of):
    place = dict(atom)
    return all(
        place["site"] in level_of[part] if name == "site/level" else place[name] == part
        for name, part in at.items()
    )


sizes = st.integers(0, 26)


@given(
    st.lists(st.lists(sizes, min_size=2, max_size=3), min_size=4, max_size=5),
    st.lists(st.sampled_from("abc"), min_size=5, max_size=5),
)
@settings(max_examples=120, deadline=None)
def test_no_set_of_one_to_nine_people_follows_with_levels_and_jobs(counts, levels):
    width = min(map(len, counts))
    counts = [row[:width] for row in counts]
    if not np.sum(counts):
        return
    plan, columns = levelled(counts, levels[: len(counts)])
    release = released(plan, columns)
    assert small_sets_that_follow(release, plan, columns) == 0
    assert verify(release) == []


@given(
    st.lists(st.integers(0, 30), min_size=6, max_size=12),
    st.lists(st.sampled_from("abcd"), min_size=12, max_size=12),
    st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_no_set_of_one_to_nine_people_follows_from_a_tree(counts, levels, with_roster):
    if not sum(counts):
        return
    roster = tuple(count + 3 + 2 * place for place, count in enumerate(counts)) if with_roster else None
    if roster and max(roster) < 10:
        return
    plan, columns = levelled([[n] for n in counts], levels[: len(counts)], crossed=False, roster=roster)
    release = released(plan, columns)
    assert small_sets_that_follow(release, plan, columns) == 0
    assert verify(release) == []


FOUR = [[20, 12], [14, 3], [18, 15], [11, 4], [30, 28]]
LEVELS = ["school", "school", "school", "yard", "yard"]


def test_levels_are_shown_where_their_groups_are_hidden():
    plan, columns = levelled(FOUR, LEVELS)
    release = released(plan, columns)
    level = places_of_level(release)
    assert [cell(release, **{"site/level": level[name]})["n"] for name in ("school", "yard")] == [82, 73]
    assert cell(release, site=1, job=1)["status"] == "withheld"
    assert cell(release, **{"site/level": level["school"], "job": 1})["n"] == 30
    assert release["pairs"] == [["site/level", "job"], ["site", "job"]]
    assert verify(release) == []


def test_shares_of_a_level_are_those_of_its_people():
    plan, columns = levelled(FOUR, LEVELS)
    release = released(plan, columns)
    school = columns["breaks"][columns["site"] < 3]
    told = cell(release, **{"site/level": places_of_level(release)["school"]})["answers"]["breaks"]
    assert told["n"] == 82 and abs(told["top"] - 100 * (school > 2).mean()) <= 1
    assert told["mean"] == pytest.approx(school.mean() + 1, abs=0.051)


def test_levels_are_crossed_whichever_group_of_the_pair_is_named_first():
    plan, columns = levelled(FOUR, LEVELS)
    one, other = released(plan, columns), released(replace(plan, pairs=(("job", "site"),)), columns)
    assert other["pairs"] == [["job", "site/level"], ["job", "site"]]
    told = [{frozenset(each["at"].items()): each["n"] for each in release["cells"]} for release in (one, other)]
    assert told[0] == told[1]


@pytest.mark.parametrize("levels", [["school"] * 5, list("abcde"), [None] * 5])
def test_levels_that_add_nothing_are_left_out(levels):
    release = released(*levelled(FOUR, levels))
    assert [each["id"] for each in release["groups"]] == ["site", "job"]
    assert [each["of"] for each in release["groups"]] == [None, None]


def test_who_names_no_place_belongs_to_no_level():
    plan, columns = levelled([[30], [25], [20], [28]], ["school", "school", "yard", "yard"], crossed=False)
    columns["site"][:12] = 255
    release = released(plan, columns)
    last = release["groups"][0]["reporting"][-1]
    assert (last["level"], last["holds"], last["left_out"]) == (None, [], True)
    assert [each["n"] for each in release["cells"][:4]] == [103, 43, 48, 12]


def test_a_level_of_which_nearly_everyone_answered_is_coded_and_its_groups_do_not_give_it_back():
    plan, columns = levelled(
        [[30], [32], [40], [41]],
        ["school", "school", "yard", "yard"],
        crossed=False,
        roster=(31, 33, 80, 80),
    )
    release = released(plan, columns)
    school = cell(release, **{"site/level": places_of_level(release)["school"]})
    assert school["n"] == {"at_least": 58, "at_most": 64, "of": 64}
    assert learn(release) == [] and verify(release) == []


def test_nearly_all_of_a_level_does_not_bound_a_hidden_one_below_ten():
    plan, columns = levelled([[28], [1], [0], [31]], ["a", "b", "b", "c"], crossed=False, roster=(31, 20, 20, 60))
    release = released(plan, columns)
    assert learn(release) == []
    planted = copy.deepcopy(release)
    cell(planted, site=0).update(status="shown", n={"at_least": 28, "at_most": 31, "of": 31})
    cell(planted, site=2).update(status="shown", n=31)
    assert "Bounds: at most 1 people of the district are hidden." in attack.bounds_by_codes(Released(planted))


def test_the_same_release_whatever_the_order_of_people():
    plan, columns = levelled(FOUR, LEVELS)
    shuffled = np.random.default_rng(3).permutation(len(columns["site"]))
    assert released(plan, {name: column[shuffled] for name, column in columns.items()}) == released(plan, columns)


# What the attack makes of a level that was printed without care


@pytest.fixture
def printed():
    """A release of two levels in which the second group of the first is hidden."""
    plan, columns = levelled([[30], [5], [20], [28]], ["a", "b", "b", "a"], crossed=False)
    release = copy.deepcopy(released(plan, columns))
    for each in release["cells"]:
        each["answers"] = {}
    return release


def test_a_level_less_its_shown_groups_is_tried(printed):
    level = places_of_level(printed)
    hidden = next(each for each in printed["cells"] if "site" in each["at"] and each["n"] == 30)
    hidden.update(status="withheld", n=None)
    assert any("holds 30 people" in found for found in attack.one_subtraction(Released(printed)))
    cell(printed, **{"site/level": level["a"]}).update(n=35)
    assert any("holds 7 people" in found for found in attack.one_subtraction(Released(printed)))


def test_the_district_less_a_level_and_the_groups_of_another_is_tried():
    plan, columns = levelled([[30], [12], [20], [28], [15]], ["a", "a", "b", "b", "b"], crossed=False)
    planted = copy.deepcopy(released(plan, columns))
    level = places_of_level(planted)
    for each in planted["cells"]:
        each["answers"] = {}
    for at in ({"site/level": level["a"]}, {"site": 1}):
        cell(planted, **at).update(status="withheld", n=None)
    cell(planted).update(n=98)
    found = attack.small_remainders(Released(planted))
    assert any(found_.startswith("Remainder: 5 people") for found_ in found)


def test_levels_that_do_not_hold_their_groups_are_refused():
    release = released(*levelled(FOUR, LEVELS))
    levels = release["groups"][0]["reporting"]
    levels[0]["holds"], levels[1]["holds"] = levels[1]["holds"], levels[0]["holds"]
    assert verify(release) == ["The levels of site do not hold what its groups hold."]
