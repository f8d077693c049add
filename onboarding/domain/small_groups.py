"""Which groups of a table are hidden, so that nothing is told of fewer than five people, not even by subtraction?

A table parts people into groups, and tells the whole beside the parts. Whoever hides one part alone has hidden
nothing: the whole less the others is that part. So a small part never goes alone. With it goes the smallest of
the others, until at least two are hidden, with at least five people in all: then what is hidden is known as a sum
only. Groups that have an order, such as one meeting and two or three, are better joined with their neighbours: so
nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from onboarding.domain.measures import SMALL

COMPANY = 2
"""So many hidden parts at least: of two that are known as a sum, neither is known."""


def is_small(size: int) -> bool:
    """Whether nothing may be told of a group of that size; of nobody there is nothing to hide."""
    return 0 < size < SMALL


def hidden(sizes: Sequence[int], already: Collection[int] = ()) -> frozenset[int]:
    """The places of the groups to hide; `already` are those that another table of the same groups hides.

    The whole must be hidden by the caller where `gives_away` says so. Empty groups are shown: they are no company.
    """
    gone = {place for place, size in enumerate(sizes) if is_small(size) or (size and place in already)}
    rest = sorted((size, place) for place, size in enumerate(sizes) if size and place not in gone)
    while gone and rest and _are_known([sizes[place] for place in gone]):
        gone.add(rest.pop(0)[1])
    return frozenset(gone)


def gives_away(sizes: Sequence[int], gone: Collection[int]) -> bool:
    """Whether the whole must be hidden too: it is small, or says what is hidden and nothing is left to hide."""
    return is_small(sum(sizes)) or (bool(gone) and _are_known([sizes[place] for place in gone]))


def _are_known(hidden_sizes: Sequence[int]) -> bool:
    """Whether their sum tells too much: of one group, of too few people, or of as many groups as people."""
    people = sum(hidden_sizes)
    return len(hidden_sizes) < COMPANY or people < SMALL or people == len(hidden_sizes)


def joined(sizes: Sequence[int]) -> list[range]:
    """Neighbouring groups joined until none is small, as ranges of places; one range when people are too few."""
    groups = [range(place, place + 1) for place in range(len(sizes))]

    def size(place: int) -> int:
        return sum(sizes[one] for one in groups[place])

    while len(groups) > 1 and (small := [place for place in range(len(groups)) if is_small(size(place))]):
        least = min(small, key=size)
        beside = [place for place in (least + 1, least - 1) if 0 <= place < len(groups)]
        left = min(least, min(beside, key=lambda place: (not size(place), size(place))))  # somebody before nobody
        groups[left : left + 2] = [range(groups[left].start, groups[left + 1].stop)]
    return groups
