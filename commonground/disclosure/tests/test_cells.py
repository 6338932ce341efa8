"""Cells, atoms and lines, against each person's own places, on small random districts."""

from collections import Counter

import numpy as np
import pytest

from commonground.disclosure import cells
from commonground.disclosure.cells import Layout
from commonground.disclosure.elimination import PRIMES, publishable, rank_modulo
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.tests.systems import margin, members, publishable_sums
from commonground.disclosure.tests.test_tree import any_layout

SITES = (0, 0, 1, 1, 1)


def districts(tables, sizes, people, levels=SITES):
    """Return the layout of people, each the places of their groups; sites have levels if there are as many."""
    groups = {name: tuple(ReportingGroup((place,)) for place in range(size)) for name, size in sizes.items()}
    places = {name: np.array([person[at] for person in people], dtype=np.intp) for at, name in enumerate(sizes)}
    if len(groups.get("site", ())) != len(levels):
        return Layout(groups, tables, places, len(people))
    totals = {"site/level": tuple(ReportingGroup((place,)) for place in range(max(levels) + 1))}
    places["site/level"] = np.array(levels)[places["site"]]
    return Layout({**totals, **groups}, tables, places, len(people), {"site": levels})


def levelled(*tables):
    """Return five sites of two levels and three jobs; a pair of each has one person, and two at its first cell."""
    everyone = [(site, job) for site in range(5) for job in range(3)]
    return districts(((), *tables), {"site": 5, "job": 3}, [(0, 0), *everyone])


MARGINS = (("site/level",), ("site",), ("job",))
PAIRS = (("site/level", "job"), ("site", "job"))
BACKWARDS = tuple((other, one) for one, other in PAIRS)


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


def test_cells_are_summed_in_whatever_order_their_atoms_lie():
    layout = districts(((), ("job",), ("site",)), {"site": 2, "job": 2}, [(0, 1)] * 2 + [(1, 0)] * 3)
    assert layout.people_in.tolist() == [5, 3, 2, 2, 3]


def test_a_survey_that_nobody_answered_has_cells_of_nobody():
    layout = margin([0, 0, 0])
    assert layout.people_in.tolist() == [0, 0, 0, 0] and len(layout.atom_sizes) == 0


def test_a_survey_without_groups_has_the_district_alone():
    layout = Layout({}, ((),), {}, 12)
    assert layout.people_in.tolist() == [12] and layout.columns == 1 and layout.lines == ()
    assert [each.tolist() for each in layout.divisions] == [[0]], "everyone is one atom of one part"
    assert publishable(layout.tree(layout.atom_sizes > 0), [0], []) == ([True], "integers")
    assert len(layout.grid.branch) == 1


def test_each_table_is_added_up_from_the_smallest_that_divides_it():
    layout = levelled(*MARGINS, *PAIRS)
    finer = {layout.table_of[cells[0]]: finer for finer, _, _, cells in layout._addends}
    assert finer == {
        ("site", "job"): None,
        ("site/level", "job"): ("site", "job"),
        ("site",): ("site", "job"),
        ("job",): ("site/level", "job"),
        ("site/level",): ("site",),
        (): ("site/level",),
    }


def test_groups_of_more_combinations_than_a_number_holds_are_counted(monkeypatch):
    monkeypatch.setattr(cells, "MOST_CODES", 100)
    names, draw = [f"group{at}" for at in range(12)], np.random.default_rng(1)
    people = [tuple(row) for row in draw.integers(0, 200, (30, len(names))).tolist()] * 2
    layout = districts(((), *((name,) for name in names)), dict.fromkeys(names, 200), people)
    assert layout.atom_sizes.tolist() == [2] * 30 and layout.people_in[0] == 60
    assert sorted(zip(*(layout.atoms[name].tolist() for name in names), strict=True)) == sorted(set(people))


def test_the_margin_with_totals_of_levels_divides_nobody_further():
    whole = levelled(*MARGINS, *PAIRS)
    assert whole._base_groups == ["site", "job"] and whole.has_whole_table
    assert not levelled(*MARGINS).has_whole_table


def test_without_further_sums_most_stay_in_their_branches():
    layout = levelled(*MARGINS, *PAIRS)
    everyone = layout.atom_sizes > 0
    none = layout.tree(everyone, np.zeros((0, len(everyone)), dtype=np.int64))
    assert len(none.branches) == len(layout.tree(everyone).branches) > 1


