"""How do people and hires come in by hand or by file? Checked, obeyed and planned like a webhook's record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from onboarding.domain.delivery import Delivery, State
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.events import EventState, Fact, Told
from onboarding.domain.journey import REMINDER
from onboarding.domain.people import Hire, Person
from onboarding.domain.record import HIRE_NEEDS, read_event, read_person, read_row
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.enrolling import obey
from onboarding.services.planning import replan_touched
from onboarding.services.waking import set_alarms

BY_HAND = "by-hand"
"""The source of hires that came by file or by hand."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that was not taken; `line` counts from 1, the header included."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file: the good rows are in, the others are named."""

    accepted: int
    refused: tuple[Refusal, ...]
    hires: tuple[HireReport, ...] = ()


def add_hire(engine: Engine, record: object, now: datetime) -> HireReport:
    """Enrol one hire from a canonical event, or from its bare `data`.

    Raises:
        BadRecord: with one sentence for each field that does not fit.
    """
    fact = _fact(record, now)
    with engine.store.begin() as books:
        report = _enrol(engine, books, Directory(books), fact, now)
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
        fact = Fact(told=Told.WITHDRAWN, external_id=hire.external_id, hire_id=hire_id, at=max(now, hire.told_at))
        obey(engine, books, Directory(books), hire.source, fact, now)
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
        directory.put(replace(person, active=False))
        changed = replan_touched(engine, books, directory, {person_id}, now)
    set_alarms(engine, now)
    return changed


def import_hires(engine: Engine, text: str, now: datetime) -> ImportReport:
    """Enrol every good row of a CSV file whose columns have the record's names.

    Raises:
        BadRecord: when it is no CSV file; nothing of it was taken.
    """
    reports: list[HireReport] = []

    def take(record: Mapping[str, object], books: Books, directory: Directory) -> None:
        person = read_person(record, HIRE_NEEDS)
        fact = Fact(told=Told.CREATED, external_id=person.id, hire_id=person.id, at=now, person=person)
        reports.append(_enrol(engine, books, directory, fact, now))

    accepted, refused = _each_row(engine, text, take)
    set_alarms(engine, now)
    return ImportReport(accepted=accepted, refused=tuple(refused), hires=tuple(reports))


def import_people(engine: Engine, text: str, now: datetime) -> ImportReport:
    """Take every good row into the directory, and plan again the hires whom the changes touch.

    Raises:
        BadRecord: when it is no CSV file; nothing of it was taken.
    """
    changed: set[str] = set()

    def take(record: Mapping[str, object], books: Books, directory: Directory) -> None:
        person = read_person(record)
        known = directory.get(person.id)
        if known is not None and books.hires.get(person.id) is not None:
            person = _completed(known, person, record)
        if known is not None:
            person = replace(person, opted_out=person.opted_out or known.opted_out)
        if person != known:
            directory.put(person)
            changed.add(person.id)

    accepted, refused = _each_row(engine, text, take)
    if changed:
        with engine.store.begin() as books:
            replan_touched(engine, books, Directory(books), changed, now)
        set_alarms(engine, now)
    return ImportReport(accepted=accepted, refused=tuple(refused))


def _completed(hire: Person, person: Person, record: Mapping[str, object]) -> Person:
    """A directory's record of a hire with what only the HR system told: a private address, the start date.

    Raises:
        BadRecord: when the start date is another one, which would have to move the journey.
    """
    if "start_date" in record and person.start_date != hire.start_date:
        raise BadRecord(f"start_date: {hire.id} is a hire who starts on {hire.start_date}; `hire import` moves it")
    given = {field.name: getattr(person, field.name) for field in fields(Person) if field.name in record}
    return replace(hire, **given, opted_out=person.opted_out)


Take = Callable[[Mapping[str, object], Books, Directory], None]


def _each_row(engine: Engine, text: str, take: Take) -> tuple[int, list[Refusal]]:
    accepted, refused = 0, []
    with engine.store.begin() as books:
        directory = Directory(books)
        for line, row in _rows(text):
            try:
                take(read_row(row), books, directory)
            except BadRecord as error:
                refused.append(Refusal(line=line, reason="; ".join(error.mistakes)))
            else:
                accepted += 1
    return accepted, refused


def _rows(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    """The rows of a CSV file with commas or semicolons, with or without a byte order mark."""
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        for row in reader:
            yield reader.line_num, dict(row)
    except csv.Error as error:
        raise BadRecord(f"the file cannot be read as CSV after line {reader.line_num}: {error}") from error


def _fact(record: object, now: datetime) -> Fact:
    if isinstance(record, dict) and "type" not in record:
        record = {"type": Told.CREATED.value, "data": record}
    return read_event(record, now)


def _enrol(engine: Engine, books: Books, directory: Directory, fact: Fact, now: datetime) -> HireReport:
    known = books.hires.get(fact.hire_id)
    source = known.source if known else BY_HAND
    state, outcome = obey(engine, books, directory, source, fact, now)
    if state is EventState.REVIEW:
        raise BadRecord(outcome)
    return _report(engine, books, fact.hire_id, created=known is None, outcome=outcome)


def _report(engine: Engine, books: Books, hire_id: str, *, created: bool, outcome: str) -> HireReport:
    rows = books.deliveries.of_hire(hire_id)
    follows = {step.key: step.after for step in engine.words.journey(engine.company.journey).steps if step.after}
    ended = {(one.step, one.occasion) for one in rows if one.state in NOT_TO_COME}
    coming = {(one.step, one.occasion) for one in rows if one.state not in NOT_TO_COME}

    def in_vain(one: Delivery) -> bool:
        meeting = (follows.get(one.step, ""), one.occasion.removesuffix(REMINDER))
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
        if not one.occasion.endswith(REMINDER)
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
