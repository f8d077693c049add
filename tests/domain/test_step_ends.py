from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.delivery import Ended, State, Why
from onboarding.domain.measures import SMALL
from onboarding.domain.report import AND, Line, Part
from onboarding.domain.step_ends import IN_TIME, LATE, NOT_THROUGH, OTHER, SKIPPED, became, table

WAYS: dict[str, tuple[State, Why, bool]] = {
    IN_TIME: (State.SENT, Why.NONE, True),
    LATE: (State.SENT, Why.NONE, False),
    NOT_THROUGH: (State.FAILED, Why.REFUSED, True),
    "skipped:condition": (State.SKIPPED, Why.CONDITION, True),
    "skipped:no_slot": (State.SKIPPED, Why.NO_SLOT, True),
    "skipped:opted_out": (State.SKIPPED, Why.OPTED_OUT, True),
}
Steps = Mapping[str, Mapping[str, int]]
"""How many steps each newcomer has that ended in each way."""

STEPS = st.dictionaries(
    st.sampled_from([*WAYS]),
    st.dictionaries(st.sampled_from([f"h{number}" for number in range(12)]), st.integers(1, 30), min_size=1),
)


def ended(steps: Steps) -> Iterator[Ended]:
    for way, by_hire in steps.items():
        state, why, in_time = WAYS[way]
        for hire_id, count in by_hire.items():
            yield Ended(hire_id=hire_id, state=state, why=why, in_time=in_time, deliveries=count)


def of(people: int, steps: int = 10) -> dict[str, int]:
    """So many newcomers with so many steps each; the newcomers of a smaller group are in the larger one too."""
    return {f"h{number}": steps for number in range(people)}


def told(part: Part) -> dict[str, float | None]:
    return {one.name: one.told.get("steps") for one in part.lines}


def ways_of(part: Part, line: Line, steps: Steps) -> set[str]:
    """Which ways of ending a line of the table is made of."""
    named = {name for one in part.lines for name in one.name.split(AND)}
    several = {way for way in steps if way.startswith(SKIPPED) and way not in named}
    return set(chain(*(several if name in (OTHER, SKIPPED) else {name} for name in line.name.split(AND))))


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_ending_has_a_group(way: str) -> None:
    assert [became(one) for one in ended({way: {"h1": 1}})] == [way]


def test_what_was_done_in_time_is_shown_however_many_groups_are_as_large() -> None:
    part = table(
        ended({IN_TIME: of(12, 120), LATE: of(12, 3), NOT_THROUGH: of(12, 2), "skipped:condition": of(12, 30)})
    )
    assert told(part) == {IN_TIME: 1440, LATE: 36, NOT_THROUGH: 24, "skipped:condition": 360}
    assert part.whole == Line(name="all", people=None, told={"steps": 1860})
    assert part.lines[0].told["share"] == 1440 / 1860


def test_rare_reasons_stand_together_and_the_common_one_keeps_its_name() -> None:
    part = table(
        ended(
            {
                IN_TIME: of(12, 120),
                "skipped:condition": of(12, 30),
                "skipped:no_slot": of(2, 3),
                "skipped:opted_out": {"h7": 1, "h8": 1, "h9": 1},
            }
        )
    )
    assert told(part) == {IN_TIME: 1440, "skipped:condition": 360, OTHER: 9}


def test_one_rare_reason_goes_with_the_next_so_that_nobody_can_subtract_it() -> None:
    part = table(ended({IN_TIME: of(12, 120), "skipped:condition": of(12, 30), "skipped:no_slot": of(2, 3)}))
    assert told(part) == {IN_TIME: 1440, SKIPPED: 366}


def test_few_late_steps_stand_with_those_that_did_not_get_through_and_then_with_what_was_skipped() -> None:
    both = table(ended({IN_TIME: of(12), LATE: of(2), NOT_THROUGH: of(6), "skipped:condition": of(9)}))
    assert told(both) == {IN_TIME: 120, "late + not_through": 80, "skipped:condition": 90}
    alone = table(ended({IN_TIME: of(12), LATE: of(2), "skipped:condition": of(9), "skipped:no_slot": of(8)}))
    assert told(alone) == {IN_TIME: 120, "late + skipped:no_slot": 100, "skipped:condition": 90}


def test_when_everything_else_is_of_few_newcomers_the_number_of_all_steps_alone_is_told() -> None:
    part = table(ended({IN_TIME: of(12), LATE: of(2)}))
    assert [one.is_hidden for one in part.lines] == [True, True]
    assert part.whole == Line(name="all", people=None, told={"steps": 140})


def test_nothing_is_told_of_the_steps_of_four_newcomers_or_of_none() -> None:
    part = table(ended({IN_TIME: of(4), LATE: of(4)}))
    assert part.whole is not None
    assert all(one.is_hidden for one in (*part.lines, part.whole))
    assert table([]).lines == ()


@given(STEPS)
@settings(max_examples=300)
def test_no_sum_and_no_difference_of_what_is_told_is_about_fewer_than_five_newcomers(steps: Steps) -> None:
    part = table(ended(steps))
    assert part.whole is not None
    shown = [one for one in part.lines if not one.is_hidden]
    assert all(one.people is None for one in (*part.lines, part.whole))
    for lines in chain.from_iterable(combinations(shown, count) for count in range(len(shown) + 1)):
        inside = set().union(*(ways_of(part, one, steps) for one in lines))
        assert sum(one.told["steps"] for one in lines) == sum(sum(steps[way].values()) for way in inside)
        about = [inside] if part.whole.is_hidden else [inside, set(steps) - inside]
        for ways in about:
            people = set[str]().union(*(steps[way] for way in ways))
            assert not ways or len(people) >= SMALL


@given(STEPS)
@settings(max_examples=300)
def test_what_is_not_shown_is_of_two_groups_at_least(steps: Steps) -> None:
    part = table(ended(steps))
    assert part.whole is not None
    hidden = [one for one in part.lines if one.is_hidden]
    assert len(hidden) != 1 or part.whole.is_hidden


@given(STEPS)
@settings(max_examples=300)
def test_what_was_done_in_time_is_hidden_only_where_it_or_all_else_is_of_few_newcomers(steps: Steps) -> None:
    punctual = set(steps.get(IN_TIME, {}))
    others = set[str]().union(*(theirs for way, theirs in steps.items() if way != IN_TIME))
    few = [0 < len(people) < SMALL for people in (punctual, others)]
    shown = [one for one in table(ended(steps)).lines if one.name == IN_TIME and not one.is_hidden]
    assert len(shown) == (bool(punctual) and not any(few))
