"""The one clock. Every module asks it, so that a demonstration can live through a year in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_travelled: ContextVar[timedelta] = ContextVar("travelled", default=timedelta())


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC) + _travelled.get() + timedelta(seconds=settings.ENVIRONMENT.clock_offset)


def today(zone: str) -> date:
    """Return the date that a calendar in this time zone shows now."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock run from this moment for the code inside; for demonstrations, trials and tests."""
    token = _travelled.set(timedelta())
    _travelled.set(moment - now())
    try:
        yield
    finally:
        _travelled.reset(token)
