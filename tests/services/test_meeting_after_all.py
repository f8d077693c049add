"""Did you meet? What follows from "not yet", and from "not yet: please find another time"?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import State
from onboarding.domain.meetings import Hold, Meeting
from onboarding.services import meeting_changes, reviewing
from onboarding.services.digest import daily_review
from tests.worlds import MANILA, World, at, person, world

STEP = "first_coffee"
ASKED = "met_first_coffee"
COFFEE_ASKED = "met_partner_coffee"
HIRE = "amihan@example.com"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of three, in which the newcomer was just asked whether the first coffee took place."""
    file = tmp_path_factory.mktemp("asked") / "world.db"
    migrate(f"sqlite:///{file}")
    people = [person("boss", MANILA), person("pal", MANILA)]
    with world("2027-01-04 00:30", people=people, store=SqlStore(f"sqlite:///{file}")) as here:
        here.enrol(manager_id="boss")
        here.hear_yes()
        here.walk_to(here.row(STEP).due_at)
        here.walk_to(here.row(ASKED).due_at)
        assert here.row(ASKED).due_at == at("2027-01-06 03:30")
        assert "?met=move" in next(one for one in here.mail.letters if one.number == here.row(ASKED).number).text
    return file


@pytest.fixture
def here(saved: Path) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{shutil.copy(saved, folder)}")
        with world("2027-01-06 03:35", people=(), store=store) as found:
            yield found


def meeting(here: World) -> Meeting:
    with here.engine.store.read() as books:
        return next(one for one in books.meetings.of_hire("n1") if one.step == STEP)


def say(here: World, met: str, occasion: str = "once", **more: str) -> None:
    here.answer(here.row(ASKED, occasion=occasion), met=met, **more)


def to_review(here: World) -> list[str]:
    return [one.text for one in reviewing.review(here.engine, here.now) if one.kind == reviewing.MEETING]


def test_the_same_meeting_gets_another_time_within_two_weeks_and_both_are_told(here: World) -> None:
    before = meeting(here)
    say(here, "move")
    after = meeting(here)
    assert (after.uid, after.sequence, after.moved_from) == (before.uid, 1, before.starts_at)
    assert timedelta(hours=24) <= after.starts_at - here.now <= timedelta(weeks=2)
    assert Calendar.of(person("x", MANILA)).is_working(after.starts_at)
    here.walk_to(here.now + timedelta(hours=20))
    for email in (HIRE, "pal@example.com"):
        letter = [one for one in here.to(email) if one.invitation][-1]
        assert letter.invitation is not None
        assert "SEQUENCE:1" in letter.invitation.ics
    daily_review(here.engine, here.now)
    assert meeting(here) == after


def test_the_question_is_put_again_the_working_day_after_the_new_time(here: World) -> None:
    say(here, "move")
    after = meeting(here)
    row = here.row(ASKED, occasion="once.anew-1")
    calendar = Calendar.of(person("x", MANILA))
    assert calendar.day_of(row.due_at) == calendar.working_day(calendar.day_of(after.starts_at), 1)
    here.walk_to(row.due_at)
    assert here.row(ASKED, occasion="once.anew-1").state is State.SENT
    assert here.row(ASKED, occasion="once.anew-1.reminder").state is State.PLANNED
    say(here, "yes", "once.anew-1")
    here.walk_to(at("2027-02-01 00:00"))
    assert here.row("no_buddy_meeting", "hr").state is State.DONE
    assert len([one for one in here.to(HIRE) if one.subject.startswith("Did you meet")]) == 1


def test_the_same_press_twice_moves_once(here: World) -> None:
    say(here, "move")
    after = meeting(here)
    say(here, "move")
    assert meeting(here) == after


def test_not_yet_twice_reaches_a_human_at_once(here: World) -> None:
    say(here, "move")
    here.walk_to(here.row(ASKED, occasion="once.anew-1").due_at)
    assert here.row("missed_first_coffee", "hr").state is State.PLANNED
    say(here, "no", "once.anew-1")
    here.walk_to(here.now + timedelta(hours=20))
    assert here.row("missed_first_coffee", "hr").state is State.SENT
    assert any("told us twice" in one.text for one in here.to("people@example.com"))


def test_not_yet_once_moves_nothing_and_waits_for_the_look_after_ten_days(here: World) -> None:
    before = meeting(here)
    say(here, "no")
    assert meeting(here) == before
    here.walk_to(at("2027-01-12 00:00"))
    assert here.row("no_buddy_meeting", "hr").state is State.PLANNED
    here.walk_to(at("2027-01-22 00:00"))
    assert here.row("no_buddy_meeting", "hr").state is State.SENT
    assert here.row("missed_first_coffee", "hr").state is State.PLANNED


def test_without_another_time_a_human_is_asked_and_can_say_when(here: World) -> None:
    with here.engine.store.begin() as books:
        known = books.people.get("pal")
        assert known is not None
        books.people.put(replace(known, time_zone="Etc/GMT+5", country=""))
    say(here, "move")
    stuck = meeting(here)
    assert (stuck.hold, stuck.sequence) == (Hold.STUCK, 0)
    (text,) = to_review(here)
    assert text.startswith("first_coffee cannot find a time: it did not take place")
    meeting_changes.move(here.engine, stuck.id, at("2027-01-11 05:00"), here.now, anyway=True)
    assert to_review(here) == []
    assert here.row(ASKED, occasion="once.anew-1").state is State.PLANNED


def test_after_two_moves_a_human_is_asked(here: World) -> None:
    say(here, "move")
    for number in (1, 2):
        here.walk_to(here.row(ASKED, occasion=f"once.anew-{number}").due_at)
        say(here, "move", f"once.anew-{number}")
    assert (meeting(here).moves, meeting(here).hold) == (2, Hold.STUCK)
    assert len(to_review(here)) == 1


@pytest.mark.slow
def test_what_somebody_wrote_comes_back_to_them_a_week_after_the_coffee_that_it_is_about() -> None:
    with world("2027-01-04 00:30") as here:
        here.enrol()
        for week in (2, 3):
            here.walk_to(here.row("partner_coffee", occasion=f"week-{week}").due_at)
            here.walk_to(here.row(COFFEE_ASKED, occasion=f"week-{week}").due_at)
            here.answer(here.row(COFFEE_ASKED, occasion=f"week-{week}"), met="yes", note=f"Promise {week}.")
        here.walk_to(at("2027-02-15 00:00"))
        promises = [one.text for one in here.to(HIRE) if "What you said" in one.subject]
        assert ["Promise 2." in one for one in promises] == [True, False]
        assert ["Promise 3." in one for one in promises] == [False, True]
