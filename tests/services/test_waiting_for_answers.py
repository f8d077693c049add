"""Does a mail that waits for an answer of its reader wait, and no longer than that?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State
from onboarding.services.changing import send_step
from tests.worlds import World, at, world

THE_DAY = at("2026-12-28 02:00")
"""Two working days before the first one: ten o'clock in Manila, when the shipped list for the buddy leaves."""

ASKED_LATE = at("2026-12-31 12:00")
"""Three who were asked to be the buddy have said nothing; the fourth, in Berlin, was asked that morning."""

CLOSES = at("2027-01-06 08:00")


@pytest.fixture
def late() -> Iterator[World]:
    """The fourth buddy has been asked after the day of the list, and has not answered."""
    with world() as here:
        here.enrol()
        here.walk_to(ASKED_LATE)
        yield here


def test_with_an_early_yes_the_list_leaves_on_its_day() -> None:
    with world() as here:
        here.enrol()
        here.hear_yes()
        here.walk_to(THE_DAY)
        row = here.row("buddy_list", "buddy")
        assert (row.state, row.settled_at) == (State.SENT, THE_DAY)


def test_nobody_gets_a_list_for_a_role_to_which_they_have_not_said_yes(late: World) -> None:
    row = late.row("buddy_list", "buddy")
    assert (row.state, row.due_at) == (State.PLANNED, CLOSES)
    assert row.reason == 'waits for the answer to "Ask the buddy for a yes"'
    assert row.grace_until > CLOSES


def test_the_yes_brings_the_list_at_once(late: World) -> None:
    late.answer(late.row("buddy_yes", "buddy"), agree="yes")
    late.run()
    assert late.row("buddy_list", "buddy").state is State.SENT


def test_a_no_ends_it(late: World) -> None:
    asked = late.row("buddy_yes", "buddy")
    late.answer(asked, agree="not_now")
    late.walk_to(CLOSES)
    lists = [one for one in late.rows() if one.step == "buddy_list" and one.person_id == asked.person_id]
    assert [one.state for one in lists] == [State.WITHDRAWN]


def test_whoever_keeps_the_role_in_silence_gets_the_list_when_the_question_closes(late: World) -> None:
    late.walk_to(CLOSES)
    row = late.row("buddy_list", "buddy")
    assert (row.state, row.settled_at) == (State.SENT, CLOSES)


def test_hr_may_send_it_at_once(late: World) -> None:
    send_step(late.engine, "n1", "buddy_list", late.now)
    late.run()
    assert late.row("buddy_list", "buddy").state is State.SENT


def test_planning_again_leaves_it_waiting(late: World) -> None:
    before = late.row("buddy_list", "buddy")
    late.enrol()
    assert late.row("buddy_list", "buddy") == before


def test_a_question_that_is_still_to_come_holds_it_too() -> None:
    with world("2027-01-04 08:00") as here:  # told to us on the first day: everything is due at once
        here.enrol()
        here.run()
        asked = here.row("buddy_yes", "buddy")
        assert here.row("buddy_list", "buddy").state is State.PLANNED
        here.walk_to(asked.due_at)
        here.answer(asked, agree="yes")
        here.run()
        assert here.row("buddy_list", "buddy").state is State.SENT


def test_a_question_that_the_journey_does_not_put_holds_nothing(tmp_path: Path) -> None:
    copytree(paths.shipped_templates(), tmp_path / "words")
    file = tmp_path / "words" / "journeys" / "remote.toml"
    text = file.read_text(encoding="utf-8")
    head, asked, rest = text.partition('ask = "buddy_yes"\n')
    rest = rest.replace('closes_after = "3 working days"', 'closes_after = "3 weeks"', 1)
    text = f"{head}{asked}only_if = 'hire.department == \"Sales\"'\n{rest}"
    file.write_text(text, encoding="utf-8")
    with world(words=FolderWords(tmp_path / "words")) as here:
        here.enrol()
        assert here.row("buddy_list", "buddy").due_at == THE_DAY
        here.walk_to(THE_DAY)
        assert here.row("buddy_list", "buddy").state is State.SENT
