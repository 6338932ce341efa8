"""Writing the district: invitations, roles, key holders, and the state of the tie."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commonground.access.actor import NOBODY, Actor, Role
from commonground.access.table import Action
from commonground.kernel import dates, time
from commonground.kernel.errors import NotFound, Refused
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record
from commonground.partnership import rules
from commonground.partnership.models import (
    Invitation,
    KeyHolder,
    Membership,
    Partnership,
    PartnershipState,
)
from commonground.partnership.rules import InvitationFault
from commonground.people.models import Person

LETTER_DAYS = 30

FAULTS = {
    InvitationFault.OTHER_PARTY: _("You invite people for your own party. The other party invites its own."),
    InvitationFault.OWN_MAILBOX: _(
        "Nobody can give a role to the own mailbox. Ask another co-chair of your party."
    ),
    InvitationFault.NO_SUCH_ROLE: _("This role does not exist for this party. Choose one from the list."),
    InvitationFault.NO_MAILBOX: _("This is not a mail address. Write it like name@district.org."),
}


@act(Action.INVITE)
def offer(actor: Actor, *, email: str, name: str, role: str, party_id: UUID | None, founder: bool = False) -> str:
    """Offer a role to a mailbox and return the secret of the invitation link, which is kept as a hash only."""
    own = Person.objects.filter(pk__in=[actor.person_id]).values_list("email", flat=True).first() or ""
    if fault := rules.invitation_fault(actor, role, party_id, own, email):
        raise Refused(FAULTS[fault], code=fault)
    secret = secrets.token_urlsafe(24)
    today = time.now().date()
    invitation = Invitation(
        partnership_id=actor.tenant,
        email=email.strip().lower(),
        name=name.strip(),
        party_id=party_id,
        role=role,
        founder=founder and actor.has(Role.OPERATOR),
        link_hash=sha256(secret.encode()),
        invited_by=actor.person_id,
        sent_on=today,
        expires_on=today + timedelta(days=LETTER_DAYS),
    )
    invitation.save(force_insert=True)
    record(actor, invitation=invitation.pk, role=role, for_party=party_id)
    return secret


@act(Action.WITHDRAW_INVITATION)
def withdraw(actor: Actor, invitation_id: UUID) -> None:
    """Withdraw an invitation that was not accepted yet."""
    invitation = Invitation.rows.one(actor.tenant, invitation_id, lock=True)
    if invitation.party_id not in (None, actor.party_id) and not actor.has(Role.OPERATOR):
        raise Refused(FAULTS[InvitationFault.OTHER_PARTY], code=InvitationFault.OTHER_PARTY)
    if invitation.accepted_on:
        raise Refused(_("This invitation was accepted. End the role instead."))
    invitation.withdrawn_on = time.now().date()
    invitation.save(update_fields=["withdrawn_on"])
    record(actor, invitation=invitation.pk)


def open_invitation(secret: str, *, lock: bool = False) -> Invitation:
    """Return the invitation of a link; raises NotFound, or Refused where it was used, withdrawn or is too old."""
    rows = Invitation.rows.across_all(reason="the link alone names the invitation").select_related(
        "partnership", "party"
    )
    found = rows.filter(link_hash=sha256(secret.encode()))
    invitation = (found.select_for_update(of=("self",)) if lock else found).first()
    if invitation is None:
        raise NotFound
    if invitation.accepted_on:
        raise Refused(_("This invitation was accepted already. Sign in with your mailbox."), code="accepted")
    if invitation.withdrawn_on or invitation.expires_on < time.now().date():
        raise Refused(_("This invitation is no longer open. Ask your co-chair for a new one."), code="over")
    return invitation


@act(Action.ACCEPT_INVITATION)
def accept(actor: Actor, secret: str, name: str) -> Person:
    """Accept the invitation of this link: the mailbox gets an account, if it has none, and the role.

    Raises what `open_invitation` raises, and Refused where the person speaks for another party of this district.
    """
    invitation = open_invitation(secret, lock=True)
    person = Person.objects.filter(email=invitation.email).first()
    if person is None:
        person = Person.objects.create_user(invitation.email, name.strip() or invitation.name)
    held = Membership.rows.within(invitation.partnership_id).filter(person=person, until=None)
    if rules.speaks_for_another(invitation.party_id, set(held.values_list("party_id", flat=True))):
        raise Refused(
            _("You speak for another party in this district, and one person speaks for one. Nothing was changed."),
            code="other_party",
        )
    Membership.rows.within(invitation.partnership_id).get_or_create(
        person=person,
        party=invitation.party,
        role=invitation.role,
        until=None,
        defaults={
            "partnership_id": invitation.partnership_id,
            "since": time.now().date(),
            "founder": invitation.founder,
        },
    )
    invitation.accepted_on = time.now().date()
    invitation.save(update_fields=["accepted_on"])
    record(
        Actor(person.pk, invitation.partnership_id, invitation.party_id),
        invitation=invitation.pk,
        role=invitation.role,
    )
    return person


def accept_letter(secret: str, name: str) -> Person:
    """Accept an invitation as the person who holds its letter."""
    return accept(NOBODY, secret, name)


@act(Action.END_MEMBERSHIP)
def end_role(actor: Actor, membership_id: UUID) -> None:
    """End a role of the own party; the last co-chair of a party cannot be removed."""
    membership = Membership.rows.one(actor.tenant, membership_id, lock=True)
    if not actor.has(Role.OPERATOR) and membership.party_id not in (None, actor.party_id):
        raise Refused(_("You end roles of your own party. The other party ends its own."))
    cochairs = Membership.rows.within(actor.tenant).filter(party=membership.party, role=Role.COCHAIR, until=None)
    if membership.role == Role.COCHAIR and cochairs.count() == 1:
        raise Refused(_("This is the last co-chair of the party. Invite another one first."))
    membership.until = time.now().date()
    membership.save(update_fields=["until"])
    record(actor, membership=membership.pk, role=membership.role, for_party=membership.party_id)


def seat_key_holders(actor: Actor, holders: dict[UUID, tuple[list[UUID], list[UUID]]]) -> None:
    """Write who turns each party's key, first and as alternate, as the charter in force names them."""
    KeyHolder.rows.within(actor.tenant).delete()
    rows = [
        KeyHolder(partnership_id=actor.tenant, party_id=party, person_id=person, alternate=alternate)
        for party, (first, others) in holders.items()
        for alternate, people in ((False, first), (True, others))
        for person in people
    ]
    KeyHolder.rows.within(actor.tenant).bulk_create(rows)


