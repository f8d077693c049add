"""A book of newcomers with answers and meetings, written straight into the tables: what a report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from onboarding.domain.delivery import Planned, State, Why
from onboarding.domain.forms import Ask
from onboarding.domain.meetings import Meeting, Pairing, PairingState
from onboarding.domain.people import Hire
from onboarding.ports import Books, Store
from tests.worlds import at, person

NOW = at("2027-09-10 09:00")
CHECK_INS = (("check_in_30", 30), ("check_in_60", 60), ("check_in_90", 90))
COFFEES = (
    ("first_coffee", 0),
    ("partner_coffee", 9),
    ("partner_coffee", 16),
    ("buddy_coffee", 38),
    ("buddy_coffee", 58),
)
MONTHS = (8, 7, 9, 3, 8, 6, 12, 7)
"""Newcomers of January to August 2027: sixty, of whom three in April."""


def fill(store: Store, months: Sequence[int] = MONTHS, *, seed: int = 7) -> None:
    """That many newcomers a month of 2027, each with buddy, coffees, check-ins and steps as they stand at NOW."""
    chance = Random(seed)  # noqa: S311 -- the same book each time
    number = 0
    with store.begin() as books:
        for month, count in enumerate(months, start=1):
            for _ in range(count):
                number += 1
                _newcomer(books, f"h{number}", date(2027, month, chance.randint(1, 9)), chance)


def _newcomer(books: Books, name: str, first_day: date, chance: Random) -> None:
    books.people.put(person(name, start_date=first_day))
    books.hires.put(
        Hire(
            id=name,
            source="standard",
            external_id=name,
            journey="remote",
            first_day=first_day,
            enrolled_at=_day(first_day, -20),
            told_at=_day(first_day, -20),
        )
    )
    buddy = f"berlin-{chance.randint(1, 5)}"
    books.pairings.put(
        Pairing(
            hire_id=name,
            role="buddy",
            occasion="once",
            person_id=buddy,
            state=PairingState.ANNOUNCED,
            reasons="the same city",
            alternatives=(),
            made_at=_day(first_day, -8),
        )
    )
    happy = chance.random() < 0.6
    for place, (step, days) in enumerate(COFFEES):
        occasion = "once" if step == "first_coffee" else f"week-{place}"
        _coffee(books, Met(name, buddy, step, occasion), _day(first_day, days), chance)
    for form, day in CHECK_INS:
        low = 6 if happy else 3
        values = {
            "connected": min(5, low // 2 + chance.randint(0, 2)),
            "recommend": min(10, low + chance.randint(0, 4)),
        }
        _ask(
            books,
            name,
            name,
            form,
            form,
            "once",
            _day(first_day, day),
            values if chance.random() < 0.8 else None,
        )
    for peer in range(3):
        note = {"note": "Hello."} if chance.random() < 0.6 else None
        _ask(books, name, f"nairobi-{peer + 1}", "peer_note", "peer_note", "once", _day(first_day, -5), note)
    for count in range(12):
        _step(books, name, f"step-{count}", _day(first_day, 3 * count), chance)


class Met(NamedTuple):
    """Who meets whom on which occasion."""

    name: str
    other: str
    step: str
    occasion: str


def _coffee(books: Books, met: Met, starts: datetime, chance: Random) -> None:
    if starts > NOW:
        return
    books.meetings.put(
        Meeting(
            id="-".join(met),
            hire_id=met.name,
            step=met.step,
            occasion=met.occasion,
            people=(met.name, met.other),
            starts_at=starts,
            ends_at=starts + timedelta(minutes=25),
            uid="-".join(met),
            organizer="people@example.com",
            stamped_at=starts - timedelta(days=5),
        )
    )
    said = {"met": "yes" if chance.random() < 0.8 else "no"} if chance.random() < 0.85 else None
    opened = starts + timedelta(days=1)
    _ask(books, met.name, met.name, f"met_{met.step}", "did_you_meet", met.occasion, opened, said)


def _ask(
    books: Books,
    name: str,
    person_id: str,
    step: str,
    form: str,
    occasion: str,
    opened: datetime,
    values: Mapping[str, str | int] | None,
) -> None:
    if opened > NOW:
        return
    ask = Ask(
        id=f"{name}/{step}/{'hire' if name == person_id else 'peer'}/{person_id}/{occasion}",
        hire_id=name,
        step=step,
        role="hire" if name == person_id else "peer",
        person_id=person_id,
        occasion=occasion,
        form=form,
        opened_at=opened,
        closes_at=opened + timedelta(days=7),
    )
    books.asks.open(ask)
    if values is not None:
        books.asks.answer(ask.id, values, opened + timedelta(hours=5))


def _step(books: Books, name: str, step: str, due: datetime, chance: Random) -> None:
    if due > NOW:
        return
    wish = Planned(
        hire_id=name,
        step=step,
        verb="write",
        role="hire",
        person_id=name,
        occasion="once",
        due_at=due,
        grace_until=due + timedelta(days=2),
    )
    why = chance.choices([Why.NONE, Why.CONDITION, Why.NO_SLOT, Why.OPTED_OUT], [90, 6, 3, 0.3])[0]
    settled = due + timedelta(hours=1) if chance.random() < 0.96 else due + timedelta(days=3)
    if why:
        books.deliveries.plan([replace(wish, why=why, reason="as it is")], due)
        return
    books.deliveries.plan([wish], due)
    for state in (State.CLAIMED, State.SENDING, State.SENT):
        books.deliveries.move(wish.key, state, now=settled)


def _day(first_day: date, after: int) -> datetime:
    return datetime.combine(first_day + timedelta(days=after), time(9), UTC)
