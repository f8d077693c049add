"""How are messages that arrived together written down? In one transaction, and each is told what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Event
from onboarding.ports import Store

PATIENCE = 2.0
"""Seconds that a message may wait for other writers: Personio gives us three for the whole answer, and repeats
what was answered with 503."""

LEAST = 0.05
"""Seconds of patience that are left for the database however long a message has waited before."""


def record_all(store: Store, events: Sequence[Event], *, waited: float = 0) -> list[bool | Exception]:
    """For each event, whether it is new (False: its source and delivery id were known), or why it is not stored.

    A database commits a few hundred times a second, so they share one transaction; when one of them breaks it,
    each is written alone. `waited` is for how many seconds the first of them has waited already. After Unavailable
    an event may still be recorded, and its repetition is harmless.
    """
    return _record(store, events, monotonic() + PATIENCE - waited)


def _record(store: Store, events: Sequence[Event], end: float) -> list[bool | Exception]:
    try:
        with store.begin(within=max(end - monotonic(), LEAST)) as books:
            news: list[bool | Exception] = [books.events.record(one) for one in events]
    except Unavailable as error:
        return [error] * len(events)
    except Exception as error:  # noqa: BLE001 -- whoever sent it is told
        if len(events) == 1:
            return [error]
        return [_record(store, [one], end)[0] for one in events]
    return news
