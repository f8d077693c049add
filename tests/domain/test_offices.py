from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import paths
from onboarding.domain.calendars import Calendar
from onboarding.domain.errors import BadWords
from onboarding.domain.office_file import KEYS, WEEKDAYS, read_offices
from onboarding.domain.offices import NO_OFFICES, Offices
from onboarding.domain.people import Person, WorkingHours
from onboarding.domain.slots import Seat, find_slot
from onboarding.domain.tables import unknown

FILE = "offices.toml"


def offices(text: str) -> Offices:
    return read_offices(FILE, tomllib.loads(text))


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadWords) as caught:
        offices(text)
    return list(caught.value.mistakes)


def person(location: str = "Berlin", country: str = "DE", subdivision: str = "BE") -> Person:
    return Person(
        id="ada",
        first_name="Ada",
        time_zone="Europe/Berlin",
        location=location,
        country=country,
        subdivision=subdivision,
    )


def works(text: str, day: str, who: Person | None = None) -> bool:
    return offices(text).calendar_of(who or person()).is_working_day(date.fromisoformat(day))


class TestDays:
    @pytest.mark.parametrize(
        ("text", "day", "expected"),
        [
            ('[all]\ndays_off = ["2027-05-07"]', "2027-05-07", False),
            ("[all]\ndays_off = [2027-05-07]", "2027-05-07", False),  # as TOML writes a day
            ('[all]\ndays_off = ["05-07"]', "2031-05-07", False),  # each year
            ('[all]\ndays_off = ["2027-05-03 to 2027-05-05"]', "2027-05-04", False),
            ('[all]\ndays_off = ["2027-05-03 to 2027-05-05"]', "2027-05-07", True),
            ('[all]\nworking_days = ["2027-03-08"]', "2027-03-08", True),  # Women's Day in Berlin
            ('[all]\nworking_days = ["2027-03-06"]', "2027-03-06", True),  # a Saturday
            ('[all]\nweekend = ["friday", "saturday"]', "2027-03-05", False),
            ('[all]\nweekend = ["friday", "saturday"]', "2027-03-07", True),  # a Sunday
            ('[all]\nweekend = ["friday", "saturday"]', "2027-03-08", False),  # the holiday stays
            ("[all]\nweekend = []", "2027-03-06", True),
        ],
    )
    def test_an_office_overrides_its_country(self, text: str, day: str, expected: bool) -> None:  # noqa: FBT001 -- a table
        assert works(text, day) is expected

    def test_a_day_of_one_year_weighs_more_than_one_of_each_year(self) -> None:
        text = '[all]\ndays_off = ["12-23"]\nworking_days = ["2027-12-23"]'
        assert works(text, "2027-12-23")
        assert not works(text, "2026-12-23")

    def test_the_narrower_place_counts_first_whatever_the_order(self) -> None:
        tables = (
            '[all]\ndays_off = ["2027-05-07"]\nlunch = "13:00-14:00"\n',
            '[land]\ncountry = "DE"\nworking_days = ["2027-05-07"]\n',
            '[part]\ncountry = "DE"\nsubdivision = "BE"\ndays_off = ["2027-05-07"]\n',
            '[city]\nlocation = "berlin"\nworking_days = ["2027-05-07"]\n',
        )
        for text in ("".join(tables), "".join(reversed(tables))):
            assert works(text, "2027-05-07")
            assert not works(text, "2027-05-07", person("Potsdam"))
            assert works(text, "2027-05-07", person("Munich", "DE", "BY"))
            assert not works(text, "2027-05-07", person("Wien", "AT", ""))
            assert offices(text).calendar_of(person()).office.lunch == (13 * 60, 14 * 60)

    def test_deadlines_count_the_days_of_the_office(self) -> None:
        calendar = offices('[all]\ndays_off = ["2027-05-11 to 2027-05-12"]').calendar_of(person())
        assert calendar.working_day(date(2027, 5, 10), 1) == date(2027, 5, 13)
        assert calendar.next_working(calendar.moment(date(2027, 5, 11), time(10))).day == 13

    def test_without_offices_calendars_are_those_of_the_country(self) -> None:
        assert NO_OFFICES.calendar_of(person()) is Calendar.of(person())
        assert offices('[x]\nlocation = "Oslo"').calendar_of(person()) == Calendar.of(person())

    @given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.booleans())
    def test_what_is_said_of_a_day_holds_for_it_and_for_no_other(self, day: date, worked: bool) -> None:  # noqa: FBT001 -- drawn
        key = "working_days" if worked else "days_off"
        calendar, usual = offices(f'[all]\n{key} = ["{day}"]').calendar_of(person()), Calendar.of(person())
        assert calendar.is_working_day(day) is worked
        for other in (day - timedelta(days=1), day + timedelta(days=1)):
            assert calendar.is_working_day(other) is usual.is_working_day(other)


