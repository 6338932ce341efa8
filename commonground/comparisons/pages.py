"""The cards behind the page of comparisons."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.comparisons import drawing
from commonground.comparisons.actions import KIND
from commonground.comparisons.models import Comparison, Loan, Noise
from commonground.disclosure import noise
from commonground.disclosure.compared import LEAST_PEOPLE, a_percent
from commonground.releases import counts, lending, queries, quotes, wording


@dataclass(frozen=True)
class Row:
    """One index: what it is, our own whole percent, the mean of all, and where their middle half lies.

    `printed` is our own number as staff see it, where it was lent with noise; `noisy` how many districts lent
    theirs so, and `within` how many points that moves the mean at most in nine of ten cases.
    """

    text: str
    own: int | None
    printed: int | None
    mean: int
    districts: int
    middle: tuple[int, int] | None
    noisy: int
    within: int


@dataclass(frozen=True)
class ComparisonCard:
    """One comparison as this district has it."""

    made_on: date
    hash: str
    rows: list[Row]

    @property
    def noisy(self) -> bool:
        """Say whether a number was lent with noise."""
        return any(row.noisy for row in self.rows)


@dataclass(frozen=True)
class Number:
    """A number that is lent, or may be: `printed` as staff see it if it has noise, `plain` if it may have none."""

    key: str
    text: str
    value: int
    printed: int | None = None
    plain: bool = False


@dataclass(frozen=True)
class NoiseCard:
    """Noise that was drawn for a survey: how far it moves a number in nine of ten cases, and what was spent."""

    drawn_on: date
    within: int
    spent: float
    budget: float = noise.BUDGET


@dataclass(frozen=True)
class LoanCard:
    """What the district lends now."""

    lent_on: date
    numbers: list[Number]
    noise: NoiseCard | None


@dataclass(frozen=True)
class Offer:
    """A published release of which numbers may be lent.

    `noise` is what was drawn for its survey: then only those numbers are lent. Without, `why_plain` says why they
    are lent as printed only; empty if they may be lent with noise too.
    """

    release: UUID
    title: str
    numbers: list[Number]
    noise: NoiseCard | None
    why_plain: str


def comparisons(actor: Actor) -> list[ComparisonCard]:
    """Return every comparison in which the district stands, newest first."""
    rows = Comparison.rows.within(actor.tenant).select_related("loan")
    printed = _printed(actor) if any(row.loan.noise_id for row in rows) else {}
    return [ComparisonCard(row.made_on, row.hash, _rows(row, printed.get(row.loan.release, {}))) for row in rows]


def _printed(actor: Actor) -> dict[str, dict[str, int]]:
    """Return the printed numbers of each release, by its hash."""
    found = [card for card in queries.releases(actor) if _is_of_answers(card.content)]
    return {card.hash: {each.key: each.value for each in lending.lendable(card.content)} for card in found}


def _rows(row: Comparison, printed: dict[str, int]) -> list[Row]:
    found: list[dict[str, Any]] = json.loads(row.body)["indices"]
    return [_row(each, row.loan, printed) for each in found]


def _row(told: dict[str, Any], loan: Loan, printed: dict[str, int]) -> Row:
    own = loan.values.get(told["index"])
    return Row(
        wording.here(told["text"]),
        None if own is None else a_percent(own),
        printed.get(told["index"]) if loan.noise_id and own is not None else None,
        told["mean"],
        len(told["loans"]),
        tuple(told["middle"]) if told["middle"] else None,
        told.get("noisy", 0),
        told.get("within", 0),
    )


def loan(actor: Actor) -> LoanCard | None:
    """Return what the district lends now."""
    row = Loan.rows.within(actor.tenant).filter(withdrawn_on=None).select_related("noise").first()
    if row is None:
        return None
    printed = _printed(actor).get(row.release, {}) if row.noise else {}
    numbers = [
        Number(key, wording.here(row.words[key]), a_percent(value), printed.get(key))
        for key, value in row.values.items()
    ]
    return LoanCard(row.lent_on, numbers, _noise(row.noise))


def _noise(row: Noise | None) -> NoiseCard | None:
    return NoiseCard(row.drawn_on, noise.within([row.scale]), row.spent) if row else None


def waiting(actor: Actor) -> UUID | None:
    """Return the text about lending that waits for keys."""
    rows = FrozenText.rows.within(actor.tenant).filter(kind=KIND, state=State.WAITING)
    return rows.values_list("pk", flat=True).first()


def offer(actor: Actor) -> Offer | None:
    """Return the newest published release that is large enough."""
    found = [card for card in queries.releases(actor) if card.published_at and _is_of_answers(card.content)]
    large = (card for card in found if lending.people(card.content) >= LEAST_PEOPLE)
    newest = next(large, None)
    return _offer(actor, newest) if newest else None


def _is_of_answers(content: dict[str, Any]) -> bool:
    return not (quotes.is_comments(content) or counts.is_counts(content))


def _offer(actor: Actor, card: queries.ReleaseCard) -> Offer:
    drawn = drawing.of_survey(actor, card.survey_id)
    numbers = [
        Number(each.key, wording.here(each.text), each.value, plain=each.reach is None)
        for each in lending.lendable(card.content)
        if drawn is None or each.key in drawn.values
    ]
    title = wording.here(card.content["words"]["title"])
    return Offer(card.id, title, numbers, _noise(drawn), "" if drawn else _why_plain(actor, card.survey_id))


def _why_plain(actor: Actor, survey_id: UUID) -> str:
    if not noise.installed():
        return _(
            "They are lent as printed. Noise cannot be added on this server: the extra for it is not installed."
        )
    if drawing.were_compared(actor, survey_id):
        return _("They are lent as printed: they were compared so before, and noise would protect nothing now.")
    return ""
