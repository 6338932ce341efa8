"""Pure decisions about founding, roles, invitations and pauses."""

import re
from enum import StrEnum
from uuid import UUID
from zoneinfo import available_timezones

from commonground.access.actor import Actor, Role
from commonground.partnership.stafflist.lines import is_mailbox

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


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60


class FoundingFault(StrEnum):
    """Why a district cannot be opened."""

    ADDRESS_FORM = "address_form"
    NO_SUCH_TIMEZONE = "no_such_timezone"
    ONE_SIDE = "one_side"
    NAME_TWICE = "name_twice"


def founding_fault(slug: str, timezone: str, parties: list[tuple[str, bool]]) -> FoundingFault | None:
    """Say why no district of these parties (name, whether management) can be opened; None where it can."""
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        return FoundingFault.ADDRESS_FORM
    if timezone not in available_timezones():
        return FoundingFault.NO_SUCH_TIMEZONE
    sides = [management for _name, management in parties]
    if sides.count(True) != 1 or sides.count(False) < 1:
        return FoundingFault.ONE_SIDE
    if len({name.casefold() for name, _management in parties}) < len(parties):
        return FoundingFault.NAME_TWICE
    return None


class InvitationFault(StrEnum):
    """Why an invitation cannot be sent."""

    OTHER_PARTY = "other_party"
    OWN_MAILBOX = "own_mailbox"
    NO_SUCH_ROLE = "no_such_role"
    NO_MAILBOX = "no_mailbox"


def invitation_fault(
    actor: Actor, role: str, party_id: UUID | None, own_email: str, email: str
) -> InvitationFault | None:
    """Say why this actor may not offer this role for this party to this mailbox; None where it may be offered."""
    if role not in (SERVE_BOTH if party_id is None else PARTY_ROLES):
        return InvitationFault.NO_SUCH_ROLE
    if not is_mailbox(email.strip()):
        return InvitationFault.NO_MAILBOX
    if actor.has(Role.OPERATOR):
        return None
    if email.strip().lower() == own_email.strip().lower():
        return InvitationFault.OWN_MAILBOX
    if party_id not in (None, actor.party_id):
        return InvitationFault.OTHER_PARTY
    return None


def speaks_for_another(party_id: UUID | None, held_for: set[UUID | None]) -> bool:
    """Say whether somebody with roles for these parties (None: both) cannot take one for this party too."""
    return party_id is not None and bool(held_for - {None, party_id})


def sides_missing(districts: set[UUID], wishes: set[tuple[UUID, bool]]) -> set[UUID]:
    """Return the districts in which not both sides ask; a wish is a district and whether labor asks."""
    return {district for district in districts if not {(district, True), (district, False)} <= wishes}


def may_launch(state: str) -> bool:
    """Say whether a new survey may be laid before the parties or launched: not while the partnership is paused."""
    return state != "paused"


def may_pause(state: str) -> bool:
    """Say whether the partnership can be paused: only one whose charter is in force, and not twice."""
    return state == "active"


def may_reconvene(state: str) -> bool:
    """Say whether there is a pause to end."""
    return state == "paused"
