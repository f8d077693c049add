"""What does HR see of a meeting, and how does a human move it or call it off?"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onboarding.domain.attending import Attendance, Room, busy, out_of_hours, unlike
from onboarding.domain.coffee import day_of
from onboarding.domain.errors import IllegalMove, NotFound
from onboarding.domain.meetings import WITHOUT_A_TIME, Chosen, Hold, Meeting, MeetingState, meeting_of
from onboarding.domain.people import HireState
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import meeting_times, meetings, round_mending
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Engine
from onboarding.services.invitation_page import room_of
from onboarding.services.planning import replan
from onboarding.services.situations import situation
from onboarding.services.waking import set_alarms

log = logging.getLogger(__name__)

LONGEST_REASON = 500

FURTHEST = timedelta(days=366)
"""How far ahead a human may put a meeting; more is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAttendee:
    """Somebody in a meeting: when it is on their clock, whether they come, and the reason that they gave."""

    person_id: str
    name: str
    when: str
    attendance: Attendance
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeeting:
    """A meeting as HR sees it; `other_times` (UTC) suit everybody."""

    meeting: Meeting
    attendees: tuple[ShownAttendee, ...]
    other_times: tuple[datetime, ...] = ()


def of_hire(engine: Engine, hire_id: str) -> list[ShownMeeting]:
    """All meetings of a hire, or of a coffee round by its name (`coffee:2027-01-18`), by their time.

    Raises:
        NotFound: no such hire or round.
    """
    with engine.store.read() as books:
        day = day_of(hire_id)
        if books.hires.get(hire_id) is None and not (day and books.coffee.get(day)):
            raise NotFound(f"there is no hire {hire_id}; `onboarding hire list` names them")
        directory = Directory(books)
        return [_shown(engine, books, directory, one) for one in books.meetings.of_hire(hire_id)]


def show(engine: Engine, meeting_id: str, now: datetime) -> ShownMeeting:
    """One meeting, with up to three other times.

    Raises:
        NotFound: no such meeting.
        BadWords: the journey cannot be read now.
    """
    with engine.store.read() as books:
        meeting = _known(books.meetings.get(meeting_id), meeting_id)
        shown = _shown(engine, books, Directory(books), meeting)
        over = meeting.state is MeetingState.PLANNED and meeting.starts_at <= now
        room = None if over or meeting.state in WITHOUT_A_TIME else room_of(engine, books, meeting, now)
        slots = unlike(room, meeting)[0].choices() if room else []
        return replace(shown, other_times=tuple(slot.starts_at for slot in slots))


def _shown(engine: Engine, books: Books, directory: Directory, meeting: Meeting) -> ShownMeeting:
    found = [
        (one, somebody(engine.company, directory, one.person_id)) for one in books.meetings.attendees(meeting.id)
    ]
    return ShownMeeting(
        meeting=meeting,
        attendees=tuple(
            ShownAttendee(
                person_id=one.person_id,
                name=person.name if person else one.person_id,
                when=moment_in_words(meeting.starts_at, person.time_zone if person else "UTC", "en"),
                attendance=one.attendance,
                reason=one.reason,
            )
            for one, person in found
        ),
    )


def _known(meeting: Meeting | None, meeting_id: str) -> Meeting:
    if meeting is None:
        raise NotFound(f"there is no meeting {meeting_id}; `onboarding meeting list --hire ID` names them")
    return meeting


def move(
    engine: Engine, meeting_id: str, start: datetime | None, now: datetime, *, anyway: bool = False
) -> ShownMeeting:
    """Give a meeting another time, or the kindest other one where none is given; everybody is invited anew.

    One that was called off takes place after all. `anyway` allows hours at which somebody does not work or has
    something else, and a time later than the journey wants it.

    Raises:
        NotFound: no such meeting.
        IllegalMove: it cannot be moved, or not to that time, with the reason.
        BadWords: the journey cannot be read now.
    """
    with engine.store.begin() as books:
        meeting = _known(meetings.held(books, meeting_id), meeting_id)
        _refuse_without_a_time(meeting)
        _refuse_over(meeting, now)
        if meeting.state is MeetingState.CANCELLED and day_of(meeting.hire_id):
            raise IllegalMove("a coffee of a round that was called off is not taken up again")
        meeting = _with_its_people(engine, books, meeting, now)
        room = room_of(engine, books, meeting, now)
        if room is None:
            raise IllegalMove("its step or its round is over, so that there is nothing to move it to")
        start, chosen = _target(room, meeting, start, now, anyway=anyway)
        after = meetings.moved(meeting, start, start + room.length, now, chosen)
        if meeting.state is MeetingState.CANCELLED:
            after = replace(after, moved_from=None)
        _keep(engine, books, replace(after, moves=0), now, because="moved by hand")
        stands = _known(books.meetings.get(meeting_id), meeting_id)
        if stands.starts_at != start:
            raise IllegalMove("it would lie before their first day")
        shown = _shown(engine, books, Directory(books), stands)
    log.info("meeting.moved_by_hand", extra={"meeting": meeting_id})
    set_alarms(engine, now)
    return shown


