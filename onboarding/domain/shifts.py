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

from onboarding.domain.alike import NEIGHBOURS, WEEKS, window
from onboarding.domain.people import Person, WorkingHours

Minutes: TypeAlias = NDArray[np.int32]


class Shifts:
    """Every zone with working hours that some people have, numbered."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._number: dict[tuple[str, WorkingHours], int] = {}
        for person in people:
            self._number.setdefault((person.time_zone, person.working_hours), len(self._number))
        self._windows: dict[date, tuple[Minutes, Minutes]] = {}
        self._shared: dict[tuple[str, WorkingHours, date], Minutes] = {}

    def of(self, person: Person) -> int:
        """The number of a person's shift."""
        return self._number[person.time_zone, person.working_hours]

    def shared(self, person: Person, day: date) -> Minutes:
        """Minutes that each shift shares with that person's hours: the least of the four weeks from `day` on."""
        key = (person.time_zone, person.working_hours, day)
        if key not in self._shared:
            weeks = [self._on(person, day + timedelta(weeks=week)) for week in range(WEEKS)]
            self._shared[key] = np.min(weeks, axis=0)
        return self._shared[key]

    def _on(self, person: Person, day: date) -> Minutes:
        starts, ends = self._windows_on(day)
        start, end = window(person.time_zone, person.working_hours, day)
        shared = np.zeros(len(starts), dtype=np.int32)
        for shift in NEIGHBOURS:
            shared += np.maximum(0, np.minimum(end, ends + shift) - np.maximum(start, starts + shift))
        return shared

    def _windows_on(self, day: date) -> tuple[Minutes, Minutes]:
        if day not in self._windows:
            found = [window(zone, hours, day) for zone, hours in self._number]
            columns = np.array(found, dtype=np.int32).reshape(-1, 2)
            self._windows[day] = (columns[:, 0], columns[:, 1])
        return self._windows[day]
