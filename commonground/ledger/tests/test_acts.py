"""An act asks, writes and records in one transaction."""

import pytest

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.demo import cast
from commonground.kernel.errors import NotAllowed
from commonground.ledger import chain, queries
from commonground.ledger.acts import Unrecorded, act, record


@act(Action.EDIT_STRUCTURE)
def _remember(actor: Actor, what: str) -> None:
    record(actor, what=what)


@act(Action.EDIT_STRUCTURE)
def _forget(actor: Actor) -> None:
    """Do something and record nothing."""


def test_entries_follow_each_other(valley):
    sam = valley.actor(cast.SAM)
    _remember(sam, "one")
    _remember(sam, "two")
    assert [entry.facts["what"] for entry in queries.entries(sam)] == ["two", "one"]
    name, entries = chain.read(queries.exported(sam, "Alder Valley"))
    assert list(chain.faults(name, entries, queries.head(sam.partnership_id))) == []


def test_powerless_changes_nothing(valley):
    with pytest.raises(NotAllowed):
        _remember(valley.actor(cast.FACILITATOR), "one")
    assert queries.entries(valley.actor(cast.SAM)) == []


def test_unrecorded_act_is_rolled_back(valley):
    with pytest.raises(Unrecorded):
        _forget(valley.actor(cast.SAM))


@act(Action.EDIT_STRUCTURE)
def _point_at_a_hash(actor: Actor) -> None:
    record(actor, text="a" * 64, survey="b" * 64)


def test_a_hash_where_an_id_may_stand_is_told(client, valley):
    _point_at_a_hash(valley.actor(cast.SAM))
    client.force_login(valley.people[cast.LUZ.name])
    assert client.get(valley.url("record/")).status_code == 200