def test_the_sums_of_a_tree_stay_in_small_whole_numbers():
    layout = levelled(*MARGINS, *PAIRS)
    assert publishable(layout.tree(layout.atom_sizes > 0), [1, 2, 3, 4], [5])[1] == "integers"


def test_over_a_grid_every_place_but_the_last_of_each_question_counts_once():
    layout = levelled(*MARGINS, *PAIRS)
    assert layout.columns == 1 + 4 + 2 + 4 * 2
    assert rank_modulo(layout.grid, range(len(layout.cells)), PRIMES[0]) == layout.columns


def test_atoms_are_divided_by_level_and_site():
    of_level, of_site = levelled(*MARGINS, *PAIRS).divisions
    assert of_level.tolist() == [SITES[site] for site in of_site]
    assert of_site.tolist() == [site for site in range(5) for _ in range(3)]


def test_branches_share_one_column_for_each_group_of_the_other_questions():
    sizes = {"site": 9, "job": 3, "tenure": 2}
    people = [(site, job, tenure) for site in range(9) for job in range(3) for tenure in range(2) if job or tenure]
    layout = districts(((), ("site",), ("job",), ("tenure",), ("site", "job")), sizes, people)
    branches = layout.tree(layout.atom_sizes > 0).branches
    assert {branch.sums.shape[1] - branch.own for branch in branches} == {5}, "nobody has the first of both"
    in_grid = layout.grid.branches
    assert {branch.sums.shape[1] - branch.own for branch in in_grid} == {1 + 2 + 1}, "all, two jobs, one tenure"


def test_each_group_of_the_other_questions_is_known_by_an_atom_of_its_own():
    layout = districts(((), ("site",), ("job",)), {"site": 2, "job": 2}, [(0, 1), (1, 0), (1, 1)])
    of_each, one_of_each = layout._inner_atoms
    assert of_each.tolist() == [1, 0, 1] and of_each[one_of_each].tolist() == [0, 1]


def test_atoms_alone_are_told_apart_where_the_other_questions_have_more_groups_than_the_longest():
    sizes = {"site": 2, "job": 2, "tenure": 2}
    people = [tuple(row) for row in np.ndindex(2, 2, 2)]
    pairs = (("site", "job"), ("site", "tenure"), ("job", "tenure"))
    layout = districts(((), ("site",), ("job",), ("tenure",), *pairs), sizes, people)
    every, cells = np.ones(8, dtype=bool), len(layout.cells)
    dense = np.vstack([members(layout), np.eye(8, dtype=np.int64)])
    tree = layout.tree(every, alone=every)
    assert len(tree.branch) == len(dense)
    first, others = [cells, *range(cells)], range(cells + 1, cells + 8)
    assert all(publishable(tree, range(cells), others)[0]), "no atom follows from the pairs"
    verdicts, _ = publishable(tree, first, others)
    assert verdicts == publishable_sums(dense[first], dense[others])[0]
    assert not all(verdicts), "all follow from the pairs and one"


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (PAIRS, {*PAIRS, ("job",)}),
        (PAIRS[1:], {*PAIRS[1:], ("job",)}),
        ([("job", "site")], {("job", "site"), ("job",)}),
        (BACKWARDS, {*BACKWARDS, ("job",)}),
    ],
)
def test_each_pair_and_each_margin_with_levels_is_one_flow_through_the_levels(pairs, expected):
    layout = levelled(*MARGINS, *pairs)
    through = {(), ("site/level",), ("site",)}
    cells = [{cell for _, _, cell in flow} for flow in layout.flows]
    assert cells == [
        {cell for table in tables for cell in layout.span_of(table)} for tables in (through | expected, through)
    ]


@pytest.mark.parametrize("seed", range(30))
def test_over_a_grid_a_total_is_the_sum_of_its_parts_and_the_district_is_one(seed):
    layout, _ = any_layout(seed)
    assert layout._expand(()) == Counter({(): 1})
    for line in layout.lines:
        parts: Counter[object] = Counter()
        for cell in line.parts:
            parts.update(layout._expand(layout.cells[cell]))
        assert parts == layout._expand(layout.cells[line.total])
