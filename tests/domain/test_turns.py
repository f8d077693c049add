from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar, minute_of
from onboarding.domain.discomfort import IN_TURN, steepness
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.slots import Busy, Seat, find_slot
from onboarding.domain.turns import bent, weights

COFFEE = timedelta(minutes=25)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)


def calendar(zone: str, start: int = 9, end: int = 17) -> Calendar:
    hours = WorkingHours(start=time(start), end=time(end))
    return Calendar.of(Person(id="p", first_name="Ada", time_zone=zone, working_hours=hours))


UTC_9_TO_5 = calendar("UTC")
BERLIN, MANILA = calendar("Europe/Berlin"), calendar("Asia/Manila")
LAGOS = calendar("Africa/Lagos")  # one hour in common with Manila, the whole year


def at(hour: int, minute: int = 0, *, weeks: int = 0) -> tuple[datetime, datetime]:
    start = MONDAY - weeks * WEEK + timedelta(hours=hour, minutes=minute)
    return start, start + COFFEE


class TestMinutes:
    @pytest.mark.parametrize(
        ("meetings", "minutes"),
        [
            ([at(12)], 0),  # the middle of the day
            ([at(10), at(15, 35)], 0),  # just inside it
            ([at(9)], 25),  # the very edge
            ([at(16, 35)], 25),
            ([at(9, 30)], 6.25),  # half way
            ([at(8)], 100),  # an hour outside
            ([at(9, weeks=1)], 12.5),  # a week ago
            ([at(9, weeks=2), at(9)], 31.25),
            ([at(9, weeks=-1)], 12.5),  # one that is planned already
            ([at(9, weeks=13)], 0),  # forgotten
        ],
    )
    def test_it_counts_minutes_at_the_edge_and_the_newest_most(
        self, meetings: list[tuple[datetime, datetime]], minutes: float
    ) -> None:
        found = bent(UTC_9_TO_5, meetings, MONDAY + timedelta(hours=9))
        assert found == pytest.approx(minutes, rel=0.05, abs=0.05)

    def test_it_is_told_on_the_clock_of_each(self) -> None:
        early = [at(8)]  # 09:00 in Berlin, 16:00 in Manila
        assert bent(BERLIN, early, MONDAY) > 20
        assert bent(MANILA, early, MONDAY) < 5

    def test_only_who_bent_more_than_the_others_counts_more(self) -> None:
        assert weights([0.0, 0.0]) == [1, 1]
        assert weights([40.0, 40.0, 40.0]) == [1, 1, 1]
        assert weights([10.0, 0.0]) == pytest.approx([1 + (IN_TURN - 1) * 10 / 11, 1])


def weekly(seats: Mapping[str, Calendar], hire: str, weeks: int) -> list[dict[str, float]]:
    """How steep each week's meeting was for each, when people meet every week; the book is all that is kept."""
    book: list[Busy] = []
    found = []
    for week in range(weeks):
        monday = MONDAY + week * WEEK
        table = [
            Seat(person_id=one, calendar=their, busy=tuple(book), is_hire=one == hire)
            for one, their in seats.items()
        ]
        slot = find_slot(table, minutes=25, earliest=monday, latest=monday + timedelta(days=5))
        assert slot is not None
        book.append(Busy(start=slot.starts_at, end=slot.ends_at, meeting=True))
        found.append({one: steep(their, slot.starts_at) for one, their in seats.items()})
    return found


def steep(calendar: Calendar, start: datetime) -> float:
    hours = minute_of(calendar.hours.start), minute_of(calendar.hours.end)
    return steepness(minute_of(start.astimezone(calendar.zone).time()), 25, hours)


class TestAlternation:
    def test_the_newcomer_has_the_kinder_hour_first_and_then_they_take_turns(self) -> None:
        met = weekly({"ines": MANILA, "ben": LAGOS}, "ines", 12)  # one hour in common
        assert met[0]["ines"] < met[0]["ben"]
        for last, this in pairwise(met):
            bent_last = max(last, key=lambda one: last[one])
            assert this[bent_last] < last[bent_last]
            assert max(this, key=lambda one: this[one]) != bent_last

    def test_two_colleagues_take_turns_too(self) -> None:
        for last, this in pairwise(weekly({"ada": MANILA, "bo": LAGOS}, "", 12)):
            bent_last = max(last, key=lambda one: last[one])
            assert max(this, key=lambda one: this[one]) != bent_last

    def test_where_a_kind_hour_is_free_for_both_nobody_bends(self) -> None:
        assert all(one == {"a": 0, "b": 0} for one in weekly({"a": BERLIN, "b": UTC_9_TO_5}, "a", 4))

    def test_whoever_bent_for_others_has_the_kinder_hour_with_the_next(self) -> None:
        bent_for_another = Busy(start=MONDAY - timedelta(days=3, hours=-8), end=MONDAY, meeting=True)
        one = Busy(start=bent_for_another.start, end=bent_for_another.start + COFFEE, meeting=True)
        berlin = Seat(person_id="ben", calendar=BERLIN, busy=(one,))
        manila = Seat(person_id="ines", calendar=MANILA, is_hire=True)
        slot = find_slot((berlin, manila), minutes=25, earliest=MONDAY, latest=MONDAY + timedelta(days=5))
        assert slot is not None
        assert f"{slot.starts_at.astimezone(BERLIN.zone):%H:%M}" == "09:30"
        free = Seat(person_id="ben", calendar=BERLIN)
        slot = find_slot((free, manila), minutes=25, earliest=MONDAY, latest=MONDAY + timedelta(days=5))
        assert slot is not None
        assert f"{slot.starts_at.astimezone(BERLIN.zone):%H:%M}" == "09:00"

    @settings(deadline=None, max_examples=50)
    @given(
        st.sampled_from(["Europe/Berlin", "Asia/Manila", "Asia/Kathmandu", "America/New_York", "Africa/Nairobi"]),
        st.integers(6, 11),
        st.sampled_from([0.0, 5.0, 25.0, 60.0]),
    )
    def test_who_bent_more_never_gets_a_less_kind_hour_for_it(self, zone: str, start: int, hours: float) -> None:
        early = MONDAY - timedelta(days=4) + timedelta(hours=9)
        before = Busy(start=early, end=early + timedelta(minutes=hours), meeting=True)
        their, other = calendar(zone, start, start + 8), UTC_9_TO_5
        found = [
            find_slot(
                (Seat(person_id="a", calendar=other, busy=busy), Seat(person_id="b", calendar=their)),
                minutes=25,
                earliest=MONDAY,
                latest=MONDAY + timedelta(days=1),
            )
            for busy in ((before,), ())
        ]
        if found[0] is not None and found[1] is not None:
            assert steep(other, found[0].starts_at) <= steep(other, found[1].starts_at)
