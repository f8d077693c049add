"""What does the calendar part of a mail answer (RFC 5546 sections 3.2.3, 3.2.6 and 3.2.7)?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

import idna

from onboarding.domain.content_lines import Component, Line, read_calendar
from onboarding.domain.errors import BadRecord
from onboarding.domain.reply_zones import duration, moment, utc_moment

LONGEST_UID = 255
LONGEST_COMMENT = 1000
HIGHEST_SEQUENCE = 2**31 - 1


class Meant(StrEnum):
    """What somebody says to an invitation."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    ANOTHER_TIME = "another time"  # a COUNTER: they would come then
    DELEGATED = "delegated"  # somebody else is to come
    NOTHING = "nothing"  # a reply that leaves it open
    AGAIN = "again"  # a REFRESH: they ask for the invitation once more


PARTSTATS = {
    "ACCEPTED": Meant.ACCEPTED,
    "TENTATIVE": Meant.TENTATIVE,
    "DECLINED": Meant.DECLINED,
    "DELEGATED": Meant.DELEGATED,
    "NEEDS-ACTION": Meant.NOTHING,
}

ANSWERS = ("REPLY", "COUNTER", "REFRESH")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """What one calendar part says; `starts_at` and `ends_at` (UTC) are those of a COUNTER.

    `attendee` is a folded address, "" when it is none; `comment` is in the words of whoever answers.
    """

    uid: str
    sequence: int
    attendee: str
    meant: Meant
    stamped_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    comment: str = field(default="", repr=False)


class NotAnAnswer(BadRecord):
    """A calendar part that is whole and answers nothing: an invitation of somebody else's, for instance."""


def read_answer(octets: bytes, *, sender: str, method: str = "") -> CalendarAnswer:
    """The answer in one calendar part; `method` is the one that its Content-Type names, `sender` is folded.

    Raises:
        NotAnAnswer: its METHOD is none with which somebody answers.
        BadRecord: it cannot be understood; the reason repeats nothing of it.
    """
    calendar = read_calendar(octets)
    inside = _value(calendar.only("METHOD")).upper()
    if method and inside and method.upper() != inside:
        raise BadRecord("the mail and its calendar part name different methods")
    answered = inside or method.upper()
    if answered not in ANSWERS:
        raise NotAnAnswer("its calendar part is no answer to an invitation")
    events = calendar.inside("VEVENT")
    if len(events) != 1:
        raise BadRecord("the calendar part does not speak of exactly one meeting")
    return _answer(events[0], answered, sender, calendar.inside("VTIMEZONE"))


def _answer(event: Component, method: str, sender: str, zones: list[Component]) -> CalendarAnswer:
    if event.only("RECURRENCE-ID") is not None:
        raise BadRecord("the calendar part speaks of one meeting of a series, and we invite to none")
    attendee = _attendee(event, sender)
    starts_at = ends_at = None
    meant = Meant.AGAIN if method == "REFRESH" else Meant.ANOTHER_TIME
    if method == "REPLY":
        partstat = attendee.parameters.get("PARTSTAT", "NEEDS-ACTION").upper()
        if partstat not in PARTSTATS:
            raise BadRecord("the calendar part holds an answer that is none")
        meant = PARTSTATS[partstat]
    elif method == "COUNTER":
        starts_at, ends_at = _proposed(event, zones)
    return CalendarAnswer(
        uid=_uid(event),
        sequence=_sequence(event),
        attendee=address_in(attendee.value),
        meant=meant,
        stamped_at=utc_moment(event.only("DTSTAMP")),
        starts_at=starts_at,
        ends_at=ends_at,
        comment=" ".join(_plain(line.value) for line in event.lines if line.name == "COMMENT")[:LONGEST_COMMENT],
    )


def _attendee(event: Component, sender: str) -> Line:
    """Who answers: the only attendee, or of several the one who sent the mail (a COUNTER names everybody)."""
    found = [line for line in event.lines if line.name == "ATTENDEE"]
    mine = [line for line in found if address_in(line.value) == sender] if len(found) > 1 else found
    if len(mine) != 1:
        raise BadRecord("the calendar part does not say who answers")
    return mine[0]


def _proposed(event: Component, zones: list[Component]) -> tuple[datetime, datetime]:
    starts_at = moment(event.only("DTSTART"), zones)
    end, length = event.only("DTEND"), event.only("DURATION")
    if (end is None) == (length is None):
        raise BadRecord("the proposed time has no end, or two")
    ends_at = moment(end, zones) if length is None else starts_at + duration(length)
    if ends_at <= starts_at:
        raise BadRecord("the proposed time ends before it begins")
    return starts_at, ends_at


def _uid(event: Component) -> str:
    uid = _value(event.only("UID"))
    if not uid or len(uid) > LONGEST_UID:
        raise BadRecord("the calendar part does not say which meeting it answers")
    return uid


def _sequence(event: Component) -> int:
    """0 when it is not said (RFC 5545 section 3.8.7.4)."""
    text = _value(event.only("SEQUENCE")) or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(HIGHEST_SEQUENCE)):
        raise BadRecord("the calendar part has a SEQUENCE that is no number")
    if int(text) > HIGHEST_SEQUENCE:
        raise BadRecord("the calendar part has a SEQUENCE that is no number")
    return int(text)


def _plain(raw: str) -> str:
    """A TEXT value without its escapes (RFC 5545 section 3.3.11)."""
    return re.sub(r"\\(.)", lambda match: " " if match[1] in "nN" else match[1], raw).strip()


def _value(line: Line | None) -> str:
    return line.value.strip() if line is not None else ""


def address_in(uri: str) -> str:
    """The address of a `mailto:` URI, folded; "" when it is none."""
    scheme, colon, rest = uri.strip().partition(":")
    return folded(unquote(rest)) if colon and scheme.casefold() == "mailto" else ""


def folded(address: str) -> str:
    """An address as two of them are compared: letter case folded, the domain in ASCII; "" when it is none."""
    local, at, domain = address.strip().casefold().rpartition("@")
    if not (local and at and domain) or len(address) > LONGEST_UID:
        return ""
    if domain.isascii():
        return f"{local}@{domain}"
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return ""
