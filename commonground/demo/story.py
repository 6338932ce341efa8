"""What the chapters of the demonstration share: the district while it is made, and its calendar.

Surveys are counted from today, so that one is always open. The year before them lies in real months.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from commonground.access.actor import Actor
from commonground.approvals import actions as approvals
from commonground.approvals.models import FrozenText
from commonground.demo import cast
from commonground.demo.cast import CastMember
from commonground.kernel import time
from commonground.partnership import queries
from commonground.partnership.models import Partnership
from commonground.people.models import Person

ZONE = ZoneInfo("America/Los_Angeles")
TURNERS = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)
ALTERNATES = (cast.GRACE, cast.ELENA, cast.ANA, cast.TOM)


@dataclass(frozen=True)
class District:
    """The district while it is made: actors by name, party ids by name."""

    partnership: Partnership
    parties: dict[str, UUID]

    def actor(self, member: CastMember) -> Actor:
        """Return a member of the cast as an actor of today."""
        person = Person.objects.get(email=member.email)
        return queries.actor_of(person.pk, self.partnership.pk)

    @property
    def turners(self) -> list[Actor]:
        """Return those who turn the parties' keys, labor first."""
        return [self.actor(member) for member in TURNERS]

    def turn_all(self, text: FrozenText, but: Iterable[CastMember] = ()) -> None:
        """Turn every party's key on a text, labor first, but for those whose holder is named."""
        waiting = {self.actor(member).person_id for member in but}
        for actor in self.turners:
            if actor.person_id not in waiting:
                approvals.turn_key(actor, text.pk, text.hash)


SETTLED = timedelta(days=120)
"""The first year is over by so many days before today, so that every survey comes after it."""


def spring_of(today: date) -> int:
    """Return the year whose spring belongs to the first year, which runs from the September before to June 1."""
    settled = today - SETTLED
    return settled.year if settled >= date(settled.year, 6, 1) else settled.year - 1


def first_year(today: date, month: int, of_month: int, hour: int = 10) -> datetime:
    """Return an hour of a day in the first year as seen today; September to December lie before its spring."""
    spring = spring_of(today)
    return _working(date(spring - 1 if month > 6 else spring, month, of_month), hour)


def in_first_year(month: int, of_month: int, hour: int = 10) -> AbstractContextManager[None]:
    """Live on a day of the first year for the code inside."""
    return time.at(first_year(datetime.now(ZONE).date(), month, of_month, hour))


def on(days: int, hour: int = 10) -> AbstractContextManager[None]:
    """Live on a day counted from today for the code inside."""
    return time.at(moment(days, hour))


def moment(days: int, hour: int = 10) -> datetime:
    """Return an hour of a day counted from today, moved off weekends, in the district's zone."""
    return _working(datetime.now(ZONE).date() + timedelta(days=days), hour)


def _working(found: date, hour: int) -> datetime:
    found -= timedelta(days=max(0, found.weekday() - 4))
    return datetime(found.year, found.month, found.day, hour, tzinfo=ZONE)


def day(days: int) -> date:
    """Return a day counted from today, moved off weekends."""
    return moment(days).date()
