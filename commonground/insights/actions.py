"""Publishing a release to staff: one side proposes the page with its words, every party turns its key."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import LANGUAGES, both
from commonground.kernel.text import canonical
from commonground.ledger.acts import act, record
from commonground.partnership import queries as partnership
from commonground.releases import actions as register
from commonground.releases import public, queries
from commonground.releases.public import Next
from commonground.surveys import jobs

KIND = "publishing"
FORMAT = "cg1-publishing"


@act(Action.PROPOSE_PUBLISHING)
def propose(actor: Actor, release_id: UUID, *, lead: Mapping[str, str], coming: Sequence[Next] = ()) -> FrozenText:
    """Freeze the whole page that staff would see, and lay it before all parties.

    `lead` are the opening sentences in both languages. Raises Refused for a release that staff see already, and
    for words in one language only.
    """
    release = queries.release(actor, release_id)
    if release.published_at:
        raise Refused(_("Staff see this release already. Nothing was changed."), code="published")
    words = [lead, *(one.text for one in coming)]
    if not all(text.get(language, "").strip() for text in words for language in LANGUAGES):
        raise Refused(_("Words for staff are written in both languages. Nothing was frozen."), code="language")
    page = public.page(release.content, lead, coming, queries.told_before(actor, release.content))
    text = approvals.freeze(
        actor,
        kind=KIND,
        subject_id=release_id,
        title=page["title"],
        body=canonical({"format": FORMAT, "release": release.hash, "page": page}).decode(),
        changes=[
            both(lambda: gettext("All staff see this page, and anyone can take the released numbers as a file."))
        ],
        bound=[party.id for party in partnership.parties(actor.tenant)],
    )
    record(actor, release=release.hash, text=text.hash)
    return text


def publish(actor: Actor, text: FrozenText) -> None:
    """Publish the frozen page; runs in the transaction of the last key. Posting it follows, and may be repeated."""
    body: dict[str, Any] = json.loads(text.body)
    release = queries.release(actor, text.subject_id)
    if release.hash != body["release"]:
        raise Refused(_("This text is about other numbers. No key was turned."), code="other_release")
    today = time.today(release.content["words"]["timezone"])
    register.mark_published(actor, release.id, {**body["page"], "on": today.isoformat()})
    record(actor, release=release.hash)
    jobs.post_releases.enqueue()
