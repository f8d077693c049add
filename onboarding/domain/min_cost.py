"""Which hire gets which person, so that most get somebody and the sum of the costs is least?

Each hire may have some people, at a cost; a person has rooms for hires, each dearer than the one before. This is
a transportation problem: a row for each hire, a column for each room, and one column a hire that means "nobody".
SciPy solves it exactly (shortest augmenting paths for sparse matrices; docs.scipy.org,
min_weight_full_bipartite_matching).

With the solution come prices: what all others lose when a person gives up one more room. They solve the dual
problem, so they tell of every pair that was left out whether it could have made the whole cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Costs: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.intp]

NOBODY = -1
EXACT = 2**53
"""Whole numbers below this are exact as floats, in which SciPy calculates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The `hire[k]`-th hire may have the `person[k]`-th person at `cost[k]`: each pair once, no cost below 0."""

    hire: Places
    person: Places
    cost: Costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """How many hires each person can take, and what each further one costs more than the one before."""

    count: Places
    further: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Whom each hire has, or NOBODY; what each pays, price included; and the price of each person's next room."""

    person: Places
    pays: Costs
    price: Costs


def solve(hires: int, pairs: Pairs, rooms: Rooms, nobody: int) -> Solution:
    """The cheapest way, where having nobody costs `nobody`."""
    table = _Table(hires, pairs, rooms, nobody)
    taken = table.cheapest()
    pays, price = table.prices(taken)
    owners = np.concatenate([table.owner, np.full(hires, NOBODY)])
    return Solution(person=owners[taken], pays=pays, price=table.next_rooms(price))


class _Table:
    """One row a hire; columns are rooms, then the nobodies. Nobody has more rooms than hires who may have them."""

    def __init__(self, hires: int, pairs: Pairs, rooms: Rooms, nobody: int) -> None:
        self.hires, self.rooms = hires, rooms
        people = len(rooms.count)
        self.used: Places = np.minimum(rooms.count, np.bincount(pairs.person, minlength=people))
        self.first: Places = np.cumsum(self.used) - self.used
        self.owner: Places = np.repeat(np.arange(people), self.used)
        self.extra: Costs = (np.arange(len(self.owner)) - self.first[self.owner]) * rooms.further
        self._fill(pairs, nobody)

    def _fill(self, pairs: Pairs, nobody: int) -> None:
        times = self.used[pairs.person]
        pair = np.repeat(np.arange(len(times)), times)
        nth = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
        column = self.first[pairs.person[pair]] + nth
        everyone = np.arange(self.hires)
        self.row: Places = np.concatenate([pairs.hire[pair], everyone])
        self.column: Places = np.concatenate([column, len(self.owner) + everyone])
        self.cost: Costs = np.concatenate([pairs.cost[pair] + self.extra[column], np.full(self.hires, nobody)])

    def cheapest(self) -> Places:
        """The column of each hire."""
        shape = (self.hires, len(self.owner) + self.hires)
        # SciPy takes an explicit 0 for a missing connection.
        matrix = csr_matrix((self.cost + 1.0, (self.row, self.column)), shape=shape)
        rows, columns = min_weight_full_bipartite_matching(matrix)
        taken = np.empty(self.hires, dtype=np.intp)
        taken[rows] = columns
        return taken

    def prices(self, taken: Places) -> tuple[Costs, Costs]:
        """What each hire pays, and the least price of each column under which nobody wants to change.

        The prices rise from 0 until they hold. They reach that: a circle along which they rose for ever would be a
        cheaper way for everybody in it, and the assignment is the cheapest.
        """
        own = np.zeros(self.hires, dtype=np.int64)
        has = self.column == taken[self.row]
        own[self.row[has]] = self.cost[has]
        order, starts = self._by_column
        row, cost = self.row[order], self.cost[order]
        price = np.zeros(len(self.owner) + self.hires, dtype=np.int64)
        for _ in range(len(price)):
            pays = own + price[taken]
            raised = np.maximum(0, np.maximum.reduceat(pays[row] - cost, starts))
            if np.array_equal(raised, price):
                break
            price = raised
        return own + price[taken], price

    @cached_property
    def _by_column(self) -> tuple[Places, Places]:
        """The connections in the order of their columns, and where each column begins; none is empty."""
        order = np.argsort(self.column, kind="stable")
        return order, np.flatnonzero(np.diff(self.column[order], prepend=-1))

    def next_rooms(self, price: Costs) -> Costs:
        """What the next hire of each person would pay beyond the cost of the pair."""
        least = np.where(self.used < self.rooms.count, self.used * self.rooms.further, EXACT)
        np.minimum.at(least, self.owner, self.extra + price[: len(self.owner)])
        return least
