"""How is the text of somebody else's calendar read, line by line (RFC 5545 section 3.1)?

Only what an answer needs: components, and lines with their parameters. Ours and not a library's, because this text
comes from strangers: each step is bounded, nothing is guessed, and no rule of recurrence is ever expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from onboarding.domain.errors import BadRecord

LARGEST_CALENDAR = 128 * 1024
"""Octets; an answer to one invitation has about two thousand, with a time zone of Outlook's five."""

MOST_LINES = 4000
DEEPEST = 4
"""Components inside each other: VCALENDAR, VEVENT, VALARM, and one to spare."""

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PART = r'(?:"[^"]*"|[^";:,]*)'
_PARAMETER = rf"([A-Za-z0-9-]+)=({_PART}(?:,{_PART})*)"
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:;{_PARAMETER})*):(.*)", re.DOTALL)
_ONE_PARAMETER = re.compile(rf";{_PARAMETER}")
_NAME = re.compile(r"[A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One content line; `name` and the names of parameters are in capitals, quotes are taken off."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What stands between a BEGIN and its END; `text` is that as it came, unfolded."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def only(self, name: str) -> Line | None:
        """The line of that name, or None when there is none.

        Raises:
            BadRecord: there are several.
        """
        found = [line for line in self.lines if line.name == name]
        if len(found) > 1:
            raise BadRecord(f"the calendar part has {name} more than once")
        return found[0] if found else None

    def inside(self, name: str) -> list[Component]:
        """The components of that name that stand directly in it."""
        return [part for part in self.parts if part.name == name]


def decoded(octets: bytes) -> str:
    """The text of a calendar part: UTF-8, or UTF-16 where it begins so.

    The charset that a mail names is often wrong, and everything that is read here is ASCII. Control characters are
    left out: RFC 5545 forbids them, and PostgreSQL keeps no NUL.
    """
    wide = octets[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = octets.decode("utf-16" if wide else "utf-8", "replace")
    return CONTROLS.sub("", text.removeprefix("\ufeff"))


def read_calendar(octets: bytes) -> Component:
    """The one VCALENDAR in a text.

    Raises:
        BadRecord: it is too large, torn, or not a calendar; the reason repeats nothing of it.
    """
    if len(octets) > LARGEST_CALENDAR:
        raise BadRecord("the calendar part is too large")
    lines = _unfolded(decoded(octets))
    if len(lines) > MOST_LINES:
        raise BadRecord("the calendar part has too many lines")
    root = Component(name="")
    open_ones = [root]
    for text in lines:
        _take(text, open_ones)
    calendars = root.inside("VCALENDAR")
    if len(open_ones) > 1 or len(calendars) != 1:
        raise BadRecord("the calendar part is torn, or holds no calendar")
    return calendars[0]


def _unfolded(text: str) -> list[str]:
    whole = re.sub("\r\n?", "\n", text)
    return [line for line in re.sub("\n[ \t]", "", whole).split("\n") if line.strip()]


def _take(text: str, open_ones: list[Component]) -> None:
    """Put one line where it belongs; `open_ones` are the components that have begun and not ended."""
    line = _parsed(text)
    if line is None:
        return
    if line.name == "BEGIN":
        begun = Component(name=line.value.strip().upper())
        open_ones[-1].parts.append(begun)
        open_ones.append(begun)
        if len(open_ones) > DEEPEST + 1:
            raise BadRecord("the calendar part has components too deep inside each other")
    elif line.name == "END":
        if open_ones[-1].name != line.value.strip().upper():
            raise BadRecord("the calendar part is torn")
        _note(text, open_ones)
        open_ones.pop()
        return
    else:
        open_ones[-1].lines.append(line)
    _note(text, open_ones)


def _note(text: str, open_ones: list[Component]) -> None:
    for one in open_ones[1:]:
        one.text.append(text)


NEEDED = frozenset(
    {"BEGIN", "END", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "DTSTART", "DTEND", "DURATION"}
    | {"RECURRENCE-ID", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}
)
"""Lines that decide something: one that is broken breaks the answer. Others may be as odd as they like."""


def _parsed(text: str) -> Line | None:
    found = _LINE.fullmatch(text)
    if found is None:
        name = _NAME.match(text)
        if name is not None and name.group().upper() in NEEDED:
            raise BadRecord(f"the calendar part has a {name.group().upper()} that cannot be read")
        return None
    parameters: dict[str, str] = {}
    for one in _ONE_PARAMETER.finditer(found[2]):
        if one[1].upper() in parameters:
            raise BadRecord("the calendar part has a parameter twice")
        parameters[one[1].upper()] = one[2].replace('"', "")
    return Line(name=found[1].upper(), parameters=parameters, value=found[found.re.groups])
