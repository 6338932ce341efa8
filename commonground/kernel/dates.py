"""Dates and times as people say them: with the weekday, in the district's zone and the reader's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import pgettext


def day(value: date | datetime, zone: str = "", year: bool = False) -> str:
    """Return "Tuesday, November 10", with the year if asked; a moment is first taken to the zone.

    Without a zone the one that is active for this request counts.
    """
    pattern = pgettext("date pattern", "l, F j, Y") if year else pgettext("date pattern", "l, F j")
    return formatted(_local(value, zone), pattern)


def hour(value: datetime, zone: str = "") -> str:
    """Return the time of day: "4:10 pm"."""
    local = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    half = pgettext("time of day", "am") if local.hour < 12 else pgettext("time of day", "pm")
    return f"{formatted(local, 'g:i')} {half}"


def day_and_hour(value: datetime, zone: str = "", year: bool = False) -> str:
    """Return "Tuesday, November 10, 4:10 pm"."""
    return f"{day(value, zone, year)}, {hour(value, zone)}"


def _local(value: date, zone: str) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return value


def zone_name(zone: str) -> str:
    """Return a time zone as people say it: "America/Los_Angeles" is the time of Los Angeles."""
    return zone.rpartition("/")[2].replace("_", " ")
