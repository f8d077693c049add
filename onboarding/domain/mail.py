"""What goes into a mail, and what can a mail service answer?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from onboarding.domain.errors import BadAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox; `name` may be "". Refuses whatever could inject a header.

    Raises:
        BadAddress: on line breaks, NUL, encoded words in the name, a non-ASCII local part, or no address at all.
    """

    email: str
    name: str = ""

    def __post_init__(self) -> None:
        refuse_header_injection(self.email, "address")
        refuse_header_injection(self.name, "display name")
        local, at, domain = self.email.rpartition("@")
        if not (local and at and domain) or any(character in self.email for character in ' ,;<>"\\()[]:'):
            raise BadAddress("this is not an e-mail address that can be written to")
        if not local.isascii():
            raise BadAddress("the part before the @ must be plain ASCII letters, digits and signs")


def refuse_header_injection(value: str, what: str) -> None:
    """Refuse CR, LF, NUL and `=?` (Python before 3.12.5 turns an encoded line break into a header, CVE-2024-6923).

    Raises:
        BadAddress: naming `what`, never the value.
    """
    if any(sign in value for sign in ("\r", "\n", "\0", "=?")):
        raise BadAddress(f"the {what} holds a line break or an encoded word, which could forge a header")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The calendar part of a mail: `ics` with CRLF line ends, and its METHOD (REQUEST or CANCEL)."""

    ics: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG inside of a mail, which its HTML shows as `cid:<content_id>` (RFC 2392): nobody is asked for it."""

    content_id: str
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person, rendered, ready for any mailer.

    `message_id` is made from the delivery's key and stays the same on a retry. `number` is the delivery's
    number: the only id that leaves the house. `unsubscribe_url` is set for optional streams (RFC 8058).
    """

    number: int
    message_id: str
    sender: Address
    to: Address
    subject: str
    html: str
    text: str
    date: datetime
    reply_to: Address | None = None
    invitation: Invitation | None = None
    unsubscribe_url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()

    def __post_init__(self) -> None:
        refuse_header_injection(self.subject, "subject")


class NewsKind(StrEnum):
    """What a mail service tells later about a letter that it took."""

    TAKEN = "taken"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that a mail service tells later; `number` is the delivery's, `reason` holds no personal data."""

    number: int
    kind: NewsKind
    reason: str = ""


class OutcomeKind(StrEnum):
    """What a mail service can answer."""

    SENT = "sent"
    REFUSED_FOR_NOW = "refused for now"
    REFUSED = "refused for good"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one letter.

    `reason` is one sentence without names or addresses. `provider_id` is the service's own id when it gave one.
    `retry_at` is set when the service said when to come back (UTC).
    """

    kind: OutcomeKind
    reason: str = ""
    provider_id: str = ""
    retry_at: datetime | None = None
