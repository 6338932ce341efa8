from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.disclosure.cuts import Arc, small_cuts

ARCS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(3, 5), st.integers(1, 9)),
    min_size=1,
    max_size=8,
    unique_by=lambda a: a[:2],
)


def exposed(arcs, minimum):
    """Return every set of cells that leaves a set of nodes which nothing enters, with 1 to k - 1 people."""
    nodes = sorted({node for arc in arcs for node in (arc.start, arc.end)})
    for keeps in product((False, True), repeat=len(nodes)):
        inside = {node for node, keep in zip(nodes, keeps, strict=True) if keep}
        leaving = [arc for arc in arcs if arc.start in inside and arc.end not in inside]
        entering = any(arc.end in inside and arc.start not in inside for arc in arcs)
        if not entering and 0 < sum(arc.people for arc in leaving) < minimum:
            yield frozenset(arc.cell for arc in leaving)


ANYWHERE = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 9)).filter(lambda a: a[0] != a[1]),
    min_size=1,
    max_size=10,
    unique_by=lambda a: a[:2],
)


@given(ARCS | ANYWHERE, st.integers(2, 25))
@settings(max_examples=400, deadline=None)
def test_a_cut_is_found_exactly_when_trying_all_sets_of_nodes_finds_one(drawn, minimum):
    arcs = [Arc(start, end, people, cell) for cell, (start, end, people) in enumerate(drawn)]
    expected = set(exposed(arcs, minimum))
    found = [
        frozenset(arc.cell for arc in arcs if arc.start in nodes and arc.end not in nodes)
        for nodes in small_cuts(arcs, minimum)
    ]
    assert set(found) <= expected
    assert frozenset().union(*found) == frozenset().union(*expected), (
        "every cell of a small set is in one that is found"
    )


def test_two_small_cells_between_two_rows_and_two_columns():
    arcs = [Arc("a", "x", 3, 0), Arc("b", "y", 40, 1), Arc("a", "y", 4, 2), Arc("b", "x", 30, 3)]
    assert list(small_cuts(arcs, 10)) == [frozenset({"a"})]


def test_the_smallest_set_of_a_cell_may_need_a_way_back_along_another():
    """People on their way through two rows and two columns: the first way that is tried has to be given back."""
    arcs = [
        Arc("in", "a", 4, 0), Arc("in", "b", 5, 1), Arc("a", "x", 4, 2), Arc("b", "x", 9, 3), Arc("b", "y", 9, 4),
        Arc("x", "out", 6, 5), Arc("y", "out", 6, 6), Arc("out", "in", 9, 7),
    ]  # fmt: skip
    assert list(small_cuts(arcs, 10)) == []
    arcs = [arc for arc in arcs if arc.cell != 7]
    sets = [
        {arc.cell for arc in arcs if arc.start in nodes and arc.end not in nodes} for nodes in small_cuts(arcs, 10)
    ]
    assert sets == [{0, 1}, {1, 2}]


def test_what_goes_back_along_a_cell_makes_room_there():
    drawn = [(3, 1, 2), (5, 1, 2), (5, 2, 6), (3, 4, 6), (3, 5, 1), (3, 2, 2), (0, 2, 7), (1, 0, 3), (5, 4, 9)]
    assert list(small_cuts([Arc(*each, cell) for cell, each in enumerate(drawn)], 10)) == []


def test_going_back_along_a_cell_that_is_full_is_not_limited_by_it():
    """The first way to the end fills three cells, and the second goes back along one of them."""
    arcs = [
        Arc("in", "out", 1, 0), Arc("in", "a", 5, 1), Arc("in", "c", 5, 2), Arc("a", "b", 5, 3),
        Arc("a", "d", 5, 4), Arc("c", "b", 5, 5), Arc("b", "out", 5, 6), Arc("d", "out", 5, 7),
    ]  # fmt: skip
    assert next(iter(small_cuts(arcs, 12))) == {"in"}
    assert list(small_cuts(arcs, 11)) == []


def test_where_the_end_lies_before_the_start_there_is_no_cut():
    assert list(small_cuts([Arc("a", "b", 3, 0), Arc("b", "a", 4, 1)], 10)) == []


def test_halving_the_ways_looked_for_ends_at_one_person():
    arcs = [Arc("a", "b", 5, 0), Arc("a", "b", 14, 1)]
    assert list(small_cuts(arcs, 20)) == [frozenset({"a"})]
    assert list(small_cuts(arcs, 19)) == []
