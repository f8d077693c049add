"""What is a meeting, and where does it stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    EXCHANGED = "exchanged"  # no hour in common: they write to each other instead (`exchange.py`)
    ENDED = "ended"  # an exchange that was given up: an hour was found, or somebody is not there any more


WITHOUT_A_TIME = frozenset({MeetingState.EXCHANGED, MeetingState.ENDED})
"""States of an exchange of written answers: no calendar shows it, and no human moves it."""


class Chosen(StrEnum):
    """Who chose the time of a meeting."""

    ENGINE = "engine"  # we did: it lies where its step wants it
    PEOPLE = "people"  # those who meet: it may lie later than its step wants it
    HUMAN = "human"  # somebody at HR: it may also lie outside of working hours


class Hold(StrEnum):
    """Why a meeting is left to a human."""

    NONE = ""
    STUCK = "stuck"  # those who meet found no time
    BY_HAND = "by_hand"  # a human called it off


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A slot between people; times are UTC. Those of an exchange say when it was begun, and when its forms close.

    `uid`, `sequence` and `organizer` are stored before any invitation leaves (RFC 5546 section 3.2.2): a retry
    repeats the same sequence and `stamped_at` (DTSTAMP). `moved_from` is the start before the last move.

    `moves` counts how often it moved because somebody who meets asked for it, since a human last decided. With a
    `hold` no machine takes it up again; `held_at` says since when, `held_because` what a human said of it.
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
    chosen: Chosen = Chosen.ENGINE
    moves: int = 0
    hold: Hold = Hold.NONE
    held_at: datetime | None = None
    held_because: str = ""


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


def meeting_of(meetings: Sequence[Meeting], step: str, occasion: str) -> Meeting | None:
    """The meeting of a step on an occasion that still stands."""
    for meeting in meetings:
        if (meeting.step, meeting.occasion, meeting.state) == (step, occasion, MeetingState.PLANNED):
            return meeting
    return None
