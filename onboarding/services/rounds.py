"""How does a coffee round come about: announced, drawn, and told to everybody?

Everything that is to be written stands in the ledger under the name of the round, and so does the draw itself: a
worker that dies repeats nothing, and a run that comes twice finds nothing to do.

The tables of thousands of people take seconds. So they are made before the transaction that keeps them
(`prepare`), which reads again all that they hang on and makes them anew where any of it is different.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import (
    IN_WORDS,
    TOLD,
    Round,
    RoundState,
    Seat,
    SeatState,
    WhyAlone,
    next_round,
)
from onboarding.domain.errors import BadWords
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.meetings import Meeting
from onboarding.domain.offices import Offices
from onboarding.domain.people import Person
from onboarding.domain.rounds import Table
from onboarding.domain.rounds import draw as draw_tables
from onboarding.domain.slots import Busy
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.round_members import Gathered, gathered
from onboarding.services.round_tables import arranged, busy_times, guest_of, seated
from onboarding.services.round_wishes import LATEST_DRAW, draw_of, invitations, left_out, pause, warning
from onboarding.services.waking import set_alarms

log = logging.getLogger(__name__)

NOBODY_SAID_YES = "nobody has said yes to coffee rounds so far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that a draw hangs on: two draws from the same are the same."""

    there: Gathered
    everybody: Mapping[str, Person]
    busy: Mapping[str, Sequence[Busy]]
    seats: Sequence[Seat]
    weights: CoffeeWeights
    offices: Offices
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a draw gives: a meeting for each table, and a seat for everybody who said yes."""

    meetings: tuple[Meeting, ...]
    seats: tuple[Seat, ...]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Tables that were made ahead, and from what."""

    known: Known
    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did: the round, whether it is new, who is expected, and what was drawn (or would be)."""

    day: date
    state: RoundState
    opened: bool
    draw_at: datetime
    expected: tuple[str, ...]
    seats: tuple[Seat, ...] = ()
    why: str = ""


def run_round(engine: Engine, now: datetime, *, rehearse: bool = False) -> Report:
    """Announce the next round unless it is announced, and draw one whose moment has passed without a draw.

    A rehearsal shows who would be expected and who would sit with whom, and keeps nothing.

    Raises:
        BadWords: the weights of the coffee rounds cannot be read.
    """
    if rehearse:
        with engine.store.read() as books:
            return _rehearsed(engine, books, now)
    ready = {day: prepare(engine, day, now) for day in _late(engine, now)}
    with engine.store.begin() as books:
        report = announce(engine, books, now)
        for day, prepared in ready.items():
            draw(engine, books, day, now, prepared)
    set_alarms(engine, now)
    return report


def _late(engine: Engine, now: datetime) -> list[date]:
    """The rounds whose draw should have come about and can still be made up for."""
    with engine.store.read() as books:
        newest = books.coffee.newest(2)
    return [
        one.day
        for one in newest
        if one.state is RoundState.ANNOUNCED and one.draw_at <= now <= one.draw_at + LATEST_DRAW
    ]


def announce(engine: Engine, books: Books, now: datetime) -> Report:
    """Open the next round and plan its warnings and its draw; one that is open already is only told of.

    One to which nobody had said yes is opened as soon as somebody has.
    """
    day, draw_at = next_round(now, engine.calendar_of(engine.company.hr))
    known = books.coffee.hold(day)
    if known is not None and known.why != NOBODY_SAID_YES:
        return _report(books, known, opened=False)
    # Who is expected depends on no weight: a slip in matching.toml must not keep people from being asked.
    there = gathered(books, Directory(books), day, CoffeeWeights(), now)
    found = Round(day=day, state=RoundState.ANNOUNCED, opened_at=now, draw_at=draw_at)
    if not there.members and not there.not_here:
        if known is not None:
            return _report(books, known, opened=False)
        found = replace(found, state=RoundState.EMPTY, why=NOBODY_SAID_YES)
    books.coffee.put(found)
    expected = there.expected()
    books.coffee.put_seats([Seat(day=day, person_id=one, state=SeatState.EXPECTED) for one in expected])
    if found.state is RoundState.ANNOUNCED:
        calendars = _calendars(engine, there)
        warnings = [warning(found, one, calendars[one], now) for one in expected]
        pauses = [pause(seat, calendars[one], now) for one, seat in there.silent().items()]
        books.deliveries.plan([draw_of(found), *warnings, *pauses], now)
    log.info("coffee.announced", extra={"day": str(day), "expected": len(expected)})
    return _report(books, found, opened=True)


def prepare(engine: Engine, day: date, now: datetime) -> Prepared | None:
    """Make the tables of a round that is to be drawn, and keep nothing: nobody waits for it.

    None when there is nothing to draw, or when the weights cannot be read, of which the draw tells.
    """
    with suppress(BadWords):
        with engine.store.read() as books:
            found = books.coffee.get(day)
            if found is None or found.state is not RoundState.ANNOUNCED:
                return None
            known = _known(engine, books, Directory(books), day, now)
        return Prepared(known=known, drawn=_drawn(engine, known, now))
    return None


def draw(engine: Engine, books: Books, day: date, now: datetime, ready: Prepared | None = None) -> Round | None:
    """Seat everybody who is expected, and plan every invitation; does nothing when the round is drawn already.

    Tables that are `ready` are taken when they were made from what holds now.

    Raises:
        BadWords: the weights cannot be read; nothing is drawn.
    """
    found = books.coffee.hold(day)
    if found is None or found.state is not RoundState.ANNOUNCED:
        return found
    known = _known(engine, books, Directory(books), day, now)
    there = known.there
    drawn = ready.drawn if ready is not None and ready.known == known else _drawn(engine, known, now)
    after = replace(found, state=RoundState.DRAWN if drawn.meetings else RoundState.EMPTY, why=drawn.why)
    books.coffee.put(after)
    books.coffee.put_seats(drawn.seats)
    for meeting in drawn.meetings:
        books.meetings.put(meeting)
    calendars = _calendars(engine, there)
    wishes = [wish for meeting in drawn.meetings for wish in invitations(meeting, calendars, now)]
    wishes += [left_out(seat, calendars[seat.person_id], now) for seat in drawn.seats if seat.why in TOLD]
    wishes += [pause(seat, calendars[one], now) for one, seat in there.silent().items()]
    books.deliveries.plan(wishes, now)
    log.info("coffee.drawn", extra={"day": str(day), "tables": len(drawn.meetings)})
    return after


def _known(engine: Engine, books: Books, directory: Directory, day: date, now: datetime) -> Known:
    weights = engine.words.matching().coffee
    everybody = directory.everybody()  # at once, before each is asked for alone
    there = gathered(books, directory, day, weights, now)
    return Known(
        there=there,
        everybody=everybody,
        busy=busy_times(books, there.expected(), day),
        seats=books.coffee.seats(day),
        weights=weights,
        offices=engine.words.offices(),
        now=now,
    )


def _calendars(engine: Engine, there: Gathered) -> dict[str, Calendar]:
    return {one: engine.calendar_of(member.person) for one, member in there.members.items()}


def _drawn(engine: Engine, known: Known, now: datetime) -> Drawn:
    there = known.there
    found = draw_tables(
        there.members.values(),
        there.day,
        met=there.met,
        weights=known.weights,
        directory=known.everybody.values(),
    )
    busy = known.busy
    meetings: list[Meeting] = []
    seats: list[Seat] = []
    for place, table in enumerate(found.tables, start=1):
        members = [there.members[one] for one in table.people]
        guests = [guest_of(one, known.offices.calendar_of(one.person), there.day, busy) for one in members]
        fits = seated(guests, there.day, now)
        met = [one.person.id for one in fits[0]] if fits else []
        seats += [_seat(there, table, place if one in met else 0, one) for one in table.people]
        if fits:
            meetings.append(arranged(engine.company, there.day, place, met, fits[1], now))
    seats += _without_table(known, found.left_out, {seat.person_id for seat in seats})
    return Drawn(
        meetings=tuple(meetings),
        seats=tuple(sorted(seats, key=lambda seat: seat.person_id)),
        why="" if meetings else _why_empty(seats),
    )


def _without_table(known: Known, left: Mapping[str, str], seated_ids: set[str]) -> Iterator[Seat]:
    """Everybody else who said yes, each with the reason; who stopped since the announcement too."""
    there = known.there
    for one, sentence in left.items():
        seat = _alone(there.day, one, there.why_out(one, sentence), sentence)
        yield replace(seat, state=SeatState.SKIPS) if there.members[one].skips else seat
    for one, start in there.not_here.items():
        yield _alone(there.day, one, WhyAlone.NOT_HERE, f"starts on {start}")
    for seat in known.seats:
        if seat.person_id not in seated_ids | left.keys() | there.not_here.keys():
            yield _alone(there.day, seat.person_id, WhyAlone.THEIR_WISH, "takes part no more")


def _seat(there: Gathered, table: Table, place: int, person_id: str) -> Seat:
    if place:
        return Seat(
            day=there.day,
            person_id=person_id,
            state=SeatState.SEATED,
            place=place,
            reasons=table.reasons,
            ago=table.ago,
        )
    others = " and ".join(one for one in table.people if one != person_id)
    return _alone(there.day, person_id, WhyAlone.NO_HOUR, f"was drawn with {others}, and no hour suits them all")


def _alone(day: date, person_id: str, why: WhyAlone, reasons: str) -> Seat:
    return Seat(day=day, person_id=person_id, state=SeatState.ALONE, why=why, reasons=reasons)


def _why_empty(seats: Sequence[Seat]) -> str:
    """Why a round has no table at all: each reason with how many have it, the commonest first."""
    if not seats:
        return NOBODY_SAID_YES
    kinds = Counter(IN_WORDS[seat.why] for seat in seats)
    said = ", ".join(
        f"{count} {words}" for words, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
    )
    return f"nobody has coffee: {said}"


def _report(books: Books, found: Round, *, opened: bool) -> Report:
    seats = tuple(books.coffee.seats(found.day))
    expected = tuple(one.person_id for one in seats if one.state is SeatState.EXPECTED)
    return Report(
        day=found.day,
        state=found.state,
        opened=opened,
        draw_at=found.draw_at,
        expected=expected,
        seats=seats,
        why=found.why,
    )


def _rehearsed(engine: Engine, books: Books, now: datetime) -> Report:
    day, draw_at = next_round(now, engine.calendar_of(engine.company.hr))
    known = books.coffee.get(day)
    if known is not None and known.state is not RoundState.ANNOUNCED and known.why != NOBODY_SAID_YES:
        return _report(books, known, opened=False)
    now_known = _known(engine, books, Directory(books), day, now)
    drawn = _drawn(engine, now_known, draw_at)
    return Report(
        day=day,
        state=RoundState.DRAWN if drawn.meetings else RoundState.EMPTY,
        opened=known is None,
        draw_at=draw_at,
        expected=tuple(now_known.there.expected()),
        seats=drawn.seats,
        why=drawn.why,
    )
