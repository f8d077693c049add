"""What did an HR system tell us, and what became of it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from onboarding.domain.people import Person


class EventState(StrEnum):
    """Where a recorded event stands."""

    RECORDED = "recorded"  # waits to be obeyed
    OBEYED = "obeyed"  # its facts are in the directory and the plan
    IGNORED = "ignored"  # understood, and nothing to do
    REVIEW = "review"  # cannot be understood: a human looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A verified message of a source, exactly as it came; `delivery_id` is unique within its source."""

    id: str
    source: str
    delivery_id: str
    body: str
    received_at: datetime
    state: EventState = EventState.RECORDED
    reason: str = ""
    hire_id: str = ""
    settled_at: datetime | None = None


class Told(StrEnum):
    """What an event says."""

    CREATED = "hire.created"
    UPDATED = "hire.updated"
    WITHDRAWN = "hire.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing a source says of one hire, in our words.

    `person` holds the record for created and updated; `given` names the fields that the source really gave
    (an update leaves the others as they are). `first_day` is set where only the start date changed.
    `at` is when the source says it happened (UTC), or when we received it.
    """

    told: Told
    external_id: str
    hire_id: str
    at: datetime
    person: Person | None = None
    given: frozenset[str] = frozenset()
    first_day: date | None = None
