"""What follows from what we were told? Recorded events become people, hires and plans."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from onboarding.domain import calendars, choosing
from onboarding.domain.errors import BadRecord, NotFound, Unavailable, unexpected
from onboarding.domain.events import Event, EventState, Identity, Unfit
from onboarding.ports import Books
from onboarding.services.accounts import settle_older
from onboarding.services.choosers import Choosers
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.obeying import Obeyed, obey
from onboarding.services.planning import replan_touched
from onboarding.services.reading import Reader, Reading
from onboarding.services.syncing import OF_SYNC, SEEN_BY_SYNC
from onboarding.services.waking import set_alarms, wake_waiting

log = logging.getLogger(__name__)

CHUNK = 50
"""Events that share a transaction; one that fails is repeated alone."""

TURN = 0.15
"""Seconds (of a monotonic clock) after which a transaction ends although its chunk is not done: only one can write
to SQLite at a time, and at the web's door an HR system waits for its answer."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 480, 480, 720, 720))
"""How long an event waits after each time that its HR system did not answer: two days, then a human looks."""

WEIGHT = (EventState.REVIEW, EventState.EARLY, EventState.OBEYED, EventState.IGNORED)
"""Where an event of several facts stands: as the first of these that one of its facts has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became of one event; no personal data but ids."""

    event_id: str
    hire_id: str
    state: EventState
    reason: str


@dataclass(slots=True, kw_only=True)
class _Memory:
    """What an enrolment remembers from turn to turn: whom changes touched, and who chooses among colleagues.

    To make choosers anew takes longer than to enrol a hire.
    """

    touched: set[str] = field(default_factory=set)
    choosers: Choosers | None = None


def enroll_waiting(engine: Engine, now: datetime, *, limit: int = 500) -> list[Enrolled]:
    """Obey every recorded event that is ready, oldest first; then set the alarms for what is due.

    An event that cannot be understood or obeyed waits in review with its reason and stops nobody else. One whose
    HR system does not answer is asked again later.
    """
    done: list[Enrolled] = []
    memory = _Memory()
    reader = Reader(engine=engine, now=now)
    while True:
        with engine.store.read() as books:
            waiting = books.events.waiting(limit, now)
        if not waiting:
            break
        calendars.get_ready()
        choosing.get_ready()
        before = len(done)
        for chunk in _chunks(waiting):
            done.extend(_obey_readings(engine, reader.read_all(chunk), now, memory))
        if len(done) == before:
            break  # another worker has all of them
    _settle_up(engine, memory.touched, now)
    return done


def replay(
    engine: Engine, event_id: str, now: datetime, *, same_as: str = "", somebody_else: bool = False
) -> Enrolled:
    """Obey an event again after a fix.

    `same_as` says which person is meant where the engine was in doubt; `somebody_else` that it is nobody known.

    What no message told, but a look at everybody, is taken in by the next look.

    Raises:
        NotFound: no such event or person.
        BadRecord: a decision about who is meant, for an event that is not about one person.
        Unavailable: such a decision, while the HR system does not say whom it means.
    """
    event = _event(engine, event_id)
    decided = bool(same_as or somebody_else)
    if decided:
        _decide(engine, event, same_as, now)
    if event.body == SEEN_BY_SYNC:
        done = "it is noted who is meant" if decided else "mend it in the HR system"
        return _stands(event, f"{done}; `onboarding sync-directory {event.source}` takes it in")
    memory = _Memory()
    with engine.store.begin() as books:
        books.events.settle(event.id, state=EventState.RECORDED, reason="", hire_id=event.hire_id, now=now)
    reading = Reader(engine=engine, now=now).read(event)
    results = _obey_readings(engine, [reading], now, memory)
    _settle_up(engine, memory.touched, now)
    if results:
        return results[0]
    event = _event(engine, event_id)
    return _stands(event, event.reason or "another worker has it")


def _event(engine: Engine, event_id: str) -> Event:
    with engine.store.read() as books:
        event = books.events.get(event_id)
    if event is None:
        raise NotFound(f"there is no event {event_id}; `onboarding review` lists those that wait")
    return event


def _stands(event: Event, reason: str) -> Enrolled:
    return Enrolled(event_id=event.id, hire_id=event.hire_id, state=event.state, reason=reason)


def _decide(engine: Engine, event: Event, same_as: str, now: datetime) -> None:
    """Note who is meant, as a human says."""
    external_id, hire_id = _meant(engine, event, now)
    with engine.store.begin() as books:
        if same_as and books.people.get(same_as) is None:
            raise NotFound(f"there is no person {same_as}; `onboarding people list` names them")
        person_id = same_as or hire_id
        books.identities.put(Identity(source=event.source, external_id=external_id, person_id=person_id))


def _meant(engine: Engine, event: Event, now: datetime) -> tuple[str, str]:
    """What the source calls the person of an event, and what we call somebody new."""
    if event.body == SEEN_BY_SYNC and event.hire_id and event.state is EventState.REVIEW:
        return event.delivery_id.removeprefix(OF_SYNC), event.hire_id
    reading = Reader(engine=engine, now=now).read(event)
    if reading.away:
        raise Unavailable(reading.away)
    facts = [one for one in reading.understood if not isinstance(one, Unfit | str)]
    if len({one.external_id for one in facts}) != 1:
        raise BadRecord(reading.refused or "the event is not about one person, so nobody can be named for it")
    return facts[0].external_id, facts[0].hire_id


