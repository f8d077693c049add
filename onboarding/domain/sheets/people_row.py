"""What does one row of a people file say, in the words of a record?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.core import get_global

from onboarding.domain import values
from onboarding.domain.countries import country_code
from onboarding.domain.folding import folded
from onboarding.domain.languages import language_tag
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from onboarding.domain.record import HireRecord
from onboarding.domain.sheets import cells
from onboarding.domain.sheets import column_names as names
from onboarding.domain.sheets.columns import Columns
from onboarding.domain.sheets.days import Order, read_day
from onboarding.domain.sheets.named_managers import UNKNOWN, Colleagues, manager_fields, whole_number
from onboarding.domain.sheets.preference_cells import read_preferences
from onboarding.domain.subdivisions import subdivision_code

DATES = ("start_date", names.END_DATE, names.PAUSED_UNTIL)
LEAVING = (names.STATUS, names.ACTIVE, names.END_DATE)
"""Columns that can say that somebody has left."""
NO_ZONE = (
    "is missing, and neither the location nor the country tells it: fill a column time_zone, or name the zone of "
    "the location in ONBOARDING_OFFICE_ZONES"
)
DERIVED = "taken from the location or the country where a row names none"
NO_COUNTRY = "must be a country: its name in English, German or Spanish, or its code of ISO 3166-1, such as DE"
NO_LANGUAGE = "must be a language: its name in English, German or Spanish, or a tag such as en or pt-br"
NO_LEVEL = "no level from 1 to 10, so that these rows go in without"
NO_SUBDIVISION = "no part of the country that has an ISO 3166-2 code, so that these rows go in without"
NO_STATE = "says neither here nor gone in words that we know, so that these rows count as here"
CONTRADICTED = "has passed, but another column says that they are here, and that counts"
MOST_HINTS = 20
"""Different wrong zones for which the nearest right one is named: looking it up takes milliseconds each."""


def no_zone(_location: str, _country: str) -> str:
    """Nobody knows which zone a place has."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reader of a file has to be told: the zones of places, the order of dates, who is known already.

    `zone_of` takes a location and an ISO 3166-1 alpha-2 code, each may be ""; its answer is an IANA zone or "".
    """

    zone_of: Callable[[str, str], str] = no_zone
    order: Order | None = None
    colleagues: Colleagues = Colleagues()  # noqa: RUF009 -- it is frozen


@dataclass(slots=True, kw_only=True)
class Row:
    """A row while it is read: its cells by field, the record so far, what is wrong, and what is worth saying.

    `says` are the preferences that it names, and nothing else; `zeros` the fields of them that it sets to 0.
    """

    found: dict[str, str] = field(default_factory=dict)
    record: dict[str, object] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    says: Preferences = NOTHING_SAID
    zeros: frozenset[str] = frozenset()
    gone: bool = False

    def take(self, name: str, reader: Callable[[str], object]) -> None:
        """Turn a cell into a field of the record, or into a mistake."""
        if name in self.found:
            try:
                self.record[name] = reader(self.found[name])
            except ValueError as error:
                self.record.pop(name, None)
                self.mistakes[name] = str(error)


class RowReader:
    """Reads the rows of one file: `columns` says where fields stand, `orders` which dates its columns may hold.

    `colleagues` are those of the file and the directory. Nobody is gone before the day after their last.
    """

    def __init__(
        self,
        columns: Columns,
        reading: Reading,
        *,
        orders: Mapping[str, frozenset[Order]],
        colleagues: Colleagues,
        today: date,
    ) -> None:
        self._places = tuple(columns.places.items())
        self._orders, self._colleagues, self._today = orders, colleagues, today
        self._zones = _Zones(reading.zone_of)

    def read(self, cells_of_row: Sequence[str]) -> Row:
        """What a row says. What does not fit is left out of its record and named in its mistakes."""
        row = self._cleaned(cells_of_row)
        found = row.found
        row.record |= {name: text for name, text in found.items() if name in _AS_IT_IS}
        if names.NAME in found:
            row.record |= split_name(found[names.NAME])
        for name in ("id", "manager_id"):
            row.take(name, whole_number)
        row.take("language", _language)
        self._take_languages(row)
        self._take_seniority(row)
        self._hours(row)
        self._place(row)
        self._manager(row)
        self._preferences(row)
        row.take("start_date", lambda cell: read_day(cell, self._orders["start_date"]).isoformat())
        row.gone = self._gone(row)
        return row

    def _cleaned(self, cells_of_row: Sequence[str]) -> Row:
        row = Row()
        for name, place in self._places:
            cell = cells_of_row[place] if place < len(cells_of_row) else ""
            if not cell:
                continue
            try:
                text = cells.cleaned(cell)
                if text and name in _LISTS:
                    row.record[name] = cells.parts(cell)
            except ValueError as error:
                row.mistakes[name] = str(error)
                continue
            if text:
                row.found[name] = text
        return row

    def _take_languages(self, row: Row) -> None:
        """Each language by its name or as a tag; one that is unknown refuses the row, as it may be a slip."""
        named = row.record.get("languages")
        if isinstance(named, list):
            row.found["languages"] = "; ".join(one for one in named if one)
            row.take("languages", lambda cell: [_language(one) for one in cells.parts(cell)])

    def _take_seniority(self, row: Row) -> None:
        """A level as a number; exports also write words for it, of which nobody knows the order."""
        if "seniority" in row.found and not re.fullmatch("[0-9]{1,2}(\\.0)?", row.found["seniority"]):
            row.record.pop("seniority", None)
            row.notes.append(("seniority", NO_LEVEL))
        else:
            row.take("seniority", whole_number)

    def _preferences(self, row: Row) -> None:
        """On which terms they may be matched; a yes or no for everything belongs to the record."""
        read = read_preferences(row.found, self._orders[names.PAUSED_UNTIL], self._today)
        row.says, row.zeros = read.says, read.zeros
        row.record |= {} if read.everything is None else {"opt_out": read.everything}
        row.mistakes |= read.mistakes
        row.notes += read.notes

    def _hours(self, row: Row) -> None:
        hours = {end: row.found[f"working_hours_{end}"] for end in _ENDS if f"working_hours_{end}" in row.found}
        if hours:
            row.record["working_hours"] = {end: cells.clock(text) for end, text in hours.items()}

    def _place(self, row: Row) -> None:
        row.take("country", _country)
        country = str(row.record.get("country", ""))
        if "subdivision" in row.found:
            code = subdivision_code(country, row.found["subdivision"])
            row.record |= {"subdivision": code} if code else {}
            row.notes += [] if code else [("subdivision", NO_SUBDIVISION)]
        row.take("time_zone", self._zones.meant)
        if "time_zone" not in row.record | row.mistakes:
            zone = self._zones.of_place(row.found.get("location", ""), country)
            row.record |= {"time_zone": zone} if zone else {}
            row.mistakes |= {} if zone or "country" in row.mistakes else {"time_zone": NO_ZONE}
            row.notes += [("time_zone", DERIVED)] if zone else []

    def _manager(self, row: Row) -> None:
        """A manager's id counts before an address, an address before a name."""
        if "@" in str(row.record.get("manager_id", "")):
            row.record["manager_email"] = row.record.pop("manager_id")
        if names.MANAGER not in row.found or "manager_id" in row.record or "manager_email" in row.record:
            return
        manager = manager_fields(row.found[names.MANAGER], self._colleagues)
        if not manager or manager.get("manager_id") == row.record.get("id"):
            row.notes.append((names.MANAGER, UNKNOWN))
        else:
            row.record |= manager

    def _gone(self, row: Row) -> bool:
        """Whether they have left: a state says so, or their last day is over and they did not begin again."""
        said = cells.has_left(row.found[names.STATUS]) if names.STATUS in row.found else None
        if names.STATUS in row.found and said is None:
            row.notes.append((names.STATUS, NO_STATE))
        if names.ACTIVE in row.found:
            active = _here(row.found[names.ACTIVE])
            row.mistakes |= {names.ACTIVE: "must be yes or no"} if active is None else {}
            said = said or (None if active is None else not active)
        over = self._is_over(row)
        if over and said is False:
            row.notes.append((names.END_DATE, CONTRADICTED))
        return over if said is None else said

    def _is_over(self, row: Row) -> bool:
        cell = row.found.get(names.END_DATE, "")
        if not cell or folded(cell) in cells.YES | cells.NO:
            return folded(cell) in cells.YES  # a column "left" may say yes or no
        try:
            last = read_day(cell, self._orders[names.END_DATE])
        except ValueError as error:
            row.mistakes[names.END_DATE] = str(error)
            return False
        return last < self._today and str(row.record.get("start_date", "")) <= last.isoformat()


