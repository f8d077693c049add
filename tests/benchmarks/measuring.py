"""What is a measure, and how is a table of them printed?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Ours beside the floor, measured in the same run; `ratio` is value / floor."""

    name: str
    size: int
    value: float
    unit: str
    floor: float
    ratio: float


def timed(work: Callable[[], object]) -> float:
    """The seconds that something takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def rate(name: str, size: int, ours: float, floor: float, unit: str) -> Measure:
    """Things a second from two times in seconds; a ratio of 1 is as fast as the floor, 0.5 half as fast."""
    return Measure(
        name=name,
        size=size,
        value=round(size / ours, 1),
        unit=unit,
        floor=round(size / floor, 1),
        ratio=round(floor / ours, 3),
    )


def duration(name: str, size: int, ours: float, floor: float) -> Measure:
    """Milliseconds from two times in seconds; a ratio of 2 takes twice as long as the floor."""
    return Measure(
        name=name,
        size=size,
        value=round(ours * 1000, 3),
        unit="ms",
        floor=round(floor * 1000, 3),
        ratio=round(ours / floor, 3),
    )
