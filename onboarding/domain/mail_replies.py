"""What became of a mail that came back? Remembered without its text and without an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Door(StrEnum):
    """Where mails come in."""

    INBOUND = "inbound"  # SendGrid's Inbound Parse
    MAILBOX = "mailbox"  # a mailbox that is looked into


class ReplyState(StrEnum):
    """What became of a mail."""

    TAKEN = "taken"  # it answered an invitation, and the answer counts
    IGNORED = "ignored"  # nothing follows from it, and nobody needs to look
    PASSED_ON = "passed_on"  # only a human understands it, and it lies before one
    REFUSED = "refused"  # it is not what it says it is, or cannot be read


FOR_A_HUMAN = frozenset({ReplyState.PASSED_ON, ReplyState.REFUSED})
"""In a mailbox these stay unread, with a flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReply:
    """One mail that came back; `digest` is the SHA-256 of what came.

    `stamped_at` (UTC) is the DTSTAMP of an answer that was taken, not later than it came. `reason` is one sentence
    without names. `meeting_id` and `person_id` are "" when unknown.
    """

    digest: str
    received_at: datetime
    door: Door
    state: ReplyState
    reason: str
    meeting_id: str = ""
    person_id: str = ""
    stamped_at: datetime | None = None
