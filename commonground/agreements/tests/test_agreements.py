"""Agreements on screen: from a kind chosen to being in force, sent back, renewed, expired; and pauses."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.agreements import cards, writing
from commonground.agreements.contents import Both
from commonground.agreements.examples import FOUNDERS, active, signed, terms, written
from commonground.agreements.models import Agreement
from commonground.agreements.rules import Standing
from commonground.agreements.terms import LASTING, AgreementKind
from commonground.approvals import queries as approvals
from commonground.approvals.actions import send_back, turn_key
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.ledger import queries as ledger
from commonground.partnership.models import Partnership, PartnershipState

LUZ, DENISE, NOOR = "Luz Ortega", "Denise Park", "Noor Haddad"


@pytest.fixture
def go(client, valley):
    """Return a call that opens an address of the district as a person, or posts to it when fields are given."""

    def call(person, path, fields=None):
        client.force_login(valley.people[person])
        return client.get(valley.url(path)) if fields is None else client.post(valley.url(path), fields)

    return call


def page(answer):
    """Return the text of a page that was found."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def turned(valley, text, members=FOUNDERS):
    for member in members:
        turn_key(valley.actor(member), text.pk, text.hash)


def lay(valley, draft):
    return writing.lay_before_parties(valley.actor(cast.LUZ), draft.pk, draft.revision)


def state(valley):
    return Partnership.objects.get(pk=valley.partnership.pk).state


# Writing


def test_from_a_kind_chosen_to_keys_asked_for(valley, go):
    chosen = go(LUZ, "agreements/new/", {"kind": "side_letter"})
    draft = Agreement.rows.within(valley.partnership.pk).get()
    assert chosen.url == valley.url(f"agreements/{draft.pk}/draft/")
    form = page(go(DENISE, f"agreements/{draft.pk}/draft/"))
    assert "A side letter needs a last day." in form and "What goes on" not in form
    fields = {
        "revision": 1,
        "title_en": "Paid hours",
        "title_es": "Horas pagadas",
        "text_en": "Two.",
        "text_es": "Dos.",
    }
    fields |= {"expires_on": (time.now().date() + timedelta(90)).isoformat(), "freeze": "yes"}
    answer = go(DENISE, f"agreements/{draft.pk}/draft/", fields)
    text = next(iter(approvals.texts(valley.actor(cast.LUZ), kind="agreement")))
    assert answer.url == valley.url(f"texts/{text.id}/") and len(text.keys) == 4 and text.title == "Paid hours"
    assert draft.drafted_for == valley.parties[cast.CLASSIFIED]
    listed = page(go(LUZ, "agreements/"))
    assert "Begun by Classified Employees Chapter 212." in listed and "Waiting for keys" in listed


def test_a_draft_that_ranks_people_is_saved_and_not_frozen(valley, go):
    draft = written(valley)
    fields = {"revision": draft.revision, "title_en": "Steps", "title_es": "Pasos"}
    fields |= {"text_en": "We rank staff by steps.", "text_es": "Contamos pasos.", "freeze": "yes"}
    assert go(LUZ, f"agreements/{draft.pk}/draft/", fields).status_code == 302
    words = page(go(LUZ, f"agreements/{draft.pk}/draft/"))
    assert "The draft is saved, but not frozen yet." in words and "We rank staff by steps." in words
    assert words.count("ranks or punishes single people") == 3, "as a message, as a gap and as a caution"
    assert not approvals.texts(valley.actor(cast.LUZ), kind="agreement")


def test_cautions_stand_on_the_draft_and_beside_the_keys(valley, go):
    draft = written(valley, text=Both("Each champion gets a $25 gift card.", "Una tarjeta de regalo de $25."))
    assert "may be taxable" in page(go(LUZ, f"agreements/{draft.pk}/draft/"))
    text = lay(valley, draft)
    words = page(go("Ray Tran", f"texts/{text.pk}/"))
    assert "Please take care" in words and words.index("may be taxable") < words.index("Turn our key")
    turned(valley, text)
    assert "may be taxable" not in page(go(LUZ, f"agreements/{draft.pk}/"))


def test_a_text_without_cautions_shows_none(valley, go):
    text = lay(valley, written(valley))
    assert "Please take care" not in page(go(LUZ, f"texts/{text.pk}/"))


def test_while_it_waits_its_words_stand_still(valley, go):
    draft = written(valley)
    lay(valley, draft)
    with pytest.raises(Refused, match="words stand still"):
        writing.save(valley.actor(cast.LUZ), draft.pk, draft.revision, terms(valley))
    assert go(LUZ, f"agreements/{draft.pk}/draft/").url == valley.url(f"agreements/{draft.pk}/")


