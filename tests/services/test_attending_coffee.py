"""What follows from the answers to the invitation of a coffee round?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from onboarding.domain.attending import MOST_MOVES, Answered, Attendance, Said
from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import SeatState
from onboarding.domain.errors import IllegalMove
from onboarding.domain.meetings import Hold, MeetingState
from onboarding.services import meeting_changes, reviewing
from onboarding.services.attending import Attended, Followed, attend
from tests.services.test_rounds import coffees, company, draw, rounds_of, seats, subjects
from tests.worlds import World

LAST_DAY = date(2027, 1, 22)


def say(here: World, who: str, said: Said, start: datetime | None = None) -> Attended:
    (coffee,) = coffees(here)
    return attend(here.engine, coffee.id, who, Answered(said=said, start=start), here.now)


def test_who_declines_a_coffee_of_two_skips_it_by_the_rules_of_the_rounds() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        attended = say(here, "p00", Said.DECLINED)
        assert (attended.followed, attended.human) == (Followed.CALLED_OFF, False)
        assert {one.state for one in seats(here).values()} == {SeatState.SKIPS, SeatState.CANCELLED}
        here.walk_to(here.now + timedelta(days=3))
        assert "cancelled" in subjects(here, "p01")[-1].lower()
        assert [one for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.MEETING] == []


def test_a_coffee_of_three_goes_on_without_who_declines() -> None:
    with rounds_of(company(3)) as here:
        draw(here)
        (before,) = coffees(here)
        assert say(here, "p01", Said.DECLINED).followed is Followed.GOES_ON
        (after,) = coffees(here)
        assert (after.people, after.starts_at) == (
            tuple(one for one in before.people if one != "p01"),
            before.starts_at,
        )


def test_another_time_in_the_week_of_the_round_is_taken_and_told_to_both() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        other = before.starts_at + timedelta(days=2, minutes=30)
        assert say(here, "p00", Said.COUNTER, other).followed is Followed.MOVED
        (after,) = coffees(here)
        assert (after.starts_at, after.sequence, after.uid) == (other, before.sequence + 1, before.uid)
        with here.engine.store.read() as books:
            known = {one.person_id: one.attendance for one in books.meetings.attendees(after.id)}
        assert known == {"p00": Attendance.ACCEPTED, "p01": Attendance.NEEDS_ACTION}
        here.walk_to(here.now + timedelta(days=3))
        assert "new time" in subjects(here, "p01")[-1].lower()


def test_another_time_after_the_round_becomes_one_in_its_week() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        say(here, "p00", Said.COUNTER, before.starts_at + timedelta(weeks=3))
        (after,) = coffees(here)
        assert after.starts_at.date() <= LAST_DAY
        assert after.starts_at != before.starts_at
        for one in company(2):
            assert Calendar.of(one).is_working(after.starts_at)


def test_a_coffee_that_moved_often_enough_is_called_off_and_a_human_is_asked() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        for step in range(MOST_MOVES):
            (coffee,) = coffees(here)
            who = coffee.people[step % 2]
            assert say(here, who, Said.COUNTER, coffee.starts_at + timedelta(hours=24)).followed is Followed.MOVED
        attended = say(here, "p00", Said.COUNTER, coffees(here)[0].starts_at - timedelta(hours=1))
        assert (attended.followed, attended.human) == (Followed.CALLED_OFF, True)
        (off,) = coffees(here)
        assert (off.state, off.hold) == (MeetingState.CANCELLED, Hold.STUCK)
        kinds = [one.kind for one in reviewing.review(here.engine, here.now)]
        assert reviewing.MEETING in kinds


def test_hr_moves_a_coffee_and_both_are_told() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        meeting_changes.move(here.engine, before.id, before.starts_at + timedelta(days=1), here.now)
        (after,) = coffees(here)
        assert (after.starts_at, after.sequence) == (before.starts_at + timedelta(days=1), before.sequence + 1)
        here.walk_to(here.now + timedelta(days=3))
        assert ["new time" in subjects(here, one)[-1].lower() for one in ("p00", "p01")] == [True, True]


def test_hr_calls_a_coffee_off_and_its_seats_say_so() -> None:
    with rounds_of(company(2)) as here:
        draw(here)
        (before,) = coffees(here)
        meeting_changes.cancel(here.engine, before.id, "both are at a fair", here.now)
        assert {(one.state, one.reasons) for one in seats(here).values()} == {
            (SeatState.CANCELLED, "called off by hand")
        }
        here.walk_to(here.now + timedelta(days=3))
        assert ["cancelled" in subjects(here, one)[-1].lower() for one in ("p00", "p01")] == [True, True]
        with pytest.raises(IllegalMove):
            meeting_changes.move(here.engine, before.id, None, here.now)
