"""What does a declaration say of a system? Frozen values, read by `file`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onboarding.adapters.sources.declared.paths import HEADER, Spot, Steps
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain.events import Told

Spots = tuple[Spot, ...]
"""Several paths for one value: the first that holds something counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """How a sender proves who it is: by a signature, or by showing the secret in a header, or in the address."""

    kind: str
    signature: Signature | None = None
    header: str = "authorization"
    prefix: str = "Bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What a name means: `told` maps names in small letters; None is "nothing to do"."""

    told: Mapping[str, Told | None] = field(default_factory=dict)
    otherwise: Told | None = None

    def of(self, name: str) -> Told | None:
        """What this name means; letter case and space around it do not count."""
        return self.told.get(name.strip().casefold(), self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """Where a message says what happened, to whom and when."""

    name: Spots = ()
    meanings: Meanings
    external_id: Spots
    about: Spots = ()
    at: Spots = ()
    delivery_id: Spots = ()
    batch: Steps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a record says how somebody stands; `as_told` leaves values that are not listed to the event's name."""

    field: Spots
    meanings: Meanings
    as_told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """How dates and moments are written; `zone` is whose day counts where a date comes as a moment."""

    start_date: str = "iso"
    at: str = "iso"
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """Which unsigned messages are answered: by a header's echo, a field's echo, or with nothing."""

    header: str = ""
    field: Spots = ()
    bodies: tuple[str, ...] = ()


Part = str | Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with spots in it."""

    parts: tuple[Part, ...]

    @property
    def spots(self) -> Iterator[Spot]:
        """The spots in it."""
        return (part for part in self.parts if isinstance(part, Spot))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A question back to the system: `base` and `path` of its address, and where the record lies in the answer.

    `body` is a tree whose texts are templates; a fixed value is kept as it is.
    """

    name: str
    base: Template
    path: Template
    params: tuple[tuple[str, Template], ...] = ()
    method: str = "GET"
    body: Any = None
    auth: str = "bearer"
    header: str = "authorization"
    prefix: str = ""
    headers: Mapping[str, Template] = field(default_factory=dict)
    record: Steps = ()
    lag: timedelta = timedelta()

    @property
    def spots(self) -> Iterator[Spot]:
        """Every spot that the question is made of."""
        for template in (self.base, self.path, *(one for _, one in self.params), *self.headers.values()):
            yield from template.spots
        yield from spots_of(self.body)


def spots_of(tree: Any) -> Iterator[Spot]:
    """The spots in a tree of templates."""
    if isinstance(tree, Template):
        yield from tree.spots
    elif isinstance(tree, Mapping):
        for inner in tree.values():
            yield from spots_of(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from spots_of(inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One system, as `sources.toml` declares it."""

    name: str
    body: str = "json"
    authentication: Authentication
    event: EventWords
    status: Status | None = None
    person: Mapping[str, Spots] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: Dates = Dates()
    handshake: Handshake = Handshake()
    fetches: tuple[Fetch, ...] = ()

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Every spot that understanding a message looks at: what may be kept of it."""
        event = self.event
        named = [*event.name, *event.external_id, *event.about, *event.at, *event.delivery_id]
        named += self.status.field if self.status else ()
        named += [spot for spots in self.person.values() for spot in spots]
        named += [spot for fetch in self.fetches for spot in fetch.spots]
        return tuple(dict.fromkeys(named))

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that understanding a message looks at."""
        return tuple(str(spot.steps[0]) for spot in self.spots if spot.origin == HEADER)

    @property
    def lag(self) -> timedelta:
        """How long after a message the system's own answers may be old."""
        return max((fetch.lag for fetch in self.fetches), default=timedelta())
