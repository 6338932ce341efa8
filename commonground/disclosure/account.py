"""What a release says of itself: how much was lost, and the figures of its proof, from the printed cells alone."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from commonground.disclosure.reading import Released

Account = dict[str, Any]


def loss_of(released: Released) -> Account:
    """Return how many cells are hidden, and what share of the people each table still describes, in percent."""
    cells = released.cells.values()
    tables = [_table_loss(released, table) for table in released.tables if table]
    return {"cells": len(cells), "hidden": sum(map(_is_hidden, cells)), "tables": tables}


def _table_loss(released: Released, table: tuple[str, ...]) -> Account:
    mine = [released.cells[at] for at in released.cells_of(table)]
    total = next(iter(released.cells.values()))["n"]
    told = sum(_at_least(cell["n"]) for cell in mine)
    share = 100 * told // total if isinstance(total, int) else None
    return {"groups": list(table), "cells": len(mine), "hidden": sum(map(_is_hidden, mine)), "people": share}


def pattern_of(released: Released) -> list[Account]:
    """Return table by table a letter for each cell: P exact number, N nearly all of its roster, H hidden."""
    return [
        {"groups": list(table), "cells": "".join(_letter(released.cells[at]) for at in released.cells_of(table))}
        for table in released.tables
    ]


def remainders_of(released: Released) -> Account:
    """Return how many lines have an exact total, and the least number of people above 0 that one leaves unsaid."""
    known = released.people
    left = [
        known[total] - sum(known.get(at, 0) for at in parts) for total, parts in released.lines if total in known
    ]
    return {"lines": len(left), "least_remainder": min((each for each in left if each), default=None)}


def rank_of(released: Released, prime: int) -> int:
    """Return the rank of the printed numbers of people modulo a prime.

    It is what all cells have, less what the lines leave open of those that are not printed.
    """
    unknown = [at for at in released.cells if at not in released.people]
    rows = released.equations(released.people, unknown)[0] % prime
    rank = 0
    for column in range(rows.shape[1]):
        pivots = rank + np.flatnonzero(rows[rank:, column])
        if len(pivots):
            rows[[rank, pivots[0]]] = rows[[pivots[0], rank]]
            row = rows[rank] * pow(int(rows[rank, column]), -1, prime) % prime
            rows[pivots[1:]] = (rows[pivots[1:]] - rows[pivots[1:]][:, [column]] * row % prime) % prime
            rank += 1
    return released.columns - len(unknown) + rank


def _is_hidden(cell: Mapping[str, Any]) -> bool:
    return bool(cell["status"] == "withheld")


def _at_least(number: int | Mapping[str, int] | None) -> int:
    return int(number["at_least"]) if isinstance(number, Mapping) else number or 0


def _letter(cell: Mapping[str, Any]) -> str:
    if _is_hidden(cell):
        return "H"
    return "P" if isinstance(cell["n"], int) else "N"
