"""Who bent last, and whose turn is it to have the kinder hour?

Nothing is kept for it beside the book of meetings: a minute at the very edge of somebody's day counts as one, in
the middle as none, outside their hours as more, and each counts half as much with every week that it is away. So
the last meeting outweighs all before it, and people who meet again and again take turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from onboarding.domain.calendars import Calendar, minute_of
from onboarding.domain.discomfort import IN_TURN, steepness

MEMORY = timedelta(days=90)
"""What is longer ago counts no more."""

HALF = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def bent(calendar: Calendar, meetings: Iterable[tuple[datetime, datetime]], at: datetime) -> float:
    """The minutes that somebody bent for these meetings, seen from the moment at which the next one may be.

    Their hours of today are those that count.
    """
    hours = minute_of(calendar.hours.start), minute_of(calendar.hours.end)
    found = 0.0
    for start, end in meetings:
        away = abs(at - start)
        if away <= MEMORY:
            minutes = (end - start) // MINUTE
            begins = minute_of(start.astimezone(calendar.zone).time())
            found += minutes * steepness(begins, minutes, hours) * 0.5 ** (away / HALF)
    return found


def weights(minutes: Sequence[float]) -> list[float]:
    """How often the discomfort of each at a table counts, by the minutes they bent: once for who bent least."""
    least = min(minutes)
    return [1.0 + (IN_TURN - 1.0) * (one - least) / (one - least + 1.0) for one in minutes]
