"""Whom does a source mean? The same person may be known already, from it or from another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from onboarding.domain.events import Fact, Identity, Told
from onboarding.domain.likeness import Known, doubt_about
from onboarding.domain.people import Hire, Person
from onboarding.domain.telling import JOURNEY
from onboarding.ports import Books
from onboarding.services.directory import Directory

BY_HAND = "by-hand"
"""The source of people and hires that came by file or by hand."""

FILES = frozenset({BY_HAND, "csv"})
"""Files that the company keeps itself: one id in both is one person."""

OWN_IDS = FILES | {"standard"}
"""Sources that call people as we do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Who is meant; `doubt` says in one sentence why a human must decide, "" when it is sure."""

    identity: Identity
    doubt: str = ""


def recognise(books: Books, directory: Directory, source: str, fact: Fact) -> Recognised:
    """The identity of the person of a fact; a new one, not stored yet, when nobody fits."""
    identity = books.identities.get(source, fact.external_id)
    if identity is not None:
        return Recognised(identity=identity)
    fresh = Identity(source=source, external_id=fact.external_id, person_id=fact.hire_id)
    hire = books.hires.get(fact.hire_id)
    person = directory.get(fact.hire_id)
    other_source = hire is not None and hire.source != source and not {hire.source, source} <= FILES
    if hire is not None and other_source and not _same_hire(hire, person, fact):
        return Recognised(
            identity=fresh, doubt=f"the hire {hire.id} is known from {hire.source}, not from {source}"
        )
    known = person is not None and (hire is not None or source in OWN_IDS)
    if known and person is not None and _is_gone(person, fact):
        return Recognised(identity=fresh, doubt=f"{source} lists {person.id}, who {_went(books, person)}")
    if known or fact.person is None or fact.told not in (Told.CREATED, Told.KNOWN):
        return Recognised(identity=fresh)
    return _by_address(books, directory, fresh, fact, fact.person)


def by_hand(books: Books, person_id: str) -> Identity:
    """The name by which humans mean exactly this person, and nobody who comes again under their id."""
    name = f"id:{person_id}"
    known = books.identities.get(BY_HAND, name)
    if known is None or known.person_id != person_id:
        known = Identity(source=BY_HAND, external_id=name, person_id=person_id)
        books.identities.put(known)
    return known


def _by_address(books: Books, directory: Directory, fresh: Identity, fact: Fact, person: Person) -> Recognised:
    """Whoever has the same address, when it surely is the same person; a human decides when it may be."""
    for other in _alike(books, directory, person):
        if _surely_another(books, other, person):
            continue
        doubt = _doubt(books, fresh.source, other, person, fact)
        if not doubt and _is_gone(other, fact):
            went = _went(books, other)
            doubt = f"perhaps the same person as {other.id}, who {went}: the same address and first day"
        return Recognised(identity=fresh if doubt else replace(fresh, person_id=other.id), doubt=doubt)
    return Recognised(identity=fresh)


def _is_gone(person: Person, fact: Fact) -> bool:
    """Whether a source lists, as its first word about them, somebody who is gone for all we know."""
    return fact.told is Told.KNOWN and not person.active


def _went(books: Books, person: Person) -> str:
    return "has left" if books.hires.get(person.id) is None else "was withdrawn"


def _alike(books: Books, directory: Directory, person: Person) -> Iterator[Person]:
    """Who has the same work address, then who has the same private one."""
    at_work = directory.by_email(person.work_email)
    if at_work is not None:
        yield at_work
    for other in books.people.by_private_email(person.personal_email):
        if at_work is None or other.id != at_work.id:
            yield other


def _surely_another(books: Books, other: Person, person: Person) -> bool:
    """Addresses are given anew, and whoever comes again under another number is a new stay."""
    hire = books.hires.get(other.id)
    if not other.active:
        return not _same_day(hire, other, person)
    return hire is not None and person.start_date is not None and person.start_date > hire.first_day + JOURNEY


def _doubt(books: Books, source: str, other: Person, person: Person, fact: Fact) -> str:
    """What a human must look at; "" when it surely is the same person."""
    hire = books.hires.get(other.id)
    if any(one.source == source for one in books.identities.of_person(other.id)):
        return f"perhaps the same person as {other.id}: the same address, but {source} tells of two people"
    known = Known(
        person=other, first_day=hire.first_day if hire else other.start_date, on_journey=hire is not None
    )
    return doubt_about(known, person, fact.told, fact.at)


def _same_day(hire: Hire | None, other: Person, person: Person) -> bool:
    first_day = hire.first_day if hire else other.start_date
    return first_day is not None and first_day == person.start_date


def _same_hire(hire: Hire, other: Person | None, fact: Fact) -> bool:
    """Whether a hire of another source with the very same id is the same: private address and first day agree."""
    person = fact.person
    if other is None or person is None or not _same_day(hire, other, person):
        return False
    same_address = person.personal_email.casefold() == other.personal_email.casefold() != ""
    known = Known(person=other, first_day=hire.first_day, on_journey=True)
    return same_address and not doubt_about(known, person, fact.told, fact.at)