def _refuse_without_a_time(meeting: Meeting) -> None:
    if meeting.state in WITHOUT_A_TIME:
        ends = f"`onboarding hire skip {meeting.hire_id} {meeting.step}` ends that"
        raise IllegalMove(f"they write to each other instead of meeting; {ends}")


def _refuse_over(meeting: Meeting, now: datetime) -> None:
    missed = meeting.hold is Hold.STUCK and meeting.ends_at <= now
    if meeting.state is MeetingState.PLANNED and meeting.starts_at <= now and not missed:
        raise IllegalMove("it has begun already, or is over")


def _with_its_people(engine: Engine, books: Books, meeting: Meeting, now: datetime) -> Meeting:
    """The meeting of those who have its roles now; a coffee of a round keeps whoever sits at its table."""
    if day_of(meeting.hire_id):
        return meeting
    hire = books.hires.get(meeting.hire_id)
    if hire is None or hire.state is HireState.WITHDRAWN:
        raise IllegalMove("the newcomer does not come")
    seen = situation(engine, books, Directory(books), hire, now)
    step = seen.journey.step(meeting.step)
    people = meeting_times.attendees(seen, step, meeting.occasion) if step else None
    if people is None:
        raise IllegalMove("somebody whom it needs is missing")
    standing = meeting_of(seen.meetings, meeting.step, meeting.occasion)
    if standing is not None and standing.id != meeting.id:
        raise IllegalMove(f"another one stands in its place: {standing.id}")
    return replace(meeting, people=people)


def _target(
    room: Room, meeting: Meeting, start: datetime | None, now: datetime, *, anyway: bool
) -> tuple[datetime, Chosen]:
    """When it is to be, and who answers for that."""
    if start is None:
        other_days, other_times = unlike(room, meeting)
        slot = other_days.best() or other_times.best()
        if slot is None:
            raise IllegalMove("no other time suits everybody; one of your own with `--anyway` goes all the same")
        return slot.starts_at, Chosen.PEOPLE
    if start <= now:
        raise IllegalMove("that time has passed")
    if start > now + FURTHEST:
        raise IllegalMove("that is more than a year ahead")
    if start == meeting.starts_at and meeting.state is MeetingState.PLANNED:
        raise IllegalMove("it is at that time already")
    why = _why_not(room, start)
    if why and not anyway:
        raise IllegalMove(f"{why}; `--anyway` moves it all the same")
    return start, Chosen.HUMAN if why else Chosen.PEOPLE


def _why_not(room: Room, start: datetime) -> str:
    """What speaks against a time, in one sentence; "" for nothing."""
    end = start + room.length
    reasons = [
        (out_of_hours(room.seats, start, end), "it lies outside the working hours of {}"),
        (busy(room.seats, start, end), "{} has something else then"),
    ]
    said = [words.format(", ".join(ids)) for ids, words in reasons if ids]
    if start < room.earliest:
        said.append(f"it is sooner than {room.earliest:%Y-%m-%d %H:%M} UTC, of which everybody hears in time")
    if end > room.latest:
        said.append(f"it is later than {room.latest:%Y-%m-%d %H:%M} UTC, which its step allows")
    return ", and ".join(said)


def cancel(engine: Engine, meeting_id: str, reason: str, now: datetime) -> ShownMeeting:
    """Call a meeting off for good: whoever was invited is told, and no re-planning takes it up again.

    Raises:
        NotFound: no such meeting.
        IllegalMove: it is off or over already.
    """
    with engine.store.begin() as books:
        meeting = _known(meetings.held(books, meeting_id), meeting_id)
        _refuse_without_a_time(meeting)
        if meeting.state is MeetingState.CANCELLED and meeting.hold is not Hold.STUCK:
            raise IllegalMove("it was called off already")
        _refuse_over(meeting, now)
        if meeting.state is MeetingState.PLANNED and meeting.starts_at > now:
            after = meetings.off(meeting, now, Hold.BY_HAND, reason[:LONGEST_REASON])
            _keep(engine, books, after, now, because="called off by hand")
        else:  # it is off or over: a human says that this is all right
            off = replace(meeting, hold=Hold.BY_HAND, held_at=now, held_because=reason[:LONGEST_REASON])
            books.meetings.put(off)
        shown = _shown(engine, books, Directory(books), _known(books.meetings.get(meeting_id), meeting_id))
    log.info("meeting.called_off_by_hand", extra={"meeting": meeting_id})
    set_alarms(engine, now)
    return shown


def _keep(engine: Engine, books: Books, after: Meeting, now: datetime, *, because: str) -> None:
    """Write a meeting and let the ledger follow."""
    directory = Directory(books)
    if day_of(after.hire_id):
        follow = round_mending.retime if after.state is MeetingState.PLANNED else round_mending.call_off
        follow(engine, books, directory, after, now)
        return
    books.meetings.put(after)
    hire = books.hires.get(after.hire_id)
    if hire is not None:
        replan(engine, books, directory, hire, now=now, because=because)
