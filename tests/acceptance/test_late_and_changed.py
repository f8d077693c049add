"""What do people get when facts come late, or change back and forth?"""

from __future__ import annotations

from datetime import date

from onboarding.domain.delivery import State
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.planning import replan_touched
from tests.worlds import MANILA, at, person, world


def test_somebody_asked_late_is_not_reminded_in_the_same_minute() -> None:
    with world("2027-01-20 02:00") as here:
        here.enrol()
        here.run()
        assert here.row("buddy_yes", "buddy").state is State.SENT
        reminder = here.row("buddy_yes", "buddy", "once.reminder")
    assert (reminder.state, reminder.due_at) == (State.PLANNED, at("2027-01-21 02:00"))


def test_after_an_outage_a_reminder_still_comes_days_after_its_question() -> None:
    with world("2026-12-01 00:30") as here:
        here.enrol()
        here.now = at("2026-12-18 02:00")
        here.run()
        reminder = here.row("profile", occasion="once.reminder")
        assert (reminder.state, reminder.reason) == (State.PLANNED, "the question left late")
        here.walk_to(at("2026-12-24 12:00"))
        subjects = [letter.subject for letter in here.to("amihan@example.org")]
    assert [subject.startswith("A short reminder") for subject in subjects] == [False, True]


def test_silence_is_told_only_after_the_question_has_closed() -> None:
    with world("2027-02-15 01:00") as here:
        here.enrol()
        here.walk_to(at("2027-02-16 12:00"))
        watch = here.row("silent_30", "hr")
        assert (watch.state, watch.reason) == (State.PLANNED, "the question is still open")
        here.enrol()  # the same facts once more: planning again leaves it where it is
        assert here.row("silent_30", "hr").due_at == watch.due_at
        here.walk_to(watch.due_at)
        assert here.row("silent_30", "hr").state is State.SENT


def test_a_manager_named_by_e_mail_only_is_as_good_as_one_named_by_id() -> None:
    with world() as here:
        by_id = here.enrol()
        by_email = here.enrol(id="n2", manager_id="", manager_email="Manila-Lead@example.com")
    assert by_id.will_not_send == by_email.will_not_send == ()


def test_what_needs_a_buddy_says_at_once_that_there_is_none_and_comes_when_there_is_one() -> None:
    alone = [person("manila-lead", MANILA), person("elsewhere", MANILA, start_date=date(2026, 11, 1))]
    with world(people=alone) as here:
        report = here.enrol()
        needing = {"buddy_introduction", "first_coffee", "met_first_coffee", "follow_up", "met_buddy_coffee"}
        said = {one.step: one.reason for one in report.will_not_send if one.role == "hire"}
        assert {said[step] for step in needing} == {
            "nobody can be buddy: 1 in the line of managers, 1 too new themselves"
        }
        with here.engine.store.begin() as books:
            books.people.put(person("bud", MANILA))
        daily_review(here.engine, here.now)
        assert {here.row(step).state for step in needing - {"met_buddy_coffee"}} == {State.PLANNED}


def test_a_meeting_that_took_place_is_asked_about_although_the_buddy_has_left_since() -> None:
    with world(people=[person("manila-lead", MANILA), person("bud", MANILA)]) as here:
        here.enrol()
        here.walk_to(at("2027-01-05 08:00"))
        with here.engine.store.begin() as books:
            directory = Directory(books)
            directory.put(person("bud", MANILA, active=False))
            replan_touched(here.engine, books, directory, {"bud"}, here.now)
        assert here.row("met_first_coffee").state is State.PLANNED
        assert here.row("met_buddy_coffee", occasion="week-6").state is State.SKIPPED
