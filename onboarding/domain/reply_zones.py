"""Which moment does somebody else's calendar mean? The right one, or none: never a wrong hour.

A TZID is only a name. It is believed when it is an IANA zone or one of Windows, or when the calendar brings a
VTIMEZONE for it; when there are both, they must mean the same moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from onboarding.domain.content_lines import Component, Line
from onboarding.domain.errors import BadRecord
from onboarding.domain.ical.lines import read_calendars
from onboarding.domain.ical.rules import Budget, Spent, Unread
from onboarding.domain.ical.zones import DescribedZone

_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)")
_DURATION = re.compile(r"\+?P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?)")
_CHANGES = 40
"""STANDARD and DAYLIGHT parts of a zone that are looked at; Outlook writes two, a long history has some thirty."""
UNREAD = "the proposed time has a time zone that cannot be read"
_WORK = 20_000
"""Days that reading a zone may look at: three years of each change."""


def utc_moment(line: Line | None) -> datetime:
    """A moment that must be written in UTC, such as DTSTAMP.

    Raises:
        BadRecord: it is not there, not in UTC, or no moment.
    """
    naive, zulu = _read(line)
    if not zulu:
        raise BadRecord("the calendar part has a DTSTAMP that is not in UTC")
    return naive.replace(tzinfo=UTC)


def moment(line: Line | None, zones: list[Component]) -> datetime:
    """The moment of a DTSTART or DTEND, in UTC; `zones` are the calendar's own VTIMEZONE components.

    An hour that comes twice is its first time, one that does not come is read with the offset before the gap
    (RFC 5545 section 3.3.5).

    Raises:
        BadRecord: a floating time, a whole day, a zone nobody knows, or two readings that differ.
    """
    naive, zulu = _read(line)
    name = line.parameters.get("TZID", "") if line is not None else ""
    if zulu:
        if name:
            raise BadRecord("the proposed time is in UTC and in a zone at once")
        return naive.replace(tzinfo=UTC)
    if not name:
        raise BadRecord("the proposed time has no time zone")
    readings = set(_readings(naive, name, zones))
    if not readings:
        raise BadRecord("the proposed time is in a time zone that nobody knows")
    if len(readings) > 1:
        raise BadRecord("the proposed time means two moments: its time zone is not the one of that name")
    return readings.pop()


def duration(line: Line) -> timedelta:
    """A DURATION (RFC 5545 section 3.3.6) that is longer than nothing.

    Raises:
        BadRecord: it is none.
    """
    found = _DURATION.fullmatch(line.value.strip())
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups()) if found else (0,) * 5
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not length:
        raise BadRecord("the proposed time has no length")
    return length


def _read(line: Line | None) -> tuple[datetime, bool]:
    if line is None:
        raise BadRecord("the calendar part lacks a moment")
    found = _MOMENT.fullmatch(line.value.strip())
    if found is None:
        raise BadRecord(f"the calendar part has a {line.name} that is no moment")
    try:
        naive = datetime(*(int(one) for one in found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001 -- the zone follows
    except ValueError as error:
        raise BadRecord(f"the calendar part has a {line.name} that no calendar has") from error
    if not 2000 <= naive.year < 2200:  # noqa: PLR2004 -- nobody meets then, and offsets overflow at the ends of time
        raise BadRecord(f"the calendar part has a {line.name} of another century")
    return naive, bool(found[7])


def _readings(naive: datetime, name: str, zones: list[Component]) -> Iterator[datetime]:
    """What that time can mean: in the zone of that name, and as the calendar itself describes it."""
    known = WINDOWS_TO_OLSON.get(name, name)
    if known in _known_zones():
        yield naive.replace(tzinfo=ZoneInfo(known)).astimezone(UTC)
    own = [zone for zone in zones if (line := zone.only("TZID")) is not None and line.value == name]
    if len(own) > 1:
        raise BadRecord(UNREAD)
    yield from (_described(naive, zone) for zone in own)


@cache
def _known_zones() -> frozenset[str]:
    """Their names are read from the disk, which takes a while."""
    return frozenset(available_timezones())


def _described(naive: datetime, zone: Component) -> datetime:
    """By a VTIMEZONE as Outlook, Apple and others write it: changes once a year, or on listed days.

    Raises:
        BadRecord: anything else, or one that costs too much.
    """
    if len(zone.parts) > _CHANGES:
        raise BadRecord(UNREAD)
    text = "\r\n".join(["BEGIN:VCALENDAR", *zone.text, "END:VCALENDAR", ""])
    try:
        return DescribedZone(read_calendars(text.encode())[0].parts[0], Budget(_WORK)).utc(naive)
    except (Unread, Spent, BadRecord, OverflowError, IndexError) as error:
        raise BadRecord(UNREAD) from error
