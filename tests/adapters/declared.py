"""Declared sources for tests: made from text, with events about people who do not exist."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from onboarding.adapters.sources.declared.file import read_sources
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.adapters.sources.places import Places
from onboarding.domain.events import Event, Fact, Unfit

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECRET = "a-secret-of-ours"
PLACES = Places(offices={"Nairobi Hub": "Africa/Nairobi", "Lisboa": "Europe/Lisbon"})


def source(text: str, account: Mapping[str, str] | None = None, secret: str = SECRET) -> DeclaredSource:
    """The only source of a text."""
    ((name, declaration),) = read_sources(text).items()
    return DeclaredSource(name, declaration, [secret], account or {}, PLACES)


def event(kept: str, received_at: datetime = NOW) -> Event:
    """An event of which this was kept."""
    return Event(id="e1", source="any", delivery_id="d1", body=kept, received_at=received_at, ready_at=received_at)


def understood(
    of: DeclaredSource, tree: object, headers: Mapping[str, str] | None = None, now: datetime = NOW
) -> list[Fact | Unfit] | str:
    """What a message means: kept, then understood, as the engine does it."""
    body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return of.understand(event(of.keep(headers or {}, body)), now)


def fact(of: DeclaredSource, tree: object, headers: Mapping[str, str] | None = None, now: datetime = NOW) -> Fact:
    """The only fact of a message."""
    found = understood(of, tree, headers, now)
    assert isinstance(found, list), found
    (one,) = found
    assert isinstance(one, Fact), one
    return one
