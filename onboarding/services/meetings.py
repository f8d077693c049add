"""When do people meet, and does a meeting still stand after the facts changed?

A meeting is stored with its UID, SEQUENCE and organizer before any invitation leaves. When somebody is replaced,
the first day moves or hours change, the same meeting moves: same UID, SEQUENCE + 1 (RFC 5546 section 2.1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from onboarding.domain.attending import Attendance
from onboarding.domain.coffee import day_of
from onboarding.domain.exchange import exchange_of
from onboarding.domain.facts import applies
from onboarding.domain.journey import Step
from onboarding.domain.meetings import Chosen, Hold, Meeting, MeetingState, meeting_of
from onboarding.domain.people import HireState
from onboarding.ports import Books
from onboarding.services.engine import Company
from onboarding.services.meeting_times import attendees, propose, still_suits, window
from onboarding.services.situations import Situation

Invited = frozenset[tuple[str, str, str, str]]


def held(books: Books, meeting_id: str) -> Meeting | None:
    """The meeting of that id, and nobody else changes it until the transaction ends; None when there is none.

    What planning holds before it changes a meeting is held before it, too: in another order two workers would wait
    for each other.
    """
    books.pairings.hold()
    seen = books.meetings.get(meeting_id)
    day = day_of(seen.hire_id) if seen else None
    if day is not None:
        books.coffee.hold(day)
    return books.meetings.hold(meeting_id)


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
        after = _true(books, seen, step, meeting, now, announced=announced)
        if after == meeting:
            continue
        stands = books.meetings.hold(meeting.id) or meeting
        if stands != meeting:  # somebody has answered meanwhile
            after = _true(books, seen, step, stands, now, announced=announced)
        books.meetings.put(after)
        changed = True
    return tuple(books.meetings.of_hire(seen.hire.id)) if changed else seen.meetings


def _true(
    books: Books, seen: Situation, step: Step | None, meeting: Meeting, now: datetime, *, announced: bool
) -> Meeting:
    """A meeting as the facts want it; itself where they leave it alone."""
    if step is not None and meeting == called_off(seen, meeting.step, meeting.occasion):
        return _taken_up(books, seen, step, meeting, now) or meeting
    if meeting.state is not MeetingState.PLANNED or meeting.starts_at <= now:
        return meeting
    after = _mended(books, seen, step, meeting, now)
    return after if announced else replace(after, sequence=meeting.sequence)


def _mended(books: Books, seen: Situation, step: Step | None, meeting: Meeting, now: datetime) -> Meeting:
    cancelled = off(meeting, now)
    if step is None or seen.hire.state is HireState.WITHDRAWN:
        return cancelled
    people = attendees(seen, step, meeting.occasion)
    if people is None:
        return cancelled
    if people == meeting.people and still_suits(seen, step, meeting, now):
        return meeting
    slot = propose(books, seen, step, meeting.occasion, now, apart_from=meeting.id)
    if slot is None:
        return cancelled
    moves = meeting.moves if set(people) == set(meeting.people) else 0  # whoever is new has asked for nothing yet
    return replace(moved(meeting, slot.starts_at, slot.ends_at, now), people=people, moves=moves)


def off(meeting: Meeting, now: datetime, hold: Hold = Hold.NONE, because: str = "") -> Meeting:
    """The same meeting, called off; with a `hold` for good, unless a human decides otherwise."""
    return replace(
        meeting,
        state=MeetingState.CANCELLED,
        sequence=meeting.sequence + 1,
        stamped_at=now,
        moved_from=None,
        hold=hold,
        held_at=now if hold else None,
        held_because=because,
    )


def moved(
    meeting: Meeting, start: datetime, end: datetime, now: datetime, chosen: Chosen = Chosen.ENGINE
) -> Meeting:
    """The same meeting at another time, with the next SEQUENCE."""
    return replace(
        meeting,
        starts_at=start,
        ends_at=end,
        state=MeetingState.PLANNED,
        sequence=meeting.sequence + 1,
        stamped_at=now,
        moved_from=meeting.starts_at,
        chosen=chosen,
        hold=Hold.NONE,
        held_at=None,
        held_because="",
    )


def called_off(seen: Situation, step: str, occasion: str) -> Meeting | None:
    """The meeting that people were invited to and that was cancelled, when nothing else stands in its place."""
    if meeting_of(seen.meetings, step, occasion) or exchange_of(seen.meetings, step, occasion):
        return None
    told = [one for one in seen.meetings if (one.step, one.occasion) == (step, occasion) and one.sequence > 0]
    return told[-1] if told else None


def _taken_up(books: Books, seen: Situation, step: Step, meeting: Meeting, now: datetime) -> Meeting | None:
    """The cancelled meeting at a new time, as long as its step may still be late; None when it stays cancelled.

    It keeps its UID (RFC 5546 section 2.1.4): who was invited once is told with an update, not invited anew.
    """
    people = attendees(seen, step, meeting.occasion)
    if people is None or seen.hire.state is HireState.WITHDRAWN or is_held(meeting, people):
        return None
    if not applies(step, seen.person):
        return None
    start, _ = window(seen, step, meeting.occasion, now)
    if seen.offices.calendar_of(seen.person).add(start, step.grace) < now:
        return None
    slot = propose(books, seen, step, meeting.occasion, now, apart_from=meeting.id)
    if slot is None:
        return None
    again = moved(meeting, slot.starts_at, slot.ends_at, now)
    return replace(again, people=people, moved_from=None, moves=0 if meeting.hold else meeting.moves)


def is_held(meeting: Meeting, people: Sequence[str]) -> bool:
    """Whether a meeting that was called off stays so for these people: it waits for a human."""
    return meeting.hold is not Hold.NONE and set(people) == set(meeting.people)


def arrange(
    company: Company, books: Books, seen: Situation, step: Step, occasion: str, now: datetime
) -> Meeting | None:
    """The meeting of a step on an occasion: the one that stands, else a new one; None without a slot.

    None, too, where people write to each other instead.

    One that was called off is taken up again, so that nobody who was told so is left out of a new one.
    """
    standing = meeting_of(seen.meetings, step.key, occasion)
    people = attendees(seen, step, occasion)
    if standing is not None or people is None or exchange_of(seen.meetings, step.key, occasion):
        return standing
    before = called_off(seen, step.key, occasion)
    if before is not None:
        again = _taken_up(books, seen, step, before, now)
        if again is not None:
            books.meetings.put(again)
        return before if is_held(before, people) else again
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


def attendance_of(books: Books, meeting: Meeting, person_id: str) -> Attendance:
    """What somebody answered to the SEQUENCE that stands."""
    found = (one.attendance for one in books.meetings.attendees(meeting.id) if one.person_id == person_id)
    return next(found, Attendance.NEEDS_ACTION)
