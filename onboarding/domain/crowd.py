"""What are many people, as columns of numbers?

A wave of 5,000 hires and 50,000 people has 250 million pairs. Each is judged, so judging is arithmetic on columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from onboarding.domain.alike import craft, likings, plain, tongues
from onboarding.domain.people import Person
from onboarding.domain.preferences import Preferences
from onboarding.domain.shifts import Shifts

Numbers: TypeAlias = NDArray[np.int32]
Places: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]
Digests: TypeAlias = NDArray[np.uint64]

UNKNOWN = 0
NEVER_SEEN = -1

_NOWHERE: Places = np.array([], dtype=np.intp)


class Words:
    """A column of texts as numbers; 0 is an unknown text, -1 one that nobody here has."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known: dict[str, int] = {"": UNKNOWN}
        numbers = [self._known.setdefault(plain(text), len(self._known)) for text in texts]
        self.column: Places = np.array(numbers, dtype=np.intp)

    def number(self, text: str) -> int:
        """The number of a text."""
        return self._known.get(plain(text), NEVER_SEEN)

    def add_points(self, score: Numbers, text: str, same: int, other: int) -> None:
        """Add what the same text is worth, and what another one is, to the scores of those who come first."""
        mine = self.number(text)
        if mine == UNKNOWN:
            return
        if other:
            score += np.int32(other) * self.known[: len(score)]
        if same != other:
            alike = self.places_of(mine)
            score[alike[: np.searchsorted(alike, len(score))]] += same - other

    @cached_property
    def known(self) -> Flags:
        """Whose text is known."""
        flags: Flags = self.column != UNKNOWN
        return flags

    @cached_property
    def _sorted(self) -> tuple[Places, Places]:
        order = np.argsort(self.column, kind="stable")
        return order, np.searchsorted(self.column[order], np.arange(len(self._known) + 1))

    def places_of(self, number: int) -> Places:
        """Where those with that number stand, in order."""
        if number == NEVER_SEEN:
            return _NOWHERE
        order, starts = self._sorted
        return order[starts[number] : starts[number + 1]]


class Lists:
    """Who has which of many words: for each word the places of its people, in order."""

    def __init__(self, words: Iterable[Iterable[str]]) -> None:
        found: dict[str, list[int]] = defaultdict(list)
        self.count = 0
        for place, texts in enumerate(words):
            self.count = place + 1
            for text in texts:
                found[text].append(place)
        self._places: dict[str, Places] = {text: np.array(places) for text, places in found.items()}
        self._any: dict[frozenset[str], Flags] = {}

    def of(self, word: str) -> Places:
        """Where those who have the word stand."""
        return self._places.get(word, _NOWHERE)

    def any_of(self, words: frozenset[str]) -> Flags:
        """Who has at least one of the words; remembered, since many ask for the same."""
        if words not in self._any:
            flags = np.zeros(self.count, dtype=np.bool_)
            for word in words:
                flags[self.of(word)] = True
            self._any[words] = flags
        return self._any[words]


class Crowd:
    """Columns of people, each in the order given."""

    def __init__(self, people: Sequence[Person], preferences: Sequence[Preferences]) -> None:
        self.people = people
        self.place = {person.id: place for place, person in enumerate(people)}
        self.shifts = Shifts(people, preferences)
        self.shift: Places = np.array(
            [self.shifts.of(*pair) for pair in zip(people, preferences, strict=True)], dtype=np.intp
        )
        self.department = Words(person.department for person in people)
        self.team = Words(person.team for person in people)
        self.location = Words(person.location for person in people)
        self.craft = Words(craft(person) for person in people)
        self.tongues = Lists(tongues(*pair) for pair in zip(people, preferences, strict=True))
        self.likings = Lists(likings(person) for person in people)
        self.digest = digests(person.id for person in people)

    def places_of(self, ids: Iterable[str]) -> list[int]:
        """Where these people stand, as far as they are here."""
        return [self.place[one] for one in ids if one in self.place]


def digests(ids: Iterable[str]) -> Digests:
    """Odd numbers that look drawn by lot, and are the same on every machine."""
    found = [int.from_bytes(blake2b(one.encode(), digest_size=8).digest()) | 1 for one in ids]
    return np.array(found, dtype=np.uint64)
