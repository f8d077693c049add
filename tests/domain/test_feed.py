"""Is the feed a calendar that every program reads?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.feed import Entry, feed
from onboarding.domain.meetings import Meeting, MeetingState

START = datetime(2027, 1, 5, 5, tzinfo=UTC)


def meeting(name: str = "m1", **more: object) -> Meeting:
    known: dict[str, object] = {
        "id": name,
        "hire_id": "n1",
        "step": "first_coffee",
        "occasion": "once",
        "people": ("n1", "pal"),
        "starts_at": START,
        "ends_at": START + timedelta(minutes=25),
        "uid": f"{name}@example.com",
        "organizer": "welcome@example.com",
        "stamped_at": START - timedelta(days=1),
        **more,
    }
    return Meeting(**known)  # type: ignore[arg-type]  # tests vary what they like


def test_each_meeting_has_what_its_invitation_has() -> None:
    content = feed(
        "Lighthouse Ltd",
        [
            Entry(meeting=meeting(sequence=2), summary="Coffee: Ada, Bo", location="https://video.example.com/m1"),
            Entry(meeting=meeting("m2", state=MeetingState.CANCELLED, sequence=1), summary="Coffee"),
        ],
    )
    lines = content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    for line in (
        "VERSION:2.0",
        "UID:m1@example.com",
        "SEQUENCE:2",
        "DTSTART:20270105T050000Z",
        "DTEND:20270105T052500Z",
        "STATUS:CONFIRMED",
        "STATUS:CANCELLED",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SUMMARY:Coffee: Ada\\, Bo",
    ):
        assert line in lines
    assert not [one for one in lines if one.startswith(("METHOD", "ATTENDEE", "ORGANIZER"))]


def test_nobody_without_meetings_has_a_broken_calendar() -> None:
    assert icalendar.Calendar.from_ical(feed("Lighthouse Ltd", [])).walk("VEVENT") == []


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_whatever_people_are_called_the_lines_are_short_and_read_back(summary: str, name: str) -> None:
    content = feed(name, [Entry(meeting=meeting(), summary=summary)])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["UID"] == "m1@example.com"
