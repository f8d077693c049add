"""How unkind is an hour to one person?

Flat in the middle of the day, steep at its edges, and dear at lunch and beside days off.
"""

from __future__ import annotations

from functools import lru_cache

MINUTES_OF_A_QUARTER = 15
MINUTES_OF_A_DAY = 24 * 60

ROOM = 60  # minutes from either end of the hours that feel like the middle of the day
EDGE = 10.0  # the very edge of the hours; falls with the square of the distance
LUNCH = (12 * 60, 13 * 60)  # local minutes
OVER_LUNCH = 8.0  # a meeting wholly inside lunch
EARLY = 90  # minutes after the start that still are early after days off
AFTER_DAYS_OFF = 6.0  # early Monday
BEFORE_DAYS_OFF = 6.0  # Friday afternoon
MAYBE_TAKEN = 20.0  # over something that is not certain yet: as bad as the very edge of a newcomer's day
LATER_DAY = 0.4  # for each day of waiting
SECOND_MEETING = 100_000.0  # more than all others together: only where there is no other day
FOR_THE_HIRE = 2.0  # the newcomer's discomfort counts double
IN_TURN = 8.0  # that of whoever bent more than the others lately counts up to so many times


def discomfort(begins: int, minutes: int, hours: tuple[int, int], *, after_off: bool, before_off: bool) -> float:
    """What a meeting costs somebody that begins at that local minute; `hours` are local minutes too."""
    start, end = hours
    ends = begins + minutes
    cost = EDGE * steepness(begins, minutes, hours)
    cost += OVER_LUNCH * max(0, min(ends, LUNCH[1]) - max(begins, LUNCH[0])) / minutes
    if after_off and begins < start + EARLY:
        cost += AFTER_DAYS_OFF
    if before_off and 2 * begins >= start + end:
        cost += BEFORE_DAYS_OFF
    return cost


def steepness(begins: int, minutes: int, hours: tuple[int, int]) -> float:
    """How far from the middle of the day a meeting is: 0 inside it, 1 at the very edge, more outside the hours."""
    start, end = hours
    room = min(begins - start, end - begins - minutes)
    return (max(0, ROOM - room) / ROOM) ** 2


@lru_cache(maxsize=4096)
def of_a_day(minutes: int, hours: tuple[int, int], after_off: bool, before_off: bool) -> tuple[float, ...]:  # noqa: FBT001 -- a cache wants places
    """The same for every quarter of a local day, from midnight on."""
    return tuple(
        discomfort(begins, minutes, hours, after_off=after_off, before_off=before_off)
        for begins in range(0, MINUTES_OF_A_DAY, MINUTES_OF_A_QUARTER)
    )
