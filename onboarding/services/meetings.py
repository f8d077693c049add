"""When do people meet, and does a meeting still stand after the facts changed?

A meeting is stored with its UID, SEQUENCE and organizer before any invitation leaves. When somebody is replaced,
the first day moves or hours change, the same meeting moves: same UID, SEQUENCE + 1 (RFC 5546 section 2.1.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from onboarding.domain.calendars import Calendar
from onboarding.domain.journey import Step
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import HireState
from onboarding.domain.plan import Facts, applies, meeting_of, nominal
from onboarding.domain.slots import Busy, Seat, Slot, find_slot
from onboarding.ports import Books
from onboarding.services.engine import Company
from onboarding.services.situations import Situation

NOTICE = timedelta(hours=24)
"""Nobody is invited to something that begins sooner."""

A_DAY = timedelta(days=1)
"""Looked at on both sides of a window: one coffee a person a day."""

Invited = frozenset[tuple[str, str, str, str]]


def keep_true(books: Books, seen: Situation, invited: Invited, now: datetime) -> tuple[Meeting, ...]:
    """Move or cancel meetings ahead that no longer suit the facts, and take up again what was called off.

    A meeting to which people were invited stands although HR takes its step out of the journey: there would be no
    words left to call it off with. Returns all meetings of the hire.
    """
    changed = False
    for meeting in seen.meetings:
        step = seen.journey.step(meeting.step)
        announced = any(key[:2] == (meeting.step, meeting.occasion) for key in invited)
        if step is None and announced:
            continue
        if step is not None and meeting == called_off(seen, meeting.step, meeting.occasion):
            again = _taken_up(books, seen, step, meeting, now)
            if again is not None:
                books.meetings.put(again)
                changed = True
        elif meeting.state is MeetingState.PLANNED and meeting.starts_at > now:
            after = _mended(books, seen, step, meeting, now)
            if after != meeting:
                books.meetings.put(after if announced else replace(after, sequence=meeting.sequence))
                changed = True
    return tuple(books.meetings.of_hire(seen.hire.id)) if changed else seen.meetings


def _mended(books: Books, seen: Situation, step: Step | None, meeting: Meeting, now: datetime) -> Meeting:
    cancelled = replace(
        meeting, state=MeetingState.CANCELLED, sequence=meeting.sequence + 1, stamped_at=now, moved_from=None
    )
    if step is None or seen.hire.state is HireState.WITHDRAWN:
        return cancelled
    people = attendees(seen, step, meeting.occasion)
    if people is None:
        return cancelled
    if people == meeting.people and _still_suits(seen, step, meeting, now):
        return meeting
    slot = propose(books, seen, step, meeting.occasion, now, apart_from=meeting.id)
    if slot is None:
        return cancelled
    return replace(
        meeting,
        people=people,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        sequence=meeting.sequence + 1,
        stamped_at=now,
        moved_from=meeting.starts_at,
    )


def called_off(seen: Situation, step: str, occasion: str) -> Meeting | None:
    """The meeting that people were invited to and that was cancelled, when no other stands in its place."""
    if meeting_of(seen.meetings, step, occasion) is not None:
        return None
    told = [one for one in seen.meetings if (one.step, one.occasion) == (step, occasion) and one.sequence > 0]
    return told[-1] if told else None


def _taken_up(books: Books, seen: Situation, step: Step, meeting: Meeting, now: datetime) -> Meeting | None:
    """The cancelled meeting at a new time, as long as its step may still be late; None when it stays cancelled.

    It keeps its UID (RFC 5546 section 2.1.4): who was invited once is told with an update, not invited anew.
    """
    people = attendees(seen, step, meeting.occasion)
    if people is None or seen.hire.state is HireState.WITHDRAWN:
        return None
    if not applies(step, seen.person):
        return None
    start, _ = window(seen, step, meeting.occasion, now)
    if Calendar.of(seen.person).add(start, step.grace) < now:
        return None
    slot = propose(books, seen, step, meeting.occasion, now, apart_from=meeting.id)
    if slot is None:
        return None
    return replace(
        meeting,
        people=people,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        state=MeetingState.PLANNED,
        sequence=meeting.sequence + 1,
        stamped_at=now,
        moved_from=None,
    )


def attendees(seen: Situation, step: Step, occasion: str) -> tuple[str, ...] | None:
    """The ids of everybody whom a meet step brings together; None when a role is empty."""
    groups = [seen.cast.ids(role, occasion) for role in step.roles]
    if not all(groups):
        return None
    return tuple(dict.fromkeys(person_id for group in groups for person_id in group))


def window(seen: Situation, step: Step, occasion: str, now: datetime) -> tuple[datetime, datetime]:
    """Between which moments (UTC) a meet step wants its meeting, seen from now."""
    facts = Facts(hire=seen.hire, person=seen.person, cast=seen.cast, meetings=seen.meetings)
    calendar = Calendar.of(seen.person)
    start = nominal(seen.journey, step, occasion, calendar, facts)
    return start, max(calendar.add(start, step.within), calendar.add(max(start, now + NOTICE), step.within))


def _still_suits(seen: Situation, step: Step, meeting: Meeting, now: datetime) -> bool:
    earliest, latest = window(seen, step, meeting.occasion, now)
    if not earliest <= meeting.starts_at <= latest:
        return False
    last = meeting.ends_at - timedelta(minutes=1)
    calendars = [Calendar.of(seen.cast.people[person_id]) for person_id in meeting.people]
    return all(calendar.is_working(meeting.starts_at) and calendar.is_working(last) for calendar in calendars)


def propose(
    books: Books,
    seen: Situation,
    step: Step,
    occasion: str,
    now: datetime,
    *,
    apart_from: str = "",
) -> Slot | None:
    """The best slot in everybody's working hours, a day ahead at least, clear of what they have otherwise."""
    people = attendees(seen, step, occasion)
    if people is None:
        return None
    start, latest = window(seen, step, occasion, now)
    earliest = max(start, now + NOTICE)
    around = books.meetings.of_people(people, earliest - A_DAY, latest + A_DAY)
    taken = [one for one in around if one.id != apart_from]
    held = books.busy.of_people(people, earliest, latest)
    seats = [_seat(seen, one, taken, held[one].busy if one in held else ()) for one in people]
    return find_slot(seats, minutes=step.minutes, earliest=earliest, latest=latest)


