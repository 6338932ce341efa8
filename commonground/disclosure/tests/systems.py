"""Small systems: sums of any kind as a tree that is all trunk, by which others are judged, and plain tables."""

import numpy as np

from commonground.disclosure.cells import Layout
from commonground.disclosure.elimination import publishable
from commonground.disclosure.merge import ReportingGroup
from commonground.disclosure.tree import flat


def publishable_sums(candidates, watched):
    """Say of each candidate sum, in order, whether it may be published; see `publishable`."""
    tree = flat(np.vstack([candidates, watched]))
    return publishable(tree, range(len(candidates)), range(len(candidates), len(candidates) + len(watched)))


def members(layout):
    """Return cells x atoms: 1 where the atom lies in the cell."""
    return layout.sums(np.eye(len(layout.atom_sizes), dtype=np.int64))


def margin(sizes):
    """Return the layout of one margin whose groups hold so many people."""
    groups = tuple(ReportingGroup((label,)) for label in range(len(sizes)))
    places = np.repeat(np.arange(len(sizes)), sizes)
    return Layout({"site": groups}, ((), ("site",)), {"site": places}, sum(sizes))


def crossed(table):
    """Return the layout of two crossed groups, rows by columns, whose cells hold so many people."""
    table = np.array(table)
    rows, columns = table.shape
    groups = {
        name: tuple(ReportingGroup((i,)) for i in range(n)) for name, n in (("row", rows), ("column", columns))
    }
    row, column = (np.repeat(of.ravel(), table.ravel()) for of in np.indices(table.shape))
    tables = ((), ("row",), ("column",), ("row", "column"))
    return Layout(groups, tables, {"row": row, "column": column}, int(table.sum()))
