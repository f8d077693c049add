"""Who is looked for, who could it be, and which rules stand between them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from onboarding.domain.matching_weights import RoleWeights
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences

CAPACITY = 2
"""How many hires somebody looks after at a time, where neither they nor the step say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A hire who needs somebody from `day` on.

    `taken` are people who have another role for this hire or declined. `chosen` are people who were chosen before
    and not yet told: they stay unless somebody suits clearly better. `beside` are those whom the hire has in this
    role already, where several are wanted.
    """

    hire: Person
    day: date
    preferences: Preferences = NOTHING_SAID
    taken: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    beside: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the directory; `load` counts the hires whom they have in this role already."""

    person: Person
    preferences: Preferences = NOTHING_SAID
    load: int = 0

    def room(self, capacity: int) -> int:
        """How many more hires they can take, where the step allows that many."""
        own = self.preferences.capacity
        return max(0, (capacity if own is None else own) - self.load)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which role is looked for, what counts for it, and what the step says about it."""

    role: str
    weights: RoleWeights
    capacity: int = CAPACITY
    other_department: bool = False


class Rule(IntEnum):
    """Why somebody cannot have a role for a hire; of several rules the lowest number counts.

    Those that change soonest come last: whoever is only full, paused or away keeps every other rule, and HR can
    ask.
    """

    SELF = 1
    LEFT = 2
    OPTED_OUT = 3
    IN_LINE = 4
    TAKEN = 5
    TOO_NEW = 6
    TOO_JUNIOR = 7
    SAME_DEPARTMENT = 8
    FEW_HOURS = 9
    AWAY = 10
    PAUSED = 11
    FULL = 12
    MAY = 13


SAID: Mapping[Rule, tuple[str, str]] = {
    Rule.LEFT: ("is no longer with the company", "are no longer with the company"),
    Rule.OPTED_OUT: ("does not take part", "do not take part"),
    Rule.IN_LINE: ("is in the line of managers", "are in the line of managers"),
    # Exclusions are confidential, so they share their words with two harmless reasons.
    Rule.TAKEN: (
        "has another role for this newcomer, declined or is ruled out",
        "have another role for this newcomer, declined or are ruled out",
    ),
    Rule.TOO_NEW: ("is too new themselves", "are too new themselves"),
    Rule.TOO_JUNIOR: ("is not senior enough", "are not senior enough"),
    Rule.SAME_DEPARTMENT: ("is in the same department", "are in the same department"),
    Rule.FEW_HOURS: ("shares too few working hours", "share too few working hours"),
    Rule.AWAY: ("is away in the first days", "are away in the first days"),
    Rule.PAUSED: ("takes a break from matching", "take a break from matching"),
    Rule.FULL: ("looks after enough newcomers", "look after enough newcomers"),
}
"""How "one person ..." and "8 people ..." go on for each rule."""
