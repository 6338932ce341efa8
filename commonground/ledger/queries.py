"""Reading the record: pages of entries, heads, and whole chains for export."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.ledger import chain
from commonground.ledger.models import Chain, LedgerEntry


@dataclass(frozen=True)
class EntryCard:
    """One entry as a page shows it."""

    position: int
    at: datetime
    act: str
    by: str
    party: str
    facts: dict[str, Any]
    hash: str
    body: str = ""


def entries(actor: Actor, *, own: bool = False, before: int | None = None, limit: int = 50) -> list[EntryCard]:
    """Return entries of the joint chain, or of the actor's party's own, newest first, paged by place."""
    rows = LedgerEntry.rows.within(actor.tenant).filter(chain__party_id=actor.party_id if own else None)
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [_card(row) for row in rows.order_by("-position")[:limit]]


def _card(row: LedgerEntry) -> EntryCard:
    body = json.loads(row.body)
    at = datetime.fromisoformat(body["at"])
    return EntryCard(row.position, at, body["act"], body["by"], body["party"], body["facts"], row.hash, row.body)


def head(partnership_id: UUID, party_id: UUID | None = None) -> str:
    """Return the newest hash of a chain, to be printed where both parties keep it."""
    row = Chain.rows.within(partnership_id).filter(party_id=party_id).first()
    return row.head if row else chain.GENESIS


def exported(actor: Actor, title: str, *, own: bool = False) -> str:
    """Return the joint chain, or the actor's party's own, as a file that `verify-ledger` reads."""
    row = Chain.rows.within(actor.tenant).filter(party_id=actor.party_id if own else None).first()
    if row is None:
        return chain.export("", title, [])
    stored = LedgerEntry.rows.within(actor.tenant).filter(chain=row).order_by("position")
    entries = (chain.Entry(e.position, e.previous, e.body, e.hash) for e in stored.iterator())
    return chain.export(row.pk.hex, title, entries)
