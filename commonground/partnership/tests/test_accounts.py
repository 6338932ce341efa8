"""Another mailbox by the wish of both sides, and the end of an account: nothing else changes, chains stay whole."""

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from commonground.access.actor import NOBODY, Role, operator
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed, Refused
from commonground.ledger import chain, sentences
from commonground.ledger import queries as ledger
from commonground.partnership import accounts, actions
from commonground.partnership.models import Invitation, KeyHolder, Membership
from commonground.people.models import Person

OPERATOR = operator(None)
BOTH = [cast.LUZ.email, cast.DENISE.email]
NEW = "elena@new.example"


def again(valley, member):
    return Person.objects.get(pk=valley.people[member.name].pk)


def refused(code, act, *arguments):
    with pytest.raises(Refused) as refusal:
        act(OPERATOR, *arguments)
    assert refusal.value.code == code, refusal.value.message


def in_district_too(valley, neighbor, member):
    """The member of the cast holds a role in the next district as well."""
    secret = actions.offer(
        neighbor.actor(cast.NEIGHBOR), email=member.email, name=member.name, role=Role.COORDINATOR, party_id=None
    )
    actions.accept_letter(secret, member.name)


def test_another_mailbox_keeps_person_and_roles_and_is_recorded(valley):
    before = valley.actor(cast.ELENA)
    accounts.reset_sign_in(OPERATOR, "Elena@chapter212.example ", f" {NEW.upper()}", BOTH)
    assert again(valley, cast.ELENA).email == NEW and valley.actor(cast.ELENA) == before
    told = ledger.entries(valley.actor(cast.LUZ), limit=1)
    people = [valley.people[member.name].pk.hex for member in (cast.LUZ, cast.DENISE)]
    assert told[0].facts == {"person": before.person_id.hex, "asked_by": people}
    (line,) = sentences.tell(valley.partnership.pk, told)
    assert line.sentence.startswith("The operator gave Elena Ruiz another mailbox")
    assert line.sentence.endswith("By the operator's word, these people asked for it: Luz Ortega, Denise Park.")


def test_every_sign_in_of_before_ends_and_codes_go_to_the_new_mailbox(valley, client):
    other = type(client)()
    for browser, member in ((client, cast.ELENA), (other, cast.LUZ)):
        browser.force_login(valley.people[member.name])
    begun = type(client)()
    begun.post(reverse("account_login"), {"email": cast.ELENA.email})
    assert [each.to for each in mail.outbox] == [[cast.ELENA.email]] and Session.objects.count() == 3
    accounts.reset_sign_in(OPERATOR, cast.ELENA.email, NEW, BOTH)
    assert client.get(valley.url("")).status_code == 404
    assert other.get(valley.url("")).status_code == 200
    assert Session.objects.count() == 1
    assert begun.get(reverse("account_confirm_login_code")).status_code == 302
    for email in (cast.ELENA.email, NEW):
        type(client)().post(reverse("account_login"), {"email": email})
    assert [each.to for each in mail.outbox[1:]] == [[NEW]]


@pytest.mark.parametrize(
    "asked_by",
    [
        [],
        [cast.LUZ.email],
        [cast.DENISE.email],
        [cast.LUZ.email, cast.RAY.email],
        [cast.DENISE.email, cast.ELENA.email],
        [cast.DENISE.email, cast.SAM.email],
        [cast.DENISE.email, cast.LEFT.email],
    ],
    ids=["nobody", "labor alone", "management alone", "labor twice", "herself", "who serves both", "who left"],
)
def test_one_side_is_not_enough(valley, asked_by):
    refused("not_both_sides", accounts.reset_sign_in, cast.ELENA.email, NEW, asked_by)
    assert again(valley, cast.ELENA).email == cast.ELENA.email


def test_nobody_asks_for_the_own_account_not_even_a_cochair(valley):
    refused("not_both_sides", accounts.reset_sign_in, cast.LUZ.email, NEW, BOTH)
    accounts.reset_sign_in(OPERATOR, cast.LUZ.email, NEW, [cast.RAY.email, cast.DENISE.email])
    assert again(valley, cast.LUZ).email == NEW


def test_a_key_holder_may_ask(valley):
    party, grace = valley.parties[cast.TEACHERS], valley.people[cast.GRACE.name]
    KeyHolder(partnership=valley.partnership, party=party, person=grace, alternate=True).save()
    accounts.reset_sign_in(OPERATOR, cast.ELENA.email, NEW, [cast.GRACE.email, cast.DENISE.email])
    assert again(valley, cast.ELENA).email == NEW


def test_a_key_holder_whose_role_ended_asks_no_more(valley):
    party, left = valley.parties[cast.TEACHERS], valley.people[cast.LEFT.name]
    KeyHolder(partnership=valley.partnership, party=party, person=left).save()
    asked_by = [cast.LEFT.email, cast.DENISE.email]
    refused("not_both_sides", accounts.reset_sign_in, cast.ELENA.email, NEW, asked_by)
    Membership.rows.within(valley.partnership.pk).filter(person=left).update(until=None)
    accounts.reset_sign_in(OPERATOR, cast.ELENA.email, NEW, asked_by)


def test_one_district_does_not_give_away_the_roles_of_another(valley, neighbor):
    in_district_too(valley, neighbor, cast.ELENA)
    refused("not_both_sides", accounts.reset_sign_in, cast.ELENA.email, NEW, BOTH)
    refused("not_both_sides", accounts.reset_sign_in, cast.ELENA.email, NEW, [*BOTH, cast.NEIGHBOR.email])


