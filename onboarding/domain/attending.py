"""What does somebody answer to an invitation, and what do we know of each who is invited?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.domain.meetings import Meeting
from onboarding.domain.slots import Busy, Seat, Slot, find_slot, in_reach, is_taken, suggestions, suits

MOST_MOVES = 2
"""How often those who meet may move a meeting before a human looks at it."""

LONGEST_REASON = 200
"""Characters of a reason that are kept."""

A_DAY = timedelta(days=1)

NEAR = (timedelta(hours=2), timedelta(hours=6), A_DAY, 3 * A_DAY, 7 * A_DAY)
"""How far from a time that somebody asked for another one is looked for: the nearest span that has one."""

SUGGESTED = 3
"""How many other times are suggested to somebody who cannot come."""

ENOUGH = 2
"""With fewer people there is no meeting."""


class Attendance(StrEnum):
    """Whether somebody comes, by the names of RFC 5545 section 3.2.12 (PARTSTAT) in small letters."""

    NEEDS_ACTION = "needs-action"  # has not answered to the time that stands
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class Said(StrEnum):
    """The kinds of answers."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    COUNTER = "counter"  # another time, which the answer names
    NO_TIME = "no_time"  # no time that we could suggest: a human helps


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer to an invitation, whichever way it came.

    `sequence` is the SEQUENCE of the invitation that is answered, None for the one that stands. `start` and `end`
    (aware) belong to a COUNTER; the meeting keeps its own length. `reason` is in the words of whoever answers.
    """

    said: Said
    sequence: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.said is Said.COUNTER) != (self.start is not None):
            raise ValueError("a counter, and nothing else, names another time")
        if any(one is not None and one.tzinfo is None for one in (self.start, self.end)):
            raise ValueError("another time needs a zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody who is invited to a meeting, and what they answered.

    `attendance` is about the SEQUENCE that stands: a new one asks anew (RFC 5546 section 2.1.4). `answered_at`,
    `sequence_answered` and `reason` are of their last answer, whichever SEQUENCE it was about.
    """

    person_id: str
    attendance: Attendance = Attendance.NEEDS_ACTION
    answered_at: datetime | None = None
    sequence_answered: int | None = None
    reason: str = ""


def out_of_hours(seats: Sequence[Seat], start: datetime, end: datetime) -> list[str]:
    """The ids of those who do not let themselves be met throughout that time (UTC)."""
    return [one.person_id for one in seats if not in_reach(one, start, end)]


def busy(seats: Sequence[Seat], start: datetime, end: datetime) -> list[str]:
    """The ids of those who surely have something else at that time (UTC)."""
    return [one.person_id for one in seats if is_taken(one, start, end)]


def goes_on(meeting: Meeting, attendees: Sequence[Attendee]) -> bool:
    """Whether a meeting makes sense for those who have not declined: two of them, and the newcomer among them."""
    out = {one.person_id for one in attendees if one.attendance is Attendance.DECLINED}
    coming = [one for one in meeting.people if one not in out]
    return len(coming) >= ENOUGH and (meeting.hire_id in coming or meeting.hire_id not in meeting.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where another time of a meeting is looked for: between two moments (UTC), free of everybody's busy times."""

    seats: tuple[Seat, ...]
    length: timedelta
    earliest: datetime
    latest: datetime

    def without(self, start: datetime, end: datetime) -> Room:
        """The same, but for that time."""
        taken = Busy(start=start, end=end)
        return replace(self, seats=tuple(replace(one, busy=(*one.busy, taken)) for one in self.seats))

    def best(self) -> Slot | None:
        """The kindest time."""
        return find_slot(self.seats, minutes=self._minutes, earliest=self.earliest, latest=self.latest)

    def choices(self) -> list[Slot]:
        """Up to three times in order, each on another day."""
        best = self.best()
        if best is None:
            return []
        more = suggestions(self.seats, minutes=self._minutes, earliest=self.earliest, latest=self.latest)
        kindest = sorted(more, key=lambda slot: (slot.cost, slot.starts_at))[: SUGGESTED - 1]
        return sorted([best, *kindest], key=lambda slot: slot.starts_at)

    def holds(self, start: datetime) -> bool:
        """Whether the meeting could be then."""
        if not self.earliest <= start <= self.latest - self.length:
            return False
        return all(suits(one, start, start + self.length) for one in self.seats)

    def near(self, start: datetime) -> Slot | None:
        """That time itself when it suits everybody, else the kindest one of those nearby."""
        if self.holds(start):
            return Slot(starts_at=start, ends_at=start + self.length, cost=0)
        if not self.earliest - NEAR[-1] <= start <= self.latest + NEAR[-1]:
            return None  # a year that no calendar has comes to an end here, too
        for span in NEAR:
            earliest, latest = max(self.earliest, start - span), min(self.latest, start + span)
            found = replace(self, earliest=earliest, latest=latest).best() if earliest < latest else None
            if found is not None:
                return found
        return None

    @property
    def _minutes(self) -> int:
        return self.length // timedelta(minutes=1)


def unlike(room: Room, meeting: Meeting) -> tuple[Room, Room]:
    """The room but for the days, and but for the times, at which somebody could not come to a meeting."""
    elsewhen = room.without(meeting.starts_at, meeting.ends_at)
    if meeting.moved_from is not None:
        elsewhen = elsewhen.without(meeting.moved_from, meeting.moved_from + room.length)
    return elsewhen.without(meeting.starts_at - A_DAY / 2, meeting.ends_at + A_DAY / 2), elsewhen
