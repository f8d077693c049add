"""What does a solved wave say about each hire?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from onboarding.domain.assignment import NEXT_BEST, Match
from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.crowd import Flags
from onboarding.domain.min_cost import EXACT, NOBODY, Costs, Places
from onboarding.domain.reasons import nobody_because, points, speaks_for
from onboarding.domain.suitability import Suitability
from onboarding.domain.wave import Wave


class Assigning:
    """One role, its hires in the order of their ids, and the directory."""

    def __init__(
        self, wanted: Wanted, needs: Sequence[Need], colleagues: Iterable[Colleague], chains: Chains
    ) -> None:
        self._wanted, self._needs = wanted, needs
        self._suitability = Suitability(wanted, colleagues, chains)
        self._wave = Wave(needs, self._suitability)

    def matches(self) -> dict[str, Match]:
        """What became of each hire."""
        chosen = self._wave.solve().person
        used = np.bincount(chosen[chosen != NOBODY], minlength=len(self._wave.rooms))
        free = self._wave.rooms > used
        return {
            need.hire.id: self._match(place, need, int(chosen[place]), free)
            for place, need in enumerate(self._needs)
        }

    def _match(self, place: int, need: Need, chosen: int, free: Flags) -> Match:
        if chosen == NOBODY:
            because = nobody_because(self._wanted.role, self._suitability.ruled_out(need))
            return Match(hire_id=need.hire.id, person_id="", reasons=because)
        colleague = self._suitability.colleagues[chosen]
        return Match(
            hire_id=need.hire.id,
            person_id=colleague.person.id,
            reasons=speaks_for(need, colleague, self._wanted),
            alternatives=tuple(self._ids(self._next_best(place, need, chosen, free))),
            score=sum(worth for worth, _ in points(need, colleague, self._wanted)),
        )

    def _next_best(self, place: int, need: Need, chosen: int, free: Flags) -> list[int]:
        """The best three who have room and are not chosen."""
        row = self._wave.rows[place]
        sure = row.costs <= row.limit
        found = _best(row.places[sure], row.costs[sure], chosen, free)
        if len(found) < NEXT_BEST and row.limit < EXACT:
            found = _best(*self._suitability.costs(need, self._wave.scale), chosen, free)
        return found

    def _ids(self, places: Iterable[int]) -> list[str]:
        return [self._suitability.colleagues[place].person.id for place in places]


def _best(places: Places, costs: Costs, chosen: int, free: Flags) -> list[int]:
    fits = free[places] & (places != chosen)
    places, costs = places[fits], costs[fits]
    best: list[int] = places[np.lexsort((places, costs))[:NEXT_BEST]].tolist()
    return best
