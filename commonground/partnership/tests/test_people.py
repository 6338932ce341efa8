"""Roles: taken by a letter, held in several districts, never raised by oneself, and gone at once when they end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from commonground.access.actor import Role
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.partnership import actions, queries
from commonground.partnership.models import Invitation, KeyHolder, Membership
from commonground.people.models import Person


def letter(actor, email="new@avta.example", role="member", party=""):
    """Invite a mailbox, for the own party unless another is named; return the secret of the link."""
    party_id = actor.party_id if party == "" else party
    return actions.offer(actor, email=email, name="New Member", role=role, party_id=party_id)


def memberships(valley):
    return Membership.rows.within(valley.partnership.pk).count()


@pytest.fixture
def two_districts(valley, neighbor):
    """Luz is co-chair in Alder Valley and facilitator in Cedar Ridge."""
    secret = letter(neighbor.actor(cast.NEIGHBOR), cast.LUZ.email, Role.FACILITATOR, None)
    actions.accept_letter(secret, "Somebody Else")
    return valley, neighbor


# Several districts


def test_one_account_holds_roles_in_two_districts_each_with_its_own_rights(two_districts):
    luz = two_districts[0].people[cast.LUZ.name]
    assert Person.objects.filter(email=cast.LUZ.email).get().name == cast.LUZ.name
    here, there = (queries.actor_of(luz.pk, place.partnership.pk) for place in two_districts)
    assert (set(here.roles), set(there.roles)) == ({Role.COCHAIR}, {Role.FACILITATOR})
    assert there.party_id is None and not there.holds_key
    with pytest.raises(NotAllowed):
        letter(there, "more@cedarridge.example", Role.COORDINATOR, None)


def test_the_page_of_districts_leads_into_each(two_districts, client):
    client.force_login(two_districts[0].people[cast.LUZ.name])
    page = client.get(reverse("welcome")).content.decode()
    for place in two_districts:
        assert place.url("") in page and place.partnership.district in page
        assert client.get(place.url("")).status_code == 200
    assert client.get(two_districts[1].url("staff/")).status_code == 403


def test_the_page_of_districts_is_reached_from_every_page(two_districts, client):
    valley = two_districts[0]
    client.force_login(valley.people[cast.LUZ.name])
    page = client.get(valley.url("")).content.decode()
    assert f'href="{reverse("settings")}"' in page
    assert f'href="{reverse("welcome")}"' in client.get(reverse("settings")).content.decode()


def test_who_has_one_district_goes_straight_into_it(valley, client):
    client.force_login(valley.people[cast.LUZ.name])
    assert client.get(reverse("welcome")).url == valley.url("")


def test_who_has_none_is_told_how_a_role_begins(valley, client):
    client.force_login(valley.people[cast.LEFT.name])
    assert "You hold no role in a district now." in client.get(reverse("welcome")).content.decode()


def test_keys_and_rows_of_one_district_are_out_of_reach_in_the_other(two_districts):
    valley, neighbor = two_districts
    theirs = Membership.rows.within(valley.partnership.pk).get(person=valley.people[cast.ELENA.name])
    robin = neighbor.actor(cast.NEIGHBOR)
    with pytest.raises(NotFound):
        actions.end_role(robin, theirs.pk)
    secret = letter(valley.actor(cast.DANA))
    waiting = Invitation.rows.within(valley.partnership.pk).get()
    with pytest.raises(NotFound):
        actions.withdraw(robin, waiting.pk)
    assert actions.open_invitation(secret).pk == waiting.pk


# Nobody raises the own role


@pytest.mark.parametrize("member", [m for m in cast.CAST if m.role != Role.COCHAIR], ids=lambda m: m.role.value)
def test_who_is_no_cochair_invites_nobody(valley, member, client):
    actor = valley.actor(member)
    for email in (member.email, "friend@avusd.example"):
        with pytest.raises(NotAllowed):
            letter(actor, email, Role.COCHAIR, actor.party_id or valley.parties[cast.TEACHERS].pk)
    client.force_login(valley.people[member.name])
    values = {"name": "Me", "email": member.email, "role": "cochair"}
    client.post(valley.url("people/"), values)
    assert not Invitation.rows.within(valley.partnership.pk).exists() and not mail.outbox


def test_a_cochair_gives_no_role_to_the_own_mailbox_nor_for_another_party(valley, client):
    luz = valley.actor(cast.LUZ)
    for email, party in ((cast.LUZ.email, ""), ("x@avta.example", valley.parties[cast.TEACHERS].pk)):
        with pytest.raises(Refused):
            letter(luz, email, Role.SPONSOR, party)
    client.force_login(valley.people[cast.LUZ.name])
    values = {"name": "Luz", "email": cast.LUZ.email.upper(), "role": "coordinator"}
    page = client.post(valley.url("people/"), values).content.decode()
    assert "Nobody can give a role to the own mailbox." in page
    assert not Invitation.rows.within(valley.partnership.pk).exists() and not mail.outbox


def test_nobody_speaks_for_two_parties_of_one_district(valley, client):
    """A co-chair's right for one party must not become one for the other."""
    before = memberships(valley)
    secret = letter(valley.actor(cast.DENISE), cast.ELENA.email, Role.COCHAIR)
    page = client.post(reverse("invitation", args=[secret]), {"name": "Elena"})
    assert page.status_code == 410 and "one person speaks for one" in page.content.decode()
    assert memberships(valley) == before
    assert actions.open_invitation(secret), "the letter is not used up"


