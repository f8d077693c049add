from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar, minute_of
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.slots import Busy, Seat, find_slot, share_no_hour, suggestions, suits
from tests.domain import every_quarter
from tests.domain.every_quarter import cheapest

COFFEE = 25
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Asia/Jerusalem")
LEAST, MOST = datetime(2026, 3, 1, tzinfo=UTC), timedelta(days=45)  # three changes of clocks lie in between
ANYWHERE = sorted(available_timezones())


def calendar(zone: str = "UTC", country: str = "", hours: WorkingHours | None = None) -> Calendar:
    person = Person(
        id="p-1", first_name="Ada", time_zone=zone, country=country, working_hours=hours or WorkingHours()
    )
    return Calendar.of(person)


@st.composite
def working_hours(draw: st.DrawFn) -> WorkingHours:
    """Three hours or more at any time of the day, the nights in which the clocks change included."""
    start = draw(st.integers(0, 20))
    end = draw(st.integers(start + 3, 23))
    minute = draw(st.sampled_from([0, 15, 20, 45]))
    return WorkingHours(start=time(start, minute), end=time(end, minute))


stretches = st.just(0) | st.sampled_from([30, 60, 90, 120])


@st.composite
def seats(draw: st.DrawFn) -> Seat:
    who = calendar(
        draw(st.sampled_from(ZONES)), draw(st.sampled_from(["", "DE", "IL", "SA"])), draw(working_hours())
    )
    appointments = st.tuples(st.integers(0, 45 * 96 * 15), st.integers(0, 200), st.booleans(), st.booleans())
    busy = tuple(
        Busy(
            start=LEAST + timedelta(minutes=begins),
            end=LEAST + timedelta(minutes=begins + length, seconds=begins % 3),
            meeting=meeting,
            tentative=tentative,
        )
        for begins, length, meeting, tentative in draw(st.lists(appointments, max_size=12))
    )
    return Seat(
        person_id=draw(st.sampled_from("abcdef")),
        calendar=who,
        busy=busy,
        is_hire=draw(st.booleans()),
        flexible_before=draw(stretches),
        flexible_after=draw(stretches),
    )


tables = st.lists(seats(), min_size=1, max_size=3, unique_by=lambda seat: seat.person_id)
starts = st.integers(0, int(MOST.total_seconds())).map(lambda seconds: LEAST + timedelta(seconds=seconds))
spans = st.integers(0, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))

UNHURRIED = settings(deadline=None, max_examples=50)
"""Asking for every quarter of an hour one by one takes longer than Hypothesis allows on a busy machine."""


class TestExactness:
    @UNHURRIED
    @given(tables, starts, spans, st.sampled_from([15, 25, 60]))
    def test_no_quarter_of_an_hour_is_kinder(
        self, table: list[Seat], earliest: datetime, span: timedelta, minutes: int
    ) -> None:
        latest = earliest + span
        found = find_slot(table, minutes=minutes, earliest=earliest, latest=latest)
        expected = cheapest(table, minutes, earliest, latest)
        if expected is None or found is None:
            assert found == expected
            return
        assert earliest <= found.starts_at < found.ends_at <= latest
        assert found.ends_at - found.starts_at == timedelta(minutes=minutes)
        assert all(every_quarter.suits(seat, found.starts_at, found.ends_at) for seat in table)
        assert abs(found.cost - expected.cost) < 0.002
        assert (found.starts_at == expected.starts_at) or found.cost != expected.cost

    @UNHURRIED
    @given(seats(), starts, st.sampled_from([15, 25, 60]))
    def test_a_meeting_that_stands_suits_by_the_same_rule(self, seat: Seat, start: datetime, minutes: int) -> None:
        end = start + timedelta(minutes=minutes)
        assert suits(seat, start, end) is every_quarter.suits(seat, start, end)

    @UNHURRIED
    @given(tables, starts, spans, st.sampled_from([15, 25, 60]))
    def test_people_share_no_hour_when_none_suits_them_however_free_they_are(
        self, table: list[Seat], earliest: datetime, span: timedelta, minutes: int
    ) -> None:
        latest = earliest + span
        free = [replace(seat, busy=()) for seat in table]
        apart = share_no_hour(table, minutes=minutes, earliest=earliest, latest=latest)
        assert apart is (cheapest(free, minutes, earliest, latest) is None)

    @UNHURRIED
    @given(tables, starts, spans)
    def test_the_order_of_seats_and_appointments_does_not_matter(
        self, table: list[Seat], earliest: datetime, span: timedelta
    ) -> None:
        first = find_slot(table, minutes=COFFEE, earliest=earliest, latest=earliest + span)
        other = [replace(seat, busy=tuple(reversed(seat.busy))) for seat in reversed(table)]
        assert find_slot(other, minutes=COFFEE, earliest=earliest, latest=earliest + span) == first

    @UNHURRIED
    @given(tables, starts, spans)
    def test_suggestions_are_good_slots_of_other_days(
        self, table: list[Seat], earliest: datetime, span: timedelta
    ) -> None:
        best = find_slot(table, minutes=COFFEE, earliest=earliest, latest=earliest + span)
        more = suggestions(table, minutes=COFFEE, earliest=earliest, latest=earliest + span)
        assert len(more) <= 3
        assert best is not None or not more
        assert more == sorted(more, key=lambda slot: slot.starts_at)
        for slot in more:
            assert all(every_quarter.suits(seat, slot.starts_at, slot.ends_at) for seat in table)
            assert best is not None
            assert slot.cost >= best.cost
        hire = min(table, key=lambda seat: (not seat.is_hire, seat.person_id)).calendar
        slots = [*more, best] if best else more
        assert len({hire.day_of(slot.starts_at) for slot in slots}) == len(slots)

    def test_a_dozen_people_get_the_kindest_hour_of_all(self) -> None:
        cohort = dozen()
        earliest, latest = LEAST, LEAST + timedelta(days=7)
        found = find_slot(cohort, minutes=COFFEE, earliest=earliest, latest=latest)
        assert found is not None
        assert found == cheapest(cohort, COFFEE, earliest, latest)


