"""When do people meet who say that their meeting did not take place yet?"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from onboarding.domain.attending import MOST_MOVES, Room
from onboarding.domain.journey import Span, Step, Unit
from onboarding.domain.meetings import Chosen, Hold, Meeting, meeting_of
from onboarding.domain.slots import Slot
from onboarding.ports import Books
from onboarding.services import meeting_times, meetings
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.situations import Situation

log = logging.getLogger(__name__)

SOON = Span(count=2, unit=Unit.WEEKS)
"""Within which they meet after all."""


def meet_after_all(books: Books, seen: Situation, asked: Step, occasion: str, now: datetime) -> None:
    """Give the meeting that a question is about another time, with the same UID; the caller plans again.

    Without a time in two weeks, or when it has moved often enough, a human is asked.
    """
    followed = seen.journey.step(asked.after)
    found = meeting_of(seen.meetings, asked.after, occasion)
    meeting = books.meetings.hold(found.id) if found else None
    if followed is None or meeting is None or meeting.ends_at > now or meeting.hold:
        return
    slot = _slot(books, seen, followed, meeting, now)
    if slot is None:
        books.meetings.put(replace(meeting, hold=Hold.STUCK, held_at=now))
    else:
        after = meetings.moved(meeting, slot.starts_at, slot.ends_at, now, Chosen.PEOPLE)
        books.meetings.put(replace(after, moves=meeting.moves + 1))
    log.info("meeting.asked_for_again", extra={"meeting": meeting.id, "found": slot is not None})


def _slot(books: Books, seen: Situation, step: Step, meeting: Meeting, now: datetime) -> Slot | None:
    people = meeting_times.attendees(seen, step, meeting.occasion)
    if people is None or set(people) != set(meeting.people) or meeting.moves >= MOST_MOVES:
        return None
    calendar = seen.offices.calendar_of(seen.person)
    earliest = now + meeting_times.NOTICE
    latest = min(calendar.add(now, SOON), calendar.moment(_last_day(seen), time(0)))
    if latest <= earliest:
        return None
    seats = meeting_times.seats_of(books, seen, people, (earliest, latest), apart_from=meeting.id)
    length = meeting.ends_at - meeting.starts_at
    return Room(seats=seats, length=length, earliest=earliest, latest=latest).best()


def _last_day(seen: Situation) -> date:
    """The end of the journey: nobody is anybody's newcomer any more."""
    return seen.hire.first_day + JOURNEY_LENGTH + timedelta(days=1)
