"""Who may be chosen for what, on which day?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.assignment import assign
from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.matching_weights import DEFAULTS
from onboarding.domain.people import Role
from onboarding.domain.preferences import (
    COFFEE,
    FIRST_DAYS,
    NOTHING_SAID,
    PROGRAMMES,
    ROLES,
    Away,
    Preferences,
    kept_apart,
    may_take,
    why_not,
)
from tests.worlds import person

DAY = date(2027, 1, 4)
ADA = person("ada")


def test_whoever_says_nothing_takes_roles_and_no_coffee() -> None:
    assert {one for one in PROGRAMMES if may_take(one, ADA, NOTHING_SAID, DAY)} == set(ROLES)
    assert may_take(COFFEE, ADA, Preferences(opted_in=frozenset({COFFEE})), DAY)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_no_to_one_programme_is_a_no_to_that_one_only(programme: str) -> None:
    said = Preferences(opted_in=frozenset(PROGRAMMES), opted_out=frozenset({programme}))
    assert [one for one in PROGRAMMES if not may_take(one, ADA, said, DAY)] == [programme]


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_no_to_everything_counts_for_each_programme(programme: str) -> None:
    said = Preferences(opted_in=frozenset(PROGRAMMES))
    assert why_not(programme, person("ada", opted_out=True), said, DAY) == "who opted out"


def test_a_pause_ends_by_itself_on_its_day() -> None:
    said = Preferences(paused_until=DAY)
    assert [may_take(Role.BUDDY, ADA, said, DAY + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, True]
    assert why_not(Role.BUDDY, ADA, said, DAY - timedelta(days=1)) == "who pause"


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [(-9, -1, True), (-9, 0, False), (FIRST_DAYS - 1, 30, False), (FIRST_DAYS, 30, True), (-9, 30, False)],
)
def test_days_away_count_when_they_touch_the_first_days(first: int, last: int, free: bool) -> None:  # noqa: FBT001 -- a table
    away = Away(first=DAY + timedelta(days=first), last=DAY + timedelta(days=last))
    assert may_take(Role.PEER, ADA, Preferences(away=(away,)), DAY) is free


def test_a_capacity_of_nobody_leaves_coffee() -> None:
    said = Preferences(capacity=0, opted_in=frozenset({COFFEE}))
    assert [one for one in PROGRAMMES if may_take(one, ADA, said, DAY)] == [COFFEE]


def test_two_are_kept_apart_whichever_of_them_it_was_said_for() -> None:
    said = Preferences(excluded=frozenset({"bo"}))
    assert kept_apart("ada", said, "bo", NOTHING_SAID)
    assert kept_apart("bo", NOTHING_SAID, "ada", said)
    assert not kept_apart("ada", said, "cy", NOTHING_SAID)


DAYS = st.dates(date(2026, 12, 1), date(2027, 2, 1))
SAYINGS = st.builds(
    Preferences,
    opted_in=st.frozensets(st.sampled_from(PROGRAMMES)),
    opted_out=st.frozensets(st.sampled_from(PROGRAMMES)),
    paused_until=st.none() | DAYS,
    capacity=st.none() | st.integers(0, 3),
    excluded=st.frozensets(st.sampled_from(["new", "p0", "p1"])),
    away=st.lists(st.tuples(DAYS, DAYS).map(lambda days: Away(first=min(days), last=max(days)))).map(tuple),
)


@given(
    role=st.sampled_from(ROLES),
    said=st.dictionaries(st.sampled_from(["new", "p0", "p1", "p2"]), SAYINGS),
    load=st.dictionaries(st.sampled_from(["p0", "p1", "p2"]), st.integers(0, 3)),
)
def test_whoever_is_found_agreed_to_it(role: Role, said: dict[str, Preferences], load: dict[str, int]) -> None:
    company = [
        Colleague(
            person=person(f"p{number}"),
            preferences=said.get(f"p{number}", NOTHING_SAID),
            load=load.get(f"p{number}", 0),
        )
        for number in range(3)
    ]
    mine = said.get("new", NOTHING_SAID)
    need = Need(hire=person("new"), day=DAY, preferences=mine)
    match = assign(Wanted(role=role, weights=DEFAULTS[role]), [need], company)["new"]
    known = {one.person.id: one for one in company}
    for one in filter(None, (match.person_id, *match.alternatives)):
        theirs = known[one].preferences
        assert may_take(role, known[one].person, theirs, DAY)
        assert not kept_apart("new", mine, one, theirs)
        assert known[one].load < (2 if theirs.capacity is None else theirs.capacity)
