"""Readers and facts to try path, tasks and headline with; no database is needed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor, Role
from commonground.agreements.cards import Held
from commonground.home.facts import Asked, Calendar, Charter, Facts, Paper, Results, Seal, Stage, Team
from commonground.home.reader import Reader

CALENDAR = Calendar(date(2026, 11, 10), "America/Los_Angeles")
TENANT, PARTY = UUID(int=1), UUID(int=2)
TEXT, SURVEY, RELEASE = UUID(int=3), UUID(int=4), UUID(int=5)
SUMMER, FALL = datetime(2026, 7, 6, 17, tzinfo=UTC), datetime(2026, 9, 30, 17, tzinfo=UTC)
OPENS, CLOSES = datetime(2026, 11, 16, 14, tzinfo=UTC), datetime(2026, 12, 5, 4, tzinfo=UTC)
WHOLE = (Team("AVTA", 2, True), Team("AVUSD", 3, True))
OURS = Paper(TEXT, ours=True, missing=("AVTA",), turned=1, bound=2)
THEIRS = Paper(TEXT, ours=False, missing=("AVUSD",), turned=1, bound=2)
HELD = Held(number=1, newest="Ground rules", since=FALL.date())
SIGNED = Charter(in_force_since=FALL)
RESULTS = Results(RELEASE, seen_from=FALL)
PUBLISHED = replace(RESULTS, published_at=FALL)


def reader(role: Role = Role.COCHAIR, *, holds_key: bool = True, party: bool = True) -> Reader:
    """Return a reader in this role; those who serve both speak for no party."""
    speaks = party and role not in (Role.COORDINATOR, Role.FACILITATOR)
    actor = Actor(
        person_id=UUID(int=9),
        partnership_id=TENANT,
        party_id=PARTY if speaks else None,
        roles=frozenset({role}),
        holds_key=holds_key and speaks,
    )
    return Reader(actor, "alder-valley")


def facts(**known: Any) -> Facts:
    """Return the facts of a partnership of two parties on Tuesday, November 10."""
    return Facts(**{"calendar": CALENDAR, "teams": (Team("AVTA"), Team("AVUSD")), **known})


def active(**known: Any) -> Facts:
    """Return the facts of a partnership that is founded and has its charter."""
    return facts(**{"founded_at": SUMMER, "charter": SIGNED, "teams": WHOLE, **known})


def asked(stage: Stage, **known: Any) -> Asked:
    """Return a survey in this stage, with the window of late November."""
    window: dict[str, Any] = {"opens_at": OPENS, "closes_at": CLOSES, "results_by": date(2026, 12, 18)}
    return Asked(**{"id": SURVEY, "title": "Breaks", "stage": stage, **window, **known})


def seal(**known: Any) -> Seal:
    """Return a seal that is our party's to open."""
    return Seal(**{"party": "AVTA", "ours": True, **known})
