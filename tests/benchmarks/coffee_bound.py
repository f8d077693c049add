"""How good could a coffee round be at most, and how good is one in which everybody takes the best who is free?

Points are those in which pairs differ: what two people who never met get for that is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from onboarding.domain.coffee_cover import Looks, Weights, looks_of, pointing_of
from onboarding.domain.gathering import Gathering

LOOKS = 40


def points_of(gathering: Gathering, tables: Iterable[tuple[str, ...]]) -> int:
    """The points of all pairs."""
    place = gathering.crowd.place
    pairs = [(place[people[0]], place[people[1]]) for people in tables]
    return sum(int(gathering.row(one).points[other]) - _alike(gathering) for one, other in pairs)


def best_first(gathering: Gathering) -> int:
    """The points when the best pair is taken, then the best of the rest, and so on."""
    looks = looks_of(gathering)
    free = np.ones(len(gathering), dtype=np.bool_)
    total = 0
    for nth in np.argsort(-looks.points, kind="stable").tolist():
        one, other = looks.one[nth], looks.other[nth]
        if free[one] and free[other]:
            free[one] = free[other] = False
            total += int(looks.points[nth]) - _alike(gathering)
    return total


def bound(gathering: Gathering) -> float:
    """No set of pairs of these members has more points, whoever looks at whom.

    By weak duality: whatever prices people have, a pair is worth at most the price of the one and the best that is
    left to the other once prices are paid. So half of all prices and of all such bests is never too little. Here
    everybody looks at more people than in a round, so that the prices are better ones.
    """
    looks = looks_of(gathering, LOOKS)
    prices = _prices(looks, *pointing_of(gathering, looks))
    total = float(prices.sum())
    for place in range(len(gathering)):
        row = gathering.row(place)
        total += max(0, int(np.max(row.points - _alike(gathering) - prices, where=row.may, initial=0)))
    return total / 2


def _prices(looks: Looks, pointing: Weights, worth: Weights) -> Weights:
    """Prices under which nobody would rather point at somebody else."""
    one, other = np.concatenate([looks.one, looks.other]), np.concatenate([looks.other, looks.one])
    points = np.concatenate([looks.points, looks.points])
    prices = np.zeros(len(pointing), dtype=np.int64)
    while True:
        left = worth - prices[pointing]
        raised = np.zeros_like(prices)
        np.maximum.at(raised, other, points - left[one])
        if np.array_equal(raised, prices):
            return prices
        prices = raised


def _alike(gathering: Gathering) -> int:
    return gathering.weights.long_ago * gathering.weights.longest
