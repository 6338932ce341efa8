"""Cells, atoms and lines, against each person's own places, on small random districts."""

import numpy as np
import pytest

from commonground.disclosure import cells
from commonground.disclosure.cells import Layout
from commonground.disclosure.elimination import publishable
from commonground.disclosure.tests.systems import members, publishable_sums
from commonground.disclosure.tests.test_tree import any_layout


@pytest.mark.parametrize("seed", range(30))
def test_every_line_adds_up_and_none_is_missing(seed):
    layout, _ = any_layout(seed)
    held, lines = members(layout), layout.lines
    assert all((held[line.total] == held[list(line.parts)].sum(axis=0)).all() for line in lines)
    size = {name: len(groups) for name, groups in layout.groups.items()}
    expected = sum(1 + (sum(size[name] for name in table) if len(table) == 2 else 0) for table in layout.tables[1:])
    for name in layout.levels:
        across = [other for table in layout.tables if len(table) == 2 and name in table for other in table]
        crossed = [other for other in across if {f"{name}/level", other} in map(set, layout.tables)]
        expected += size[f"{name}/level"] * (2 + sum(size[other] for other in crossed))
    assert len(lines) == len({(line.total, frozenset(line.parts)) for line in lines}) == expected
    assert [(total, tuple(parts.tolist())) for total, parts in layout.places_of_lines] == [
        (line.total, line.parts) for line in lines
    ]


@pytest.mark.parametrize("seed", range(30))
def test_each_cell_knows_its_atoms(seed):
    layout, draw = any_layout(seed)
    held = members(layout)
    some = draw.permutation(len(layout.cells))[:5].tolist()
    assert layout.of_any(some).tolist() == held[some].any(axis=0).tolist()
    assert not layout.of_any([]).any()
    assert [(cell, np.sort(atoms).tolist()) for cell, atoms in layout.atoms_in(some)] == [
        (cell, np.flatnonzero(held[cell]).tolist()) for cell in some
    ]


@pytest.mark.parametrize("seed", range(20))
def test_answers_are_tallied_by_the_people_of_each_atom(seed, monkeypatch):
    layout, draw = any_layout(seed)
    names = layout._base_groups
    atom = {tuple(layout.atoms[name][i] for name in names): i for i in range(len(layout.atom_sizes))}
    of_each = [atom[each] for each in zip(*(layout.places[name] for name in names), strict=True)]
    assert layout.atom_sizes.tolist() == np.bincount(of_each).tolist()
    for options in (3, 5, 3):
        values = draw.choice([*range(options), 255], layout.people).astype(np.uint8)
        tally = np.zeros((len(atom), options), dtype=int)
        for place, value in zip(of_each, values.tolist(), strict=True):
            if value < options:
                tally[place, value] += 1
        assert layout.tally(values, options).tolist() == tally.tolist()
    monkeypatch.setattr(cells, "MOST_CODES", 4)
    again = Layout(layout.groups, layout.tables, layout.places, layout.people, layout.levels)
    assert {name: each.tolist() for name, each in again.atoms.items()} == {
        name: each.tolist() for name, each in layout.atoms.items()
    }
    assert again.people_in.tolist() == layout.people_in.tolist()


@pytest.mark.parametrize("seed", range(60))
def test_atoms_that_no_table_shows_and_further_sums_are_watched_beside_the_cells(seed):
    layout, draw = any_layout(seed)
    held, alone = (draw.random(len(layout.atom_sizes)) < chance for chance in (0.9, 0.3))
    further = draw.integers(0, 2, (int(draw.integers(0, 3)), len(held)))
    atoms = np.flatnonzero(held & alone & (not layout.has_whole_table))
    one = np.eye(len(held), dtype=np.int64)
    dense = np.vstack([members(layout), further, one[atoms]])[:, held]
    tree = layout.tree(held, further if len(further) or draw.random() < 0.5 else None, alone)
    assert len(tree.branch) == len(dense)
    beyond = [number for number in range(len(layout.cells), len(dense)) if dense[number].any()]
    some = [cell for cell in draw.permutation(len(layout.cells)).tolist() if dense[cell].any()]
    found, _ = publishable(tree, some, beyond)
    assert found == publishable_sums(dense[some], dense[beyond])[0]


def test_a_table_crosses_everything_only_if_no_group_is_left():
    layouts = [any_layout(seed)[0] for seed in range(40)]
    assert [layout.has_whole_table for layout in layouts] == [
        any(set(table) == {name for name in layout.groups if "/" not in name} for table in layout.tables)
        for layout in layouts
    ]
    assert len({layout.has_whole_table for layout in layouts}) == 2
