"""Does each coffee that is ahead still stand, after somebody left, stopped, or works at other hours?"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations

from onboarding.domain.attending import Room
from onboarding.domain.coffee import TABLE_OF_TWO, Seat, SeatState, WhyAlone, day_of
from onboarding.domain.delivery import GONE, UNSENT, Planned, State, Why
from onboarding.domain.errors import IllegalMove
from onboarding.domain.journey import UPDATE, Verb
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Role
from onboarding.domain.preferences import kept_apart
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.round_members import takes_part
from onboarding.services.round_tables import STEP, Guest, busy_times, moved, room_for, slot_for, suits
from onboarding.services.round_wishes import left_out

log = logging.getLogger(__name__)

AHEAD = timedelta(weeks=3)
AT_ONCE = 500
GOES = "takes part no more"
BY_HAND = "called off by hand"
STAYS_ALONE = "the other cannot come after all"
NO_HOUR = "no hour suits them all any more"
"""Being kept apart is confidential: it shares these words, which are true of nobody in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A coffee ahead, and everybody who is in it."""

    engine: Engine
    books: Books
    directory: Directory
    meeting: Meeting
    day: date
    seats: dict[str, Seat]
    now: datetime


def mend(engine: Engine, books: Books, directory: Directory, people: Collection[str], now: datetime) -> list[str]:
    """Move or call off the coffees ahead of these people that do not suit any more; returns the meetings changed.

    A coffee of three goes on as one of two, at the same time. Nobody meets whom they are kept apart from since the
    draw. Whoever was invited is told.
    """
    changed: list[str] = []
    rounds: dict[date, dict[str, Seat]] = {}
    listed = sorted(people)
    for first in range(0, len(listed), AT_ONCE):
        for seen in books.meetings.of_people(listed[first : first + AT_ONCE], now, now + AHEAD):
            day = day_of(seen.hire_id)
            if day is None or seen.id in changed:
                continue
            if day not in rounds:
                books.coffee.hold(day)  # somebody else may be mending the same table
                rounds[day] = {one.person_id: one for one in books.coffee.seats(day)}
            meeting = books.meetings.get(seen.id) or seen
            if meeting.state is not MeetingState.PLANNED or meeting.starts_at <= now:
                continue
            seats = {one: seat for one in meeting.people if (seat := rounds[day].get(one)) is not None}
            table = _Table(
                engine=engine,
                books=books,
                directory=directory,
                meeting=meeting,
                day=day,
                seats=seats,
                now=now,
            )
            if _mended(table):
                changed.append(meeting.id)
    return changed


def retime(engine: Engine, books: Books, directory: Directory, after: Meeting, now: datetime) -> None:
    """Keep a coffee that people or a human gave another time, and tell whoever was invited."""
    books.meetings.put(after)
    _tell(_table(engine, books, directory, after, now), after)
    log.info("coffee.retimed", extra={"meeting": after.id})


def call_off(engine: Engine, books: Books, directory: Directory, after: Meeting, now: datetime) -> None:
    """Keep a coffee that a human called off, and tell whoever was invited."""
    books.meetings.put(after)
    table = _table(engine, books, directory, after, now)
    gone = (replace(one, state=SeatState.CANCELLED, reasons=BY_HAND) for one in table.seats.values())
    books.coffee.put_seats(list(gone))
    _tell(table, after)
    log.info("coffee.called_off", extra={"meeting": after.id})


def room_of(engine: Engine, books: Books, directory: Directory, meeting: Meeting, now: datetime) -> Room | None:
    """Where the coffee of those who still come is looked for; None where there is no room, or too few come."""
    table = _table(engine, books, directory, meeting, now)
    guests = [guest for one in meeting.people if (guest := _guest(table, one)) is not None]
    if len(guests) < len(meeting.people):
        return None
    return room_for(_with_busy(table, guests), table.day, now)


def _table(engine: Engine, books: Books, directory: Directory, meeting: Meeting, now: datetime) -> _Table:
    day = day_of(meeting.hire_id)
    if day is None:
        raise ValueError("this is no meeting of a coffee round")
    seats = {one.person_id: one for one in books.coffee.seats(day) if one.person_id in meeting.people}
    return _Table(engine=engine, books=books, directory=directory, meeting=meeting, day=day, seats=seats, now=now)


def _with_busy(table: _Table, guests: Sequence[Guest]) -> list[Guest]:
    names = [one.person.id for one in guests]
    busy = busy_times(table.books, names, table.day, apart_from=table.meeting.id)
    return [replace(one, busy=tuple(busy.get(one.person.id, ()))) for one in guests]


def _mended(table: _Table) -> bool:
    come = [guest for one in table.meeting.people if (guest := _guest(table, one)) is not None]
    guests = _together(come)
    goes = set(table.meeting.people) - {one.person.id for one in come}
    if len(guests) == len(table.meeting.people) and suits(table.meeting, guests):
        return False
    after = _after(table, guests)
    table.books.meetings.put(after)
    _note(table, after, goes)
    _tell(table, after)
    log.info("coffee.mended", extra={"meeting": after.id, "state": after.state.value})
    return True


def _together(guests: Sequence[Guest]) -> Sequence[Guest]:
    """As many as may sit together: all of them, else the first two of whom nobody is kept apart."""
    for size in range(len(guests), 1, -1):
        for some in combinations(guests, size):
            if not any(
                kept_apart(one.person.id, one.said, other.person.id, other.said)
                for one, other in combinations(some, TABLE_OF_TWO)
            ):
                return some
    return ()


def _guest(table: _Table, person_id: str) -> Guest | None:
    """Somebody who still comes."""
    person, said = table.directory.get(person_id), table.directory.preferences_of(person_id)
    seat = table.seats.get(person_id)
    if person is None or seat is None or seat.state is not SeatState.SEATED or not takes_part(person, said):
        return None
    calendar = table.engine.calendar_of(person)
    if said.paused_on(calendar.day_of(table.meeting.starts_at)):
        return None
    return Guest(person=person, calendar=calendar, said=said)


def _after(table: _Table, guests: Sequence[Guest]) -> Meeting:
    """The coffee of those who still come: at its time, else at another one of its week, else called off."""
    names = [one.person.id for one in guests]
    if len(guests) >= TABLE_OF_TWO:
        if suits(table.meeting, guests):
            return moved(table.meeting, names, None, table.now)
        slot = slot_for(_with_busy(table, guests), table.day, table.now)
        if slot is not None:
            return moved(table.meeting, names, slot, table.now)
    return replace(
        table.meeting,
        state=MeetingState.CANCELLED,
        sequence=table.meeting.sequence + 1,
        stamped_at=table.now,
        moved_from=None,
    )


def _note(table: _Table, after: Meeting, goes: Collection[str]) -> None:
    """What each seat says now."""
    off = after.state is MeetingState.CANCELLED
    why, reasons = (WhyAlone.OTHER_LEFT, STAYS_ALONE) if goes and off else (WhyAlone.NO_HOUR, NO_HOUR)
    seats: list[Seat] = []
    for one, seat in table.seats.items():
        if one in goes:
            gone = SeatState.SKIPS if seat.state is SeatState.SKIPS else SeatState.CANCELLED
            seats.append(replace(seat, state=gone, why=WhyAlone.THEIR_WISH, reasons=GOES))
        elif off or one not in after.people:
            seats.append(replace(seat, state=SeatState.CANCELLED, why=why, reasons=reasons))
    table.books.coffee.put_seats(seats)


def _tell(table: _Table, after: Meeting) -> None:
    """Whoever was invited hears what changed; whose invitation has not left gets it as the coffee stands then."""
    ledger = table.books.deliveries
    for one in table.meeting.people:
        row = ledger.get(f"{after.hire_id}/{STEP}/{Role.PARTNER}/{one}/once")
        person = table.directory.get(one)
        if row is None or person is None:
            continue
        calendar = table.engine.calendar_of(person)
        off = after.state is MeetingState.CANCELLED or one not in after.people
        if row.state in GONE:
            due = calendar.next_working(table.now)
            ledger.plan([_update(row, after, due)], table.now)
        elif row.state in UNSENT and off:
            with suppress(IllegalMove):
                reason = "the coffee was called off before this invitation left"
                ledger.move(row.key, State.SKIPPED, now=table.now, why=Why.NO_MEETING, reason=reason)
            seat = table.books.coffee.seat(table.day, one)
            if seat is not None and seat.why in (WhyAlone.OTHER_LEFT, WhyAlone.NO_HOUR):
                ledger.plan([left_out(seat, calendar, table.now)], table.now)


def _update(row: Planned, after: Meeting, due: datetime) -> Planned:
    return Planned(
        hire_id=row.hire_id,
        step=row.step,
        verb=Verb.MEET,
        role=Role.PARTNER,
        person_id=row.person_id,
        occasion=f"once{UPDATE}{after.sequence}",
        due_at=due,
        grace_until=max(due, after.starts_at, after.ends_at),
    )
