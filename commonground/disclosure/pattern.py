"""The one pattern of cells whose number of people is shown, the same for every question of a survey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from commonground.disclosure.cells import Counts, Flags, Layout, Line, level_totals
from commonground.disclosure.cuts import small_cuts
from commonground.disclosure.elimination import publishable
from commonground.disclosure.memory import Beside, Memory, TogetherTooMuch
from commonground.disclosure.tree import Tree
from commonground.disclosure.unions import cells_that_complete


@dataclass(frozen=True)
class Pattern:
    """Which cells show their number of people: `exact` as it is, `coded` as "nearly all of the roster"."""

    exact: Flags
    coded: Flags
    arithmetic: str


def find_pattern(
    layout: Layout,
    people: Counts,
    eligible: int | None,
    minimum: int,
    beside: Beside | None = None,
    total_is_public: bool = False,
) -> Pattern:
    """Choose what is shown: as much as fits, most useful first, so that no protected cell follows.

    Protected are cells of 1 to k - 1 people, people of whom there are so few in one group of each question although
    no table crosses all of them, cells with more answers than people on the roster, and cells of
    which nearly everyone answered; the last are coded where k people are enough for the code. Then every
    remainder of a line, and every set of people that follows from a pair, must be nobody or at least k people;
    where one is not, one more cell beside it is protected. A code that bounds hidden people below k is left out.
    What earlier releases told of the same answers stands; what they forbid is protected (see `memory`). A number of
    the whole district that is public anyway is shown as it is, and nothing may follow from it either.
    """
    beside = beside or Memory().beside(layout, people, eligible, minimum)
    rosters = [eligible, *(layout.roster(cell) for cell in range(1, len(layout.cells)))]
    coded = np.array([_nearly_all(n, roster) for n, roster in zip(people.tolist(), rosters, strict=True)])
    over = np.array([roster is not None and n > roster for n, roster in zip(people, rosters, strict=True)])
    coded[0] &= not total_is_public
    over[0] &= not total_is_public
    close = coded | over
    coded &= ~over & np.array([nearly_all_from(roster or 0) >= minimum for roster in rosters])
    coded &= people >= minimum
    coded &= ~beside.barred
    protected = close | ((people > 0) & (people < minimum)) | beside.barred
    order = sorted(most_useful_first(layout, people), key=lambda cell: not beside.given[cell])
    tree = layout.tree(layout.atom_sizes > 0, beside.watched, layout.atom_sizes < minimum)
    while True:
        exact, arithmetic = publish(tree, order, protected, people > 0)
        if (beside.exact & ~exact).any():
            refuse_together()
        extra = _cells_that_expose(layout, people, exact, rosters, minimum, beside.given)
        extra = extra or beside.exposed(layout, people, exact, minimum)
        extra = extra or cells_that_tell_of_few_together(
            layout, order, exact, layout.atom_sizes, minimum, beside.given
        )
        extra = extra or beside.standing_in_both(layout, order, exact, minimum)
        bounding = set() if extra else _codes_that_bound(layout, people, exact, coded, minimum, beside.given)
        if not extra and not bounding:
            return Pattern(exact, coded, arithmetic)
        protected[list(extra)] = True
        coded[list(bounding)] = False


def most_useful_first(layout: Layout, people: Counts) -> list[int]:
    """Return all cells: the district, margins, pairs, levels before their groups, larger first, then as listed."""
    levels = {level_totals(group) for group in layout.levels}

    def rank(cell: int) -> tuple[int, bool, int, int]:
        table = layout.table_of[cell]
        return len(table), levels.isdisjoint(table), -int(people[cell]), cell

    return sorted(range(len(people)), key=rank)


def publish(tree: Tree, order: Sequence[int], protected: Flags, held: Flags) -> tuple[Flags, str]:
    """Publish cells in order, as long as no protected one follows; return which, and the arithmetic used.

    Cells that hold nobody (`held` false) are never published. Sums of the tree beyond the cells must not follow.
    """
    candidates = [cell for cell in order if held[cell] and not protected[cell]]
    beyond = range(len(protected), len(tree.branch))
    verdicts, arithmetic = publishable(tree, candidates, np.flatnonzero(protected).tolist(), beyond)
    exact = np.zeros(len(protected), dtype=bool)
    exact[[cell for cell, safe in zip(candidates, verdicts, strict=True) if safe]] = True
    return exact, arithmetic


def _cells_that_expose(
    layout: Layout, people: Counts, exact: Flags, rosters: Sequence[int | None], minimum: int, given: Flags
) -> set[int]:
    """Return one more cell to protect for every line whose remainder is too small or nearly everyone."""
    extra: set[int] = set()
    for line in layout.lines:
        rest = [cell for cell in line.parts if not exact[cell] and people[cell]]
        left = int(people[rest].sum())
        if exact[line.total] and rest and (left < minimum or _nearly_all(left, _sum(rosters, rest))):
            extra |= smallest(line, exact, people, given)
    return extra or cells_that_complete_a_cut(layout, people, exact, minimum, given)


def _codes_that_bound(
    layout: Layout, people: Counts, exact: Flags, coded: Flags, minimum: int, given: Flags
) -> set[int]:
    """Return a coded cell of every line in which "nearly all" leaves fewer than k people for the hidden cells."""
    found: set[int] = set()
    for line in layout.lines:
        nearly = [cell for cell in line.parts if coded[cell] and not given[cell]]
        hidden = [cell for cell in line.parts if not exact[cell] and not coded[cell]]
        known = sum(int(people[cell]) for cell in line.parts if exact[cell])
        known += sum(nearly_all_from(layout.roster(cell) or 0) for cell in line.parts if coded[cell])
        if exact[line.total] and hidden and nearly and 0 < people[line.total] - known < minimum:
            found.add(min(nearly, key=lambda cell: (int(people[cell]), cell)))
    return found


def cells_that_complete_a_cut(layout: Layout, people: Counts, exact: Flags, minimum: int, given: Flags) -> set[int]:
    """Return one more cell, not `given`, to protect for every set of 1 to k - 1 people that follows from flows."""
    extra: set[int] = set()
    for flow in layout.flows:
        arcs = layout.arcs(flow, people)
        for nodes in small_cuts([arc for arc in arcs if not exact[arc.cell]], minimum):
            crossing = [a for a in arcs if exact[a.cell] and (a.start in nodes) != (a.end in nodes)]
            crossing = [arc for arc in crossing if not given[arc.cell]] or refuse_together()
            extra.add(min(crossing, key=lambda a: (len(layout.cells[a.cell]) < 2, a.people, a.cell)).cell)
    return extra


def cells_that_tell_of_few_together(
    layout: Layout, order: Sequence[int], shown: Flags, in_atoms: Counts, minimum: int, given: Flags
) -> set[int]:
    """Return cells to protect for the sets of 1 to k - 1 people that follow from all tables; see `unions`.

    `in_atoms` are the people of each atom. Raises TogetherTooMuch where only `given` cells make one follow.
    """
    if layout.has_whole_table:
        return set()
    cells = layout.atoms_in([cell for cell in order if shown[cell]])
    extra = cells_that_complete(cells, in_atoms, layout.divisions, minimum, np.flatnonzero(given).tolist())
    return extra if not any(given[cell] for cell in extra) else refuse_together()


def smallest(line: Line, shown: Flags, sizes: Counts, given: Flags) -> set[int]:
    """Return the shown part of the line with the fewest people, the first of equals; nothing if none is shown.

    What is `given` cannot be taken back. Raises TogetherTooMuch where nothing else is shown.
    """
    parts = [cell for cell in line.parts if shown[cell]]
    if not parts:
        return set()
    mine = [cell for cell in parts if not given[cell]] or refuse_together()
    return {min(mine, key=lambda cell: (int(sizes[cell]), cell))}


def refuse_together() -> NoReturn:
    """Raise TogetherTooMuch."""
    raise TogetherTooMuch("A number of few people would follow from this release and an earlier one together.")


def nearly_all_from(roster: int) -> int:
    """Return the number of answers from which a group's number reads "90 % or more", or "all but two or more"."""
    return min(roster - 2, -(-9 * roster // 10))


def _nearly_all(people: int, roster: int | None) -> bool:
    """Tell whether fewer than 3 people, or fewer than a tenth, of the roster did not answer."""
    missing = None if roster is None else roster - people
    return missing is not None and (missing < 3 or 10 * missing < (roster or 0))


def _sum(rosters: Sequence[int | None], cells: Sequence[int]) -> int | None:
    known = [rosters[cell] for cell in cells]
    return None if None in known else sum(count for count in known if count is not None)
