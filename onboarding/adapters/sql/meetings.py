"""Who meets when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from onboarding.adapters.sql.rows import columns, insert_new, insert_or_replace, many, of_cohort, one, to_row
from onboarding.adapters.sql.tables import meeting_people, meetings
from onboarding.domain.attending import Attendance, Attendee
from onboarding.domain.meetings import Hold, Meeting, MeetingState

_ALL = select(*columns(meetings, Meeting)).order_by(meetings.c.starts_at, meetings.c.id)
_GET = _ALL.where(meetings.c.id == bindparam("meeting_id"))
_HELD = _GET.order_by(None).with_for_update()
_STUCK = (
    select(*columns(meetings, Meeting))
    .where(meetings.c.hold == text(f"'{Hold.STUCK}'"), meetings.c.held_at >= bindparam("since"))
    .order_by(meetings.c.held_at, meetings.c.id)
)
_OF_HIRE = _ALL.where(meetings.c.hire_id == bindparam("of_hire"))
_THEIRS = select(meeting_people.c.meeting_id).where(
    meeting_people.c.person_id.in_(bindparam("of_people", expanding=True))
)
_MINE = select(meeting_people.c.meeting_id).where(meeting_people.c.person_id == bindparam("of_person"))
_OF_PERSON = _ALL.where(meetings.c.id.in_(_MINE))
_OF_PEOPLE = _ALL.where(
    meetings.c.id.in_(_THEIRS),
    meetings.c.state == MeetingState.PLANNED,
    meetings.c.starts_at < bindparam("before"),
    meetings.c.ends_at > bindparam("after"),
)
_HIRE_BY_HIRE = _ALL.order_by(None).order_by(meetings.c.hire_id, meetings.c.starts_at, meetings.c.id)
_NEWEST = (
    select(meetings.c.step, func.max(meetings.c.starts_at))
    .where(meetings.c.state == MeetingState.PLANNED)
    .group_by(meetings.c.step)
)
_OF_MEETING = meeting_people.c.meeting_id == bindparam("of_meeting")
_FORGET_OTHERS = delete(meeting_people).where(
    _OF_MEETING, meeting_people.c.person_id.not_in(bindparam("those", expanding=True))
)
_ASK_ANEW = (
    update(meeting_people)
    .where(_OF_MEETING, meeting_people.c.sequence_answered != bindparam("stands"))
    .values(attendance=Attendance.NEEDS_ACTION)
)
_NOTE = (
    update(meeting_people)
    .where(_OF_MEETING, meeting_people.c.person_id == bindparam("of_person"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("attendance", "answered_at", "sequence_answered", "reason")}
    )
)
_ATTENDEES = select(*columns(meeting_people, Attendee)).where(_OF_MEETING).order_by(meeting_people.c.person_id)


class SqlMeetings:
    """Meetings in the table `meetings`, with `meeting_people` with who takes part and what they answered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, meeting: Meeting) -> None:
        """Insert or replace the meeting of that id."""
        statement = insert_or_replace(self._connection.dialect.name, meetings)
        self._connection.execute(statement, to_row(meeting))
        named = {"of_meeting": meeting.id}
        self._connection.execute(_FORGET_OTHERS, {**named, "those": list(meeting.people)})
        self._connection.execute(_ASK_ANEW, {**named, "stands": meeting.sequence})
        theirs = [{"meeting_id": meeting.id, **to_row(Attendee(person_id=one))} for one in set(meeting.people)]
        if theirs:
            new = insert_new(self._connection.dialect.name, meeting_people, "meeting_id", "person_id")
            self._connection.execute(new, theirs)

    def get(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id."""
        return one(self._connection, Meeting, _GET, meeting_id=meeting_id)

    def hold(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id, locked; SQLite lets in one writer at a time as it is."""
        return one(self._connection, Meeting, _HELD, meeting_id=meeting_id)

    def note(self, meeting_id: str, attendee: Attendee) -> None:
        """Remember the answer of somebody who takes part."""
        given = {f"new_{name}": value for name, value in to_row(attendee).items() if name != "person_id"}
        named = {"of_meeting": meeting_id, "of_person": attendee.person_id}
        self._connection.execute(_NOTE, {**named, **given})

    def attendees(self, meeting_id: str) -> list[Attendee]:
        """Everybody who takes part, by person."""
        return many(self._connection, Attendee, _ATTENDEES, of_meeting=meeting_id)

    def stuck(self, since: datetime) -> list[Meeting]:
        """Meetings for which nobody found a time, by (held_at, id)."""
        return many(self._connection, Meeting, _STUCK, since=since)

    def of_hire(self, hire_id: str) -> list[Meeting]:
        """All meetings of a hire by (starts_at, id)."""
        return many(self._connection, Meeting, _OF_HIRE, of_hire=hire_id)

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> list[Meeting]:
        """Planned meetings of any of these people that overlap start <= t < end, by (starts_at, id)."""
        return many(self._connection, Meeting, _OF_PEOPLE, of_people=list(people), after=start, before=end)

    def of_person(self, person_id: str) -> list[Meeting]:
        """All meetings in which a person takes part, by (starts_at, id)."""
        return many(self._connection, Meeting, _OF_PERSON, of_person=person_id)

    def of_cohort(self, first: date | None, last: date | None) -> list[Meeting]:
        """All meetings of the hires with a first day in first..last, by (hire_id, starts_at, id)."""
        return many(self._connection, Meeting, of_cohort(_HIRE_BY_HIRE, meetings.c.hire_id, first, last))

    def newest(self) -> dict[str, datetime]:
        """When the newest planned meeting of each step begins or began."""
        return {step: starts_at for step, starts_at in self._connection.execute(_NEWEST)}  # noqa: C416 -- rows, not tuples
