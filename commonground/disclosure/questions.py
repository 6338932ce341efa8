"""Questions with a number of answers of their own, inside the pattern that all questions share.

People leave questions out. A question is told in a cell only where the people who answered it are k or more, and
where no line or flow leaves 1 to k - 1 of them; and how many left it out is never told where they are so few.
"""

from collections.abc import Sequence

import numpy as np

from commonground.disclosure.cells import Counts, Flags, Layout
from commonground.disclosure.pattern import (
    Pattern,
    cells_that_complete_a_cut,
    cells_that_tell_of_few_together,
    most_useful_first,
    publish,
    refuse_together,
    smallest,
)
from commonground.disclosure.unions import cells_that_complete


def cells_to_tell(
    layout: Layout,
    pattern: Pattern,
    answered: Counts,
    in_atoms: Counts,
    minimum: int,
    given: Flags | None = None,
    barred: Flags | None = None,
) -> Flags:
    """Return the cells, of those the pattern shows, in which a question may be told.

    `answered` are the people of each cell who answered it, `in_atoms` those of each atom. Cells shown as "nearly
    all" count as unknown in every remainder. Where the same opening told the question already (`given`) it is told
    again, and where it did not (`barred`) it stays withheld; its number follows there only if it did before. Raises
    TogetherTooMuch where something told already gives few away.
    """
    given = np.zeros(len(answered), dtype=bool) if given is None else given
    barred = np.zeros(len(answered), dtype=bool) if barred is None else barred
    if answered[0] == layout.people:
        return (pattern.exact | pattern.coded) & ~barred
    small = (answered > 0) & (answered < minimum)
    for protected in (small | barred, small):
        told = _told(layout, pattern, answered, in_atoms, minimum, given, barred, protected)
        if not (given & pattern.exact & ~told).any():
            return told | (pattern.coded & ~small & ~barred)
    refuse_together()


def _told(
    layout: Layout,
    pattern: Pattern,
    answered: Counts,
    in_atoms: Counts,
    minimum: int,
    given: Flags,
    barred: Flags,
    protected: Flags,
) -> Flags:
    order = [cell for cell in most_useful_first(layout, answered) if pattern.exact[cell] and not barred[cell]]
    order.sort(key=lambda cell: not given[cell])
    protected, told = protected.copy(), pattern.exact & (answered > 0) & ~barred
    tree = layout.tree(in_atoms > 0, None, in_atoms < minimum)
    while True:
        if (protected & pattern.exact).any() or len(tree.branch) > len(answered):
            told, _ = publish(tree, order, protected, answered > 0)
        extra = _cells_that_expose(layout, answered, told, minimum, given)
        extra = extra or cells_that_tell_of_few_together(layout, order, told, in_atoms, minimum, given)
        if not extra:
            return told
        protected[list(extra)] = True


def _cells_that_expose(layout: Layout, answered: Counts, told: Flags, minimum: int, given: Flags) -> set[int]:
    extra: set[int] = set()
    for line in layout.lines:
        rest = [cell for cell in line.parts if not told[cell]]
        if told[line.total] and 0 < answered[rest].sum() < minimum:
            extra |= smallest(line, told, answered, given)
    return extra or cells_that_complete_a_cut(layout, answered, told, minimum, given)


def numbers_to_print(
    layout: Layout, cells: Sequence[int], answered: Counts, left_out: Counts, minimum: int, not_in_atoms: Counts
) -> set[int]:
    """Return the cells, of the district and margins given, whose exact number of answers may be printed.

    Both the people who answered a question and those who left it out must be nobody or at least k, in each
    printed cell and in each remainder of a line, and no protected number may follow from the printed ones, nor may
    those of `not_in_atoms`, who left it out in each atom, where they are few in some atoms together.
    """
    protected = np.zeros(len(answered), dtype=bool)
    for cell in cells:
        protected[cell] = 0 < answered[cell] < minimum or 0 < left_out[cell] < minimum
    none = np.zeros(len(answered), dtype=bool)
    nobody = layout.of_any(cell for cell in cells if left_out[cell] == 0)
    tree = layout.tree(~nobody)
    lines = [line for line in layout.lines if len(layout.table_of[line.parts[0]]) == 1]
    while True:
        printed = publish(tree, cells, protected, ~none)[0]
        extra = set()
        for line in lines:
            rest = [cell for cell in line.parts if not printed[cell]]
            amounts = (int(values[rest].sum()) for values in (answered, left_out))
            if printed[line.total] and any(0 < amount < minimum for amount in amounts):
                extra |= smallest(line, printed & (left_out > 0), left_out, none) or {line.total}
        if not extra:
            shown = layout.atoms_in([cell for cell in cells if printed[cell]])
            extra = cells_that_complete(shown, not_in_atoms, (), minimum, nobody=nobody)
        if not extra:
            return set(np.flatnonzero(printed).tolist())
        protected[list(extra)] = True