class TestSlots:
    TUESDAY = datetime(2027, 5, 4, tzinfo=UTC)

    def meets(self, text: str, *, days: int = 2, hours: tuple[int, int] = (9, 17)) -> str:
        who = Person(
            id="ada",
            first_name="Ada",
            location="Oslo",
            working_hours=WorkingHours(start=time(hours[0]), end=time(hours[1])),
        )
        seat = Seat(person_id="ada", calendar=offices(text).calendar_of(who))
        found = find_slot([seat], minutes=60, earliest=self.TUESDAY, latest=self.TUESDAY + timedelta(days=days))
        return f"{found.starts_at:%a %H:%M}" if found else "never"

    def test_nobody_meets_on_a_day_off_of_their_office(self) -> None:
        assert self.meets("") == "Tue 10:00"
        assert self.meets('[x]\nlocation = "Oslo"\ndays_off = ["2027-05-04"]') == "Wed 10:30"
        assert self.meets('[x]\nlocation = "Oslo"\ndays_off = ["2027-05-04"]', days=1) == "never"

    def test_lunch_is_where_the_office_has_it(self) -> None:
        assert self.meets("", hours=(11, 15), days=1) == "Tue 13:00"
        assert self.meets('[x]\nlunch = "13:00-14:00"', hours=(11, 15), days=1) == "Tue 12:00"


class TestReading:
    def test_the_shipped_file_says_nothing_and_its_examples_are_right(self) -> None:
        text = (paths.shipped_templates() / FILE).read_text(encoding="utf-8")
        assert offices(text) == NO_OFFICES
        head, *examples = text.split("\n# [")
        shown = "\n".join(f"[{one}".replace("\n# ", "\n") for one in examples)
        assert [one.location for one in offices(shown).offices] == ["", "Berlin", "", "Dubai"]
        assert "location" in head

    def test_every_mistake_is_told_at_once(self) -> None:
        assert mistakes(
            """
            company = "Lighthouse"
            [oslo]
            locatoin = "Oslo"
            days_off = [
                "tomorrow", "2027-02-30", "13-01", "2027-05-05 to 2027-05-01", "2027-01-01 to 2027-12-31", 7
            ]
            working_days = "2027-05-07"
            weekend = ["fryday"]
            lunch = "14:00-13:00"
            """
        ) == [
            "offices.toml: company must be a table that begins with [company]",
            f"offices.toml, [oslo]: {unknown('locatoin', KEYS)}",
            *(
                'offices.toml, [oslo]: days_off must be days such as "2027-12-24", "12-24" for each year, '
                f'or "2027-12-24 to 2027-12-31", not {given}'
                for given in (
                    *("tomorrow", "2027-02-30", "13-01", "2027-05-05 to 2027-05-01"),
                    *("2027-01-01 to 2027-12-31", "7"),
                )
            ),
            "offices.toml, [oslo]: working_days must be a list in square brackets",
            f"offices.toml, [oslo]: weekend: {unknown('fryday', WEEKDAYS)}",
            'offices.toml, [oslo]: lunch must be two times of day such as "12:30-13:30", not 14:00-13:00',
        ]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (
                '[a]\ndays_off = ["12-24"]\nworking_days = ["12-24"]',
                "[a]: days_off and working_days name the same day",
            ),
            ('[a]\nsubdivision = "BY"', "[a]: subdivision needs its country, such as DE for BY"),
            ('[a]\nlocation = "Oslo"\n[b]\nlocation = "OSLO"', "[a] and [b] are the same place; write one table"),
            ('[a]\nlunch = "noon"', "[a]: lunch must be two times of day"),
            ("[a]\nlocation = 7", "[a]: location must be a text"),
            (
                '[a]\nweekend = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
                "[a]: weekend must leave a day to work on",
            ),
        ],
    )
    def test_a_table_that_contradicts_itself_is_refused(self, text: str, sentence: str) -> None:
        (mistake,) = mistakes(text)
        assert sentence in mistake
