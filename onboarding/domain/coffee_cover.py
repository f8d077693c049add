"""Which pairs of many thousand people are good together, in seconds?

Everybody points at somebody so that each is pointed at once and the points are most: an assignment, which is
solved exactly. It is at least as good as any set of pairs, since a set of pairs is one where people point at each
other. Most of its circles have two people, the others are cut into pairs; the few who are left over are paired
again, exactly, with their neighbourhood.

Not everybody looks at everybody. Each looks at the best newcomers and at the best others: if these stood in one
list, it would hold newcomers only, of whom there are few and whom everybody likes to meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from onboarding.domain.coffee_pairs import Pair, best_pairs
from onboarding.domain.crowd import Numbers, Places
from onboarding.domain.gathering import Gathering

Weights: TypeAlias = NDArray[np.int64]

BEST = 10
NEIGHBOURS = 3
AT_ONCE = 60
"""How many who are left over are paired again together, each with their three best and the partners of those."""

STRIDE = 7919  # a prime: neighbours in the list of ids see equals in other orders
NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Who looks at whom, both ways, once each; the points of the pair."""

    one: Places
    other: Places
    points: Weights


def many_pairs(gathering: Gathering) -> list[Pair]:
    """Good pairs of all members, each in order, and in the order of the first."""
    looks = looks_of(gathering)
    pointing, worth = pointing_of(gathering, looks)
    pairs, left = _cut(pointing.tolist(), worth.tolist())
    for start in range(0, len(left), AT_ONCE):
        pairs = _again(gathering, pairs, left[start : start + AT_ONCE])
    return sorted(pairs)


def looks_of(gathering: Gathering, best: int = BEST) -> Looks:
    """Each member's best newcomers and best others, so many of each."""
    count = len(gathering)
    chooser = _Chooser(gathering, best)
    ones, others, points = [], [], []
    for place in range(count):
        seen, worth = chooser.of(place)
        ones.append(np.full(len(seen), place))
        others.append(seen)
        points.append(worth)
    one, other = np.concatenate(ones), np.concatenate(others)
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, once = np.unique(low * count + high, return_index=True)
    return Looks(one=low[once], other=high[once], points=np.concatenate(points)[once].astype(np.int64))


class _Chooser:
    """Chooses whom a member looks at: only in the half of the circle that follows, so that every two meet once."""

    def __init__(self, gathering: Gathering, best: int) -> None:
        self._gathering, self._best, self._half = gathering, best, len(gathering) // 2
        self._kinds = [np.flatnonzero(np.tile(kind, 2)) for kind in (gathering.newcomer, ~gathering.newcomer)]
        # Small numbers are sorted twice as fast.
        largest = (gathering.weights.best + 1) * len(gathering)
        self._type = np.int32 if largest < np.iinfo(np.int32).max else np.int64
        self._order = np.tile(np.argsort(gathering.digest).astype(self._type), 2)

    def of(self, place: int) -> tuple[Places, Numbers]:
        """Whom they look at, and the points of these pairs; of equals everybody looks at others."""
        count, start = len(self._gathering), place + 1
        row = self._gathering.row(place, start % count, self._half)
        row.may[row.recent] = False
        turn = place * STRIDE % count
        key = np.multiply(row.points, self._type(count), dtype=self._type)
        key += self._order[turn : turn + self._half]
        key *= row.may
        kinds = (self._here(kind, start % count) for kind in self._kinds)
        seen = np.concatenate([_largest(key, kind, self._best) for kind in kinds])
        seen = seen[row.may[seen]]
        return (seen + start) % count, row.points[seen]

    def _here(self, kind: Places, start: int) -> Places:
        first, last = np.searchsorted(kind, (start, start + self._half))
        return kind[first:last] - start


def _largest(key: Numbers | Weights, places: Places, most: int) -> Places:
    """Where the largest keys of these places stand."""
    if len(places) <= most:
        return places
    return places[np.argpartition(key[places], len(places) - most)[-most:]]


def pointing_of(gathering: Gathering, looks: Looks) -> tuple[Places, Weights]:
    """At whom each points, so that most point and their points are most; and the points of what each does."""
    count = len(gathering)
    dearest = gathering.weights.best + 1
    everyone = np.arange(count)
    rows = np.concatenate([looks.one, looks.other, everyone])
    columns = np.concatenate([looks.other, looks.one, count + everyone])
    nobody = (count + 1) * dearest
    costs = np.concatenate([dearest - looks.points, dearest - looks.points, np.full(count, nobody)])
    matrix = csr_matrix((costs.astype(np.float64), (rows, columns)), shape=(count, 2 * count))
    found, target = min_weight_full_bipartite_matching(matrix)
    pointing = np.full(count, NOBODY)
    pointing[found] = np.where(target < count, target, NOBODY)
    worth = np.zeros(count, dtype=np.int64)
    chosen = pointing[rows] == columns
    worth[rows[chosen]] = dearest - costs[chosen]
    return pointing, worth


def _cut(pointing: Sequence[int], worth: Sequence[int]) -> tuple[list[Pair], list[int]]:
    """Pairs out of lines and circles of people who point at each other, and who is left over."""
    pairs: list[Pair] = []
    left: list[int] = []
    for chain in [*_lines(pointing), *(_turned(circle, worth) for circle in _circles(pointing))]:
        pairs += [_ordered(*two) for two in zip(chain[::2], chain[1::2], strict=False)]
        left += chain[len(chain) // 2 * 2 :]
    return pairs, sorted(left)


def _lines(pointing: Sequence[int]) -> Iterator[list[int]]:
    """From everybody at whom nobody points to whoever points at nobody."""
    for start in sorted(set(range(len(pointing))) - set(pointing)):
        line = [start]
        while (after := pointing[line[-1]]) != NOBODY:
            line.append(after)
        yield line


def _circles(pointing: Sequence[int]) -> Iterator[list[int]]:
    """Every circle, from its first member on."""
    seen = {one for line in _lines(pointing) for one in line}
    for start in range(len(pointing)):
        circle = []
        at = start
        while at not in seen:
            seen.add(at)
            circle.append(at)
            at = pointing[at]
        if circle:
            yield circle


def _turned(circle: list[int], worth: Sequence[int]) -> list[int]:
    """The circle from where its pairs are worth most; of an odd one the last is left over."""
    size = len(circle)
    pairs = size // 2
    sums = [0, 0]  # of every second link up to this one
    for one in [*circle, *circle]:
        sums.append(sums[-2] + worth[one])
    starts = range(size if size % 2 else 2)
    best = max(starts, key=lambda start: sums[start + 2 * pairs] - sums[start])
    return circle[best:] + circle[:best]


def _again(gathering: Gathering, pairs: list[Pair], left: Sequence[int]) -> list[Pair]:
    """The pairs, after those who are left over and the pairs of whom they like best were paired once more."""
    partner = {one: pair for pair in pairs for one in pair}
    paired = np.zeros(len(gathering), dtype=np.bool_)
    paired[list(partner)] = True
    around: set[Pair] = set()
    for place in left:
        row = gathering.row(place)
        likes = np.where(row.may & paired, row.points, NOBODY)
        near = np.argsort(-likes, kind="stable")[:NEIGHBOURS]
        around |= {partner[one] for one in near[likes[near] > NOBODY].tolist()}
    places = [*left, *(one for pair in around for one in pair)]
    return [*(pair for pair in pairs if pair not in around), *best_pairs(gathering, places)]


def _ordered(one: int, other: int) -> Pair:
    return (min(one, other), max(one, other))
