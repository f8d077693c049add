"""What do letters in tests look like? Fictional people, hard names, one invitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from onboarding.domain.mail import Address, Invitation, Letter, Picture

DATE = datetime(2031, 3, 3, 8, 30, tzinfo=UTC)

ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//tests//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:coffee-7@example.com
SEQUENCE:0
DTSTAMP:20310303T083000Z
DTSTART:20310305T130000Z
DTEND:20310305T132500Z
STATUS:CONFIRMED
ORGANIZER:mailto:people-team@example.com
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:zoe.oneil
 @example.com
SUMMARY:Coffee: Zoë O'Neil & Łukasz ☕
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")

INVITATION = Invitation(ics=ICS, method="REQUEST")

PICTURES = (
    Picture(
        content_id="a1@photo", jpeg=b"\xff\xd8\xff\xe0 not really one, with a line\r\n.\r\n=_related \xff\xd9"
    ),
    Picture(content_id="b2@photo", jpeg=bytes(range(256)) * 40),
)
"""No mailer looks into them."""

PLAIN = Letter(
    number=42,
    message_id="<0123456789abcdef@example.com>",
    sender=Address(email="people-team@example.com", name="Bo Berg via People Team"),
    to=Address(email="zoe.oneil@example.com", name="Zoë O'Neil"),
    subject="Willkommen Zoë O'Neil, schön dass du da bist 🎉",
    html="<p>Hello Zoë O'Neil 👋</p>\n<p>Łukasz is looking forward to meeting you.</p>\n",
    text="Hello Zoë O'Neil 👋\n\n.Łukasz is looking forward to meeting you.\n.\n",
    date=DATE,
)
"""A letter without an invitation; its text also has lines that begin with a dot."""


def letter(**changes: Any) -> Letter:
    """The plain letter, with whatever a test wants to vary."""
    return replace(PLAIN, **changes)


def letters(count: int) -> list[Letter]:
    """As many different letters."""
    return [
        letter(number=number, message_id=f"<delivery-{number}@example.com>", subject=f"Letter {number} für dich")
        for number in range(1, count + 1)
    ]


PERSONAL = ("zoe.oneil", "O'Neil", "Zoë", "Willkommen", "Łukasz")
"""What must never appear in a reason, a log line or a repr."""