def test_the_record_of_a_district_names_no_one_of_another(valley, neighbor):
    in_district_too(valley, neighbor, cast.ELENA)
    robin = neighbor.actor(cast.NEIGHBOR)
    other = next(party for party in neighbor.parties.values() if party.pk != robin.party_id)
    inside = operator(neighbor.partnership.pk)
    secret = actions.offer(inside, email="kim@elm.example", name="Kim", role=Role.COCHAIR, party_id=other.pk)
    kim = actions.accept_letter(secret, "Kim")
    accounts.reset_sign_in(OPERATOR, cast.ELENA.email, NEW, [*BOTH, cast.NEIGHBOR.email, kim.email])
    for here, people in (
        (valley.actor(cast.LUZ), {valley.people[member.name].pk for member in (cast.LUZ, cast.DENISE)}),
        (robin, {neighbor.people[cast.NEIGHBOR.name].pk, kim.pk}),
    ):
        facts = ledger.entries(here, limit=1)[0].facts
        assert set(facts["asked_by"]) == {person.hex for person in people}


@pytest.mark.parametrize(
    ("email", "new", "code"),
    [
        ("nobody@avusd.example", NEW, "unknown"),
        (cast.ELENA.email, "elena at new", "no_mailbox"),
        (cast.ELENA.email, cast.SAM.email, "taken"),
        (cast.LEFT.email, NEW, "no_role"),
    ],
)
def test_what_makes_no_sense_is_refused(valley, email, new, code):
    refused(code, accounts.reset_sign_in, email, new, BOTH)


@pytest.mark.parametrize("act", [accounts.reset_sign_in, accounts.erase_person])
def test_both_are_for_the_operator_alone(valley, act):
    arguments = (cast.LEFT.email, NEW, BOTH)[: 3 if act is accounts.reset_sign_in else 1]
    for actor in (NOBODY, *(valley.actor(member) for member in cast.CAST)):
        with pytest.raises(NotAllowed):
            act(actor, *arguments)


def test_an_erased_person_is_nowhere_named_and_the_record_stays_whole(valley, client):
    pat = again(valley, cast.LEFT)
    actions.offer(
        operator(valley.partnership.pk), email=pat.email, name=pat.name, role="coordinator", party_id=None
    )
    ida = actions.accept_letter(
        actions.offer(valley.actor(cast.DANA), email="ida@avta.example", name="Ida Moss", role="member",
                      party_id=valley.parties[cast.TEACHERS].pk), "Ida Moss")  # fmt: skip
    actions.end_role(valley.actor(cast.DANA), Membership.rows.within(valley.partnership.pk).get(person=ida).pk)
    client.force_login(ida)
    for email in (pat.email, ida.email):
        accounts.erase_person(OPERATOR, email)
    assert not Session.objects.exists()
    for person in Person.objects.filter(pk__in=[pat.pk, ida.pk]):
        assert (person.name, person.email, person.is_active) == ("", f"{person.pk.hex}@erased.invalid", False)
    letters = Invitation.rows.within(valley.partnership.pk)
    assert not any("avta" in letter.email or letter.name for letter in letters.all())
    assert not letters.filter(accepted_on=None, withdrawn_on=None).exists()
    luz = valley.actor(cast.LUZ)
    told = [line.sentence for line in sentences.tell(luz.tenant, ledger.entries(luz))]
    assert any(line.startswith("Someone whose account was erased accepted") for line in told)
    assert not any("Ida" in line or "Pat" in line for line in told)
    name, entries = chain.read(ledger.exported(luz, "Valley"))
    assert len(entries) >= 5 and not list(chain.faults(name, entries))


def test_letters_follow_the_mailbox_and_are_forgotten_with_it(valley):
    nia = actions.accept_letter(
        actions.offer(valley.actor(cast.LUZ), email="nia@old.example", name="Nia", role="member",
                      party_id=valley.parties[cast.CLASSIFIED].pk), "Nia")  # fmt: skip
    accounts.reset_sign_in(OPERATOR, "nia@old.example", NEW, BOTH)
    letters = Invitation.rows.within(valley.partnership.pk)
    assert letters.get().email == NEW
    actions.end_role(valley.actor(cast.LUZ), Membership.rows.within(valley.partnership.pk).get(person=nia).pk)
    accounts.erase_person(OPERATOR, NEW)
    assert (letters.get().email, letters.get().name) == (f"{nia.pk.hex}@erased.invalid", "")


def test_an_erased_mailbox_can_be_invited_anew_as_somebody_else(valley):
    accounts.erase_person(OPERATOR, cast.LEFT.email)
    refused("unknown", accounts.erase_person, cast.LEFT.email)
    dana = valley.actor(cast.DANA)
    secret = actions.offer(dana, email=cast.LEFT.email, name="Pat", role="member", party_id=dana.party_id)
    assert actions.accept_letter(secret, "Pat").pk != valley.people[cast.LEFT.name].pk


def test_who_holds_a_role_or_a_key_is_not_erased(valley, neighbor):
    refused("role", accounts.erase_person, cast.ELENA.email)
    party, pat = valley.parties[cast.TEACHERS], valley.people[cast.LEFT.name]
    KeyHolder(partnership=valley.partnership, party=party, person=pat).save()
    refused("key", accounts.erase_person, cast.LEFT.email)
    assert again(valley, cast.LEFT).name == cast.LEFT.name