def activate(actor: Actor) -> None:
    """Make a forming partnership active: its charter is in force. A pause goes on under a new charter."""
    forming = Partnership.objects.filter(pk=actor.tenant, state=PartnershipState.FORMING)
    forming.update(state=PartnershipState.ACTIVE)


def pause(actor: Actor, meets_on: date) -> None:
    """Pause the partnership until the parties meet again on this day; raises Refused unless it is active."""
    found = Partnership.objects.select_for_update().get(pk=actor.tenant)
    if not rules.may_pause(found.state):
        raise Refused(_("Only an active partnership can pause. Nothing was changed."))
    Partnership.objects.filter(pk=actor.tenant).update(state=PartnershipState.PAUSED, meets_on=meets_on)


def reconvene(actor: Actor) -> None:
    """End the pause; raises Refused where there is none."""
    found = Partnership.objects.select_for_update().get(pk=actor.tenant)
    if not rules.may_reconvene(found.state):
        raise Refused(_("The partnership is not paused, so there is no pause to end. Nothing was changed."))
    Partnership.objects.filter(pk=actor.tenant).update(state=PartnershipState.ACTIVE, meets_on=None)


def refuse_while_paused(partnership_id: UUID) -> None:
    """Raise Refused where a pause keeps a new survey from being laid before the parties or launched."""
    found = Partnership.objects.get(pk=partnership_id)
    if not rules.may_launch(found.state):
        words = _(
            "The partnership is paused until %(day)s. A new survey waits until the parties have come together "
            "again. The draft is kept, and nothing was frozen or launched."
        )
        assert found.meets_on is not None
        raise Refused(words % {"day": dates.day(found.meets_on, year=True)}, code="paused")
