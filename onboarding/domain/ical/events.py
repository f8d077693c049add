"""What does an event of a calendar say of when, and does it take any time of its owner?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import unquote

from onboarding.domain.ical.lines import Component, Line
from onboarding.domain.ical.rules import Rule, Unread, read_rule
from onboarding.domain.ical.zones import Zone, wall_clock

LONGEST = timedelta(days=400)
"""Something that repeats does not take longer than this at a time."""
MOST_DATES = 5_000
"""Dates that one event lists."""

_DURATION = re.compile(
    r"([+-]?)P(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,8})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)
_DAY = re.compile(r"[0-9]{8}")

Zones = Callable[[str], Zone]
"""The zone of a TZID; "" is that of the owner. Raises Unread for one that nobody knows."""


class Taken(Enum):
    """Whether an event takes time."""

    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A naive time on the clock of a zone; `whole_day` for a date, which begins at midnight."""

    wall: datetime
    zone: Zone
    whole_day: bool = False

    @property
    def utc(self) -> datetime:
        """The moment."""
        return self.zone.utc(self.wall)

    def at(self, wall: datetime) -> When:
        """Another time on the same clock."""
        return When(wall=wall, zone=self.zone, whole_day=self.whole_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long: `days` on the calendar, then `exact` (RFC 5545 section 3.3.6)."""

    days: int = 0
    exact: timedelta = timedelta()

    def end(self, begins: When) -> datetime:
        """When it ends (UTC)."""
        return begins.at(begins.wall + timedelta(days=self.days)).utc + self.exact

    @property
    def most(self) -> timedelta:
        """More than it ever takes."""
        return timedelta(days=self.days + 1) + self.exact


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, or one changed time of a repeated one (`instead_of`)."""

    uid: str
    starts: When
    length: Length
    taken: Taken
    rules: tuple[Rule, ...] = ()
    further: tuple[tuple[When, Length], ...] = ()
    without: tuple[When, ...] = ()
    instead_of: When | None = None
    from_then_on: bool = False
    sequence: int = 0


def read_event(component: Component, zones: Zones, owner: Collection[str]) -> Event:
    """An event with all that says when; `owner` are the addresses of whose calendar it is, in small letters.

    Raises:
        Unread: something of it cannot be understood, with a fixed sentence.
    """
    start = component.first("DTSTART")
    if component.spoiled or start is None:
        raise Unread("an event that cannot be read")
    starts = _when(start, start.value, zones)
    length = _length(component, starts, zones)
    instead, rules = component.first("RECURRENCE-ID"), component.of("RRULE")
    repeated = [] if instead else [read_rule(line.value) for line in rules]
    if (repeated or component.of("RDATE")) and length.most > LONGEST:
        raise Unread("something that repeats and takes more than a year")
    sequence = component.text("SEQUENCE")
    uid = component.first("UID")
    return Event(
        uid=uid.value.strip() if uid else "",
        starts=starts,
        length=length,
        taken=_taken(component, owner),
        rules=tuple(repeated),
        further=tuple(_further(component, zones, length)) if not instead else (),
        without=tuple(_listed(component.of("EXDATE"), zones)),
        instead_of=_when(instead, instead.value, zones) if instead else None,
        from_then_on=instead is not None and instead.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
        sequence=int(sequence) if re.fullmatch("[0-9]{1,9}", sequence) else 0,
    )


def _when(line: Line, text: str, zones: Zones) -> When:
    text = text.strip().upper()
    if _DAY.fullmatch(text):
        return When(wall=wall_clock(f"{text}T000000"), zone=zones(""), whole_day=True)
    if text.endswith("Z"):
        return When(wall=wall_clock(text[:-1]), zone=zones("UTC"))
    return When(wall=wall_clock(text), zone=zones(line.parameters.get("TZID", "")))


def _length(component: Component, starts: When, zones: Zones) -> Length:
    """From DTEND, else from DURATION; a date alone is its day, and a time alone takes none."""
    end, duration = component.first("DTEND"), component.first("DURATION")
    if end is not None:
        ends = _when(end, end.value, zones)
        if ends.whole_day != starts.whole_day:
            raise Unread("a beginning and an end that do not belong together")
        if starts.whole_day:
            days = (ends.wall - starts.wall).days
            length = Length(days=max(days, 1) if days >= 0 else days)
        else:
            length = Length(exact=ends.utc - starts.utc)
    elif duration is not None:
        length = read_duration(duration.value)
    else:
        return Length(days=1 if starts.whole_day else 0)
    if length.days < 0 or length.exact < timedelta():
        raise Unread("an end before the beginning")
    return length


def read_duration(text: str) -> Length:
    """A span such as PT1H30M or P1D.

    Raises:
        Unread: it is none.
    """
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or not any(found.groupdict().values()):
        raise Unread("a duration that is none")
    parts = {name: int(value or 0) for name, value in found.groupdict().items()}
    sign = -1 if found[1] == "-" else 1
    exact = timedelta(hours=parts["hours"], minutes=parts["minutes"], seconds=parts["seconds"])
    days = parts["weeks"] * 7 + parts["days"]
    if max(timedelta(days=days), exact) > timedelta(days=36_500):
        raise Unread("a duration that is none")
    return Length(days=sign * days, exact=sign * exact)


def _listed(lines: list[Line], zones: Zones) -> Iterator[When]:
    texts = [(line, one) for line in lines for one in line.value.split(",") if one.strip()]
    if len(texts) > MOST_DATES:
        raise Unread("an event with thousands of dates")
    return (_when(line, one, zones) for line, one in texts)


def _further(component: Component, zones: Zones, length: Length) -> Iterator[tuple[When, Length]]:
    """What RDATE lists: moments, dates, or periods with a length of their own."""
    for line in component.of("RDATE"):
        if line.parameters.get("VALUE", "").upper() != "PERIOD":
            yield from ((one, length) for one in _listed([line], zones))
            continue
        for text in line.value.split(",")[:MOST_DATES]:
            begins, _, rest = text.partition("/")
            when = _when(line, begins, zones)
            yield when, period_length(when, rest, lambda text, line=line: _when(line, text, zones))  # type: ignore[misc]  # mypy does not follow the default


def period_length(begins: When, rest: str, when: Callable[[str], When]) -> Length:
    """The second half of a period: a duration, or a time.

    Raises:
        Unread: it is neither, or lies before the beginning.
    """
    text = rest.strip().upper()
    length = read_duration(text) if "P" in text else Length(exact=when(text).utc - begins.utc)
    if length.days < 0 or length.exact < timedelta():
        raise Unread("an end before the beginning")
    return length


_MICROSOFT = {
    "FREE": Taken.NO,
    "WORKINGELSEWHERE": Taken.NO,
    "TENTATIVE": Taken.PERHAPS,
}


def _taken(component: Component, owner: Collection[str]) -> Taken:
    """Transparent, cancelled and declined takes nothing; tentative, or not answered yet, perhaps."""
    if component.text("TRANSP") == "TRANSPARENT" or component.text("STATUS") == "CANCELLED":
        return Taken.NO
    own = [line for line in component.of("ATTENDEE") if mail_address(line.value) in owner]
    answers = {line.parameters.get("PARTSTAT", "NEEDS-ACTION").upper() for line in own}
    told = _MICROSOFT.get(component.text("X-MICROSOFT-CDO-BUSYSTATUS"), Taken.YES)
    if told is Taken.NO or (answers and answers <= {"DECLINED", "DELEGATED"}):
        return Taken.NO
    if component.text("STATUS") == "TENTATIVE" or (answers and not answers & {"ACCEPTED", "COMPLETED"}):
        return Taken.PERHAPS
    return told


def mail_address(uri: str) -> str:
    """The address of a `mailto:` in small letters."""
    return unquote(uri.strip().casefold().removeprefix("mailto:"))
