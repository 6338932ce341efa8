"""A launched survey and its codes as their pages show them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.access.actor import Actor
from commonground.kernel.documents import square
from commonground.kernel.errors import NotFound
from commonground.sealing.formats import fingerprint
from commonground.surveys import addresses, drafts
from commonground.surveys.models import CancelledCode, CodeBatch, Eligible, Erratum, Survey
from commonground.surveys.queries import SurveyLine, fingerprint_of, line
from commonground.surveys.rules import Words


@dataclass(frozen=True)
class BatchCard:
    """Codes printed at one time."""

    count: int
    made_on: date
    receipts: str


@dataclass(frozen=True)
class ErratumCard:
    """A correction beside the paper, and the day from which it is shown."""

    text: Words
    since: datetime | None


@dataclass(frozen=True)
class CampaignCard:
    """A launched survey: window, letters, codes, the count of the day, corrections. Never who answered."""

    survey: SurveyLine
    paper: dict[str, Any]
    fingerprint: str
    address: str
    eligible: int
    with_mailbox: int
    mailed: int
    batches: tuple[BatchCard, ...]
    printed: int
    cancelled: int
    answers: int | None
    answers_on: date | None
    errata: tuple[ErratumCard, ...]
    reminders: tuple[date, ...]

    @property
    def without_letter(self) -> int:
        """People with a mailbox who got no letter yet."""
        return self.with_mailbox - self.mailed

    @cached_property
    def turnout(self) -> str:
        """The day's count as words."""
        if self.answers is None:
            return _("not counted yet")
        return _("%(n)s or more") % {"n": self.answers}


def campaign(actor: Actor, survey_id: UUID, address: str = "") -> CampaignCard:
    """Return a launched survey for its page and the page of its codes. Raises NotFound."""
    row = Survey.rows.one(actor.tenant, survey_id)
    asked = Eligible.rows.within(actor.tenant).filter(survey=row)
    batches = list(CodeBatch.rows.within(actor.tenant).filter(survey=row).order_by("made_on", "pk"))
    return CampaignCard(
        survey=line(row, len(json.loads(row.paper)["questions"]) if row.paper else 0),
        paper=json.loads(row.paper) if row.paper else {},
        fingerprint=fingerprint(bytes.fromhex(row.paper_hash)) if row.paper_hash else "",
        address=address,
        eligible=asked.count(),
        with_mailbox=asked.exclude(staff__email="").filter(staff__gone_on=None).count(),
        mailed=asked.filter(letters__gt=0).count(),
        batches=tuple(BatchCard(b.count, b.made_on, fingerprint_of(b.receipts_hash)) for b in batches),
        printed=sum(batch.count for batch in batches),
        cancelled=CancelledCode.rows.within(actor.tenant).filter(survey=row).count(),
        answers=row.answers_shown,
        answers_on=row.answers_on,
        errata=_errata(row),
        reminders=tuple(date.fromisoformat(day) for day in row.reminders.split()),
    )


@dataclass(frozen=True)
class KioskCard:
    """A shared tablet for printed codes: its address by language, each with its square, and the fingerprint."""

    survey: SurveyLine
    addresses: tuple[tuple[str, str, str, str], ...]
    fingerprint: str
    closes_at: datetime | None


def kiosk(actor: Actor, survey_id: UUID) -> KioskCard:
    """Return what is needed to set up a kiosk of a launched survey. Raises NotFound."""
    row = Survey.rows.one(actor.tenant, survey_id)
    if not row.paper_hash:
        raise NotFound
    links = [(code, name, addresses.kiosk(row, code)) for code, name in (("en", "English"), ("es", "Español"))]
    return KioskCard(
        survey=line(row, 0),
        addresses=tuple((*each, square(each[-1])) for each in links),
        fingerprint=fingerprint_of(row.paper_hash),
        closes_at=row.closes_at,
    )


def _errata(row: Survey) -> tuple[ErratumCard, ...]:
    rows = Erratum.rows.within(row.partnership_id).filter(survey=row).order_by("in_force_at")
    return tuple(ErratumCard(drafts.words(each, "text"), each.in_force_at) for each in rows)