def dozen() -> list[Seat]:
    """Twelve people from Lisbon to Lagos and Nairobi, each with appointments of their own."""
    zones = (("Europe/Lisbon", "PT"), ("Europe/Berlin", "DE"), ("Africa/Lagos", "NG"), ("Africa/Nairobi", "KE"))

    def busy(nth: int) -> tuple[Busy, ...]:
        begins = (LEAST + timedelta(minutes=430 * n + 95 * nth) for n in range(24))
        return tuple(
            Busy(start=start, end=start + timedelta(minutes=30), tentative=nth % 2 == 1) for start in begins
        )

    return [
        Seat(person_id=f"p-{n:02}", calendar=calendar(*zones[n % 4]), busy=busy(n), is_hire=n in (3, 4))
        for n in range(12)
    ]


class TestAnywhere:
    """All zones that there are, and the days on which their clocks change."""

    def test_every_zone_lies_a_multiple_of_a_quarter_from_utc(self) -> None:
        middles = [datetime(year, month, 15, tzinfo=UTC) for year in range(2020, 2037) for month in (1, 4, 7, 10)]
        for name in ANYWHERE:
            zone = ZoneInfo(name)
            offsets = (middle.astimezone(zone).utcoffset() or timedelta() for middle in middles)
            assert not any(offset % timedelta(minutes=15) for offset in offsets), name

    @settings(deadline=None, max_examples=200)
    @given(st.data())
    def test_nobody_meets_outside_their_hours_in_any_zone_however_clocks_change(self, data: st.DataObject) -> None:
        table = [
            Seat(
                person_id=str(n),
                calendar=calendar(data.draw(st.sampled_from(ANYWHERE)), hours=data.draw(working_hours())),
                is_hire=n == 0,
                flexible_before=data.draw(stretches),
                flexible_after=data.draw(stretches),
            )
            for n in range(data.draw(st.integers(1, 2)))
        ]
        zone = table[-1].calendar.zone
        changes = days_of_change(zone.key, data.draw(st.integers(2020, 2036)))
        day = data.draw(st.sampled_from(changes)) if changes else date(2026, 3, 2)
        earliest = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=1)
        found = find_slot(table, minutes=COFFEE, earliest=earliest, latest=earliest + timedelta(days=4))
        if found is not None:
            check_clocks(table, found.starts_at, found.ends_at)

    def test_offices_in_every_zone_of_the_world_never_meet_at_night(self) -> None:
        berlin = Seat(person_id="hire", calendar=calendar("Europe/Berlin", "DE"), is_hire=True)
        for name in ANYWHERE:
            table = [berlin, Seat(person_id="other", calendar=calendar(name))]
            earliest = datetime(2026, 10, 23, tzinfo=UTC)  # the clocks of Europe change on the 25th
            latest = earliest + timedelta(days=6)
            found = find_slot(table, minutes=COFFEE, earliest=earliest, latest=latest)
            apart = share_no_hour(table, minutes=COFFEE, earliest=earliest, latest=latest)
            assert apart is (found is None), name
            if found is not None:
                check_clocks(table, found.starts_at, found.ends_at)


