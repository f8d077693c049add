"""What do two people have in common?

The answers for one pair; `crowd.py` and `shifts.py` give the same ones for columns of people.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from onboarding.domain.calendars import minute_of, stretched
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.preferences import NOTHING_SAID, Preferences

HOUR = 60
DAY_LONG = 24 * HOUR
NEIGHBOURS = (-2 * DAY_LONG, -DAY_LONG, 0, DAY_LONG, 2 * DAY_LONG)
"""Zones lie up to 26 hours apart, so yesterday's and tomorrow's hours of the one can meet today's of the other."""

WEEKS = 4
"""In each of the first weeks the hours must meet: the clocks of New York and Berlin change three weeks apart."""

UNKNOWN_ZONE = (0, 0)


def plain(text: str) -> str:
    """A text as it is compared: without case and surplus spaces."""
    return " ".join(text.casefold().split())


def same(one: str, other: str) -> bool:
    """Whether two texts are known and the same."""
    return bool(plain(one)) and plain(one) == plain(other)


def different(one: str, other: str) -> bool:
    """Whether two texts are known and not the same."""
    return bool(plain(one)) and bool(plain(other)) and plain(one) != plain(other)


def tongues(person: Person, preferences: Preferences) -> frozenset[str]:
    """Every language that somebody speaks; "pt-BR" is spoken with "pt"."""
    said = (*person.speaks, *preferences.languages)
    tags = (plain(tag).replace("_", "-") for tag in said)
    return frozenset(tag.partition("-")[0] for tag in tags if tag)


def craft(person: Person) -> str:
    """What somebody does: as the directory says it, else their job title."""
    return person.craft if plain(person.craft) else person.job_title


def likings(person: Person) -> dict[str, str]:
    """Every interest of somebody: how it is compared, and how they write it."""
    return {plain(interest): interest.strip() for interest in person.likes if plain(interest)}


def shared_minutes(
    one: Person,
    other: Person,
    day: date,
    of_one: Preferences = NOTHING_SAID,
    of_other: Preferences = NOTHING_SAID,
) -> int:
    """Minutes that both are at work on a working day: the least of the four weeks from `day` on.

    With their preferences, the minutes around their hours count, too, in which they let themselves be met.
    """
    a, b = reach(one.working_hours, of_one), reach(other.working_hours, of_other)
    places = (one.time_zone, a), (other.time_zone, b)
    return min(_shared_on(*places, day + timedelta(weeks=week)) for week in range(WEEKS))


def hours_together(minutes: int, allowed: int) -> tuple[int, int]:
    """Full hours at work together, and where there is none those with what both allow.

    An hour at the edge of somebody's day is not worth more than one inside it, so all of these count as one.
    """
    at_work = minutes // HOUR
    return (at_work, 0) if at_work else (0, allowed // HOUR)


def reach(hours: WorkingHours, said: Preferences) -> WorkingHours:
    """The hours in which somebody lets themselves be met."""
    if not said.flexible_before and not said.flexible_after:
        return hours
    return stretched(hours, said.flexible_before, said.flexible_after)


def window(time_zone: str, hours: WorkingHours, day: date) -> tuple[int, int]:
    """Start and end of the hours as minutes of the UTC day; an empty time where the zone is unknown."""
    offset = _offset(time_zone, day)
    return UNKNOWN_ZONE if offset is None else (minute_of(hours.start) - offset, minute_of(hours.end) - offset)


def _shared_on(one: tuple[str, WorkingHours], other: tuple[str, WorkingHours], day: date) -> int:
    a_start, a_end = window(*one, day)
    b_start, b_end = window(*other, day)
    return sum(max(0, min(a_end, b_end + shift) - max(a_start, b_start + shift)) for shift in NEIGHBOURS)


@lru_cache(maxsize=65536)
def _offset(time_zone: str, day: date) -> int | None:
    """Minutes ahead of UTC at that date's noon in UTC."""
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):  # a folder such as "America" is an OSError
        return None
    offset = datetime.combine(day, time(12), tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60