def test_a_lost_edit_is_refused_and_kept(valley, go):
    draft = written(valley)
    fields = {
        "revision": draft.revision,
        "title_en": "Denise was here",
        "title_es": "",
        "text_en": "",
        "text_es": "",
    }
    assert go(DENISE, f"agreements/{draft.pk}/draft/", fields).status_code == 302
    answer = go(LUZ, f"agreements/{draft.pk}/draft/", fields | {"title_en": "Luz wrote this"})
    assert answer.status_code == 409 and "Luz wrote this" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title_en == "Denise was here"


# Keys


def test_in_force_everyone_reads_it(valley, go):
    agreement = signed(valley)
    today = time.today(valley.partnership.timezone)
    assert agreement.state == "in_force" and agreement.effective_on == today
    for reader in (NOOR, LUZ):
        words = page(go(reader, f"agreements/{agreement.pk}/"))
        assert "We listen to the end." in words and "Escuchamos hasta el final." in words and "In force" in words
    assert "Ground rules" in page(go(NOOR, "agreements/"))
    assert "Print for members" in page(go(LUZ, f"agreements/{agreement.pk}/"))


def test_sent_back_it_says_why_and_can_be_changed(valley, go):
    draft = written(valley, AgreementKind.DECISION)
    text = lay(valley, draft)
    send_back(valley.actor(cast.RAY), text.pk, about="wording", reason="Ask payroll first.")
    words = page(go(DENISE, f"agreements/{draft.pk}/"))
    assert "Ask payroll first." in words and "Bus and Trades Local 27" in words and "Sent back" in words
    saved = writing.save(valley.actor(cast.DENISE), draft.pk, draft.revision, terms(valley, AgreementKind.DECISION))
    assert writing.lay_before_parties(valley.actor(cast.DENISE), draft.pk, saved.revision).version == 2


@pytest.mark.parametrize(
    ("person", "draft", "write"),
    [(NOOR, 404, 403), ("Helen Castro", 200, 403), ("Elena Ruiz", 200, 200), ("Pat Lindqvist", 404, 404)],
)
def test_who_reads_drafts_and_who_writes(valley, go, person, draft, write):
    agreement = written(valley)
    assert go(person, f"agreements/{agreement.pk}/").status_code == draft
    assert go(person, f"agreements/{agreement.pk}/draft/").status_code == write
    assert go(person, "agreements/new/").status_code == write


def test_the_neighbor_finds_nothing(valley, neighbor, client):
    agreement = signed(valley)
    client.force_login(neighbor.people["Robin Achebe"])
    assert client.get(valley.url(f"agreements/{agreement.pk}/")).status_code == 404
    assert client.get(neighbor.url(f"agreements/{agreement.pk}/")).status_code == 404


def test_a_last_day_that_passed_meanwhile_keeps_the_last_key_from_turning(valley):
    text = lay(valley, written(valley, AgreementKind.SIDE_LETTER, expires_on=time.now().date() + timedelta(3)))
    turned(valley, text, FOUNDERS[:3])
    with time.at(time.now() + timedelta(days=6)), pytest.raises(Refused, match="has passed meanwhile"):
        turn_key(valley.actor(cast.DENISE), text.pk, text.hash)
    assert Agreement.rows.one(valley.partnership.pk, text.subject_id).state == "waiting"


# Renewal


def test_a_renewal_begins_with_the_old_words_and_takes_its_place(valley, go):
    old = signed(valley, AgreementKind.SIDE_LETTER, expires_on=time.now().date() + timedelta(30))
    assert "Expires soon" in page(go(LUZ, "agreements/"))
    assert "/draft/" in go(DENISE, f"agreements/{old.pk}/renew/", {}).url
    new = Agreement.rows.within(valley.partnership.pk).get(renews=old)
    assert (new.title_en, new.text_es, new.expires_on) == (old.title_en, old.text_es, None)
    go(LUZ, f"agreements/{old.pk}/renew/", {})
    assert Agreement.rows.within(valley.partnership.pk).filter(renews=old).count() == 1
    better = terms(valley, AgreementKind.SIDE_LETTER, text=Both("We listen to the very end.", "Hasta el final."))
    saved = writing.save(valley.actor(cast.LUZ), new.pk, new.revision, better)
    words = page(go(LUZ, f"agreements/{new.pk}/"))
    assert "It renews:" in words and "<ins>" in words
    assert "Expires soon" in page(go(LUZ, f"agreements/{old.pk}/")), "until its last key the old one holds"
    turned(valley, lay(valley, saved))
    old.refresh_from_db()
    assert (old.state, old.ended_on) == ("ended", time.today(valley.partnership.timezone))
    assert "Replaced" in page(go(NOOR, f"agreements/{old.pk}/"))
    assert "Renewed by:" in page(go(NOOR, f"agreements/{old.pk}/"))


