"""How unkind is an hour to one person?

Flat in the middle of the day, steep at its edges, and dear at lunch and beside days off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

MINUTES_OF_A_QUARTER = 15
MINUTES_OF_A_DAY = 24 * 60

ROOM = 60  # minutes from either end of the hours that feel like the middle of the day
EDGE = 10.0  # the very edge of the hours; falls with the square of the distance
OVER_LUNCH = 8.0  # a meeting wholly inside lunch
EARLY = 90  # minutes after the start that still are early after days off
AFTER_DAYS_OFF = 6.0  # early Monday
BEFORE_DAYS_OFF = 6.0  # Friday afternoon
MAYBE_TAKEN = 12.0  # over something that is not certain yet: a little worse than the edge of anybody's day
LATER_DAY = 0.4  # for each day of waiting
SECOND_MEETING = 100_000.0  # more than all others together: only where there is no other day
FOR_THE_HIRE = 2.0  # the newcomer's discomfort counts double
IN_TURN = 8.0  # that of whoever bent more than the others lately counts up to so many times


@dataclass(frozen=True, slots=True)
class Day:
    """A working day as it feels: its hours and lunch in local minutes, and whether the days beside it are off."""

    hours: tuple[int, int]
    lunch: tuple[int, int]
    after_off: bool
    before_off: bool


def discomfort(begins: int, minutes: int, day: Day) -> float:
    """What a meeting costs somebody that begins at that local minute."""
    start, end = day.hours
    ends = begins + minutes
    cost = EDGE * steepness(begins, minutes, day.hours)
    cost += OVER_LUNCH * max(0, min(ends, day.lunch[1]) - max(begins, day.lunch[0])) / minutes
    if day.after_off and begins < start + EARLY:
        cost += AFTER_DAYS_OFF
    if day.before_off and 2 * begins >= start + end:
        cost += BEFORE_DAYS_OFF
    return cost


def steepness(begins: int, minutes: int, hours: tuple[int, int]) -> float:
    """How far from the middle of the day a meeting is: 0 inside it, 1 at the very edge, more outside the hours."""
    start, end = hours
    room = min(begins - start, end - begins - minutes)
    return (max(0, ROOM - room) / ROOM) ** 2


@lru_cache(maxsize=4096)
def of_a_day(minutes: int, day: Day) -> tuple[float, ...]:
    """The same for every quarter of a local day, from midnight on."""
    return tuple(discomfort(begins, minutes, day) for begins in range(0, MINUTES_OF_A_DAY, MINUTES_OF_A_QUARTER))
