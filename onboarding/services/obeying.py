"""What follows from one fact? The directory, the hire and the plan change, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count

from onboarding.domain.events import EventState, Fact, Identity, Told
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.telling import (
    STATE,
    comes_again,
    decides,
    fields_of,
    newest,
    news,
    starts_soon,
    with_fact,
)
from onboarding.ports import Books
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.planning import replan
from onboarding.services.recognising import recognise
from onboarding.services.reporting import other_manager, with_manager

_LONGEST_BASE = 60
"""Characters of an id that leave room for a number behind it."""


class Outcome(StrEnum):
    """What a fact did to the person whom it is about."""

    ENROLLED = "enrolled"  # a hire, with a journey
    CHANGED = "changed"  # known already; a new colleague, too
    UNCHANGED = "unchanged"
    LEFT = "left"
    NONE = "none"  # it was not obeyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Obeyed:
    """What became of a fact; `touched` is the colleague whose newcomers must be planned again, or ""."""

    state: EventState
    reason: str
    hire_id: str
    touched: str = ""
    outcome: Outcome = Outcome.NONE

    @property
    def enrolled(self) -> bool:
        """Whether a hire was made."""
        return self.outcome is Outcome.ENROLLED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hearing:
    """A fact, and what is known of the person whom it is about."""

    engine: Engine
    books: Books
    directory: Directory
    source: str
    fact: Fact
    now: datetime
    identity: Identity
    told: Mapping[str, datetime]
    person: Person | None
    hire: Hire | None


def obey(engine: Engine, books: Books, directory: Directory, source: str, fact: Fact, now: datetime) -> Obeyed:
    """Let one fact change the directory, the hire and the plan; returns what became of it, and why.

    Facts may come in any order, from several sources, and again: what is older than what is known changes nothing.
    """
    books.identities.hold()
    found = recognise(books, directory, source, fact)
    if found.doubt:
        return Obeyed(state=EventState.REVIEW, reason=found.doubt, hire_id=fact.hire_id)
    person_id = found.identity.person_id
    heard = _Hearing(
        engine=engine,
        books=books,
        directory=directory,
        source=source,
        fact=fact,
        now=now,
        identity=found.identity,
        told=newest(books.identities.of_person(person_id)),
        person=directory.get(person_id),
        hire=books.hires.get(person_id),
    )
    return _withdraw(heard) if fact.told is Told.WITHDRAWN else _take_in(heard)


def _withdraw(heard: _Hearing) -> Obeyed:
    fact, identity, person, hire = heard.fact, heard.identity, heard.person, heard.hire
    if fact.about and identity.about and fact.about != identity.about:
        return _ended(heard, EventState.IGNORED, "it is about another offer than the one that counts")
    if not decides(identity.told, heard.told, fact):
        _remember(heard)
        return _ended(heard, EventState.IGNORED, "older than what is known")
    if hire is None and person is None and fact.about:
        return _ended(heard, EventState.IGNORED, f"an offer to {fact.hire_id}, who is not hired yet")
    _remember(heard)
    if hire is None and person is None:
        return _ended(heard, EventState.IGNORED, f"{fact.hire_id} was withdrawn before being enrolled")
    was_here = person is not None and person.active
    if person is not None and was_here:
        heard.directory.put(replace(person, active=False))
    touched = identity.person_id if was_here else ""
    if hire is None:
        return _ended(heard, EventState.OBEYED, "has left", touched=touched, outcome=Outcome.LEFT)
    gone = replace(hire, state=HireState.WITHDRAWN, told_at=max(fact.at, hire.told_at))
    heard.books.hires.put(gone)
    _replan(heard, gone, "the hire was withdrawn")
    return _ended(heard, EventState.OBEYED, "withdrawn", touched=touched, outcome=Outcome.LEFT)


def _take_in(heard: _Hearing) -> Obeyed:
    fact = heard.fact
    if fact.told is Told.UPDATED and heard.person is None:
        about = "an update" if fact.person else "a start date"
        return _ended(heard, EventState.EARLY, f"{about} for {fact.hire_id}, of whom nobody has told us")
    if heard.hire is not None and comes_again(heard.hire, fact, heard.told, heard.now):
        heard = _second_time(heard, heard.hire)
    fresh = _fresh(heard)
    if not fresh:
        _remember(heard)  # under which name the source knows them counts, however old its news is
        return _ended(heard, EventState.IGNORED, "older than what is known")
    person = _merged(heard, fresh)
    journey = heard.hire is not None or fact.told is Told.CREATED
    if not journey and not (person.active and starts_soon(person.start_date, heard.now)):
        return _keep_colleague(heard, person)
    if person.start_date is None:
        return _ended(heard, EventState.REVIEW, "the record lacks a start date")
    return _plan(heard, person, person.start_date)


def _fresh(heard: _Hearing) -> frozenset[str]:
    """What of a fact is news. Where the source counts the versions of a start date, the higher one counts."""
    fact, rank = heard.fact, heard.identity.rank
    fields = fields_of(fact)
    fresh = news(heard.told, fields - {STATE}, fact.at)
    if STATE in fields and decides(heard.identity.told, heard.told, fact):
        fresh |= {STATE}
    if fact.rank and rank and fact.rank != rank and "start_date" in fields:
        return fresh | {"start_date"} if fact.rank > rank else fresh - {"start_date"}
    return fresh


def _merged(heard: _Hearing, fresh: frozenset[str]) -> Person:
    """What is known of a person, with what is news; nobody is here again by a fact about something else."""
    fact, person_id = heard.fact, heard.identity.person_id
    record = fact.person
    if record is None:
        record = Person(id=person_id, first_name="", start_date=fact.first_day)
    record = with_manager(heard.books, heard.directory, heard.source, fact, replace(record, id=person_id))
    before = heard.person or replace(record, active=not _is_gone(heard))
    person = replace(before, **{name: getattr(record, name) for name in fresh - {STATE}})
    return replace(person, active=True) if STATE in fresh else person


def _is_gone(heard: _Hearing) -> bool:
    return STATE in heard.told and heard.told[STATE] > heard.fact.at


def _keep_colleague(heard: _Hearing, person: Person) -> Obeyed:
    """Somebody of the directory, without a journey."""
    found_again = _remember(heard)
    if person == heard.person:
        touched = person.id if found_again else ""
        because = "nothing has changed"
        return _ended(heard, EventState.OBEYED, because, touched=touched, outcome=Outcome.UNCHANGED)
    heard.directory.put(person)
    because = "the record changed" if heard.person else "a colleague"
    return _ended(heard, EventState.OBEYED, because, touched=person.id, outcome=Outcome.CHANGED)


def _plan(heard: _Hearing, person: Person, first_day: date) -> Obeyed:
    """A newcomer, with everything that follows; with time they have roles for others, as any colleague."""
    fact, hire = heard.fact, heard.hire
    found_again = _remember(heard)
    because = _because(heard, person, first_day)
    heard.directory.put(person)
    if hire is None:
        hire = Hire(
            id=person.id,
            source=heard.source,
            external_id=fact.external_id,
            journey=heard.engine.company.journey,
            first_day=first_day,
            state=_state(person),
            enrolled_at=heard.now,
            told_at=fact.at,
        )
    else:
        hire = replace(hire, first_day=first_day, state=_state(person), told_at=max(fact.at, hire.told_at))
    heard.books.hires.put(hire)
    _replan(heard, hire, because)
    touched = person.id if found_again or (heard.person and heard.person != person) else ""
    return _ended(heard, EventState.OBEYED, because, touched=touched, outcome=_outcome(heard, person, hire))


def _outcome(heard: _Hearing, person: Person, hire: Hire) -> Outcome:
    if heard.hire is None:
        return Outcome.ENROLLED
    same = heard.person == person and heard.hire == replace(hire, told_at=heard.hire.told_at)
    return Outcome.UNCHANGED if same else Outcome.CHANGED


def _state(person: Person) -> HireState:
    return HireState.ACTIVE if person.active else HireState.WITHDRAWN


def _second_time(heard: _Hearing, hire: Hire) -> _Hearing:
    """Whoever comes again is a person of their own: what was sent the first time stays with the first.

    Every name that a source has for them now means the second one.
    """
    again = _next_id(heard.directory, hire.id)
    for identity in heard.books.identities.of_person(hire.id):
        heard.books.identities.put(replace(identity, person_id=again, told={}, about="", rank=0))
    if heard.person is not None and heard.person.active:
        heard.directory.put(replace(heard.person, active=False))
    if hire.state is HireState.ACTIVE:
        heard.books.hires.put(replace(hire, state=HireState.WITHDRAWN))
    known = replace(heard.person, id=again, active=True) if heard.person else None
    identity = replace(heard.identity, person_id=again, told={}, about="", rank=0)
    return replace(heard, identity=identity, told={}, person=known, hire=None)


def _next_id(directory: Directory, hire_id: str) -> str:
    """`emp-7.2` for whoever was `emp-7`, then `emp-7.3`."""
    numbered = re.fullmatch(r"(.+)\.[0-9]+", hire_id)
    base = numbered[1] if numbered and directory.get(numbered[1]) else hire_id
    candidates = (f"{base[:_LONGEST_BASE]}.{number}" for number in count(2))
    return next(one for one in candidates if directory.get(one) is None)


def _remember(heard: _Hearing) -> bool:
    """Note under which name the source knows this person, and when it told what.

    Whoever named them as their manager by that name means them from now on; returns whether anybody did.
    """
    fact, identity = heard.fact, heard.identity
    last = max(identity.told.values(), default=fact.at)
    newer = fact.rank > identity.rank or (fact.rank == identity.rank and fact.at >= last)
    heard.books.identities.put(
        replace(
            identity,
            about=(fact.about or identity.about) if newer and fact.told is not Told.WITHDRAWN else identity.about,
            rank=max(fact.rank, identity.rank),
            told=with_fact(identity.told, fact),
        )
    )
    if heard.person is None or not identity.told:
        heard.books.events.requeue_early(fact.hire_id)
    known_anew = identity.person_id != fact.hire_id
    named = heard.books.people.reports_to(fact.hire_id) if known_anew else []
    reports = [report for report in named if report.id != identity.person_id]
    for report in reports:
        heard.directory.put(replace(report, manager_id=identity.person_id))
    return bool(reports)


def _replan(heard: _Hearing, hire: Hire, because: str) -> None:
    replan(heard.engine, heard.books, heard.directory, hire, now=heard.now, because=because)


def _because(heard: _Hearing, after: Person, first_day: date) -> str:
    """Why the plan changes, in one sentence without personal data."""
    hire, before = heard.hire, heard.person
    if hire is None:
        return "enrolled" if after.active else "noted; the hire was withdrawn later"
    if hire.state is HireState.WITHDRAWN:
        return "the hire is back" if after.active else "noted; the hire stays withdrawn"
    if hire.first_day != first_day:
        return f"the start date moved from {hire.first_day} to {first_day}"
    if before is not None and other_manager(heard.directory, before, after):
        return "the manager changed"
    if before is not None and before.time_zone != after.time_zone:
        return "the time zone changed"
    return "nothing has changed" if before == after else "the record changed"


def _ended(
    heard: _Hearing, state: EventState, reason: str, *, touched: str = "", outcome: Outcome = Outcome.NONE
) -> Obeyed:
    hire_id = heard.identity.person_id
    return Obeyed(state=state, reason=reason, hire_id=hire_id, touched=touched, outcome=outcome)
