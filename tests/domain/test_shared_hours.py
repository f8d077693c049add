from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.shared_hours import share_an_hour
from onboarding.domain.slots import Seat, find_slot

MONDAY = datetime(2027, 1, 11, tzinfo=UTC)
WEEK = timedelta(days=7)


def calendar(zone: str, start: int = 9, end: int = 17, country: str = "") -> Calendar:
    hours = WorkingHours(start=time(start), end=time(end))
    return Calendar.of(Person(id="p", first_name="Ada", time_zone=zone, country=country, working_hours=hours))


def share(*calendars: Calendar, earliest: datetime = MONDAY, days: int = 5, minutes: int = 25) -> bool:
    return share_an_hour(calendars, minutes=minutes, earliest=earliest, latest=earliest + timedelta(days=days))


@pytest.mark.parametrize(
    ("zones", "found"),
    [
        (["Asia/Manila", "Europe/Berlin"], True),
        (["Asia/Manila", "America/Chicago"], False),
        (["Europe/Berlin", "America/Chicago"], True),
        (["Asia/Manila", "Europe/Berlin", "America/Chicago"], False),
        (["Pacific/Auckland", "Pacific/Honolulu"], True),  # it is yesterday in Honolulu
        (["Asia/Kolkata", "Asia/Kathmandu"], True),
    ],
)
def test_the_clocks_decide_who_can_ever_meet(zones: list[str], found: bool) -> None:  # noqa: FBT001 -- a table
    assert share(*(calendar(zone) for zone in zones)) is found


def test_an_overlap_that_is_too_short_is_none() -> None:
    early, late = calendar("UTC", 8, 12), calendar("UTC", 11, 17)
    assert share(early, late, minutes=60)
    assert not share(early, late, minutes=61)


def test_days_off_are_a_matter_of_the_week_and_not_of_the_people() -> None:
    new_year = datetime(2026, 12, 31, 18, tzinfo=UTC)
    at_home = calendar("Europe/Berlin", country="DE")
    window = new_year, new_year + timedelta(hours=20)
    assert (
        find_slot([Seat(person_id="p", calendar=at_home)], minutes=25, earliest=window[0], latest=window[1])
        is None
    )
    assert share_an_hour([at_home, at_home], minutes=25, earliest=window[0], latest=window[1])


def test_in_another_month_the_clocks_may_have_another_answer() -> None:
    berlin, chicago = calendar("Europe/Berlin", 9, 15), calendar("America/Chicago", 8, 16)
    assert share(
        berlin, chicago, earliest=datetime(2027, 3, 15, tzinfo=UTC)
    )  # Chicago is in summer, Berlin is not
    assert not share(berlin, chicago, earliest=datetime(2027, 1, 11, tzinfo=UTC))


@settings(max_examples=50, deadline=None)
@given(
    zones=st.lists(st.integers(-12, 12), min_size=2, max_size=3),
    starts=st.lists(st.integers(0, 15), min_size=3, max_size=3),
    lengths=st.lists(st.integers(1, 8), min_size=3, max_size=3),
)
def test_whoever_has_a_slot_in_a_plain_week_shares_an_hour_and_nobody_else(
    zones: list[int], starts: list[int], lengths: list[int]
) -> None:
    calendars = [
        calendar(f"Etc/GMT{zone:+}", start, start + length)
        for zone, start, length in zip(zones, starts, lengths, strict=False)
    ]
    seats = [Seat(person_id=f"p-{number}", calendar=one) for number, one in enumerate(calendars)]
    slot = find_slot(seats, minutes=25, earliest=MONDAY - timedelta(days=2), latest=MONDAY + WEEK)
    assert share(*calendars, days=7) is (slot is not None)
