"""Sets of people that stand in two waves: out of all sets, none tells of the few who joined or left."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure import unions
from commonground.disclosure.gate import protect
from commonground.disclosure.memory import Beside
from commonground.disclosure.past import LEFT_OUT, Earlier, Past
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.reading import Released
from commonground.disclosure.standing import Both, Spread
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


def test_a_set_that_is_no_rest_of_a_line_is_found_by_the_search_alone(monkeypatch):
    shape = (2, (24, 26, 28, 30, 60), "wave")
    waves, first, careful, _ = two_waves(223, *shape, told=False)
    assert few_that_moved([first, careful], waves) == []
    monkeypatch.setattr(Beside, "standing_in_both", lambda *_: set())
    waves, first, careless, _ = two_waves(223, *shape, told=False)
    assert few_that_moved([first, careless], waves)


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


def test_a_set_of_one_less_than_the_minimum_is_few_and_one_of_as_many_is_not():
    spread = Spread(np.array([[1, 0], [0, 1]]), np.array([9, 10]))
    assert [each.tolist() for each in spread.small_sets(10, lambda _: True)] == [[0]]
    assert len(spread.small_sets(11, lambda _: True)) == 2


def test_few_people_who_were_printed_with_others_alone_are_no_set():
    spread = Spread(np.array([[1, 1, 0], [1, 0, 1]]), np.array([40, 5]))
    assert [sorted(each.tolist()) for each in spread.small_sets(10, lambda _: True)] == [[0, 2]]


def test_a_set_that_is_two_sums_less_a_third_is_found():
    spread = Spread(np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]]), np.array([14, 10, 9]))
    found = spread.small_sets(20, lambda finest: 0 in finest and 1 in finest)
    assert [sorted(each.tolist()) for each in found] == [[0, 1]]
    assert spread.people_in(found[0]) == 15


def test_where_looking_would_take_too_long_nothing_that_is_not_wanted_is_found(monkeypatch):
    spread = Spread(np.array([[1, 1, 0], [1, 0, 1]]), np.array([7, 8]))
    monkeypatch.setattr(unions, "MOST_STEPS", 0)
    assert spread.small_sets(16, lambda finest: len(finest) == 3) == []


def test_people_of_whom_only_their_sum_is_known_are_no_more_than_their_sum():
    spread = Spread(np.array([[1, 1, 1, 1]]), np.array([2]))
    assert spread.people_in(np.arange(4)) == 2


def test_a_group_in_no_printed_cell_holds_no_more_than_the_largest_number():
    spread = Spread(np.array([[1, 1, 0], [0, 1, 0]]), np.array([30, 9]))
    assert spread.people[:2].round(3).tolist() == [21, 9] and spread.people[2] <= 30
    assert spread.small_sets(10, lambda finest: 2 in finest) == []


def both(rows, numbers, touched):
    """Return an earlier release beside one whose atoms each may hold people of the finest groups named."""
    touches = np.array([[finest in names for names in touched] for finest in range(len(rows[0]))])
    return Both(Spread(np.array(rows), np.array(numbers)), touches)


def test_a_set_of_this_release_counted_then_as_many_as_the_groups_that_it_touches():
    beside = both([[1, 1, 0, 0], [0, 0, 1, 0]], [17, 12], [{0}, {1}, {2}, {3}])
    assert beside.before(np.array([0, 1])) == 17
    assert beside.before(np.array([2])) == 12
    assert beside.before(np.array([0, 1, 2])) == 29
    assert beside.before(np.array([0])) is None, "only the sum of both was printed"
    assert beside.before(np.array([0, 2])) is None
    assert beside.before(np.array([3])) is None, "of the last nothing was printed"


def test_a_set_that_cuts_a_group_of_then_did_not_count_anything():
    beside = both([[1, 0], [0, 1]], [17, 12], [{0}, {0}, {1}])
    assert beside.before(np.array([0, 1])) == 17
    assert beside.before(np.array([0])) is None
    assert beside.before(np.array([0, 2])) is None
    divided = both([[1, 1, 0], [0, 0, 1]], [17, 12], [{0, 1}, {2}])
    assert divided.before(np.array([0])) == 17, "one atom may hold people of two groups"


def test_who_was_nowhere_then_changes_nothing_of_what_was_counted():
    """The first atom touches no group: its cell held nobody then, as the printed numbers said."""
    beside = both([[1, 0], [0, 1]], [17, 12], [set(), {0}, {1}])
    assert beside.before(np.array([0, 1])) == 17
    assert beside.before(np.array([1])) == 17
    cut = both([[1, 0], [0, 1]], [17, 12], [set(), {0}, {0}])
    assert cut.before(np.array([0, 1])) is None, "as many atoms, but not these"


def test_a_group_in_which_nobody_is_now_may_be_in_a_set_or_not():
    beside = both([[1, 1, 0], [0, 0, 1]], [17, 12], [{0}, {2}])
    assert beside.before(np.array([0])) == 17
    assert beside.before(np.array([1])) == 12
    assert beside.cells_that_complete([(7, np.array([0])), (8, np.array([1]))], 20, lambda *_: True) == {7, 8}


def find(beside, cells, minimum=20, wanted=None):
    """Return the cells to take back, and of each set asked about its atoms and last its people then."""
    asked = set()

    def tells(atoms, people):
        asked.add((*atoms.tolist(), people))
        return wanted is None or atoms.tolist() == wanted

    return beside.cells_that_complete([(cell, np.array(atoms)) for cell, atoms in cells], minimum, tells), asked


def test_the_cell_with_which_a_set_of_few_then_follows_now_is_taken_back():
    """Then the first site's number stood; now it is the district less the others."""
    beside = both([[1, 1, 1], [1, 0, 0]], [60, 15], [{0}, {1}, {2}])
    assert find(beside, [(3, [0, 1, 2]), (5, [1]), (4, [2])]) == ({4}, {(0, 15)})
    assert find(beside, [(3, [0, 1, 2]), (4, [2]), (5, [1])])[0] == {5}
    assert find(beside, [(3, [0, 1, 2]), (5, [1, 2])])[0] == {5}
    assert find(beside, [(3, [0, 1, 2]), (6, [0, 1]), (8, [1, 2]), (9, [2])])[0] == {8}
    assert find(beside, [(3, [0, 1, 2]), (5, [1])]) == (set(), set()), "it does not follow now"
    assert find(beside, [(3, [0, 1, 2]), (5, [1]), (4, [2])], 15) == (set(), set()), "there were not so few"
    assert find(beside, [(3, [0, 1, 2]), (5, [1]), (4, [2])], wanted=[1])[0] == set(), "it tells nothing"
    assert find(beside, []) == (set(), set())


