"""A release read back: which cells there are, what they are sums of, and how many people a share may mean."""

import pytest

from commonground.disclosure.answers import Answers
from commonground.disclosure.gate import layout_of
from commonground.disclosure.reading import DISTRICT, Released, end_percent, name, number_bounds, share_bounds
from commonground.disclosure.tests.survey import cell, numbers, released, two_way
from commonground.disclosure.tests.test_levels import FOUR, LEVELS, levelled


@pytest.mark.parametrize(
    ("people", "percent"),
    [(10, 20), (19, 20), (20, 10), (39, 10), (40, 5), (99, 5), (100, 2), (299, 2), (300, 1), (9000, 1)],
)
def test_the_ends_are_those_of_the_rules(people, percent):
    assert end_percent(people) == percent


@pytest.mark.parametrize(
    ("share", "people", "slack", "expected"),
    [
        ([0, 5], (39, 39), 1, (0, 1)),
        ([0, 5], (99, 99), 1, (0, 4)),
        ([0, 20], (10, 15), 1, (0, 3)),
        ([95, 100], (39, 39), 1, (38, 39)),
        ([80, 100], (10, 15), 1, (8, 15)),
        ([31, 36], (100, 100), 1, (31, 36)),
        ([20, 80], (15, 15), 1, (3, 12)),
        (20, (1000, 1000), 1, (191, 209)),
        (20, (900, 1000), 2, (163, 219)),
        (99, (1000, 1000), 4, (951, 1000)),
        (2, (1000, 1000), 5, (0, 69)),
    ],
)
def test_a_share_is_at_least_and_at_most_so_many_people(share, people, slack, expected):
    assert share_bounds(share, people, slack) == expected


def test_a_number_is_exact_or_lies_between_two():
    assert number_bounds(12) == (12, 12) and number_bounds({"at_least": 18, "at_most": 20, "of": 20}) == (18, 20)


def test_cells_are_named_and_only_the_district_and_margins_have_a_roster():
    plan, columns = levelled(FOUR, LEVELS, roster=(60, 50, 80, 40, 90))
    document = released(plan, columns)
    document["eligible"] = 400
    read = Released(document)
    at = frozenset({("site", 3), ("job", 0)})
    assert (name(DISTRICT), name(at)) == ("the district", "job 0 x site 3")
    assert [read.roster(each) for each in (DISTRICT, frozenset({("site", 3)}), frozenset({("job", 0)}), at)] == [
        400, 40, None, None,
    ]  # fmt: skip


def test_every_line_adds_up_and_none_is_missing():
    plan, columns = levelled(FOUR, LEVELS)
    release = released(plan, columns)
    read, true = Released(release), numbers(release, plan, columns)
    people = dict(zip(read.cells, true, strict=True))
    assert all(people[total] == sum(people[at] for at in parts) for total, parts in read.lines)
    sizes = {each: read.sizes[each] for each in ("site/level", "site", "job")}
    assert sizes == {"site/level": 3, "site": 6, "job": 3}
    margins, parted, crossed = 3, 3, 3 + 3 + 6 + 3
    of_levels = 3 + 9
    assert len(read.lines) == margins + parted + crossed + 2 + of_levels
    assert len({(total, frozenset(parts)) for total, parts in read.lines}) == len(read.lines)
    assert read.columns == 1 + 5 + 2 + 10, "a level is the sum of its groups"
    by_place = [(list(read.cells)[total], len(parts)) for total, parts in read.places_of_lines]
    assert by_place == [(total, len(parts)) for total, parts in read.lines]
    halves = [set(parts) for total, parts in read.lines if total == DISTRICT]
    first = read.level_of["site/level"][1][0]
    assert {("site/level", 1), ("site/level", 2)} | {("site", place) for place in first} in [
        {next(iter(at)) for at in parts} for parts in halves
    ]


def test_equations_leave_the_numbers_that_are_known_on_the_other_side():
    release = released(*two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]]))
    read = Released(release)
    unknown = [at for at in read.cells if at not in read.people]
    rows, values = read.equations(read.people, unknown)
    assert rows.shape == (len(read.lines), len(unknown)) and not values.any(), "those who named none are nobody"
    cell(release, site=0)["n"] = None
    again = Released(release)
    rows, values = again.equations(again.people, [*unknown, frozenset({("site", 0)})])
    assert sorted(rows[:, -1].tolist()) == [-1, *[0] * 7, 1] and sorted(values.tolist())[-1] == 50
    assert sorted(values.tolist())[0] == -50 and read.columns == 1 + 2 + 2 + 4
    district = next(i for i, (total, parts) in enumerate(again.lines) if frozenset({("site", 0)}) in parts)
    assert (rows[district, -1], values[district]) == (1, 50)


def test_the_gate_and_its_reader_know_the_same_lines_and_rosters():
    plan, columns = levelled(FOUR, LEVELS, roster=(60, 50, 80, 40, 90))
    layout, read = layout_of(plan, Answers.read(plan, columns)), Released(released(plan, columns))
    named = [frozenset(each) for each in layout.cells]
    lines = {(named[line.total], frozenset(named[part] for part in line.parts)) for line in layout.lines}
    assert lines == {(total, frozenset(parts)) for total, parts in read.lines} and set(named) == set(read.cells)
    for place, at in enumerate(named[1:], 1):
        assert layout.roster(place) == read.roster(at)


def test_answers_are_those_that_are_not_withheld():
    release = released(*two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]]))
    cell(release, site=0)["answers"]["breaks"]["status"] = "withheld"
    told = Released(release).answers("breaks")
    assert frozenset({("site", 0)}) not in told and told[DISTRICT]["n"] == 100 and len(told) == 8
    assert Released(release).answers("others") == {} and Released(release).minimum == 10
