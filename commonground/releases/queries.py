"""Reading the register: what left the gate, as the exact bytes that left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.kernel.errors import NotFound
from commonground.releases.models import Certificate, Release
from commonground.releases.quotes import is_comments


@dataclass(frozen=True)
class ReleaseCard:
    """One release. `content` is the parsed `data`, whose SHA-256 is `hash`."""

    id: UUID
    survey_id: UUID
    number: int
    hash: str
    data: bytes
    content: dict[str, Any]
    seen_from: datetime
    published_at: datetime | None


def releases(actor: Actor) -> list[ReleaseCard]:
    """Return every release of the partnership, newest first; each party sees the same ones."""
    return [_card(row) for row in Release.rows.within(actor.tenant).order_by("-seen_from")]


def release(actor: Actor, release_id: UUID) -> ReleaseCard:
    """Return one release; raises NotFound."""
    return _card(Release.rows.one(actor.tenant, release_id))


def certificate(actor: Actor, release_id: UUID) -> bytes:
    """Return the certificate of a release; raises NotFound where there is none."""
    row = Certificate.rows.within(actor.tenant).filter(release=release_id).first()
    if row is None:
        raise NotFound
    return bytes(row.data)


def of_survey(actor: Actor, survey_id: UUID) -> ReleaseCard | None:
    """Return the newest release of a survey's numbers, or None before the count."""
    rows = Release.rows.within(actor.tenant).filter(survey_id=survey_id).order_by("-number")
    return next((card for row in rows if not is_comments((card := _card(row)).content)), None)


def wave_before(actor: Actor, content: Mapping[str, Any]) -> ReleaseCard | None:
    """Return the release of the survey before in the series, of which a release says that it was judged beside it.

    None for the first of a series, for a release of comments, and for one that names none of this partnership.
    """
    waves = [each["hash"] for each in content.get("tables", {}).get("earlier", ()) if each["how"] == "wave"]
    row = Release.rows.within(actor.tenant).filter(hash__in=waves[-1:]).first()
    return _card(row) if row else None


def told_before(actor: Actor, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the content of the release before in its series as far as staff know it: None if they never saw it."""
    before = wave_before(actor, content)
    return before.content if before and before.published_at else None


def _card(row: Release) -> ReleaseCard:
    data = bytes(row.data)
    return ReleaseCard(
        row.pk, row.survey_id, row.number, row.hash, data, json.loads(data), row.seen_from, row.published_at
    )
