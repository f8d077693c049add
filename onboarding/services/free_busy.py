"""When are people busy whom a meeting is to bring together? Their calendars are read before it is arranged.

No transaction is open meanwhile: one finds out whose calendars are needed for which days, then they are asked, and
one keeps what they said. A calendar that says nothing leaves the working hours alone, and the invitation says so.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from datetime import time as hour

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import SeatState, day_of
from onboarding.domain.delivery import Delivery, State
from onboarding.domain.free_busy import LONGEST, OWN, Held, Owner, Reading, Told
from onboarding.domain.journey import UPDATE, Verb
from onboarding.domain.meetings import Meeting, meeting_of
from onboarding.domain.members import DAYS
from onboarding.domain.people import Person
from onboarding.domain.slots import Busy
from onboarding.ports import Books, Served
from onboarding.services.admission import case_of
from onboarding.services.case import Case
from onboarding.services.engine import Engine
from onboarding.services.meeting_times import NOTICE, attendees, window
from onboarding.services.round_wishes import DRAW

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=15)
"""What was read, or said nothing, so lately is not asked again."""

PATIENCE = 120.0
"""Seconds after which no further place is asked: a worker must not be taken for dead (`dispatching.LEASE`)."""

A_DAY = timedelta(days=1)
OLD = timedelta(days=1)
"""What was read longer before a time was chosen says too little of it."""
KEPT = timedelta(days=1)
"""How long busy times are kept when they are past."""

Span = tuple[datetime, datetime]


@dataclass(slots=True, kw_only=True)
class _Wanted:
    """Who is asked where, for which span; `before` is what is held of them now, `ours` our meetings then."""

    served: Served
    owners: list[Owner] = field(default_factory=list)
    start: datetime
    end: datetime
    before: Mapping[str, Held]
    ours: Mapping[str, frozenset[Span]]


def read_for(engine: Engine, keys: Sequence[str], now: datetime) -> int:
    """Read the calendars of everybody whom these due deliveries bring together; returns how many were asked."""
    if not engine.calendars:
        return 0
    with engine.store.read() as books:
        if not _matters(engine, books, keys):
            return 0
        spans = _spans(engine, books, keys, now)
        wanted = _wanted(engine, books, spans, now)
    return _ask(engine, wanted, now)


def read_one(engine: Engine, person: Person, now: datetime) -> Reading | None:
    """Read one person's calendar for the next two weeks, however fresh the last reading; None without one."""
    with engine.store.read() as books:
        wanted = _wanted(engine, books, {person.id: (now, now + 14 * A_DAY)}, now, fresh=timedelta())
    _ask(engine, wanted, now)
    with engine.store.read() as books:
        return books.busy.readings([person.id]).get(person.id) if wanted else None


def served_by(engine: Engine, person: Person, address: str) -> Served | None:
    """Where that person's calendar is asked: at their own address, else in the first calendars that serve them."""
    if address:
        return next((one for one in engine.calendars if one.name == OWN), None)
    return next((one for one in engine.calendars if one.serves(person)), None)


def unread(engine: Engine, books: Books, meeting: Meeting) -> bool:
    """Whether somebody of a meeting has a calendar that told nothing of its time shortly before that was chosen.

    When people or a human give it another time, calendars are not asked again.
    """
    if not _any_calendar(engine, books):
        return False
    addresses, readings = books.busy.addresses(meeting.people), books.busy.readings(meeting.people)

    def silent(person_id: str) -> bool:
        person, reading = books.people.get(person_id), readings.get(person_id)
        served = served_by(engine, person, addresses.get(person_id, "")) if person else None
        if served is None:
            return False
        told = reading is not None and reading.calendar == served.name
        if not told or reading is None or reading.read_at < meeting.stamped_at - OLD:
            return True
        return not reading.covers(meeting.starts_at, meeting.ends_at)

    return any(silent(one) for one in meeting.people)


def _matters(engine: Engine, books: Books, keys: Sequence[str]) -> bool:
    """Whether anybody's calendar is needed: most steps bring nobody together, many companies name no calendar."""
    first = books.deliveries.get(keys[0]) if keys else None
    if first is None or (first.verb != Verb.MEET and first.step != DRAW):
        return False
    return _any_calendar(engine, books)


def _any_calendar(engine: Engine, books: Books) -> bool:
    """Whether the company names calendars, or somebody gave an address of their own."""
    if any(one.name != OWN for one in engine.calendars):
        return True
    return bool(engine.calendars) and books.busy.has_addresses()


def _spans(engine: Engine, books: Books, keys: Iterable[str], now: datetime) -> dict[str, Span]:
    """The days that are looked at for each person."""
    spans: dict[str, Span] = {}
    for key in keys:
        delivery = books.deliveries.get(key)
        if delivery is None or delivery.state is not State.CLAIMED or UPDATE in delivery.occasion:
            continue
        if delivery.step == DRAW and (day := day_of(delivery.hire_id)) is not None:
            start = Calendar.of(engine.company.hr).moment(day, hour(0))
            people: Sequence[str] = [
                one.person_id for one in books.coffee.seats(day) if one.state is SeatState.EXPECTED
            ]
            span = (start - A_DAY, start + (DAYS + 1) * A_DAY)
        elif delivery.verb == Verb.MEET:
            people, span = _of_meeting(engine, books, delivery, now)
        else:
            continue
        for one in people:
            first, last = spans.get(one, span)
            spans[one] = (min(first, span[0]), max(last, span[1]))
    return spans


