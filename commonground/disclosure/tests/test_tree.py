"""The tree of sums decides as the plain elimination does, on hundreds of small random districts."""

from collections import Counter

import numpy as np
import pytest

from commonground.disclosure import elimination, gate
from commonground.disclosure.answers import Answers
from commonground.disclosure.cells import Layout
from commonground.disclosure.elimination import PRIMES, TreeSpan, publishable, rank_modulo
from commonground.disclosure.plan import TablePlan
from commonground.disclosure.tests.survey import AGREE, group
from commonground.disclosure.tests.systems import members, publishable_sums
from commonground.disclosure.tree import TRUNK, Part, branches_of, flat, plant


def any_layout(seed):
    """Return a layout drawn from the seed: one to three groups, some with levels, some crossed, many empty."""
    draw = np.random.default_rng(seed)
    people = int(draw.choice([30, 80, 200]))
    names = ("site", "job", "tenure")[: draw.integers(1, 4)]
    groups, columns = [], {"breaks": draw.integers(0, 5, people).astype(np.uint8)}
    for name in names:
        labels = int(draw.integers(2, 14 if name == "site" else 5))
        columns[name] = draw.choice(labels, people, p=draw.dirichlet(np.full(labels, 2))).astype(np.uint8)
        levels = tuple(str(level) for level in np.sort(draw.integers(0, draw.integers(1, 5), labels)))
        groups.append(group(name, labels, None, levels if draw.random() < 0.7 else None))
    pairs = tuple(
        (one, other) if draw.random() < 0.7 else (other, one)
        for at, one in enumerate(names)
        for other in names[at + 1 :]
        if draw.random() < 0.8
    )
    plan = TablePlan((AGREE,), tuple(groups), names, pairs)
    return gate.layout_of(plan, Answers.read(plan, columns)), draw


@pytest.mark.parametrize("seed", range(300))
def test_the_tree_gives_the_verdicts_of_the_plain_elimination(seed):
    layout, draw = any_layout(seed)
    held = draw.random(len(layout.atom_sizes)) < draw.choice([0.6, 1.0])
    dense = members(layout)[:, held]
    some = np.flatnonzero(dense.any(axis=1))
    watched = draw.choice(some, min(len(some), int(draw.integers(1, 12))), replace=False)
    order = draw.permutation(np.setdiff1d(some, watched))
    found, _ = publishable(layout.tree(held), order.tolist(), watched.tolist())
    expected, _ = publishable_sums(dense[order], dense[watched])
    assert found == expected


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("seed", range(40))
def test_modulo_a_prime_it_gives_the_same_verdicts(seed, prime):
    layout, draw = any_layout(seed)
    some = [cell for cell in draw.permutation(len(layout.cells)).tolist() if layout.people_in[cell]]
    tree = layout.tree(layout.atom_sizes > 0)
    expected, _ = publishable(tree, some[5:], some[:5])
    assert elimination._greedy(some[5:], [TreeSpan(tree, some[:5], prime)]) == expected


@pytest.mark.parametrize("seed", range(60))
def test_the_rank_of_all_cells_is_that_of_a_full_grid(seed):
    layout, draw = any_layout(seed)
    some = np.flatnonzero(draw.random(len(layout.cells)) < 0.5).tolist()
    full = np.indices([len(layout.groups[name]) for name in layout._base_groups]).reshape(
        len(layout._base_groups), -1
    )
    places = dict(zip(layout._base_groups, full, strict=True))
    for name, level_of in layout.levels.items():
        places[f"{name}/level"] = np.array(level_of)[places[name]]
    everywhere = Layout(layout.groups, layout.tables, places, full.shape[1], layout.levels)
    dense = members(everywhere)
    expected = rank_modulo(flat(dense[some]), range(len(some)), PRIMES[1])
    assert rank_modulo(layout.grid, some, PRIMES[0]) == expected
    assert layout.columns == rank_modulo(flat(dense), range(len(dense)), PRIMES[1])


