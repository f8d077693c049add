"""At which quarters of an hour may a meeting begin?

Every quarter between two moments is one bit of a whole number, the first quarter the lowest. What suits everybody
is then the intersection of a few numbers, however many people and appointments there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

GRID = timedelta(minutes=15)
"""Every zone in use today lies a multiple of 15 minutes from UTC, so this grid is a grid on everybody's clock."""

SECONDS_OF_A_QUARTER = 15 * 60
SECONDS_OF_A_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters:
    """The quarters of an hour at which a meeting of that length may begin; number 0 is at `origin` (UTC)."""

    origin: datetime
    length: timedelta
    count: int

    @staticmethod
    def between(earliest: datetime, latest: datetime, length: timedelta) -> Quarters:
        """Those from `earliest` on whose meeting is over by `latest`."""
        start = earliest.astimezone(UTC)
        origin = start + (datetime.min.replace(tzinfo=UTC) - start) % GRID
        return Quarters(origin=origin, length=length, count=max(0, _whole(latest - length - origin) + 1))

    def at(self, number: int) -> datetime:
        """The moment (UTC) of a quarter."""
        return self.origin + number * GRID

    def inside(self, start: datetime, end: datetime) -> range:
        """The quarters whose meeting lies between two moments."""
        first, after = -_whole(self.origin - start), _whole(end - self.length - self.origin) + 1
        return range(max(0, first), min(self.count, after))

    def touching(self, start: datetime, end: datetime) -> range:
        """The quarters whose meeting would overlap that time; none where it has no length."""
        if start >= end:
            return range(0)
        first, after = _whole(start - self.length - self.origin) + 1, -_whole(self.origin - end)
        return range(max(0, first), min(self.count, after))


def bits(numbers: range) -> int:
    """The quarters of a range as bits."""
    return ((1 << len(numbers)) - 1) << numbers.start if numbers else 0


def numbers(of: int) -> list[int]:
    """The places of the bits that are set, in order."""
    return [place for place, digit in enumerate(reversed(bin(of))) if digit == "1"]


def _whole(span: timedelta) -> int:
    """Whole quarters in a span, rounded down; microseconds cannot change that, and `//` takes thrice as long."""
    return (span.days * SECONDS_OF_A_DAY + span.seconds) // SECONDS_OF_A_QUARTER
