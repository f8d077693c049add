"""An HR system whose answers a test writes: it obeys the ports Source and Roster, and signs with a word."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from onboarding.domain.errors import BadSignature
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit
from onboarding.domain.record import read_event
from onboarding.services.engine import Engine
from onboarding.services.receiving import Received, receive
from tests.worlds import record

ACME = "acme"
SIGNED = {"x-acme-word": "a word that only acme knows"}


@dataclass
class Scripted:
    """Means what it was told to mean: `means("m1", ...)` lines up what the message `m1` means, time after time.

    The last meaning stays. `read` holds the messages that were read, in order.
    """

    name: str = ACME
    lag: timedelta = timedelta()
    needs_path: bool = False
    read: list[str] = field(default_factory=list)
    _meanings: dict[str, list[Understood | Exception]] = field(default_factory=dict)

    def means(self, message: str, *meanings: Understood | Exception) -> None:
        """Line up what a message means; an exception is raised."""
        self._meanings[message] = list(meanings)

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:
        """Whoever says hello is greeted."""
        return Greeting(body="hello") if body == b"hello" else None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """The word opens; the same bytes are the same delivery."""
        if not SIGNED.items() <= headers.items():
            raise BadSignature("the word is missing or another one")
        return hashlib.sha256(body).hexdigest()

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:
        """All of it."""
        return body.decode()

    def understand(self, event: Event, now: datetime) -> Understood:
        """What was lined up."""
        self.read.append(event.body)
        waiting = self._meanings[event.body]
        meaning = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(meaning, Exception):
            raise meaning
        return meaning


@dataclass
class Listed:
    """Knows the people whom it was told to know; an exception among them is raised when its turn comes."""

    people: list[Fact | Unfit | Exception] = field(default_factory=list)
    name: str = ACME

    def everybody(self, now: datetime) -> Iterator[Fact | Unfit]:
        """Everybody, as they stand at `now`."""
        for one in self.people:
            if isinstance(one, Exception):
                raise one
            yield replace(one, at=now) if isinstance(one, Fact) else one


def post(engine: Engine, message: str, now: datetime, *, source: str = ACME) -> Received:
    """Receive one signed message."""
    return receive(engine, source=source, headers=SIGNED, body=message.encode(), now=now)


def post_all(engine: Engine, messages: Sequence[str], now: datetime) -> list[str]:
    """Receive several, a second apart; returns the ids of the events."""
    moments = (now + timedelta(seconds=number) for number in range(len(messages)))
    return [post(engine, message, moment).event_id for message, moment in zip(messages, moments, strict=True)]


def tells(
    told: Told, number: str, at: datetime, *, source: object = ACME, manager: object = "", **more: object
) -> Fact:
    """A fact about the newcomer of `record`, whom the source calls by a number of its own."""
    full = told in (Told.CREATED, Told.KNOWN)
    name = f"{source}{number}"
    plain: dict[str, object] = record(id=name, manager_id=None) if full else {}
    tree = {"type": told.value, "data": {**plain, **more, "id": f"{source}-{number}"}}
    return replace(read_event(tree, at), external_id=number, manager=str(manager))
