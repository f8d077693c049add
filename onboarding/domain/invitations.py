"""How does a meeting become an invitation that every calendar understands?"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import icalendar
import idna

from onboarding.domain.attending import Attendance
from onboarding.domain.calendar_text import text
from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Address, Invitation, refuse_header_injection

PRODID = "-//onboarding-engine//invitations//EN"

_MAILTO_SAFE = "!$&'*+-/=^_`{|}~"


def invitation(  # noqa: PLR0913 - RFC 5546 asks for every one of them, and all are named
    *,
    uid: str,
    sequence: int,
    organizer: Address,
    attendee: Address,
    starts_at: datetime,
    ends_at: datetime,
    stamped_at: datetime,
    summary: str,
    description: str,
    location: str,
    cancelled: bool = False,
    attendance: Attendance = Attendance.NEEDS_ACTION,
) -> Invitation:
    """One meeting for one attendee: a REQUEST (RFC 5546 section 3.2.2), or the CANCEL of one (3.2.5).

    `attendance` is what the attendee answered to this SEQUENCE, as far as we know.

    Times are aware and written in UTC, to the second, so that no VTIMEZONE is needed.

    The text stays what people wrote: names are never transliterated. It is UTF-8 (RFC 5545 section 6), and
    RFC 6047 section 2.4 wants `charset=UTF-8` beside it. SendGrid takes no charset, and may label a `text/*`
    attachment ISO-8859-1 (django-anymail issue 150): give it this string as a JSON content part, and its bytes
    as an `application/ics` attachment, a type that has no charset to get wrong.

    Raises:
        ValueError: for a naive time, an end before the start, a sequence below 0, or an empty uid.
        BadAddress: for a line break in the uid, summary or location.
    """
    _refuse(uid=uid, sequence=sequence, starts_at=starts_at, ends_at=ends_at, stamped_at=stamped_at)
    for what, value in (("uid", uid), ("summary", summary), ("location", location)):
        refuse_header_injection(value, what)
    event = icalendar.Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamped_at.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", _mailto(organizer))
    event.add(
        "attendee",
        _mailto(attendee),
        parameters={"ROLE": "REQ-PARTICIPANT", "PARTSTAT": attendance.value.upper(), "RSVP": "TRUE"},
    )
    for name, value in (("summary", summary), ("description", description), ("location", location)):
        if value:
            event.add(name, text(value))
    method = "CANCEL" if cancelled else "REQUEST"
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return Invitation(ics=calendar.to_ical().decode("utf-8"), method=method)


def _refuse(*, uid: str, sequence: int, starts_at: datetime, ends_at: datetime, stamped_at: datetime) -> None:
    if not uid or sequence < 0:
        raise ValueError("an invitation needs a uid and a sequence of 0 or more")
    if any(moment.tzinfo is None for moment in (starts_at, ends_at, stamped_at)):
        raise ValueError("an invitation without a zone would be hours off")
    if ends_at <= starts_at:
        raise ValueError("a meeting must end after it starts")


def _mailto(address: Address) -> str:
    """The bare address as a URI (RFC 6068): `?` would open a list of headers there."""
    local, _, domain = address.email.rpartition("@")
    return f"mailto:{quote(local, safe=_MAILTO_SAFE)}@{_domain(domain)}"


def _domain(domain: str) -> str:
    """The domain in ASCII, by IDNA 2008 as in the mail's own headers: IDNA 2003 makes another one of some."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress("the part after the @ is not a domain name") from error
