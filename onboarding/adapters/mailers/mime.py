"""How does a letter look on the wire, byte for byte?"""

from __future__ import annotations

import base64
import binascii
import re
from email.charset import BASE64, Charset
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, quote
from functools import lru_cache
from typing import Any

import idna

from onboarding.domain.errors import BadAddress
from onboarding.domain.mail import Address, Invitation, Letter, Picture, refuse_header_injection

LONGEST_LINE = 998
"""Octets of a line without its CRLF (RFC 5322 section 2.1.1)."""

SHORT = 76
"""Characters up to which a line is not folded."""

RESERVED = re.compile(
    "from|to|cc|bcc|sender|reply-to|subject|date|message-id|return-path|received|dkim-signature|mime-version"
    "|content-.*|x-sg-e?id|auto-submitted|x-auto-response-suppress|x-onboarding-delivery|list-unsubscribe(-post)?",
    re.IGNORECASE,
)
"""Header names that `Letter.headers` may not bring: we write them, or SendGrid reserves them."""

# C0 and C1 controls, line separators, and the overrides that make text read backwards (Unicode TR 36).
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)], " ")
_ASCII = bytes(range(0x80))
_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_CONTENT_ID = re.compile(r"[a-z0-9.-]{1,100}@[a-z0-9.-]{1,100}")
_URL = re.compile(r"https?://[!-;=?-~]+")
_METHOD = re.compile(r"[A-Z]+")


def to_bytes(letter: Letter) -> bytes:
    """The whole message with CRLF line ends, 7-bit throughout; the same letter gives the same bytes.

    Raises:
        BadAddress: as `build`.
    """
    return build(letter).as_bytes()


