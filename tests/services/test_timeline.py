from __future__ import annotations

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import NotFound
from onboarding.domain.people import HireState
from onboarding.services.hiring import withdraw
from onboarding.services.timeline import hires, timeline
from tests.worlds import at, world


def test_a_timeline_says_when_by_the_recipients_clock_to_whom_and_why() -> None:
    with world() as here:
        here.enrol()
        seen = timeline(here.engine, "n1")
        card = next(one for one in seen.rows if one.step == "welcome_card")
        assert (card.title, card.person_name) == ("Welcome card with the colleagues' notes", "Amihan Quill")
        assert card.local_time == "Monday, January 4, 2027, 9:00 AM (Manila, UTC+8)"
        assert [one.due_at for one in seen.rows] == sorted(one.due_at for one in seen.rows)
        assert {one.role for one in seen.pairings} >= {"buddy", "peer", "partner", "mentor"}


def test_hr_and_roles_that_nobody_has_are_shown_too() -> None:
    with world() as here:
        here.enrol(manager_id="")
        rows = timeline(here.engine, "n1").rows
        assert {one.person_name for one in rows if one.role == "hr"} == {"People Team"}
        assert {
            (one.person_name, one.reason)
            for one in rows
            if one.person_id == "nobody" and one.step == "welcome_round"
        } == {("", "the record names no manager")}


def test_what_happened_is_told_step_by_step() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-14 03:00"))
        here.answer(here.row("profile"), called="Ami")
        seen = timeline(here.engine, "n1")
        profile = next(one for one in seen.rows if one.key == "n1/profile/hire/n1/once")
        assert [one.after for one in profile.history] == [State.PLANNED, State.CLAIMED, State.SENDING, State.SENT]
        assert profile.settled_at == here.row("profile").due_at
        assert seen.answered == (profile.key,)


def test_a_list_counts_what_is_planned_sent_skipped_and_in_trouble() -> None:
    with world() as here:
        here.enrol(start_date="2027-01-11")
        here.enrol(id="n2", work_email="n2@example.com")
        here.walk_to(at("2026-12-22 03:00"))
        withdraw(here.engine, "n1", here.now)
        second, first = hires(here.engine)
        assert (second.id, first.id) == ("n2", "n1")
        assert (first.state, first.planned) == (HireState.WITHDRAWN, 0)
        states = [one.state for one in here.rows("n2")]
        assert (second.planned, second.sent, second.skipped, second.trouble) == (
            states.count(State.PLANNED),
            states.count(State.SENT),
            states.count(State.SKIPPED),
            0,
        )


def test_somebody_unknown_is_not_found_and_says_where_to_look() -> None:
    with world() as here, pytest.raises(NotFound, match="onboarding hire list"):
        timeline(here.engine, "n9")
