"""What is remembered of a coffee round, and when is the next one?

A round has the name of its first day, a Monday, and a seat for everybody who said yes to it. Everybody is warned a
day ahead, then the tables are drawn, and people meet within five days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from onboarding.domain.calendars import ONE_DAY, Calendar

A_WEEK = timedelta(days=7)
WARNED_AT = time(10)
DRAWN_AT = time(13)

NOTICE = timedelta(hours=24)
"""Nobody is warned, or invited, later than that."""

TABLE_OF_TWO = 2

PREFIX = "coffee:"
"""A round stands for the hire in the keys of its deliveries; no id of a person holds a colon."""


class RoundState(StrEnum):
    """Where a round stands."""

    ANNOUNCED = "announced"  # people are warned and may skip it
    DRAWN = "drawn"  # the tables stand
    EMPTY = "empty"  # nobody has coffee, and the round says why


class SeatState(StrEnum):
    """Where somebody stands in a round."""

    EXPECTED = "expected"  # takes part unless they skip it
    SKIPS = "skips"  # said "not this time"
    SEATED = "seated"  # has coffee with somebody
    ALONE = "alone"  # has coffee with nobody, for a reason
    CANCELLED = "cancelled"  # was seated; the coffee was called off


class WhyAlone(StrEnum):
    """The kinds of reason why somebody has coffee with nobody; the sentence beside it is for people."""

    NONE = ""
    THEIR_WISH = "their_wish"  # they skip, pause or left: nobody has to tell them
    SILENT = "silent"  # they did not answer three times: told once, with a way back
    NOT_HERE = "not_here"  # their first day lies ahead: told when it is their turn
    AWAY = "away"  # away on most of the days
    NOBODY_ELSE = "nobody_else"  # nobody else takes part
    NOBODY_FITS = "nobody_fits"  # the rules leave nobody
    NO_HOUR = "no_hour"  # the hours of those who were drawn together do not meet
    OTHER_LEFT = "other_left"  # the other cannot come after all


TOLD = frozenset(
    {WhyAlone.AWAY, WhyAlone.NOBODY_ELSE, WhyAlone.NOBODY_FITS, WhyAlone.NO_HOUR, WhyAlone.OTHER_LEFT}
)
"""For these reasons somebody is told by mail why they were left out."""

IN_WORDS = {
    WhyAlone.THEIR_WISH: "paused or skipped it",
    WhyAlone.SILENT: "paused after their silence",
    WhyAlone.NOT_HERE: "not here yet",
    WhyAlone.AWAY: "away",
    WhyAlone.NOBODY_ELSE: "alone, because nobody else takes part",
    WhyAlone.NOBODY_FITS: "with nobody who fits",
    WhyAlone.NO_HOUR: "without a common hour",
    WhyAlone.OTHER_LEFT: "left alone, because the other could not come",
}
"""What is said behind a number of people who sit alone, for HR."""

BACK = "back"
"""Stands in the place of an answer when somebody says that they take part again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A coffee round; `day` is its first day, `why` says in words why nobody has coffee. Moments are UTC."""

    day: date
    state: RoundState
    opened_at: datetime
    draw_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody in a round: at which table (from 1, 0 for none), and why there.

    `reasons` is one sentence for people, `why` its kind for who sits alone. `ago` is how many rounds ago two of
    the table met last. `answer` is what they said to "did you meet?": "yes", "no", "" for nothing so far, or
    `BACK`. `closes_at` is the end of that question (UTC), None while it was not put.
    """

    day: date
    person_id: str
    state: SeatState
    place: int = 0
    reasons: str = ""
    why: WhyAlone = WhyAlone.NONE
    ago: int | None = None
    answer: str = ""
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPair:
    """Two people who met on a day before we arranged it; `one` comes before `other`."""

    day: date
    one: str
    other: str


def name_of(day: date) -> str:
    """What stands for the hire in the keys of a round's deliveries: `coffee:2027-01-04`."""
    return f"{PREFIX}{day}"


def day_of(name: str) -> date | None:
    """The first day of the round of that name, None when it is no round's."""
    if not name.startswith(PREFIX):
        return None
    try:
        return date.fromisoformat(name.removeprefix(PREFIX))
    except ValueError:
        return None


def next_round(now: datetime, calendar: Calendar) -> tuple[date, datetime]:
    """The first day of the next round that can still be warned of, and when it is drawn; `calendar` is HR's."""
    today = calendar.day_of(now)
    day = today + A_WEEK - today.weekday() * ONE_DAY
    while (moment := calendar.moment(calendar.working_day(day, -1), DRAWN_AT)) < now + NOTICE:
        day += A_WEEK
    return day, moment


def warned_at(draw_at: datetime, calendar: Calendar, now: datetime) -> datetime:
    """When somebody is warned: on the last working day of theirs that leaves them a day, and not before now."""
    latest = draw_at - NOTICE
    day = calendar.working_day(calendar.day_of(latest) + ONE_DAY, -1)
    while (moment := calendar.at_work(day, WARNED_AT)) > latest:
        day = calendar.working_day(day, -1)
    return moment if moment >= now else calendar.next_working(now)


def tables_of(seats: Iterable[Seat]) -> list[tuple[Seat, ...]]:
    """Those who sit together, in the order of their tables."""
    found: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.place and seat.state is SeatState.SEATED:
            found.setdefault(seat.place, []).append(seat)
    return [tuple(found[place]) for place in sorted(found)]


def past_rounds(seats: Iterable[Seat], pairs: Iterable[PastPair]) -> list[list[tuple[str, ...]]]:
    """The tables of each week in which people met, the latest week last."""
    weeks: dict[date, list[tuple[str, ...]]] = {}
    by_round: dict[date, list[Seat]] = {}
    for seat in seats:
        by_round.setdefault(seat.day, []).append(seat)
    for day, there in by_round.items():
        found = [tuple(seat.person_id for seat in table) for table in tables_of(there)]
        if found:
            weeks.setdefault(_monday(day), []).extend(found)
    for pair in pairs:
        weeks.setdefault(_monday(pair.day), []).append((pair.one, pair.other))
    return [weeks[monday] for monday in sorted(weeks)]


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def unanswered(seats: Sequence[Seat], now: datetime) -> list[Seat]:
    """The last seats in a row whose question closed unanswered; `seats` are one person's, the newest first."""
    found: list[Seat] = []
    for seat in seats:
        if seat.answer:
            break
        if seat.state is SeatState.SEATED and seat.closes_at is not None and seat.closes_at <= now:
            found.append(seat)
    return found


def waiting(seats: Sequence[Seat], at_table: Sequence[int]) -> int:
    """In how many of the last rounds somebody was left out or one of three, in a row.

    `seats` are one person's, the newest first; `at_table` is how many sat at the table of each.
    """
    count = 0
    for seat, people in zip(seats, at_table, strict=True):
        left_out = seat.state in (SeatState.ALONE, SeatState.CANCELLED) and seat.why in TOLD - {WhyAlone.AWAY}
        if left_out or (seat.state is SeatState.SEATED and people > TABLE_OF_TWO):
            count += 1
        elif seat.state is SeatState.SEATED:
            break
    return count
