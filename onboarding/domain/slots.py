"""When can these people meet, so that it is kind to everybody?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from onboarding.domain.calendars import ONE_DAY, Calendar, minute_of

GRID = timedelta(minutes=15)
"""Every zone in use today lies a multiple of 15 minutes from UTC, so this grid is a grid on everybody's clock."""

ROOM = 60  # minutes from either end of the hours that feel like the middle of the day
EDGE = 10.0  # the very edge of the hours; falls with the square of the distance
LUNCH = (12 * 60, 13 * 60)  # local minutes
OVER_LUNCH = 8.0  # a meeting wholly inside lunch
EARLY = 90  # minutes after the start that still are early after days off
AFTER_DAYS_OFF = 6.0  # early Monday
BEFORE_DAYS_OFF = 6.0  # Friday afternoon
LATER_DAY = 0.4  # for each day of waiting
SECOND_MEETING = 1000.0  # more than all others together: only where there is no other day
FOR_THE_HIRE = 2.0  # the newcomer's discomfort counts double

MORE = 3
"""How many further slots are suggested."""

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Time that is taken (UTC).

    `meeting` marks one of ours, of which a person gets one a day if possible; `tentative` what its owner has not
    agreed to for sure.
    """

    start: datetime
    end: datetime
    meeting: bool = False
    tentative: bool = False

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("busy time without a zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person at the table."""

    person_id: str
    calendar: Calendar
    busy: tuple[Busy, ...] = ()
    is_hire: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time that suits everybody (UTC); the lower the cost, the kinder, and 0 is the middle of a good day."""

    starts_at: datetime
    ends_at: datetime
    cost: float


def find_slot(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> Slot | None:
    """The kindest slot between `earliest` and `latest`; None when there is none.

    It lies inside everybody's working hours on a working day of theirs and touches nothing that is busy. The
    order of the seats does not matter; of equal slots the first wins.

    Raises:
        ValueError: without seats, without minutes, or for a naive moment.
    """
    ranked = _ranked(seats, minutes=minutes, earliest=earliest, latest=latest)
    return ranked[0] if ranked else None


def suggestions(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> list[Slot]:
    """Up to three further slots in order of time, each on another day than the others and than `find_slot`'s."""
    ranked = _ranked(seats, minutes=minutes, earliest=earliest, latest=latest)
    return sorted(ranked[1 : 1 + MORE], key=lambda slot: slot.starts_at)


def _ranked(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> list[Slot]:
    """The best slot of each day of the hire (else of the first person by id), kindest day first."""
    if not seats or minutes <= 0:
        raise ValueError("a slot needs people and minutes")
    if earliest.tzinfo is None or latest.tzinfo is None:
        raise ValueError("a slot is looked for between aware moments")
    table = sorted(seats, key=lambda seat: (not seat.is_hire, seat.person_id))
    costs = [_Discomfort(seat) for seat in table]
    today = table[0].calendar.day_of(earliest)
    best: dict[date, Slot] = {}
    for start in _starts(table, timedelta(minutes=minutes), (earliest.astimezone(UTC), latest.astimezone(UTC))):
        day = table[0].calendar.day_of(start)
        waiting = LATER_DAY * (day - today).days
        cost = round(waiting + sum(discomfort.at(start, minutes) for discomfort in costs), 3)
        if day not in best or cost < best[day].cost:
            best[day] = Slot(starts_at=start, ends_at=start + timedelta(minutes=minutes), cost=cost)
    return sorted(best.values(), key=lambda slot: (slot.cost, slot.starts_at))


class _Discomfort:
    """What a meeting costs one person, by the hour and the day; remembers what it knows of each day."""

    def __init__(self, seat: Seat) -> None:
        self.calendar = seat.calendar
        self.weight = FOR_THE_HIRE if seat.is_hire else 1.0
        self.start, self.end = minute_of(seat.calendar.hours.start), minute_of(seat.calendar.hours.end)
        self.meetings = frozenset(seat.calendar.day_of(busy.start) for busy in seat.busy if busy.meeting)
        self.days: dict[date, tuple[float, float, float]] = {}

    def at(self, start: datetime, minutes: int) -> float:
        """The cost of a meeting that starts then (UTC)."""
        local = start.astimezone(self.calendar.zone)
        begins = local.hour * 60 + local.minute
        ends = begins + minutes
        early, late, second = self._of_day(local.date())
        cost = EDGE * (max(0, ROOM - min(begins - self.start, self.end - ends)) / ROOM) ** 2
        cost += OVER_LUNCH * max(0, min(ends, LUNCH[1]) - max(begins, LUNCH[0])) / minutes
        if begins < self.start + EARLY:
            cost += early
        if 2 * begins >= self.start + self.end:
            cost += late
        return self.weight * cost + second

    def _of_day(self, day: date) -> tuple[float, float, float]:
        """What that day adds: early after days off, in the second half before days off, beside another meeting."""
        if day not in self.days:
            self.days[day] = (
                0.0 if self.calendar.is_working_day(day - ONE_DAY) else AFTER_DAYS_OFF,
                0.0 if self.calendar.is_working_day(day + ONE_DAY) else BEFORE_DAYS_OFF,
                SECOND_MEETING if day in self.meetings else 0.0,
            )
        return self.days[day]


def _starts(seats: Sequence[Seat], length: timedelta, between: Interval) -> Iterator[datetime]:
    """Every start on the grid at which everybody is free for that long."""
    free = [between]
    for seat in seats:
        free = _both(free, _windows(seat.calendar, between))
        free = _both(free, _gaps(seat.busy, between))
    for opens, closes in free:
        start = opens + (datetime.min.replace(tzinfo=UTC) - opens) % GRID
        while start + length <= closes:
            yield start
            start += GRID


def _windows(calendar: Calendar, between: Interval) -> list[Interval]:
    """Their working hours on the days that touch that interval."""
    day, last = (calendar.day_of(moment) for moment in between)
    windows: list[Interval] = []
    while day <= last:
        if window := calendar.window(day):
            windows.append(window)
        day += ONE_DAY
    return windows


def _gaps(busy: Sequence[Busy], between: Interval) -> list[Interval]:
    """What lies between the busy times, which may overlap and come in any order."""
    free: list[Interval] = []
    start, last = between
    for taken in sorted((taken.start, taken.end) for taken in busy if taken.start < taken.end):
        if start < taken[0]:
            free.append((start, taken[0]))
        start = max(start, taken[1])
    return [*free, (start, last)] if start < last else free


def _both(a: Sequence[Interval], b: Sequence[Interval]) -> list[Interval]:
    """The intersection of two lists of ordered, disjoint intervals."""
    common: list[Interval] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if start < end:
            common.append((start, end))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return common
