"""What does HR's file of the People team say, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from onboarding.domain import values
from onboarding.domain.errors import BadWords
from onboarding.domain.people import WorkingHours
from onboarding.domain.people_team import Named, Part, PeopleTeam
from onboarding.domain.tables import Table, unknown

WHOSE = ("location", "department", "country")
OF_ADDRESS = ("name", "language", "time_zone", "hours", "holidays")
"""What is said of an address; of a person the directory says it."""

KEYS = (*WHOSE, "tell", "second", *OF_ADDRESS)

Read = TypeVar("Read")


def read_people_team(file: str, tree: Mapping[str, object]) -> PeopleTeam:
    """Make the People team of a parsed TOML file: a table for each part of the newcomers.

    Raises:
        BadWords: with every mistake, each naming the file, the table and the key.
    """
    parts: list[Part] = []
    mistakes: list[str] = []
    for name, given in tree.items():
        if not isinstance(given, Mapping):
            mistakes.append(f"{file}: {name} must be a table that begins with [{name}]")
            continue
        table = _Part(table=given, mistakes=[unknown(key, KEYS) for key in given if key not in KEYS])
        part = table.part()
        if any(_covers(before, part) for before in parts):
            table.mistakes.append("nobody is left for it: a table above is for all of the same newcomers")
        parts.append(part)
        mistakes += [f"{file}, [{name}]: {mistake}" for mistake in table.mistakes]
    if mistakes:
        raise BadWords(mistakes)
    return PeopleTeam(parts=tuple(parts))


def _covers(before: Part, after: Part) -> bool:
    """Whether every newcomer of the later part belongs to the earlier one already."""
    pairs = [(getattr(before, key), getattr(after, key)) for key in WHOSE]
    return all(not wide or wide.casefold() == narrow.casefold() for wide, narrow in pairs)


class _Part(Table):
    """Reads one table."""

    def part(self) -> Part:
        """For whom it is, and who is named."""
        tell = self._somebody("tell")
        if not tell.person_id and not tell.email:
            if "tell" not in self.table:
                self.mistakes.append("tell is missing; it is an e-mail address, or the id of a person")
        elif tell.person_id and (of_address := [key for key in OF_ADDRESS if key in self.table]):
            self.mistakes.append(
                f"{', '.join(of_address)}: the directory says this of a person; write it for an address"
            )
        return Part(
            location=self.text("location"),
            department=self.text("department"),
            country=self._value("country", values.country, ""),
            tell=self._address(tell) if tell.email else tell,
            second=self._somebody("second") if "second" in self.table else None,
        )

    def _somebody(self, key: str) -> Named:
        text = self.text(key)
        if "@" in text:
            return Named(email=self._value(key, values.email, ""))
        return Named(person_id=self._value(key, values.identifier, ""))

    def _address(self, tell: Named) -> Named:
        country, _, subdivision = self.text("holidays").upper().partition("-")
        return Named(
            email=tell.email,
            name=self._value("name", values.one_line, ""),
            language=self._value("language", values.language, ""),
            time_zone=self._value("time_zone", values.zone, ""),
            country=self._checked("holidays", country, values.country, ""),
            subdivision=self._checked("holidays", subdivision, values.subdivision, ""),
            hours=self._value("hours", _hours, None),
        )

    def _value(self, key: str, read: Callable[[object], Read], default: Read) -> Read:
        return self._checked(key, self.text(key), read, default)

    def _checked(self, key: str, text: str, read: Callable[[object], Read], default: Read) -> Read:
        """What is read of a text that is not empty; a bad one is noted."""
        if not text:
            return default
        try:
            return read(text)
        except ValueError as error:
            self.mistakes.append(f"{key} {error}")
            return default


def _hours(value: object) -> WorkingHours:
    """Working hours, written as 09:00-17:00."""
    first, _, last = str(value).partition("-")
    try:
        return WorkingHours(start=values.clock_time(first.strip()), end=values.clock_time(last.strip()))
    except ValueError as error:
        raise ValueError('must be two times of day such as "09:00-17:00"') from error
