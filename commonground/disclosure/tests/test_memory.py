"""What the gate makes beside an earlier release tells no more than each alone, whoever joins or leaves."""

import copy
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from commonground.disclosure.gate import protect
from commonground.disclosure.memory import OtherPeople, TogetherTooMuch
from commonground.disclosure.past import Earlier, renamed
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.tests.survey import cell, group, numbers, shown_without_care, two_way
from commonground.disclosure.tests.test_gate import follows, people_in_crossed_cells
from commonground.disclosure.tests.waves import Wave, first_wave, moved, series
from commonground.disclosure.together import digest, learn_together
from commonground.disclosure.verify import verify

SIZES = st.lists(st.integers(23, 60), min_size=2, max_size=5)
CHANGES = st.dictionaries(st.integers(0, 1), st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=2)


def whole(tables, name="one"):
    """Return the tables as a release of an opening."""
    return {"counts": {"list": name}, "tables": tables}


@given(st.integers(0, 2**32), SIZES, CHANGES, st.booleans(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_two_waves_of_the_gate_tell_nothing_of_the_few_who_joined_or_left(seed, sizes, changes, told, pair):
    draw = np.random.default_rng(seed)
    before = first_wave(draw, sizes)
    after = before.next(draw, changes)
    releases = series(before, after, careful=True, told=told, pair=pair)
    assert verify(releases[1]) == []
    assert learn_together(releases) == []
    assert learn_together(releases, moved(before, after)) == []


@given(st.integers(0, 2**32), st.lists(CHANGES, min_size=2, max_size=3))
@settings(max_examples=40, deadline=None)
def test_every_wave_is_judged_against_all_earlier_ones(seed, changes):
    draw = np.random.default_rng(seed)
    waves = [first_wave(draw, [30, 25, 40, 22])]
    releases = [protect(waves[0].plan(), waves[0].columns()).as_json()]
    for each in changes:
        waves.append(waves[-1].next(draw, each))
        earlier = [Earlier(release, "wave", digest(release)) for release in releases]
        releases.append(protect(waves[-1].plan(), waves[-1].columns(), earlier).as_json())
    assert learn_together(releases) == []
    assert [each["hash"] for each in releases[-1]["earlier"]] == [digest(release) for release in releases[:-1]]


def test_a_small_group_that_few_left_is_joined_and_a_steady_one_is_not():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [24, 26, 60, 60], answering=0.6)
    after = before.next(draw, {0: (1, 0)}, answering=0.6)
    _, later = series(before, after, careful=True, told=True, pair=False)
    sites = [part["holds"] for part in later["groups"][0]["reporting"] if part["holds"]]
    assert sites == [[0, 1], [2], [3]]
    assert later["groups"][0]["reporting"][0]["joined"] == "waves"
    _, careless = series(before, after, careful=False, pair=False)
    assert [part["holds"] for part in careless["groups"][0]["reporting"] if part["holds"]] == [[0], [1], [2], [3]]


def test_a_group_of_which_ten_changed_is_shown_in_both():
    draw = np.random.default_rng(1)
    before = first_wave(draw, [30, 60, 60], answering=0.5)
    after = before.next(draw, {0: (0, 10), 1: (0, 10)}, answering=0.45)
    _, later = series(before, after, careful=True, pair=False)
    assert [part["holds"] for part in later["groups"][0]["reporting"] if part["holds"]] == [[0], [1], [2]]


def test_a_crossed_cell_that_is_small_in_one_wave_is_hidden_in_the_next():
    draw = np.random.default_rng(4)
    before = first_wave(draw, [60, 60, 60], answering=0.5)
    after = before.next(draw, {0: (2, 2)}, answering=0.6)
    first, later = series(before, after, careful=True)
    small = [each["at"] for each in first["cells"] if len(each["at"]) == 2 and each["n"] and each["n"] < 20]
    assert small
    for at in small:
        assert cell(later, **at)["status"] == "withheld"
        assert cell(later, **at)["reason"] == "protected"
    assert "changed since an earlier survey" in later["reasons"]["protected"]
    assert "earlier" not in first["reasons"]["protected"]


def test_groups_of_the_first_wave_are_kept_and_a_new_one_stands_alone():
    draw = np.random.default_rng(2)
    before = first_wave(draw, [12, 14, 60, 60], answering=0.9)
    grown = Wave(
        np.concatenate([before.site, np.full(90, 4)]),
        np.concatenate([before.job, np.zeros(90, int)]),
        np.ones(len(before.site) + 90, bool),
        5,
        2,
    )
    grown = grown.next(draw, {0: (0, 60), 1: (0, 60)}, answering=0.6)
    first, later = series(before, grown, careful=True, pair=False)
    assert [part["holds"] for part in first["groups"][0]["reporting"] if part["holds"]] == [[0, 1], [2], [3]]
    assert [part["holds"] for part in later["groups"][0]["reporting"] if part["holds"]] == [[0, 1], [2], [3], [4]]


def margins_then_pair(counts):
    plan, columns = two_way(counts)
    narrow = TablePlan(plan.questions, plan.groups, ("site",), ())
    first = protect(narrow, columns).as_json()
    return plan, columns, first


@given(st.lists(st.lists(st.integers(0, 25), min_size=3, max_size=3), min_size=3, max_size=4))
@settings(max_examples=40, deadline=None)
def test_with_a_later_table_no_set_of_few_people_follows_out_of_all_sets(counts):
    assume(sum(map(sum, counts)) > 0)
    plan, columns, first = margins_then_pair(counts)
    try:
        later = protect(plan, columns, [Earlier(first, "opening", digest(first))]).as_json()
    except TogetherTooMuch:
        return
    assert verify(later) == []
    assert learn_together([whole(first), whole(later)]) == []
    atoms = people_in_crossed_cells(later, plan, columns)
    rows = [[set(at) >= set(c["at"].items()) for at in atoms] for c in later["cells"] if c["n"] is not None]
    rows += [[set(at) >= set(c["at"].items()) for at in atoms] for c in first["cells"] if c["n"] is not None]
    if rows:
        sets = np.array(list(product((0, 1), repeat=len(atoms))))
        people = sets @ np.array(list(atoms.values()))
        assert not follows(np.array(rows, dtype=np.int64), sets[(people > 0) & (people < 10)]).any()


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_what_was_told_stays_told_and_what_was_withheld_stays_withheld(seed):
    draw = np.random.default_rng(seed)
    plan, columns, first = margins_then_pair(draw.integers(0, 40, (4, 4)).tolist())
    columns["breaks"] = np.where(
        draw.random(len(columns["site"])) < 0.1,
        255,
        draw.choice(5, len(columns["site"]), p=draw.dirichlet(np.ones(5))),
    ).astype(np.uint8)
    first = protect(TablePlan(plan.questions, plan.groups, ("site",), ()), columns).as_json()
    try:
        later = protect(plan, columns, [Earlier(first, "opening", digest(first))]).as_json()
    except TogetherTooMuch:
        return
    for each in first["cells"]:
        assert cell(later, **each["at"]) == each
    assert learn_together([whole(first), whole(later)]) == []


def test_a_cell_hidden_earlier_does_not_follow_from_a_later_table():
    counts = [[20, 4, 0], [15, 15, 0], [14, 16, 0], [0, 0, 0]]
    plan, columns = two_way(counts)
    first = protect(plan, columns).as_json()
    hidden = [each["at"] for each in first["cells"] if each["status"] == "withheld" and len(each["at"]) == 2]
    wider = TablePlan(
        plan.questions,
        (*plan.groups, group("half", 2)),
        ("site", "job", "half"),
        (("site", "job"), ("site", "half")),
    )
    columns["half"] = columns["job"].copy()
    later = protect(wider, columns, [Earlier(first, "opening", digest(first))]).as_json()
    assert all(cell(later, **at)["status"] == "withheld" for at in hidden)
    assert learn_together([whole(first), whole(later)]) == []


def test_a_second_release_of_other_people_is_refused():
    plan, columns = two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]])
    first = protect(plan, columns).as_json()
    one_less = {name: column[1:] for name, column in columns.items()}
    with pytest.raises(OtherPeople):
        protect(plan, one_less, [Earlier(first, "opening")])
    careless = protect(plan, one_less).as_json()
    assert any(sentence.startswith("One leaver") for sentence in learn_together([whole(first), whole(careless)]))