def _seat(seen: Situation, person_id: str, taken: Iterable[Meeting], told: Iterable[Busy]) -> Seat:
    """A person with our own meetings, and what their calendar told."""
    ours = (Busy(start=one.starts_at, end=one.ends_at, meeting=True) for one in taken if person_id in one.people)
    busy = (*ours, *told)
    person = seen.cast.people[person_id]
    return Seat(person_id=person_id, calendar=Calendar.of(person), busy=busy, is_hire=person_id == seen.hire.id)


def arrange(
    company: Company, books: Books, seen: Situation, step: Step, occasion: str, now: datetime
) -> Meeting | None:
    """The meeting of a step on an occasion: the one that stands, else a new one; None without a slot.

    One that was called off is taken up again, so that nobody who was told so is left out of a new one.
    """
    standing = meeting_of(seen.meetings, step.key, occasion)
    people = attendees(seen, step, occasion)
    if standing is not None or people is None:
        return standing
    before = called_off(seen, step.key, occasion)
    if before is not None:
        again = _taken_up(books, seen, step, before, now)
        if again is not None:
            books.meetings.put(again)
        return again
    slot = propose(books, seen, step, occasion, now)
    if slot is None:
        return None
    name = meeting_id(seen.hire.id, step.key, occasion, seen.meetings)
    meeting = Meeting(
        id=name,
        hire_id=seen.hire.id,
        step=step.key,
        occasion=occasion,
        people=people,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        uid=f"{name}@{company.sender.email.rpartition('@')[2]}",
        organizer=company.sender.email,
        stamped_at=now,
        icebreaker=icebreaker_of(name),
    )
    books.meetings.put(meeting)
    return meeting


def icebreaker_of(name: str) -> int:
    """Which question a meeting of that id begins with; below 2**31, the end of PostgreSQL's integer."""
    return int(blake2b(name.encode(), digest_size=4).hexdigest(), 16) % 2**31


def meeting_id(hire_id: str, step: str, occasion: str, before: Sequence[Meeting]) -> str:
    """A short opaque id, different after a cancellation."""
    times = sum((one.step, one.occasion) == (step, occasion) for one in before)
    return blake2b(f"{hire_id}/{step}/{occasion}/{times}".encode(), digest_size=10).hexdigest()


def others(meeting: Meeting, person_id: str) -> tuple[str, ...]:
    """Everybody in the meeting but this person."""
    return tuple(one for one in meeting.people if one != person_id)
