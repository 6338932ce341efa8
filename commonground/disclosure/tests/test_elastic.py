"""Which shares an elastic program breaks for a hidden cell's sake: none that can stand, and none too many."""

import json

import numpy as np
import pytest

from commonground.disclosure.certificate import CLOSE
from commonground.disclosure.elastic import cheapest
from commonground.disclosure.parts import Decoy, First, Part
from commonground.disclosure.printed import Printed, Sums
from commonground.disclosure.reading import name
from commonground.disclosure.tests.byhand import document, told, whole
from commonground.disclosure.tests.survey import answers_by_job, released
from commonground.disclosure.weaker import WITHHELD


@pytest.fixture(scope="module")
def release():
    """Return a release in which shares count hidden people."""
    return dict(released(*answers_by_job()))


def hidden_cells(printed):
    return [
        (table, int(cell))
        for table, flags in enumerate(printed.hidden)
        for cell in np.flatnonzero(flags & (printed.reach[table].most >= printed.minimum))
    ]


def prices(release):
    """Return for each hidden cell that could hold ten what the program breaks for it to hold them."""
    printed = Printed(release)
    items = range(len(printed.items))
    return {cell: cheapest(Part(printed), [(*cell, 10.0)], items) for cell in hidden_cells(printed)}


@pytest.fixture(scope="module")
def of_cells(release):
    return prices(release)


def withheld(release, broken):
    """Return the release without these (item, table, cell), each item a question of its own."""
    printed, less = Printed(release), json.loads(json.dumps(release))
    for item, table, cell in broken:
        at = dict(printed.tables[table].cells[cell])
        told = next(each for each in less["cells"] if each["at"] == at)
        told["answers"][printed.items[item].question] = dict(WITHHELD)
    return less


def test_where_no_hidden_cell_has_to_hold_more_everything_that_is_printed_can_stand(release):
    printed = Printed(release)
    price = cheapest(Part(printed), [], range(len(printed.items)))
    assert price.broken == []
    for table, bounds in zip(printed.tables, printed.people, strict=True):
        assert bounds.outside(table.sums(price.people)) <= CLOSE + 1e-6


def test_the_people_returned_reach_the_goal(release, of_cells):
    printed = Printed(release)
    for (table, cell), price in of_cells.items():
        assert printed.tables[table].sums(price.people)[cell] >= 10 - CLOSE - 1e-6
        assert (price.people >= -1e-9).all() and (price.people[printed.empty] <= 1e-9).all()


def test_some_shares_stand_against_some_cells_only(of_cells):
    broken = [bool(price.broken) for price in of_cells.values()]
    assert any(broken) and not all(broken)


def test_without_what_is_broken_all_else_can_stand(release, of_cells):
    for cell, price in of_cells.items():
        if price.broken:
            assert prices(withheld(release, price.broken))[cell].broken == []


def test_of_what_is_broken_nothing_could_have_stood(release, of_cells):
    """Each share that is put back is broken again, or another in its place."""
    for cell, price in of_cells.items():
        for kept in price.broken:
            others = [each for each in price.broken if each != kept]
            assert prices(withheld(release, others))[cell].broken


def test_a_share_of_crossed_groups_is_cheaper_than_one_of_the_district(of_cells):
    assert all(table > 0 for price in of_cells.values() for _, table, _ in price.broken)


def test_what_the_numbers_of_people_forbid_has_no_price(release):
    printed = Printed(release)
    table, cell = hidden_cells(printed)[0]
    with pytest.raises(ArithmeticError):
        cheapest(Part(printed), [(table, cell, float(printed.reach[table].most[cell]) + 1)], [0])


# Which share is cheapest, of releases written by hand


def broken(made, items=None, part=None, goals=()):
    """Return (question, cell in words) of what the program breaks."""
    part = part or whole(made)
    printed = part.printed
    price = cheapest(part, goals, range(len(printed.items)) if items is None else items)
    where = [(printed.items[item].question, name(printed.tables[t].cells[cell])) for item, t, cell in price.broken]
    return sorted(where)


