from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.domain.measures import (
    FEWER,
    Became,
    Cohort,
    Met,
    Newcomer,
    bucket_of,
    buckets,
    by_buddy,
    by_kind,
    by_month,
    first_meeting,
    tally,
)

FIRST = date(2027, 1, 4)


def met(hire_id: str = "n1", became: Became = Became.HELD, *, day: int = 1, **more: object) -> Met:
    plain = Met(
        hire_id=hire_id, kind="coffee", people=(hire_id, "bo"), day=FIRST + timedelta(days=day), became=became
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # tests vary what they like


def newcomer(name: str = "n1", **more: object) -> Newcomer:
    plain = Newcomer(id=name, first_day=FIRST, started=True, buddies=frozenset({"bo"}))
    return replace(plain, **more)  # type: ignore[arg-type]  # as above


def test_every_meeting_is_counted_once_and_only_a_yes_makes_it_held() -> None:
    found = tally(met(became=became) for became in Became)
    assert (found.planned, found.asked, found.cancelled, found.exchanged) == (5, 3, 1, 1)
    assert (found.held, found.not_held, found.unanswered, found.not_asked, found.to_come) == (1, 1, 1, 1, 1)


def test_kinds_are_counted_apart() -> None:
    found = by_kind([met(), met(kind="round", became=Became.NOT_ASKED), met()])
    assert (found["coffee"].held, found["round"].held, found["round"].not_asked) == (2, 0, 1)


@pytest.mark.parametrize(
    ("count", "name"),
    [(0, "0"), (1, "1"), (2, "2-3"), (3, "2-3"), (4, "4-8"), (8, "4-8"), (9, "more"), (50, "more")],
)
def test_a_number_of_meetings_has_one_bucket(count: int, name: str) -> None:
    assert bucket_of(count) == name


def test_buckets_count_newcomers_who_have_begun_by_planned_held_and_held_with_the_buddy() -> None:
    people = [newcomer("n1"), newcomer("n2"), newcomer("later", started=False)]
    theirs = {
        "n1": [met(), met(people=("n1", "else")), met(became=Became.NOT_HELD), met(became=Became.CANCELLED)],
        "later": [met("later", Became.TO_COME)],
    }
    found = {one.meetings: (one.planned, one.held, one.held_with_buddy) for one in buckets(people, theirs)}
    assert found == {"0": (1, 1, 1), "1": (0, 0, 1), "2-3": (1, 1, 0), "4-8": (0, 0, 0), "more": (0, 0, 0)}


def test_a_buddy_has_the_meetings_with_their_newcomers_in_which_they_were() -> None:
    people = [newcomer("n1"), newcomer("n2", buddies=frozenset({"bo", "cy"})), newcomer("n3", buddies=frozenset())]
    theirs = {
        "n1": [met(), met(people=("n1", "else"))],
        "n2": [met("n2", people=("n2", "cy")), met("n2", Became.NOT_ASKED)],
        "n3": [met("n3")],
    }
    found = {
        one.person_id: (one.newcomers, one.meetings.planned, one.meetings.held) for one in by_buddy(people, theirs)
    }
    assert found == {"bo": (2, 2, 1), "cy": (1, 1, 1)}


def test_a_month_of_fewer_than_five_tells_nothing_more() -> None:
    people = [newcomer(f"n{number}") for number in range(4)]
    assert by_month(people, {"n0": [met("n0")]}) == [Cohort(month="2027-01", newcomers=FEWER)]


def test_months_come_in_order_and_few_without_a_meeting_are_not_counted_out() -> None:
    january = [newcomer(f"n{number}") for number in range(7)]
    february = [newcomer(f"m{number}", first_day=date(2027, 2, 1)) for number in range(5)]
    theirs = {one.id: [met(one.id, day=number)] for number, one in enumerate(january[:5])}
    first, second = by_month([*february, *january], theirs)
    assert (first.month, first.newcomers, first.without, first.days) == ("2027-01", 7, "fewer than 5", 2)
    assert (second.month, second.newcomers, second.without, second.days) == ("2027-02", 5, 5, None)
    assert first.meetings is not None
    assert first.meetings.held == 5


def test_a_median_of_few_is_not_told_by_month() -> None:
    people = [newcomer(f"n{number}") for number in range(9)]
    (found,) = by_month(people, {"n0": [met("n0")]})
    assert (found.days, found.without) == (None, 8)


def test_the_first_meeting_held_counts_for_those_who_have_begun() -> None:
    people = [newcomer("n1"), newcomer("n2"), newcomer("n3"), newcomer("later", started=False)]
    theirs = {
        "n1": [met(day=9), met(day=3), met(became=Became.NOT_HELD, day=1)],
        "n2": [met("n2", day=-2)],
        "later": [met("later", day=1)],
    }
    found = first_meeting(people, theirs)
    assert (found.newcomers, found.median_days, found.longest_days, found.without) == (2, 1.5, 3, 1)
    nothing = first_meeting([], {})
    assert (nothing.newcomers, nothing.median_days, nothing.longest_days, nothing.without) == (0, None, None, 0)
