"""Is there any hour of the day at which all of these people work?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from onboarding.domain.calendars import ONE_DAY, Calendar


def share_an_hour(calendars: Sequence[Calendar], *, minutes: int, earliest: datetime, latest: datetime) -> bool:
    """Whether their hours overlap for so long on any day of the window, and it is only a question of when.

    Only the clocks of these dates count. A day off or another meeting is a matter of that week: whoever shares an
    hour with somebody finds it in the next one.
    """
    length = timedelta(minutes=minutes)
    hours = [_hours(one, earliest, latest) for one in calendars]
    starts = [start for theirs in hours for start, _ in theirs]
    return any(
        all(any(opens <= start and start + length <= closes for opens, closes in theirs) for theirs in hours)
        for start in starts
    )


def _hours(calendar: Calendar, earliest: datetime, latest: datetime) -> list[tuple[datetime, datetime]]:
    """Their hours (UTC) on every date of the window and those beside it: it is yesterday somewhere."""
    first, days = earliest.date() - ONE_DAY, (latest.date() - earliest.date()).days + 3
    dates = [first + number * ONE_DAY for number in range(days)]
    return [
        (calendar.moment(one, calendar.hours.start), calendar.moment(one, calendar.hours.end)) for one in dates
    ]
