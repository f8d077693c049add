from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import IllegalMove, NotFound
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.services.changing import move_step, send_step, settle_unknown, skip_step
from onboarding.services.digest import daily_review
from tests.alarms import KeptAlarms
from tests.worlds import World, at, person, world

REMINDER = "once.reminder"


def unknown(here: World) -> Delivery:
    here.enrol()
    here.now = here.row("profile").due_at
    here.mail.answers = [Outcome(kind=OutcomeKind.UNKNOWN, reason="no answer")]
    here.run()
    return here.row("profile")


class TestSkip:
    def test_it_ends_the_question_and_its_reminder_for_good(self) -> None:
        with world() as here:
            here.enrol()
            assert {one.state for one in skip_step(here.engine, "n1", "profile", here.now)} == {State.SKIPPED}
            here.enrol(start_date="2027-02-01")
            rows = [one for one in here.rows() if one.step == "profile"]
            assert {(one.state, one.why) for one in rows} == {(State.SKIPPED, Why.BY_HAND)}

    def test_what_was_sent_is_not_unsent(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-22 12:00"))
            with pytest.raises(IllegalMove, match="nothing of profile can be changed: to hire: sent"):
                skip_step(here.engine, "n1", "profile", here.now)

    def test_an_unknown_hire_or_step_names_those_that_there_are(self) -> None:
        with world() as here:
            here.enrol()
            with pytest.raises(NotFound, match="there is no hire n9"):
                skip_step(here.engine, "n9", "profile", here.now)
            with pytest.raises(NotFound, match="n1 has no step profil; there are: profile, buddy"):
                skip_step(here.engine, "n1", "profil", here.now)

    def test_a_role_that_nobody_has_cannot_be_changed_and_says_why(self) -> None:
        with world() as here:
            here.enrol(manager_id="")
            with pytest.raises(IllegalMove, match="the record names no manager"):
                skip_step(here.engine, "n1", "manager_list", here.now)


class TestMove:
    def test_it_keeps_each_recipients_own_hour_unless_another_is_given(self) -> None:
        with world() as here:
            here.enrol()
            move_step(here.engine, "n1", "welcome_card", date(2027, 1, 6), None, here.now)
            assert here.row("welcome_card").due_at == at("2027-01-06 01:00")
            move_step(here.engine, "n1", "welcome_card", date(2027, 1, 7), time(15, 30), here.now)
            assert here.row("welcome_card").due_at == at("2027-01-07 07:30")

    def test_later_plans_leave_it_where_the_human_put_it(self) -> None:
        with world() as here:
            here.enrol()
            move_step(here.engine, "n1", "welcome_card", date(2027, 1, 6), None, here.now)
            here.enrol(start_date="2027-02-01")
            assert here.row("welcome_card").due_at == at("2027-01-06 01:00")

    def test_a_reminder_does_not_move_into_the_minute_of_its_question(self) -> None:
        with world() as here:
            here.enrol()
            (moved,) = move_step(here.engine, "n1", "profile", date(2026, 12, 14), None, here.now)
            assert moved.occasion == "once"
            assert here.row("profile", occasion=REMINDER).due_at > moved.due_at

    def test_a_reminder_whose_question_left_moves_alone(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("profile").due_at)
            (moved,) = move_step(here.engine, "n1", "profile", date(2026, 12, 30), None, here.now)
            assert moved.occasion == REMINDER

    def test_a_step_of_hr_moves_by_the_clock_of_hr(self) -> None:
        with world() as here:
            here.enrol()
            move_step(here.engine, "n1", "low_30", date(2027, 2, 10), time(9), here.now)
            assert here.row("low_30", "hr").due_at == at("2027-02-10 08:00")


class TestSend:
    def test_what_was_too_late_is_sent_all_the_same_once(self) -> None:
        with world("2027-01-19 02:00") as here:
            here.enrol()
            assert here.row("welcome_card").why is Why.TOO_LATE
            send_step(here.engine, "n1", "welcome_card", here.now)
            here.run()
            assert here.row("welcome_card").state is State.SENT
            with pytest.raises(IllegalMove):
                send_step(here.engine, "n1", "welcome_card", here.now)

    def test_a_question_comes_before_its_reminder(self) -> None:
        with world() as here:
            here.enrol()
            send_step(here.engine, "n1", "profile", here.now)
            here.run()
            assert here.row("profile").state is State.SENT
            assert here.row("profile", occasion=REMINDER).state is State.PLANNED

    def test_it_leaves_at_night_because_a_human_said_so(self) -> None:
        with world("2026-12-14 15:30") as here:
            here.enrol()
            send_step(here.engine, "n1", "welcome_card", here.now)
            here.now += timedelta(hours=2)
            here.run()
            assert here.row("welcome_card").state is State.SENT

    def test_only_a_human_repeats_what_is_unknown(self) -> None:
        with world() as here:
            row = unknown(here)
            here.enrol(start_date="2027-01-05")
            daily_review(here.engine, here.now)
            here.run()
            assert here.row("profile").state is State.UNKNOWN
            send_step(here.engine, "n1", "profile", here.now)
            here.run()
            assert here.row("profile").state is State.SENT
            assert row.number == here.row("profile").number

    def test_an_alarm_is_set_for_it(self) -> None:
        alarms = KeptAlarms()
        with world(alarms=alarms) as here:
            here.enrol()
            before = len(alarms.names)
            send_step(here.engine, "n1", "welcome_card", here.now)
            assert alarms.names[before:] == ["run-due-steps/2026-12-01T08:00Z"]


class TestSettle:
    @pytest.mark.parametrize("state", [State.SENT, State.FAILED])
    def test_a_human_says_what_became_of_it(self, state: State) -> None:
        with world() as here:
            row = settle_unknown(here.engine, unknown(here).number, state, here.now)
            assert (row.state, row.why, row.reason) == (state, Why.BY_HAND, f"a person says: {state}")
            with pytest.raises(IllegalMove, match=f"is {state}, not unknown"):
                settle_unknown(here.engine, row.number, State.FAILED, here.now)

    def test_it_cannot_become_what_makes_no_sense(self) -> None:
        with world() as here:
            number = unknown(here).number
            with pytest.raises(IllegalMove):
                settle_unknown(here.engine, number, State.SKIPPED, here.now)

    def test_a_number_that_nobody_knows_is_not_found(self) -> None:
        with world(people=[person("pal")]) as here, pytest.raises(NotFound, match="there is no delivery 99"):
            settle_unknown(here.engine, 99, State.SENT, here.now)
