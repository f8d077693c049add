"""What does an edit of the journey file mean for hires who are enrolled already?"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import State
from onboarding.domain.events import Event, EventState
from onboarding.domain.meetings import MeetingState
from onboarding.services.digest import daily_review
from onboarding.services.enrolling import enroll_waiting, replay
from onboarding.services.reviewing import review
from tests.worlds import World, at, record, world

CHANNELS = 'to = "hire"\nday = 3\nat = "14:00"\ngrace = "10 working days"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """HR's own copy of the words."""
    copytree(paths.shipped_templates(), tmp_path / "words")
    return tmp_path / "words"


def edit(here: World, folder: Path, old: str, new: str) -> None:
    """HR saves another journey, and the daily review comes."""
    file = folder / "journeys" / "remote.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    daily_review(here.engine, here.now)


def test_a_step_on_another_day_moves_and_nothing_else_does(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        before = {row.key: row.due_at for row in here.rows()}
        edit(here, folder, CHANNELS, CHANNELS.replace("day = 3", "day = 4"))
        moved = {row.key: row for row in here.rows() if before[row.key] != row.due_at}
    assert list(moved) == ["n1/channels/hire/n1/once"]
    assert moved["n1/channels/hire/n1/once"].reason == "daily review"


def test_another_grace_reaches_hires_who_are_enrolled_already(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        before = here.row("channels")
        edit(here, folder, CHANNELS, CHANNELS.replace("10 working days", "1 working day"))
        after = here.row("channels")
    assert (after.due_at, after.grace_until) == (before.due_at, before.due_at + timedelta(days=1))


def test_a_step_that_is_taken_out_is_withdrawn_and_comes_back_with_the_file(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        step = f'[[step]]\nkey = "channels"\ntitle = "Channels to join"\nwrite = "channels"\n{CHANNELS}\n'
        edit(here, folder, step, "# nothing here\n")
        assert here.row("channels").state is State.WITHDRAWN
        edit(here, folder, "# nothing here\n", step)
        assert here.row("channels").state is State.PLANNED


def test_a_step_that_is_added_is_planned_once_and_what_was_sent_is_not_repeated(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        here.walk_to(at("2027-01-05 12:00"))
        sent = Counter(letter.subject for letter in here.mail.letters)
        edit(here, folder, CHANNELS, f'{CHANNELS}\n\n[[step]]\nkey = "again"\ntitle = "Once more"\n'
             f'write = "channels"\n{CHANNELS.replace("day = 3", "day = 7")}')  # fmt: skip
        daily_review(here.engine, here.now)
        added = [row.key for row in here.rows() if row.step == "again"]
        assert Counter(letter.subject for letter in here.mail.letters) == sent
    assert added == ["n1/again/hire/n1/once"]


def test_a_change_of_weeks_keeps_the_weeks_that_stay(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        kept = here.row("buddy_coffee", occasion="week-9")
        file = folder / "journeys" / "remote.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("weeks = [6, 9, 12]", "weeks = [9, 11]"), encoding="utf-8")
        daily_review(here.engine, here.now)
        states = {
            row.occasion: row.state for row in here.rows() if (row.step, row.role) == ("buddy_coffee", "hire")
        }
        assert here.row("buddy_coffee", occasion="week-9") == kept
    assert states == {
        "week-6": State.WITHDRAWN,
        "week-9": State.PLANNED,
        "week-11": State.PLANNED,
        "week-12": State.WITHDRAWN,
    }


@pytest.mark.slow
def test_a_meeting_to_which_people_were_invited_takes_place_although_its_step_is_taken_out(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        here.walk_to(at("2027-02-22 12:00"))
        assert here.row("mentor_coffee").state is State.SENT
        text = (folder / "journeys" / "remote.toml").read_text(encoding="utf-8")
        start = text.index('[[step]]\nkey = "mentor_coffee"')
        edit(here, folder, text[start : text.index("# -----", start)], "")
        with here.engine.store.read() as books:
            (meeting,) = [one for one in books.meetings.of_hire("n1") if one.step == "mentor_coffee"]
        rows = [
            row.state for row in here.rows() if row.step == "mentor_coffee" and row.person_id in meeting.people
        ]
    assert meeting.state is MeetingState.PLANNED
    assert rows == [State.SENT, State.SENT]


def test_a_slip_in_the_file_delays_everybody_and_costs_nobody_a_mail(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        here.enrol()
        here.now = at("2026-12-14 02:00")
        edit(here, folder, CHANNELS, CHANNELS.replace("day = 3", "day = 0"))
        (waiting,) = here.run()
        assert (waiting.state, here.row("profile").due_at) == (State.PLANNED, at("2026-12-14 02:15"))
        assert [(one.kind, one.text) for one in review(here.engine, here.now)] == [
            ("words", f"nothing is sent: {waiting.reason.partition('read: ')[2]}")
        ]
        edit(here, folder, CHANNELS.replace("day = 3", "day = 0"), CHANNELS)
        here.walk_to(at("2026-12-14 03:00"))
        assert here.row("profile").state is State.SENT
        assert review(here.engine, here.now) == []


def test_an_event_that_meets_a_slip_in_the_file_waits_with_its_sentence(folder: Path) -> None:
    with world(words=FolderWords(folder)) as here:
        body = json.dumps({"type": "hire.created", "data": record()})
        with here.engine.store.begin() as books:
            books.events.record(
                Event(
                    id="e1",
                    source="standard",
                    delivery_id="d1",
                    body=body,
                    received_at=here.now,
                    ready_at=here.now,
                )
            )
        edit(here, folder, CHANNELS, CHANNELS.replace("day = 3", "day = 0"))
        (waits,) = enroll_waiting(here.engine, here.now)
        assert waits.reason.startswith('journeys/remote.toml, step "channels": day must not be 0')
        edit(here, folder, CHANNELS.replace("day = 3", "day = 0"), CHANNELS)
        assert replay(here.engine, "e1", here.now).state is EventState.OBEYED
