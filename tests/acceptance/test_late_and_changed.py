"""What do people get when facts come late, or change back and forth?"""

from __future__ import annotations

from onboarding.domain.delivery import State
from tests.worlds import at, world


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
