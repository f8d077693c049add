"""How much may one caller send, and how often may one network ask?"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Lock

from fastapi import Request

from onboarding.domain.errors import OnboardingError, TooLarge, TooSlow

LARGEST_FORM = 256 * 1024
"""Bytes of a submitted form: ten long answers in a script that needs nine bytes a letter when escaped."""


BODY_SECONDS = 20.0
"""In which a whole body must be here: whoever sends a byte now and then would hold a place for ever."""


class TooMany(OnboardingError):
    """More requests than one network needs; trying again in a minute helps."""


class SlowForNow(TooSlow):
    """The same, where the sender repeats only what is answered with 5xx and drops everything else."""


class Crowded(OnboardingError):
    """So many wait already for what is done one after the other; trying again in a minute helps."""


async def read_body(request: Request, largest: int, *, seconds: float | None = None) -> bytes:
    """The raw bytes of a body, given up as soon as there are more than `largest`, or when they take too long.

    `seconds` is how long they may take where that is not `BODY_SECONDS`.

    Raises:
        TooLarge: announced by Content-Length, or found while reading.
        TooSlow: not all of it came in time.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 12 or int(announced) > largest):  # noqa: PLR2004 -- a terabyte
        raise TooLarge(f"the body has more than {largest} bytes")
    patience = BODY_SECONDS if seconds is None else seconds
    try:
        async with asyncio.timeout(patience):
            return await _read(request, largest)
    except TimeoutError as error:
        raise TooSlow(f"the body did not come within {patience:g} seconds") from error


async def _read(request: Request, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise TooLarge(f"the body has more than {largest} bytes")
        parts.append(part)
    return b"".join(parts)


@dataclass(slots=True, kw_only=True)
class Limiter:
    """A bucket of visits for each network: `burst` at once, then `per_second`; the oldest buckets are forgotten.

    Only who is let in takes from the bucket, so that a network that knocks too often is still let in as often as
    time brings. Seconds come from a monotonic clock: this measures a span and asks for no date.
    """

    burst: float = 60
    per_second: float = 1
    most: int = 4096
    seconds: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def admit(self, address: str) -> None:
        """Count one visit, if it may be.

        Raises:
            TooMany: the bucket of this network is empty; this visit is not counted.
        """
        network = network_of(address)
        now = self.seconds()
        with self._lock:
            left, since = self._buckets.pop(network, (self.burst, now))
            left = min(self.burst, left + (now - since) * self.per_second)
            self._buckets[network] = (left - 1 if left >= 1 else left, now)
            while len(self._buckets) > self.most:
                self._buckets.popitem(last=False)
        if left < 1:
            raise TooMany("too many visits from this network")


@dataclass(slots=True, kw_only=True)
class OneByOne:
    """A turn for each of the few who may wait; nobody who waits keeps a thread from others.

    For one event loop: whoever waits is a coroutine.
    """

    most_waiting: int = 8
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _here: int = 0

    def look(self) -> None:
        """Say at once that there is no room.

        Raises:
            Crowded: one has the turn and as many wait as may.
        """
        if self._here > self.most_waiting:
            raise Crowded("too many wait already")

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn, and have it until the end of the block. Raises Crowded."""
        self.look()
        self._here += 1
        try:
            async with self._turn:
                yield
        finally:
            self._here -= 1


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: one household or office has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
