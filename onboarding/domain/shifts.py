"""How long are many people at work at the same time?

People with the same zone and hours share a shift, of which a company of 50,000 has a few hundred. So what two
people have in common is worked out for shifts, and looked up for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from onboarding.domain.alike import HOUR, NEIGHBOURS, WEEKS, reach, window
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.preferences import Preferences

Minutes: TypeAlias = NDArray[np.int32]


Place: TypeAlias = tuple[str, WorkingHours]
"""A zone, and hours there."""


class Shifts:
    """Every zone with working hours that some people have, numbered, and when they can be met there."""

    def __init__(self, people: Iterable[Person], preferences: Iterable[Preferences]) -> None:
        self._number: dict[tuple[Place, Place], int] = {}
        for person, said in zip(people, preferences, strict=True):
            self._number.setdefault(_places(person, said), len(self._number))
        self._as_they_work = all(at_work == allowed for at_work, allowed in self._number)
        self._windows: dict[tuple[date, bool], tuple[Minutes, Minutes]] = {}
        self._shared: dict[tuple[Place, date, bool], Minutes] = {}

    def of(self, person: Person, said: Preferences) -> int:
        """The number of a person's shift."""
        return self._number[_places(person, said)]

    def shared(self, person: Person, day: date) -> Minutes:
        """Minutes that each shift shares with that person's hours: the least of the four weeks from `day` on."""
        return self._of_weeks((person.time_zone, person.working_hours), day, allowed=False)

    def allowed(self, person: Person, said: Preferences, day: date) -> Minutes:
        """The same with the minutes around their hours in which people let themselves be met."""
        at_work, place = _places(person, said)
        return self._of_weeks(place, day, allowed=not self._as_they_work or place != at_work)

    def hours(self, person: Person, said: Preferences, day: date) -> Minutes:
        """For how many hours in common each shift counts with that person, as `alike.hours_together` says."""
        shared, allowed = self.shared(person, day), self.allowed(person, said, day)
        hours = shared // HOUR
        if allowed is not shared:
            hours[(hours == 0) & (allowed >= HOUR)] = 1
        return hours

    def _of_weeks(self, place: Place, day: date, *, allowed: bool) -> Minutes:
        key = (place, day, allowed)
        if key not in self._shared:
            weeks = [self._on(place, day + timedelta(weeks=week), allowed=allowed) for week in range(WEEKS)]
            self._shared[key] = np.min(weeks, axis=0)
        return self._shared[key]

    def _on(self, place: Place, day: date, *, allowed: bool) -> Minutes:
        starts, ends = self._windows_on(day, allowed=allowed)
        start, end = window(*place, day)
        shared = np.zeros(len(starts), dtype=np.int32)
        for shift in NEIGHBOURS:
            shared += np.maximum(0, np.minimum(end, ends + shift) - np.maximum(start, starts + shift))
        return shared

    def _windows_on(self, day: date, *, allowed: bool) -> tuple[Minutes, Minutes]:
        if (day, allowed) not in self._windows:
            found = [window(*places[allowed], day) for places in self._number]
            columns = np.array(found, dtype=np.int32).reshape(-1, 2)
            self._windows[day, allowed] = (columns[:, 0], columns[:, 1])
        return self._windows[day, allowed]


def _places(person: Person, said: Preferences) -> tuple[Place, Place]:
    """Where and when somebody works, and lets themselves be met."""
    hours = person.working_hours
    return (person.time_zone, hours), (person.time_zone, reach(hours, said))
