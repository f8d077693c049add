"""How do hires come in and go by hand? Checked, obeyed and planned like a webhook's record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.delivery import Delivery, State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.events import EventState, Fact, Told
from onboarding.domain.journey import AFTER_QUESTION, occasion_of
from onboarding.domain.people import Hire
from onboarding.domain.record import read_event
from onboarding.domain.telling import with_fact
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.obeying import Obeyed, obey
from onboarding.services.planning import replan_touched
from onboarding.services.recognising import BY_HAND, by_hand
from onboarding.services.waking import set_alarms

NOT_TO_COME = frozenset({State.SKIPPED, State.WITHDRAWN, State.FAILED})
IN_VAIN = "the meeting it follows will not be arranged"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """A step that will not be sent, and why."""

    step: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HireReport:
    """What follows from one hire: what will be sent, and what will not with the reason."""

    hire_id: str
    created: bool
    outcome: str
    will_send: tuple[str, ...]
    will_not_send: tuple[NotSent, ...]


def add_hire(engine: Engine, record: object, now: datetime) -> HireReport:
    """Enrol one hire from a canonical event, or from its bare `data`.

    Raises:
        BadRecord: with one sentence for each field that does not fit.
    """
    fact = _fact(record, now)
    with engine.store.begin() as books:
        report = enrol(engine, books, Directory(books), fact, now)
    set_alarms(engine, now)
    return report


def withdraw(engine: Engine, hire_id: str, now: datetime) -> HireReport:
    """End a hire's journey: what is unsent ends, meetings are cancelled.

    Raises:
        NotFound: no such hire.
    """
    with engine.store.begin() as books:
        hire = books.hires.get(hire_id)
        if hire is None:
            raise NotFound(f"there is no hire {hire_id}")
        _let_go(engine, books, Directory(books), hire_id, max(now, hire.told_at))
        report = _report(engine, books, hire_id, created=False, outcome="withdrawn")
    set_alarms(engine, now)
    return report


def leave(engine: Engine, person_id: str, now: datetime) -> list[str]:
    """Somebody has left: others take their roles, and they are written to no more. Returns the hires that changed.

    Raises:
        NotFound: no such person.
    """
    with engine.store.begin() as books:
        directory = Directory(books)
        person = directory.get(person_id)
        if person is None:
            raise NotFound(f"there is no person {person_id}; `onboarding people list` names them")
        noted_as_gone(books, person_id, now)
        directory.put(replace(person, active=False))
        changed = replan_touched(engine, books, directory, {person_id}, now)
    set_alarms(engine, now)
    return changed


def noted_as_gone(books: Books, person_id: str, now: datetime) -> Fact:
    """Note that humans say so: an HR system that lists somebody as before does not take it back."""
    identity = by_hand(books, person_id)
    fact = Fact(told=Told.WITHDRAWN, external_id=identity.external_id, hire_id=person_id, at=now)
    books.identities.put(replace(identity, told=with_fact(identity.told, fact)))
    return fact


def _let_go(engine: Engine, books: Books, directory: Directory, hire_id: str, now: datetime) -> Obeyed:
    return obey(engine, books, directory, BY_HAND, noted_as_gone(books, hire_id, now), now)


def _fact(record: object, now: datetime) -> Fact:
    if isinstance(record, dict) and "type" not in record:
        record = {"type": Told.CREATED.value, "data": record}
    return read_event(record, now)


def enrol(engine: Engine, books: Books, directory: Directory, fact: Fact, now: datetime) -> HireReport:
    """Let a fact from a person or a file make or change a hire.

    Raises:
        BadRecord: when it cannot be obeyed.
    """
    known = books.hires.get(fact.hire_id)
    if known is not None and fact.told is Told.WITHDRAWN:
        obeyed = _let_go(engine, books, directory, known.id, fact.at)
    else:
        source, external_id = (known.source, known.external_id) if known else (BY_HAND, fact.external_id)
        obeyed = obey(engine, books, directory, source, replace(fact, external_id=external_id), now)
    if obeyed.state in (EventState.REVIEW, EventState.EARLY):
        raise BadRecord(obeyed.reason)
    return _report(engine, books, obeyed.hire_id, created=obeyed.enrolled, outcome=obeyed.reason)


def _report(engine: Engine, books: Books, hire_id: str, *, created: bool, outcome: str) -> HireReport:
    rows = books.deliveries.of_hire(hire_id)
    follows = {step.key: step.after for step in engine.words.journey(engine.company.journey).steps if step.after}
    ended = {(one.step, one.occasion) for one in rows if one.state in NOT_TO_COME}
    coming = {(one.step, one.occasion) for one in rows if one.state not in NOT_TO_COME}

    def in_vain(one: Delivery) -> bool:
        meeting = (follows.get(one.step, ""), occasion_of(one.occasion))
        return one.state is State.PLANNED and meeting in ended - coming

    vain = [replace(one, state=State.SKIPPED, reason=IN_VAIN) if in_vain(one) else one for one in rows]
    return HireReport(
        hire_id=hire_id,
        created=created,
        outcome=outcome,
        will_send=tuple(f"{one.step} to {one.role}" for one in vain if one.state is State.PLANNED),
        will_not_send=tuple(not_sent(vain)),
    )


def not_sent(rows: list[Delivery]) -> Iterator[NotSent]:
    """What will not be sent, each step, role and reason once; a reminder goes without saying."""
    ended = [one for one in rows if one.state in (State.SKIPPED, State.FAILED)]
    yield from dict.fromkeys(
        NotSent(step=one.step, role=one.role, reason=one.reason)
        for one in ended
        if not one.occasion.endswith(AFTER_QUESTION)
    )


def known_hire(books: Books, hire_id: str) -> Hire:
    """The hire of that id.

    Raises:
        NotFound: with the words for it.
    """
    hire = books.hires.get(hire_id)
    if hire is None:
        raise NotFound(f"there is no hire {hire_id}; `onboarding hire list` names them")
    return hire
