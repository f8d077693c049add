"""When can these people meet, so that it is kind to everybody?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onboarding.domain.calendars import ONE_DAY, Calendar, minute_of
from onboarding.domain.discomfort import (
    FOR_THE_HIRE,
    LATER_DAY,
    MAYBE_TAKEN,
    MINUTES_OF_A_QUARTER,
    SECOND_MEETING,
    Day,
    of_a_day,
)
from onboarding.domain.quarters import Quarters, bits, numbers
from onboarding.domain.turns import bent, weights

MORE = 3
"""How many further slots are suggested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Time that is taken (UTC); `meeting` marks one of ours, of which a person gets one a day if possible.

    Those of the last ninety days say whose turn it is to have the kinder hour (`domain.turns`).
    What is `tentative` is avoided while there is another hour, and not forbidden.
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
    """One person at the table, and by how many minutes their hours may stretch at either end."""

    person_id: str
    calendar: Calendar
    busy: tuple[Busy, ...] = ()
    is_hire: bool = False
    flexible_before: int = 0
    flexible_after: int = 0

    @property
    def reach(self) -> Calendar:
        """The calendar with the hours in which they let themselves be met."""
        return self.calendar.stretched(self.flexible_before, self.flexible_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time that suits everybody (UTC); the lower the cost, the kinder, and 0 is the middle of a good day."""

    starts_at: datetime
    ends_at: datetime
    cost: float


def find_slot(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> Slot | None:
    """The kindest slot between `earliest` and `latest`; None when there is none.

    It lies on a working day of everybody, inside the hours in which they let themselves be met, and touches
    nothing that is surely busy. The order of the seats does not matter; of equal slots the first wins.

    Raises:
        ValueError: without seats, without minutes, or for a naive moment.
    """
    ranked = _ranked(seats, minutes=minutes, earliest=earliest, latest=latest)
    return ranked[0] if ranked else None


def suggestions(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> list[Slot]:
    """Up to three further slots in order of time, each on another day than the others and than `find_slot`'s."""
    ranked = _ranked(seats, minutes=minutes, earliest=earliest, latest=latest)
    return sorted(ranked[1 : 1 + MORE], key=lambda slot: slot.starts_at)


def suits(seat: Seat, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a meeting lies inside the hours in which somebody lets themselves be met, and they are free."""
    return in_reach(seat, starts_at, ends_at) and not is_taken(seat, starts_at, ends_at)


def in_reach(seat: Seat, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a time lies inside the hours in which somebody lets themselves be met."""
    window = seat.reach.window(seat.calendar.day_of(starts_at))
    return window is not None and window[0] <= starts_at and ends_at <= window[1]


def is_taken(seat: Seat, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether somebody surely has something else at that time."""
    taken = (one for one in seat.busy if not one.tentative and one.start < one.end)
    return any(one.start < ends_at and starts_at < one.end for one in taken)


def share_no_hour(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> bool:
    """Whether their hours never meet for that long between the two moments, however free they are.

    Where this is False and `find_slot` gives None, they are merely busy.

    Raises:
        ValueError: without seats, without minutes, or for a naive moment.
    """
    quarters = _quarters(seats, minutes, earliest, latest)
    common = -1
    for seat in seats:
        common &= _at_work(_days(seat.reach, quarters))
    return not common


def _ranked(seats: Sequence[Seat], *, minutes: int, earliest: datetime, latest: datetime) -> list[Slot]:
    """The best slot of each day of the hire (else of the first person by id), kindest day first."""
    quarters = _quarters(seats, minutes, earliest, latest)
    table = sorted(seats, key=lambda seat: (not seat.is_hire, seat.person_id))
    days = [_days(seat.reach, quarters) for seat in table]
    free = -1
    for seat, theirs in zip(table, days, strict=True):
        free &= _at_work(theirs) & ~_taken(seat, quarters)
    if not free:
        return []
    starts = numbers(free)
    costs = [0.0] * len(starts)
    weighed = _weights(table, earliest)
    unsure = MAYBE_TAKEN * max(weighed)
    for seat, weight, theirs in zip(table, weighed, days, strict=True):
        _add(costs, starts, _Party(seat, weight, unsure, theirs), quarters)
    today = table[0].calendar.day_of(earliest)
    best: list[Slot] = []
    for one in days[0]:
        waiting = LATER_DAY * (one.day - today).days
        first, end = bisect_left(starts, one.starts.start), bisect_left(starts, one.starts.stop)
        if first < end:
            cost, place = min((round(waiting + costs[place], 3), place) for place in range(first, end))
            start = quarters.at(starts[place])
            best.append(Slot(starts_at=start, ends_at=start + quarters.length, cost=cost))
    return sorted(best, key=lambda slot: (slot.cost, slot.starts_at))


def _quarters(seats: Sequence[Seat], minutes: int, earliest: datetime, latest: datetime) -> Quarters:
    if not seats or minutes <= 0:
        raise ValueError("a slot needs people and minutes")
    if earliest.tzinfo is None or latest.tzinfo is None:
        raise ValueError("a slot is looked for between aware moments")
    return Quarters.between(earliest, latest, timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class _Day:
    """A working day of somebody, and the quarters at which a meeting may begin on it."""

    day: date
    starts: range


def _days(calendar: Calendar, quarters: Quarters) -> list[_Day]:
    """Their working days on which a meeting may begin, in order."""
    if not quarters.count:
        return []
    day, last = (calendar.day_of(quarters.at(number)) for number in (0, quarters.count - 1))
    found: list[_Day] = []
    while day <= last:
        if (window := calendar.window(day)) and (starts := quarters.inside(*window)):
            found.append(_Day(day, starts))
        day += ONE_DAY
    return found


def _at_work(days: Sequence[_Day]) -> int:
    """The quarters of all these days, as bits."""
    found = 0
    for one in days:
        found |= bits(one.starts)
    return found


def _taken(seat: Seat, quarters: Quarters, *, tentative: bool = False) -> int:
    """The quarters at which a meeting would overlap something of theirs, as bits."""
    found, first, last = 0, quarters.origin, quarters.at(quarters.count) + quarters.length
    for busy in seat.busy:
        if busy.tentative is tentative and busy.start < last and busy.end > first:
            found |= bits(quarters.touching(busy.start, busy.end))
    return found


def _weights(table: Sequence[Seat], at: datetime) -> list[float]:
    """How often the discomfort of each counts: that of newcomers, and of whoever bent last, more often."""
    met = ([(busy.start, busy.end) for busy in seat.busy if busy.meeting] for seat in table)
    lately = [bent(seat.calendar, theirs, at) for seat, theirs in zip(table, met, strict=True)]
    return [
        weight * (FOR_THE_HIRE if seat.is_hire else 1.0)
        for seat, weight in zip(table, weights(lately), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Party:
    """Somebody at the table, how often their discomfort counts, what a tentative hour costs, and working days."""

    seat: Seat
    weight: float
    unsure: float
    days: Sequence[_Day]


def _add(costs: list[float], starts: Sequence[int], party: _Party, quarters: Quarters) -> None:
    """Add what each start costs one person."""
    seat, weight, calendar = party.seat, party.weight, party.seat.calendar
    minutes = quarters.length // timedelta(minutes=1)
    hours = minute_of(calendar.hours.start), minute_of(calendar.hours.end)
    maybe = _taken(seat, quarters, tentative=True)
    met = {calendar.day_of(busy.start) for busy in seat.busy if busy.meeting}
    for one in party.days:
        first, end = bisect_left(starts, one.starts.start), bisect_left(starts, one.starts.stop)
        if first == end:
            continue
        after_off, before_off = (not calendar.is_working_day(one.day + n * ONE_DAY) for n in (-1, 1))
        table = of_a_day(minutes, Day(hours, calendar.office.lunch, after_off, before_off))
        second = SECOND_MEETING if one.day in met else 0.0
        places = range(first, end)
        for place, quarter in zip(places, _local(calendar, quarters, starts[first:end]), strict=True):
            unsure = party.unsure if maybe >> starts[place] & 1 else 0.0
            costs[place] += weight * table[quarter] + second + unsure


def _local(calendar: Calendar, quarters: Quarters, starts: Sequence[int]) -> Iterator[int]:
    """Which quarter of their local day each of these starts of one day is."""
    first, last = (quarters.at(number).astimezone(calendar.zone) for number in (starts[0], starts[-1]))
    if first.utcoffset() == last.utcoffset():
        shift = minute_of(first.time()) // MINUTES_OF_A_QUARTER - starts[0]
        return (number + shift for number in starts)
    moments = (quarters.at(number).astimezone(calendar.zone) for number in starts)  # the clocks change in between
    return (minute_of(moment.time()) // MINUTES_OF_A_QUARTER for moment in moments)
