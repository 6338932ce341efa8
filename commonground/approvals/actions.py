"""Freezing a text, turning a key on it, taking it back, sending it back."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.approvals import rules
from commonground.approvals.kinds import KINDS
from commonground.approvals.models import BoundParty, FrozenText, SentBack
from commonground.approvals.rules import Refusal, Standing, State
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.languages import Words
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record

ENDED = {
    State.IN_FORCE: _("Every key was turned before, and the text is in force. Nothing was changed."),
    State.SENT_BACK: _("A party sent this text back before. It no longer waits for keys. Nothing was changed."),
    State.REPLACED: _(
        "The text was changed after you read it, and a new version waits for keys. Nothing was changed here. "
        "Please read the new version."
    ),
}
REFUSALS = {
    Refusal.NOT_BOUND: _("This text does not bind your party, so there is no key of yours to turn."),
    Refusal.OTHER_TEXT: _("The text was changed after you read it. No key was turned. Please read the new text."),
    Refusal.ALREADY_TURNED: _("Your party has turned its key on this text already. It counts once."),
    Refusal.NOT_TURNED: _("Your party has not turned its key on this text, so there is nothing to take back."),
}
SAME_MOMENT = _(
    "Someone else froze a version at the same moment. Nothing was frozen here. Please read that one first."
)


@act(Action.FREEZE_TEXT)
def freeze(
    actor: Actor,
    *,
    kind: str,
    subject_id: UUID,
    title: Words,
    body: str,
    changes: Sequence[Words],
    bound: Iterable[UUID],
    needed_by: date | None = None,
) -> FrozenText:
    """Freeze exact text and lay it before the parties it binds; a waiting text of the same subject is replaced.

    Raises Refused when somebody else freezes the same subject at the same moment.
    """
    assert kind in KINDS
    earlier = FrozenText.rows.within(actor.tenant).filter(kind=kind, subject_id=subject_id)
    earlier.filter(state=State.WAITING).update(state=State.REPLACED, decided_at=time.now())
    text = FrozenText(
        partnership_id=actor.tenant,
        kind=kind,
        subject_id=subject_id,
        version=earlier.count() + 1,
        title=title,
        body=body,
        hash=sha256(body.encode()),
        changes=list(changes),
        frozen_by=actor.person_id,
        frozen_for=actor.party_id,
        frozen_at=time.now(),
        needed_by=needed_by,
    )
    try:
        text.save(force_insert=True)
    except IntegrityError:
        raise Refused(SAME_MOMENT) from None
    parties = list(bound)
    for party_id in parties:
        BoundParty(partnership_id=actor.tenant, text=text, party_id=party_id).save(force_insert=True)
    record(actor, text=text.pk, kind=kind, version=text.version, hash=text.hash, bound=parties)
    return text


@act(Action.TURN_KEY)
def turn_key(actor: Actor, text_id: UUID, hash: str) -> FrozenText:
    """Turn the actor's party's key on the text with this hash; the last key runs the kind's handler."""
    text, standing = _locked(actor, text_id)
    after = _or_refuse(standing, rules.turn(standing, str(actor.party_id), hash))
    _key(actor, text).update(turned_by=actor.person_id, turned_at=time.now())
    record(actor, text=text.pk, hash=text.hash, in_force=after.state is State.IN_FORCE)
    if after.state is State.IN_FORCE:
        _decide(text, State.IN_FORCE)
        KINDS[text.kind].in_force(actor, text)
    return text


@act(Action.TAKE_KEY_BACK)
def take_key_back(actor: Actor, text_id: UUID) -> FrozenText:
    """Take the actor's party's key back while the text still waits for another."""
    text, standing = _locked(actor, text_id)
    _or_refuse(standing, rules.take_back(standing, str(actor.party_id)))
    _key(actor, text).update(turned_by=None, turned_at=None)
    record(actor, text=text.pk, hash=text.hash)
    return text


@act(Action.SEND_BACK)
def send_back(actor: Actor, text_id: UUID, *, about: str, reason: str) -> FrozenText:
    """Return the text to drafting with a reason that all bound parties read."""
    assert actor.person_id is not None
    text, standing = _locked(actor, text_id)
    _or_refuse(standing, rules.send_back(standing, str(actor.party_id)))
    if not reason.strip():
        raise Refused(_("Please say in a few words what would have to change. Nothing was sent."))
    SentBack(
        partnership_id=actor.tenant,
        text=text,
        party_id=actor.own_party,
        person_id=actor.person_id,
        about=about,
        reason=reason.strip(),
        at=time.now(),
    ).save(force_insert=True)
    _decide(text, State.SENT_BACK)
    record(actor, text=text.pk, hash=text.hash, about=about, reason_hash=sha256(reason.strip().encode()))
    KINDS[text.kind].sent_back(actor, text)
    return text


def _locked(actor: Actor, text_id: UUID) -> tuple[FrozenText, Standing]:
    text = FrozenText.rows.one(actor.tenant, text_id, lock=True)
    return text, standing(text)


def standing(text: FrozenText) -> Standing:
    """Return the pure standing of a stored text."""
    keys = list(text.bound.all())
    return Standing(
        text.hash,
        frozenset(str(key.party_id) for key in keys),
        frozenset(str(key.party_id) for key in keys if key.turned_at),
        State(text.state),
    )


def _key(actor: Actor, text: FrozenText) -> QuerySet[BoundParty]:
    return BoundParty.rows.within(actor.tenant).filter(text=text, party_id=actor.own_party)


def _or_refuse(before: Standing, outcome: Standing | Refusal) -> Standing:
    if outcome is Refusal.NOT_WAITING:
        raise Refused(ENDED[before.state], code=outcome)
    if isinstance(outcome, Refusal):
        raise Refused(REFUSALS[outcome], code=outcome)
    return outcome


def _decide(text: FrozenText, state: State) -> None:
    text.state, text.decided_at = state, time.now()
    text.save(update_fields=["state", "decided_at"])
