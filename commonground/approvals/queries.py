"""Reading joint texts: what waits for a key, and one text with its keys."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch

from commonground.access.actor import Actor
from commonground.approvals.models import BoundParty, FrozenText
from commonground.approvals.rules import State


@dataclass(frozen=True)
class KeyCard:
    """One bound party's key: turned by whom and when, or not yet."""

    party_id: UUID
    turned_by: UUID | None
    turned_at: datetime | None


@dataclass(frozen=True)
class BackCard:
    """Why a text went back to drafting."""

    party_id: UUID
    person_id: UUID
    about: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class TextCard:
    """One frozen text with its keys, as pages show it."""

    id: UUID
    kind: str
    subject_id: UUID
    version: int
    title: str
    body: str
    hash: str
    changes: list[str]
    state: State
    frozen_by: UUID | None
    frozen_for: UUID | None
    frozen_at: datetime
    needed_by: date | None
    decided_at: datetime | None
    keys: list[KeyCard]
    back: BackCard | None

    def waits_for(self, party_id: UUID | None) -> bool:
        """Say whether this party's key is the one, or one of those, that is missing."""
        return self.state is State.WAITING and any(
            key.party_id == party_id and key.turned_at is None for key in self.keys
        )


def texts(actor: Actor, **chosen: object) -> list[TextCard]:
    """Return the partnership's joint texts, newest first; `chosen` filters by field, e.g. state or kind."""
    bound = Prefetch("bound", BoundParty.rows.within(actor.tenant).order_by("pk"))
    rows = FrozenText.rows.within(actor.tenant).filter(**chosen).select_related("sent_back")
    return [_card(row) for row in rows.prefetch_related(bound).order_by("-frozen_at")]


def waiting_for(actor: Actor) -> list[TextCard]:
    """Return the texts that wait for the key of the actor's party."""
    return [text for text in texts(actor, state=State.WAITING) if text.waits_for(actor.party_id)]


def text(actor: Actor, text_id: UUID) -> TextCard | None:
    """Return one joint text of the partnership, or None."""
    return next(iter(texts(actor, pk=text_id)), None)


def latest(actor: Actor, kind: str, subject_id: UUID) -> TextCard | None:
    """Return the newest text about a subject, or None."""
    return next(iter(texts(actor, kind=kind, subject_id=subject_id)), None)


def earlier(actor: Actor, card: TextCard) -> TextCard | None:
    """Return the version before this one, to show what changed."""
    return next(iter(texts(actor, kind=card.kind, subject_id=card.subject_id, version=card.version - 1)), None)


def _card(row: FrozenText) -> TextCard:
    keys = [KeyCard(key.party_id, key.turned_by, key.turned_at) for key in row.bound.all()]
    back = getattr(row, "sent_back", None)
    return TextCard(
        id=row.pk,
        kind=row.kind,
        subject_id=row.subject_id,
        version=row.version,
        title=row.title,
        body=row.body,
        hash=row.hash,
        changes=row.changes,
        state=State(row.state),
        frozen_by=row.frozen_by,
        frozen_for=row.frozen_for,
        frozen_at=row.frozen_at,
        needed_by=row.needed_by,
        decided_at=row.decided_at,
        keys=keys,
        back=back and BackCard(back.party_id, back.person_id, back.about, back.reason, back.at),
    )
