"""Who sits with whom in a round, where does the odd one sit, and who cannot sit anywhere?"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from onboarding.domain.coffee_cover import Weights, many_pairs
from onboarding.domain.coffee_pairs import best_pairs, steps
from onboarding.domain.crowd import Flags
from onboarding.domain.gathering import JUST_NOW, Gathering

Seats: TypeAlias = tuple[int, ...]

EXACT_UP_TO = 500
"""People among whom every pair is weighed, which takes half a second; above, see `coffee_cover.py`."""


def seats(gathering: Gathering) -> list[Seats]:
    """Tables of two, and of three where somebody is left over, in the order of their first member."""
    count = len(gathering)
    pairs = best_pairs(gathering, range(count)) if count <= EXACT_UP_TO else many_pairs(gathering)
    seated = {one for pair in pairs for one in pair}
    left = [place for place in range(count) if place not in seated]
    return sorted(_joined(gathering, pairs, left))


def alone_because(gathering: Gathering, place: int) -> str:
    """Why somebody sits nowhere; being kept apart is confidential, and shares its words with a harmless reason."""
    few = gathering.too_few_hours(place)
    few[place] = False
    fits, _ = _fits(gathering, place)
    line = np.zeros(len(gathering), dtype=np.bool_)
    line[gathering.in_line(place)] = True
    far, led = int(np.count_nonzero(few)), int(np.count_nonzero(line & ~few))
    near = int(np.count_nonzero(~few & ~line & ~fits)) - 1
    if np.any(fits):
        return "everybody who fits has company already"
    parts = [f"{far} {'shares' if far == 1 else 'share'} too few working hours"] if far else []
    parts += [f"{led} {'is' if led == 1 else 'are'} in the line of managers"] if led else []
    parts += [f"{near} met last time or cannot be matched now"] if near else []
    return f"nobody fits this time: {', '.join(parts)}" if parts else "nobody else takes part this time"


def _joined(gathering: Gathering, pairs: list[tuple[int, int]], left: list[int]) -> list[Seats]:
    """Everybody who is left over joins the pair that suits them best, as long as pairs are left."""
    tables: list[Seats] = []
    pairs = list(pairs)
    for place in sorted(left, key=lambda one: (not gathering.newcomer[one], -gathering.waiting[one], one)):
        best = _best_pair(gathering, place, pairs)
        if best is not None:
            tables.append(tuple(sorted((place, *pairs.pop(best)))))
    return [*tables, *pairs]


def _best_pair(gathering: Gathering, place: int, pairs: list[tuple[int, int]]) -> int | None:
    """The pair of whom somebody met both the longest ago, and of those the one with most points."""
    fits, worth = _fits(gathering, place)
    both = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    may = np.flatnonzero(fits[both].all(axis=1))
    if not len(may):
        return None
    return int(may[np.argmax(worth[both[may]].sum(axis=1))])


def _fits(gathering: Gathering, place: int) -> tuple[Flags, Weights]:
    """With whom somebody may sit, and what that is worth: however far the window is relaxed, that comes first."""
    row = gathering.row(place)
    row.may[row.recent[row.ago <= JUST_NOW]] = False
    worth = row.points.astype(np.int64)
    worth[row.recent] -= (2 * gathering.weights.best + 1) * steps(row.ago, gathering.weights.window)
    return row.may, worth
