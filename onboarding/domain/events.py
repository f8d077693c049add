"""What did an HR system tell us, and what became of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from onboarding.domain.people import Person


class EventState(StrEnum):
    """Where a recorded event stands."""

    RECORDED = "recorded"  # waits to be obeyed
    OBEYED = "obeyed"  # its facts are in the directory and the plan
    IGNORED = "ignored"  # understood, and nothing to do
    EARLY = "early"  # about a hire of whom nobody has told us; obeyed as soon as somebody does
    REVIEW = "review"  # cannot be understood or obeyed: a human looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A verified message of a source; `delivery_id` is unique within its source.

    `body` holds only what the source may keep of the message; `digest` is the SHA-256 of all its bytes, in hex.
    `ready_at` is when it may be obeyed: the moment of receipt, or later where the source's own answers lag behind
    its messages, or after a neighbour did not answer (`attempts` counts those).
    """

    id: str
    source: str
    delivery_id: str
    body: str
    digest: str = ""
    received_at: datetime
    ready_at: datetime
    attempts: int = 0
    state: EventState = EventState.RECORDED
    reason: str = ""
    hire_id: str = ""
    settled_at: datetime | None = None


class Told(StrEnum):
    """What an event says."""

    CREATED = "hire.created"  # a hire with all that is known: fields that are not given are empty
    UPDATED = "hire.updated"  # only what is given changes
    WITHDRAWN = "hire.withdrawn"  # will not come, or has left
    KNOWN = "person.known"  # how somebody stands in the HR system now: a newcomer, or a colleague


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing a source says of one person, in our words.

    `external_id` is what the source calls the person; `hire_id` what we call somebody whom nobody has told us of
    before. `person` holds the record for created, updated and known; `given` names the fields that the source
    really gave (an update leaves the others as they are). `first_day` is set where only the start date changed.
    `manager` is what the source calls the manager. `about` names what a hire hangs on where there can be several
    (an offer): a withdrawal that names another one does not count. `rank` orders facts about the start date where
    the source counts its versions: the higher one counts, whichever came first; 0 means that it does not. `at` is
    when the source says it happened (UTC), or when we received it or asked.
    """

    told: Told
    external_id: str
    hire_id: str
    at: datetime
    person: Person | None = None
    given: frozenset[str] = frozenset()
    first_day: date | None = None
    manager: str = ""
    about: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A part of a message that cannot be understood, and why, in sentences that name no person and no value."""

    mistakes: tuple[str, ...]
    external_id: str = ""


Understood = list[Fact | Unfit] | str
"""The facts of a message, its parts that do not fit among them; or why there is nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """The answer to a handshake: it proves nothing about the sender, so nothing is recorded or changed."""

    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Under which name a source knows one of our people.

    `told` maps a field, or `state`, to the moment (UTC) of the newest fact about it from this source: older facts
    that arrive later do not count; `domain.telling` has further keys. `about` and `rank` are those of the newest
    fact, as in `Fact`.
    """

    source: str
    external_id: str
    person_id: str
    about: str = ""
    rank: int = 0
    told: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often something happened, and when last (UTC)."""

    count: int
    last_at: datetime
