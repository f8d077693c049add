"""What follows when somebody answers an invitation, by a link, by mail or in their calendar?

When somebody cannot come, or asks for another time, the meeting moves: same UID, next SEQUENCE, and everybody is
told by the updates that any moved meeting has. After a few moves, or without a time, a human helps: two machines
never answer each other without an end.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from onboarding.domain.attending import (
    LONGEST_REASON,
    MOST_MOVES,
    Answered,
    Attendance,
    Attendee,
    Room,
    Said,
    goes_on,
    unlike,
)
from onboarding.domain.coffee import SeatState, day_of
from onboarding.domain.meetings import Chosen, Hold, Meeting, MeetingState
from onboarding.domain.people import Hire, HireState
from onboarding.domain.slots import Slot
from onboarding.domain.texts import harmless
from onboarding.ports import Books
from onboarding.services import meeting_times, meetings, round_answers, round_mending
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.planning import replan
from onboarding.services.situations import Situation, situation

log = logging.getLogger(__name__)

ATTENDANCE = {
    Said.ACCEPTED: Attendance.ACCEPTED,
    Said.TENTATIVE: Attendance.TENTATIVE,
    Said.DECLINED: Attendance.DECLINED,
    Said.COUNTER: Attendance.DECLINED,
    Said.NO_TIME: Attendance.DECLINED,
}
"""What an answer says of the time that stands."""


class Followed(StrEnum):
    """What followed from an answer."""

    NOTED = "noted"  # remembered, and nothing else changes
    MOVED = "moved"  # the meeting has another time, and everybody is told
    GOES_ON = "goes_on"  # the others meet without them
    CALLED_OFF = "called_off"  # the meeting is off, and everybody is told
    IGNORED = "ignored"  # the answer is about something else than what stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Attended:
    """What followed, why in one sentence without names, and the meeting as it stands now (None when unknown).

    `human` says that somebody at HR is asked to look at it.
    """

    followed: Followed
    reason: str
    meeting: Meeting | None = None
    human: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One answer that counts, with everything around it."""

    engine: Engine
    books: Books
    directory: Directory
    meeting: Meeting
    person_id: str
    answer: Answered
    now: datetime


def attend(engine: Engine, meeting_id: str, person_id: str, answer: Answered, now: datetime) -> Attended:
    """Take somebody's answer to an invitation, whichever way it came; the same answer twice changes nothing.

    It raises nothing for an answer that cannot count: that is `IGNORED`, with the reason.

    Raises:
        BadWords: the journey cannot be read now; nothing was changed.
    """
    with engine.store.begin() as books:
        attended = attend_within(engine, books, meeting_id, person_id, answer, now)
    extra = {"meeting": meeting_id, "person": person_id, "said": answer.said, "followed": attended.followed}
    log.info("meeting.answered", extra=extra)
    return attended


def attend_within(
    engine: Engine, books: Books, meeting_id: str, person_id: str, answer: Answered, now: datetime
) -> Attended:
    """The same, inside a transaction that is open already."""
    meeting = meetings.held(books, meeting_id)
    if meeting is None:
        return Attended(followed=Followed.IGNORED, reason="there is no such meeting")
    if why := why_closed(meeting, person_id, answer.sequence, now):
        return Attended(followed=Followed.IGNORED, reason=why, meeting=meeting)
    if answer.start == meeting.starts_at:
        answer = replace(answer, said=Said.ACCEPTED, start=None, end=None)
    one = _Answer(
        engine=engine,
        books=books,
        directory=Directory(books),
        meeting=meeting,
        person_id=person_id,
        answer=answer,
        now=now,
    )
    before = next(each for each in books.meetings.attendees(meeting_id) if each.person_id == person_id)
    attendance = ATTENDANCE[answer.said]
    _note(one, meeting, attendance)
    if attendance is not Attendance.DECLINED:
        _let_go(one)
        return Attended(followed=Followed.NOTED, reason=f"{attendance} is noted", meeting=meeting)
    if meeting.hold or (before.attendance is Attendance.DECLINED and answer.said is Said.DECLINED):
        return Attended(
            followed=Followed.NOTED,
            reason="a human is asked already" if meeting.hold else "they had declined before",
            meeting=meeting,
            human=bool(meeting.hold),
        )
    return _of_round(one) if day_of(meeting.hire_id) else _of_journey(one)


def why_closed(meeting: Meeting, person_id: str, sequence: int | None, now: datetime) -> str:
    """Why an answer cannot count, in one sentence; "" when it does."""
    if person_id not in meeting.people:
        return "this person is not part of the meeting any more"
    if meeting.state is MeetingState.CANCELLED:
        return "the meeting was called off"
    if meeting.starts_at <= now:
        return "the meeting has begun already"
    if sequence is not None and sequence < meeting.sequence:
        return f"it answers version {sequence} of the invitation, and version {meeting.sequence} stands"
    return ""


def _let_go(one: _Answer) -> None:
    """Once nobody declines any more, a meeting that stands needs no human."""
    out = [each for each in one.books.meetings.attendees(one.meeting.id) if each.attendance is Attendance.DECLINED]
    if one.meeting.hold is Hold.STUCK and not out:
        one.books.meetings.put(replace(one.meeting, hold=Hold.NONE, held_at=None))