def check_clocks(table: Sequence[Seat], start: datetime, end: datetime) -> None:
    """On everybody's wall clock the meeting lies inside the hours of one day, and never in their night."""
    for seat in table:
        zone, hours = seat.calendar.zone, seat.calendar.hours
        opens, closes = minute_of(hours.start), minute_of(hours.end)
        allowed = range(opens - seat.flexible_before, closes + seat.flexible_after)
        by_day = range(min(opens, 6 * 60), max(closes, 22 * 60))
        minutes = [start + timedelta(minutes=n) for n in range((end - start) // timedelta(minutes=1))]
        for moment in (one.astimezone(zone) for one in minutes):
            assert minute_of(moment.time()) in allowed
            assert minute_of(moment.time()) in by_day
            assert seat.calendar.is_working_day(moment.date())


@lru_cache(maxsize=1024)
def days_of_change(zone: str, year: int) -> list[date]:
    noons = [datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=n) for n in range(365)]
    return [later.date() for noon, later in pairwise(noons) if noon.utcoffset() != later.utcoffset()]


class TestStories:
    """Hours as people see them on their own clocks."""

    @staticmethod
    def clocks(day: str, *zones: tuple[str, str], days: int = 1, minutes: int = 60) -> list[str]:
        """When these people meet, on each one's clock; the first is the newcomer."""
        table = [Seat(person_id=str(n), calendar=calendar(*zone), is_hire=n == 0) for n, zone in enumerate(zones)]
        first = table[0].calendar
        earliest = first.moment(date.fromisoformat(day), time())
        latest = first.moment(date.fromisoformat(day) + timedelta(days=days), time())
        found = find_slot(table, minutes=minutes, earliest=earliest, latest=latest)
        return [f"{found.starts_at.astimezone(seat.calendar.zone):%a %H:%M}" for seat in table] if found else []

    def test_new_york_and_berlin_are_five_hours_apart_between_their_clock_changes_in_spring(self) -> None:
        pair = (("America/New_York", "US"), ("Europe/Berlin", "DE"))
        assert self.clocks("2026-03-06", *pair) == ["Fri 09:45", "Fri 15:45"]  # six hours
        assert self.clocks("2026-03-11", *pair) == ["Wed 10:00", "Wed 15:00"]  # New York has moved, Berlin has not
        assert self.clocks("2026-04-01", *pair) == ["Wed 09:45", "Wed 15:45"]  # six hours again

    def test_and_for_a_week_in_autumn(self) -> None:
        pair = (("America/New_York", "US"), ("Europe/Berlin", "DE"))
        assert self.clocks("2026-10-21", *pair) == ["Wed 09:45", "Wed 15:45"]
        assert self.clocks("2026-10-28", *pair) == ["Wed 10:00", "Wed 15:00"]  # Berlin has moved, New York has not
        assert self.clocks("2026-11-04", *pair) == ["Wed 09:45", "Wed 15:45"]

    def test_kathmandu_meets_berlin_on_the_quarters_of_both(self) -> None:
        assert self.clocks("2026-03-04", ("Asia/Kathmandu", "NP"), ("Europe/Berlin", "DE"), minutes=25) == [
            "Wed 14:45",
            "Wed 10:00",
        ]

    def test_lord_howe_moves_its_clocks_by_half_an_hour(self) -> None:
        pair = (("Australia/Lord_Howe", "AU"), ("Asia/Tokyo", "JP"))
        assert self.clocks("2026-04-01", *pair, minutes=25) == [
            "Wed 13:00",
            "Wed 11:00",
        ]  # two hours
        assert self.clocks("2026-04-08", *pair, minutes=25) == ["Wed 11:30", "Wed 10:00"]  # one and a half

    def test_who_is_off_on_friday_and_saturday_meets_others_from_monday_to_thursday(self) -> None:
        pair = (("Africa/Cairo", "EG"), ("Europe/Berlin", "DE"))
        week = [date(2026, 3, 6) + timedelta(days=n) for n in range(7)]  # a Friday
        met = [self.clocks(str(day), *pair, minutes=25) for day in week]
        assert [bool(one) for one in met] == [False, False, False, True, True, True, True]
        assert met[3] == ["Mon 11:30", "Mon 10:30"]
        assert self.clocks("2026-03-08", ("Africa/Cairo", "EG"), minutes=25) == ["Sun 10:30"]
