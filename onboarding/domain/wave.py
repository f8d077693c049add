"""How is a whole wave of hires assigned exactly, without solving for every pair?

Each hire starts with the 25 people who cost least. The prices of that solution show for which hires somebody else
could still be better: those whose own cost and price together exceed what they left out. For them all people are
priced, and whoever is worth it joins. When nobody is, the solution is the best of all pairs, as if none had been
left out (column generation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onboarding.domain.candidates import Need
from onboarding.domain.min_cost import EXACT, Costs, Pairs, Places, Rooms, Solution, solve
from onboarding.domain.suitability import Scale, Suitability

KEPT = 25
GROWTH = 2
MOST_TIE_BITS = 20
HEADROOM = 4
"""Prices add up a few costs; the largest stays this far below what floats hold exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The people whom a hire may have so far; everybody left out costs at least `limit`."""

    places: Places
    costs: Costs
    limit: int


class Wave:
    """Hires in the order of their ids, and the people who suit them."""

    def __init__(self, needs: Sequence[Need], suitability: Suitability, kept: int = KEPT) -> None:
        self._needs, self._suitability, self._kept = needs, suitability, kept
        weights, capacity = suitability.wanted.weights, suitability.wanted.capacity
        able = suitability.colleagues[: suitability.able]
        rooms = [min(one.room(capacity), len(needs)) for one in able]
        heaviest = max((one.load + room for one, room in zip(able, rooms, strict=True)), default=0)
        self.rooms = np.array(rooms, dtype=np.intp)
        alike = 2 * weights.mixed * max(len(need.beside) for need in needs)
        self.scale, self.nobody = _scale(len(needs), weights.best + weights.load * heaviest + alike)
        self._further = weights.load * self.scale.factor
        self.rows = [self._first(need) for need in needs]

    def solve(self) -> Solution:
        """The best of all pairs."""
        more = self._kept
        while True:
            solution = self._solve()
            if not self._widen(solution, more):
                return solution
            more *= GROWTH

    def _first(self, need: Need) -> Row:
        places, costs, are_all = self._suitability.cheapest(need, self.scale, self._kept)
        return Row(places=places, costs=costs, limit=EXACT if are_all else int(costs.max()))

    def _solve(self) -> Solution:
        sizes = [len(row.places) for row in self.rows]
        pairs = Pairs(
            hire=np.repeat(np.arange(len(sizes)), sizes),
            person=np.concatenate([row.places for row in self.rows]),
            cost=np.concatenate([row.costs for row in self.rows]),
        )
        rooms = Rooms(count=self.rooms, further=self._further)
        return solve(len(sizes), pairs, rooms, self.nobody)

    def _widen(self, solution: Solution, more: int) -> bool:
        """Let people join the hires for whom they are worth their price; whether anybody did."""
        widened = False
        limits = np.array([row.limit for row in self.rows])
        for place in np.flatnonzero(solution.pays > limits).tolist():
            row = self.rows[place]
            places, costs = self._suitability.costs(self._needs[place], self.scale)
            gain = solution.pays[place] - costs - solution.price[places]
            worth = np.flatnonzero(gain > 0)
            if len(worth) > more:
                worth = np.sort(worth[np.argpartition(-gain[worth], more)[:more]])
            if len(worth):
                self.rows[place] = Row(
                    places=np.concatenate([row.places, places[worth]]),
                    costs=np.concatenate([row.costs, costs[worth]]),
                    limit=EXACT if len(worth) + len(row.places) == len(places) else row.limit,
                )
                widened = True
        return widened


def _scale(hires: int, dearest: int) -> tuple[Scale, int]:
    """Costs so large that ties never outweigh a point, and the cost of nobody, which outweighs all points."""
    for bits in range(MOST_TIE_BITS, 0, -1):
        scale = Scale(factor=(hires + 1) << bits, tie_bits=bits)
        nobody = (hires + 1) * (dearest + 1) * scale.factor
        if nobody * HEADROOM < EXACT:
            return scale, nobody
    return Scale(), (hires + 1) * (dearest + 1)
