"""How is what HR systems told us remembered?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from onboarding.domain.events import Event, EventState, Tally


class Events(Protocol):
    """HRIS events, recorded before they are obeyed; never deleted."""

    def record(self, event: Event) -> bool:
        """Store it; False (and nothing stored) when its source and delivery id are known."""

    def get(self, event_id: str) -> Event | None:
        """The event of that id."""

    def waiting(self, limit: int, now: datetime) -> list[Event]:
        """The oldest events in state recorded that are ready by `now`, by (received_at, id).

        One that was ready at once is ready whatever `now` says: the clock of the door may be ahead of ours.
        """

    def settle(self, event_id: str, *, state: EventState, reason: str, hire_id: str, now: datetime) -> None:
        """Say what became of it; `state=RECORDED` puts it back in the queue (a replay)."""

    def still_waiting(self, event_ids: Sequence[str]) -> set[str]:
        """Those of them that are recorded still, kept from other workers until the transaction ends."""

    def postpone(self, event_id: str, *, ready_at: datetime, reason: str) -> None:
        """Obey it later: one attempt more, and not before `ready_at`."""

    def next_ready(self) -> datetime | None:
        """The earliest moment at which a recorded event may be obeyed."""

    def oldest_waiting(self) -> dict[str, datetime]:
        """For each source with recorded events: since when the first of them waits.

        That is since it could be obeyed; since it was received when it was asked about in vain.
        """

    def requeue_early(self, hire_id: str) -> int:
        """Put the early events about a hire back into the queue; returns how many."""

    def find(
        self, *, source: str = "", state: EventState | None = None, begins: str = "", limit: int = 100
    ) -> list[Event]:
        """The newest events, newest first; `begins` is how their delivery ids begin."""

    def summary(self) -> dict[tuple[str, EventState], Tally]:
        """How many events of each source stand in each state, and when the newest of them was received."""


class Tallies(Protocol):
    """How often something happened at a door."""

    def add(self, tallies: Mapping[tuple[str, str], Tally]) -> None:
        """Add counts, by (source, what happened); the newest moment stays."""

    def all(self) -> dict[tuple[str, str], Tally]:
        """Every count, by (source, what happened)."""