def of_one_place(of_district, of_place, n=100):
    """Return a district whose people are all at one site, and what both tell of the same question."""
    answers = {"the district": {"breaks": told(n, **of_district)}, "site 0": {"breaks": told(n, **of_place)}}
    return document({"site": 2}, {"": n, "site": [n, 0]}, answers)


@pytest.mark.parametrize(
    ("of_district", "of_place", "stands"),
    [
        ({"top": 82}, {"top": [20, 80]}, False),
        ({"top": 80}, {"top": [20, 80]}, True),
        ({"top": 18}, {"top": [20, 80]}, False),
        ({"top": 20}, {"top": [20, 80]}, True),
        ({"options": [30, 20, 20, 20, 10]}, {"options": [30, 25, 15, 20, 10]}, False),
        ({"options": [30, 20, 20, 20, 10]}, {"options": [30, 20, 20, 20, 10]}, True),
        ({"options": [30, 20, 20, 20, 10]}, {"options": [[0, 5], 20, 20, 20, 35]}, False),
        ({"options": [30, 20, 20, 20, 10]}, {"mean": 3.0}, False),
        ({"options": [30, 20, 20, 20, 10]}, {"mean": 2.6}, True),
        ({"mean": 3.0}, {"mean": 2.6}, False),
        ({"options": [30, 20, 20, 20, 10]}, {"top": 35}, False),
        ({"options": [30, 20, 20, 20, 10]}, {"top": 30}, True),
    ],
)
def test_a_share_of_the_same_people_stands_or_is_broken(of_district, of_place, stands):
    assert broken(of_one_place(of_district, of_place)) == ([] if stands else [("breaks", "site 0")])


def test_of_two_shares_that_cannot_both_stand_the_one_of_the_smaller_table_goes():
    """A site in a crossed cell, the crossed cell in it: all the same people."""
    answers = {"site 0": {"breaks": told(100, top=30)}, "job 0 x site 0": {"breaks": told(100, top=40)}}
    made = document(
        {"site": 2, "job": 2}, {"": 100, "site": [100, 0], "job": [100, 0]}, answers, pairs=[("site", "job")]
    )
    assert broken(made) == [("breaks", "job 0 x site 0")]


def test_a_level_is_dearer_than_its_groups_and_the_district_than_a_level():
    answers = {"site/level 0": {"breaks": told(100, top=30)}, "site 0": {"breaks": told(100, top=40)}}
    sites = {"": 100, "site/level": [100, 0], "site": [100, 0, 0, 0]}
    assert broken(document({"site": 4}, sites, answers, levels={"site": "aabb"})) == [("breaks", "site 0")]
    answers = {"site/level 0": {"breaks": told(100, top=30)}, "the district": {"breaks": told(100, top=40)}}
    assert broken(document({"site": 4}, sites, answers, levels={"site": "aabb"})) == [("breaks", "site/level 0")]


def all_of_one(*told_there, levels=None):
    """Return a hundred people who are all in one place of each group, and the upper share that each name tells."""
    sizes = {"site": 4, "job": 2, "tenure": 2}
    people = {"": 100, **{group: [100] + [0] * (size - 1) for group, size in sizes.items()}}
    if levels:
        people["site/level"] = [100, 0]
    answers = {at: {"breaks": told(100, top=top)} for at, top in told_there}
    pairs = [("site", "job"), ("site", "tenure"), *([("site/level", "job")] if levels else [])]
    return document(sizes, people, answers, pairs=pairs, levels=levels)


def names_of(made):
    return [at for _, at in broken(made)]


def test_two_shares_of_crossed_groups_are_cheaper_than_one_of_a_group():
    crossed = ["job 0 x site 0", "site 0 x tenure 0"]
    assert names_of(all_of_one(("site 0", 30), *((at, 40) for at in crossed))) == crossed


def test_two_shares_of_groups_are_cheaper_than_one_of_a_level():
    groups = ["job 0", "site 0"]
    made = all_of_one(("site/level 0", 30), *((at, 40) for at in groups), levels={"site": "aabb"})
    assert names_of(made) == groups


def test_two_shares_of_crossed_groups_are_cheaper_than_one_of_a_crossed_level():
    crossed = ["job 0 x site 0", "site 0 x tenure 0"]
    made = all_of_one(("job 0 x site/level 0", 30), *((at, 40) for at in crossed), levels={"site": "aabb"})
    assert names_of(made) == crossed


