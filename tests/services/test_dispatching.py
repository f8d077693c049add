from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta

import pytest

from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import Unavailable
from onboarding.domain.journey import Journey
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.domain.people import WorkingHours
from onboarding.services.changing import send_step
from onboarding.services.dispatching import BACKOFF, LEASE, MOST_ATTEMPTS, claim_batches, perform, recover, run_due
from onboarding.services.hiring import withdraw
from tests.worlds import WORDS, World, at, world

LATER = Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="451 try again later")


class OtherWords:
    """The shipped words, but for a journey of its own and messages that break."""

    def __init__(self, *, without: str = "", breaks: str = "", error: Exception | None = None) -> None:
        self.without, self.breaks, self.error = without, breaks, error

    def __getattr__(self, name: str) -> object:
        return getattr(WORDS, name)

    def journey(self, name: str) -> Journey:
        known = WORDS.journey(name)
        return replace(known, steps=tuple(one for one in known.steps if one.key != self.without))

    def message(self, message: str, *args: object, **named: object) -> object:
        if message == self.breaks and self.error is not None:
            raise self.error
        return WORDS.message(message, *args, **named)  # type: ignore[arg-type]  # passed on as it came


def change(here: World, person_id: str, **more: object) -> None:
    with here.engine.store.begin() as books:
        known = books.people.get(person_id)
        assert known is not None
        books.people.put(replace(known, **more))  # type: ignore[arg-type]  # tests vary what they like


def reasons(here: World, row: Delivery) -> list[str]:
    with here.engine.store.read() as books:
        return [one.reason for one in books.deliveries.history(row.key)]


def test_nothing_is_due_before_its_moment() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at - timedelta(seconds=1)
        assert here.run() == []
        here.now += timedelta(seconds=1)
        assert [(one.step, one.state) for one in here.run()] == [("profile", State.SENT)]
        assert here.run() == []


def test_what_is_a_little_late_leaves_at_once_even_after_hours() -> None:
    with world() as here:
        here.enrol()
        change(here, "n1", working_hours=WorkingHours(start=time(9), end=time(10, 10)))
        here.now = here.row("profile").due_at + timedelta(minutes=20)
        here.run()
        assert here.row("profile").state is State.SENT


def test_what_is_late_in_the_evening_waits_for_the_next_working_hour() -> None:
    with world() as here:
        here.enrol()
        here.now = at("2026-12-15 14:00")  # 22:00 in Manila
        (result,) = [one for one in here.run() if one.step == "profile"]
        assert (result.state, here.row("profile").due_at) == (State.PLANNED, at("2026-12-16 01:00"))
        assert "waits for working hours" in reasons(here, here.row("profile"))
        here.walk_to(at("2026-12-16 01:00"))
        assert here.row("profile").state is State.SENT


def test_what_cannot_leave_within_its_grace_any_more_says_so() -> None:
    with world() as here:
        here.enrol()
        grace = here.row("welcome_card").grace_until
        here.now = grace + timedelta(minutes=1)
        here.run()
        row = here.row("welcome_card")
        assert (row.state, row.why) == (State.SKIPPED, Why.TOO_LATE)
        assert row.reason == f"too late: its grace ended at {grace:%Y-%m-%d %H:%M} UTC"


def test_when_the_next_working_hour_lies_after_the_grace_it_is_too_late_tonight() -> None:
    with world() as here:
        here.enrol()
        row = here.row("welcome_card")
        with here.engine.store.begin() as books:
            night = at("2027-01-04 20:00")
            books.deliveries.reschedule(
                row.key, due_at=row.due_at, grace_until=night, reason="a short grace", now=here.now
            )
        here.now = at("2027-01-04 14:00")
        here.run()
        assert here.row("welcome_card").reason == "too late: the next working hour lies after its grace"