def test_a_later_table_that_would_tell_of_few_together_is_refused():
    """Everyone of one job works at one site, as colleagues know: two margins would tell of three others there."""
    counts = [[30, 3, 0], [0, 40, 0], [0, 0, 0]]
    plan, columns = two_way(counts)
    margins = TablePlan(plan.questions, plan.groups, ("site", "job"), ())
    careful = protect(margins, columns).as_json()
    assert [cell(careful, site=0)["n"], cell(careful, job=0)["n"]].count(None) > 0
    protect(plan, columns, [Earlier(careful, "opening")])
    first = shown_without_care(careful, margins, columns, least=10)
    assert cell(first, site=0)["n"] == 33
    with pytest.raises(TogetherTooMuch):
        protect(plan, columns, [Earlier(first, "opening")])


def test_another_survey_of_the_same_people_is_judged_as_a_wave_in_its_own_groups():
    draw = np.random.default_rng(3)
    before = first_wave(draw, [24, 26, 60], answering=0.6)
    after = before.next(draw, {0: (1, 1)}, answering=0.6)
    first = protect(before.plan(pair=False), before.columns()).as_json()
    other = renamed(first, {"site": ("place", [[0], [1], [2]])})
    assert [each["id"] for each in other["groups"]] == ["place", "job~"]
    back = renamed(other, {"place": ("site", [[0], [1], [2]])})
    later = protect(after.plan(pair=False), after.columns(1), [Earlier(back, "people", digest(first))]).as_json()
    assert later["earlier"] == [{"hash": digest(first), "how": "people", "same": {}}]
    assert [part["holds"] for part in later["groups"][0]["reporting"] if part["holds"]] == [[0, 1], [2]]


