"""How much may one caller send, and how often may one network ask?"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
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
class Places:
    """Room for a few large bodies at a time, fewer of one person than of all; and a turn for each of them.

    A place is taken before the body is read and kept until all is done, so that what lies in memory has an end. Of
    one person's only one waits for the turn with the others: who sends much is no sooner there. Nobody who waits
    keeps a thread from others. For one event loop: whoever waits is a coroutine.
    """

    most: int = 16
    most_each: int = 2
    _taken: Counter[str] = field(default_factory=Counter)
    _own: dict[str, asyncio.Lock] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @contextmanager
    def place(self, person: str) -> Iterator[None]:
        """Have a place until the end of the block.

        Raises:
            Crowded: at once, when all are taken, or as many as one person may have.
        """
        if self._taken.total() >= self.most or self._taken[person] >= self.most_each:
            raise Crowded("no place is left")
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
                self._own.pop(person, None)

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """Wait for the turn, and have it until the end of the block: for who has a place."""
        async with self._own.setdefault(person, asyncio.Lock()), self._turn:
            yield


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: one household or office has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
