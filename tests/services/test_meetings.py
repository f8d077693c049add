from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import State, Why
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person
from onboarding.domain.preferences import Away, Teller
from onboarding.services.directory import Directory
from onboarding.services.hiring import withdraw
from onboarding.services.meeting_times import NOTICE
from onboarding.services.meetings import icebreaker_of, meeting_id, others
from onboarding.services.planning import replan_touched
from tests.exchanging import short_words
from tests.worlds import MANILA, World, at, person, world


def meetings(here: World, step: str, hire_id: str = "n1") -> list[Meeting]:
    with here.engine.store.read() as books:
        return [one for one in books.meetings.of_hire(hire_id) if one.step == step]


def somebody(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        known = books.people.get(person_id)
    assert known is not None
    return known


def change(here: World, person_id: str, **more: object) -> None:
    """Change a person, and plan again whom it touches."""
    known = replace(somebody(here, person_id), **more)  # type: ignore[arg-type]  # tests vary what they like
    with here.engine.store.begin() as books:
        directory = Directory(books)
        directory.put(known)
        replan_touched(here.engine, books, directory, {person_id}, here.now)


def invited(here: World) -> Meeting:
    """A world in which the first coffee was announced to both."""
    here.enrol()
    here.hear_yes()
    here.walk_to(here.row("first_coffee").due_at)
    (one,) = meetings(here, "first_coffee")
    return one


def test_a_meeting_lies_in_everybodys_working_hours_a_day_ahead_and_is_known_before_anybody_is_invited() -> None:
    with world() as here:
        coffee = invited(here)
        for person_id in coffee.people:
            assert Calendar.of(somebody(here, person_id)).is_working(coffee.starts_at)
        assert coffee.starts_at - here.now >= NOTICE
        assert coffee.ends_at - coffee.starts_at == timedelta(minutes=25)
        assert coffee.uid == f"{coffee.id}@example.com"
        assert others(coffee, "n1") == (here.row("first_coffee", "buddy").person_id,)


@pytest.mark.slow
def test_nobody_sits_in_two_meetings_at_once() -> None:
    with world() as here:
        for number in range(3):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com")
        here.walk_to(at("2027-01-20 00:00"))
        with here.engine.store.read() as books:
            held = [one for number in range(3) for one in books.meetings.of_hire(f"h{number}")]
        assert len(held) >= 6
        for one, other in combinations(held, 2):
            apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
            assert apart or not set(one.people) & set(other.people)


def away(here: World, person_id: str, first: date, last: date) -> None:
    """Somebody says that they are away, and the plans follow."""
    with here.engine.store.begin() as books:
        directory = Directory(books)
        said = replace(directory.preferences_of(person_id), away=(Away(first=first, last=last),))
        directory.prefer(person_id, said, by=Teller.PERSON, fields=["away"], now=here.now)
        replan_touched(here.engine, books, directory, {person_id}, here.now)


def test_nobody_is_invited_to_days_on_which_they_are_away() -> None:
    with world(people=[person("manila-lead", MANILA), person("pal", MANILA)]) as here:
        away(here, "pal", date(2027, 1, 11), date(2027, 1, 13))
        here.enrol()
        here.hear_yes()
        here.walk_to(at("2027-01-15 12:00"))
        days = {one.starts_at.date() for one in meetings(here, "welcome_round")}
        assert days
        assert min(days) > date(2027, 1, 13)


def test_days_away_that_become_known_move_a_meeting() -> None:
    with world() as here:
        before = invited(here)
        day = before.starts_at.date()
        (guide,) = others(before, "n1")
        away(here, guide, day, day)
        (after,) = meetings(here, "first_coffee")
        assert (after.sequence, after.moved_from) == (before.sequence + 1, before.starts_at)
        assert after.starts_at.date() > day


def test_hours_that_change_move_the_meeting_with_the_next_sequence() -> None:
    with world() as here:
        before = invited(here)
        change(here, "n1", time_zone="Africa/Nairobi", country="KE")
        (after,) = meetings(here, "first_coffee")
        assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, before.starts_at)
        assert Calendar.of(somebody(here, "n1")).is_working(after.starts_at)