class _Zones:
    """Which zone a cell or a place means; remembers what was asked."""

    def __init__(self, zone_of: Callable[[str, str], str]) -> None:
        self._zone_of = zone_of
        self._places: dict[tuple[str, str], str] = {}
        self._wrong: dict[str, str] = {}

    def of_place(self, location: str, country: str) -> str:
        """The zone of a location or else of a country; "" when nobody knows."""
        if (location, country) not in self._places:
            self._places[location, country] = self._zone_of(location, country)
        return self._places[location, country]

    def meant(self, cell: str) -> str:
        """A zone by its IANA name, by a location, or as Windows calls it (Unicode CLDR, windowsZones)."""
        if values.is_zone(cell):
            return cell
        zone = self.of_place(cell, "") or get_global("windows_zone_mapping").get(cell, "")
        if values.is_zone(zone):
            return zone
        if cell not in self._wrong:
            self._wrong[cell] = self._why_not(cell)
        raise ValueError(self._wrong[cell])

    def _why_not(self, cell: str) -> str:
        try:
            return values.zone(cell if len(self._wrong) < MOST_HINTS else "")
        except ValueError as error:
            return f"{error}, or the name of a location in ONBOARDING_OFFICE_ZONES"


_ENDS = ("start", "end")
_LISTS = frozenset({"interests", "languages"})
_AS_IT_IS = frozenset(HireRecord.model_fields) - {
    *("id", "manager_id", "start_date", "time_zone", "country", "subdivision", "language"),
    *("languages", "interests", "seniority", "working_hours"),
}


def split_name(name: str) -> dict[str, object]:
    """First and last name from "Last, First", else divided at the last space."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma and first and last:
        return {"first_name": first, "last_name": last}
    first, _, last = name.strip(" ,").rpartition(" ")
    return {"first_name": first, "last_name": last} if first else {"first_name": last}


def _country(cell: str) -> str:
    code = country_code(cell) or country_code(re.sub(r"\(.*\)$", "", cell))  # "Germany (DE)"
    if not code:
        raise ValueError(NO_COUNTRY)
    return code


def _language(cell: str) -> str:
    tag = language_tag(cell)
    if not tag:
        raise ValueError(NO_LANGUAGE)
    return tag


def _here(cell: str) -> bool | None:
    left = cells.has_left(cell)
    if left is not None:
        return not left
    word = folded(cell)
    return True if word in cells.YES else False if word in cells.NO else None
