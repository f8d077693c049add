"""Which pairs of up to some hundred people are best together?

The exact maximum-weight matching of everybody with everybody (Edmonds' blossoms; rustworkx.org,
max_weight_matching). First as many as possible get a pair; then the window of repeats is relaxed as little as can
be; then newcomers and who waited are served before others; then points count; then digests of ids tell equals
apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import rustworkx

from onboarding.domain.crowd import Numbers, Places
from onboarding.domain.gathering import JUST_NOW, Gathering

Pair: TypeAlias = tuple[int, int]

TIE_BITS = 40
LONGEST_WAIT = 5


def steps(ago: Numbers, window: int) -> Numbers:
    """How far the window must be relaxed for people who met so many rounds ago: 0 is not at all.

    A window of 12 rounds is relaxed to 8, to 4 and to 1.
    """
    found = np.zeros(len(ago), dtype=np.int32)
    for limit in (window, 2 * window // 3, window // 3):
        found += ago <= max(limit, JUST_NOW)
    return found


class Ranks:
    """How the wishes of a round become one weight: each outweighs all that come after it, over all pairs."""

    def __init__(self, gathering: Gathering, people: int) -> None:
        pairs = people // 2 + 1
        self.point = pairs << TIE_BITS
        self.turn = self.point * (gathering.weights.best + 1) * pairs  # also where no point is given for anything
        turns = 2 * (LONGEST_WAIT + 1) * self.turn * pairs
        self.relaxed = [0, turns, turns * pairs, turns * pairs * pairs]
        self.top = self.relaxed[-1] * 2
        self.first = gathering.newcomer + np.minimum(gathering.waiting, LONGEST_WAIT)

    def weights(
        self, gathering: Gathering, place: int, others: Places, step: Numbers, points: Numbers
    ) -> list[int]:
        """The weight of one member with each of the others, as whole numbers of any size."""
        ties = (gathering.digest[place] * gathering.digest[others]) >> np.uint64(64 - TIE_BITS)
        turns = self.first[place] + self.first[others]
        columns = zip(step.tolist(), turns.tolist(), points.tolist(), ties.tolist(), strict=True)
        return [
            self.top - self.relaxed[far] + turn * self.turn + worth * self.point + tie
            for far, turn, worth, tie in columns
        ]


def best_pairs(gathering: Gathering, places: Sequence[int]) -> list[Pair]:
    """The best pairs of these members, each in order, and in the order of the first."""
    ranks = Ranks(gathering, len(places))
    everybody: Places = np.array(sorted(places), dtype=np.intp)
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(everybody.tolist())
    for nth, place in enumerate(everybody.tolist()):
        row = gathering.row(place)
        step = np.zeros(len(gathering), dtype=np.int32)
        step[row.recent] = steps(row.ago, gathering.weights.window)
        may = row.may.copy()
        may[row.recent[row.ago <= JUST_NOW]] = False
        later = np.flatnonzero(may[everybody[nth + 1 :]]) + nth + 1
        others = everybody[later]
        weights = ranks.weights(gathering, place, others, step[others], row.points[others])
        graph.add_edges_from([(nth, other, weight) for other, weight in zip(later.tolist(), weights, strict=True)])
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((int(everybody[min(pair)]), int(everybody[max(pair)])) for pair in found)
