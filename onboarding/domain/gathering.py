"""Who may have coffee with whom in a round, and how well do they suit each other?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from onboarding.domain.alike import likings, tongues
from onboarding.domain.chains import Chains
from onboarding.domain.crowd import UNKNOWN, Crowd, Flags, Numbers, Places, digests
from onboarding.domain.matching_weights import COUNTED_HOURS, COUNTED_INTERESTS, CoffeeWeights
from onboarding.domain.members import Member

REMEMBERED = 256
"""Views of the whole circle that are kept at the same time: in a round of 20,000 each has up to 200 kB."""

JUST_NOW = 1
"""Whoever met in the last round does not meet in this one, however little choice there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Others as one member sees them: the points of the pair, and whether rules let it be.

    `recent` are those met within the window, or in the last round, `ago` how many rounds ago; all other rules are
    in `may`.
    """

    points: Numbers
    may: Flags
    recent: Places
    ago: Numbers


class Gathering:
    """The members of one round, in the order of their ids.

    `met` says how many rounds ago two people met last, 1 being the round before this one. Members sit in a
    circle, so that a row may begin at any of them; each column holds the circle twice, which makes such a row one
    piece of it.
    """

    def __init__(
        self,
        members: Sequence[Member],
        met: Mapping[tuple[str, str], int],
        chains: Chains,
        weights: CoffeeWeights,
        day: date,
    ) -> None:
        self.members, self.weights, self._chains, self._day = members, weights, chains, day
        self.crowd = Crowd([one.person for one in members], [one.preferences for one in members])
        self.newcomer: Flags = np.array([one.newcomer(day) for one in members], dtype=np.bool_)
        self.waiting: Numbers = np.array([one.waiting for one in members], dtype=np.int32)
        self.digest = digests(f"{day}/{one.person.id}" for one in members)
        self._of_shift: dict[int, tuple[Flags, Numbers]] = {}
        self._seen: dict[tuple[frozenset[str], bool, bool, bool], Numbers] = {}
        self._met = self._neighbours(met)
        self._excluded: dict[int, set[int]] = defaultdict(set)
        for place, member in enumerate(members):
            for other in self.crowd.places_of(member.preferences.excluded):
                self._excluded[place].add(other)
                self._excluded[other].add(place)

    def __len__(self) -> int:
        return len(self.members)

    def row(self, place: int, start: int = 0, size: int | None = None) -> Row:
        """How others suit one member; the pair looks the same from both sides.

        The others are that many from `start` on around the circle, else everybody.
        """
        size = len(self) if size is None else size
        may = self._hours(place)[0][start : start + size].copy()
        may[self._around([place, *self.apart(place)], start, size)] = False
        points = self._alike(place, start, size)
        met = self._met.get(place, {})
        places = self._around(met, start, size)
        ago = np.array([met[(start + nth) % len(self)] for nth in places.tolist()], dtype=np.int32)
        points[places] -= self.weights.long_ago * np.maximum(0, self.weights.longest - ago)
        recent = ago <= max(self.weights.window, JUST_NOW)
        return Row(points=points, may=may, recent=places[recent], ago=ago[recent])

    def apart(self, place: int) -> list[int]:
        """Who is kept apart from one member: excluded in either direction, or near in the line of managers."""
        return [*self.in_line(place), *self._excluded.get(place, ())]

    def in_line(self, place: int) -> list[int]:
        """Who is near one member in the line of managers."""
        return [*self.crowd.places_of(self._chains.of(self.members[place].person.id, self.weights.levels))]

    def too_few_hours(self, place: int) -> Flags:
        """Who shares too few working hours with one member."""
        return ~self._hours(place)[0][: len(self)]

    def _hours(self, place: int) -> tuple[Flags, Numbers]:
        """Who shares enough working hours with one member, and the points for them; the circle twice.

        Members of one shift see the same, so it is remembered.
        """
        shift = int(self.crowd.shift[place])
        if shift not in self._of_shift:
            theirs = self.members[place].person, self.members[place].preferences
            minutes = self.crowd.shifts.allowed(*theirs, self._day)
            hours = np.minimum(self.crowd.shifts.hours(*theirs, self._day), COUNTED_HOURS)
            if len(self._of_shift) >= REMEMBERED:
                self._of_shift.clear()
            self._of_shift[shift] = (
                np.tile((minutes >= self.weights.least_shared_minutes)[self.crowd.shift], 2),
                np.tile((np.int32(self.weights.shared_hour) * hours)[self.crowd.shift], 2),
            )
        return self._of_shift[shift]

    def _alike(self, place: int, start: int, size: int) -> Numbers:
        """The points of a pair who never met."""
        weights, crowd, person = self.weights, self.crowd, self.members[place].person
        points = self._hours(place)[1][start : start + size] + self._usual(place)[start : start + size]
        for words, text, other in (
            (crowd.department, person.department, weights.other_department),
            (crowd.team, person.team, weights.other_team),
        ):
            if (mine := words.number(text)) != UNKNOWN:
                points[self._piece(words.places_of(mine), start, size)] -= other
        liked = [self._piece(crowd.likings.of(liking), start, size) for liking in likings(person)]
        if len(liked) <= COUNTED_INTERESTS:
            for places in liked:
                points[places] += weights.interest
        else:
            counts = np.bincount(np.concatenate(liked), minlength=size)
            points += (weights.interest * np.minimum(counts, COUNTED_INTERESTS)).astype(np.int32)
        return points

    def _usual(self, place: int) -> Numbers:
        """What does not depend on hours and interests, for pairs of other departments and teams; the circle twice.

        Members of one language and kind see the same, so it is remembered.
        """
        person, weights = self.members[place].person, self.weights
        languages = tongues(person, self.members[place].preferences)
        department, team = self.crowd.department, self.crowd.team
        new, placed = bool(self.newcomer[place]), department.number(person.department) != UNKNOWN
        key = (languages, new, placed, teamed := team.number(person.team) != UNKNOWN)
        if key not in self._seen:
            points = np.full(len(self), weights.long_ago * weights.longest, dtype=np.int32)
            points += np.int32(weights.language) * self.crowd.tongues.any_of(languages)
            points += np.int32(weights.newcomer) * (self.newcomer != new)
            points += np.int32(placed * weights.other_department) * department.known
            points += np.int32(teamed * weights.other_team) * team.known
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[key] = np.tile(points, 2)
        return self._seen[key]

    def _piece(self, places: Places, start: int, size: int) -> Places:
        """The same as `_around`, for places in order, many times as fast."""
        first, last = np.searchsorted(places, (start, start + size))
        beyond = start + size - len(self)
        if beyond <= 0:
            return places[first:last] - start
        again = places[: np.searchsorted(places, beyond)]
        return np.concatenate([places[first:] - start, again + (len(self) - start)])

    def _around(self, places: Iterable[int], start: int, size: int) -> Places:
        """Where these members stand among so many from `start` on; whoever is not among them is left out."""
        found = (np.array(list(places), dtype=np.intp) - start) % len(self)
        return found[found < size]

    def _neighbours(self, met: Mapping[tuple[str, str], int]) -> dict[int, dict[int, int]]:
        """For each member whom they met, and how many rounds ago at the latest."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for (one, other), ago in met.items():
            places = self.crowd.places_of((one, other))
            if len(places) == len((one, other)) and one != other:
                a, b = places
                found[a][b] = found[b][a] = min(ago, found[a].get(b, ago))
        return found
