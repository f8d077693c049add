"""What does a mail that came back say: an answer to an invitation, or something for a human to read?

Whatever comes is read as bytes of a stranger: bounded, never run, never repeated in a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from enum import StrEnum

from onboarding.domain.content_lines import CONTROLS
from onboarding.domain.errors import BadRecord
from onboarding.domain.reply_calendar import CalendarAnswer, Meant, NotAnAnswer, folded, read_answer

LARGEST_MAIL = 1024 * 1024
"""Octets; of a larger mail only the headers are looked at. An answer to an invitation has about ten thousand."""

HEADERS_END_WITHIN = 64 * 1024
MOST_PARTS = 60
MOST_BOUNDARIES = 12
MOST_LINES = 40_000
LONGEST_PARAMETERS = 2000
"""The email package's time grows with lines times boundaries, and with the square of the parameters of one header:
a megabyte made for that would hold a worker for half a minute."""

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000
"""Characters of what somebody wrote that are handed on."""

_CALENDAR = ("text/calendar", "application/ics")
_ADDRESS = r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9.\u0080-\uffff-]{0,250}))"
_NAMED = re.compile(rf'\s*(?:[^<>"(),;:\\@]|"(?:[^"\\]|\\.)*"|\([^()]*\))*<\s*{_ADDRESS}\s*>\s*(?:\([^()]*\))?\s*')
_BARE = re.compile(rf"\s*{_ADDRESS}\s*(?:\([^()]*\))?\s*")
_STRUCTURE = re.compile(rb"(?i)(?:^|[\r\n])content-[a-z-]+\s*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*")
_CHARSET = re.compile(
    r"(?:utf-?(?:8|16)|(?:us-)?ascii|iso-?8859-?\d{1,2}|(?:windows-?|cp)125\d|koi8-[ru]|big5|gbk)"
)
_BY_MACHINE = {
    "auto-submitted": re.compile(r"(?!\s*no\b)\s*\S", re.IGNORECASE),  # RFC 3834 section 5
    "precedence": re.compile(r"\s*(?:auto_reply|bulk|junk|list)\b", re.IGNORECASE),
    "x-autoreply": re.compile(r"\s*\S"),
    "x-autorespond": re.compile(r"\s*\S"),
}


class Why(StrEnum):
    """Why a mail is no answer."""

    AUTOMATIC = "automatic"  # an absence note, or another machine
    WRITTEN = "written"  # somebody wrote words, or something that only a human understands
    BROKEN = "broken"  # it cannot be understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to an invitation; addresses are folded, moments UTC.

    `sender` is who the mail says that it is from, `attendee` who the calendar part says answers.
    """

    uid: str
    sequence: int
    attendee: str
    sender: str
    meant: Meant
    stamped_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    subject: str = field(default="", repr=False)
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """A mail that is no answer; `reason` is one sentence that repeats nothing of it, `sender` may be "".

    `in_reply_to` are the ids of mails that it answers.
    """

    why: Why
    reason: str
    sender: str = ""
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    in_reply_to: tuple[str, ...] = ()


def understand(raw: bytes) -> Reply | NoReply:
    """Read one mail (RFC 5322); never raises."""
    large = len(raw) > LARGEST_MAIL
    sender = ""
    try:
        message = message_from_bytes(_headers_of(raw) if large else _bounded(raw))
        sender = _sender(message)
        if large:
            return _no_reply(message, sender, "the mail is too large to be read by a machine")
        return _answer_or_words(message, sender)
    except BadRecord as error:
        return NoReply(why=Why.BROKEN, reason=str(error), sender=sender)
    except Exception:  # noqa: BLE001 -- the email package's own defects are as many as its versions
        return NoReply(why=Why.BROKEN, reason="the mail cannot be read", sender=sender)


def _bounded(raw: bytes) -> bytes:
    if len(re.findall(rb"boundary\s*[=*]", raw, re.IGNORECASE)) > MOST_BOUNDARIES:
        raise BadRecord("the mail has too many parts inside each other")
    if raw.count(b"\n") + raw.count(b"\r") > 2 * MOST_LINES:
        raise BadRecord("the mail has more lines than people write")
    if any(len(found.group()) > LONGEST_PARAMETERS for found in _STRUCTURE.finditer(raw)):
        raise BadRecord("the mail has longer headers than programs write")
    return raw


def _headers_of(raw: bytes) -> bytes:
    start = raw[:HEADERS_END_WITHIN]
    end = re.search(rb"\r?\n\r?\n", start)
    if end is None:
        raise BadRecord("the mail is too large, and its headers do not end")
    return re.sub(rb"(?im)^content-type:", b"x-was:", start[: end.end()])