def test_a_refusal_that_can_heal_is_tried_again_later_each_time_and_fails_when_it_is_too_late() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        waits = []
        here.mail.answers = [LATER] * MOST_ATTEMPTS
        while (row := here.row("profile")).state is State.PLANNED:
            here.now = max(here.now, row.due_at)
            here.run()
            after = here.row("profile")
            if after.state is State.PLANNED:
                waits.append(after.due_at - here.now)
        assert waits[: len(BACKOFF)] == list(BACKOFF)
        assert row.attempts < MOST_ATTEMPTS
        assert (row.state, row.why) == (State.FAILED, Why.REFUSED)
        assert row.reason == "refused until it was too late: 451 try again later"


def test_a_service_that_says_when_to_come_back_is_obeyed() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        here.mail.answers = [replace(LATER, retry_at=here.now + timedelta(hours=3))]
        here.run()
        assert here.row("profile").due_at == here.now + timedelta(hours=3)


def test_a_step_sent_by_hand_after_its_grace_is_tried_again_too() -> None:
    with world() as here:
        here.enrol()
        here.now = at("2027-02-15 03:00")
        here.run()
        assert here.row("welcome_card").why is Why.TOO_LATE
        send_step(here.engine, "n1", "welcome_card", here.now)
        here.mail.answers = [LATER]
        here.run()
        assert here.row("welcome_card").state is State.PLANNED
        here.walk_to(here.row("welcome_card").due_at)
        assert here.row("welcome_card").state is State.SENT


def test_a_refusal_for_good_and_an_uncertain_end_are_not_tried_again() -> None:
    with world() as here:
        here.enrol()
        here.enrol(id="n2", work_email="n2@example.com", personal_email="n2@example.org")
        here.now = here.row("profile").due_at
        here.mail.answers = [
            Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox"),
            Outcome(kind=OutcomeKind.UNKNOWN, reason="no answer within 10 s"),
        ]
        here.run()
        here.now += timedelta(days=1)
        here.run()
        rows = [here.row("profile", hire_id=one) for one in ("n1", "n2")]
        assert {(one.state, one.why, one.reason) for one in rows} == {
            (State.FAILED, Why.REFUSED, "550 no such mailbox"),
            (State.UNKNOWN, Why.CRASHED, "no answer within 10 s"),
        }


def test_somebody_without_an_address_fails_alone_with_the_reason() -> None:
    with world() as here:
        here.enrol()
        here.enrol(id="n2", work_email="n2@example.com")
        change(here, "n1", work_email="", personal_email="")
        here.now = here.row("profile").due_at
        here.run()
        assert (here.row("profile").state, here.row("profile").why) == (State.FAILED, Why.NO_ADDRESS)
        assert here.row("profile", hire_id="n2").state is State.SENT


def test_an_unexpected_error_in_one_does_not_stop_the_others_and_tells_no_names() -> None:
    words = OtherWords(breaks="profile", error=RuntimeError("Amihan Quill is too much for me"))
    with world(words=words) as here:  # type: ignore[arg-type]  # passes the rest on
        here.enrol()
        here.enrol(id="n2", work_email="n2@example.com", start_date="2027-01-05")
        here.walk_to(at("2026-12-17 12:00"))
        row = here.row("profile")
        assert (row.state, row.why) == (State.FAILED, Why.CRASHED)
        assert row.reason == "an unexpected error while preparing it: RuntimeError"
        assert here.row("buddy").state is State.DONE
        assert here.row("profile", hire_id="n2").state is State.FAILED


def test_a_store_that_is_gone_stops_everything_and_fails_nothing() -> None:
    words = OtherWords(breaks="profile", error=Unavailable("the database does not answer"))
    with world(words=words) as here:  # type: ignore[arg-type]  # passes the rest on
        here.enrol()
        here.now = here.row("profile").due_at
        with pytest.raises(Unavailable):
            here.run()
        assert here.row("profile").state is State.CLAIMED
        words.breaks = ""
        here.now += LEASE + timedelta(minutes=1)
        here.run()
        assert here.row("profile").state is State.SENT


