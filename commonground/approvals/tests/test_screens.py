"""The screens of joint texts: the act, its exact refusals with what was typed, other districts, equal queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonground.approvals.examples import frozen, turned
from commonground.approvals.models import BoundParty, FrozenText
from commonground.approvals.rules import State
from commonground.demo import cast

LUZ, DANA, RAY, DENISE = "Luz Ortega", "Dana Whitfield", "Ray Tran", "Denise Park"


@pytest.fixture
def go(client, valley):
    """Return a call that opens an address as a person, or posts to it when fields are given."""

    def call(person, path, **fields):
        client.force_login(valley.people[person])
        return client.post(valley.url(path), fields) if fields else client.get(valley.url(path))

    return call


def yes(text):
    return {"hash": text.hash, "read": "on"}


def keys_turned(valley, text):
    return BoundParty.rows.within(valley.partnership.pk).filter(text=text, turned_at__isnull=False).count()


def test_turning_the_last_key(valley, text, ran, go):
    turned(valley, text, (DANA, RAY, DENISE))
    page = go(LUZ, f"texts/{text.pk}/")
    assert "Ours is the last key" in page.content.decode()
    answer = go(LUZ, f"texts/{text.pk}/turn/", **yes(text))
    assert answer.status_code == 302 and ran == [text.pk]
    assert "In force since" in go(LUZ, f"texts/{text.pk}/").content.decode()


def test_the_page_says_who_turned_and_who_is_missing(valley, text, go):
    turned(valley, text, (DANA,))
    page = go(LUZ, f"texts/{text.pk}/").content.decode()
    for words in (DANA, "1 of 3 organizations have turned", "Waiting for us", "The ground rules hold from now on."):
        assert words in page
    assert 'lang="es">Primero escuchamos.' in page
    assert text.hash not in page.replace(f'value="{text.hash}"', "")


def test_title_and_effects_are_read_in_the_own_language(valley, go, client):
    words = {"en": "Ground rules", "es": "Reglas básicas"}
    text = frozen(valley, title=words, changes=[{"en": "They hold.", "es": "Rigen desde ahora."}, "Well Rooted"])
    assert "Ground rules" in go(LUZ, "waiting/").content.decode()
    client.cookies["django_language"] = "es"
    assert "Reglas básicas" in go(LUZ, "waiting/").content.decode()
    page = go(LUZ, f"texts/{text.pk}/").content.decode()
    assert "Rigen desde ahora." in page and "Well Rooted" in page and "They hold." not in page


def test_without_the_word_that_it_was_read_no_key_turns(valley, text, go):
    answer = go(LUZ, f"texts/{text.pk}/turn/", hash=text.hash)
    assert answer.status_code == 422 and keys_turned(valley, text) == 0
    assert "Please say that you have read this version" in answer.content.decode()


@pytest.mark.parametrize(
    ("person", "status", "words"),
    [
        ("Elena Ruiz", 403, "You are not a key holder of Classified Employees Chapter 212"),
        ("Tom Reyes", 403, "You are not a key holder of Alder Valley Unified School District"),
        ("Sam Abara", 403, "You serve both parties, so you hold no key"),
        ("Noor Haddad", 403, ""),
        ("Pat Lindqvist", 404, ""),
    ],
)
def test_others_turn_no_key(valley, text, go, person, status, words):
    answer = go(person, f"texts/{text.pk}/turn/", **yes(text))
    assert answer.status_code == status and words in answer.content.decode()
    assert keys_turned(valley, text) == 0


def test_turning_twice_is_refused(valley, text, go):
    turned(valley, text, (LUZ,))
    answer = go(LUZ, f"texts/{text.pk}/turn/", **yes(text))
    assert answer.status_code == 409 and "has turned its key on this text already" in answer.content.decode()


def test_a_party_that_is_not_bound_is_told_so(valley, ran, go):
    text = frozen(valley, kind="practice", bound=[valley.parties[cast.TEACHERS].pk])
    answer = go(LUZ, f"texts/{text.pk}/turn/", **yes(text))
    assert answer.status_code == 409 and "does not bind your party" in answer.content.decode()


def test_a_hash_of_another_text_is_refused(valley, text, go):
    answer = go(LUZ, f"texts/{text.pk}/turn/", hash="0" * 64, read="on")
    assert answer.status_code == 409 and "was changed after you read it" in answer.content.decode()


def test_after_an_edit_the_old_text_is_refused_and_the_new_one_shown(valley, text, go):
    newer = frozen(valley, kind="practice", subject_id=text.subject_id)
    answer = go(LUZ, f"texts/{text.pk}/turn/", **yes(text))
    page = answer.content.decode()
    assert answer.status_code == 409 and "a new version waits for keys" in page
    assert f"texts/{newer.pk}/" in page


def test_a_decided_text_is_refused(valley, text, ran, go):
    turned(valley, text, (LUZ, DANA, RAY, DENISE))
    answer = go(LUZ, f"texts/{text.pk}/turn/", **yes(text))
    assert answer.status_code == 409 and "the text is in force" in answer.content.decode()


def test_sending_back_with_a_reason(valley, text, go):
    answer = go(LUZ, f"texts/{text.pk}/send-back/", about="members", reason="We meet on Monday.")
    assert answer.status_code == 302
    assert FrozenText.rows.one(valley.partnership.pk, text.pk).state == State.SENT_BACK
    page = go(DENISE, f"texts/{text.pk}/").content.decode()
    assert "We meet on Monday." in page and "Classified Employees Chapter 212 sent this version back" in page


def test_a_refused_reason_is_kept(valley, text, ran, go):
    words = "Our members need a week."
    assert words in go(LUZ, f"texts/{text.pk}/send-back/", reason=words).content.decode()
    assert words in go("Elena Ruiz", f"texts/{text.pk}/send-back/", about="members", reason=words).content.decode()
    turned(valley, text, (LUZ, DANA, RAY, DENISE))
    answer = go(LUZ, f"texts/{text.pk}/send-back/", about="members", reason=words)
    assert answer.status_code == 409 and words in answer.content.decode()


def test_taking_the_key_back(valley, text, go):
    turned(valley, text, (LUZ,))
    assert go(LUZ, f"texts/{text.pk}/take-back/", sure="yes").status_code == 302
    assert keys_turned(valley, text) == 0
    assert go(LUZ, f"texts/{text.pk}/take-back/", sure="yes").status_code == 409
    assert go("Elena Ruiz", f"texts/{text.pk}/take-back/", sure="yes").status_code == 403


def test_what_changed_since_our_own_key(valley, ran, go):
    first = frozen(valley, kind="practice", body="We eat at noon.")
    turned(valley, first, (LUZ,))
    frozen(valley, kind="practice", subject_id=first.subject_id, body="We eat at one.")
    third = frozen(valley, kind="practice", subject_id=first.subject_id, body="We eat at two.")
    ours = go(LUZ, f"texts/{third.pk}/").content.decode()
    assert "What changed since version 1" in ours and "noon." in ours
    theirs = go(DENISE, f"texts/{third.pk}/").content.decode()
    assert "What changed since version 2" in theirs and "one." in theirs and "noon." not in theirs


def test_the_list_puts_our_key_first(valley, ran, go):
    ours = frozen(valley, kind="practice", title="For us")
    theirs = turned(valley, frozen(valley, kind="practice", title="For them"), (LUZ,))
    done = turned(valley, frozen(valley, kind="practice", title="Done"), (LUZ, DANA, RAY, DENISE))
    page = go(LUZ, "waiting/").content.decode()
    places = [page.index(f"texts/{text.pk}/") for text in (ours, theirs, done)]
    assert places == sorted(places) and "Turned: Classified Employees Chapter 212." in page


def test_whoever_holds_no_key_is_asked_to_read_not_to_decide(valley, text, go):
    assert "Read and decide" in go(LUZ, "waiting/").content.decode()
    page = go(cast.ELENA.name, "waiting/").content.decode()
    assert text.title in page and "Read and decide" not in page


def test_the_text_needed_soonest_stands_first(valley, ran, go):
    later = frozen(valley, kind="practice", needed_by=date(2027, 2, 1))
    soon = frozen(valley, kind="practice", needed_by=date(2027, 1, 4))
    page = go(LUZ, "waiting/").content.decode()
    assert page.index(f"texts/{soon.pk}/") < page.index(f"texts/{later.pk}/")
    assert "Needed by Monday, January 4" in page


def test_the_empty_list_teaches(go, valley):
    assert "How a text gets here" in go(LUZ, "waiting/").content.decode()


def test_the_print_carries_hash_and_keys(valley, text, go):
    page = go(LUZ, f"texts/{text.pk}/print/").content.decode()
    assert text.hash in page and "Not yet turned" in page


@pytest.mark.parametrize("path", ["waiting/", "texts/{}/", "texts/{}/print/"])
def test_the_neighbor_gets_404(valley, neighbor, text, client, path):
    client.force_login(neighbor.people["Robin Achebe"])
    assert client.get(valley.url(path.format(text.pk))).status_code == 404
    if "{}" in path:
        assert client.get(neighbor.url(path.format(text.pk))).status_code == 404


def test_one_and_three_texts_cost_equal_queries(valley, text, go):
    go(LUZ, "waiting/")

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            go(LUZ, "waiting/")
        return len(queries)

    one = cost()
    for _ in range(2):
        turned(valley, frozen(valley, kind="practice"), (DANA, RAY))
    assert cost() == one
