"""What one person finds on the page of a text: its wording, what changed since, and what this person may decide."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.decide import allowed
from commonground.access.table import Action
from commonground.approvals import queries, reading
from commonground.approvals.kinds import KINDS, as_written
from commonground.approvals.queries import TextCard
from commonground.approvals.reading import Change, Section
from commonground.approvals.rules import State
from commonground.kernel.errors import NotFound


@dataclass(frozen=True)
class Since:
    """What changed since an earlier version: the last one the own party turned its key on, else the one before."""

    version: int
    frozen_at: datetime
    own_key_at: datetime | None
    changes: list[Change]


@dataclass(frozen=True)
class Decision:
    """What the reader may do about a text; `why_not` says in words why there is nothing to do."""

    party: str = ""
    may_turn: bool = False
    may_take_back: bool = False
    may_send_back: bool = False
    why_not: str | Promise = ""


@dataclass(frozen=True)
class TextPage:
    """One text as a page shows it to one reader."""

    text: TextCard
    sections: list[Section]
    cautions: list[str]
    since: Since | None
    decision: Decision
    newest: TextCard
    ours: bool
    ours_is_last: bool


def text_page(actor: Actor, text_id: UUID) -> TextPage:
    """Return the page of a text for this reader; raises NotFound."""
    text = queries.text(actor, text_id)
    if text is None:
        raise NotFound
    versions = queries.versions(actor, text.kind, text.subject_id)
    return TextPage(
        text=text,
        sections=read(actor, text),
        cautions=_cautions(text),
        since=_since(actor, text, versions),
        decision=decision(actor, text),
        newest=versions[0],
        ours=text.waits_for(actor.party_id),
        ours_is_last=text.is_last(actor.party_id),
    )


def read(actor: Actor, text: TextCard) -> list[Section]:
    """Return the wording of a text as its kind reads it."""
    kind = KINDS.get(text.kind)
    return (kind.render if kind else as_written)(actor.tenant, text.body)


def _cautions(text: TextCard) -> list[str]:
    kind = KINDS.get(text.kind)
    return kind.cautions(text.body) if kind else []


def _since(actor: Actor, text: TextCard, versions: list[TextCard]) -> Since | None:
    older = [version for version in versions if version.version < text.version]
    if not older:
        return None
    known = next((version for version in older if _own_key_at(actor, version)), older[0])
    changed = reading.changes(read(actor, known), read(actor, text))
    return Since(known.version, known.frozen_at, _own_key_at(actor, known), changed)


def _own_key_at(actor: Actor, text: TextCard) -> datetime | None:
    key = text.key_of(actor.party_id)
    return key.turned_at if key else None


def decision(actor: Actor, text: TextCard) -> Decision:
    """Say what this reader may do about the text."""
    key = text.key_of(actor.party_id)
    if actor.party_id is None:
        return Decision(why_not=_("You serve both parties, so you hold no key. The parties decide."))
    if key is None:
        return Decision(why_not=_("This text does not bind your party, so there is no key of yours to turn."))
    if not allowed(actor, Action.TURN_KEY):
        words = _("You are not a key holder of %(party)s. Ask the people who are.")
        return Decision(key.party, why_not=words % {"party": key.party})
    waits = text.state is State.WAITING
    return Decision(
        key.party, may_turn=waits and not key.turned, may_take_back=waits and key.turned, may_send_back=waits
    )
