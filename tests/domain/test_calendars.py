from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar, day_of_step
from onboarding.domain.errors import BadRecord
from onboarding.domain.journey import Count, Span, Unit
from onboarding.domain.people import Person, WorkingHours

ZONES = (
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/St_Johns",
    "America/Nuuk",
    "America/Santiago",
    "Europe/Berlin",
    "Europe/Dublin",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Jerusalem",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
COUNTRIES = ("", "US", "DE", "PH", "SA", "IL", "EG", "IR", "NP", "BN", "AE", "CL", "XX")


def clock_changes(zone: ZoneInfo) -> set[date]:
    """The days of three years on which the clocks of a zone change."""
    noons = [datetime(2025, 1, 1, 12, tzinfo=zone) + timedelta(days=n) for n in range(3 * 365)]
    return {later.date() for noon, later in pairwise(noons) if noon.utcoffset() != later.utcoffset()}


CHANGES = sorted(set[date]().union(*(clock_changes(ZoneInfo(zone)) for zone in ZONES)))

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2039, 12, 31)) | st.sampled_from(CHANGES)
times = st.builds(time, st.integers(0, 3) | st.integers(0, 23), st.integers(0, 59), fold=st.integers(0, 1))
moments = st.builds(
    lambda day, seconds: datetime.combine(day, time(), tzinfo=UTC) + timedelta(seconds=seconds),
    days,
    st.integers(0, 24 * 60 * 60 - 1),
)


