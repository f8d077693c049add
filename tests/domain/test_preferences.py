"""Who may be chosen for what, on which day?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.assignment import assign
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.matching_weights import DEFAULTS, NO_LIMITS
from onboarding.domain.people import Person, Role
from onboarding.domain.preferences import (
    FIRST_DAYS,
    NOTHING_SAID,
    PROGRAMMES,
    ROLES,
    Away,
    Preferences,
    kept_apart,
)
from onboarding.domain.rules import rule_between
from tests.worlds import person

DAY = date(2027, 1, 4)
ADA = person("ada")


def stands_between(role: str, said: Preferences, day: date = DAY, somebody: Person = ADA) -> Rule:
    """The rule by which somebody cannot have a role that begins on that day, whoever the newcomer is."""
    need, looked_for = Need(hire=person("new"), day=day), Wanted(role=role, weights=NO_LIMITS)
    return rule_between(need, Colleague(person=somebody, preferences=said), looked_for, in_line=False)


def test_whoever_says_nothing_takes_every_role() -> None:
    assert {stands_between(one, NOTHING_SAID) for one in ROLES} == {Rule.MAY}


@pytest.mark.parametrize("role", ROLES)
def test_a_no_to_one_role_is_a_no_to_that_one_only(role: str) -> None:
    said = Preferences(opted_in=frozenset(PROGRAMMES), opted_out=frozenset({role}))
    assert {one: stands_between(one, said) for one in ROLES} == {
        one: Rule.OPTED_OUT if one == role else Rule.MAY for one in ROLES
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_no_to_everything_counts_for_each_role(role: str) -> None:
    said = Preferences(opted_in=frozenset(PROGRAMMES))
    assert stands_between(role, said, somebody=person("ada", opted_out=True)) is Rule.OPTED_OUT


def test_a_pause_ends_by_itself_on_its_day() -> None:
    said = Preferences(paused_until=DAY)
    found = [stands_between(Role.BUDDY, said, DAY + timedelta(days=number)) for number in (-1, 0, 1)]
    assert found == [Rule.PAUSED, Rule.MAY, Rule.MAY]


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (-9, -1, Rule.MAY),
        (-9, 0, Rule.AWAY),
        (FIRST_DAYS - 1, 30, Rule.AWAY),
        (FIRST_DAYS, 30, Rule.MAY),
        (-9, 30, Rule.AWAY),
    ],
)
def test_days_away_count_when_they_touch_the_first_days(first: int, last: int, rule: Rule) -> None:
    away = Away(first=DAY + timedelta(days=first), last=DAY + timedelta(days=last))
    assert stands_between(Role.PEER, Preferences(away=(away,))) is rule


def test_a_capacity_of_nobody_is_full() -> None:
    assert {stands_between(one, Preferences(capacity=0)) for one in ROLES} == {Rule.FULL}


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
        assert stands_between(role, theirs, somebody=known[one].person) is Rule.MAY
        assert not kept_apart("new", mine, one, theirs)
        assert known[one].load < (2 if theirs.capacity is None else theirs.capacity)