def _note(one: _Answer, meeting: Meeting, attendance: Attendance) -> None:
    attendee = Attendee(
        person_id=one.person_id,
        attendance=attendance,
        answered_at=one.now,
        sequence_answered=meeting.sequence,
        reason=" ".join(harmless(one.answer.reason).split())[:LONGEST_REASON],
    )
    one.books.meetings.note(meeting.id, attendee)


def _of_journey(one: _Answer) -> Attended:
    hire = one.books.hires.get(one.meeting.hire_id)
    if hire is None or hire.state is HireState.WITHDRAWN:
        return Attended(followed=Followed.IGNORED, reason="the newcomer does not come", meeting=one.meeting)
    seen = situation(one.engine, one.books, one.directory, hire, one.now)
    slot = _another_time(one, room_of(one.books, seen, one.meeting, one.now))
    if slot is None:
        return _given_up(one, hire)
    after = meetings.moved(one.meeting, slot.starts_at, slot.ends_at, one.now, Chosen.PEOPLE)
    _put_moved(one, after)
    replan(one.engine, one.books, one.directory, hire, now=one.now, because="the meeting moved")
    return _moved(one)


def room_of(books: Books, seen: Situation, meeting: Meeting, now: datetime) -> Room | None:
    """Where another time of a meeting of a journey is looked for; None when its step is gone."""
    step = seen.journey.step(meeting.step)
    if step is None:
        return None
    earliest, latest = meeting_times.reach(seen, step, meeting.occasion, now)
    earliest = max(earliest, now + meeting_times.NOTICE)
    seats = meeting_times.seats_of(books, seen, meeting.people, (earliest, latest), apart_from=meeting.id)
    return Room(seats=seats, length=meeting.ends_at - meeting.starts_at, earliest=earliest, latest=latest)


def _another_time(one: _Answer, room: Room | None) -> Slot | None:
    """Another time for a meeting that may still be moved: the one that was asked for, or the kindest."""
    if room is None or one.answer.said is Said.NO_TIME or one.meeting.moves >= MOST_MOVES:
        return None
    other_days, other_times = unlike(room, one.meeting)
    if one.answer.start is not None:
        start = one.answer.start.replace(second=0, microsecond=0)
        if room.holds(start):
            return Slot(starts_at=start, ends_at=start + room.length, cost=0)
        if (near := other_times.near(start)) is not None:
            return near
    return other_days.best() or other_times.best()


def _put_moved(one: _Answer, after: Meeting) -> None:
    """Keep the meeting at its new time; whoever asked for exactly that time has accepted it."""
    one.books.meetings.put(replace(after, moves=one.meeting.moves + 1))
    if one.answer.start is not None and one.answer.start.replace(second=0, microsecond=0) == after.starts_at:
        _note(one, after, Attendance.ACCEPTED)


def _moved(one: _Answer) -> Attended:
    return Attended(
        followed=Followed.MOVED,
        reason="the meeting has another time, and everybody is told",
        meeting=one.books.meetings.get(one.meeting.id),
    )


def _given_up(one: _Answer, hire: Hire) -> Attended:
    """No machine finds a time: the others meet where that makes sense, else it is off; a human reads of both."""
    stands = goes_on(one.meeting, one.books.meetings.attendees(one.meeting.id))
    held = replace(one.meeting, hold=Hold.STUCK, held_at=one.now)
    one.books.meetings.put(held if stands else meetings.off(one.meeting, one.now, Hold.STUCK))
    replan(one.engine, one.books, one.directory, hire, now=one.now, because="nobody found a time")
    return Attended(
        followed=Followed.GOES_ON if stands else Followed.CALLED_OFF,
        reason="nobody found a time: a human is asked",
        meeting=one.books.meetings.get(one.meeting.id),
        human=True,
    )


def _of_round(one: _Answer) -> Attended:
    """A coffee of a round goes by the rounds' own rules: a no skips it, another time lies in its week."""
    if one.answer.said is not Said.DECLINED:
        slot = _another_time(
            one, round_mending.room_of(one.engine, one.books, one.directory, one.meeting, one.now)
        )
        if slot is not None:
            after = meetings.moved(one.meeting, slot.starts_at, slot.ends_at, one.now, Chosen.PEOPLE)
            _put_moved(one, after)
            stands = one.books.meetings.get(one.meeting.id) or after
            round_mending.retime(one.engine, one.books, one.directory, stands, one.now)
            return _moved(one)
    day = day_of(one.meeting.hire_id)
    seat = one.books.coffee.seat(day, one.person_id) if day else None
    if seat is not None and seat.state is SeatState.SEATED:
        round_answers.skip(one.engine, one.books, one.directory, seat, one.now)
    after = one.books.meetings.get(one.meeting.id) or one.meeting
    is_off = after.state is MeetingState.CANCELLED
    human = is_off and one.answer.said is not Said.DECLINED
    if human:
        one.books.meetings.put(replace(after, hold=Hold.STUCK, held_at=one.now))
    return Attended(
        followed=Followed.CALLED_OFF if is_off else Followed.GOES_ON,
        reason="they skip this coffee round",
        meeting=one.books.meetings.get(one.meeting.id),
        human=human,
    )
