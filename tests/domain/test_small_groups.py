from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onboarding.domain.measures import SMALL
from onboarding.domain.small_groups import gives_away, hidden, joined

SIZES = st.lists(st.integers(0, 14), max_size=12)


@pytest.mark.parametrize(
    ("sizes", "gone"),
    [
        ([], set()),
        ([5, 9, 0], set()),
        ([4, 9, 7], {0, 2}),  # the smallest of the others goes with it
        ([1, 2, 9], {0, 1, 2}),  # three people in two groups are still too few
        ([3, 3, 9], {0, 1}),
        ([4, 0, 9], {0, 2}),  # nobody is no company
        ([4, 0, 0], {0}),  # the whole is small, and hidden too
    ],
)
def test_a_small_group_never_goes_alone(sizes: list[int], gone: set[int]) -> None:
    assert hidden(sizes) == gone


def test_a_group_hidden_elsewhere_stays_hidden_and_needs_company_too() -> None:
    assert hidden([8, 9, 7], already={0}) == {0, 2}
    assert hidden([8, 9, 7], already={0, 1}) == {0, 1}
    assert hidden([0, 9, 7], already={0}) == set()


@given(SIZES, st.sets(st.integers(0, 11)))
@settings(max_examples=200)
def test_no_small_group_is_shown(sizes: list[int], already: set[int]) -> None:
    gone = hidden(sizes, already)
    assert all(size == 0 or size >= SMALL for place, size in enumerate(sizes) if place not in gone)
    assert all(sizes[place] for place in gone)
    assert all(place in gone for place in already if place < len(sizes) and sizes[place])


@pytest.mark.parametrize("sizes", [[4], [1, 1, 1, 1, 1], [2, 0, 2], [1, 3]])
def test_a_whole_that_says_what_is_hidden_is_hidden_too(sizes: list[int]) -> None:
    assert gives_away(sizes, hidden(sizes))
    assert not gives_away([*sizes, 9], hidden([*sizes, 9]))


@given(SIZES, st.sets(st.integers(0, 11)))
@example([1, 1, 1, 1, 1], set())
@settings(max_examples=200)
def test_no_hidden_size_follows_from_the_whole_and_what_is_shown(sizes: list[int], already: set[int]) -> None:
    gone = sorted(hidden(sizes, already))
    if not gone or gives_away(sizes, gone):  # none is hidden, or the whole is hidden too
        return
    rest = sum(sizes) - sum(size for place, size in enumerate(sizes) if place not in gone)
    assert rest >= SMALL
    for place in range(len(gone)):
        others = len(gone) - 1
        possible = [one for one in range(1, rest) if rest - one >= others]
        assert len(possible) > 1, f"the group at {place} can only be {possible}"


@given(SIZES)
@settings(max_examples=200)
def test_groups_are_joined_until_none_is_small_and_every_group_is_in_one(sizes: list[int]) -> None:
    groups = joined(sizes)
    assert [place for group in groups for place in group] == [*range(len(sizes))]
    if sum(sizes) >= SMALL:
        assert not [one for one in groups if 0 < sum(sizes[place] for place in one) < SMALL]


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], []),
        ([3], [[0]]),
        ([6, 3, 9], [[0, 1], [2]]),  # with the smaller neighbour
        ([42, 0, 3, 15], [[0], [1], [2, 3]]),  # somebody before nobody
        ([5, 0, 7], [[0], [1], [2]]),
        ([1, 2, 1], [[0, 1, 2]]),
    ],
)
def test_a_small_group_is_joined_with_the_smaller_of_its_neighbours(
    sizes: list[int], groups: list[list[int]]
) -> None:
    assert [[*one] for one in joined(sizes)] == groups
