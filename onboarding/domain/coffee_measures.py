"""What became of the coffees of the rounds, and why did somebody have none?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain import held
from onboarding.domain.coffee import Round, Seat, SeatState
from onboarding.domain.measures import FEWER, SMALL, Became, Newcomer, Tally, tally_of
from onboarding.domain.meetings import Meeting

SKIPPED = "skipped"
"""Why somebody had no coffee who said "not this time"; all other reasons are those of `WhyAlone`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A coffee of a round: who came or was to come, and what became of it."""

    day: date
    people: tuple[str, ...]
    became: Became


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRound:
    """One round: its coffees, how many people have one, and how many have none for which kind of reason.

    `why` says in words why nobody at all has coffee.
    """

    day: date
    coffees: Tally
    people: int
    without: Mapping[str, int]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeeCohort:
    """The newcomers whose first day lies in a month such as `2027-01`, and the coffees at which one of them was.

    `took_part` are those who had a place in a round. Of fewer than five of them nothing more is told.
    """

    month: str
    newcomers: int | str
    took_part: int | str | None = None
    coffees: Tally | None = None


def tables_of(seats: Iterable[Seat], meetings: Iterable[Meeting], now: datetime) -> list[Table]:
    """The coffees of one round, those that were called off among them; one yes is enough for a coffee held."""
    sat: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.place:
            sat.setdefault(str(seat.place), []).append(seat)
    return [
        Table(
            day=sat[one.occasion][0].day,
            people=one.people,
            became=held.became(one, _said(sat[one.occasion]), now),
        )
        for one in meetings
        if one.occasion in sat
    ]


def _said(seats: Sequence[Seat]) -> list[str]:
    """What those who were asked said: yes, no, or "" for nothing so far."""
    given = (held.YES, held.NO)
    return [one.answer if one.answer in given else "" for one in seats if one.closes_at or one.answer in given]


def of_round(found: Round, seats: Sequence[Seat], tables: Sequence[Table]) -> OfRound:
    """One round in numbers; whoever is still expected is counted nowhere."""
    without = Counter(
        SKIPPED if one.state is SeatState.SKIPS else str(one.why)
        for one in seats
        if one.state not in (SeatState.SEATED, SeatState.EXPECTED)
    )
    return OfRound(
        day=found.day,
        coffees=tally_of(one.became for one in tables),
        people=sum(one.state is SeatState.SEATED for one in seats),
        without=dict(sorted(without.items(), key=lambda one: (-one[1], one[0]))),
        why=found.why,
    )


def by_month(
    newcomers: Sequence[Newcomer], said_yes: Collection[str], tables: Sequence[Table]
) -> list[CoffeeCohort]:
    """The cohorts in the order of time; `said_yes` are the ids of whoever had a place in a round."""
    months: dict[str, list[Newcomer]] = {}
    for one in newcomers:
        months.setdefault(f"{one.first_day:%Y-%m}", []).append(one)
    return [_cohort(month, months[month], said_yes, tables) for month in sorted(months)]


def _cohort(
    month: str, newcomers: Sequence[Newcomer], said_yes: Collection[str], tables: Sequence[Table]
) -> CoffeeCohort:
    if len(newcomers) < SMALL:
        return CoffeeCohort(month=month, newcomers=FEWER)
    took_part = {one.id for one in newcomers if one.id in said_yes}
    if 0 < len(took_part) < SMALL:
        return CoffeeCohort(month=month, newcomers=len(newcomers), took_part=FEWER)
    theirs = [one for one in tables if not took_part.isdisjoint(one.people)]
    return CoffeeCohort(
        month=month,
        newcomers=len(newcomers),
        took_part=len(took_part),
        coffees=tally_of(one.became for one in theirs),
    )
