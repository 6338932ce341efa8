"""Bringing counts in, laying them before the parties, and releasing them by every key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import State
from commonground.counts import filed
from commonground.counts.models import CountsDraft
from commonground.disclosure.certifying import Certifying
from commonground.disclosure.counted import TableRefused
from commonground.disclosure.plan import PlanRefused
from commonground.disclosure.search import NoDecoy
from commonground.kernel import time
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.languages import both
from commonground.kernel.text import canonical, sha256
from commonground.ledger.acts import act, record
from commonground.partnership import queries as partnership
from commonground.partnership.models import Partnership
from commonground.partnership.stafflist.faults import Unreadable
from commonground.releases import actions as register
from commonground.releases import public
from commonground.releases.counts import DID
from commonground.surveys import certification, jobs
from commonground.surveys.counted import YES_OR_NO, About, release_content, shows_others

KIND = "counts"
FORMAT = "cg1-counts-page"
REFUSALS = {
    "together": _("Together with what left before, these counts would tell of few people. Nothing was kept."),
    "other_people": _(
        "This count left before with other numbers, and the difference would be about few people. Nothing was kept."
    ),
    "shown": _(
        "This count was laid before the parties with other numbers, and the difference would be about few people. "
        "Nothing was kept."
    ),
    "never": _("No group here has ten people on the staff list, so none could be shown. Nothing was kept."),
}
SLOW = _(
    "The computer did not find in time other counts that print the same numbers. Nothing was kept. Please bring "
    "them with fewer groups."
)
SECONDS = 60.0
"""For how long bringing counts waits for their certificate."""
REFUSED = _("These counts cannot be protected in this form. Nothing was kept.")


@dataclass(frozen=True)
class Brought:
    """A file and what it counts: its title, what people did (a key of `DID`), the day, what was asked."""

    title: Mapping[str, str]
    did: str
    on: date
    name: str
    data: bytes
    question: Mapping[str, str] | None = None


@act(Action.BRING_COUNTS)
def bring(actor: Actor, brought: Brought) -> CountsDraft:
    """Read a file of counts, bring it through the gate, keep what passed. Raises Refused, naming line and column.

    The file is not kept, nor anything of it that is not in the draft.
    """
    content, certificate = _certified(_through_the_gate(actor, brought))
    _require_as_shown(actor, content)
    page = public.page(content, public.neutral_lead(content))
    body = {"format": FORMAT, "release": sha256(canonical(content)), "content": content, "page": page}
    zone = content["words"]["timezone"]
    assert actor.person_id
    draft = CountsDraft(
        partnership_id=actor.tenant,
        body=canonical(body).decode(),
        certificate=certificate,
        brought_by=actor.person_id,
        brought_on=time.today(zone),
    )
    draft.save(force_insert=True)
    return draft


def _require_as_shown(actor: Actor, content: Mapping[str, Any]) -> None:
    """Raise Refused if the parties saw this count with other numbers, whatever became of that text."""
    texts = _texts(actor).filter(body__contains=content["survey"])
    bodies = (json.loads(body)["content"] for body in texts.values_list("body", flat=True))
    if any(each["survey"] == content["survey"] and shows_others(content, each) for each in bodies):
        raise Refused(REFUSALS["shown"], code="shown")


def _through_the_gate(actor: Actor, brought: Brought) -> dict[str, Any]:
    try:
        counted, groups = filed.counted(actor.tenant, brought.name, brought.data, asks=brought.question is not None)
        choices = {name: filed.choices(found) for name, found in groups.items()}
        return release_content(counted, _about(actor, brought, choices), register.before(actor.tenant))
    except Unreadable as unreadable:
        fault = unreadable.fault
        raise Refused(f"{fault.what.text(gettext)} {fault.do.text(gettext)}", code="unreadable") from None
    except TableRefused as refusal:
        raise Refused(_in_words(refusal), code="table") from None
    except PlanRefused as refusal:
        raise Refused(REFUSALS.get(refusal.code, REFUSED), code=refusal.code) from None


def _certified(content: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the counts, told less where their certificate needs it, and that certificate. Raises Refused."""
    work = Certifying(content["tables"])
    try:
        made = work.go_on(certification.a_step_and(SECONDS))
    except NoDecoy:
        raise Refused(REFUSED, code="certificate") from None
    if not made:
        raise Refused(SLOW, code="slow")
    return {**content, "tables": work.document}, work.certificate()


