"""What does HR's file of offices say, and what is wrong with it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from onboarding.domain.calendars import minute_of
from onboarding.domain.errors import BadWords
from onboarding.domain.office_days import InAYear, OfficeRules
from onboarding.domain.offices import Office, Offices
from onboarding.domain.tables import Table, unknown
from onboarding.domain.values import clock_time

KEYS = ("location", "country", "subdivision", "days_off", "working_days", "weekend", "lunch")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEAP_YEAR = 2024
LONGEST = timedelta(days=60)
"""The longest row of days at once: a longer one is a slip of the keyboard."""

_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_BETWEEN = re.compile(r" +to +")


def read_offices(file: str, tree: Mapping[str, object]) -> Offices:
    """Make offices of a parsed TOML file: a table for each place.

    Raises:
        BadWords: with every mistake, each naming the file, the table and the key.
    """
    found: dict[str, Office] = {}
    mistakes: list[str] = []
    for name, given in tree.items():
        if not isinstance(given, Mapping):
            mistakes.append(f"{file}: {name} must be a table that begins with [{name}]")
            continue
        table = _Place(table=given, mistakes=[unknown(key, KEYS) for key in given if key not in KEYS])
        found[name] = table.office()
        mistakes += [f"{file}, [{name}]: {mistake}" for mistake in table.mistakes]
    mistakes += [f"{file}: {mistake}" for mistake in _twice(found)]
    if mistakes:
        raise BadWords(mistakes)
    return Offices(offices=tuple(found.values()))


def _twice(found: Mapping[str, Office]) -> Iterable[str]:
    first: dict[tuple[str, str, str], str] = {}
    for name, one in found.items():
        place = (one.location.casefold(), one.country, one.subdivision)
        if place in first:
            yield f"[{first[place]}] and [{name}] are the same place; write one table"
        first.setdefault(place, name)


@dataclass(slots=True, kw_only=True)
class _Days:
    """Days of one year, and days of each year."""

    once: set[date] = field(default_factory=set)
    yearly: set[InAYear] = field(default_factory=set)


class _Place(Table):
    """Reads one table."""

    def office(self) -> Office:
        """The place and its rules."""
        off, worked = self._days("days_off"), self._days("working_days")
        if off.once & worked.once or off.yearly & worked.yearly:
            self.mistakes.append("days_off and working_days name the same day")
        rules = OfficeRules(
            days_off=frozenset(off.once),
            working_days=frozenset(worked.once),
            yearly_days_off=frozenset(off.yearly),
            yearly_working_days=frozenset(worked.yearly),
            weekend=self._weekend(),
            lunch=self._lunch(),
        )
        country, subdivision = self.text("country").upper(), self.text("subdivision").upper()
        if subdivision and not country:
            self.mistakes.append("subdivision needs its country, such as DE for BY")
        return Office(location=self.text("location"), country=country, subdivision=subdivision, rules=rules)

    def _days(self, key: str) -> _Days:
        found = _Days()
        for given in self._list(key):
            try:
                _take(found, given)
            except ValueError:
                self.mistakes.append(
                    f'{key} must be days such as "2027-12-24", "12-24" for each year, '
                    f'or "2027-12-24 to 2027-12-31", not {given}'
                )
        return found

    def _weekend(self) -> frozenset[int] | None:
        if "weekend" not in self.table:
            return None
        days = self._list("weekend")
        wrong = [str(one) for one in days if one not in WEEKDAYS]
        self.mistakes += [f"weekend: {unknown(one, WEEKDAYS)}" for one in wrong]
        if len(set(map(str, days))) == len(WEEKDAYS):
            self.mistakes.append("weekend must leave a day to work on")
        return frozenset(WEEKDAYS.index(str(one)) for one in days if str(one) not in wrong)

    def _lunch(self) -> tuple[int, int] | None:
        text = self.text("lunch")
        if not text:
            return None
        try:
            start, end = (minute_of(clock_time(part.strip())) for part in text.split("-"))
        except ValueError:
            start = end = 0
        if start >= end:
            self.mistakes.append(f'lunch must be two times of day such as "12:30-13:30", not {text}')
            return None
        return start, end

    def _list(self, key: str) -> list[object]:
        value = self.table.get(key, [])
        if not isinstance(value, list):
            self.mistakes.append(f"{key} must be a list in square brackets")
            return []
        return value


def _take(found: _Days, given: object) -> None:
    """Add a day, or all from one day to another."""
    if isinstance(given, date) and not isinstance(given, datetime):
        found.once.add(given)
        return
    text = str(given).strip()
    if yearly := _YEARLY.fullmatch(text):
        day = date(LEAP_YEAR, int(yearly[1]), int(yearly[2]))
        found.yearly.add((day.month, day.day))
        return
    first, last = (date.fromisoformat(part) for part in (_BETWEEN.split(text, maxsplit=1) * 2)[:2])
    if not timedelta() <= last - first <= LONGEST:
        raise ValueError(text)
    found.once.update(first + timedelta(days=number) for number in range((last - first).days + 1))
