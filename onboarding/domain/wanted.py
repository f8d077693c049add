"""Whom does a journey want for a hire, and which of its questions ask whom for a yes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onboarding.domain.facts import applies
from onboarding.domain.journey import Journey, Step, Verb
from onboarding.domain.people import Person, Role

THEMSELVES = frozenset({Role.HIRE, Role.HR, Role.IT})
"""Roles that are never empty."""

A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A role on an occasion: `step` is the match step that fills it, "" when others name the person."""

    role: str
    occasion: str
    how_many: int = 1
    step: str = ""

    def is_over(self, first_day: date, today: date) -> bool:
        """Whether its week has passed, so that nobody is needed any more."""
        week = self.occasion.removeprefix("week-")
        return week.isdecimal() and first_day + int(week) * A_WEEK <= today


class Wants:
    """What a journey wants for hires, worked out once for all with the same conditions."""

    def __init__(self, journey: Journey) -> None:
        self._steps = journey.steps
        self._conditional = {step.only_if: step for step in journey.steps if step.only_if}
        self._found: dict[frozenset[str], tuple[Wanted, ...]] = {}

    def of(self, person: Person) -> tuple[Wanted, ...]:
        """Every role that the journey has work for with this hire, in the order of its steps."""
        unmet = frozenset(text for text, step in self._conditional.items() if not applies(step, person))
        if unmet not in self._found:
            self._found[unmet] = _wanted([step for step in self._steps if step.only_if not in unmet])
        return self._found[unmet]


def _wanted(steps: Sequence[Step]) -> tuple[Wanted, ...]:
    matched = {step.subject for step in steps if step.verb is Verb.MATCH}
    found: dict[tuple[str, str], Wanted] = {}
    for step in steps:
        for one in _of_step(step, matched):
            found.setdefault((one.role, one.occasion), one)
    return tuple(found.values())


def _of_step(step: Step, matched: set[str]) -> list[Wanted]:
    if step.verb is Verb.MATCH:
        return [
            Wanted(role=step.subject, occasion=occasion, how_many=step.how_many, step=step.key)
            for occasion in step.occasions
        ]
    named = [role for role in (*step.roles, *step.needs) if role not in THEMSELVES and role not in matched]
    return [Wanted(role=role.value, occasion="once") for role in dict.fromkeys(named)]


def capacities(journey: Journey) -> dict[str, int]:
    """How many newcomers one person looks after at a time, for each role that the journey matches."""
    return {step.subject: step.capacity for step in journey.steps if step.verb is Verb.MATCH}


def declining(journey: Journey) -> dict[str, str]:
    """The condition under which an answer is a no, by the key of each ask that wants a yes to a role."""
    return {step.key: step.declines_when for step in journey.steps if step.verb is Verb.ASK and step.declines_when}
