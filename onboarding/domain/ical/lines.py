"""Which lines of a calendar do we read? Those that say when; what a meeting is about is dropped unread.

icalendar 7.3 reads 0.4 MB a second and keeps every subject; it also remembers time zones by name for the whole
program, so that the calendar of one person could move the hours of another. This reads 10 MB in a second or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from onboarding.domain.errors import BadRecord, TooLarge

LARGEST = 10_000_000
"""Octets of one calendar."""
LONGEST = 100_000
"""Characters of one line, which may list many dates."""
DEEPEST = 8

WANTED: Mapping[str, frozenset[str]] = {
    "VCALENDAR": frozenset(),
    "VEVENT": frozenset(
        {
            *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"),
            *("TRANSP", "STATUS", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS"),
        }
    ),
    "VFREEBUSY": frozenset({"FREEBUSY"}),
    "VTIMEZONE": frozenset({"TZID"}),
    "STANDARD": frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"}),
    "DAYLIGHT": frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"}),
}
"""The properties that are read, by component; all others are left out, SUMMARY, DESCRIPTION and LOCATION too."""

_FOLD = re.compile(rb"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?=[;:])")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=((?:"[^"]*"|[^";:])*)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One property; the names of `parameters` are in capitals, their values without quotation marks."""

    name: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True, kw_only=True)
class Component:
    """An event, a zone or a list of busy times. `spoiled` has a line that is wanted and cannot be read."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    spoiled: bool = False

    def of(self, name: str) -> list[Line]:
        """The properties of that name, in their order."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> Line | None:
        """The first property of that name."""
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        """The value of that property in capitals, without space around it; "" when there is none."""
        found = self.first(name)
        return found.value.strip().upper() if found else ""


def read_calendars(raw: bytes) -> list[Component]:
    """The calendars of a text, which is UTF-8; each holds its events, busy times and zones.

    Raises:
        TooLarge: more than 10 MB.
        BadRecord: it is no calendar, or it is cut off: what is missing must not count as free.
    """
    if len(raw) > LARGEST:
        raise TooLarge("the calendar is larger than 10 MB")
    text = _FOLD.sub(b"", raw.removeprefix(b"\xef\xbb\xbf")).decode("utf-8", errors="replace")
    calendars: list[Component] = []
    open_: list[Component] = []
    for line in _split(text):
        name = line[:6].upper()
        if name == "BEGIN:":
            _begin(line[6:].strip().upper(), open_, calendars)
        elif line[:4].upper() == "END:":
            if not open_ or open_.pop().name != line[4:].strip().upper():
                raise BadRecord("the calendar is broken: something ends that has not begun")
        elif not open_:
            raise BadRecord("this is no calendar")
        else:
            _keep(line, open_[-1])
    if open_ or not calendars:
        raise BadRecord("the calendar is cut off" if open_ else "this is no calendar")
    return calendars


def _split(text: str) -> Iterator[str]:
    """Lines that are not blank; `str.splitlines` would break them at other signs as well."""
    return (line for each in text.split("\n") if (line := each.removesuffix("\r")) and not line.isspace())


def _begin(name: str, open_: list[Component], calendars: list[Component]) -> None:
    component = Component(name=name)
    if not open_:
        if name != "VCALENDAR":
            raise BadRecord("this is no calendar")
        calendars.append(component)
    elif len(open_) >= DEEPEST:
        raise BadRecord("the calendar is broken: one thing inside of another, and so on")
    elif name in WANTED and name != "VCALENDAR":
        open_[-1].parts.append(component)
    open_.append(component)


def _keep(line: str, component: Component) -> None:
    """Note a line that is wanted; all others end here."""
    found = _NAME.match(line)
    if found is None:
        return
    name = found[0].upper()
    if name not in WANTED.get(component.name, ()):
        return
    if len(line) > LONGEST:
        component.spoiled = True
        return
    parameters: dict[str, str] = {}
    place = found.end()
    while parameter := _PARAMETER.match(line, place):
        parameters[parameter[1].upper()] = parameter[2].replace('"', "")
        place = parameter.end()
    if line[place : place + 1] != ":":
        component.spoiled = True
        return
    component.lines.append(Line(name=name, parameters=parameters, value=line[place + 1 :]))
