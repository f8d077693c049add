from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.alike import different, hours_together, likings, same, shared_minutes, tongues
from onboarding.domain.calendars import Calendar
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.preferences import NOTHING_SAID, STRETCHES, Away, Preferences
from onboarding.domain.shifts import Shifts
from tests.domain.shared_hours import common_minutes as common_on
from tests.worlds import person

ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Pago_Pago", "Etc/GMT-14"]
)
HOURS = st.tuples(st.integers(0, 22), st.integers(0, 22)).map(
    lambda two: WorkingHours(start=time(min(two)), end=time(max(two) + 1))
)
people = st.builds(lambda zone, hours: person("somebody", {"time_zone": zone}, working_hours=hours), ZONES, HOURS)
stretches = st.sampled_from(STRETCHES)
says = st.just(NOTHING_SAID) | st.builds(Preferences, flexible_before=stretches, flexible_after=stretches)
days = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@given(people, people, days)
@settings(deadline=None)
def test_the_least_of_four_weeks_counts_and_is_the_same_from_both_sides(
    one: Person, other: Person, day: date
) -> None:
    weeks = [day + timedelta(weeks=week) for week in range(4)]
    least = min(common_on(Calendar.of(one), Calendar.of(other), week) for week in weeks)
    assert shared_minutes(one, other, day) == shared_minutes(other, one, day) == least


@given(people, people, says, says, days)
@settings(deadline=None)
def test_what_both_allow_counts_as_their_calendars_have_it(
    one: Person, other: Person, near: Preferences, far: Preferences, day: date
) -> None:
    a = Calendar.of(one).stretched(near.flexible_before, near.flexible_after)
    b = Calendar.of(other).stretched(far.flexible_before, far.flexible_after)
    least = min(common_on(a, b, day + timedelta(weeks=week)) for week in range(4))
    assert shared_minutes(one, other, day, near, far) == shared_minutes(other, one, day, far, near) == least
    assert least >= shared_minutes(one, other, day)


@given(st.lists(st.tuples(people, says), min_size=1, max_size=6), days)
@settings(deadline=None)
def test_columns_of_shifts_tell_the_same(known: list[tuple[Person, Preferences]], day: date) -> None:
    shifts = Shifts([one for one, _ in known], [said for _, said in known])
    for (one, near), (other, far) in pairwise([*known, known[0]]):
        place = shifts.of(other, far)
        minutes, allowed = shared_minutes(one, other, day), shared_minutes(one, other, day, near, far)
        assert shifts.shared(one, day)[place] == minutes
        assert shifts.allowed(one, near, day)[place] == allowed
        hours, more = hours_together(minutes, allowed)
        assert shifts.hours(one, near, day)[place] == hours + (more > 0)


def test_hours_that_people_only_allow_are_named_where_they_share_no_other() -> None:
    minutes = ((59, 59), (59, 180), (60, 180), (125, 125))
    assert [hours_together(*each) for each in minutes] == [(0, 0), (0, 3), (1, 0), (2, 0)]


def test_berlin_and_new_york_lose_no_hour_in_the_weeks_between_their_changes_of_clocks() -> None:
    berlin = person("berlin", {"time_zone": "Europe/Berlin"})
    york = person("york", {"time_zone": "America/New_York"})
    assert shared_minutes(berlin, york, date(2027, 2, 1)) == 2 * 60
    assert shared_minutes(berlin, york, date(2027, 3, 15)) == 2 * 60  # three hours until 28 March, two after


def test_an_unknown_zone_has_no_hours_in_common_with_anybody() -> None:
    lost = person("lost", {"time_zone": "Atlantis/Capital"})
    assert shared_minutes(lost, person("b"), date(2027, 2, 1)) == 0
    assert shared_minutes(lost, lost, date(2027, 2, 1)) == 0


@pytest.mark.parametrize(
    ("one", "other", "alike", "unlike"),
    [
        ("Sales", " sales ", True, False),
        ("Sales", "Care", False, True),
        ("", "", False, False),
        ("a", "", False, False),
    ],
)
def test_an_unknown_text_is_neither_the_same_nor_another(
    one: str, other: str, *, alike: bool, unlike: bool
) -> None:
    assert (same(one, other), different(one, other)) == (alike, unlike)


def test_a_variety_of_a_language_is_that_language() -> None:
    speaker = person("a", language="pt-BR")
    assert tongues(speaker, Preferences(languages=("en_GB", " ", "De"))) == {"pt", "en", "de"}


def test_interests_are_compared_without_case_and_told_as_written() -> None:
    assert likings(person("a", interests=("Board  Games ", "", "TEA"))) == {
        "board games": "Board  Games",
        "tea": "TEA",
    }


def test_an_absence_and_a_capacity_must_be_possible() -> None:
    with pytest.raises(ValueError, match="before it ends"):
        Away(first=date(2027, 1, 2), last=date(2027, 1, 1))
    with pytest.raises(ValueError, match="cannot be negative"):
        Preferences(capacity=-1)
    for minutes in (-30, 45, 180):
        with pytest.raises(ValueError, match="stretch"):
            Preferences(flexible_before=minutes)
        with pytest.raises(ValueError, match="stretch"):
            Preferences(flexible_after=minutes)
