"""How are many messages written down at once? Whoever gets the writer's place takes along all who wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Event
from onboarding.ports import Store

PATIENCE = 2.0
"""Seconds that a message may wait for other writers: Personio gives us three for the whole answer, and repeats
what was answered with 503."""

LEAST = 0.05
"""Seconds of patience that are left for the database however long the turn took."""


@dataclass(slots=True, kw_only=True)
class _Waiting:
    event: Event
    done: bool = False
    new: bool = False
    error: Exception | None = None


@dataclass(slots=True, kw_only=True)
class Recorder:
    """Writes events of many threads; each is answered after the commit of its own.

    A database commits a few hundred times a second, and beside somebody else who writes it gives a turn now and
    then. So the events that arrive meanwhile share one transaction; when one of them breaks it, each is written
    alone.
    """

    _arrived: list[_Waiting] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _turn: Lock = field(default_factory=Lock)

    def record(self, store: Store, event: Event) -> bool:
        """Store an event for good; False when its source and delivery id were known.

        Raises:
            Unavailable: the database gave no turn in time. The event may still be recorded, and its repetition is
                harmless.
        """
        end = monotonic() + PATIENCE
        mine = _Waiting(event=event)
        with self._lock:
            self._arrived.append(mine)
        if not self._turn.acquire(timeout=PATIENCE):
            raise Unavailable("other messages hold the database")
        try:
            if not mine.done:
                _write(store, self._take(), end)
        finally:
            self._turn.release()
        if mine.error is not None:
            raise mine.error
        return mine.new

    def _take(self) -> list[_Waiting]:
        with self._lock:
            taken, self._arrived = self._arrived, []
        return taken


def _write(store: Store, waiting: Sequence[_Waiting], end: float) -> None:
    try:
        with store.begin(within=max(end - monotonic(), LEAST)) as books:
            news = [books.events.record(one.event) for one in waiting]
    except Exception as error:  # noqa: BLE001 -- each thread raises what became of its own
        if len(waiting) > 1 and not isinstance(error, Unavailable):
            for one in waiting:
                _write(store, [one], end)
            return
        for one in waiting:
            one.done, one.error = True, error
    else:
        for one, new in zip(waiting, news, strict=True):
            one.done, one.new = True, new
