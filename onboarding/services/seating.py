"""What is known of somebody who is to meet others?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time

from onboarding.domain.calendars import ONE_DAY, Calendar
from onboarding.domain.meetings import Meeting
from onboarding.domain.people import Person
from onboarding.domain.preferences import Preferences
from onboarding.domain.slots import Busy, Seat


def seat_of(
    person: Person, calendar: Calendar, said: Preferences, *, is_hire: bool, busy: Iterable[Busy] = ()
) -> Seat:
    """A seat for somebody, who is not there on the days that they said they are away."""
    return Seat(
        person_id=person.id,
        calendar=calendar,
        busy=(*busy, *_absences(said, calendar)),
        is_hire=is_hire,
        flexible_before=said.flexible_before,
        flexible_after=said.flexible_after,
    )


def taken_by(meetings: Iterable[Meeting], person_id: str) -> list[Busy]:
    """What meetings of ours take of somebody's time."""
    return [
        Busy(start=one.starts_at, end=one.ends_at, meeting=True) for one in meetings if person_id in one.people
    ]


def in_hours(meeting: Meeting, calendars: Iterable[Calendar]) -> bool:
    """Whether a meeting lies in everybody's working hours.

    It need not: a human may have put it elsewhere, and people may let themselves be met outside of their hours.
    """
    windows = (one.window(one.day_of(meeting.starts_at)) for one in calendars)
    return all(one is not None and one[0] <= meeting.starts_at and meeting.ends_at <= one[1] for one in windows)


def _absences(said: Preferences, calendar: Calendar) -> Iterator[Busy]:
    for one in said.away:
        yield Busy(start=calendar.moment(one.first, time(0)), end=calendar.moment(one.last + ONE_DAY, time(0)))