@st.composite
def working_hours(draw: st.DrawFn) -> WorkingHours:
    """Four hours or more, at any time of the day, the nights in which the clocks change included."""
    start = draw(st.integers(0, 4 * 60) | st.integers(0, 19 * 60))
    end = draw(st.integers(start + 240, 24 * 60 - 1))
    return WorkingHours(start=time(start // 60, start % 60), end=time(end // 60, end % 60))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    return calendar(
        draw(st.sampled_from(ZONES)), country=draw(st.sampled_from(COUNTRIES)), hours=draw(working_hours())
    )


def calendar(
    zone: str = "UTC", *, country: str = "", subdivision: str = "", hours: WorkingHours | None = None
) -> Calendar:
    return Calendar.of(
        Person(
            id="p-1",
            first_name="Ada",
            time_zone=zone,
            country=country,
            subdivision=subdivision,
            working_hours=hours or WorkingHours(),
        )
    )


def hours(start: str, end: str) -> WorkingHours:
    return WorkingHours(start=time.fromisoformat(start), end=time.fromisoformat(end))


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def every_country_is_known() -> None:
    """The first look at a country takes a tenth of a second, which Hypothesis would hold against the test."""
    for country in COUNTRIES:
        calendar(country=country).is_working_day(date(2026, 1, 1))


NEW_YORK = calendar("America/New_York", country="US", subdivision="NY")
CHICAGO = calendar("America/Chicago", country="US", subdivision="IL")
BERLIN = calendar("Europe/Berlin", country="DE", subdivision="BE")
MUNICH = calendar("Europe/Berlin", country="DE", subdivision="BY")
MANILA = calendar("Asia/Manila", country="PH")
RIYADH = calendar("Asia/Riyadh", country="SA")
TEHRAN = calendar("Asia/Tehran", country="IR")
BRUNEI = calendar("Asia/Brunei", country="BN")
DUBAI = calendar("Asia/Dubai", country="AE")
SHANGHAI = calendar("Asia/Shanghai", country="CN")
KATHMANDU = calendar("Asia/Kathmandu", country="NP")
LORD_HOWE = calendar("Australia/Lord_Howe", country="AU", subdivision="NSW")
NOWHERE = calendar("UTC")


class TestDaysOff:
    @pytest.mark.parametrize(
        ("who", "day", "working", "because"),
        [
            (BERLIN, "2026-03-06", "works", "an ordinary Friday"),
            (BERLIN, "2026-03-07", "is off", "Saturday"),
            (
                calendar("Europe/Berlin", country="DE", subdivision="BE"),
                "2027-03-08",
                False,
                "Women's Day in Berlin",
            ),
            (MUNICH, "2027-03-08", "works", "Women's Day is no day off in Bavaria"),
            (MUNICH, "2026-01-06", "is off", "Epiphany in Bavaria"),
            (BERLIN, "2026-01-06", "works", "Epiphany is no day off in Berlin"),
            (CHICAGO, "2026-11-26", "is off", "Thanksgiving"),
            (CHICAGO, "2026-11-27", "works", "the day after is an ordinary Friday in Illinois"),
            (CHICAGO, "2027-12-31", "is off", "New Year's Day 2028 is a Saturday, observed in the year before"),
            (MANILA, "2026-06-12", "is off", "Independence Day of the Philippines"),
            (MANILA, "2026-11-26", "works", "Thanksgiving is none in Manila"),
            (RIYADH, "2026-03-06", "is off", "Friday"),
            (RIYADH, "2026-03-07", "is off", "Saturday"),
            (RIYADH, "2026-03-08", "works", "Sunday starts the week"),
            (TEHRAN, "2026-05-15", "is off", "Friday is all of the weekend"),
            (TEHRAN, "2026-05-16", "works", "Saturday starts the week"),
            (BRUNEI, "2026-05-08", "is off", "Friday"),
            (BRUNEI, "2026-05-09", "works", "Saturday lies between two days off"),
            (BRUNEI, "2026-05-10", "is off", "Sunday"),
            (DUBAI, "2021-11-12", "is off", "Friday, before the Emirates moved their weekend"),
            (DUBAI, "2021-11-14", "works", "Sunday, before the Emirates moved their weekend"),
            (DUBAI, "2026-11-13", "works", "Friday, after it"),
            (DUBAI, "2026-11-15", "is off", "Sunday, after it"),
            (
                SHANGHAI,
                "2026-02-14",
                "is off",
                "a Saturday worked to make up for the holiday stays a day off here",
            ),
            (NOWHERE, "2026-12-25", "works", "no country, no holidays"),
            (NOWHERE, "2026-12-26", "is off", "no country, Saturday all the same"),
            (calendar(country="XX"), "2026-12-25", "works", "an unknown country has no holidays"),
            (calendar(country="DE", subdivision="XX"), "2026-12-25", "is off", "an unknown part is the country"),
            (calendar(country="DE", subdivision="XX"), "2027-03-08", "works", "and nothing but the country"),
        ],
    )
    def test_a_day_is_worked_or_not_for_a_reason(
        self, who: Calendar, day: str, working: str, because: str
    ) -> None:
        assert who.is_working_day(date.fromisoformat(day)) is (working == "works"), because

    @pytest.mark.parametrize(
        ("who", "day", "n", "expected"),
        [
            (BERLIN, "2026-03-07", 0, "2026-03-09"),  # a Saturday moves to Monday
            (BERLIN, "2026-03-09", 0, "2026-03-09"),  # a Monday stays
            (BERLIN, "2026-03-07", 1, "2026-03-10"),  # the next one after that Monday
            (BERLIN, "2026-03-07", -1, "2026-03-06"),  # the last one before the Saturday
            (BERLIN, "2026-03-09", -5, "2026-03-02"),
            (CHICAGO, "2026-11-25", 1, "2026-11-27"),  # over Thanksgiving
            (MANILA, "2026-12-29", 1, "2027-01-04"),  # over Rizal Day, New Year's Eve, New Year's Day, a weekend
            (MANILA, "2027-01-04", -1, "2026-12-29"),
            (RIYADH, "2026-03-05", 1, "2026-03-08"),  # Thursday to Sunday
            (NOWHERE, "2026-03-02", 520, "2028-02-28"),  # over two turns of the year
            (NOWHERE, "2028-02-28", -520, "2026-03-02"),
        ],
    )
    def test_working_days_are_counted_over_weekends_holidays_and_years(
        self, who: Calendar, day: str, n: int, expected: str
    ) -> None:
        assert who.working_day(date.fromisoformat(day), n) == date.fromisoformat(expected)

    @given(calendars(), days, st.integers(-60, 60))
    def test_working_days_strictly_rise_with_n(self, who: Calendar, day: date, n: int) -> None:
        assert who.working_day(day, n) < who.working_day(day, n + 1)

    @given(calendars(), days, st.integers(1, 40))
    def test_between_two_neighbours_of_the_count_nobody_works(self, who: Calendar, day: date, n: int) -> None:
        for one, next_one in pairwise([who.working_day(day, -n), who.working_day(day, -n + 1)]):
            assert who.is_working_day(one)
            between = [one + timedelta(days=k) for k in range(1, (next_one - one).days)]
            assert not any(who.is_working_day(day) for day in between)

    @given(calendars(), days)
    def test_the_zeroth_working_day_is_the_first_from_the_day_on(self, who: Calendar, day: date) -> None:
        found = who.working_day(day, 0)
        assert who.is_working_day(found)
        assert found >= day
        assert not any(who.is_working_day(day + timedelta(days=k)) for k in range((found - day).days))
        assert who.working_day(day, -1) < day


class TestLocalTimes:
    @pytest.mark.parametrize(
        ("who", "day", "at", "expected"),
        [
            (NEW_YORK, "2026-03-08", "01:59", "2026-03-08T06:59"),
            (NEW_YORK, "2026-03-08", "02:30", "2026-03-08T07:30"),  # in the gap: 03:30 summer time
            (NEW_YORK, "2026-03-08", "03:00", "2026-03-08T07:00"),
            (NEW_YORK, "2026-11-01", "01:30", "2026-11-01T05:30"),  # comes twice: the first
            (NEW_YORK, "2026-11-01", "02:00", "2026-11-01T07:00"),
            (BERLIN, "2026-03-29", "02:30", "2026-03-29T01:30"),  # in the gap: 03:30
            (BERLIN, "2026-10-25", "02:30", "2026-10-25T00:30"),  # comes twice: the first
            (LORD_HOWE, "2026-10-04", "02:15", "2026-10-03T15:45"),  # a gap of half an hour: 02:45
            (LORD_HOWE, "2026-04-05", "01:45", "2026-04-04T14:45"),  # comes twice: the first
            (KATHMANDU, "2026-03-02", "10:00", "2026-03-02T04:15"),
            (MANILA, "2026-03-02", "10:00", "2026-03-02T02:00"),
            (calendar("Pacific/Kiritimati"), "2026-03-02", "10:00", "2026-03-01T20:00"),
            (calendar("Africa/Cairo"), "2026-04-24", "00:00", "2026-04-23T22:00"),  # midnight itself is skipped
        ],
    )
    def test_a_local_time_is_made_real(self, who: Calendar, day: str, at: str, expected: str) -> None:
        assert who.moment(date.fromisoformat(day), time.fromisoformat(at)) == utc(expected)

    def test_the_first_of_two_is_meant_even_when_somebody_says_the_second(self) -> None:
        assert NEW_YORK.moment(date(2026, 11, 1), time(1, 30, fold=1)) == utc("2026-11-01T05:30")

    @given(calendars(), days, times)
    def test_a_local_time_is_what_their_clock_shows_or_was_skipped(
        self, who: Calendar, day: date, at: time
    ) -> None:
        moment = who.moment(day, at)
        local = moment.astimezone(who.zone)
        assert moment.tzinfo is UTC
        if (local.date(), local.time()) != (day, at.replace(fold=0)):
            assert local.replace(tzinfo=None) > datetime.combine(day, at)
            before = local - timedelta(hours=2)
            assert before.utcoffset() != local.utcoffset()

    @pytest.mark.parametrize(
        ("who", "at", "local"),
        [
            (NOWHERE, "00:00", "09:00"),
            (NOWHERE, "09:00", "09:00"),
            (NOWHERE, "16:50", "16:50"),
            (NOWHERE, "17:00", "16:30"),
            (NOWHERE, "23:59", "16:30"),
            (calendar(hours=hours("06:00", "14:00")), "10:00", "10:00"),
            (calendar(hours=hours("06:00", "14:00")), "15:00", "13:30"),
            (calendar(hours=hours("06:00", "14:00")), "05:00", "06:00"),
            (calendar(hours=hours("09:00", "09:20")), "17:00", "09:00"),  # never before the start
            (calendar(hours=hours("00:00", "00:20")), "17:00", "00:00"),
        ],
    )
    def test_a_time_is_moved_into_working_hours(self, who: Calendar, at: str, local: str) -> None:
        day = date(2026, 3, 3)
        assert who.at_work(day, time.fromisoformat(at)) == who.moment(day, time.fromisoformat(local))

    def test_hours_that_the_clocks_cut_short_still_have_a_start(self) -> None:
        night = calendar("America/New_York", hours=hours("00:00", "02:45"))
        assert night.at_work(date(2026, 3, 8), time(2, 30)) == utc("2026-03-08T05:00")

    @given(calendars(), days, times)
    def test_at_work_is_always_inside_hours(self, who: Calendar, day: date, at: time) -> None:
        local = who.at_work(day, at).astimezone(who.zone)
        assert local.date() == day
        assert who.hours.start <= local.time() < who.hours.end


class TestWorkingMoments:
    @pytest.mark.parametrize(
        ("who", "moment", "expected"),
        [
            (BERLIN, "2026-03-02T09:00", "2026-03-02T09:00"),  # 10:00 on a Monday
            (BERLIN, "2026-03-02T07:59", "2026-03-02T08:00"),  # before hours: today's start
            (BERLIN, "2026-03-02T16:00", "2026-03-03T08:00"),  # 17:00 is over
            (BERLIN, "2026-03-06T16:00", "2026-03-09T08:00"),  # Friday evening to Monday
            (BERLIN, "2026-03-27T17:00", "2026-03-30T07:00"),  # over the night of the clocks: 09:00 all the same
            (RIYADH, "2026-03-05T15:00", "2026-03-08T06:00"),  # Thursday evening to Sunday
            (CHICAGO, "2026-11-26T16:00", "2026-11-27T15:00"),  # Thanksgiving to the Friday
            (KATHMANDU, "2026-06-01T23:00", "2026-06-02T03:15"),
            (calendar("UTC", hours=hours("06:00", "14:00")), "2026-03-02T15:00", "2026-03-03T06:00"),
        ],
    )
    def test_the_next_working_moment(self, who: Calendar, moment: str, expected: str) -> None:
        assert who.next_working(utc(moment)) == utc(expected)

    @given(calendars(), moments)
    def test_next_working_is_inside_hours_and_stays_where_it_is(self, who: Calendar, moment: datetime) -> None:
        found = who.next_working(moment)
        assert found >= moment
        assert found.tzinfo is UTC
        assert who.is_working(found)
        assert who.next_working(found) == found

    @given(calendars(), moments)
    def test_working_is_what_the_clock_on_the_wall_says(self, who: Calendar, moment: datetime) -> None:
        local = moment.astimezone(who.zone)
        inside = who.hours.start <= local.time() < who.hours.end
        assert who.is_working(moment) == (inside and who.is_working_day(local.date()))

    @given(calendars(), days)
    def test_a_window_lies_inside_hours_on_a_working_day(self, who: Calendar, day: date) -> None:
        window = who.window(day)
        assert (window is not None) == who.is_working_day(day)
        if window is not None:
            start, end = window
            assert who.is_working(start)
            assert who.is_working(end - timedelta(microseconds=1))
            assert who.day_of(start) == day

    @pytest.mark.parametrize(
        ("night", "start", "end", "expected"),
        [
            # Israel moves its clocks on a Friday, which somebody without a country works.
            ("2026-03-27", "02:15", "08:00", ("2026-03-27T00:15", "2026-03-27T05:00")),  # starts in the gap: 03:15
            ("2026-03-27", "00:00", "02:15", ("2026-03-26T22:00", "2026-03-26T23:15")),  # ends in it: 01:15
            ("2026-03-27", "02:15", "02:45", None),  # wholly in it
            ("2026-03-27", "02:30", "03:15", None),
        ],
    )
    def test_a_window_never_leaves_hours_that_the_clocks_cut(
        self, night: str, start: str, end: str, expected: tuple[str, str] | None
    ) -> None:
        who = calendar("Asia/Jerusalem", hours=hours(start, end))
        wanted = (utc(expected[0]), utc(expected[1])) if expected else None
        assert who.window(date.fromisoformat(night)) == wanted

    def test_hours_that_the_clocks_swallow_are_made_up_for_the_day_after(self) -> None:
        who = calendar("Asia/Jerusalem", hours=hours("02:15", "02:45"))
        assert who.next_working(utc("2026-03-26T20:00")) == utc("2026-03-29T23:15")


class TestSpans:
    @pytest.mark.parametrize(
        ("who", "moment", "span", "expected"),
        [
            (NEW_YORK, "2026-03-07T15:00", (24, Unit.HOURS), "2026-03-08T15:00"),  # real hours: 11:00
            (NEW_YORK, "2026-03-07T15:00", (1, Unit.DAYS), "2026-03-08T14:00"),  # the same 10:00
            (NEW_YORK, "2026-03-07T15:00", (1, Unit.WEEKS), "2026-03-14T14:00"),
            (NEW_YORK, "2026-03-06T15:00", (1, Unit.WORKING_DAYS), "2026-03-09T14:00"),  # Friday to Monday
            (
                NEW_YORK,
                "2026-10-30T14:00",
                (3, Unit.WORKING_DAYS),
                "2026-11-05T15:00",
            ),  # over clocks and an election
            (NEW_YORK, "2026-03-07T07:30", (1, Unit.DAYS), "2026-03-08T07:30"),  # 02:30 into the gap
            (BERLIN, "2026-03-07T09:00", (0, Unit.WORKING_DAYS), "2026-03-09T09:00"),  # a Saturday
            (BERLIN, "2026-03-07T09:00", (1, Unit.WORKING_DAYS), "2026-03-10T09:00"),
            (BERLIN, "2026-03-02T09:00", (0, Unit.DAYS), "2026-03-02T09:00"),
            (NEW_YORK, "2026-11-01T06:30", (0, Unit.DAYS), "2026-11-01T06:30"),  # the second 01:30 stays
            (MANILA, "2026-06-11T02:00", (1, Unit.WORKING_DAYS), "2026-06-15T02:00"),  # over Independence Day
            (LORD_HOWE, "2026-10-02T23:00", (1, Unit.DAYS), "2026-10-03T22:30"),  # clocks go on by half an hour
        ],
    )
    def test_a_span_is_added_by_the_clock_on_the_wall(
        self, who: Calendar, moment: str, span: tuple[int, Unit], expected: str
    ) -> None:
        count, unit = span
        assert who.add(utc(moment), Span(count=count, unit=unit)) == utc(expected)

    @given(calendars(), moments, st.integers(1, 60), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.WORKING_DAYS]))
    def test_days_keep_the_time_of_day_unless_the_clocks_skip_it(
        self, who: Calendar, moment: datetime, count: int, unit: Unit
    ) -> None:
        before = moment.astimezone(who.zone)
        after = who.add(moment, Span(count=count, unit=unit))
        assert after > moment
        assert after.tzinfo is UTC
        day = {
            Unit.DAYS: before.date() + timedelta(days=count),
            Unit.WEEKS: before.date() + timedelta(weeks=count),
            Unit.WORKING_DAYS: who.working_day(before.date(), count),
        }[unit]
        assert after == who.moment(day, before.time())

    @given(calendars(), moments, st.sampled_from(Unit), st.integers(0, 40))
    def test_a_longer_span_never_ends_earlier(
        self, who: Calendar, moment: datetime, unit: Unit, count: int
    ) -> None:
        shorter, longer = (who.add(moment, Span(count=n, unit=unit)) for n in (count, count + 1))
        assert shorter < longer