def _of_meeting(engine: Engine, books: Books, delivery: Delivery, now: datetime) -> tuple[Sequence[str], Span]:
    """Whom a step wants to bring together, and when; nobody where the meeting stands already."""
    case = case_of(engine, books, delivery, now)
    if not isinstance(case, Case) or meeting_of(case.seen.meetings, case.step.key, case.occasion):
        return (), (now, now)
    start, latest = window(case.seen, case.step, case.occasion, now)
    return attendees(case.seen, case.step, case.occasion) or (), (max(start, now + NOTICE), latest)


def _wanted(
    engine: Engine, books: Books, spans: Mapping[str, Span], now: datetime, *, fresh: timedelta = FRESH
) -> list[_Wanted]:
    """Whose calendars are to be asked; those that were asked just now are not among them."""
    people = sorted(spans)
    addresses = books.busy.addresses(people)
    groups: dict[str, list[tuple[Person, Served]]] = defaultdict(list)
    for person_id in people:
        person = books.people.get(person_id)
        served = served_by(engine, person, addresses.get(person_id, "")) if person else None
        if person and served:
            groups[served.name].append((person, served))
    found: list[_Wanted] = []
    for group in groups.values():
        start = min(spans[person.id][0] for person, _ in group)
        end = min(max(spans[person.id][1] for person, _ in group), start + LONGEST)
        ids = [person.id for person, _ in group]
        before = books.busy.of_people(ids, start, end)
        wanted = _Wanted(
            served=group[0][1], start=start, end=end, before=before, ours=_ours(books, ids, (start, end))
        )
        for person, served in group:
            last = before[person.id].reading if person.id in before else None
            same = last is not None and last.calendar == served.name
            serves = same and last is not None and last.covers(start, end)
            lately = last is not None and now - fresh < last.read_at <= now  # not what a rehearsed future read
            if last and same and lately and (last.why or last.covers(*spans[person.id])):
                continue
            owner = Owner.of(person, address=addresses.get(person.id, ""))
            mark, _, etag = last.etag.partition(" ") if last and serves else ("", "", "")
            wanted.owners.append(replace(owner, etag=etag if mark == owner.mark else ""))
        if wanted.owners:
            found.append(wanted)
    return found


def _ours(books: Books, people: Sequence[str], span: Span) -> dict[str, frozenset[Span]]:
    """When these people have meetings of ours."""
    taken: dict[str, set[Span]] = defaultdict(set)
    for meeting in books.meetings.of_people(people, *span):
        for one in meeting.people:
            taken[one].add((meeting.starts_at, meeting.ends_at))
    return {one: frozenset(spans) for one, spans in taken.items()}


def _ask(engine: Engine, wanted: Sequence[_Wanted], now: datetime) -> int:
    """Ask, then keep what was said; returns how many were asked."""
    asked, ends = 0, time.monotonic() + PATIENCE  # a span, not a time of day
    for one in wanted:
        if time.monotonic() > ends:
            log.warning("calendars.not_asked", extra={"calendar": one.served.name, "owners": len(one.owners)})
            continue
        told = one.served.calendars.read(one.owners, one.start, one.end)
        with engine.store.begin() as books:
            for owner in one.owners:
                books.busy.put(_held(one, owner, told[owner.person_id], now))
            books.busy.forget(now - KEPT)
        silent = sum(bool(told[owner.person_id].why) for owner in one.owners)
        log.info("calendars.read", extra={"calendar": one.served.name, "asked": len(one.owners), "silent": silent})
        asked += len(one.owners)
    return asked


def _held(wanted: _Wanted, owner: Owner, told: Told, now: datetime) -> Held:
    before = wanted.before.get(owner.person_id)
    if told.unchanged and before is not None:
        return replace(before, reading=replace(before.reading, read_at=now))
    calendars = wanted.served.calendars
    reading = Reading(
        person_id=owner.person_id,
        calendar=wanted.served.name,
        kind=calendars.kind,
        read_at=now,
        span_start=wanted.start,
        span_end=wanted.end,
        why=told.why,
        ignored=told.ignored,
        etag=f"{owner.mark} {told.etag}" if told.etag else "",
    )
    ours = frozenset() if calendars.knows_uids else wanted.ours.get(owner.person_id, frozenset())
    return Held(reading=reading, busy=_of_others(told.busy, ours))


def _of_others(busy: Iterable[Busy], ours: frozenset[Span]) -> tuple[Busy, ...]:
    """Busy times without our own meetings, which calendars that know no UIDs tell us back.

    Only what is exactly one of ours is left out: beside another event both may come as one time.
    """
    return tuple(one for one in busy if (one.start, one.end) not in ours)