def test_until_a_renewal_begins_the_old_one_holds(valley, go):
    today = time.today(valley.partnership.timezone)
    old = signed(valley, AgreementKind.SIDE_LETTER, expires_on=today + timedelta(90))
    renewal = writing.renew(valley.actor(cast.LUZ), old.pk)
    days = {"effective_on": today + timedelta(30), "expires_on": today + timedelta(300)}
    later = terms(valley, AgreementKind.SIDE_LETTER, **days)
    turned(valley, lay(valley, writing.save(valley.actor(cast.LUZ), renewal.pk, renewal.revision, later)))

    def stand(days):
        with time.at(time.now() + timedelta(days)):
            found = {line.id: line.standing for line in cards.lasting(valley.actor(cast.LUZ))}
            held = cards.held(valley.actor(cast.LUZ), time.today(valley.partnership.timezone)).number
        return found[old.pk], found[renewal.pk], held

    assert stand(0) == (Standing.EXPIRES_SOON, Standing.STARTS_LATER, 1)
    assert stand(29) == (Standing.EXPIRES_SOON, Standing.STARTS_LATER, 1)
    assert stand(30) == (Standing.ENDED, Standing.IN_FORCE, 1)
    assert "Begin a renewal" not in page(go(LUZ, f"agreements/{old.pk}/"))


def test_an_expired_one_can_be_renewed_and_a_draft_cannot(valley, go):
    old = signed(valley, AgreementKind.SIDE_LETTER, expires_on=time.now().date() + timedelta(3))
    with time.at(time.now() + timedelta(days=9)):
        assert [line.standing for line in cards.lasting(valley.actor(cast.LUZ))] == [Standing.EXPIRED]
        renewal = writing.renew(valley.actor(cast.LUZ), old.pk)
    with pytest.raises(Refused, match="in force or has expired"):
        writing.renew(valley.actor(cast.LUZ), renewal.pk)


# Pauses


def paused(valley):
    active(valley)
    return signed(valley, AgreementKind.PAUSE)


def test_a_pause_says_so_on_every_page_and_its_end_takes_it_away(valley, go):
    pause = paused(valley)
    assert state(valley) == PartnershipState.PAUSED
    for person, path in (
        (NOOR, ""),
        (LUZ, "agreements/"),
        (LUZ, "surveys/"),
        (LUZ, "people/"),
        (DENISE, "waiting/"),
    ):
        words = page(go(person, path))
        assert "The partnership is paused." in words and f"{pause.meets_on.day}, {pause.meets_on.year}" in words
    assert "Bus and Trades Local 27" in page(go(NOOR, f"agreements/{pause.pk}/"))
    end = signed(valley, AgreementKind.RECONVENE)
    pause.refresh_from_db()
    assert state(valley) == PartnershipState.ACTIVE and pause.state == "ended" and end.state == "in_force"
    assert "The partnership is paused." not in page(go(LUZ, "agreements/"))
    history = page(go(NOOR, "pauses/"))
    assert "Over" in history and "Done" in history
    facts = [entry.facts for entry in ledger.entries(valley.actor(cast.LUZ))]
    assert any(each.get("paused") for each in facts) and any(each.get("reconvened") for each in facts)


def test_days_are_those_of_the_district(valley):
    evening = datetime(2026, 11, 10, 22, tzinfo=ZoneInfo("America/Los_Angeles"))
    with time.at(evening):
        paused(valley)
        [line] = cards.pauses(valley.actor(cast.LUZ))
    assert line.days.startswith("Since Tuesday, November 10, 2026.")


def test_what_can_be_begun_follows_the_state(valley, go):
    assert cards.kinds_to_begin(valley.actor(cast.LUZ)) == list(LASTING)
    active(valley)
    assert cards.kinds_to_begin(valley.actor(cast.LUZ)) == [*LASTING, AgreementKind.PAUSE]
    signed(valley, AgreementKind.PAUSE)
    assert cards.kinds_to_begin(valley.actor(cast.LUZ)) == [*LASTING, AgreementKind.RECONVENE]
    assert go(LUZ, "agreements/new/", {"kind": "pause"}).status_code == 404
    with pytest.raises(Refused, match="has no place"):
        writing.start(valley.actor(cast.LUZ), AgreementKind.PAUSE)


def test_two_pauses_do_not_pile_up(valley):
    active(valley)
    first, second = (lay(valley, written(valley, AgreementKind.PAUSE)) for _ in range(2))
    turned(valley, first)
    turned(valley, second, FOUNDERS[:3])
    with pytest.raises(Refused, match="Only an active partnership can pause"):
        turn_key(valley.actor(cast.DENISE), second.pk, second.hash)


def test_a_new_charter_does_not_end_a_pause(valley):
    paused(valley)
    active(valley)
    assert state(valley) == PartnershipState.PAUSED


# Cost


def test_one_and_three_agreements_cost_equal_queries(valley, go):
    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            go(LUZ, path)
        return len(queries)

    signed(valley)
    go(LUZ, "agreements/")
    first = [cost("agreements/"), cost("")]
    signed(valley, AgreementKind.SIDE_LETTER, expires_on=time.now().date() + timedelta(9))
    written(valley)
    assert [cost("agreements/"), cost("")] == first
