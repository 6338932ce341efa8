"""Sets of people that stand in two waves: out of all sets, none tells of the few who joined or left."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.gate import protect
from commonground.disclosure.past import LEFT_OUT, Earlier, Past
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.standing import Spread
from commonground.disclosure.tests.survey import AGREE, cell, group, released, two_way
from commonground.disclosure.tests.test_gate import follows
from commonground.disclosure.tests.waves import all_sets, first_wave, moved, unchanged
from commonground.disclosure.together import digest


def sums_of(release, labels):
    """Return the printed cells over all crossed labels, and a row for each label that nobody can have."""
    released = Released(release)
    held = {
        (group["id"], place): (group["of"] or group["id"], set(part["holds"]))
        for group in release["groups"]
        for place, part in enumerate(group["reporting"])
    }

    def inside(at):
        return [all(who[held[part][0]] in held[part][1] for part in at) for who in labels]

    rows = [inside(at) for at in released.people]
    for total, parts in released.lines:
        known = sum(released.people.get(at, 0) for at in parts)
        empty = [at for at in parts if at not in released.people]
        if empty and released.people.get(total) == known:
            rows += np.eye(len(labels), dtype=int)[np.any([inside(at) for at in empty], axis=0)].tolist()
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(labels))


def counted(wave, labels):
    who = wave.answers & (wave.site >= 0)
    return np.array([int((who & (wave.site == w["site"]) & (wave.job == w["job"])).sum()) for w in labels])


def few_that_moved(releases, waves):
    """Return, of all sets that follow in both and of which few answered, those that few people joined or left."""
    labels = [
        dict(zip(("site", "job"), who, strict=True)) for who in product(range(waves[0].sites), range(waves[0].jobs))
    ]
    sets = all_sets(len(labels))[1:]
    numbers = [sets @ counted(wave, labels) for wave in waves]
    few = (np.minimum(*numbers) > 0) & (np.minimum(*numbers) < 20)
    sets = sets[few]
    for release in releases:
        sets = sets[follows(sums_of(release, labels), sets)]
    know = moved(*waves)
    wheres = [frozenset((name, frozenset({label})) for name, label in who.items()) for who in labels]
    return [each for each in sets if 0 < know([wheres[place] for place in np.flatnonzero(each)]) < 10]


def two_waves(seed, jobs, sizes, how, told):
    draw = np.random.default_rng(seed)
    before = first_wave(draw, sizes, jobs, answering=draw.uniform(0.4, 0.9))
    changes = {place: tuple(draw.integers(0, 8, 2)) for place in range(len(sizes)) if draw.random() < 0.5}
    after = before.next(draw, changes, answering=draw.uniform(0.4, 0.9))
    first = protect(before.plan(), before.columns()).as_json()
    same = unchanged(before, after) if told else {}
    careful = protect(after.plan(), after.columns(1), [Earlier(first, how, digest(first), same)]).as_json()
    return (before, after), first, careful, protect(after.plan(), after.columns(1)).as_json()


@given(
    st.integers(0, 2**32),
    st.sampled_from(((2, (30, 40, 25)), (3, (22, 30, 45)), (3, (50, 24)), (2, (24, 26, 28, 30, 60)))),
    st.sampled_from(("wave", "people")),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_no_set_of_people_that_stands_in_two_waves_tells_of_few_out_of_all_sets(seed, shape, how, told):
    jobs, sizes = shape
    waves, first, careful, _ = two_waves(seed, jobs, sizes, how, told)
    assert few_that_moved([first, careful], waves) == []


def test_waves_that_are_not_judged_together_tell_of_few():
    """The same search finds sets where the second wave does not know of the first."""
    found = 0
    for seed in range(10):
        waves, first, _, careless = two_waves(seed, 3, (22, 30, 45), "people", told=False)
        found += bool(few_that_moved([first, careless], waves))
    assert found > 5


def sites(counts, rosters, earlier=(), eligible=None):
    _, columns = two_way([[n, 0] for n in [*counts, 0]])
    groups = (group("site", len(counts), rosters), group("job", 1))
    return protect(TablePlan((AGREE,), groups, ("site", "job"), (), eligible=eligible), columns, earlier).as_json()


def test_groups_that_an_earlier_survey_joined_do_not_follow_apart():
    """Few answered at the first two sites then, so they were one; now each is large, and one left."""
    first = sites((9, 8, 40), (30, 30, 60))
    assert cell(first, site=0)["n"] == 17
    rosters, counts = (29, 30, 60), (22, 21, 40)
    alone = sites(counts, rosters)
    assert [cell(alone, site=place)["n"] for place in range(3)] == [22, 21, 40]
    beside = sites(counts, rosters, [Earlier(first, "people", digest(first))])
    shown = [cell(beside, site=place)["n"] for place in range(3)]
    assert shown.count(None) == 2


def test_beside_a_wave_that_printed_no_number_as_it_is_all_is_told():
    """Nearly everyone answered everywhere, so each number read "90 % or more"."""
    first = sites((40, 30, 50), (41, 31, 51), eligible=123)
    assert not any(isinstance(each["n"], int) for each in first["cells"])
    alone = sites((30, 22, 40), (41, 31, 51), eligible=123)
    beside = sites((30, 22, 40), (41, 31, 51), [Earlier(first, "wave", digest(first))], eligible=123)
    assert [each["n"] for each in beside["cells"]] == [each["n"] for each in alone["cells"]]


def test_where_the_printed_numbers_leave_nobody_out_the_rest_is_known():
    _, columns = two_way([[22, 6, 7, 0], [20, 20, 20, 0], [0, 0, 0, 0]])
    jobs = (group("site", 2), group("job", 3))
    release = released(TablePlan((AGREE,), jobs, ("site", "job"), (("site", "job"),)), columns)
    assert cell(release, site=0, job=1)["n"] is None and cell(release, site=0, job=0)["n"] == 22
    past, first = Past(Earlier(release, "wave")), ("site", frozenset({0}))
    assert past.people(frozenset({first, ("job", frozenset({1, 2}))})) == 13
    assert past.people(frozenset({first, ("job", frozenset({1, 2, LEFT_OUT}))})) == 13
    assert past.people(frozenset({first, ("job", frozenset({1}))})) is None


@pytest.mark.parametrize("seed", range(10))
def test_a_spread_agrees_with_every_printed_number_and_leaves_no_group_without_people(seed):
    draw = np.random.default_rng(seed)
    rows = (draw.random((6, 12)) < 0.4).astype(np.int64)
    spread = Spread(rows, rows @ draw.integers(1, 30, 12))
    assert np.abs(rows @ spread.people - spread.numbers).max() < 1e-3
    assert spread.people[rows.any(axis=0)].min() > 0


def test_of_two_sets_of_few_the_wanted_one_is_found():
    """The first two groups, or the first and the last, follow; no other set of fewer than ten."""
    rows = np.array([[1, 1, 0], [1, 0, 1]])
    spread = Spread(rows, np.array([7, 8]))
    found = [each.tolist() for each in spread.small_sets(10, lambda finest: 2 in finest)]
    assert [sorted(each) for each in found] == [[0, 2]]
    assert spread.small_sets(8, lambda finest: 2 in finest) == []
    assert spread.people_in(np.array([0, 2])) == 8
