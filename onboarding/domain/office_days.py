"""On which days does an office work although its country does not, or the other way round?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NOON = (12 * 60, 13 * 60)
"""Lunch where nobody says otherwise, in local minutes."""

InAYear = tuple[int, int]
"""A month and a day: each year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRules:
    """What HR says of one place; `weekend` has weekdays from 0 for Monday, None where the country decides.

    A day of one year weighs more than one of each year.
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    yearly_days_off: frozenset[InAYear] = frozenset()
    yearly_working_days: frozenset[InAYear] = frozenset()
    weekend: frozenset[int] | None = None
    lunch: tuple[int, int] | None = None

    def works(self, day: date) -> bool | None:
        """Whether that very day is a working day there; None where nothing is said of it."""
        if day in self.days_off or day in self.working_days:
            return day in self.working_days
        in_a_year = (day.month, day.day)
        if in_a_year in self.yearly_days_off or in_a_year in self.yearly_working_days:
            return in_a_year in self.yearly_working_days
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDays:
    """All that is said of one person's place, what is said of the narrowest place first."""

    rules: tuple[OfficeRules, ...] = ()

    def works(self, day: date) -> bool | None:
        """Whether that very day is a working day; None where weekends and public holidays decide."""
        return next((said for one in self.rules if (said := one.works(day)) is not None), None)

    @property
    def weekend(self) -> frozenset[int] | None:
        """The weekdays that are off, from 0 for Monday; None where the country decides."""
        return next((one.weekend for one in self.rules if one.weekend is not None), None)

    @property
    def lunch(self) -> tuple[int, int]:
        """When lunch is, in local minutes."""
        return next((one.lunch for one in self.rules if one.lunch is not None), NOON)


NO_OFFICE = OfficeDays()
"""Nothing is said: the country decides alone."""
