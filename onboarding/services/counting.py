"""How often did something happen at a door? Counted in memory and written down now and then.

A stranger who knocks a thousand times a second must not make us write a thousand times.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from onboarding.domain.events import Tally
from onboarding.ports import Store

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)
"""How often counts are written; those of a process that is killed in between are lost."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What has been counted since it was last written, by (source, what happened). Safe for several threads."""

    _open: dict[tuple[str, str], Tally] = field(default_factory=dict)
    _due: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def add(self, source: str, what: str, now: datetime) -> None:
        """Count one."""
        with self._lock:
            before = self._open.get((source, what))
            count = before.count + 1 if before else 1
            self._open[source, what] = Tally(count=count, last_at=now)

    def write_if_due(self, store: Store, now: datetime) -> None:
        """Write what was counted, unless that was done within the last five seconds. Never raises."""
        with self._lock:
            if not self.are_due(now):
                return
            self._due = now + EVERY
        self.write(store)

    def are_due(self, now: datetime) -> bool:
        """Whether nothing was written within the last five seconds."""
        return self._due is None or not self._due - EVERY <= now < self._due

    def write(self, store: Store) -> None:
        """Write what was counted; kept for the next time when the store cannot take it. Never raises."""
        with self._lock:
            tallies, self._open = self._open, {}
        if not tallies:
            return
        try:
            with store.begin() as books:
                books.tallies.add(tallies)
        except Exception as error:  # noqa: BLE001 -- whatever it is, a count is no reason to refuse anybody
            log.warning("counts.not_written", extra={"why": type(error).__name__})
            with self._lock:
                for key, tally in tallies.items():
                    later = self._open.get(key)
                    count = tally.count + (later.count if later else 0)
                    self._open[key] = Tally(count=count, last_at=later.last_at if later else tally.last_at)
