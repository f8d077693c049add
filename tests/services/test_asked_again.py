from __future__ import annotations

import re

from onboarding.domain.delivery import State, Why
from onboarding.domain.journey import REMINDER
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.services.answering import open_ask
from onboarding.services.changing import send_step
from tests.worlds import World, at, world

REFUSED = Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox")


def refused_question(here: World) -> None:
    """The first question to the newcomer is refused for good."""
    here.enrol()
    here.now = here.row("profile").due_at
    here.mail.answers = [REFUSED]
    here.run()
    assert here.row("profile").state is State.FAILED


def test_a_question_that_is_sent_after_all_can_be_answered_whenever_that_is() -> None:
    with world() as here:
        refused_question(here)
        here.now = at("2027-01-05 02:00")  # long after the question would have closed
        send_step(here.engine, "n1", "profile", here.now)
        here.run()
        number = here.row("profile").number
        (letter,) = (one for one in here.mail.letters if one.number == number)
        found = re.search(r"/ask/(\S+)", letter.text)
        assert found is not None
        assert open_ask(here.engine, found[1], here.now).ask.closes_at > here.now


def test_nobody_is_reminded_of_a_question_that_was_refused() -> None:
    with world() as here:
        refused_question(here)
        here.walk_to(at("2026-12-20 02:00"))
        reminder = here.row("profile", occasion="once" + REMINDER)
        assert (reminder.state, reminder.why) == (State.SKIPPED, Why.ANSWERED)
        assert here.to("amihan@example.org") == []
