"""Putting a release into the register, and telling it that staff may see it."""

import json
from typing import Any
from uuid import UUID

from django.db.models import Max

from commonground.access.actor import Actor
from commonground.kernel import time
from commonground.kernel.text import canonical, sha256
from commonground.releases.models import Certificate, Release


def register(actor: Actor, survey_id: UUID, content: dict[str, object], certificate: bytes = b"") -> Release:
    """Add what passed the gate to the register; every party sees it from now on. Called inside the counting act.

    `certificate` is the file whose hash stands in the tables of the content; comments have none.
    """
    rows = Release.rows.within(actor.tenant).filter(survey_id=survey_id)
    data = canonical(content)
    release = Release(
        partnership_id=actor.tenant,
        survey_id=survey_id,
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        data=data,
        hash=sha256(data),
        seen_from=time.now(),
    )
    release.save(force_insert=True)
    if certificate:
        Certificate(partnership_id=actor.tenant, release=release, data=certificate).save(force_insert=True)
    return release


def before(tenant: UUID, release: Release | None = None) -> list[str]:
    """Return the texts of all releases of tables of a district that left before this one, or until now, in order.

    Everyone on the staff list is asked in every survey, so each of them is about the same people.
    """
    rows = Release.rows.within(tenant).order_by("seen_from", "pk")
    if release is not None:
        rows = rows.filter(seen_from__lt=release.seen_from)
    texts = (bytes(data).decode() for data in rows.values_list("data", flat=True))
    return [text for text in texts if "tables" in json.loads(text)]


def mark_published(actor: Actor, release_id: UUID, page: dict[str, Any]) -> Release:
    """Set once when staff get the release, with the page they get; what is published stays so.

    Called inside the act that turns the last key or counts. Posting follows after it, and may be repeated.
    """
    release = Release.rows.one(actor.tenant, release_id, lock=True)
    if release.published_at is None:
        release.published_at, release.page = time.now(), page
        release.save(update_fields=["published_at", "page"])
    return release
