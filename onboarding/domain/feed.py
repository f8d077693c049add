"""How do all meetings of one person become a calendar that their own program reads again and again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import icalendar

from onboarding.domain.calendar_text import text
from onboarding.domain.meetings import Meeting, MeetingState

PRODID = "-//onboarding-engine//feed//EN"

EVERY = timedelta(hours=1)
"""How often a program may look again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A meeting as it stands in somebody's calendar."""

    meeting: Meeting
    summary: str
    location: str = ""


def feed(name: str, entries: Sequence[Entry]) -> bytes:
    """The calendar (RFC 5545), with the same UID and SEQUENCE as the invitations, times in UTC.

    It is published, so it has no METHOD and names no attendees (RFC 5545 section 3.8.4.1). `NAME` and
    `REFRESH-INTERVAL` are of RFC 7986 sections 5.1 and 5.7; the others are what older programs read.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("name", text(name))
    calendar.add("x-wr-calname", text(name))
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", text("PT1H"))
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry) -> icalendar.Event:
    meeting = entry.meeting
    event = icalendar.Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.stamped_at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    event.add("status", "CANCELLED" if meeting.state is MeetingState.CANCELLED else "CONFIRMED")
    event.add("summary", text(entry.summary))
    if entry.location:
        event.add("location", text(entry.location))
    return event
