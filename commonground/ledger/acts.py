"""How every write happens: ask the permission table, write, record, in one transaction.

    @act(Action.INVITE)
    def invite(actor, email, role):
        ...
        record(actor, role=role)

An act whose row says "recorded" and that records nothing is rolled back: the record cannot be forgotten.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction

from commonground.access.actor import Actor
from commonground.access.decide import decide
from commonground.access.table import TABLE, Action, Record
from commonground.access.walls import open_rows
from commonground.kernel import time
from commonground.ledger import chain
from commonground.ledger.models import Chain, LedgerEntry

P = ParamSpec("P")
R = TypeVar("R")

ACTS: dict[str, Action] = {}
"""Every act of the platform by its dotted name, for the guards."""


class Unrecorded(RuntimeError):
    """An act that the table says is recorded wrote nothing into the ledger."""


class _Act:
    def __init__(self, action: Action) -> None:
        self.action = action
        self.recorded = False


_running: ContextVar[_Act | None] = ContextVar("running act", default=None)


def act(
    action: Action,
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function an act: it asks the table, runs in one transaction, and must record what the table says."""

    def declare(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            decide(actor, action)
            if actor.partnership_id:
                open_rows(actor.partnership_id)
            running = _Act(action)
            token = _running.set(running)
            try:
                with transaction.atomic():
                    result = function(actor, *args, **kwargs)
                    if TABLE[action].records is not Record.NONE and not running.recorded:
                        raise Unrecorded(function.__qualname__)
                    return result
            finally:
                _running.reset(token)

        ACTS[f"{function.__module__}.{function.__qualname__}"] = action
        return run

    return declare


def record(actor: Actor, /, *, partnership_id: UUID | None = None, **facts: Any) -> str:
    """Write the running act into the chain that the table names; return the new head.

    Facts are opaque ids, hashes, counts, dates and words of the platform: never a name, an address or a mailbox.
    """
    running = _running.get()
    if running is None:
        raise RuntimeError("only an act records")
    rule = TABLE[running.action]
    party = actor.party_id if rule.records is Record.OWN else None
    head = append(partnership_id or actor.tenant, party, _body(actor, running.action, facts))
    running.recorded = True
    return head


def _body(actor: Actor, action: Action, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "act": action.value,
        "at": time.now().isoformat(timespec="seconds"),
        "by": actor.person_id.hex if actor.person_id else "operator",
        "party": actor.party_id.hex if actor.party_id else "",
        "facts": {name: _plain(value) for name, value in facts.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def append(partnership_id: UUID, party_id: UUID | None, body: dict[str, Any]) -> str:
    """Append one entry to a chain, which is locked until the transaction ends; return the new head."""
    row, _ = (
        Chain.rows.within(partnership_id)
        .select_for_update()
        .get_or_create(party_id=party_id, defaults={"partnership_id": partnership_id, "head": chain.GENESIS})
    )
    entry = chain.link(row.pk.hex, row.length + 1, row.head, body)
    LedgerEntry(partnership_id=partnership_id, chain=row, **entry.__dict__).save(force_insert=True)
    row.length, row.head = entry.position, entry.hash
    row.save(update_fields=["length", "head"])
    return entry.hash