def _answer_or_words(message: Message, sender: str) -> Reply | NoReply:
    try:
        return _read(message, sender)
    except BadRecord as error:
        return _no_reply(message, sender, str(error), why=Why.BROKEN)


def _read(message: Message, sender: str) -> Reply | NoReply:
    answers: list[CalendarAnswer] = []
    other = ""
    for part in _parts(message):
        if not _is_calendar(part):
            continue
        try:
            answers.append(read_answer(_octets(part), sender=sender, method=_method(part)))
        except NotAnAnswer as error:
            other = str(error)
    if not answers:
        return _no_reply(message, sender, other or "somebody wrote back without answering the invitation")
    first = answers[0]
    if any(one != first for one in answers):
        raise BadRecord("the mail holds several answers that differ")
    return Reply(
        uid=first.uid,
        sequence=first.sequence,
        attendee=first.attendee,
        sender=sender,
        meant=first.meant,
        stamped_at=first.stamped_at,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        subject=_subject(message),
        comment=first.comment,
    )


def _no_reply(message: Message, sender: str, reason: str, why: Why = Why.WRITTEN) -> NoReply:
    if why is Why.WRITTEN and _by_machine(message):
        why, reason = Why.AUTOMATIC, "a machine wrote back, such as an absence note"
    return NoReply(
        why=why,
        reason=reason,
        sender=sender,
        subject=_subject(message),
        text=_text(message),
        in_reply_to=tuple(re.findall(r"<[!-;=?-~]{3,250}>", _header(message, "in-reply-to")))[:10],
    )


def _by_machine(message: Message) -> bool:
    said = any(sign.match(_header(message, name)) for name, sign in _BY_MACHINE.items())
    return said and message.get_content_type() != "multipart/report"  # a mail that did not arrive is for a human


def _sender(message: Message) -> str:
    """The one address in From (RFC 5322 section 3.6.2), folded.

    The standard library's reader of addresses can be led astray (CVE-2023-27043), so this one is strict: whoever
    writes their own address in an odd way is not understood.
    """
    found = message.get_all("from") or []
    value = re.sub("\r?\n", "", str(found[0])) if len(found) == 1 else ""
    match = _NAMED.fullmatch(value) or _BARE.fullmatch(value)
    address = folded(match[1]) if match is not None else ""
    if not address:
        raise BadRecord("the mail does not say from whom it is, or says it twice")
    return address


def _parts(message: Message) -> Iterator[Message]:
    """The parts of the mail itself; what somebody forwards as a whole mail is not theirs to answer with."""
    waiting, seen = [message], 0
    while waiting:
        one = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise BadRecord("the mail has too many parts")
        if not one.is_multipart():
            yield one
        elif one.get_content_maintype() == "multipart":
            waiting = [*one.get_payload(), *waiting]


def _is_calendar(part: Message) -> bool:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    kind = part.get_content_type()
    return kind in _CALENDAR or (kind == "application/octet-stream" and name.casefold().endswith(".ics"))


def _method(part: Message) -> str:
    try:
        method = part.get_param("method", "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return method.strip() if isinstance(method, str) else ""


def _octets(part: Message) -> bytes:
    try:
        octets = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRecord("a part of the mail is encoded in a way that cannot be read") from error
    return octets if isinstance(octets, bytes) else b""


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def _subject(message: Message) -> str:
    """The subject on one line, decoded; "" when it cannot be."""
    try:
        parts = decode_header(_header(message, "subject")[:LONGEST_TEXT])
        words = "".join(_decoded(part, charset) if isinstance(part, bytes) else part for part, charset in parts)
    except (ValueError, LookupError, TypeError, AttributeError):  # HeaderParseError is a ValueError too
        return ""
    plain = "".join(sign if sign.isprintable() else " " for sign in words.replace("=?", " "))
    return " ".join(plain.split())[:LONGEST_SUBJECT]


def _text(message: Message) -> str:
    """The words of the first plain text, for the one human to whom they are handed on; "" when there are none."""
    try:
        for part in _parts(message):
            if part.get_content_type() == "text/plain" and not part.get_filename():
                text = _decoded(_octets(part), part.get_content_charset())[:LONGEST_TEXT]
                return CONTROLS.sub("", text)
    except (BadRecord, ValueError, LookupError, TypeError, AttributeError):
        return ""
    return ""


def _decoded(octets: bytes, charset: str | None) -> str:
    """Text in a charset in which mails are written; a codec that a stranger names may be any of Python's."""
    known = charset if charset and _CHARSET.fullmatch(charset.casefold()) else "utf-8"
    try:
        return octets.decode(known, "replace")
    except LookupError:
        return octets.decode("utf-8", "replace")
