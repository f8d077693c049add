"""What lies in the folder of the folder mailer?"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from onboarding.domain.errors import NotFound

SHOWN = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "Auto-Submitted")
"""The headers that the page names first; the others follow."""

INVITATION = {
    "SUMMARY": "What",
    "DTSTART": "Starts",
    "DTEND": "Ends",
    "LOCATION": "Where",
    "ORGANIZER": "From",
    "ATTENDEE": "To",
    "STATUS": "Status",
    "SEQUENCE": "Version",
    "UID": "Id",
}
"""The properties of an invitation that are shown (RFC 5545 section 3.8), and what we call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail in the list."""

    name: str
    to: str
    subject: str
    date: str
    invites: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in parts; `calendar` holds (word, value) pairs of its invitation, if there is one."""

    name: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    calendar: tuple[tuple[str, str], ...]


def listing(outbox: Path | None, *, start: int = 0, count: int = 100) -> tuple[list[MailLine], int]:
    """The newest mails first (their names begin with their moment), and how many there are."""
    names = sorted((file.name for file in outbox.glob("*.eml")), reverse=True) if outbox else []
    lines = [_line(outbox, name) for name in names[start : start + count]] if outbox else []
    return lines, len(names)


def open_mail(outbox: Path | None, name: str) -> Mail:
    """One mail of the folder.

    Raises:
        NotFound: no such mail; a name is a plain file name and never a path.
    """
    if outbox is None or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.eml", name):
        raise NotFound("there is no such mail")
    message = _parse(outbox / name)
    headers = [(key, str(value)) for key, value in message.items()]
    first = [pair for wanted in SHOWN for pair in headers if pair[0].lower() == wanted.lower()]
    return Mail(
        name=name,
        subject=str(message.get("Subject", "")),
        headers=(*first, *(pair for pair in headers if pair not in first)),
        html=_with_pictures(message, _body(message, "html")),
        text=_body(message, "plain"),
        calendar=tuple(_calendar(message)),
    )


def _parse(file: Path) -> EmailMessage:
    try:
        with file.open("rb") as opened:
            return BytesParser(policy=policy.default).parse(opened)
    except OSError as error:
        raise NotFound("there is no such mail") from error


def _line(outbox: Path, name: str) -> MailLine:
    message = _parse(outbox / name)
    return MailLine(
        name=name,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=_date(message),
        invites=any(part.get_content_type() == "text/calendar" for part in message.walk()),
    )


def _date(message: EmailMessage) -> str:
    moment = getattr(message.get("Date"), "datetime", None)
    return f"{moment:%Y-%m-%d %H:%M %Z}" if moment else str(message.get("Date", ""))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:  # it names an encoding that nobody knows
        content = part.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _with_pictures(message: EmailMessage, html: str) -> str:
    """The HTML with the pictures of the mail in it: a browser knows no `cid:`."""
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "image/jpeg" and part["Content-ID"] and isinstance(content, bytes):
            address = f"cid:{str(part['Content-ID']).strip('<> ')}"
            html = html.replace(address, f"data:image/jpeg;base64,{base64.b64encode(content).decode('ascii')}")
    return html


def _calendar(message: EmailMessage) -> list[tuple[str, str]]:
    """The words of the first invitation: method, what, when, where, who."""
    parts = (
        part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/calendar"
    )
    content = next(parts, None)
    return _invitation(content) if isinstance(content, bytes) else []


def _invitation(content: bytes) -> list[tuple[str, str]]:
    from icalendar import Calendar  # noqa: PLC0415 -- only this page needs it, and it loads slowly

    try:
        calendar = Calendar.from_ical(content)
        words = [
            ("Method", str(calendar.get("METHOD", ""))),
            *(
                (said, _said(value))
                for event in calendar.walk("VEVENT")
                for word, said in INVITATION.items()
                for value in _several(event.get(word))
            ),
        ]
    except ValueError:
        return [("Calendar", "this part cannot be read")]
    return words


def _several(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _said(value: object) -> str:
    moment = getattr(value, "dt", None)
    if isinstance(moment, date):
        return f"{moment:%Y-%m-%d %H:%M %Z}".strip()
    return str(value).removeprefix("mailto:")
