"""When could the people of a meet step meet, and does the time that they have still suit them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from onboarding.domain.calendars import Calendar
from onboarding.domain.facts import Facts
from onboarding.domain.journey import Step
from onboarding.domain.meetings import Chosen, Meeting
from onboarding.domain.plan import nominal
from onboarding.domain.slots import Busy, Seat, Slot, find_slot, share_no_hour, suits
from onboarding.domain.turns import MEMORY
from onboarding.ports import Books
from onboarding.services.seating import seat_of, taken_by
from onboarding.services.situations import Situation

NOTICE = timedelta(hours=24)
"""Nobody is invited to something that begins sooner."""

A_DAY = timedelta(days=1)
"""Looked at behind a window: one coffee a person a day."""

LATER = timedelta(weeks=2)
"""How much later than a step wants it those who meet may have their meeting."""

FOUR_WEEKS = timedelta(weeks=4)
"""Looked at before people are taken to share no hour."""

NOTHING_TOLD: Mapping[str, Sequence[Busy]] = {}


def attendees(seen: Situation, step: Step, occasion: str) -> tuple[str, ...] | None:
    """The ids of everybody whom a meet step brings together; None when a role is empty."""
    groups = [seen.cast.ids(role, occasion) for role in step.roles]
    if not all(groups):
        return None
    return tuple(dict.fromkeys(person_id for group in groups for person_id in group))


def window(seen: Situation, step: Step, occasion: str, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments (UTC) a meet step wants its meeting, seen from now."""
    facts = Facts(hire=seen.hire, person=seen.person, cast=seen.cast, meetings=seen.meetings, offices=seen.offices)
    calendar = seen.offices.calendar_of(seen.person)
    start = nominal(seen.journey, step, occasion, calendar, facts)
    return start, max(calendar.add(start, step.within), calendar.add(max(start, now + NOTICE), step.within))


def reach(seen: Situation, step: Step, occasion: str, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments (UTC) those who meet may choose a time: from the first day to two weeks late."""
    start, latest = window(seen, step, occasion, now)
    return min(start, Calendar.of(seen.person).moment(seen.hire.first_day, time(0))), latest + LATER


def still_suits(seen: Situation, step: Step, meeting: Meeting, now: datetime) -> bool:
    """Whether a meeting lies where its step wants it and in everybody's hours, or where a human put it."""
    between = window if meeting.chosen is Chosen.ENGINE else reach
    earliest, latest = between(seen, step, meeting.occasion, now)
    if meeting.chosen is Chosen.HUMAN:
        return earliest <= meeting.starts_at
    if not earliest <= meeting.starts_at <= latest:
        return False
    seats = _seats(seen, meeting.people, ())
    return all(suits(seat, meeting.starts_at, meeting.ends_at) for seat in seats)


def propose(
    books: Books,
    seen: Situation,
    step: Step,
    occasion: str,
    now: datetime,
    *,
    apart_from: str = "",
) -> Slot | None:
    """The best slot in the hours of everybody, at least a day ahead, clear of what they have otherwise."""
    people = attendees(seen, step, occasion)
    if people is None:
        return None
    start, latest = window(seen, step, occasion, now)
    earliest = max(start, now + NOTICE)
    seats = seats_of(books, seen, people, (earliest, latest), apart_from=apart_from)
    return find_slot(seats, minutes=step.minutes, earliest=earliest, latest=latest)


def far_apart(seen: Situation, step: Step, occasion: str, now: datetime) -> bool:
    """Whether the people of a meet step share no hour, so that no meeting can come about.

    False when they are merely busy, or when a role is empty. Four weeks count, so that nobody is far apart for a
    holiday.
    """
    people = attendees(seen, step, occasion)
    if people is None:
        return False
    start, latest = window(seen, step, occasion, now)
    earliest = max(start, now + NOTICE)
    return share_no_hour(
        _seats(seen, people, ()),
        minutes=step.minutes,
        earliest=earliest,
        latest=max(latest, earliest + FOUR_WEEKS),
    )


def seats_of(
    books: Books, seen: Situation, people: Sequence[str], between: tuple[datetime, datetime], *, apart_from: str
) -> tuple[Seat, ...]:
    """These people with what is taken of their time between two moments (UTC), but for one meeting.

    Their calendars say so where they could be read. Their meetings of the last ninety days are there, too: they
    say whose turn it is to have the kinder hour.
    """
    around = books.meetings.of_people(people, between[0] - MEMORY, between[1] + A_DAY)
    held = books.busy.of_people(people, *between)
    told = {one: each.busy for one, each in held.items()}
    return _seats(seen, people, [one for one in around if one.id != apart_from], told)


def _seats(
    seen: Situation,
    people: Sequence[str],
    taken: Sequence[Meeting],
    told: Mapping[str, Sequence[Busy]] = NOTHING_TOLD,
) -> tuple[Seat, ...]:
    """Their seats with our own meetings, and with what their calendars told."""
    return tuple(
        seat_of(
            seen.cast.people[one],
            seen.offices.calendar_of(seen.cast.people[one]),
            seen.preferences_of(one),
            is_hire=one == seen.hire.id,
            busy=(*taken_by(taken, one), *told.get(one, ())),
        )
        for one in people
    )
