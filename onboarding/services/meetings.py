"""When do people meet, and does a meeting still stand after the facts changed?

A meeting is stored with its UID, SEQUENCE and organizer before any invitation leaves. When somebody is replaced,
the first day moves or hours change, the same meeting moves: same UID, SEQUENCE + 1 (RFC 5546 section 2.1.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from hashlib import blake2b

from onboarding.domain.attending import Attendance
from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import day_of
from onboarding.domain.exchange import exchange_of
from onboarding.domain.journey import Step
from onboarding.domain.meetings import Chosen, Hold, Meeting, MeetingState
from onboarding.domain.people import HireState
from onboarding.domain.plan import Facts, applies, meeting_of, nominal
from onboarding.domain.slots import Busy, Seat, Slot, find_slot, share_no_hour, suits
from onboarding.domain.turns import MEMORY
from onboarding.ports import Books
from onboarding.services.engine import Company
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
    if people == meeting.people and _still_suits(seen, step, meeting, now):
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


def _still_suits(seen: Situation, step: Step, meeting: Meeting, now: datetime) -> bool:
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
