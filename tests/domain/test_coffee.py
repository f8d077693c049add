"""When is a round, when is it warned of, and who has been silent or waiting for how long?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import (
    BACK,
    NOTICE,
    PastPair,
    Seat,
    SeatState,
    WhyAlone,
    day_of,
    name_of,
    next_round,
    past_rounds,
    unanswered,
    waiting,
    warned_at,
)
from onboarding.domain.people import Person, WorkingHours

MONDAY = date(2027, 1, 18)
WEEK = timedelta(weeks=1)
NOW = datetime(2027, 1, 13, 6, tzinfo=UTC)
HR = Calendar.of(Person(id="hr", first_name="HR", time_zone="Europe/Berlin", country="DE"))
SEAT = Seat(day=MONDAY, person_id="ada", state=SeatState.SEATED, place=1, closes_at=NOW)


@pytest.mark.parametrize(
    ("now", "day", "draw_at"),
    [
        ("2027-01-11T06:00", "2027-01-18", "2027-01-15T12:00"),  # Monday: next week's
        ("2027-01-13T06:00", "2027-01-18", "2027-01-15T12:00"),  # Wednesday, as scheduled
        ("2027-01-14T12:00", "2027-01-18", "2027-01-15T12:00"),  # a day ahead is enough
        ("2027-01-14T12:01", "2027-01-25", "2027-01-22T12:00"),  # less is not
        ("2027-03-24T06:00", "2027-03-29", "2027-03-25T12:00"),  # Good Friday: drawn on Thursday
        ("2027-07-14T06:00", "2027-07-19", "2027-07-16T11:00"),  # summer time
    ],
)
def test_the_next_round_is_the_first_that_can_still_be_warned_of(now: str, day: str, draw_at: str) -> None:
    found = next_round(datetime.fromisoformat(now).replace(tzinfo=UTC), HR)
    assert found == (date.fromisoformat(day), datetime.fromisoformat(draw_at).replace(tzinfo=UTC))


@given(
    zone=st.sampled_from(
        ["Pacific/Kiritimati", "Asia/Manila", "Europe/Berlin", "America/Chicago", "Pacific/Pago_Pago"]
    ),
    day=st.dates(date(2027, 1, 1), date(2028, 12, 31)),
    hours=st.sampled_from([(6, 14), (9, 17), (12, 20), (22, 23)]),
)
def test_everybody_is_warned_at_work_and_a_day_ahead(zone: str, day: date, hours: tuple[int, int]) -> None:
    week = WorkingHours(start=time(hours[0]), end=time(hours[1]))
    calendar = Calendar.of(Person(id="p", first_name="P", time_zone=zone, working_hours=week))
    draw_at = datetime.combine(day, time(12), tzinfo=UTC)
    moment = warned_at(draw_at, calendar, draw_at - timedelta(days=60))
    assert moment <= draw_at - NOTICE
    assert moment > draw_at - timedelta(days=6)
    assert calendar.is_working(moment)


def test_a_round_announced_late_is_warned_of_at_the_next_working_moment() -> None:
    late = datetime(2027, 1, 14, 20, tzinfo=UTC)
    assert warned_at(datetime(2027, 1, 15, 12, tzinfo=UTC), HR, late) == datetime(2027, 1, 15, 8, tzinfo=UTC)


def test_the_name_of_a_round_is_no_id_of_a_person() -> None:
    assert name_of(MONDAY) == "coffee:2027-01-18"
    assert day_of("coffee:2027-01-18") == MONDAY
    assert [day_of(one) for one in ("n1", "company", "coffee:soon", "coffee-2027-01-18")] == [None] * 4


def test_rounds_and_past_pairs_of_one_week_are_one_round() -> None:
    seats = [replace(SEAT, person_id=one) for one in ("ada", "bo")]
    seats.append(replace(SEAT, person_id="cy", state=SeatState.CANCELLED, place=2))
    pairs = [
        PastPair(day=MONDAY + timedelta(days=3), one="cy", other="di"),
        PastPair(day=MONDAY - WEEK, one="a", other="b"),
    ]
    assert past_rounds(seats, pairs) == [[("a", "b")], [("ada", "bo"), ("cy", "di")]]


def test_silence_counts_closed_questions_in_a_row_until_an_answer_or_a_way_back() -> None:
    def seats(*answers: str) -> list[Seat]:
        return [replace(SEAT, day=MONDAY - number * WEEK, answer=one) for number, one in enumerate(answers)]

    assert len(unanswered(seats("", "", ""), NOW)) == 3
    assert len(unanswered(seats("", "no", ""), NOW)) == 1
    assert len(unanswered(seats(BACK, "", ""), NOW)) == 0
    open_still = replace(SEAT, closes_at=NOW + timedelta(hours=1))
    never_asked = replace(SEAT, closes_at=None)
    left_out = replace(SEAT, state=SeatState.ALONE, place=0, closes_at=None)
    assert len(unanswered([open_still, never_asked, left_out, *seats("", "")], NOW)) == 2


def test_waiting_counts_rounds_left_out_or_of_three_and_passes_over_skips() -> None:
    alone = replace(SEAT, state=SeatState.ALONE, place=0, why=WhyAlone.NO_HOUR)
    skips = replace(SEAT, state=SeatState.SKIPS, place=0, why=WhyAlone.THEIR_WISH)
    away = replace(SEAT, state=SeatState.ALONE, place=0, why=WhyAlone.AWAY)
    assert waiting([alone, skips, away, SEAT, SEAT, alone], [0, 0, 0, 3, 2, 0]) == 2
    assert waiting([], []) == 0