def test_a_set_whose_people_of_then_lie_in_an_atom_with_others_now_does_not_follow():
    beside = both([[1, 0], [0, 1]], [15, 40], [{0, 1}, {0}])
    assert find(beside, [(1, [0]), (2, [1])]) == (set(), set())
    apart = both([[1, 0], [0, 1]], [15, 40], [{0}, {0}, {1}])
    assert find(apart, [(1, [0]), (2, [1]), (3, [2])]) == ({2}, {(0, 1, 15)})


def drawn(seed):
    """Return a small earlier release beside the printed cells of a later one, and the people of each finest group.

    No group has fewer than one. Some hold nobody now, and some atoms nobody then.
    """
    draw = np.random.default_rng(seed)
    finest, atoms = int(draw.integers(3, 8)), int(draw.integers(2, 7))
    people = draw.integers(1, 12, finest)
    rows = (draw.random((int(draw.integers(1, 6)), finest)) < draw.choice([0.3, 0.6])).astype(np.int64)
    touches = np.eye(finest, dtype=bool)[:, draw.integers(0, finest, atoms)]
    touches |= draw.random((finest, atoms)) < draw.choice([0, 0.1])
    touches &= draw.random(atoms) < 0.9
    cells = [np.flatnonzero(draw.random(atoms) < 0.5) for _ in range(int(draw.integers(1, 6)))]
    return Both(Spread(rows, rows @ people), touches), [(9 - i, each) for i, each in enumerate(cells)], people


def members_of(flags):
    return [np.flatnonzero(each) for each in flags]


@given(st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_what_a_set_counted_then_is_what_every_way_to_spread_people_counts(seed):
    beside, _, people = drawn(seed)
    held = beside.touches.any(axis=1)
    people = np.where(held, people, 0)
    beside = Both(Spread(beside.spread.rows, beside.spread.rows @ people), beside.touches)
    for atoms in members_of(all_sets(beside.touches.shape[1])):
        mine = np.array(beside.touches[:, atoms].any(axis=1))
        whole = not np.delete(beside.touches, atoms, axis=1)[mine].any()
        known = whole and follows(beside.spread.rows[:, held], mine[None, held].astype(np.int64))[0]
        assert beside.before(atoms) == (int(people[mine].sum()) if known else None)


def few_then_and_now(beside, cells, people):
    """Return every set that follows in both, by its atoms and its people then; and how few any then held."""
    sets = all_sets(len(people))[1:]
    sets = sets[follows(beside.spread.rows, sets)]
    known = beside.touches.any(axis=0)
    rows = np.array([np.isin(np.flatnonzero(known), atoms) for _, atoms in cells], dtype=np.int64)
    inside, outside = ((each @ beside.touches).astype(bool) for each in (sets, 1 - sets))
    both_ways = follows(rows, inside[:, known].astype(np.int64)) & ~(inside & outside).any(axis=1)
    found = {(tuple(np.flatnonzero(inside[i])), int(sets[i] @ people)) for i in np.flatnonzero(both_ways)}
    return found, min((sets @ people).tolist(), default=None)


def cell_that_completes(beside, cells, atoms):
    """Return the first of the cells from which, and all before it, a set follows."""
    known = np.flatnonzero(beside.touches.any(axis=0))
    rows = np.array([np.isin(known, each) for _, each in cells], dtype=np.int64)
    mine = np.isin(known, atoms)[None].astype(np.int64)
    return next(cells[last - 1][0] for last in range(1, len(cells) + 1) if follows(rows[:last], mine)[0])


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_set_of_few_then_that_follows_now_is_found_whenever_trying_every_set_finds_one(seed, choosy):
    """And the cell that is taken back is one that completes such a set."""
    beside, cells, people = drawn(seed)
    every, fewest = few_then_and_now(beside, cells, people)
    if fewest is None:
        return
    minimum, asked = 2 * fewest, []

    def tells(atoms, then):
        asked.append((tuple(atoms), then))
        return len(atoms) > 0 and (not choosy or atoms[0] % 2 == 1)

    back = beside.cells_that_complete(cells, minimum, tells)
    few = [(atoms, then) for atoms, then in every if atoms and then < minimum]
    few = [(atoms, then) for atoms, then in few if not choosy or atoms[0] % 2 == 1]
    assert set(asked) <= every
    assert back <= {cell_that_completes(beside, cells, atoms) for atoms, _ in few}
    assert bool(back) == bool(few)
