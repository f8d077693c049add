"""Which hour does a calendar mean? By the zone's name, Microsoft's name for it, or the calendar's own words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from onboarding.domain.ical.lines import Component
from onboarding.domain.ical.rules import Budget, Frequency, Repetition, Rule, Unread, read_rule

EARLIEST, LATEST = 1900, 2200
"""Years in which a calendar may mean something; beyond, a zone cannot always be computed."""
LEAP = 60
A_YEAR = timedelta(days=366)
_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_WALL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})")


class Zone(Protocol):
    """Reads a clock on a wall."""

    def utc(self, wall: datetime) -> datetime:
        """The moment that a naive time of that zone means; the first of two, and before a gap as RFC 5545 says."""


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone of the IANA database."""

    zone: ZoneInfo

    def utc(self, wall: datetime) -> datetime:
        """Of a time that comes twice the first; in a gap the offset before it counts (RFC 5545 section 3.3.5)."""
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)


@cache
def _known() -> dict[str, str]:
    names = {name.casefold(): name for name in available_timezones()}
    windows = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
    return {**windows, "tzone://microsoft/utc": "Etc/UTC", "z": "Etc/UTC", **names}


def zone_named(name: str) -> NamedZone | None:
    """The zone of a name, letter case aside; None when nobody knows it.

    Some programs write a path before it, such as `/freeassociation.sourceforge.net/Europe/Berlin`.
    """
    known, parts = _known(), name.strip().casefold().split("/")
    tried = [name.strip().casefold(), *("/".join(parts[-count:]) for count in (3, 2) if len(parts) > count)]
    return next((NamedZone(ZoneInfo(known[one])) for one in tried if one in known), None)


def wall_clock(text: str) -> datetime:
    """A naive time such as 20270104T093000.

    Raises:
        Unread: it is none.
    """
    found = _WALL.fullmatch(text)
    if not found or not EARLIEST <= int(found[1]) <= LATEST:
        raise Unread("a time that is none")
    year, month, day, hour, minute, second = (int(one) for one in found.groups())
    try:
        return datetime(year, month, day, hour, minute, 59 if second == LEAP else second)  # noqa: DTZ001 -- its zone comes later
    except ValueError as error:
        raise Unread("a time that is none") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observance:
    """From when on which offset counts: once, and by a rule each year."""

    starts: tuple[datetime, ...]
    rule: Rule | None
    before: timedelta
    after: timedelta

    def onsets(self, first: datetime, last: datetime, budget: Budget) -> Iterable[datetime]:
        """When it begins within that span, on the clock as it was before."""
        yield from (one for one in self.starts if one < last)
        if self.rule:
            repetition = Repetition(
                rule=self.rule,
                start=self.starts[0],
                utc=lambda wall: (wall - self.before).replace(tzinfo=UTC),
                budget=budget,
            )
            yield from repetition.between(first, last)
            if self.rule.until is not None:  # it has ended: what it said last still counts
                ended = datetime(self.rule.until.year, 12, 31)  # noqa: DTZ001 -- a wall clock
                yield from repetition.between(ended - 2 * A_YEAR, min(ended, last))


class DescribedZone:
    """A zone as the calendar itself describes it, in its VTIMEZONE (RFC 5545 section 3.6.5).

    Raises:
        Unread: it cannot be understood.
    """

    def __init__(self, component: Component, budget: Budget) -> None:
        self._observances = [_observance(part) for part in component.parts]
        self._budget = budget
        self._years: dict[int, tuple[list[datetime], list[timedelta]]] = {}
        if not self._observances or component.spoiled:
            raise Unread("a time zone that nobody knows")

    def utc(self, wall: datetime) -> datetime:
        """As the newest observance has it that began before."""
        if wall.year not in self._years:
            self._years[wall.year] = self._of_year(wall.year)
        begins, offsets = self._years[wall.year]
        return (wall - offsets[bisect_right(begins, wall)]).replace(tzinfo=UTC)

    def _of_year(self, year: int) -> tuple[list[datetime], list[timedelta]]:
        """When each offset begins to count, and the offsets, one more: the first counts before all others.

        Where clocks go forward the hour that is left out still has the offset before.
        """
        first, last = datetime(year - 2, 1, 1), datetime(year + 1, 1, 2)  # noqa: DTZ001 -- a wall clock
        found = sorted(
            {
                (onset + max(each.after - each.before, timedelta()), each.before, each.after)
                for each in self._observances
                for onset in each.onsets(first, last, self._budget)
            }
        )
        self._budget.spend(len(found))
        earliest = min(self._observances, key=lambda each: each.starts[0]).before
        before = found[0][1] if found else earliest
        return [onset for onset, _, _ in found], [before, *(after for _, _, after in found)]


def _observance(part: Component) -> _Observance:
    start, before, after = part.first("DTSTART"), part.first("TZOFFSETFROM"), part.first("TZOFFSETTO")
    if part.name not in ("STANDARD", "DAYLIGHT") or part.spoiled or not (start and before and after):
        raise Unread("a time zone that nobody knows")
    rules = part.of("RRULE")
    rule = read_rule(rules[0].value) if rules else None
    if len(rules) > 1 or (rule and (rule.frequency is not Frequency.YEARLY or rule.interval > 1)):
        raise Unread("a time zone that nobody knows")
    further = [wall_clock(one) for line in part.of("RDATE") for one in line.value.split(",")]
    return _Observance(
        starts=(_first(start.value), *further), rule=rule, before=_offset(before.value), after=_offset(after.value)
    )


def _first(text: str) -> datetime:
    """When an observance begins first; Outlook writes the year 1601."""
    return wall_clock(re.sub(r"\A1[0-8]", "19", text.strip()))


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        raise Unread("a time zone that nobody knows")
    span = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    if span >= timedelta(days=1):
        raise Unread("a time zone that nobody knows")
    return -span if found[1] == "-" else span
