"""How does a calendar look that a test writes?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from onboarding.domain.ical.expanding import Expanded, busy_times

BERLIN = ZoneInfo("Europe/Berlin")
SECRET = "Salary talk with Dana"


def calendar(*parts: str) -> bytes:
    """A calendar of these events and zones."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *parts, "END:VCALENDAR", ""]
    return "\r\n".join(line for part in lines for line in part.split("\n")).encode()


def event(*lines: str, uid: str = "one") -> str:
    """An event of these lines, with a subject that nobody may read."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{SECRET}", *lines, "END:VEVENT"])


def hours(text: str) -> datetime:
    """A moment in UTC from `2027-03-22 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def expanded(*parts: str, first: str = "2027-03-22", last: str = "2027-04-05", **more: object) -> Expanded:
    """What two weeks around the change of clocks in Europe (28 March 2027) hold."""
    given: dict[str, object] = {"zone": BERLIN, "start": hours(first), "end": hours(last), **more}
    return busy_times(calendar(*parts), **given)  # type: ignore[arg-type]  # tests vary what they like


def told(found: Expanded) -> list[str]:
    """Busy times as texts, such as `03-22 09:00-10:00` in UTC, with a `?` when tentative."""
    return [
        f"{one.start:%m-%d %H:%M}-{one.end:{'%H:%M' if one.end.date() == one.start.date() else '%m-%d %H:%M'}}"
        + ("?" if one.tentative else "")
        for one in found.busy
    ]