@pytest.mark.parametrize("seed", range(40))
def test_the_sums_of_cells_are_those_of_their_people(seed):
    layout, draw = any_layout(seed)
    chosen = draw.random(layout.people) < 0.5
    tally = layout.tally(np.where(chosen, 0, 1).astype(np.uint8), 1)[:, 0]
    for number, cell in enumerate(layout.cells):
        inside = np.logical_and.reduce([layout.places[name] == place for name, place in cell], initial=True)
        assert layout.people_in[number] == np.broadcast_to(inside, layout.people).sum()
        assert layout.sums(tally)[number] == (chosen & inside).sum()


@pytest.mark.parametrize("seed", range(40))
def test_as_many_people_enter_each_group_of_a_flow_as_leave_it(seed):
    layout, _ = any_layout(seed)
    for flow in layout.flows:
        balance: Counter[object] = Counter()
        for arc in layout.arcs(flow, layout.people_in):
            balance.update({arc.start: -arc.people})
            balance.update({arc.end: arc.people})
        assert not any(balance.values())
    crossed = {cell for cell, table in enumerate(layout.table_of) if len(table) == 2}
    assert crossed <= {cell for flow in layout.flows for _, _, cell in flow}


@pytest.mark.parametrize("seed", range(40))
def test_atoms_are_divided_by_the_level_and_the_place_of_the_longest_question(seed):
    layout, _ = any_layout(seed)
    longest = max(layout._base_groups, key=lambda name: len(layout.groups[name]))
    names = ([f"{longest}/level"] if longest in layout.levels else []) + [longest]
    expected = [layout.atoms[name].tolist() for name in names]
    assert [each.tolist() for each in layout.divisions] == expected


@pytest.mark.parametrize(
    ("places", "levels"), [(200, None), (9, [0, 0, 0, 1, 1, 2, 2, 2, 2]), (30, [*[0] * 20, *range(1, 11)])]
)
def test_branches_hold_every_place_once_and_no_part_of_a_level_beside_another(places, levels):
    branches = branches_of(places, levels)
    assert sorted(np.concatenate(branches).tolist()) == list(range(places))
    assert max(map(len, branches)) <= 15
    for branch in branches:
        held = {levels[place] for place in branch} if levels else set()
        whole = all(np.isin(np.flatnonzero(np.array(levels) == level), branch).all() for level in held)
        assert len(held) == 1 or not levels or whole


def test_a_whole_branch_is_what_it_passes_on_and_its_last_place_is_that_less_the_others():
    held = np.array([[True, True], [True, False], [True, True]])
    inner = np.eye(2, dtype=np.int16)
    overs = [np.array(over) for over in ([0, 1, 2], [0], [1], [2])]
    part = Part(np.arange(8).reshape(4, 2), overs, inner)
    (branch,) = plant([part], held, [np.arange(3)], 8).branches
    assert (branch.own, branch.start) == (3, 0)
    whole, first, second, last = branch.sums.reshape(4, 2, 5)
    assert whole.tolist() == [[0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]
    assert first[0].tolist() == [1, 0, 0, 0, 0] and first[1].tolist() == [0, 1, 0, 0, 0]
    assert second.tolist() == [[0, 0, 1, 0, 0], [0] * 5], "nobody of the second kind is there"
    assert last.tolist() == [[-1, 0, -1, 1, 0], [0, -1, 0, 0, 1]]


def test_a_sum_over_several_branches_holds_all_their_places():
    held = np.ones((4, 1), dtype=bool)
    inner = np.eye(1, dtype=np.int16)
    branches = [np.array([0, 1]), np.array([2, 3])]
    tree = plant([Part(np.array([[0]]), [np.arange(4)], inner)], held, branches, 1)
    assert tree.trunk.tolist() == [[1, 1]] and (tree.branch[0], tree.row[0]) == (TRUNK, 0)
    with pytest.raises(ValueError, match="all their places"):
        plant([Part(np.array([[0]]), [np.arange(3)], inner)], held, branches, 1)


def test_most_sums_stay_in_their_branches():
    layout, _ = any_layout(4)
    tree = layout.tree(layout.atom_sizes > 0)
    assert len(tree.branches) > 1
    span = TreeSpan(tree, ())
    for number in np.flatnonzero(layout.people_in).tolist():
        span.publish(span.remainder(number))
    assert span._trunk.rank < span.rank == rank_modulo(flat(members(layout)), range(len(layout.cells)), PRIMES[0])
    assert (tree.branch != TRUNK).sum() > len(layout.cells) // 2
