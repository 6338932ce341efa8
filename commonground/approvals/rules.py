"""The state of a joint text, as a pure machine: no database, no clock."""

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a frozen text stands."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    SENT_BACK = "sent_back"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Standing:
    """A frozen text: the hash, the parties it binds and those that have turned their key on it."""

    hash: str
    bound: frozenset[str]
    turned: frozenset[str] = frozenset()
    state: State = State.WAITING


class Refusal(StrEnum):
    """Why a key does not turn."""

    NOT_WAITING = "not_waiting"
    NOT_BOUND = "not_bound"
    OTHER_TEXT = "other_text"
    ALREADY_TURNED = "already_turned"
    NOT_TURNED = "not_turned"


def turn(standing: Standing, party: str, hash: str) -> Standing | Refusal:
    """Turn a party's key on the text it has read; the last key puts the text in force."""
    if refusal := _refusal(standing, party):
        return refusal
    if hash != standing.hash:
        return Refusal.OTHER_TEXT
    if party in standing.turned:
        return Refusal.ALREADY_TURNED
    turned = standing.turned | {party}
    state = State.IN_FORCE if turned == standing.bound else State.WAITING
    return replace(standing, turned=turned, state=state)


def take_back(standing: Standing, party: str) -> Standing | Refusal:
    """Take a party's key back while the text still waits for another."""
    if refusal := _refusal(standing, party):
        return refusal
    if party not in standing.turned:
        return Refusal.NOT_TURNED
    return replace(standing, turned=standing.turned - {party})


def send_back(standing: Standing, party: str) -> Standing | Refusal:
    """Return the text to drafting: it can no longer take effect, and every key on it is void."""
    return _refusal(standing, party) or replace(standing, turned=frozenset(), state=State.SENT_BACK)


def _refusal(standing: Standing, party: str) -> Refusal | None:
    if standing.state is not State.WAITING:
        return Refusal.NOT_WAITING
    return None if party in standing.bound else Refusal.NOT_BOUND
