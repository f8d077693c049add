"""What is a meeting, and where does it stand?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    EXCHANGED = "exchanged"  # no hour in common: they write to each other instead (`exchange.py`)
    ENDED = "ended"  # an exchange that was given up: an hour was found, or somebody is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A slot between people; times are UTC. Those of an exchange say when it was begun, and when its forms close.

    `uid`, `sequence` and `organizer` are stored before any invitation leaves (RFC 5546 section 3.2.2): a retry
    repeats the same sequence and `stamped_at` (DTSTAMP). `moved_from` is the start before the last move.
    """

    id: str
    hire_id: str
    step: str
    occasion: str
    people: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    state: MeetingState = MeetingState.PLANNED
    uid: str
    sequence: int = 0
    organizer: str
    stamped_at: datetime
    moved_from: datetime | None = None
    icebreaker: int = 0


class PairingState(StrEnum):
    """Where a pairing stands."""

    PROVISIONAL = "provisional"  # chosen, not announced: may still change
    ANNOUNCED = "announced"  # told to people: stays
    DECLINED = "declined"  # the person said no
    SILENT = "silent"  # was asked and did not answer in time; somebody else was chosen
    SWAPPED = "swapped"  # a human chose somebody else; never chosen again for this hire
    REPLACED = "replaced"  # never told: somebody else suited better, or was needed more here
    ENDED = "ended"  # left, or cannot have the role any more


TOLD = frozenset({PairingState.DECLINED, PairingState.SILENT, PairingState.SWAPPED, PairingState.ENDED})
"""States of those who had a role, or may have heard of it, before somebody took their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A person chosen for a role, with the reasons in one sentence and the next best three."""

    hire_id: str
    role: str
    occasion: str
    person_id: str
    state: PairingState
    reasons: str
    alternatives: tuple[str, ...] = ()
    made_at: datetime
