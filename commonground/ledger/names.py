"""What opaque ids are called, looked up when the record is read: the record itself holds no names.

A module says in its `apps.py` how the ids of its own things are called. An id that nobody can name any more,
because a person's account was erased, stays an id in the record and becomes a general word on the page.
"""

from collections.abc import Callable
from uuid import UUID

Namer = Callable[[UUID, set[UUID]], dict[UUID, str]]
"""Takes the partnership and ids; returns what they are called, without those that have no name any more."""

NAMERS: dict[str, Namer] = {}


def register(kind: str, namer: Namer) -> None:
    """Register how the ids of one kind are called; a second namer is a programming error."""
    if kind in NAMERS:
        raise ValueError(f"the ids of {kind} are named already")
    NAMERS[kind] = namer


def names(partnership_id: UUID, kind: str, ids: set[UUID]) -> dict[UUID, str]:
    """Return what these ids are called; none where no module names this kind."""
    namer = NAMERS.get(kind)
    return namer(partnership_id, ids) if namer and ids else {}
