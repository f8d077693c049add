"""What does the page of an invitation show to the one person whom it is for, and what did they press there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from onboarding.domain.attending import MOST_MOVES, Answered, Attendance, Attendee, Room, Said, unlike
from onboarding.domain.coffee import day_of
from onboarding.domain.errors import BadAnswer, Expired, NotFound
from onboarding.domain.languages import of_page
from onboarding.domain.meetings import Hold, Meeting, MeetingState
from onboarding.domain.people import Person
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import attending, round_mending
from onboarding.services.attending import Attended
from onboarding.services.directory import Directory, somebody
from onboarding.services.engine import Engine
from onboarding.services.situations import situation


class Choice(StrEnum):
    """What may be pressed, beside one of the other times."""

    ACCEPT = "accept"
    DECLINE = "decline"
    NO_TIME = "no_time"


SAID = {Choice.ACCEPT: Said.ACCEPTED, Choice.DECLINE: Said.DECLINED, Choice.NO_TIME: Said.NO_TIME}


class Stand(StrEnum):
    """Where a meeting stands for whoever opens its page."""

    OPEN = "open"  # ahead: it may be answered
    OFF = "off"  # called off
    OVER = "over"  # has begun, or is over
    WITHOUT_YOU = "without_you"  # the reader takes part no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody else in a meeting, with the time on their own clock."""

    name: str
    when: str
    attendance: Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another time: `value` is what its button sends; in words of the reader's zone and of the others'."""

    value: str
    when: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """All that the page needs; texts are in `language`.

    `human` says that the People team was asked, `of_round` that it is a coffee of a round.
    """

    stand: Stand
    language: str
    when: str
    minutes: int
    sequence: int
    attendance: Attendance
    others: tuple[Other, ...]
    suggestions: tuple[Suggestion, ...]
    video_url: str
    may_move: bool
    human: bool
    of_round: bool


def open_meeting(engine: Engine, token: str, now: datetime) -> MeetingView:
    """What to show for a link; changes nothing.

    Raises:
        BadLink: the link is forged or damaged.
        NotFound: the meeting or the person is not known.
        Expired: the person has left.
        BadWords: the journey cannot be read now.
    """
    meeting_id, person_id = engine.links.read_meeting(token)
    with engine.store.read() as books:
        return _view(engine, books, meeting_id, person_id, now)


def press(
    engine: Engine, token: str, choice: str, now: datetime, *, sequence: int | None, reason: str = ""
) -> tuple[Attended, MeetingView]:
    """Take what somebody pressed, and show where the meeting stands then.

    Raises:
        BadLink, NotFound, Expired, BadWords: as `open_meeting`.
        BadAnswer: nothing was pressed that the page offers; nothing was changed.
    """
    meeting_id, person_id = engine.links.read_meeting(token)
    answer = _answer(choice, sequence, reason)
    with engine.store.read() as books:
        _reader(engine, Directory(books), person_id)
    attended = attending.attend(engine, meeting_id, person_id, answer, now)
    return attended, open_meeting(engine, token, now)


def _answer(choice: str, sequence: int | None, reason: str) -> Answered:
    if choice in SAID:
        return Answered(said=SAID[Choice(choice)], sequence=sequence, reason=reason)
    try:
        start = datetime.strptime(choice, SHAPE).replace(tzinfo=UTC)
    except ValueError as error:
        raise BadAnswer({"choice": "this is not one of the choices"}) from error
    return Answered(said=Said.COUNTER, sequence=sequence, start=start, reason=reason)


SHAPE = "%Y-%m-%dT%H:%MZ"
"""How another time stands in a form: in UTC, to the minute."""


def _reader(engine: Engine, directory: Directory, person_id: str) -> Person:
    person = somebody(engine.company, directory, person_id)
    if person is None:
        raise NotFound("this person is not known any more")
    if not person.active:
        raise Expired("this person has left")
    return person


def _view(engine: Engine, books: Books, meeting_id: str, person_id: str, now: datetime) -> MeetingView:
    directory = Directory(books)
    reader = _reader(engine, directory, person_id)
    meeting = books.meetings.get(meeting_id)
    if meeting is None:
        raise NotFound("there is no such meeting")
    known = {one.person_id: one for one in books.meetings.attendees(meeting_id)}
    others = [
        one for each in meeting.people if each != person_id and (one := somebody(engine.company, directory, each))
    ]
    stand = _stand(meeting, person_id, now)
    may_move = stand is Stand.OPEN and not meeting.hold and meeting.moves < MOST_MOVES
    mine = known.get(person_id, Attendee(person_id=person_id))
    return MeetingView(
        stand=stand,
        language=reader.language,
        when=moment_in_words(meeting.starts_at, reader.time_zone, of_page(reader.language)),
        minutes=(meeting.ends_at - meeting.starts_at) // timedelta(minutes=1),
        sequence=meeting.sequence,
        attendance=mine.attendance,
        others=tuple(_other(one, meeting, known.get(one.id), of_page(reader.language)) for one in others),
        suggestions=_suggestions(engine, books, meeting, reader, others, now) if may_move else (),
        video_url=engine.company.video_of(meeting.id) if stand is Stand.OPEN else "",
        may_move=may_move,
        human=meeting.hold is Hold.STUCK,
        of_round=day_of(meeting.hire_id) is not None,
    )


def _stand(meeting: Meeting, person_id: str, now: datetime) -> Stand:
    if meeting.state is MeetingState.CANCELLED:
        return Stand.OFF
    if person_id not in meeting.people:
        return Stand.WITHOUT_YOU
    return Stand.OVER if meeting.starts_at <= now else Stand.OPEN


def _other(one: Person, meeting: Meeting, said: Attendee | None, language: str) -> Other:
    return Other(
        name=one.name,
        when=moment_in_words(meeting.starts_at, one.time_zone, language),
        attendance=said.attendance if said else Attendance.NEEDS_ACTION,
    )


def _suggestions(
    engine: Engine, books: Books, meeting: Meeting, reader: Person, others: list[Person], now: datetime
) -> tuple[Suggestion, ...]:
    """Three other times that suit everybody, on other days where there are any."""
    room = room_of(engine, books, meeting, now)
    if room is None:
        return ()
    other_days, other_times = unlike(room, meeting)
    zones = dict.fromkeys(one.time_zone for one in others if one.time_zone != reader.time_zone)
    return tuple(
        Suggestion(
            value=slot.starts_at.astimezone(UTC).strftime(SHAPE),
            when=moment_in_words(slot.starts_at, reader.time_zone, of_page(reader.language)),
            others=tuple(moment_in_words(slot.starts_at, zone, of_page(reader.language)) for zone in zones),
        )
        for slot in other_days.choices() or other_times.choices()
    )


def room_of(engine: Engine, books: Books, meeting: Meeting, now: datetime) -> Room | None:
    """Where another time of any meeting of ours is looked for."""
    directory = Directory(books)
    if day_of(meeting.hire_id):
        return round_mending.room_of(engine, books, directory, meeting, now)
    hire = books.hires.get(meeting.hire_id)
    if hire is None:
        return None
    return attending.room_of(books, situation(engine, books, directory, hire, now), meeting, now)
