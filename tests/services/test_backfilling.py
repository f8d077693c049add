from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from onboarding.domain.delivery import GONE, State, Why
from onboarding.services.backfilling import Action, BackfillRow, Late, backfill
from onboarding.services.hiring import withdraw
from tests.alarms import KeptAlarms
from tests.worlds import World, at, world

DAY_TWELVE = "2027-01-19 02:00"


def fill(here: World, *steps: str, late: Late = Late.SKIP, rehearse: bool = True) -> list[BackfillRow]:
    return backfill(
        here.engine,
        first_day_from=date(2027, 1, 4),
        first_day_to=date(2027, 1, 4),
        steps=steps,
        late=late,
        rehearse=rehearse,
        now=here.now,
    )


def everything(here: World) -> list[object]:
    """All that a store remembers of a hire, transitions included."""
    rows = here.rows()
    with here.engine.store.read() as books:
        return [
            rows,
            [books.deliveries.history(one.key) for one in rows],
            books.people.all(),
            books.hires.find(),
            books.pairings.of_hire("n1"),
            books.meetings.of_hire("n1"),
            books.asks.of_hire("n1"),
        ]


@pytest.mark.parametrize("late", list(Late))
def test_a_rehearsal_says_what_it_would_do_and_changes_nothing(late: Late) -> None:
    alarms = KeptAlarms()
    with world(DAY_TWELVE, alarms=alarms) as here:
        here.enrol()
        before, set_before = everything(here), list(alarms.names)
        assert fill(here, late=late)
        assert everything(here) == before
        assert alarms.names == set_before
        assert here.mail.letters == []


def test_what_a_rehearsal_shows_is_what_is_done() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol()
        assert fill(here, late=Late.SEND) == fill(here, late=Late.SEND, rehearse=False)


def test_skipping_leaves_what_is_too_late_with_its_reason() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol()
        (row,) = fill(here, "welcome_card", rehearse=False)
        assert (row.action, row.reason) == (Action.SKIP, "too late: it was due on 2027-01-04")
        assert here.row("welcome_card").state is State.SKIPPED


def test_sending_revives_only_what_was_too_late() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol(manager_id="")
        nobody = {one.key for one in here.rows() if one.why in (Why.NOBODY, Why.CONDITION)}
        fill(here, late=Late.SEND, rehearse=False)
        assert here.row("welcome_card").state is State.PLANNED
        assert nobody
        assert nobody <= {one.key for one in here.rows() if one.state is State.SKIPPED}
        here.run()
        assert here.row("welcome_card").state is State.SENT


def test_a_reminder_is_not_sent_with_its_question() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol()
        rows = fill(here, "profile", late=Late.SEND, rehearse=False)
        assert {one.occasion: one.action for one in rows} == {"once": Action.SEND, "once.reminder": Action.SKIP}
        here.run()
        assert here.row("profile").state is State.SENT
        assert here.row("profile", occasion="once.reminder").state is not State.SENT


@pytest.mark.slow
def test_what_was_sent_is_never_sent_again() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-01-19 02:00"))
        sent = {one.key for one in here.rows() if one.state in GONE}
        rows = fill(here, late=Late.SEND, rehearse=False)
        here.run()
        assert not [one for one in rows if f"n1/{one.step}/{one.role}" in {key.rpartition("/")[0] for key in sent}]
        assert set(Counter(one.number for one in here.mail.letters).values()) == {1}


def test_what_is_due_now_and_what_waits_are_told_apart() -> None:
    with world() as here:
        here.enrol()
        here.now = at("2026-12-16 02:00")  # nothing ran for two days
        actions = {one.step: one.action for one in fill(here) if one.occasion == "once"}
        assert actions["profile"] is Action.SEND
        assert actions["welcome_card"] is Action.KEEP


def test_only_the_steps_and_hires_that_were_named_are_looked_at() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol()
        here.enrol(id="n2", work_email="n2@example.com", start_date="2027-01-05")
        here.enrol(id="n3", work_email="n3@example.com")
        withdraw(here.engine, "n3", here.now)
        rows = fill(here, "welcome_card", "channels")
        assert {(one.hire_id, one.step) for one in rows} == {("n1", "welcome_card"), ("n1", "channels")}


def test_somebody_who_is_gone_from_the_directory_is_left_out() -> None:
    with world(DAY_TWELVE) as here:
        here.enrol()
        sent_to_hr = [one for one in fill(here, late=Late.SEND) if one.role == "hr"]
        assert sent_to_hr
