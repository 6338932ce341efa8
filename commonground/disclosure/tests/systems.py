"""Sums of any kind as a tree with nothing but a trunk: the plain elimination that all others are judged by."""

import numpy as np

from commonground.disclosure.elimination import publishable
from commonground.disclosure.tree import flat


def publishable_sums(candidates, watched):
    """Say of each candidate sum, in order, whether it may be published; see `publishable`."""
    tree = flat(np.vstack([candidates, watched]))
    return publishable(tree, range(len(candidates)), range(len(candidates), len(candidates) + len(watched)))


def members(layout):
    """Return cells x atoms: 1 where the atom lies in the cell."""
    return layout.sums(np.eye(len(layout.atom_sizes), dtype=np.int64))