class TestDaysOfSteps:
    @pytest.mark.parametrize(
        ("who", "first_day", "step_day", "count", "week", "expected"),
        [
            (BERLIN, "2026-03-02", 1, Count.WORKING, None, "2026-03-02"),  # the first day is day 1
            (BERLIN, "2026-03-07", 1, Count.WORKING, None, "2026-03-09"),  # a Saturday moves to Monday
            (BERLIN, "2026-03-07", 2, Count.WORKING, None, "2026-03-10"),
            (BERLIN, "2026-03-07", -1, Count.WORKING, None, "2026-03-06"),  # before is counted from the day itself
            (BERLIN, "2026-03-09", -5, Count.WORKING, None, "2026-03-02"),
            (RIYADH, "2026-03-06", 1, Count.WORKING, None, "2026-03-08"),  # a Friday moves to Sunday
            (BERLIN, "2026-03-02", 30, Count.CALENDAR, None, "2026-04-01"),  # thirty days after
            (BERLIN, "2026-03-02", 33, Count.CALENDAR, None, "2026-04-07"),  # Easter Saturday moves to Tuesday
            (BERLIN, "2026-03-02", -1, Count.CALENDAR, None, "2026-02-27"),  # the Sunday before moves back
            (BERLIN, "2026-03-02", -3, Count.CALENDAR, None, "2026-02-27"),
            (BERLIN, "2026-03-02", 3, Count.WORKING, 1, "2026-03-04"),
            (BERLIN, "2026-03-02", 3, Count.WORKING, 2, "2026-03-11"),
            (BERLIN, "2026-03-04", 3, Count.WORKING, 2, "2026-03-13"),  # weeks are counted from the first day
            (BERLIN, "2026-03-07", 1, Count.WORKING, 3, "2026-03-23"),
            (MANILA, "2026-06-05", 1, Count.WORKING, 2, "2026-06-15"),  # the week starts on a holiday
        ],
    )
    def test_a_step_falls_on_a_working_day(
        self, who: Calendar, first_day: str, step_day: int, count: Count, week: int | None, expected: str
    ) -> None:
        found = day_of_step(step_day, count, date.fromisoformat(first_day), who, week)
        assert found == date.fromisoformat(expected)

    @given(calendars(), days, st.integers(-30, -1), st.sampled_from(Count))
    def test_a_step_before_the_first_day_stays_before_it(
        self, who: Calendar, first_day: date, step_day: int, count: Count
    ) -> None:
        found = day_of_step(step_day, count, first_day, who, None)
        assert found < first_day
        assert who.is_working_day(found)

    @given(calendars(), days, st.integers(1, 90), st.sampled_from(Count), st.none() | st.integers(1, 13))
    def test_a_step_after_it_is_never_before_it(
        self, who: Calendar, first_day: date, step_day: int, count: Count, week: int | None
    ) -> None:
        found = day_of_step(step_day, count, first_day, who, week)
        assert found >= first_day + timedelta(weeks=(week or 1) - 1)
        assert who.is_working_day(found)

    def test_day_nought_and_week_nought_are_refused(self) -> None:
        with pytest.raises(ValueError, match="no day 0"):
            day_of_step(0, Count.CALENDAR, date(2026, 3, 2), BERLIN, None)
        with pytest.raises(ValueError, match="start at 1"):
            day_of_step(1, Count.WORKING, date(2026, 3, 2), BERLIN, 0)


class TestRefusals:
    @pytest.mark.parametrize("name", ["", "Mars/Olympus", "America", "../../etc/passwd", "Europe/Berlin\n"])
    def test_an_unknown_time_zone_is_a_bad_record(self, name: str) -> None:
        with pytest.raises(BadRecord, match="time_zone"):
            calendar(name)

    def test_a_moment_without_a_zone_is_refused_everywhere(self) -> None:
        naive = utc("2026-03-02T09:00").replace(tzinfo=None)
        for ask in (BERLIN.is_working, BERLIN.next_working, BERLIN.day_of):
            with pytest.raises(ValueError, match="without a zone"):
                ask(naive)
        for unit in Unit:
            with pytest.raises(ValueError, match="without a zone"):
                BERLIN.add(naive, Span(count=1, unit=unit))

    def test_a_local_time_with_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no zone of its own"):
            BERLIN.moment(date(2026, 3, 2), time(9, tzinfo=ZoneInfo("Asia/Manila")))

    def test_equal_facts_share_one_calendar(self) -> None:
        assert calendar("Asia/Manila", country="PH") is calendar("Asia/Manila", country="PH")
