"""On which terms does somebody let themselves be matched?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from onboarding.domain.people import Role

COFFEE = "coffee"
"""The programme of the coffee rounds; every other programme is a role."""

ROLES = (Role.BUDDY, Role.PEER, Role.PARTNER, Role.MENTOR)
"""What colleagues are chosen for unless they say no; coffee rounds are for those who say yes."""

PROGRAMMES: tuple[str, ...] = (COFFEE, *ROLES)
"""Everything that somebody can take part in, in the order in which it is shown."""

MOST_NEWCOMERS = 5
"""The highest number that somebody may name for the newcomers whom they look after at a time."""

MOST_ABSENCES = 20

STRETCHES = (0, 30, 60, 90, 120)
"""Minutes before or after their working hours in which somebody may let themselves be met."""

FIRST_DAYS = 7
"""Whoever is away on one of the first days of a role, that day included, cannot welcome anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days on which somebody is not there, the first and the last included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            message = f"an absence must begin before it ends, not on {self.first} and {self.last}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person, or HR for them, has said about being matched.

    `opted_in` and `opted_out` name programmes: roles, or `coffee`. On `paused_until` they take part again.
    `capacity` is how many hires they look after at a time, None where the step decides. `excluded` are people with
    whom they are never matched, in either direction; it is confidential. `languages` are tags such as "en",
    besides those of the directory. In the `flexible_before` and `flexible_after` minutes around their working
    hours they let themselves be met where no kinder hour is common; nobody is unless they said so.
    """

    opted_in: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()
    paused_until: date | None = None
    capacity: int | None = None
    excluded: frozenset[str] = frozenset()
    away: tuple[Away, ...] = ()
    languages: tuple[str, ...] = ()
    flexible_before: int = 0
    flexible_after: int = 0

    def __post_init__(self) -> None:
        if not {self.flexible_before, self.flexible_after} <= set(STRETCHES):
            message = f"working hours stretch by one of {STRETCHES} minutes"
            raise ValueError(message)
        if self.capacity is not None and self.capacity < 0:
            message = f"a capacity cannot be negative, and this one is {self.capacity}"
            raise ValueError(message)

    def paused_on(self, day: date) -> bool:
        """Whether the pause still lasts on that day."""
        return self.paused_until is not None and self.paused_until > day

    def away_within(self, day: date, days: int) -> bool:
        """Whether any of that many days from `day` on is a day of absence."""
        last = day + timedelta(days=days - 1)
        return any(one.first <= last and one.last >= day for one in self.away)


NOTHING_SAID = Preferences()


def kept_apart(one: str, of_one: Preferences, other: str, of_other: Preferences) -> bool:
    """Whether two people are never matched, whichever of them it was said for."""
    return other in of_one.excluded or one in of_other.excluded


class Teller(StrEnum):
    """Who changed what is said of a person."""

    PERSON = "person"  # on their page, or by a link in a mail
    HR = "hr"  # by a command, or by a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of somebody's preferences: what counts since `changed_at` (UTC), and who said so.

    `version` counts from 1. `fields` are the names of what became different, those of the directory among them.
    """

    person_id: str
    version: int
    preferences: Preferences
    changed_by: Teller
    changed_at: datetime
    fields: tuple[str, ...]