def build(letter: Letter) -> EmailMessage:
    """The message: multipart/alternative, inside multipart/mixed with invite.ics when it invites.

    With pictures the HTML is a multipart/related of its own (RFC 2387): what shows plain text leaves them out.

    Raises:
        BadAddress: when a value could forge a header or cannot be written into one; it never names the value.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = mailbox(letter.sender)
    message["To"] = mailbox(letter.to)
    if letter.reply_to is not None:
        message["Reply-To"] = mailbox(letter.reply_to)
    message["Subject"] = _folded("Subject", one_line(letter.subject))
    message["Date"] = format_datetime(letter.date)
    for name, value in further_headers(letter).items():
        message[name] = value.replace("?= =?", "?=\r\n =?")
    message["MIME-Version"] = "1.0"
    alternatives = [_text("plain", letter.text), _illustrated(letter)]
    if letter.invitation is None:
        return _multipart(message, "alternative", alternatives)
    shown, attached = _calendar(letter.invitation)
    inner = _multipart(EmailMessage(policy=_POLICY), "alternative", [*alternatives, shown])
    return _multipart(message, "mixed", [inner, attached])


def further_headers(letter: Letter) -> dict[str, str]:
    """All headers but addresses, subject, date and structure: what every mailer hands on, in ASCII, unfolded.

    Raises:
        BadAddress: as `build`.
    """
    headers = {
        "Message-ID": _message_id(letter.message_id),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office replies
        "X-Auto-Response-Suppress": "All",  # the same for Exchange
        "X-Onboarding-Delivery": str(letter.number),
    }
    if letter.unsubscribe_url:
        if not _URL.fullmatch(letter.unsubscribe_url):
            raise BadAddress("the unsubscribe link is not a web address in plain ASCII")
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058 section 3.1
    for name, value in letter.headers.items():
        headers[_own_name(name)] = _unfolded(name, value)
    return headers


def address(mailbox_: Address) -> str:
    """The bare address in ASCII: an international domain in its IDNA 2008 form.

    Raises:
        BadAddress: when the domain has no such form.
    """
    local, _, domain = mailbox_.email.rpartition("@")
    bare = f"{local}@{_domain(domain)}"
    if not bare.isprintable():
        raise BadAddress("the address holds control characters")
    return bare


def shown_name(mailbox_: Address) -> str:
    """The display name on one line, without `@`, which spam filters take for a forged sender; may be ""."""
    return " ".join(one_line(mailbox_.name).replace("@", " ").split())


def mailbox(mailbox_: Address) -> str:
    """The value of From, To or Reply-To: `Name <address>`, encoded and folded.

    Raises:
        BadAddress: as `address`.
    """
    bare, name = address(mailbox_), shown_name(mailbox_)
    if not name:
        return bare
    if not name.isascii():
        name = _folded("Reply-To", name)
    elif not _PHRASE.fullmatch(name):
        name = f'"{quote(name)}"'
    space = " " if len(name) + len(bare) < SHORT - len("Reply-To: ") else "\r\n "
    return f"{name}{space}<{bare}>"


def one_line(value: str) -> str:
    """The value with a space for each control character, line separator and writing-direction override."""
    return value.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")


class _AsWritten(EmailPolicy):
    """Writes headers exactly as they were given, and parses them only when somebody reads them.

    The standard policy parses each header when it is set and again when it is folded: 3 of the 4 ms of a letter
    with an invitation. Ours are encoded and folded once, below; here they only pass the last fence.
    """

    def header_max_count(self, name: str) -> int | None:  # noqa: ARG002 -- the shape of the class above
        return None

    def header_store_parse(self, name: str, value: Any) -> tuple[str, str]:
        lines = str(value).split("\r\n")
        if any(len(line) > LONGEST_LINE - len(name) for line in lines):
            raise BadAddress(f"the header {name} is too long for a mail")
        if not all(line.isascii() and line.isprintable() for line in lines) or any(
            not line.startswith(" ") for line in lines[1:]
        ):
            raise BadAddress(f"the header {name} holds signs that could forge a header")
        return name, str(value)

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return _parsed(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\r\n".encode("ascii")

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}\r\n"


_POLICY = _AsWritten(linesep="\r\n")


@lru_cache(maxsize=64)
def _parsed(name: str, value: str) -> Any:
    """Cached because the generator reads the Content-Type of each part five times; ours are few and constant."""
    return SMTP.header_factory(name, "".join(value.split("\r\n")))


def _multipart(message: EmailMessage, kind: str, parts: list[EmailMessage], further: str = "") -> EmailMessage:
    # RFC 2045 section 6.7: neither quoted-printable nor base64 can hold "=_", and _transfer encodes what does.
    message["Content-Type"] = f'multipart/{kind}; boundary="=_{kind}"{further}'
    for part in parts:
        message.attach(part)
    return message


def _part(content_type: str, encoding: str, payload: str, disposition: str = "") -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["Content-Type"] = content_type
    message["Content-Transfer-Encoding"] = encoding
    if disposition:
        message["Content-Disposition"] = disposition
    message.set_payload(payload)
    return message


def _text(kind: str, text: str) -> EmailMessage:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    octets = lines.encode("utf-8", "replace")
    encoding, payload = _transfer(octets)
    return _part(f"text/{kind}; charset=utf-8", encoding, payload)


def _illustrated(letter: Letter) -> EmailMessage:
    html = _text("html", letter.html)
    if not letter.pictures:
        return html
    pictures = [_picture(number, one) for number, one in enumerate(letter.pictures, start=1)]
    return _multipart(EmailMessage(policy=_POLICY), "related", [html, *pictures], '; type="text/html"')


def _picture(number: int, picture: Picture) -> EmailMessage:
    name = file_name(number)
    part = _part(f'image/jpeg; name="{name}"', "base64", _base64(picture.jpeg), f'inline; filename="{name}"')
    part["Content-ID"] = f"<{checked_content_id(picture)}>"
    return part


def file_name(number: int) -> str:
    """What a picture is called by programs that list it: no name of a person."""
    return f"photo-{number}.jpg"


def checked_content_id(picture: Picture) -> str:
    """The id without its brackets.

    Raises:
        BadAddress: when it could forge a header, or no program would find the picture by it.
    """
    if not _CONTENT_ID.fullmatch(picture.content_id):
        raise BadAddress("the id of a picture is not of the form left@right in small letters and digits")
    return picture.content_id


def _transfer(octets: bytes) -> tuple[str, str]:
    """The lightest encoding that survives every mail server, and the octets in it."""
    others = len(octets.translate(None, _ASCII))
    if not others and b"\0" not in octets and b"=_" not in octets and _lines_fit(octets):
        return "7bit", octets.decode("ascii")
    if others * 6 > len(octets):  # three signs for an octet in quoted-printable, four for three in base64
        return "base64", _base64(octets)
    return "quoted-printable", binascii.b2a_qp(octets, istext=True).decode("ascii")


def _lines_fit(octets: bytes) -> bool:
    return max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE


def _base64(octets: bytes) -> str:
    return base64.encodebytes(octets).decode("ascii").replace("\n", "\r\n")


def _calendar(invitation: Invitation) -> tuple[EmailMessage, EmailMessage]:
    """The part that mail programs show with buttons, and the attachment for those that do not (RFC 6047)."""
    method = checked_method(invitation)
    encoded = _base64(invitation.ics.encode("utf-8", "replace"))
    shown = _part(f"text/calendar; method={method}; charset=UTF-8", "base64", encoded)
    attached = _part('application/ics; name="invite.ics"', "base64", encoded, 'attachment; filename="invite.ics"')
    return shown, attached


def checked_method(invitation: Invitation) -> str:
    """The METHOD, which must be the same in the header and in the calendar (RFC 6047 section 2.4).

    Raises:
        BadAddress: when it is not.
    """
    method = invitation.method
    if not _METHOD.fullmatch(method) or f"\r\nMETHOD:{method}\r\n" not in invitation.ics:
        raise BadAddress("the invitation's method is not the METHOD of its calendar")
    return method


def _message_id(value: str) -> str:
    left, _, right = value.removeprefix("<").removesuffix(">").rpartition("@")
    bare = f"{left}@{_domain(right)}"
    if not _MESSAGE_ID.fullmatch(bare):
        raise BadAddress("the message id is not of the form left@right in plain ASCII")
    return f"<{bare}>"


def _domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress("the part after the @ is not a domain name") from error


def _own_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name) or RESERVED.fullmatch(name):
        raise BadAddress("a letter brings a header that is not its to set")
    return name


def _unfolded(name: str, value: str) -> str:
    refuse_header_injection(value, f"header {name}")
    return _folded(name, one_line(value)).replace("\r\n", "")


def _folded(name: str, value: str) -> str:
    if value.isascii() and len(name) + len(value) < SHORT:
        return value
    return Header(value, None if value.isascii() else _UTF8, header_name=name).encode(linesep="\r\n")
