"""How do mails come back, and how is remembered what became of them?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from onboarding.domain.events import Tally
from onboarding.domain.mail_replies import Door, MailReply, ReplyState


class ReplyBook(Protocol):
    """What became of mails that came back; never deleted."""

    def record(self, reply: MailReply) -> bool:
        """Store it; False (and nothing stored) when its digest is known."""

    def get(self, digest: str) -> MailReply | None:
        """What became of the mail of that digest."""

    def newest_taken(self, meeting_id: str, person_id: str) -> MailReply | None:
        """The last answer of this person to this meeting that was taken, by (received_at, stamped_at)."""

    def find(self, *, states: Collection[ReplyState] = (), limit: int = 100) -> list[MailReply]:
        """The newest, newest first; in any of these states, or in any state when none is named."""

    def summary(self) -> dict[tuple[Door, ReplyState], Tally]:
        """How many came through each door with which end, and when the newest of them came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A mail that a mail service handed over; `doubt` says in one sentence why it may not be from its sender."""

    raw: bytes = field(repr=False)
    doubt: str = ""


class ReplyDoor(Protocol):
    """A mail service that hands over what comes in."""

    def admit(self, path: str) -> int:
        """How many bytes a body may have; `path` is the secret end of the address.

        Raises:
            NotFound: the address ends in another secret.
        """

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        """The mail in a message; `headers` have lower-case names.

        Raises:
            BadSignature: not signed by the service, where a key is set.
            BadRecord: no mail is in it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A mail in a mailbox; `raw` is its beginning when it is longer than asked for, `key` its name there."""

    key: str
    raw: bytes = field(repr=False)


class Mailbox(Protocol):
    """A mailbox that is looked into. Nothing is ever deleted from it."""

    def unread(self, *, limit: int, largest: int) -> list[Unread]:
        """Up to `limit` mails that nobody has read or flagged, oldest first, each cut after `largest` bytes.

        Looking changes nothing: a mail that is not marked afterwards is found again.

        Raises:
            Unavailable: the mailbox does not answer, or does not let us in.
        """

    def mark_read(self, key: str) -> None:
        """Say that nobody needs to look at it. One that has gone meanwhile is no mistake.

        Raises:
            Unavailable: as `unread`.
        """

    def flag(self, key: str) -> None:
        """Leave it unread, with a flag: it is for a human. One that has gone meanwhile is no mistake.

        Raises:
            Unavailable: as `unread`.
        """

    def close(self) -> None:
        """Give the connection back; the next look opens it again."""
