"""What becomes of a role when somebody declines, stays silent or leaves?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State, Why
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.services.hiring import leave
from onboarding.services.matches import matches
from onboarding.services.reviewing import review
from tests.worlds import MANILA, World, at, person, world

ASKED = at("2026-12-18 03:00")
"""The buddy was announced and asked; the question closes on 28 December."""


def of_role(here: World, role: str = "buddy") -> list[Pairing]:
    with here.engine.store.read() as books:
        return [one for one in books.pairings.of_hire("n1") if one.role == role]


def current(here: World, role: str = "buddy") -> Pairing:
    (found,) = [
        one for one in of_role(here, role) if one.state in (PairingState.PROVISIONAL, PairingState.ANNOUNCED)
    ]
    return found


def closed(here: World, step: str = "buddy_yes", role: str = "buddy") -> None:
    """Live until the question to whoever has the role now has closed."""
    row = here.row(step, role)
    with here.engine.store.read() as books:
        ask = books.asks.get(row.key)
    assert ask is not None
    here.walk_to(ask.closes_at)


def test_after_a_no_the_next_best_is_announced_at_once_and_asked() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(ASKED)
        first = current(here)
        here.answer(here.row("buddy_yes", "buddy"), agree="not_now")
        second = current(here)
        assert second.person_id == first.alternatives[0]
        assert second.state is PairingState.ANNOUNCED
        here.walk_to(here.row("buddy_yes", "buddy").due_at)
        assert here.row("buddy_yes", "buddy").state is State.SENT
        assert here.row("buddy_yes", "buddy").person_id == second.person_id


def test_a_no_before_the_announcement_leaves_the_next_one_provisional() -> None:
    with world() as here:
        here.enrol()
        first = current(here)
        with here.engine.store.begin() as books:
            books.people.put(person(first.person_id, MANILA, active=False))
        leave(here.engine, first.person_id, here.now)
        assert current(here).state is PairingState.PROVISIONAL
        here.walk_to(ASKED)
        assert current(here).state is PairingState.ANNOUNCED


def test_whoever_leaves_between_match_and_announcement_is_noticed_at_the_announcement() -> None:
    with world() as here:
        here.enrol()
        first = current(here)
        with here.engine.store.begin() as books:  # nobody planned anything again
            known = books.people.get(first.person_id)
            assert known is not None
            books.people.put(person(first.person_id, MANILA, active=False))
        here.walk_to(ASKED)
        second = current(here)
        assert second.person_id != first.person_id
        assert second.state is PairingState.ANNOUNCED
        assert here.row("buddy_yes", "buddy").person_id == second.person_id
        assert {one.person_id: one.state for one in of_role(here)}[first.person_id] is PairingState.ENDED


def test_whoever_does_not_answer_gives_way_to_the_next_best_when_the_question_closes() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(ASKED)
        first = current(here)
        row = here.row("buddy_yes", "buddy")
        closed(here)
        second = current(here)
        assert second.person_id == first.alternatives[0]
        assert second.state is PairingState.ANNOUNCED
        assert {one.person_id: one.state for one in of_role(here)}[first.person_id] is PairingState.SILENT
        with here.engine.store.read() as books:
            told = books.deliveries.get(f"{row.key}.silence")
        assert told is not None
        assert (told.state, told.reason) == (
            State.DONE,
            f"{first.person_id} did not answer: the next best is asked",
        )
        here.walk_to(here.now + timedelta(days=1))
        assert here.row("buddy_yes", "buddy").state is State.SENT
        (was,) = next(one for one in matches(here.engine, "n1", here.now).roles if one.role == "buddy").before
        assert (was.became, was.instead and was.instead.id) == ("did not answer", second.person_id)


def test_whoever_answers_in_time_keeps_the_role() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(ASKED)
        first = current(here)
        row = here.row("buddy_yes", "buddy")
        here.answer(row, agree="yes")
        closed(here)
        assert current(here) == first
        with here.engine.store.read() as books:
            after = books.deliveries.get(f"{row.key}.silence")
        assert after is not None
        assert (after.state, after.why) == (State.SKIPPED, Why.ANSWERED)


def test_a_yes_of_the_next_one_is_a_yes_and_nobody_is_told_of_the_silence_before() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(ASKED)
        closed(here)
        here.walk_to(here.now + timedelta(hours=12))
        here.answer(here.row("buddy_yes", "buddy"), agree="yes")
        here.walk_to(at("2027-01-06 12:00"))
        assert here.row("buddy_silent", "hr").why is Why.NOTHING_TO_TELL


@pytest.mark.slow
def test_somebody_who_was_introduced_stays_though_silent_and_hr_is_told() -> None:
    with world() as here:
        here.enrol()
        for _ in range(4):
            if here.row("buddy_introduction", "buddy").state is State.SENT:
                break
            here.walk_to(here.row("buddy_yes", "buddy").due_at)
            closed(here)
        last = current(here)
        here.walk_to(at("2027-01-18 12:00"))
        assert current(here) == last
        found = [one.text for one in review(here.engine, at("2027-01-08 12:00")) if "did not answer" in one.text]
        stays = f"{last.person_id} did not answer and keeps the role: the newcomer knows them already"
        assert found == [f"buddy_yes to buddy is skipped: {stays}"]
        assert here.row("buddy_silent", "hr").state is State.SENT


def test_where_nobody_else_can_the_silent_one_stays_and_hr_is_told() -> None:
    with world(people=[person("boss", MANILA), person("pal", MANILA, manager_id="boss")]) as here:
        here.enrol(manager_id="boss")
        here.walk_to(ASKED)
        closed(here)
        assert current(here).person_id == "pal"
        (found,) = [one for one in review(here.engine, here.now) if one.id and "did not answer" in one.text]
        assert "pal did not answer and keeps the role: nobody can be buddy" in found.text
        here.walk_to(at("2027-01-06 12:00"))
        assert here.row("buddy_silent", "hr").state is State.SENT
        assert here.row("buddy_introduction", "buddy").state is State.SENT


def test_a_journey_that_keeps_the_silent_asks_nobody_else(tmp_path: Path) -> None:
    copytree(paths.shipped_templates(), tmp_path / "words")
    file = tmp_path / "words" / "journeys" / "remote.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('silence = "next"', 'silence = "keep"'), "utf-8")
    with world(words=FolderWords(tmp_path / "words")) as here:
        here.enrol()
        here.walk_to(ASKED)
        first = current(here)
        here.walk_to(at("2027-01-02 12:00"))
        assert current(here) == first
        assert not [one for one in here.rows() if one.occasion.endswith(".silence")]


@pytest.mark.slow
def test_a_silent_mentor_gives_way_too() -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2027-02-10 12:00"))
        first = current(here, "mentor")
        closed(here, "mentor_yes", "mentor")
        here.walk_to(here.now + timedelta(days=1))
        second = current(here, "mentor")
        assert second.person_id != first.person_id
        assert here.row("mentor_yes", "mentor").state is State.SENT


def test_a_question_that_leaves_late_has_its_whole_time_before_silence_counts() -> None:
    with world("2026-12-28 08:00") as here:
        here.enrol()
        here.walk_to(at("2026-12-29 12:00"))
        row = here.row("buddy_yes", "buddy")
        assert row.state is State.SENT
        with here.engine.store.read() as books:
            ask, after = books.asks.get(row.key), books.deliveries.get(f"{row.key}.silence")
        assert ask is not None
        assert after is not None
        assert after.due_at == ask.closes_at
