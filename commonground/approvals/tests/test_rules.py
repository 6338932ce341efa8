"""The pure machine, over every sequence of up to six events of two and three parties and an outsider."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from commonground.approvals import rules
from commonground.approvals.rules import Refusal, Standing, State

RIGHT, WRONG, TAKE, SEND = "right", "wrong", "take", "send"
Event = tuple[str, str]


def apply(standing: Standing, event: Event) -> Standing | Refusal:
    verb, party = event
    if verb in (RIGHT, WRONG):
        return rules.turn(standing, party, "h" if verb == RIGHT else "x")
    return (rules.take_back if verb == TAKE else rules.send_back)(standing, party)


def expected(history: tuple[Event, ...], parties: str) -> tuple[State, set[str]]:
    """Say from the history alone, in the words of the promise, what must hold after it."""
    turned: set[str] = set()
    for verb, party in history:
        if party not in parties or turned == set(parties):
            continue
        if verb == SEND:
            return State.SENT_BACK, set()
        turned = turned | {party} if verb == RIGHT else turned - {party} if verb == TAKE else turned
    return (State.IN_FORCE if turned == set(parties) else State.WAITING), turned


def walk(standing: Standing, history: tuple[Event, ...], events: list[Event], left: int) -> Iterator[None]:
    """Check every continuation; what a decided text refuses is checked once, for nothing follows from it."""
    for event in events:
        outcome = apply(standing, event)
        after = standing if isinstance(outcome, Refusal) else outcome
        state, turned = expected((*history, event), "".join(sorted(standing.bound)))
        assert (after.state, set(after.turned)) == (state, turned), (*history, event)
        if standing.state is not State.WAITING:
            assert outcome is Refusal.NOT_WAITING
        elif left > 1:
            yield from walk(after, (*history, event), events, left - 1)
    yield


@pytest.mark.parametrize(("parties", "length"), [("ab", 6), ("abc", 5)])
def test_every_sequence_of_events(parties, length):
    events = [*product((RIGHT, WRONG, TAKE, SEND), parties), (RIGHT, "z")]
    assert sum(1 for _ in walk(Standing("h", frozenset(parties)), (), events, length))


def test_six_events_of_three_parties_that_change_something():
    events = list(product((RIGHT, TAKE, SEND), "abc"))
    assert sum(1 for _ in walk(Standing("h", frozenset("abc")), (), events, 6))


def test_each_refusal_has_its_own_reason():
    standing = Standing("h", frozenset("ab"), frozenset("a"))
    assert rules.turn(standing, "a", "h") is Refusal.ALREADY_TURNED
    assert rules.turn(standing, "b", "x") is Refusal.OTHER_TEXT
    assert rules.turn(standing, "z", "h") is Refusal.NOT_BOUND
    assert rules.take_back(standing, "b") is Refusal.NOT_TURNED
    assert rules.turn(replace(standing, state=State.SENT_BACK), "b", "h") is Refusal.NOT_WAITING
