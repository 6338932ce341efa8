"""The cards behind the page of comparisons."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.comparisons.actions import KIND
from commonground.comparisons.models import Comparison, Loan
from commonground.disclosure.compared import LEAST_PEOPLE
from commonground.releases import counts, lending, queries, quotes, wording


@dataclass(frozen=True)
class Row:
    """One index: what it is, our own whole percent, the mean of all, and where their middle half lies."""

    text: str
    own: int | None
    mean: int
    districts: int
    middle: tuple[int, int] | None


@dataclass(frozen=True)
class ComparisonCard:
    """One comparison as this district has it."""

    made_on: date
    hash: str
    rows: list[Row]


@dataclass(frozen=True)
class Number:
    """A number that is lent, or may be."""

    key: str
    text: str
    value: int


@dataclass(frozen=True)
class LoanCard:
    """What the district lends now."""

    lent_on: date
    numbers: list[Number]


@dataclass(frozen=True)
class Offer:
    """A published release of which numbers may be lent."""

    release: UUID
    title: str
    numbers: list[Number]


def comparisons(actor: Actor) -> list[ComparisonCard]:
    """Return every comparison in which the district stands, newest first."""
    rows = Comparison.rows.within(actor.tenant).select_related("loan")
    return [ComparisonCard(row.made_on, row.hash, _rows(row)) for row in rows]


def _rows(row: Comparison) -> list[Row]:
    found: list[dict[str, Any]] = json.loads(row.body)["indices"]
    return [
        Row(
            wording.here(each["text"]),
            row.loan.values.get(each["index"]),
            each["mean"],
            len(each["loans"]),
            tuple(each["middle"]) if each["middle"] else None,
        )
        for each in found
    ]


def loan(actor: Actor) -> LoanCard | None:
    """Return what the district lends now."""
    row = Loan.rows.within(actor.tenant).filter(withdrawn_on=None).first()
    if row is None:
        return None
    numbers = [Number(key, wording.here(row.words[key]), value) for key, value in row.values.items()]
    return LoanCard(row.lent_on, numbers)


def waiting(actor: Actor) -> UUID | None:
    """Return the text about lending that waits for keys."""
    rows = FrozenText.rows.within(actor.tenant).filter(kind=KIND, state=State.WAITING)
    return rows.values_list("pk", flat=True).first()


def offers(actor: Actor) -> list[Offer]:
    """Return the published releases that are large enough, newest first."""
    found = [card for card in queries.releases(actor) if card.published_at and _is_of_answers(card.content)]
    return [_offer(card) for card in found if lending.people(card.content) >= LEAST_PEOPLE]


def _is_of_answers(content: dict[str, Any]) -> bool:
    return not (quotes.is_comments(content) or counts.is_counts(content))


def _offer(card: queries.ReleaseCard) -> Offer:
    numbers = [Number(each.key, wording.here(each.text), each.value) for each in lending.lendable(card.content)]
    return Offer(card.id, wording.here(card.content["words"]["title"]), numbers)
