"""What do the contract tests of the store put into it? Builders with defaults, and workers for other processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any, NoReturn

from onboarding.domain.delivery import Delivery, Planned, State
from onboarding.domain.events import Event
from onboarding.domain.forms import Ask
from onboarding.domain.meetings import Meeting, Pairing, PairingState
from onboarding.domain.people import Hire, Person
from onboarding.ports import Books, Store
from tests.databases import opened

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def event(number: int = 1, **given: Any) -> Event:
    """A recorded event."""
    plain = Event(
        id=f"event-{number}",
        source="bamboo",
        delivery_id=f"told-{number}",
        body='{"employee": 7}',
        received_at=NOW + number * HOUR,
        ready_at=given.get("received_at", NOW + number * HOUR),
    )
    return replace(plain, **given)


def person(person_id: str = "ada", **given: Any) -> Person:
    """Somebody in the directory."""
    return replace(Person(id=person_id, first_name=person_id.title()), **given)


def hire(hire_id: str = "ada", **given: Any) -> Hire:
    """An active hire."""
    plain = Hire(
        id=hire_id,
        source="bamboo",
        external_id=f"external-{hire_id}",
        journey="remote",
        first_day=date(2025, 3, 10),
        enrolled_at=NOW,
        told_at=NOW,
    )
    return replace(plain, **given)


def planned(step: str = "welcome", **given: Any) -> Planned:
    """A delivery as planning wants it, due at NOW."""
    plain = Planned(
        hire_id="ada",
        step=step,
        verb="write",
        role="hire",
        person_id="ada",
        occasion="once",
        due_at=NOW,
        grace_until=NOW + 3 * DAY,
    )
    return replace(plain, **given)


def many_planned(count: int, **given: Any) -> list[Planned]:
    """Deliveries that fall due a second after each other, the last at NOW."""
    return [
        planned(f"step-{number}", **{"due_at": NOW - (count - 1 - number) * timedelta(seconds=1)} | given)
        for number in range(count)
    ]


def pairing(person_id: str = "bo", **given: Any) -> Pairing:
    """A buddy chosen for Ada."""
    plain = Pairing(
        hire_id="ada",
        role="buddy",
        occasion="once",
        person_id=person_id,
        state=PairingState.PROVISIONAL,
        reasons="same city",
        alternatives=("cy", "di"),
        made_at=NOW,
    )
    return replace(plain, **given)


def meeting(meeting_id: str = "coffee", **given: Any) -> Meeting:
    """A planned meeting of Ada and Bo, half an hour from NOW."""
    plain = Meeting(
        id=meeting_id,
        hire_id="ada",
        step="first_coffee",
        occasion="once",
        people=("ada", "bo"),
        starts_at=NOW,
        ends_at=NOW + HOUR / 2,
        uid=f"{meeting_id}@example.com",
        organizer="people-team@example.com",
        stamped_at=NOW - DAY,
    )
    return replace(plain, **given)


def ask(ask_id: str = "ada/peer_note/peer/bo/once", **given: Any) -> Ask:
    """A form that Bo fills in about Ada."""
    plain = Ask(
        id=ask_id,
        hire_id="ada",
        step="peer_note",
        role="peer",
        person_id="bo",
        occasion="once",
        form="peer_note",
        opened_at=NOW,
        closes_at=NOW + 5 * DAY,
    )
    return replace(plain, **given)


@contextmanager
def with_planned(store: Store, *wishes: Planned) -> Iterator[Books]:
    """A transaction in which these were planned before."""
    with store.begin() as books:
        books.deliveries.plan(wishes or [planned()], NOW - DAY)
    with store.begin() as books:
        yield books


def standing(books: Books, key: str) -> Delivery:
    """The delivery of that key, which must be there."""
    delivery = books.deliveries.get(key)
    assert delivery is not None
    return delivery


def bring_to(books: Books, state: State, key: str = planned().key) -> None:
    """Lead a planned delivery to a state by legal moves."""
    way = {
        State.PLANNED: (),
        State.SENDING: (State.CLAIMED,),
        State.DONE: (State.CLAIMED,),
        State.SENT: (State.CLAIMED, State.SENDING),
        State.UNKNOWN: (State.CLAIMED, State.SENDING),
        State.DELIVERED: (State.CLAIMED, State.SENDING, State.SENT),
        State.BOUNCED: (State.CLAIMED, State.SENDING, State.SENT),
    }.get(state, ())
    for each in (*way, state) if state is not State.PLANNED else ():
        books.deliveries.move(key, each, now=NOW)


class Crash(Exception):
    """A worker ends in the middle of its work."""


def crash_after(store: Store, work: Callable[[Books], object]) -> NoReturn:
    """Do some work in a transaction and crash before its end."""
    with store.begin() as books:
        work(books)
        raise Crash


def die_while_claiming(url: str) -> NoReturn:
    """End the process, without a goodbye to the database, in a transaction that claims."""
    with opened(url) as store, store.begin() as books:
        assert books.deliveries.claim(NOW, claim="dead", limit=10)
        os._exit(7)


def start_together(barrier: Barrier) -> None:
    """Wait, at the start of a process, for the other one."""
    barrier.wait()


def claim_all(url: str, name: str) -> list[int]:
    """Claim in small batches until nothing is due; the numbers of what was claimed. Other processes run it too."""
    numbers: list[int] = []
    with opened(url) as store:
        while True:
            with store.begin() as books:
                claimed = books.deliveries.claim(NOW, claim=name, limit=20)
            if not claimed:
                return numbers
            numbers.extend(delivery.number for delivery in claimed)
