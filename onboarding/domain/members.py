"""Who takes part in this coffee round, and why does somebody not?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from onboarding.domain.people import Person
from onboarding.domain.preferences import COFFEE, NOTHING_SAID, Preferences

NEWCOMER = timedelta(days=180)
"""How long somebody counts as a newcomer."""

SILENT = 3
"""So many rounds without an answer end in a pause, of which they are told."""

DAYS = 5
LEAST_DAYS = 3
"""Of the five days from the first on somebody must be there for three: else there is no room for a coffee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who said yes to coffee rounds, and how the last rounds went for them.

    `skips` is "not this time". `unanswered` counts the last rounds in a row without an answer, `waiting` those in
    which they were left out or one of three.
    """

    person: Person
    preferences: Preferences = NOTHING_SAID
    skips: bool = False
    unanswered: int = 0
    waiting: int = 0

    def newcomer(self, day: date) -> bool:
        """Whether they are new on that day."""
        start = self.person.start_date
        return start is not None and start > day - NEWCOMER

    def out_because(self, day: date) -> str:
        """Why they do not take part in the round of the five days from `day` on; "" when they do."""
        said = self.preferences
        there = sum(not said.away_within(day + timedelta(days=later), 1) for later in range(DAYS))
        reasons = (
            (not self.person.active, "no longer with the company"),
            (self.person.opted_out or COFFEE in said.opted_out, "does not take part"),
            (said.paused_on(day), f"paused until {said.paused_until}"),
            (self.unanswered >= SILENT, f"paused after {self.unanswered} rounds without an answer; a yes ends it"),
            (self.skips, "skips this round"),
            (there < LEAST_DAYS, "away in these days"),
        )
        return next((why for holds, why in reasons if holds), "")
