"""How many newcomers does each colleague look after, now and soon?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.errors import BadWords
from onboarding.domain.people import MATCHED_ROLES, Hire
from onboarding.domain.wanted import capacities
from onboarding.ports import Books
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.matches import Named, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One person in one role: newcomers who are here, and who come later.

    `capacity` is how many their journeys give one person at a time, None where no journey says it.
    """

    person: Named
    role: str
    now: int
    coming: int
    capacity: int | None

    @property
    def is_full(self) -> bool:
        """Whether nobody more is given to them."""
        return self.capacity is not None and self.now + self.coming >= self.capacity


def loads(engine: Engine, now: datetime, role: str = "") -> list[Load]:
    """Everybody who has a newcomer in a role, or in any role; the most newcomers first within each role."""
    with engine.store.read() as books:
        return of_roles(engine, books, Directory(books), now, {role} if role else MATCHED_ROLES)


def of_roles(
    engine: Engine, books: Books, directory: Directory, now: datetime, roles: Collection[str]
) -> list[Load]:
    """The same, inside a transaction that is open already."""
    directory.everybody()
    since = now.date() - JOURNEY_LENGTH
    hires = {hire.id: hire for hire in books.hires.find(first_day_from=since)}
    theirs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for hire_id, role, _, person_id in books.pairings.standing(since):
        if role in roles:
            theirs[role, person_id].add(hire_id)
    known = _capacities(engine, hires.values())
    found = [
        Load(
            person=named(directory, person_id),
            role=role,
            now=sum(hires[one].first_day <= now.date() for one in newcomers),
            coming=sum(hires[one].first_day > now.date() for one in newcomers),
            capacity=known.get(role),
        )
        for (role, person_id), newcomers in theirs.items()
    ]
    return sorted(found, key=lambda one: (one.role, -one.now - one.coming, one.person.name, one.person.id))


def _capacities(engine: Engine, hires: Collection[Hire]) -> dict[str, int]:
    """The largest capacity of each role; a journey that cannot be read says none."""
    found: dict[str, int] = {}
    for journey in sorted({hire.journey for hire in hires}):
        with suppress(BadWords):
            for role, capacity in capacities(engine.words.journey(journey)).items():
                found[role] = max(capacity, found.get(role, 0))
    return found