def test_a_second_party_in_the_table_would_give_no_right(valley):
    elena, management = valley.people[cast.ELENA.name], valley.parties[cast.MANAGEMENT]
    before = valley.actor(cast.ELENA)
    stray = Membership(partnership=valley.partnership, person=elena, party=management, role=Role.COCHAIR)
    stray.since = time.now().date() + timedelta(days=3650)
    stray.save()
    assert valley.actor(cast.ELENA) == before


# Letters


def test_a_letter_is_used_once(valley):
    secret = letter(valley.actor(cast.DANA))
    actions.accept_letter(secret, "Nia New")
    before = memberships(valley)
    with pytest.raises(Refused) as refusal:
        actions.accept_letter(secret, "Nia New")
    assert refusal.value.code == "accepted" and memberships(valley) == before


def test_looking_at_a_letter_uses_nothing_up(valley, client):
    secret = letter(valley.actor(cast.DANA))
    for _time in range(3):
        assert client.get(reverse("invitation", args=[secret])).status_code == 200
    assert not Person.objects.filter(email="new@avta.example").exists()


def test_a_letter_is_good_for_thirty_days(valley, client):
    with time.at(time.now() - timedelta(days=30)):
        fresh = letter(valley.actor(cast.DANA))
    with time.at(time.now() - timedelta(days=31)):
        old = letter(valley.actor(cast.DANA), "late@avta.example")
    assert client.get(reverse("invitation", args=[fresh])).status_code == 200
    for page in (client.get(reverse("invitation", args=[old])), client.post(reverse("invitation", args=[old]))):
        assert page.status_code == 410 and "no longer open" in page.content.decode()
    assert [card.email for card in queries.open_invitations(valley.partnership.pk)] == ["new@avta.example"]


def test_a_withdrawn_letter_opens_nothing(valley, client):
    dana = valley.actor(cast.DANA)
    secret = letter(dana)
    waiting = Invitation.rows.within(dana.tenant).get()
    with pytest.raises(Refused, match="other party"):
        actions.withdraw(valley.actor(cast.LUZ), waiting.pk)
    actions.withdraw(dana, waiting.pk)
    assert client.post(reverse("invitation", args=[secret]), {"name": "Nia"}).status_code == 410
    assert not Person.objects.filter(email="new@avta.example").exists()


def test_a_letter_is_for_its_mailbox_whoever_is_signed_in(valley, client):
    secret = letter(valley.actor(cast.DANA), role=Role.COCHAIR)
    client.force_login(valley.people[cast.ELENA.name])
    before = valley.actor(cast.ELENA)
    assert "new@avta.example" in client.get(reverse("invitation", args=[secret])).content.decode()
    assert client.post(reverse("invitation", args=[secret]), {"name": "Nia New"}).status_code == 302
    assert valley.actor(cast.ELENA) == before
    nia = Person.objects.get(email="new@avta.example")
    assert client.session["_auth_user_id"] == str(nia.pk)
    assert queries.actor_of(nia.pk, valley.partnership.pk).roles == {Role.COCHAIR}


def test_a_link_that_was_never_sent_is_not_found(valley, client):
    assert client.get(reverse("invitation", args=["nothing"])).status_code == 404


def test_only_the_hash_of_a_link_is_kept(valley):
    secret = letter(valley.actor(cast.DANA))
    row = Invitation.rows.within(valley.partnership.pk).values().get()
    assert not any(secret in str(value) for value in row.values())


# The end of a role


def test_an_ended_role_loses_everything_at_once(valley, client):
    elena = valley.people[cast.ELENA.name]
    KeyHolder(partnership=valley.partnership, party=valley.parties[cast.CLASSIFIED], person=elena).save()
    client.force_login(elena)
    assert valley.actor(cast.ELENA).holds_key and client.get(valley.url("")).status_code == 200
    role = Membership.rows.within(valley.partnership.pk).get(person=elena)
    actions.end_role(valley.actor(cast.LUZ), role.pk)
    assert {client.get(valley.url(path)).status_code for path in ("", "people/", "surveys/")} == {404}
    assert valley.actor(cast.ELENA).roles == frozenset() and not valley.actor(cast.ELENA).holds_key
    assert valley.partnership.district not in client.get(reverse("welcome")).content.decode()


def test_the_other_party_and_the_last_cochair_are_safe(valley):
    roles = Membership.rows.within(valley.partnership.pk)
    with pytest.raises(Refused, match="The other party ends its own"):
        actions.end_role(valley.actor(cast.DENISE), roles.get(person=valley.people[cast.ELENA.name]).pk)
    with pytest.raises(Refused, match="last co-chair"):
        actions.end_role(valley.actor(cast.LUZ), roles.get(person=valley.people[cast.LUZ.name]).pk)
