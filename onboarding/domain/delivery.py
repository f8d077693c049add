"""What is a delivery, which states can it be in, and which moves between them are legal?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onboarding.domain.errors import IllegalMove


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"  # waits for its moment
    CLAIMED = "claimed"  # one worker has taken it; nothing has left yet
    SENDING = "sending"  # committed before the request leaves
    SENT = "sent"  # the mail service took it
    DELIVERED = "delivered"  # the recipient's server took it
    BOUNCED = "bounced"  # the recipient's server refused it
    DONE = "done"  # a step without a message did its work
    SKIPPED = "skipped"  # will not be sent, and the reason says why
    WITHDRAWN = "withdrawn"  # no longer part of the plan
    FAILED = "failed"  # refused for good; a human decides
    UNKNOWN = "unknown"  # may or may not have left; a human or the service's own events decide


MOVES: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.CLAIMED, State.SKIPPED, State.WITHDRAWN, State.FAILED}),
    State.CLAIMED: frozenset(
        {State.PLANNED, State.SENDING, State.DONE, State.SKIPPED, State.WITHDRAWN, State.FAILED}
    ),
    State.SENDING: frozenset({State.SENT, State.PLANNED, State.FAILED, State.UNKNOWN}),
    State.SENT: frozenset({State.DELIVERED, State.BOUNCED}),
    State.DELIVERED: frozenset({State.BOUNCED}),
    State.BOUNCED: frozenset(),
    State.DONE: frozenset({State.PLANNED}),
    State.SKIPPED: frozenset({State.PLANNED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset({State.PLANNED, State.SKIPPED}),
    State.FAILED: frozenset({State.PLANNED, State.SKIPPED, State.WITHDRAWN}),
    State.UNKNOWN: frozenset({State.SENT, State.DELIVERED, State.BOUNCED, State.FAILED, State.PLANNED}),
}
"""Every legal move. `unknown -> planned` is made by a human only, never by a machine."""

UNSENT = frozenset({State.PLANNED, State.CLAIMED})
"""States in which a delivery can still be moved or ended by a change of facts."""

GONE = frozenset({State.SENDING, State.SENT, State.DELIVERED, State.BOUNCED, State.UNKNOWN})
"""States in which a message may have left: never planned again by a change of facts."""


class Why(StrEnum):
    """The kinds of reason; the sentence beside it is for people, the code for counting."""

    NONE = ""
    TOO_LATE = "too_late"  # later than the step's grace
    CONDITION = "condition"  # the step's `only_if` does not hold
    NOBODY = "nobody"  # the role has no person
    NO_ADDRESS = "no_address"  # the person has no address to write to
    NO_SLOT = "no_slot"  # no hour that suits everybody
    NO_NOTES = "no_notes"  # nobody wrote a note
    EXCHANGED = "exchanged"  # no hour in common: they write to each other instead
    ANSWERED = "answered"  # a reminder that is not needed any more
    NO_MEETING = "no_meeting"  # the meeting it follows did not come about
    NOTHING_TO_TELL = "nothing_to_tell"  # a watch that found all well
    MET = "met"  # an idea for two people who met a moment ago
    BY_HAND = "by_hand"  # a person decided it
    OPTED_OUT = "opted_out"  # the recipient asked not to get these
    WORDS = "words"  # the template does not render
    REFUSED = "refused"  # the mail service said no
    CRASHED = "crashed"  # the worker ended between sending and sent
    SILENT = "silent"  # asked in vain, and nobody else could be asked
    PLAN = "plan"  # the plan changed: start date, people, journey
    LEFT = "left"  # the hire was withdrawn, or the person left


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A delivery as planning wants it; `due_at` and `grace_until` are UTC.

    `why` is empty when it is to be sent, and the kind of reason when it will not be: then `reason` says it.
    """

    hire_id: str
    step: str
    verb: str
    role: str
    person_id: str
    occasion: str
    due_at: datetime
    grace_until: datetime
    why: Why = Why.NONE
    reason: str = ""

    def __post_init__(self) -> None:
        for moment in (self.due_at, self.grace_until):
            if moment.tzinfo is None:
                raise ValueError(f"a moment without a zone in {self.key}")

    @property
    def key(self) -> str:
        """The unique name: `hire/step/role/person/occasion`."""
        return f"{self.hire_id}/{self.step}/{self.role}/{self.person_id}/{self.occasion}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Planned):
    """One message to one person for one step and occasion, as the ledger knows it.

    `number` is a short id for logs, mail headers and Prefect. `claim` names the worker's claim while claimed
    or sending. `pinned` is true when a human moved it: later plans leave its moment alone.
    `message_id` and `provider_id` are what the mail service knows it by.
    """

    number: int
    state: State
    attempts: int = 0
    claim: str = ""
    claimed_at: datetime | None = None
    pinned: bool = False
    settled_at: datetime | None = None
    provider_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How many deliveries about a hire ended in the same way.

    `in_time` says that they were settled before their grace was over.
    """

    hire_id: str
    state: State
    why: Why
    in_time: bool
    deliveries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One move in a delivery's history; `at` is UTC."""

    key: str
    at: datetime
    before: str
    after: State
    reason: str


def check_move(key: str, before: State, after: State) -> None:
    """Refuse a move that the table does not allow.

    Raises:
        IllegalMove: with both states.
    """
    if after not in MOVES[before]:
        raise IllegalMove(f"{key} cannot go from {before} to {after}")
