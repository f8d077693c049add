"""How do others match? First come first served, and the best pair first; both on the same scores as ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.reasons import points
from onboarding.domain.suitability import Scale, Suitability


class Peers:
    """One role, its hires in the order of their ids, and the directory."""

    def __init__(self, wanted: Wanted, needs: Iterable[Need], colleagues: Sequence[Colleague]) -> None:
        self.wanted = wanted
        self.needs = sorted(needs, key=lambda need: need.hire.id)
        self.known = {one.person.id: one for one in colleagues}
        self._suitability = Suitability(wanted, colleagues, Chains(one.person for one in colleagues))
        able = self._suitability.colleagues[: self._suitability.able]
        self._rooms = np.array([one.room(wanted.capacity) for one in able], dtype=np.intp)

    def first_come(self) -> dict[str, str]:
        """Each hire takes whoever suits them best and has room."""
        rooms, extra = self._rooms.copy(), np.zeros(len(self._rooms), dtype=np.int64)
        taken = {}
        for need in self.needs:
            places, costs = self._suitability.costs(need, Scale())
            fits = rooms[places] > 0
            if fits.any():
                best = places[fits][np.argmin((costs + extra[places])[fits])]
                rooms[best] -= 1
                extra[best] += self.wanted.weights.load
                taken[need.hire.id] = self._suitability.colleagues[best].person.id
        return taken

    def best_first(self) -> dict[str, str]:
        """The best pair of all, then the best of the rest, and so on."""
        rows = [self._suitability.costs(need, Scale()) for need in self.needs]
        pairs = [
            (cost, hire, place)
            for hire, (places, costs) in enumerate(rows)
            for place, cost in zip(places.tolist(), costs.tolist(), strict=True)
        ]
        rooms = self._rooms.copy()
        taken: dict[str, str] = {}
        for _, hire, place in sorted(pairs):
            hire_id = self.needs[hire].hire.id
            if hire_id not in taken and rooms[place]:
                rooms[place] -= 1
                taken[hire_id] = self._suitability.colleagues[place].person.id
        return taken

    def most(self) -> int:
        """How many hires can get somebody at all: Hopcroft and Karp's method, which knows of no points."""
        first = np.cumsum(self._rooms) - self._rooms
        rows, columns = [], []
        for hire, need in enumerate(self.needs):
            for place in self._suitability.costs(need, Scale())[0].tolist():
                for room in range(self._rooms[place]):
                    rows.append(hire)
                    columns.append(first[place] + room)
        shape = (len(self.needs), int(self._rooms.sum()))
        graph = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        return int(np.count_nonzero(maximum_bipartite_matching(graph, perm_type="column") >= 0))

    def worth(self, taken: Mapping[str, str]) -> int:
        """The points of all pairs, less the load of whoever looks after several."""
        given: Counter[str] = Counter()
        total = 0
        for need in self.needs:
            if colleague := self.known.get(taken.get(need.hire.id, "")):
                total += sum(worth for worth, _ in points(need, colleague, self.wanted))
                total -= self.wanted.weights.load * (colleague.load + given[colleague.person.id])
                given[colleague.person.id] += 1
        return total