def test_a_claim_that_was_lost_sends_nothing() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        (mine,) = claim_batches(here.engine, here.now)
        here.now += LEASE + timedelta(minutes=1)
        assert recover(here.engine, here.now) == 1
        (theirs,) = claim_batches(here.engine, here.now)
        perform(here.engine, mine, here.now)
        assert here.mail.letters == []
        perform(here.engine, theirs, here.now)
        assert len(here.mail.letters) == 1


def test_a_claim_that_still_holds_is_not_recovered() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        assert claim_batches(here.engine, here.now)
        assert recover(here.engine, here.now + LEASE - timedelta(seconds=1)) == 0


def test_batches_are_of_one_step_and_role_and_hold_all_that_is_due() -> None:
    with world() as here:
        for number in range(3):
            here.enrol(id=f"h{number}", work_email=f"h{number}@example.com")
        here.now = here.row("welcome_card", hire_id="h0").due_at
        batches = claim_batches(here.engine, here.now)
        assert sum(len(one.keys) for one in batches) == len([key for one in batches for key in set(one.keys)])
        for batch in batches:
            assert {tuple(key.split("/")[1:3]) for key in batch.keys} == {(batch.step, batch.role)}
        assert len({one.claim for one in batches}) == 1


def test_a_withdrawn_hire_gets_nothing_that_was_claimed_before() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        (batch,) = claim_batches(here.engine, here.now)
        withdraw(here.engine, "n1", here.now)
        perform(here.engine, batch, here.now)
        assert here.mail.letters == []
        assert here.row("profile").why is Why.LEFT


def test_a_recipient_who_left_gets_nothing() -> None:
    with world() as here:
        here.enrol()
        row = here.row("manager_list", "manager")
        here.walk_to(row.due_at - timedelta(minutes=1))
        change(here, "manila-lead", active=False)
        here.now = row.due_at
        here.run()
        after = here.row("manager_list", "manager")
        assert (after.state, after.reason) == (State.SKIPPED, "manila-lead has left")


def test_whoever_opted_out_gets_no_optional_mail() -> None:
    with world() as here:
        here.enrol()
        row = here.row("welcome_notes", "peer")
        here.walk_to(row.due_at - timedelta(hours=1))
        change(here, row.person_id, opted_out=True)
        here.walk_to(row.due_at)
        after = next(one for one in here.rows() if one.key == row.key)
        assert (after.state, after.why) == (State.SKIPPED, Why.OPTED_OUT)


def test_a_condition_is_looked_at_again_when_the_moment_has_come() -> None:
    with world() as here:
        here.enrol()
        row = here.row("mentor_yes", "mentor")
        change(here, "n1", department="Leadership")
        here.now = row.due_at
        here.run()
        assert here.row("mentor_yes", "mentor").why is Why.CONDITION


def test_a_step_that_hr_took_out_of_the_journey_is_not_sent() -> None:
    words = OtherWords()
    with world(words=words) as here:  # type: ignore[arg-type]  # passes the rest on
        here.enrol()
        words.without = "profile"
        here.now = here.row("profile").due_at
        here.run()
        assert here.row("profile").reason == "the journey has no such step any more"


def test_a_meeting_lost_its_manager_in_the_last_minute_and_says_so() -> None:
    with world() as here:
        here.enrol()
        row = here.row("welcome_round", "hire")
        here.walk_to(row.due_at - timedelta(hours=1))
        change(here, "n1", manager_id="m-77")
        here.walk_to(row.due_at)
        after = here.row("welcome_round", "hire")
        assert (after.state, after.why) == (State.SKIPPED, Why.NOBODY)
        assert after.reason == "the manager m-77 is not in the directory"


def test_many_runs_at_the_same_moment_send_each_letter_once() -> None:
    with world() as here:
        here.enrol()
        here.now = at("2027-01-04 05:00")
        for _ in range(3):
            run_due(here.engine, here.now, limit=2)
        assert set(Counter(one.number for one in here.mail.letters).values()) == {1}