def test_those_who_answered_are_the_same_people_for_every_choice_of_a_question():
    """By one choice few of the district answered at the first site, by the other most of it."""
    about = {"at_least": 10, "at_most": 90}
    answers = {
        "the district": {"rest": told(100, options=[20, 80])},
        "site 0": {"rest": told(about, options=[100, 100])},
        "site 1": {"rest": told(about, options=[0, 0])},
    }
    made = document({"site": 2}, {"": 200, "site": [100, 100]}, answers, [("rest", "several", 2)])
    assert broken(made, [0]) == [] and broken(made, [1]) == []
    assert broken(made) != []


def test_a_question_is_looked_at_by_itself():
    answers = {
        "the district": {"breaks": told(100, top=60)},
        "site 0": {"breaks": told(100, top=60), "pride": told(100, top=30)},
    }
    answers["the district"]["pride"] = told(100, top=40)
    questions = [("breaks", "agreement", 5), ("pride", "agreement", 5)]
    made = document({"site": 2}, {"": 100, "site": [100, 0]}, answers, questions)
    assert broken(made) == [("pride", "site 0")] and broken(made, [0]) == []


def fixed(made, upper):
    """Return the part of a release whose district is held fast: so many of a hundred gave each upper answer."""
    part = whole(made)
    printed = part.printed
    options = np.zeros((1, len(printed.items), printed.widest))
    options[0, :, 3] = upper
    options[0, :, 0] = 100 - np.array(upper)
    printed.fixed = Sums(np.array([100.0]), np.full((1, len(printed.questions)), 100.0), options)
    return part


def test_a_district_that_is_held_fast_stands_whatever_it_costs():
    range_ = {"top": [20, 80]}
    made = of_one_place(range_, {"top": 40})
    assert broken(made) == [] and broken(made, part=fixed(made, [40])) == []
    assert broken(made, part=fixed(made, [45])) == [("breaks", "site 0")]
    answers = {"the district": {"breaks": told(100, **range_), "pride": told(100, **range_)}}
    answers["site 0"] = {"breaks": told(100, top=40), "pride": told(100, top=60)}
    questions = [("breaks", "agreement", 5), ("pride", "agreement", 5)]
    made = document({"site": 2}, {"": 100, "site": [100, 0]}, answers, questions)
    assert broken(made, part=fixed(made, [40, 60])) == []
    assert broken(made, part=fixed(made, [40, 65])) == [("pride", "site 0")]


def parted(of_district, hold_fast=False):
    """Return two of three sites as a part: of fifty at the third, ten gave each answer in the first decoy."""
    answers = {"the district": {"breaks": told(150, **of_district)}, "site 0": {"breaks": told(50, top=20)}}
    made = document({"site": 3}, {"": 150, "site": [50, 50, 50]}, answers)
    printed = Printed(made)
    people = np.full(3, 50.0)
    alike = [np.ones((len(table.cells), 1, 5)) for table in printed.tables]
    first = First(printed, Decoy(people, people[:, None], alike))
    if hold_fast:
        printed.fixed = first.sums[0]
    return made, Part(printed, (0, 1), first)


@pytest.mark.parametrize(
    ("of_district", "stands"),
    [
        ({"top": [45, 50]}, True),
        ({"options": [[0, 5], [5, 15], [5, 15], [30, 40], [45, 60]]}, False),
        ({"top": [54, 60]}, False),
        ({"top": [20, 21]}, True),
        ({"top": [0, 18]}, False),
        ({"options": [[8, 20], [8, 20], [8, 40], [8, 20], [8, 40]]}, True),
        ({"mean": 2.2}, True),
        ({"mean": 4.6}, False),
    ],
)
def test_in_a_part_everyone_else_answers_as_in_the_first_decoy(of_district, stands):
    """Of 150 ten gave an upper answer at the first site, twenty at the third, and any number at the second."""
    made, part = parted(of_district)
    assert (broken(made, part=part) == []) == stands


def test_in_a_part_a_district_that_is_held_fast_is_what_is_left_of_it():
    made, part = parted({"top": [20, 80]}, hold_fast=True)
    assert broken(made, part=part) == []
