"""Pure decisions about founding, roles and invitations."""

from uuid import UUID

import pytest

from commonground.access.actor import Actor, Role, operator
from commonground.partnership.rules import FoundingFault, InvitationFault, founding_fault, invitation_fault

OWN, OTHER, HERE = UUID(int=1), UUID(int=2), UUID(int=3)
COCHAIR = Actor(UUID(int=4), HERE, OWN, is_labor=True, roles=frozenset({Role.COCHAIR}), holds_key=True)
PARTIES = [("Maple Educators", False), ("Maple Unified", True)]
ZONE = "America/Los_Angeles"


def test_a_district_of_two_sides_can_be_opened():
    assert founding_fault("maple-2", ZONE, PARTIES) is None
    assert founding_fault("maple", ZONE, [("Bus Drivers", False), *PARTIES]) is None


@pytest.mark.parametrize(
    "slug", ["", "Maple", "maple school", "maple_school", "-maple", "maple--2", "m" * 61, "ahorn/1"]
)
def test_a_short_name_that_is_no_address_is_refused(slug):
    assert founding_fault(slug, ZONE, PARTIES) is FoundingFault.ADDRESS_FORM


@pytest.mark.parametrize("zone", ["", "Pacific", "../etc/passwd", "America/Maple"])
def test_a_time_zone_that_does_not_exist_is_refused(zone):
    assert founding_fault("maple", zone, PARTIES) is FoundingFault.NO_SUCH_TIMEZONE


@pytest.mark.parametrize("parties", [[], PARTIES[:1], PARTIES[1:], [*PARTIES, ("Maple Charter", True)]])
def test_one_side_alone_or_two_managements_found_nothing(parties):
    assert founding_fault("maple", ZONE, parties) is FoundingFault.ONE_SIDE


def test_two_parties_of_one_name_found_nothing():
    assert founding_fault("maple", ZONE, [*PARTIES, ("MAPLE educators", False)]) is FoundingFault.NAME_TWICE


def fault(actor, role, party, email="new@maple.example"):
    return invitation_fault(actor, role, party, "own@maple.example", email)


@pytest.mark.parametrize("role", ["member", "cochair", "keeper", "alternate"])
def test_a_cochair_invites_for_the_own_party_only(role):
    assert fault(COCHAIR, role, OWN) is None
    assert fault(COCHAIR, role, OTHER) is InvitationFault.OTHER_PARTY
    assert fault(operator(HERE), role, OTHER) is None


@pytest.mark.parametrize("role", ["coordinator", "facilitator"])
def test_those_who_serve_both_are_of_no_party(role):
    assert fault(COCHAIR, role, None) is None
    assert fault(COCHAIR, role, OWN) is InvitationFault.NO_SUCH_ROLE


@pytest.mark.parametrize("email", ["own@maple.example", " OWN@Maple.example "])
@pytest.mark.parametrize(("role", "party"), [("sponsor", OWN), ("coordinator", None)])
def test_nobody_raises_the_own_role(email, role, party):
    assert fault(COCHAIR, role, party, email) is InvitationFault.OWN_MAILBOX


@pytest.mark.parametrize("role", ["operator", "king", "", "COCHAIR"])
def test_nobody_is_invited_to_what_is_no_role_of_a_party(role):
    for actor in (COCHAIR, operator(HERE)):
        assert fault(actor, role, OWN) is InvitationFault.NO_SUCH_ROLE
        assert fault(actor, role, None) is InvitationFault.NO_SUCH_ROLE


@pytest.mark.parametrize(
    "email", ["", "maple.example", "a@b", "a b@maple.example", "a@maple.example\nBcc: b@x.example"]
)
def test_a_letter_goes_to_a_mailbox(email):
    for actor in (COCHAIR, operator(HERE)):
        assert fault(actor, "member", OWN, email) is InvitationFault.NO_MAILBOX
