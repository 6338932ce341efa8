"""The cards behind the pages of counts."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.counts.actions import KIND, all_seen, seen, waiting
from commonground.counts.models import CountsDraft
from commonground.releases import counts, wording
from commonground.releases.frozen import in_language
from commonground.releases.models import Release


@dataclass(frozen=True)
class DraftLine:
    """Counts that are not released yet."""

    id: UUID
    title: str
    says: str
    brought_on: date


@dataclass(frozen=True)
class DraftCard:
    """What would be released: the page for staff in the reader's language, and the text that waits, if one does."""

    id: UUID
    title: str
    says: str
    page: dict[str, Any]
    waiting: UUID | None


def drafts(actor: Actor) -> list[DraftLine]:
    """Return the counts that are not released yet: those that the actor brought, and those that were frozen."""
    return [_line(row) for row in all_seen(actor)]


def _line(row: CountsDraft) -> DraftLine:
    content = json.loads(row.body)["content"]
    title = wording.here(counts.title(content))
    return DraftLine(row.pk, title, counts.in_a_sentence(content), row.brought_on)


def draft(actor: Actor, draft_id: UUID) -> DraftCard:
    """Return one of them; raises NotFound."""
    row = seen(actor, draft_id)
    line = _line(row)
    return DraftCard(
        row.pk, line.title, line.says, in_language(json.loads(row.body)["page"]), waiting(actor, draft_id)
    )


def released(actor: Actor, draft_id: UUID) -> UUID | None:
    """Return the release that came of a draft, None while there is none."""
    text = FrozenText.rows.within(actor.tenant).filter(kind=KIND, subject_id=draft_id, state=State.IN_FORCE).first()
    row = text and Release.rows.within(actor.tenant).filter(hash=json.loads(text.body)["release"]).first()
    return row.pk if row else None
