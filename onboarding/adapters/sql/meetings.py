"""Who meets when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, of_cohort, one, to_row
from onboarding.adapters.sql.tables import meeting_people, meetings
from onboarding.domain.meetings import Meeting, MeetingState

_ALL = select(*columns(meetings, Meeting)).order_by(meetings.c.starts_at, meetings.c.id)
_GET = _ALL.where(meetings.c.id == bindparam("meeting_id"))
_OF_HIRE = _ALL.where(meetings.c.hire_id == bindparam("of_hire"))
_THEIRS = select(meeting_people.c.meeting_id).where(
    meeting_people.c.person_id.in_(bindparam("of_people", expanding=True))
)
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
_FORGET_PEOPLE = delete(meeting_people).where(meeting_people.c.meeting_id == bindparam("of_meeting"))


class SqlMeetings:
    """Meetings in the table `meetings`, with `meeting_people` as an index of who takes part."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, meeting: Meeting) -> None:
        """Insert or replace the meeting of that id."""
        statement = insert_or_replace(self._connection.dialect.name, meetings)
        self._connection.execute(statement, to_row(meeting))
        self._connection.execute(_FORGET_PEOPLE, {"of_meeting": meeting.id})
        theirs = [{"meeting_id": meeting.id, "person_id": person_id} for person_id in set(meeting.people)]
        if theirs:
            self._connection.execute(insert(meeting_people), theirs)

    def get(self, meeting_id: str) -> Meeting | None:
        """The meeting of that id."""
        return one(self._connection, Meeting, _GET, meeting_id=meeting_id)

    def of_hire(self, hire_id: str) -> list[Meeting]:
        """All meetings of a hire by (starts_at, id)."""
        return many(self._connection, Meeting, _OF_HIRE, of_hire=hire_id)

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> list[Meeting]:
        """Planned meetings of any of these people that overlap start <= t < end, by (starts_at, id)."""
        return many(self._connection, Meeting, _OF_PEOPLE, of_people=list(people), after=start, before=end)

    def of_cohort(self, first: date | None, last: date | None) -> list[Meeting]:
        """All meetings of the hires with a first day in first..last, by (hire_id, starts_at, id)."""
        return many(self._connection, Meeting, of_cohort(_HIRE_BY_HIRE, meetings.c.hire_id, first, last))

    def newest(self) -> dict[str, datetime]:
        """When the newest planned meeting of each step begins or began."""
        return {step: starts_at for step, starts_at in self._connection.execute(_NEWEST)}  # noqa: C416 -- rows, not tuples
