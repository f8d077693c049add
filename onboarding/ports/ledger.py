"""How are deliveries remembered?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from onboarding.domain.delivery import Delivery, Ended, Planned, State, Transition, Why


class Deliveries(Protocol):
    """The ledger: deliveries and every transition, never deleted.

    A move that `domain.delivery.MOVES` does not allow raises IllegalMove. Every insert and every change of state
    or moment writes one transition.
    """

    def plan(self, planned: Sequence[Planned], now: datetime) -> None:
        """Insert new deliveries: `planned`, or `skipped` when they carry a `why`. Known keys are left alone."""

    def get(self, key: str) -> Delivery | None:
        """The delivery of that key."""

    def by_number(self, number: int) -> Delivery | None:
        """The delivery of that number."""

    def of_hire(self, hire_id: str) -> list[Delivery]:
        """All deliveries of a hire by (due_at, number)."""

    def history(self, key: str) -> list[Transition]:
        """What happened to it, oldest first."""

    def remark(self, key: str, reason: str, now: datetime) -> None:
        """Write something around it into its history; neither its state nor its reason changes."""

    def reschedule(self, key: str, *, due_at: datetime, grace_until: datetime, reason: str, now: datetime) -> None:
        """Give a planned delivery another moment (its state stays planned)."""

    def move(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        expect: State | None = None,
    ) -> bool:
        """Change its state; False when it is not in `expect` any more (nothing changed)."""

    def revive(self, planned: Planned, now: datetime, reason: str) -> None:
        """Put a skipped, withdrawn, failed, done or unknown one back to planned, with the moments of `planned`."""

    def pin(self, key: str) -> None:
        """Mark that a human decided its moment: later plans leave it alone."""

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Planned deliveries whose `due_at` has come, by (due_at, number); looks only."""

    def claim(self, now: datetime, *, claim: str, limit: int) -> list[Delivery]:
        """Take what is due, by (due_at, number): claimed, with `claim` and `claimed_at`; nobody else gets it."""

    def start_sending(self, key: str, *, claim: str, now: datetime) -> bool:
        """From claimed to sending if `claim` still holds it, else False. Commit it before the request leaves."""

    def settle(
        self,
        key: str,
        state: State,
        *,
        now: datetime,
        reason: str = "",
        why: Why = Why.NONE,
        provider_id: str = "",
    ) -> None:
        """Record how a claimed or sending delivery ended (sent, done, skipped, failed, unknown)."""

    def retry(self, key: str, *, due_at: datetime, now: datetime, reason: str) -> None:
        """Back to planned at another moment, `attempts` + 1: a refusal that can heal."""

    def stale(self, before: datetime) -> list[Delivery]:
        """Deliveries claimed or sending whose claim is older than `before`."""

    def due_moments(self, start: datetime, end: datetime) -> list[datetime]:
        """The distinct `due_at` of planned deliveries in start <= due_at < end, ascending."""

    def next_due(self) -> datetime | None:
        """The earliest `due_at` of all planned deliveries."""

    def in_states(self, states: Iterable[State], limit: int = 1000) -> list[Delivery]:
        """Deliveries in these states, newest change first."""

    def for_nobody(self, since: date) -> list[Delivery]:
        """What was skipped because nobody has its role, for active hires with a first day from `since` on.

        By (hire_id, due_at, number).
        """

    def meetings_due(self, start: datetime, end: datetime, since: date) -> list[Delivery]:
        """The deliveries of the verb `meet` with start <= due_at < end, whatever became of them.

        For active hires with a first day from `since` on, by (hire_id, due_at, number).
        """

    def ends_of_cohort(self, first: date | None, last: date | None) -> list[Ended]:
        """How the deliveries about each active hire with a first day in first..last ended.

        By (hire_id, state, why, in_time). What is planned, under way or withdrawn is left out. Both bounds are
        inclusive, None leaves one open.
        """

    def counts(self) -> dict[State, int]:
        """How many deliveries stand in each state."""
