"""Which shares an elastic program breaks for a hidden cell's sake: none that can stand, and none too many."""

import json

import numpy as np
import pytest

from commonground.disclosure.certificate import CLOSE
from commonground.disclosure.elastic import cheapest
from commonground.disclosure.parts import Part
from commonground.disclosure.printed import Printed
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
