"""How fast is a kind hour found, and how much kinder is it than the first free one?

The floor knows hours, days off and appointments, and takes the first hour at which everybody is free, as most
schedulers do. It weighs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from time import process_time

from onboarding.domain.calendars import ONE_DAY, Calendar, minute_of
from onboarding.domain.discomfort import steepness
from onboarding.domain.preferences import STRETCHES
from onboarding.domain.slots import Busy, Seat, Slot, find_slot
from tests import companies
from tests.benchmarks.match import beside
from tests.benchmarks.measuring import Measure, duration
from tests.domain.every_quarter import cheapest

MINUTES = 25
LENGTH = timedelta(minutes=MINUTES)
TWO_WEEKS = timedelta(days=14)
APPOINTMENTS = 200
COHORT = 12
MEETINGS, PEOPLE, WEEKS = 1_000, 400, 12
ONE_COHORT_IN = 50
TIMES = 20
COUNTRIES = {"Berlin": "DE", "London": "GB", "Madrid": "ES", "Nairobi": "KE", "Pune": "IN", "Manila": "PH"}
COUNTRIES |= {"Tokyo": "JP", "Sydney": "AU", "Sao Paulo": "BR"}

Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A meeting that is wanted: who is in it, the newcomer first, and from when."""

    people: tuple[str, ...]
    earliest: datetime