def _in_words(refusal: TableRefused) -> str:
    place = {"line": refusal.line, "column": refusal.column}
    where = gettext("Line %(line)s, column %(column)s: ") if refusal.line and refusal.column else ""
    where = where or (gettext("Line %(line)s: ") if refusal.line else "")
    where = where or (gettext("Column %(column)s: ") if refusal.column else "")
    return where % place + gettext(refusal.why) % refusal.words


def _about(actor: Actor, brought: Brought, choices: Mapping[str, list[dict[str, Any]]]) -> About:
    district = Partnership.objects.get(pk=actor.tenant)
    return About(
        title=brought.title,
        people=both(lambda: DID[brought.did][0]),
        on=brought.on.isoformat(),
        within=actor.tenant.hex,
        choices=choices,
        asked={filed.ASKED.name: (brought.question, YES_OR_NO)} if brought.question else {},
        words={
            "did": brought.did,
            "purpose": both(lambda: DID[brought.did][0]),
            "district": district.district,
            "parties": [{"id": party.id.hex, "name": party.name} for party in partnership.parties(actor.tenant)],
            "timezone": district.timezone,
        },
    )


@act(Action.BRING_COUNTS)
def drop(actor: Actor, draft_id: UUID) -> None:
    """Erase a draft. Raises Refused while a text of it waits for keys."""
    draft = seen(actor, draft_id)
    if waiting(actor, draft_id):
        raise Refused(
            _("These counts wait for keys. A party sends them back first. Nothing was changed."), "waiting"
        )
    draft.delete()


def seen(actor: Actor, draft_id: UUID) -> CountsDraft:
    """Return a draft as far as the actor may see it: the own one, or one that was frozen. Raises NotFound."""
    draft = CountsDraft.rows.one(actor.tenant, draft_id)
    if draft.brought_by != actor.person_id and not _texts(actor).filter(subject_id=draft_id).exists():
        raise NotFound
    return draft


def all_seen(actor: Actor) -> list[CountsDraft]:
    """Return every draft that the actor may see."""
    frozen = set(_texts(actor).values_list("subject_id", flat=True))
    rows = CountsDraft.rows.within(actor.tenant)
    return [row for row in rows if row.brought_by == actor.person_id or row.pk in frozen]


def _texts(actor: Actor) -> QuerySet[FrozenText]:
    return FrozenText.rows.within(actor.tenant).filter(kind=KIND)


def waiting(actor: Actor, draft_id: UUID) -> UUID | None:
    """Return the text of a draft that waits for keys, if one does."""
    rows = _texts(actor).filter(subject_id=draft_id, state=State.WAITING)
    return rows.values_list("pk", flat=True).first()


@act(Action.PROPOSE_COUNTS)
def propose(actor: Actor, draft_id: UUID) -> FrozenText:
    """Freeze the page of a draft, exactly as it was looked at, and lay it before all parties."""
    draft = seen(actor, draft_id)
    body = json.loads(draft.body)
    _require_still_safe(actor, body["content"])
    _require_as_shown(actor, body["content"])
    text = approvals.freeze(
        actor,
        kind=KIND,
        subject_id=draft.pk,
        title=body["page"]["title"],
        body=draft.body,
        changes=[
            both(lambda: gettext("All staff see this page, and anyone can take the released numbers as a file."))
        ],
        bound=[party.id for party in partnership.parties(actor.tenant)],
    )
    record(actor, release=body["release"], text=text.hash)
    return text


def _require_still_safe(actor: Actor, content: Mapping[str, Any]) -> None:
    """Raise Refused if anything left since the gate judged these counts beside all that left before.

    So too where they were kept before counts had a certificate.
    """
    if content["tables"]["certificate"] is None:
        raise Refused(
            _("These counts have no certificate. Nothing was changed. Please bring the file again."), "stale"
        )
    judged = [each["hash"] for each in content["tables"]["earlier"]]
    if judged != [sha256(text.encode()) for text in register.before(actor.tenant)]:
        raise Refused(
            _(
                "Another release left since these counts were brought, so they were not judged beside it. Nothing "
                "was changed. Please bring the file again."
            ),
            code="stale",
        )


def release(actor: Actor, text: FrozenText) -> None:
    """Release and publish frozen counts, and end their draft; runs in the transaction of the last key."""
    certification.require_none(actor.tenant)
    body = json.loads(text.body)
    content = body["content"]
    _require_still_safe(actor, content)
    draft = CountsDraft.rows.one(actor.tenant, text.subject_id)
    row = register.register(actor, UUID(content["survey"]), content, bytes(draft.certificate))
    today = time.today(content["words"]["timezone"])
    register.mark_published(actor, row.pk, {**body["page"], "on": today.isoformat()})
    record(actor, release=row.hash)
    draft.delete()
    jobs.post_releases.enqueue()
