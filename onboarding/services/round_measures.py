"""How many coffees did the rounds bring about, week by week, and how many newcomers were at one?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onboarding.domain import coffee_measures
from onboarding.domain.coffee import Seat, WhyAlone, name_of
from onboarding.domain.coffee_measures import CoffeeCohort, OfRound, Table
from onboarding.domain.measures import Newcomer, Tally, tally_of
from onboarding.ports import Books
from onboarding.services.engine import Engine

RECENT = timedelta(weeks=12)
MOST_ROUNDS = 1000
"""Rounds of twenty years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeeMeasure:
    """The coffee rounds of a range of days, the oldest first, and the measured newcomers among their people."""

    coffees: Tally
    rounds: tuple[OfRound, ...]
    cohorts: tuple[CoffeeCohort, ...]


def recent(engine: Engine, now: datetime) -> CoffeeMeasure:
    """The rounds of the last twelve weeks, for whoever watches numbers; cohorts are left out."""
    with engine.store.read() as books:
        return measure_rounds(books, (), now, first=(now - RECENT).date(), last=None)


def measure_rounds(
    books: Books, newcomers: Sequence[Newcomer], now: datetime, *, first: date | None, last: date | None
) -> CoffeeMeasure:
    """Count the rounds that begin in first..last (None leaves one open), and newcomers in later ones too."""
    rounds = [one for one in reversed(books.coffee.newest(MOST_ROUNDS)) if first is None or one.day >= first]
    seats: dict[date, list[Seat]] = defaultdict(list)
    if rounds:
        for seat in books.coffee.seats_since(rounds[0].day):
            seats[seat.day].append(seat)
    tables: dict[date, list[Table]] = {
        one.day: coffee_measures.tables_of(seats[one.day], books.meetings.of_hire(name_of(one.day)), now)
        for one in rounds
    }
    counted = [one for one in rounds if last is None or one.day <= last]
    said_yes = {one.person_id for theirs in seats.values() for one in theirs if one.why is not WhyAlone.NOT_HERE}
    return CoffeeMeasure(
        coffees=tally_of(table.became for one in counted for table in tables[one.day]),
        rounds=tuple(coffee_measures.of_round(one, seats[one.day], tables[one.day]) for one in counted),
        cohorts=tuple(
            coffee_measures.by_month(newcomers, said_yes, [one for day in tables for one in tables[day]])
        ),
    )