def slot() -> list[Measure]:
    """CPU time of one slot beside the floor and beside trying every quarter; then a season of meetings."""
    company = _company()
    found = []
    for size in (2, COHORT):
        near = [one for one in company.values() if one.calendar.zone.key.startswith(("Europe", "Africa"))][:size]
        dice = Random(size)  # noqa: S311 -- appointments are drawn, not secrets
        seats = [replace(one, busy=tuple(_appointments(dice, APPOINTMENTS, _start(), TWO_WEEKS))) for one in near]
        if size > 2:  # a dozen people with as many appointments as two never are free at once
            seats = [replace(one, busy=one.busy[:: size // 2]) for one in seats]
        name = f"slot, {size} people with {len(seats[0].busy)} appointments"
        ours = _cpu(lambda seats=seats: _kindest(seats, _start()))  # type: ignore[misc]  # bound at once
        floor = _cpu(lambda seats=seats: first_free(seats, _start()))  # type: ignore[misc]  # as above
        found.append(duration(f"{name}: CPU time", size, ours, floor))
        slow = _cpu(lambda seats=seats: cheapest(seats, MINUTES, _start(), _start() + TWO_WEEKS), 1)  # type: ignore[misc]  # as above
        found.append(duration(f"{name}: beside every quarter", size, ours, slow))
    return [*found, *_season(company)]


def first_free(seats: Sequence[Seat], earliest: datetime) -> Slot | None:
    """The first time from then on at which all are free."""
    latest = earliest + TWO_WEEKS
    taken = sorted(
        (one.start, one.end) for seat in seats for one in [*seat.busy, *_closed(seat, earliest, latest)]
    )
    start = earliest
    for begins, ends in taken:
        if begins - start >= LENGTH:
            break
        start = max(start, ends)
    return Slot(starts_at=start, ends_at=start + LENGTH, cost=0) if start + LENGTH <= latest else None


def _closed(seat: Seat, earliest: datetime, latest: datetime) -> Iterable[Busy]:
    """When somebody does not work."""
    day, last, since = seat.calendar.day_of(earliest), seat.calendar.day_of(latest), earliest
    while day <= last:
        if window := seat.reach.window(day):
            yield Busy(start=since, end=window[0])
            since = window[1]
        day += ONE_DAY
    yield Busy(start=since, end=latest)


def _season(company: Mapping[str, Seat]) -> list[Measure]:
    """Twelve weeks of meetings, each with everything that was arranged before it."""
    wanted = _wanted(list(company))
    start = process_time()
    ours = _arrange(company, wanted, _kindest)
    took, start = process_time() - start, process_time()
    theirs = _arrange(company, wanted, first_free)
    floor = process_time() - start
    name = "slot, a season of meetings"
    outside = [_at_the_edge(company, one) for one in (ours, theirs)]
    doubled = [_doubled(company, one) for one in (ours, theirs)]
    return [
        duration(f"{name}: CPU time", MEETINGS, took, floor),
        beside(f"{name}: without an hour", MEETINGS, "meetings", ours.count(None), theirs.count(None)),
        beside(f"{name}: minutes at the edge", MEETINGS, "minutes", *outside),
        beside(f"{name}: second of a day", MEETINGS, "meetings", *doubled),
    ]


Arranged = tuple[tuple[str, ...], Slot]


def _arrange(
    company: Mapping[str, Seat], wanted: Sequence[Wanted], find: Callable[[Sequence[Seat], datetime], Slot | None]
) -> list[Arranged | None]:
    book: defaultdict[str, list[Busy]] = defaultdict(list)
    found: list[Arranged | None] = []
    for one in wanted:
        seats = [
            replace(company[who], busy=(*company[who].busy, *book[who]), is_hire=place == 0)
            for place, who in enumerate(one.people)
        ]
        slot = find(seats, one.earliest)
        found.append((one.people, slot) if slot else None)
        if slot:
            for who in one.people:
                book[who].append(Busy(start=slot.starts_at, end=slot.ends_at, meeting=True))
    return found


def _at_the_edge(company: Mapping[str, Seat], arranged: Iterable[Arranged | None]) -> float:
    """Minutes outside the middle of somebody's day, each as steep as it is."""
    return sum(MINUTES * _steep(company[who].calendar, one[1]) for one in arranged if one for who in one[0])


def _steep(calendar: Calendar, slot: Slot) -> float:
    hours = minute_of(calendar.hours.start), minute_of(calendar.hours.end)
    return steepness(minute_of(slot.starts_at.astimezone(calendar.zone).time()), MINUTES, hours)


def _doubled(company: Mapping[str, Seat], arranged: Iterable[Arranged | None]) -> int:
    """Meetings of somebody who has another one on that day."""
    days = [(who, company[who].calendar.day_of(one[1].starts_at)) for one in arranged if one for who in one[0]]
    return len(days) - len(set(days))


def _kindest(seats: Sequence[Seat], earliest: datetime) -> Slot | None:
    return find_slot(seats, minutes=MINUTES, earliest=earliest, latest=earliest + TWO_WEEKS)


def _company() -> dict[str, Seat]:
    """People with twelve weeks of appointments, some not certain, a few with hours that stretch."""
    dice = Random(3)  # noqa: S311 -- as above
    found = {}
    for one in companies.people(PEOPLE):
        person = replace(one, country=COUNTRIES.get(one.location, "US"))
        stretch = dice.choice((0, 0, 0, *STRETCHES))
        found[one.id] = Seat(
            person_id=one.id,
            calendar=Calendar.of(person),
            busy=tuple(_appointments(dice, 20 * WEEKS, _start(), timedelta(weeks=WEEKS + 2))),
            flexible_before=stretch,
            flexible_after=stretch,
        )
    return found


def _appointments(dice: Random, count: int, start: datetime, span: timedelta) -> Iterable[Busy]:
    quarters = span // timedelta(minutes=15)
    for _ in range(count):
        begins = start + dice.randrange(quarters) * timedelta(minutes=15)
        length = timedelta(minutes=dice.choice((25, 30, 60)))
        yield Busy(start=begins, end=begins + length, tentative=dice.random() < 0.1)


def _wanted(ids: Sequence[str]) -> list[Wanted]:
    dice = Random(5)  # noqa: S311 -- as above
    return [
        Wanted(
            people=tuple(dice.sample(ids, 4 if number % ONE_COHORT_IN == 0 else 2)),
            earliest=_start() + timedelta(days=number * 7 * WEEKS // MEETINGS),
        )
        for number in range(MEETINGS)
    ]


def _start() -> datetime:
    return Calendar.of(companies.people(1)[0]).moment(companies.DAY, time(0))


def _cpu(work: Callable[[], object], times: int = TIMES) -> float:
    """The least CPU seconds of several attempts; what is remembered of calendars is there from the first on."""
    work()

    def once() -> float:
        start = process_time()
        work()
        return process_time() - start

    return min(once() for _ in range(times))
