"""The one door through which results of other districts are read: what they lent, and what was compared of it.

Nothing else of another district passes here: whole percents that its parties published and lent, or what was drawn
with noise in their place and its scale, the number of people behind them, and ids of results. The wall between
districts stands again as soon as the door is shut.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from commonground.access import walls
from commonground.comparisons.models import Comparison, Loan
from commonground.disclosure.compared import Lent, Members

REASON = "districts lend published results to comparisons"


@contextmanager
def door() -> Iterator[None]:
    """Open the results that districts lent, in the act of comparing."""
    with walls.everything(reason=REASON):
        yield


def in_force() -> list[Loan]:
    """Return the loan of every district that lends now, locked until the act ends."""
    rows = Loan.rows.across_all(reason=REASON).filter(withdrawn_on=None).order_by("pk")
    return list(rows.select_related("noise").select_for_update(of=("self",)))


def as_lent(loans: Sequence[Loan]) -> list[Lent]:
    """Return loans as they are compared."""
    return [Lent(loan.results, loan.people, loan.values, loan.noise.scale if loan.noise else 0) for loan in loans]


def compared_before() -> list[tuple[str, Members]]:
    """Return index and results of every comparison that was ever made."""
    bodies = Comparison.rows.across_all(reason=REASON).order_by().values_list("body", flat=True).distinct()
    return [(each["index"], frozenset(each["loans"])) for body in bodies for each in json.loads(body)["indices"]]


def owners() -> dict[str, str]:
    """Return whose the results are that were ever lent."""
    return {loan.results: loan.partnership_id.hex for loan in Loan.rows.across_all(reason=REASON)}


def keep(loans: Sequence[Loan], body: str, hash: str, on: date) -> None:
    """Give the comparison to every district whose loan is in it."""
    held = {loan for each in json.loads(body)["indices"] for loan in each["loans"]}
    for loan in loans:
        if loan.results in held:
            row = Comparison(partnership_id=loan.partnership_id, loan=loan, body=body, hash=hash, made_on=on)
            row.save(force_insert=True)