def test_when_no_hour_is_left_the_meeting_is_cancelled_for_everybody_who_was_invited() -> None:
    with world() as here:
        invited(here)
        change(here, "n1", time_zone="Etc/GMT+5", country="")
        instead, off = meetings(here, "first_coffee")
        assert (off.state, off.sequence) == (MeetingState.CANCELLED, 1)
        assert instead.state is MeetingState.EXCHANGED
        here.walk_to(here.now + timedelta(days=2))
        told = [one for one in here.rows() if one.step == "first_coffee" and one.occasion == "once.seq-1"]
        assert {(one.role, one.state) for one in told} == {("hire", State.SENT), ("buddy", State.SENT)}


def test_a_meeting_nobody_was_told_of_moves_without_a_sequence() -> None:
    with world() as here:
        here.enrol()
        row = here.row("first_coffee")
        here.now = row.due_at
        with here.engine.store.begin() as books:
            # arranged, and the worker ended before the invitation left
            books.meetings.put(
                Meeting(
                    id="m",
                    hire_id="n1",
                    step="first_coffee",
                    occasion="once",
                    people=("n1", "gone"),
                    starts_at=row.due_at + timedelta(days=1),
                    ends_at=row.due_at + timedelta(days=1, minutes=25),
                    uid="m@example.com",
                    organizer="people@example.com",
                    stamped_at=row.due_at,
                )
            )
        here.enrol()
        (moved,) = meetings(here, "first_coffee")
        assert (moved.id, moved.sequence) == ("m", 0)
        assert "gone" not in moved.people


def test_a_meeting_that_is_over_stays_what_it_was() -> None:
    with world() as here:
        coffee = invited(here)
        here.walk_to(coffee.ends_at + timedelta(hours=1))
        withdraw(here.engine, "n1", here.now)
        assert meetings(here, "first_coffee") == [coffee]


def test_a_new_meeting_after_a_cancelled_one_has_another_id() -> None:
    with world() as here:
        coffee = invited(here)
        withdraw(here.engine, "n1", here.now)
        first = meeting_id("n1", "first_coffee", "once", [])
        assert first == coffee.id
        assert meeting_id("n1", "first_coffee", "once", meetings(here, "first_coffee")) != first


def test_a_hire_and_a_buddy_without_a_common_hour_are_told_nothing_and_a_human_is(tmp_path: Path) -> None:
    people = [person("boss", MANILA), person("pal", MANILA)]
    keep = ("buddy", "first_coffee", "met_first_coffee")
    skips = short_words(tmp_path / "words", keep, {'without_common_hour = "exchange"': ""})
    with world(people=people, words=skips) as here:
        here.enrol(manager_id="boss")
        here.walk_to(here.row("first_coffee").due_at - timedelta(hours=1))
        pal = replace(somebody(here, "pal"), time_zone="Etc/GMT+5", country="")
        with here.engine.store.begin() as books:
            books.people.put(pal)
        here.walk_to(at("2027-01-06 00:00"))
        rows = [here.row("first_coffee", role) for role in ("hire", "buddy")]
        assert {(one.state, one.why) for one in rows} == {(State.SKIPPED, Why.NO_SLOT)}
        assert {one.reason for one in rows} == {"no hour within both working days suits everybody"}
        here.walk_to(at("2027-01-20 00:00"))
        asked = here.row("met_first_coffee")
        assert (asked.state, asked.why) == (State.SKIPPED, Why.NO_MEETING)


def test_the_number_of_an_icebreaker_fits_into_every_database() -> None:
    assert all(0 <= icebreaker_of(f"meeting-{number}") < 2**31 for number in range(200))
