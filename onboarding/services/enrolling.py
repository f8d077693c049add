"""What follows from what we were told? Recorded events become people, hires and plans."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from onboarding.domain.errors import BadRecord, BadWords, NotFound, Unavailable
from onboarding.domain.events import Event, EventState, Fact, Told
from onboarding.domain.people import Hire, HireState, Person
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.planning import replan
from onboarding.services.waking import set_alarms

log = logging.getLogger(__name__)

CHUNK = 50
"""Events that share a transaction; one that fails is repeated alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became of one event; no personal data but ids."""

    event_id: str
    hire_id: str
    state: EventState
    reason: str


def enroll_waiting(engine: Engine, now: datetime, *, limit: int = 500) -> list[Enrolled]:
    """Obey every recorded event, oldest first, until none waits; then set the alarms for what is due.

    An event that cannot be understood or obeyed waits in review with its reason and stops nobody else.
    """
    done: list[Enrolled] = []
    while True:
        with engine.store.read() as books:
            waiting = books.events.waiting(limit)
        if not waiting:
            break
        for chunk in _chunks(waiting):
            done.extend(_obey_chunk(engine, chunk, now))
    set_alarms(engine, now)
    return done


def replay(engine: Engine, event_id: str, now: datetime) -> Enrolled:
    """Obey an event again after a fix.

    Raises:
        NotFound: no such event.
    """
    with engine.store.read() as books:
        event = books.events.get(event_id)
    if event is None:
        raise NotFound(f"there is no event {event_id}; `onboarding review` lists those that wait")
    result = _obey_chunk(engine, [event], now)[0]
    set_alarms(engine, now)
    return result


def _chunks(events: list[Event]) -> Iterator[list[Event]]:
    for start in range(0, len(events), CHUNK):
        yield events[start : start + CHUNK]


def _obey_chunk(engine: Engine, events: list[Event], now: datetime) -> list[Enrolled]:
    try:
        with engine.store.begin() as books:
            directory = Directory(books)
            return [_obey_event(engine, books, directory, event, now) for event in events]
    except Unavailable:
        raise
    except Exception as error:
        if len(events) > 1:
            return [result for event in events for result in _obey_chunk(engine, [event], now)]
        log.exception("event.not_obeyed", extra={"event": events[0].id})
        words = isinstance(error, BadWords)  # they name files and steps, never people
        reason = str(error) if words else f"an unexpected error: {type(error).__name__}"
        return [_to_review(engine, events[0], reason, now)]


def _to_review(engine: Engine, event: Event, reason: str, now: datetime) -> Enrolled:
    with engine.store.begin() as books:
        books.events.settle(event.id, state=EventState.REVIEW, reason=reason, hire_id="", now=now)
    return Enrolled(event_id=event.id, hire_id="", state=EventState.REVIEW, reason=reason)


def _obey_event(engine: Engine, books: Books, directory: Directory, event: Event, now: datetime) -> Enrolled:
    hire_id = ""
    source = engine.sources.get(event.source)
    try:
        understood = source.understand(event) if source else f"the source {event.source} is not set up any more"
    except BadRecord as error:
        state, reason = EventState.REVIEW, "; ".join(error.mistakes)
    else:
        if isinstance(understood, str):
            state, reason = (EventState.IGNORED if source else EventState.REVIEW), understood
        else:
            hire_id = understood.hire_id
            state, reason = obey(engine, books, directory, event.source, understood, now)
    books.events.settle(event.id, state=state, reason=reason, hire_id=hire_id, now=now)
    log.info("event.settled", extra={"event": event.id, "state": state})
    return Enrolled(event_id=event.id, hire_id=hire_id, state=state, reason=reason)


def obey(
    engine: Engine, books: Books, directory: Directory, source: str, fact: Fact, now: datetime
) -> tuple[EventState, str]:
    """Let one fact change the directory, the hire and the plan; returns what became of it, and why."""
    hire = books.hires.get(fact.hire_id)
    if hire is not None and hire.source != source:
        return EventState.REVIEW, f"the hire {hire.id} is known from {hire.source}, not from {source}"
    if hire is not None and fact.at < hire.told_at:
        return EventState.IGNORED, "older than what is known"
    if fact.told is Told.WITHDRAWN:
        return _withdraw(engine, books, directory, hire, fact, now)
    if hire is None and fact.told is Told.UPDATED and fact.person is None:
        return EventState.IGNORED, f"a start date for {fact.hire_id}, who is not hired yet"
    if hire is None and fact.told is Told.UPDATED:
        return EventState.REVIEW, f"an update for {fact.hire_id}, of whom nobody has told us"
    return _take_in(engine, books, directory, source, hire, fact, now)


def _withdraw(
    engine: Engine, books: Books, directory: Directory, hire: Hire | None, fact: Fact, now: datetime
) -> tuple[EventState, str]:
    if hire is None:
        return EventState.IGNORED, f"{fact.hire_id} was withdrawn before being enrolled"
    person = directory.get(hire.id)
    if person is not None:
        directory.put(replace(person, active=False))
    hire = replace(hire, state=HireState.WITHDRAWN, told_at=fact.at)
    books.hires.put(hire)
    replan(engine, books, directory, hire, now=now, because="the hire was withdrawn")
    return EventState.OBEYED, "withdrawn"


def _take_in(
    engine: Engine, books: Books, directory: Directory, source: str, hire: Hire | None, fact: Fact, now: datetime
) -> tuple[EventState, str]:
    person = _merged(directory.get(fact.hire_id), fact)
    first_day = fact.first_day or (person.start_date if person else None)
    if person is None or first_day is None:
        return EventState.REVIEW, "the record lacks a start date"
    because = _because(fact.told, hire, directory.get(fact.hire_id), person, first_day)
    withdrawn = hire is not None and hire.state is HireState.WITHDRAWN and fact.told is not Told.CREATED
    person = replace(person, start_date=first_day, active=not withdrawn)
    directory.put(person)
    if hire is None:
        hire = Hire(
            id=fact.hire_id,
            source=source,
            external_id=fact.external_id,
            journey=engine.company.journey,
            first_day=first_day,
            enrolled_at=now,
            told_at=fact.at,
        )
    else:
        state = HireState.ACTIVE if fact.told is Told.CREATED else hire.state
        hire = replace(hire, first_day=first_day, state=state, told_at=fact.at)
    books.hires.put(hire)
    replan(engine, books, directory, hire, now=now, because=because)
    return EventState.OBEYED, because


def _merged(known: Person | None, fact: Fact) -> Person | None:
    """What is known, with the fields that the source really gave."""
    if fact.person is None or known is None:
        return fact.person or known
    if fact.told is Told.CREATED:
        return replace(fact.person, opted_out=known.opted_out)
    return replace(known, **{name: getattr(fact.person, name) for name in fact.given if name != "id"})


def _because(told: Told, hire: Hire | None, before: Person | None, after: Person, first_day: date) -> str:
    """Why the plan changes, in one sentence without personal data."""
    if hire is None:
        return "enrolled"
    if hire.state is HireState.WITHDRAWN:
        return "the hire is back" if told is Told.CREATED else "noted; the hire stays withdrawn"
    if hire.first_day != first_day:
        return f"the start date moved from {hire.first_day} to {first_day}"
    if before is not None and (before.manager_id, before.manager_email) != (after.manager_id, after.manager_email):
        return "the manager changed"
    if before is not None and before.time_zone != after.time_zone:
        return "the time zone changed"
    return "the record changed"
