"""Keys on stored texts: one handler run, exact refusals, and two last keys at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from commonground.approvals import actions
from commonground.approvals.examples import frozen, turned
from commonground.approvals.models import FrozenText
from commonground.approvals.rules import Refusal, State
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.ledger import queries as ledger


def test_last_key_runs_the_handler_once(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran", "Denise Park"))
    assert ran == []
    after = actions.turn_key(valley.actor(cast.LUZ), text.pk, text.hash)
    assert after.state is State.IN_FORCE and ran == [text.pk]
    assert ledger.entries(valley.actor(cast.LUZ))[0].facts["in_force"] is True


def test_double_submit_counts_once(valley, text, ran):
    turned(valley, text, ("Luz Ortega",))
    with pytest.raises(Refused) as refusal:
        actions.turn_key(valley.actor(cast.LUZ), text.pk, text.hash)
    assert refusal.value.code == Refusal.ALREADY_TURNED
    assert len(ledger.entries(valley.actor(cast.LUZ))) == 2


def test_last_key_twice_runs_the_handler_once(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran", "Denise Park", "Luz Ortega"))
    with pytest.raises(Refused, match="in force"):
        actions.turn_key(valley.actor(cast.LUZ), text.pk, text.hash)
    assert ran == [text.pk]


def test_other_hash_turns_nothing(valley, text):
    with pytest.raises(Refused) as refusal:
        actions.turn_key(valley.actor(cast.LUZ), text.pk, "0" * 64)
    assert refusal.value.code == Refusal.OTHER_TEXT


def test_an_edit_voids_the_keys_on_the_old_text(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran", "Denise Park"))
    newer = frozen(valley, kind="practice", subject_id=text.subject_id, body="Another wording")
    with pytest.raises(Refused, match="new version"):
        actions.turn_key(valley.actor(cast.LUZ), text.pk, text.hash)
    assert newer.version == 2 and ran == []


def test_a_party_that_is_not_bound_has_no_key(valley, ran):
    text = frozen(valley, kind="practice", bound=[valley.parties[cast.TEACHERS].pk])
    with pytest.raises(Refused) as refusal:
        actions.turn_key(valley.actor(cast.LUZ), text.pk, text.hash)
    assert refusal.value.code == Refusal.NOT_BOUND


@pytest.mark.parametrize("member", [cast.ELENA, cast.SAM, cast.FACILITATOR, cast.LEFT])
def test_only_key_holders_turn(valley, text, member):
    with pytest.raises((NotAllowed, NotFound)):
        actions.turn_key(valley.actor(member), text.pk, text.hash)
    assert not [key for key in text.bound.all() if key.turned_at]


def test_the_neighbor_finds_nothing(valley, neighbor, text):
    with pytest.raises(NotFound):
        actions.turn_key(neighbor.actor(cast.NEIGHBOR), text.pk, text.hash)


def test_taken_back_the_key_is_missing_again(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran", "Denise Park"))
    actions.take_key_back(valley.actor(cast.DENISE), text.pk)
    turned(valley, text, ("Luz Ortega",))
    assert ran == []


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave or raised."""
    gate, outcomes = Barrier(len(calls)), {}

    def run(number, call):
        gate.wait()
        try:
            outcomes[number] = call()
        except Refused as refusal:
            outcomes[number] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(calls))]


@pytest.mark.django_db(transaction=True)
def test_two_last_keys_at_once_run_the_handler_once(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran"))
    luz, denise = valley.actor(cast.LUZ), valley.actor(cast.DENISE)
    at_once(
        lambda: actions.turn_key(luz, text.pk, text.hash),
        lambda: actions.turn_key(denise, text.pk, text.hash),
    )
    assert ran == [text.pk]
    assert FrozenText.rows.one(valley.partnership.pk, text.pk).state == State.IN_FORCE


@pytest.mark.django_db(transaction=True)
def test_one_last_key_sent_twice_at_once_counts_once(valley, text, ran):
    turned(valley, text, ("Dana Whitfield", "Ray Tran", "Denise Park"))
    luz = valley.actor(cast.LUZ)
    outcomes = at_once(*[lambda: actions.turn_key(luz, text.pk, text.hash)] * 2)
    assert ran == [text.pk] and Refusal.NOT_WAITING in outcomes


@pytest.mark.django_db(transaction=True)
def test_two_versions_frozen_at_once_leave_one_waiting(valley, text):
    at_once(*[lambda: frozen(valley, kind="practice", subject_id=text.subject_id)] * 2)
    rows = FrozenText.rows.within(valley.partnership.pk).filter(subject_id=text.subject_id)
    versions = sorted(rows.values_list("version", flat=True))
    assert versions == list(range(1, len(versions) + 1)) and len(versions) > 1
    assert rows.filter(state=State.WAITING).count() == 1
