"""Small sets of people that follow from a table of two groups, although no single cell does.

Read the table as a flow of people: from a source through the groups of one margin, through the crossed cells,
to the groups of the other margin and a sink. Where the groups of one margin have levels, people flow into a
level and on to its groups, and from the crossed cells through the level's own before they meet the other
margin. Every cell is an arc, and what enters a node leaves it. For any set of nodes, the people on hidden arcs
that leave it less those on hidden arcs that enter it follow from the printed numbers; so a set of hidden cells
follows exactly when it is all that leaves some set of nodes which no hidden arc enters. The smallest such set
with a given cell is a minimum cut in which going back along a hidden arc costs without limit (Ford and
Fulkerson; the cuts are the directed cuts of Lucchesi and Younger).
"""

from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Node = Hashable


@dataclass(frozen=True)
class Arc:
    """A cell as an arc: from a node, to a node, with its people."""

    start: Node
    end: Node
    people: int
    cell: int


def small_cuts(hidden: Sequence[Arc], minimum: int) -> Iterable[frozenset[Node]]:
    """Yield sets of nodes that 1 to k - 1 people leave on hidden arcs, and that no hidden arc enters."""
    network = _Network(hidden)
    covered: set[int] = set()
    for arc in hidden:
        if arc.people >= minimum or arc.cell in covered:
            continue
        nodes = network.cut(arc, minimum)
        if nodes is not None:
            covered |= {other.cell for other in hidden if other.start in nodes and other.end not in nodes}
            yield nodes


class _Network:
    def __init__(self, arcs: Sequence[Arc]) -> None:
        self._arcs = arcs
        self._beside: dict[Node, list[tuple[Node, int, bool]]] = {}
        for index, arc in enumerate(arcs):
            self._beside.setdefault(arc.end, []).append((arc.start, index, False))
        for index, arc in enumerate(arcs):
            self._beside.setdefault(arc.start, []).append((arc.end, index, True))

    def cut(self, arc: Arc, minimum: int) -> frozenset[Node] | None:
        """Return the nodes on the near side of the smallest cut the arc crosses, None if it holds k or more.

        Ways for k people are looked for first, then for fewer (flows by scaling, Gabow). Which nodes are left on
        the near side does not depend on the ways taken.
        """
        room = [each.people for each in self._arcs]
        total, least = 0, minimum
        while total < minimum:
            came_by = self._search(arc, room, least)
            if arc.end not in came_by and least == 1:
                return frozenset(came_by)
            if arc.end not in came_by:
                least //= 2
                continue
            path = self._path(arc, came_by)
            amount = min((room[index] for index, ahead in path if ahead), default=minimum)
            for index, ahead in path:
                room[index] += -amount if ahead else amount
            total += amount
        return None

    def _search(self, arc: Arc, room: Sequence[int], least: int) -> dict[Node, tuple[int, bool] | None]:
        came_by: dict[Node, tuple[int, bool] | None] = {arc.start: None}
        queue = deque([arc.start])
        while queue and arc.end not in came_by:
            for node, index, ahead in self._beside[queue.popleft()]:
                if node not in came_by and (not ahead or room[index] >= least):
                    came_by[node] = index, ahead
                    queue.append(node)
        return came_by

    def _path(self, arc: Arc, came_by: dict[Node, tuple[int, bool] | None]) -> list[tuple[int, bool]]:
        path, step = [], came_by[arc.end]
        while step is not None:
            path.append(step)
            index, ahead = step
            step = came_by[self._arcs[index].start if ahead else self._arcs[index].end]
        return path
