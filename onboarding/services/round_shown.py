"""How did a coffee round go: who sat with whom and why, who was left out and why, and what did they say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onboarding.domain.coffee import Round, RoundState, Seat, SeatState, WhyAlone, name_of
from onboarding.domain.errors import NotFound
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.preferences import COFFEE
from onboarding.domain.quiet import Programme, since
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.matches import Named, named
from onboarding.services.round_members import takes_part
from onboarding.services.round_tables import STEP
from onboarding.services.round_wishes import draw_key
from onboarding.services.rounds import NOBODY_SAID_YES

RECENT = timedelta(days=7)
LATE = timedelta(hours=2)
A_WEEK = timedelta(weeks=1)
TITLE = "Coffee rounds"
WORTH_A_LOOK = {
    WhyAlone.NOBODY_FITS: "because nobody fits",
    WhyAlone.NO_HOUR: "because no hour suits them",
    WhyAlone.OTHER_LEFT: "because somebody cannot come after all",
}
"""Left out for these reasons, somebody may want to do something about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """People who have coffee together; `said` is what each of them answered, in their order."""

    people: tuple[Named, ...]
    reasons: str
    starts_at: datetime | None
    state: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRound:
    """A round as HR sees it; `left_out` has everybody who said yes and has no coffee, with the reason."""

    day: date
    state: RoundState
    draw_at: datetime
    why: str
    expected: tuple[Named, ...]
    tables: tuple[ShownTable, ...]
    left_out: tuple[tuple[Named, str], ...]


def show(engine: Engine, day: date | None) -> ShownRound:
    """One round, the newest where no day is given; any day of its week will do.

    Raises:
        NotFound: there is no such round.
    """
    with engine.store.read() as books:
        found = _found(books, day)
        return shown(books, Directory(books), found, books.coffee.seats(found.day))


def _found(books: Books, day: date | None) -> Round:
    if day is None:
        newest = books.coffee.newest(1)
        if newest:
            return newest[0]
        raise NotFound("there was no coffee round yet; `onboarding coffee round` announces the next one")
    found = books.coffee.get(day) or books.coffee.get(day - timedelta(days=day.weekday()))
    if found is None:
        known = ", ".join(str(one.day) for one in books.coffee.newest(5))
        raise NotFound(f"there is no coffee round of {day}; the newest are: {known or 'none'}")
    return found


def shown(books: Books, directory: Directory, found: Round, seats: list[Seat]) -> ShownRound:
    """A round with its seats, or with those that a rehearsal would give."""
    meetings = {one.occasion: one for one in books.meetings.of_hire(name_of(found.day))}
    tables: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.place:
            tables.setdefault(seat.place, []).append(seat)
    return ShownRound(
        day=found.day,
        state=found.state,
        draw_at=found.draw_at,
        why=found.why,
        expected=tuple(named(directory, one.person_id) for one in seats if one.state is SeatState.EXPECTED),
        tables=tuple(_table(directory, tables[place], meetings.get(str(place))) for place in sorted(tables)),
        left_out=tuple(
            (named(directory, one.person_id), one.reasons or "skips this round")
            for one in seats
            if one.state not in (SeatState.SEATED, SeatState.EXPECTED)
        ),
    )


def _table(directory: Directory, seats: list[Seat], meeting: Meeting | None) -> ShownTable:
    there = [one for one in seats if one.state is SeatState.SEATED] or seats
    return ShownTable(
        people=tuple(named(directory, one.person_id) for one in there),
        reasons=next((one.reasons for one in there if one.state is SeatState.SEATED), "called off"),
        starts_at=meeting.starts_at if meeting else None,
        state=meeting.state.value if meeting else "",
        said=tuple(one.answer for one in there),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something about a round that a human should know, in one sentence."""

    day: date
    text: str
    since: datetime


def remarks(books: Books, now: datetime) -> Iterator[Remark]:
    """What needs a human in the rounds of the last days.

    That nobody has said yes is said when it is new, not every week: a company may want no coffee rounds.
    """
    newest = books.coffee.newest(3)
    for place, found in enumerate(newest):
        before = newest[place + 1] if place + 1 < len(newest) else None
        if before is not None and found.why == before.why == NOBODY_SAID_YES:
            continue
        if found.state is RoundState.ANNOUNCED:
            if found.draw_at + LATE < now:
                row = books.deliveries.get(draw_key(found.day))
                why = f": {row.reason}" if row and row.reason else "; `onboarding coffee round` draws it"
                text = f"the coffee round of {found.day} should have been drawn{why}"
                yield Remark(day=found.day, text=text, since=found.draw_at)
        elif now - RECENT <= found.draw_at or found.opened_at >= now - RECENT:
            yield from _of_round(books, found)


def _of_round(books: Books, found: Round) -> Iterator[Remark]:
    since_when = min(found.draw_at, found.opened_at) if found.state is RoundState.EMPTY else found.draw_at
    if found.why:
        yield Remark(day=found.day, text=f"coffee round of {found.day}: {found.why}", since=since_when)
        return
    alone = [one.why for one in books.coffee.seats(found.day) if one.why in WORTH_A_LOOK]
    if alone:
        reasons = ", ".join(f"{alone.count(why)} {words}" for why, words in WORTH_A_LOOK.items() if why in alone)
        where = f"`onboarding coffee show {found.day}` names them"
        text = f"coffee round of {found.day}: left out were {reasons}; {where}"
        yield Remark(day=found.day, text=text, since=since_when)


def programme(books: Books, now: datetime) -> Iterator[Programme]:
    """The coffee rounds among the programmes that may go quiet, once there was a round.

    A coffee was due in each week since then for which people had said yes and did not skip or pause it all.
    """
    rounds = books.coffee.newest(100)
    if not rounds:
        return
    newest = books.meetings.newest().get(STEP)
    start = since(now)
    if newest is not None and newest >= start:
        return
    by_day = {one.day: one for one in rounds}
    first = max(rounds[-1].day, start.date())
    monday = first - timedelta(days=first.weekday())
    due: list[datetime] = []
    why = ""
    while monday <= now.date():
        found = by_day.get(monday)
        meant = _meant(books, found) if found else _would_come(books)
        if meant:
            due.append(found.draw_at if found else datetime.combine(monday, now.timetz()))
            why = found.why if found else "no round was announced"
        monday += A_WEEK
    yield Programme(name=COFFEE, title=TITLE, due=due, newest=newest, why=why)


def _meant(books: Books, found: Round) -> bool:
    own = (WhyAlone.THEIR_WISH, WhyAlone.SILENT, WhyAlone.NOT_HERE)
    return any(seat.why not in own and seat.state is not SeatState.SKIPS for seat in books.coffee.seats(found.day))


def _would_come(books: Books) -> bool:
    said = {one: says for one, says in books.preferences.all().items() if COFFEE in says.opted_in}
    people = ((books.people.get(one), says) for one, says in said.items())
    return sum(person is not None and takes_part(person, says) for person, says in people) > 1


def is_off(table: ShownTable) -> bool:
    """Whether a coffee was called off."""
    return table.state == MeetingState.CANCELLED
