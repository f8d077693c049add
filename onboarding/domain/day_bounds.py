"""Between which days may an answer lie?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

UNITS: Mapping[str, int] = {"day": 1, "days": 1, "week": 7, "weeks": 7}
MOST_DAYS = 3660
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A day of ISO 8601 as a browser sends it (HTML Living Standard, a valid date string)."""

_FROM_FIRST_DAY = re.compile(r"first day(?: ([+-]) ([0-9]{1,4}) (days?|weeks?))?")

ALLOWED = '"2027-01-04", "first day" or "first day + 2 weeks"'
"""How a bound is written, for mistakes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBound:
    """A day, or one that lies `days` calendar days after the first day of the newcomer."""

    day: date | None = None
    days: int = 0

    def on(self, first_day: date | None) -> date | None:
        """The day that is meant; None for a relative one where there is no newcomer."""
        if self.day is not None:
            return self.day
        return first_day + timedelta(days=self.days) if first_day is not None else None

    def is_after(self, other: DayBound) -> bool:
        """Whether it lies after another one for every newcomer."""
        if self.day is not None and other.day is not None:
            return self.day > other.day
        return self.day is None and other.day is None and self.days > other.days


def read_day(text: str) -> date | None:
    """The day that a browser or HR wrote as 2027-01-04; None when it is none."""
    if not WRITTEN_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_bound(written: object) -> DayBound | None:
    """A bound as it stands in a form: a day, or `first day + 2 weeks`; None when it is neither."""
    if type(written) is date:
        return DayBound(day=written)
    text = " ".join(written.split()) if isinstance(written, str) else ""
    day, found = read_day(text), _FROM_FIRST_DAY.fullmatch(text)
    if day is not None:
        return DayBound(day=day)
    if found is None:
        return None
    days = int(found[2] or 0) * UNITS.get(found[3] or "", 0)
    return DayBound(days=-days if found[1] == "-" else days) if days <= MOST_DAYS else None
