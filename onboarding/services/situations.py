"""What is known of one hire at one moment?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.cast import Cast
from onboarding.domain.journey import Journey
from onboarding.domain.meetings import Meeting
from onboarding.domain.offices import Offices
from onboarding.domain.people import Hire, Person
from onboarding.domain.preferences import Preferences
from onboarding.ports import Books
from onboarding.services import named_humans
from onboarding.services.casting import cast_of
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.filling import Filling, fill_roles
from onboarding.services.work_partners import partner_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything about one hire at one moment: what planning and every verb look at.

    `preferences_of` asks the memory of the directory, which reads each person once a transaction. `human` is
    whoever gets what a watch tells HR.
    """

    journey: Journey
    hire: Hire
    person: Person
    cast: Cast
    meetings: tuple[Meeting, ...]
    offices: Offices
    preferences_of: Callable[[str], Preferences]
    human: Person


def situation(
    engine: Engine, books: Books, directory: Directory, hire: Hire, now: datetime, *, choose: bool = False
) -> Situation:
    """Read what is known of a hire; with `choose`, people are chosen for matched roles that are empty."""
    person = directory.get(hire.id)
    if person is None:
        raise LookupError(f"hire {hire.id} has no person")
    if (manager := directory.manager_of(person)) is not None:
        person = replace(person, manager_id=manager.id)  # a record may name the manager by e-mail only
    journey, offices = engine.words.journey(hire.journey), engine.words.offices()
    missing: dict[str, str] = {}
    if choose:
        missing = fill_roles(
            Filling(
                words=engine.words,
                books=books,
                directory=directory,
                journey=journey,
                hire=hire,
                person=person,
                offices=offices,
                now=now,
            )
        )
    pairings = books.pairings.of_hire(hire.id)
    partner = partner_of(books, directory, hire)
    cast = cast_of(engine.company, directory, person, pairings, partner, missing)
    met = tuple(books.meetings.of_hire(hire.id))
    cast = knowing(cast, directory, {person_id for meeting in met for person_id in meeting.people})
    return Situation(
        journey=journey,
        hire=hire,
        person=person,
        cast=cast,
        meetings=met,
        offices=offices,
        preferences_of=directory.preferences_of,
        human=named_humans.first(engine, directory, person),
    )


def knowing(cast: Cast, directory: Directory, ids: Iterable[str]) -> Cast:
    """The cast with further people: who was invited may have no role any more, and is told what changed."""
    further = {one: person for one in ids if one not in cast.people and (person := directory.get(one))}
    return replace(cast, people={**cast.people, **further}) if further else cast
