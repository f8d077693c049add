"""How the nearest peer fails, row by row, and what happens here instead."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from onboarding import paths
from onboarding.adapters.words import FolderWords
from onboarding.domain.delivery import GONE, State, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.events import EventState
from onboarding.domain.mail import Outcome, OutcomeKind
from onboarding.services.changing import move_step, send_step
from onboarding.services.dispatching import claim_batches, perform, run_due
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.reviewing import review
from tests.signing import post_standard
from tests.worlds import BERLIN, World, at, world


def sent_to_hire(here: World) -> Counter[str]:
    sent = {one.number: one.step for one in here.rows() if one.role == "hire"}
    return Counter(sent[letter.number] for letter in here.mail.letters if letter.number in sent)


def journey(tmp_path: Path, steps: str, **messages: str) -> FolderWords:
    """The shipped words with another journey, and further messages for the hire."""
    folder = tmp_path / "words"
    shutil.copytree(paths.shipped_templates(), folder)
    (folder / "journeys" / "remote.toml").write_text(f'title = "A short one"\n{steps}', encoding="utf-8")
    for name, body in messages.items():
        (folder / "messages" / name).mkdir(exist_ok=True)
        (folder / "messages" / name / "hire.md").write_text(body, encoding="utf-8")
    return FolderWords(folder)


def note(key: str, day: int, at_: str = "10:00", **more: str) -> str:
    """A step that writes to the hire."""
    keys = {"key": key, "title": key, "write": key, "to": "hire", "at": at_, **more}
    return f"[[step]]\nday = {day}\n" + "".join(f'{name} = "{value}"\n' for name, value in keys.items())


def letter(subject: str, body: str = "Hello {{ you.first_name }}.") -> str:
    return f"---\nsubject: {subject}\nreason: You are new here.\n---\n{body}\n"


def test_down_from_monday_evening_to_thursday_noon_each_step_comes_once_while_kind_else_says_too_late(
    tmp_path: Path,
) -> None:
    steps = note("two", 2, grace="1 working day") + note("three", 3) + note("four", 4)
    words = journey(tmp_path, steps, two=letter("Two"), three=letter("Three"), four=letter("Four"))
    with world(words=words) as here:
        here.enrol(**BERLIN)
        here.now = at("2027-01-04 18:00")
        here.run()
        here.now = at("2027-01-07 12:00")  # Thursday of the first week: day 4
        here.run()
        here.run()
        assert sent_to_hire(here) == {"three": 1, "four": 1}
        assert (here.row("two").state, here.row("two").why) == (State.SKIPPED, Why.TOO_LATE)
        assert here.row("two").reason.startswith("too late")


def test_a_worker_killed_after_mail_two_of_five_sends_none_twice_and_the_one_in_flight_is_unknown(
    tmp_path: Path,
) -> None:
    names = ("one", "two", "three", "four", "five")
    words = journey(tmp_path, "".join(note(key, 1) for key in names), **{key: letter(key) for key in names})
    with world(words=words) as here:
        here.enrol(**BERLIN)
        here.now = at("2027-01-04 09:00")
        sent = Outcome(kind=OutcomeKind.SENT)
        here.mail.answers = [sent, sent, KeyboardInterrupt("killed")]
        batches = claim_batches(here.engine, here.now)
        with pytest.raises(KeyboardInterrupt):
            _ = [perform(here.engine, batch, here.now) for batch in batches]
        here.now = at("2027-01-04 09:30")
        here.run()
        assert sent_to_hire(here) == {"one": 1, "two": 1, "four": 1, "five": 1}
        assert here.row("three").state is State.UNKNOWN
        assert [item.kind for item in review(here.engine, here.now)] == ["unknown"]


def test_one_newcomer_without_a_start_date_waits_in_review_and_nobody_else_notices() -> None:
    with world() as here:
        post_standard(here.engine, {"id": "broken", "start_date": None}, now=here.now)
        post_standard(here.engine, {"id": "fine"}, now=here.now)
        results = {one.event_id: one for one in enroll_waiting(here.engine, here.now)}
        states = Counter(one.state for one in results.values())
        assert states == {EventState.REVIEW: 1, EventState.OBEYED: 1}
        waiting = review(here.engine, here.now)
        assert len(waiting) == 1
        assert "start_date" in waiting[0].text
        assert here.row("welcome_card", hire_id="fine").state is State.PLANNED


@pytest.mark.slow
@pytest.mark.parametrize("new_start", ["2027-01-18", "2026-12-28"])
def test_a_start_date_moved_later_or_earlier_keeps_what_was_sent_and_moves_the_rest(new_start: str) -> None:
    with world() as here:
        here.enrol()
        here.walk_to(at("2026-12-17 12:00"))
        before = {one.key for one in here.rows() if one.state in GONE}
        assert before
        here.enrol(start_date=new_start)
        here.walk_to(at("2027-06-01 00:00"))
        assert max(Counter(letter.message_id for letter in here.mail.letters).values()) == 1
        assert sent_to_hire(here)["profile"] <= 2
        assert before <= {one.key for one in here.rows() if one.state in GONE}
        assert all(one.reason for one in here.rows() if one.state in (State.SKIPPED, State.WITHDRAWN))


def test_a_first_day_on_a_saturday_happens_on_the_next_working_day_of_that_person() -> None:
    with world() as here:
        here.enrol(start_date="2027-01-09", **BERLIN)
        due = here.row("welcome_card").due_at.astimezone(ZoneInfo("Europe/Berlin"))
        assert due.strftime("%A %H:%M") == "Monday 09:00"


@pytest.mark.parametrize(
    ("night", "local"),
    [
        ("2027-03-28T02:30", "2027-03-28 03:30 CEST"),  # clocks go forward: 02:30 does not exist
        ("2027-10-31T02:30", "2027-10-31 02:30 CEST"),  # clocks go back: it comes twice, the first counts
    ],
)
def test_a_step_at_an_hour_that_clocks_skip_or_repeat_comes_once_at_a_real_local_time(
    tmp_path: Path, night: str, local: str
) -> None:
    words = journey(tmp_path, note("night", 1), night=letter("Night"))
    with world("2027-01-10 08:00", words=words) as here:
        here.enrol(start_date="2027-02-01", **BERLIN)
        moment = datetime.fromisoformat(night)
        move_step(here.engine, "n1", "night", moment.date(), moment.time(), here.now)
        due = here.row("night").due_at.astimezone(ZoneInfo("Europe/Berlin"))
        assert due.strftime("%Y-%m-%d %H:%M %Z") == local
        here.walk_to(at("2027-12-01 00:00"))
        assert sent_to_hire(here) == {"night": 1}


def test_a_mail_server_that_refuses_gives_one_state_retried_when_it_can_heal() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED_FOR_NOW, reason="451 try again")]
        here.run()
        waiting = here.row("profile")
        assert (waiting.state, waiting.attempts) == (State.PLANNED, 1)
        assert waiting.due_at > here.now
        here.walk_to(at("2026-12-14 12:00"))
        assert here.row("profile").state is State.SENT
        assert sent_to_hire(here)["profile"] == 1


def test_a_mail_server_that_refuses_for_good_is_one_failure_that_shows() -> None:
    with world() as here:
        here.enrol()
        here.now = here.row("profile").due_at
        here.mail.answers = [Outcome(kind=OutcomeKind.REFUSED, reason="550 no such mailbox")]
        here.run()
        here.walk_to(at("2026-12-15 12:00"))
        assert here.row("profile").state is State.FAILED
        items = review(here.engine, here.now)
        assert [(item.kind, "550 no such mailbox" in item.text) for item in items] == [("failed", True)]


def test_a_template_error_in_message_two_leaves_only_that_message_in_review(tmp_path: Path) -> None:
    steps = note("one", 1) + note("two", 1) + note("three", 1)
    words = journey(
        tmp_path, steps, one=letter("One"), two=letter("Two", "{{ hire.frist_name }}"), three=letter("Three")
    )
    with world(words=words) as here:
        here.enrol(**BERLIN)
        here.now = at("2027-01-04 09:00")
        here.run()
        assert sent_to_hire(here) == {"one": 1, "three": 1}
        assert (here.row("two").state, here.row("two").why) == (State.FAILED, Why.WORDS)
        (tmp_path / "words/messages/two/hire.md").write_text(letter("Two, mended"), encoding="utf-8")
        send_step(here.engine, "n1", "two", here.now)
        here.run()
        assert sent_to_hire(here) == {"one": 1, "two": 1, "three": 1}


def test_o_neil_in_a_subject_is_o_neil(tmp_path: Path) -> None:
    words = journey(tmp_path, note("hello", 1), hello=letter("Welcome, {{ hire.name }}", "Dear {{ hire.name }},"))
    with world(words=words) as here:
        here.enrol(first_name="Sean", last_name="O'Neil", **BERLIN)
        here.walk_to(at("2027-01-05 00:00"))
        (mail,) = here.mail.letters
        assert mail.subject == "Welcome, Sean O'Neil"
        assert "Dear Sean O'Neil," in mail.text


def test_a_long_queue_is_done_in_batches_and_a_stop_in_the_middle_loses_nothing() -> None:
    with world() as here:
        for number in range(12):
            here.enrol(
                id=f"h{number}", work_email=f"h{number}@example.com", personal_email=f"h{number}@example.org"
            )
        here.now = here.row("profile", hire_id="h0").due_at
        (first, *_) = claim_batches(here.engine, here.now, limit=5)
        perform(here.engine, first, here.now)
        assert len(here.mail.letters) == len(first.keys) == 5
        run_due(here.engine, here.now, limit=5)
        assert sorted(Counter(letter.to.email for letter in here.mail.letters).values()) == [1] * 12


@pytest.mark.slow
def test_an_unknown_variable_in_a_template_is_refused_when_it_is_checked(tmp_path: Path) -> None:
    words = journey(tmp_path, note("hello", 1), hello=letter("Hi {{ hire.frist_name }}"))
    assert any("hire.frist_name" in mistake and "hire.first_name" in mistake for mistake in words.check())
    with pytest.raises(BadWords):
        words.message("hello", "hire", "en", {"hire": {"first_name": "Ami"}})
