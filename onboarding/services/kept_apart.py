"""Who has a role for somebody from whom they are kept apart? Both were told, so only a human can end it.

Computed from what is remembered, so that it does not matter by which way HR said it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.meetings import PairingState
from onboarding.domain.preferences import NOTHING_SAID, kept_apart
from onboarding.ports import Books


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A role that somebody keeps for a hire although they are kept apart: both were told of it already."""

    hire_id: str
    role: str
    person_id: str

    @property
    def ends(self) -> str:
        """The command that ends it."""
        return f"`onboarding match swap {self.hire_id} {self.role} --from {self.person_id}`"


def still(books: Books, first_day_from: date) -> list[Still]:
    """Every such role for active hires with a first day from then on, by hire and role."""
    said = books.preferences.all()
    if not any(one.excluded for one in said.values()):
        return []
    found: dict[Still, None] = {}
    for hire_id, role, occasion, person_id in books.pairings.standing(first_day_from):
        near, far = said.get(hire_id, NOTHING_SAID), said.get(person_id, NOTHING_SAID)
        if kept_apart(hire_id, near, person_id, far) and _told(books, (hire_id, role, occasion, person_id)):
            found[Still(hire_id=hire_id, role=role, person_id=person_id)] = None
    return list(found)


def since(books: Books, one: Still) -> datetime:
    """Since when the two are kept apart."""
    return max(_moments(books, one))


def _moments(books: Books, one: Still) -> Iterator[datetime]:
    for near, far in ((one.hire_id, one.person_id), (one.person_id, one.hire_id)):
        begun: datetime | None = None
        for change in books.preferences.history(near):
            begun = (begun or change.changed_at) if far in change.preferences.excluded else None
        if begun is not None:
            yield begun


def _told(books: Books, place: tuple[str, str, str, str]) -> bool:
    return any(
        (one.hire_id, one.role, one.occasion, one.person_id) == place and one.state is PairingState.ANNOUNCED
        for one in books.pairings.of_hire(place[0])
    )
