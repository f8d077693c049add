"""Every quarter of an hour, tried one by one: slow, and easy to believe. What `find_slot` must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat

from onboarding.domain.calendars import ONE_DAY, minute_of
from onboarding.domain.slots import Busy, Seat, Slot

QUARTER = timedelta(minutes=15)
FIVE = timedelta(minutes=5)
INSTANT = timedelta(seconds=1)


def suits(seat: Seat, start: datetime, end: datetime) -> bool:
    """Whether a meeting suits somebody, from the definition and nothing else."""
    moments = [start + n * FIVE for n in range((end - start) // FIVE)]
    if len({seat.calendar.day_of(moment) for moment in [*moments, end - INSTANT]}) > 1:
        return False
    if not all(_in_hours(seat, moment) for moment in [*moments, end - INSTANT]):
        return False
    return not any(one.start < end and start < one.end for one in _taken(seat, tentative=False))


def cheapest(seats: Sequence[Seat], minutes: int, earliest: datetime, latest: datetime) -> Slot | None:
    """The kindest slot, the first of equal ones."""
    first = min(seats, key=lambda seat: (not seat.is_hire, seat.person_id)).calendar
    today = first.day_of(earliest)
    lately = [_bent(seat, earliest) for seat in seats]
    more = [one - min(lately) for one in lately]
    weights = [
        (2 if seat.is_hire else 1) * (1 + 7 * one / (one + 1)) for seat, one in zip(seats, more, strict=True)
    ]
    best: Slot | None = None
    start = datetime(2020, 1, 1, tzinfo=UTC)
    start += -((start - earliest) // QUARTER) * QUARTER
    while (end := start + timedelta(minutes=minutes)) <= latest:
        if all(suits(seat, start, end) for seat in seats):
            waiting = 0.4 * (first.day_of(start) - today).days
            cost = waiting + sum(map(_cost, seats, repeat(start), repeat(minutes), weights))
            cost = round(cost + 12 * max(weights) * sum(_is_unsure(seat, start, end) for seat in seats), 3)
            if best is None or cost < best.cost - 0.0015:  # sums of fractions differ in their last digits
                best = Slot(starts_at=start, ends_at=end, cost=cost)
        start += QUARTER
    return best


def _in_hours(seat: Seat, moment: datetime) -> bool:
    """Whether the clock on the wall shows hours in which they let themselves be met."""
    local = moment.astimezone(seat.calendar.zone)
    opens, closes = minute_of(seat.calendar.hours.start), minute_of(seat.calendar.hours.end)
    opens = min(opens, max(opens - seat.flexible_before, 6 * 60))
    closes = max(closes, min(closes + seat.flexible_after, 22 * 60))
    return opens <= minute_of(local.time()) < closes and seat.calendar.is_working_day(local.date())


def _taken(seat: Seat, *, tentative: bool) -> list[Busy]:
    return [one for one in seat.busy if one.tentative is tentative and one.start < one.end]


def _is_unsure(seat: Seat, start: datetime, end: datetime) -> bool:
    return any(one.start < end and start < one.end for one in _taken(seat, tentative=True))


def _cost(seat: Seat, start: datetime, minutes: int, weight: float) -> float:
    """What the hour and the day cost one person, whose discomfort counts so often."""
    calendar, local = seat.calendar, start.astimezone(seat.calendar.zone)
    opens, closes = minute_of(calendar.hours.start), minute_of(calendar.hours.end)
    begins = minute_of(local.time())
    room = min(begins - opens, closes - begins - minutes)
    cost = 10 * ((60 - room) / 60) ** 2 if room < 60 else 0.0
    cost += 8 * sum(12 * 60 <= begins + n < 13 * 60 for n in range(minutes)) / minutes
    if begins - opens < 90 and not calendar.is_working_day(local.date() - ONE_DAY):
        cost += 6
    if begins - opens >= closes - begins and not calendar.is_working_day(local.date() + ONE_DAY):
        cost += 6
    cost *= weight
    if any(one.meeting and calendar.day_of(one.start) == local.date() for one in seat.busy):
        cost += 100_000
    return cost


def _bent(seat: Seat, at: datetime) -> float:
    """Minutes at the edge of their day that our meetings took of somebody, half as many for each week away."""
    opens, closes = minute_of(seat.calendar.hours.start), minute_of(seat.calendar.hours.end)
    found = 0.0
    for one in seat.busy:
        days = abs((one.start - at).total_seconds()) / 86400
        if one.meeting and days <= 90:
            minutes = int((one.end - one.start).total_seconds()) // 60
            begins = minute_of(one.start.astimezone(seat.calendar.zone).time())
            room = min(begins - opens, closes - begins - minutes, 60)
            found += minutes * ((60 - room) / 60) ** 2 / 2 ** (days / 7)
    return found