def test_without_earlier_releases_nothing_changes():
    plan, columns = two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]])
    assert protect(plan, columns).as_json() == protect(plan, columns, []).as_json()
    assert protect(plan, columns).as_json()["earlier"] == []


def test_the_numbers_of_a_release_are_those_of_the_answers_also_beside_another():
    draw = np.random.default_rng(7)
    before = first_wave(draw, [40, 35, 50, 45])
    after = before.next(draw, {0: (3, 1)})
    _, later = series(before, after, careful=True)
    true = numbers(later, after.plan(), after.columns(1))
    assert all(
        each["n"] in (None, people)
        for each, people in zip(later["cells"], true, strict=True)
        if not isinstance(each["n"], dict)
    )
    assert copy.deepcopy(later) == series(before, after, careful=True)[1]


def test_groups_that_were_joined_otherwise_are_compared_by_what_they_hold():
    """The other survey knew the first two sites as one label; together they lost one person."""
    draw = np.random.default_rng(3)
    before = first_wave(draw, [11, 12, 60], answering=0.7)
    coarse = Wave(np.maximum(before.site - 1, 0), before.job, before.answers, 2, 2)
    after = before.next(draw, {0: (1, 0)}, answering=0.7)
    first = renamed(protect(coarse.plan(pair=False), coarse.columns()).as_json(), {"site": ("site", [[0, 1], [2]])})
    assert cell(first, site=0)["n"] in range(10, 20)
    names = {"site": [frozenset({0}), frozenset({1}), frozenset({2})]}
    alone = protect(after.plan(pair=False), after.columns(1)).as_json()
    assert [part["holds"] for part in alone["groups"][0]["reporting"]][:2] == [[0, 1], [2]]
    beside = protect(after.plan(pair=False), after.columns(1), [Earlier(first, "people", "x")], names).as_json()
    assert next(part["holds"] for part in beside["groups"][0]["reporting"]) == [0, 1, 2]


def test_a_label_of_the_plan_may_hold_several_of_an_earlier_release():
    draw = np.random.default_rng(3)
    before = first_wave(draw, [11, 12, 60, 60], answering=0.7)
    after = before.next(draw, {0: (1, 0)}, answering=0.7)
    coarse = Wave(np.where(after.site < 0, -1, np.maximum(after.site - 1, 0)), after.job, after.answers, 3, 2)
    first = protect(before.plan(pair=False), before.columns()).as_json()
    names = {"site": [frozenset({0, 1}), frozenset({2}), frozenset({3})]}
    later = protect(coarse.plan(pair=False), coarse.columns(1), [Earlier(first, "wave", "x")], names).as_json()
    assert [part["holds"] for part in later["groups"][0]["reporting"]][:2] == [[0, 1], [2]]
