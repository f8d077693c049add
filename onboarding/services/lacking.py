"""Which newcomers lack somebody whom their journey wants, and why?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from onboarding.domain.delivery import Delivery
from onboarding.domain.people import Hire, HireState, Person
from onboarding.domain.wanted import Wanted, Wants
from onboarding.ports import Books
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.matches import is_about


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A role that nobody has for a newcomer, on these occasions, with the reason in one sentence."""

    hire_id: str
    name: str
    first_day: date
    role: str
    occasions: tuple[str, ...]
    reason: str


def lacking(engine: Engine, now: datetime) -> list[Lacking]:
    """Every empty role of the newcomers whose journey still lasts, by first day.

    Raises:
        BadWords: a journey cannot be read.
    """
    with engine.store.read() as books:
        return list(find(engine, books, Directory(books), now))


def find(engine: Engine, books: Books, directory: Directory, now: datetime) -> Iterator[Lacking]:
    """The same, inside a transaction that is open already."""
    since = now.date() - JOURNEY_LENGTH
    directory.everybody()
    filled = {
        (hire_id, role, occasion)
        for hire_id, role, occasion, person_id in books.pairings.standing(since)
        if (there := directory.get(person_id)) is not None and there.active
    }
    skipped: dict[str, list[Delivery]] = defaultdict(list)
    for row in books.deliveries.for_nobody(since):
        skipped[row.hire_id].append(row)
    journeys: dict[str, Wants] = {}
    for hire in books.hires.find(first_day_from=since):
        person = directory.get(hire.id)
        if hire.state is not HireState.ACTIVE or person is None or not person.active:
            continue
        if (manager := directory.manager_of(person)) is not None:
            person = replace(person, manager_id=manager.id)  # a record may name the manager by e-mail only
        if hire.journey not in journeys:
            journeys[hire.journey] = Wants(engine.words.journey(hire.journey))
        wants = [
            one
            for one in journeys[hire.journey].of(person)
            if (hire.id, one.role, one.occasion) not in filled and not one.is_over(hire.first_day, now.date())
        ]
        yield from _of_hire(hire, person, wants, skipped.get(hire.id, []))


def _of_hire(
    hire: Hire, person: Person, wants: Sequence[Wanted], skipped: Sequence[Delivery]
) -> Iterator[Lacking]:
    """What one newcomer lacks, each role once.

    Whom nobody has to choose, such as the manager, is lacking when the plan said so: they may still be named.
    """
    reasons: Mapping[Wanted, str] = {one: _reason(one, skipped) for one in wants}
    empty = [one for one in wants if one.step or reasons[one]]
    for role in dict.fromkeys(one.role for one in empty):
        theirs = [one for one in empty if one.role == role]
        said = next((reasons[one] for one in reversed(theirs) if reasons[one]), "")
        yield Lacking(
            hire_id=hire.id,
            name=person.name,
            first_day=hire.first_day,
            role=role,
            occasions=tuple(one.occasion for one in theirs),
            reason=said or f"there is no {role.replace('_', ' ')} yet",
        )


def _reason(want: Wanted, skipped: Sequence[Delivery]) -> str:
    said = [one for one in skipped if is_about(one, want.role, want.step, want.occasion)]
    return max(said, key=lambda one: (one.settled_at or one.due_at, one.number)).reason if said else ""
