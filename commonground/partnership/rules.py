"""Pure decisions about roles, invitations and pauses."""

from enum import StrEnum
from uuid import UUID

from commonground.access.actor import Actor, Role

SERVE_BOTH = (Role.COORDINATOR, Role.FACILITATOR)
PARTY_ROLES = (
    Role.COCHAIR,
    Role.MEMBER,
    Role.ALTERNATE,
    Role.SPONSOR,
    Role.CHAMPION,
    Role.BOARD_MEMBER,
    Role.KEEPER,
)


class InvitationFault(StrEnum):
    """Why an invitation cannot be sent."""

    OTHER_PARTY = "other_party"
    OWN_MAILBOX = "own_mailbox"
    NO_SUCH_ROLE = "no_such_role"


def invitation_fault(
    actor: Actor, role: str, party_id: UUID | None, own_email: str, email: str
) -> InvitationFault | None:
    """Say why this actor may not offer this role for this party to this mailbox; None where it may be offered."""
    if role not in (SERVE_BOTH if party_id is None else PARTY_ROLES):
        return InvitationFault.NO_SUCH_ROLE
    if actor.has(Role.OPERATOR):
        return None
    if email.strip().lower() == own_email.strip().lower():
        return InvitationFault.OWN_MAILBOX
    if party_id not in (None, actor.party_id):
        return InvitationFault.OTHER_PARTY
    return None


def may_launch(state: str) -> bool:
    """Say whether a new survey may be laid before the parties or launched: not while the partnership is paused."""
    return state != "paused"


def may_pause(state: str) -> bool:
    """Say whether the partnership can be paused: only one whose charter is in force, and not twice."""
    return state == "active"


def may_reconvene(state: str) -> bool:
    """Say whether there is a pause to end."""
    return state == "paused"
