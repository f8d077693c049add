"""What do people get when facts come late, or change back and forth?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, IllegalMove, NotFound
from onboarding.services.backfilling import backfill
from onboarding.services.changing import move_step, send_step
from onboarding.services.digest import daily_review
from onboarding.services.directory import Directory
from onboarding.services.importing import import_people
from onboarding.services.planning import replan_touched
from onboarding.services.reviewing import review
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
        lists = {row.number for row in here.rows() if row.step == "hire_list"}
        subjects = [one.subject for one in here.to("amihan@example.org") if one.number not in lists]
    assert [subject.startswith("A short reminder") for subject in subjects] == [False, True]


def test_silence_is_told_only_after_the_question_has_closed() -> None:
    with world("2027-02-15 01:00") as here:
        here.enrol()
        here.walk_to(at("2027-02-16 12:00"))
        watch = here.row("silent_30", "hr")
        assert (watch.state, watch.due_at) == (State.PLANNED, at("2027-02-19 08:00"))
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
            "nobody can be buddy: 1 colleague is in the line of managers, 1 is too new themselves"
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


def test_what_a_person_sends_by_hand_leaves_even_where_the_journey_has_it_for_others_only() -> None:
    with world() as here:
        here.enrol(manager_id="")
        assert here.row("first_item_silent", "hr").state is State.SKIPPED
        send_step(here.engine, "n1", "first_item_silent", here.now)
        here.enrol(manager_id="", job_title="Chief")  # planned again before anybody looks
        here.run()
        assert here.row("first_item_silent", "hr").state is State.DONE


def test_a_step_is_not_moved_to_a_day_that_has_passed() -> None:
    with world() as here:
        here.enrol()
        before = here.row("channels")
        with pytest.raises(IllegalMove, match="2026-11-30 has passed; `onboarding hire send n1 channels`"):
            move_step(here.engine, "n1", "channels", date(2026, 11, 30), None, here.now)
        assert here.row("channels") == before


@pytest.mark.parametrize("name", ["company", "nobody", "HR"])
def test_an_id_that_means_something_else_in_the_ledger_is_refused(name: str) -> None:
    with (
        world() as here,
        pytest.raises(BadRecord, match=f"id is reserved: choose another one than {name.lower()}"),
    ):
        here.enrol(id=name)


def test_a_directory_that_lists_a_hire_takes_nothing_away_that_the_hr_system_told() -> None:
    head = "id,first_name,time_zone,work_email,location,start_date\n"
    with world() as here:
        here.enrol()
        first = import_people(
            here.engine, f"{head}n1,Amihan,Asia/Manila,amihan@example.com,Cebu,2027-01-04\n", here.now
        )
        with here.engine.store.read() as books:
            known = books.people.get("n1")
        assert first.accepted == 1
        assert known is not None
        assert (known.location, known.personal_email, known.manager_id) == (
            "Cebu",
            "amihan@example.org",
            "manila-lead",
        )
        other = import_people(
            here.engine, f"{head}n1,Amihan,Asia/Manila,amihan@example.com,Cebu,2027-02-01\n", here.now
        )
    assert [one.reason for one in other.refused] == [
        "start_date: n1 is a hire who starts on 2027-01-04; `hire import` moves it"
    ]


def test_a_backfill_of_a_step_that_nobody_has_says_which_there_are() -> None:
    first, last = date(2027, 1, 1), date(2027, 1, 31)
    steps = ("welcome_card", "welcome_crad")
    with world() as here:
        here.enrol()
        with pytest.raises(
            NotFound, match="there is no step welcome_crad; there are: profile, it_list, it_overdue"
        ):
            backfill(here.engine, first_day_from=first, first_day_to=last, steps=steps, now=here.now)
        with pytest.raises(BadRecord, match="from 2027-01-31 to an earlier 2027-01-01"):
            backfill(here.engine, first_day_from=last, first_day_to=first, now=here.now)


def test_a_bounce_is_looked_at_for_a_week_and_then_is_history() -> None:
    with world("2026-12-14 02:00") as here:
        here.enrol()
        here.run()
        key = here.row("profile").key
        with here.engine.store.begin() as books:
            books.deliveries.settle(key, State.BOUNCED, now=here.now, reason="no such mailbox")
        assert [one.kind for one in review(here.engine, here.now + timedelta(days=6))] == ["bounced"]
        assert review(here.engine, here.now + timedelta(days=8)) == []


def test_nobody_is_told_of_a_missing_coffee_that_is_only_just_arranged() -> None:
    with world("2027-01-20 02:00") as here:  # the first coffee was for 4 January
        here.enrol()
        here.walk_to(at("2027-01-20 23:00"))
        with here.engine.store.read() as books:
            coffee = next(one for one in books.meetings.of_hire("n1") if one.step == "first_coffee")
        watches = [here.row("no_buddy_meeting", role) for role in ("manager", "hr")]
        assert all(one.state is State.PLANNED and one.due_at >= coffee.ends_at for one in watches)
        here.enrol()
        assert [here.row("no_buddy_meeting", role) for role in ("manager", "hr")] == watches
        here.walk_to(max(one.due_at for one in watches))
        assert {here.row("no_buddy_meeting", role).state for role in ("manager", "hr")} == {State.DONE}


def test_who_joins_a_meeting_that_moved_hears_of_no_old_time() -> None:
    with world("2026-12-01 08:00") as here:
        here.enrol()
        here.walk_to(at("2026-12-18 18:00"))
        here.answer(here.row("buddy_yes", "buddy"), agree="yes")
        here.walk_to(at("2027-01-11 08:00"))
        here.enrol(manager_id="chief")
        here.walk_to(at("2027-01-11 20:00"))
        subjects = [one.subject for one in here.to("chief@example.com") if one.invitation is not None]
    assert subjects == ["A welcome round with Amihan and Manila-1"]


def test_a_late_record_names_each_step_and_reason_once() -> None:
    with world("2027-01-20 02:00") as here:
        report = here.enrol()
    notes = [one.reason for one in report.will_not_send if one.step == "welcome_notes"]
    assert notes == ["too late: it was due on 2026-12-21", "too late: it was due on 2026-12-24"]
    assert len(set(report.will_not_send)) == len(report.will_not_send)