def _settle_up(engine: Engine, touched: set[str], now: datetime) -> None:
    """Plan again whom a change of a colleague touches; set the alarms for what is due and for what waits."""
    if touched:
        with engine.store.begin() as books:
            replan_touched(engine, books, Directory(books), touched, now)
    wake_waiting(engine, now)
    set_alarms(engine, now)


def _chunks(events: list[Event]) -> Iterator[list[Event]]:
    for start in range(0, len(events), CHUNK):
        yield events[start : start + CHUNK]


def _obey_readings(engine: Engine, readings: list[Reading], now: datetime, memory: _Memory) -> list[Enrolled]:
    """In transactions of a fraction of a second, so that others get a turn; what breaks one is tried alone."""
    done: list[Enrolled] = []
    while readings:
        try:
            results, taken = _one_turn(engine, readings, now, memory)
        except Unavailable:
            raise
        except Exception as error:
            if len(readings) > 1:
                each = (_obey_readings(engine, [one], now, memory) for one in readings)
                return [*done, *(result for results in each for result in results)]
            log.exception("event.not_obeyed", extra={"event": readings[0].event.id})
            return [*done, *_to_review(engine, readings[0].event, unexpected(error), now)]
        done += results
        readings = readings[taken:]
    return done


def _one_turn(
    engine: Engine, readings: list[Reading], now: datetime, memory: _Memory
) -> tuple[list[Enrolled], int]:
    """As many as fit into one turn at the database, one at least; returns what became of them, and how many."""
    results: list[Enrolled] = []
    taken = 0
    touched: set[str] = set()
    choosers, memory.choosers = memory.choosers, None  # what is not committed must not be remembered
    with engine.store.begin() as books:
        end = monotonic() + TURN
        directory = Directory(books, choosers)
        waiting = books.events.still_waiting([one.event.id for one in readings])
        for one in readings:
            if one.event.id in waiting:
                results.append(_obey_reading(engine, books, directory, one, now, touched))
            taken += 1
            if monotonic() > end:
                break
    memory.touched |= touched
    memory.choosers = directory.choosers
    return results, taken


def _obey_reading(
    engine: Engine, books: Books, directory: Directory, reading: Reading, now: datetime, touched: set[str]
) -> Enrolled:
    event, understood = reading.event, reading.understood
    if reading.away:
        return _wait(books, event, reading.away, now)
    if reading.refused:
        obeyed = [Obeyed(state=EventState.REVIEW, reason=reading.refused, hire_id="")]
    elif isinstance(understood, str):
        obeyed = [Obeyed(state=EventState.IGNORED, reason=understood, hire_id="")]
    else:
        obeyed = [
            Obeyed(state=EventState.REVIEW, reason="; ".join(one.mistakes), hire_id="")
            if isinstance(one, Unfit)
            else obey(engine, books, directory, event.source, one, now)
            for one in understood
        ] or [Obeyed(state=EventState.IGNORED, reason="it tells of nobody", hire_id="")]
    touched |= {one.touched for one in obeyed if one.touched}
    result = _summed(event, obeyed)
    books.events.settle(event.id, state=result.state, reason=result.reason, hire_id=result.hire_id, now=now)
    settle_older(books, event, result.state, now)
    log.info("event.settled", extra={"event": event.id, "state": result.state})
    return result


def _wait(books: Books, event: Event, why: str, now: datetime) -> Enrolled:
    """Look again later; after two days of silence a human looks."""
    if event.attempts >= len(PAUSES):
        reason = f"{why}; asked {event.attempts} times, so somebody must look"
        books.events.settle(event.id, state=EventState.REVIEW, reason=reason, hire_id="", now=now)
        return Enrolled(event_id=event.id, hire_id="", state=EventState.REVIEW, reason=reason)
    books.events.postpone(event.id, ready_at=now + PAUSES[event.attempts], reason=why)
    log.warning("event.postponed", extra={"event": event.id, "source": event.source})
    return Enrolled(event_id=event.id, hire_id="", state=EventState.RECORDED, reason=f"{why}; asked again later")


def _summed(event: Event, obeyed: list[Obeyed]) -> Enrolled:
    """One state and one sentence for an event, however many facts it has; the hire is one who stands so."""
    state = min((one.state for one in obeyed), key=WEIGHT.index)
    these = [one for one in obeyed if one.state is state]
    told = list(dict.fromkeys(one.reason for one in these))
    parts = f" ({len(these)} of {len(obeyed)} parts)" if len(these) < len(obeyed) else ""
    reason = "; ".join(told) + parts
    hire_id = next((one.hire_id for one in (*these, *obeyed) if one.hire_id), "")
    return Enrolled(event_id=event.id, hire_id=hire_id, state=state, reason=reason)


def _to_review(engine: Engine, event: Event, reason: str, now: datetime) -> list[Enrolled]:
    """Have a human look, unless another worker was luckier meanwhile."""
    with engine.store.begin() as books:
        if not books.events.still_waiting([event.id]):
            return []
        books.events.settle(event.id, state=EventState.REVIEW, reason=reason, hire_id="", now=now)
    return [Enrolled(event_id=event.id, hire_id="", state=EventState.REVIEW, reason=reason)]
