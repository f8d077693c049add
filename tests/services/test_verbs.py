from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.domain.delivery import State, Why
from onboarding.domain.mail import Letter
from onboarding.domain.meetings import PairingState
from onboarding.services.changing import move_step, send_step
from tests.worlds import MANILA, NAIROBI, World, at, person, world


def letter(here: World, step: str, role: str = "hire", occasion: str = "once") -> Letter:
    number = here.row(step, role, occasion).number
    (found,) = [one for one in here.mail.letters if one.number == number]
    return found


class TestMatch:
    def test_at_its_moment_the_choice_is_announced_by_ids_only(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("buddy").due_at)
            row = here.row("buddy")
            with here.engine.store.read() as books:
                (buddy,) = [one for one in books.pairings.of_hire("n1") if one.role == "buddy"]
            assert (row.state, row.reason) == (State.DONE, f"buddy: {buddy.person_id}")
            assert buddy.state is PairingState.ANNOUNCED

    def test_when_nobody_is_left_it_says_whom_each_rule_ruled_out(self) -> None:
        with world(people=[person("boss", MANILA)]) as here:
            here.enrol(manager_id="boss")
            here.walk_to(here.row("buddy").due_at)
            assert here.row("buddy").reason == "nobody can be buddy: 1 colleague is in the line of managers"


class TestAsk:
    def test_the_mail_has_the_link_the_deadline_and_who_reads_it(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("profile").due_at)
            mail = letter(here, "profile")
            assert "http://127.0.0.1:8400/" in mail.text
            assert "(Manila, UTC+8)" in mail.text
            assert mail.unsubscribe_url == ""

    def test_only_optional_questions_have_the_one_click_way_out(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-24 12:00"))
            assert letter(here, "welcome_notes", "peer").unsubscribe_url.startswith("http://127.0.0.1:8400/")

    def test_a_silent_person_is_reminded_once_with_the_same_link(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-21 12:00"))
            first, second = letter(here, "profile"), letter(here, "profile", occasion="once.reminder")
            assert first.message_id != second.message_id
            assert first.to == second.to

    def test_a_reminder_is_not_sent_without_its_question(self) -> None:
        with world() as here:
            here.enrol()
            move_step(here.engine, "n1", "profile", date(2027, 1, 29), None, here.now)
            here.walk_to(at("2027-01-10 00:00"))
            reminder = here.row("profile", occasion="once.reminder")
            assert (reminder.state, reminder.reason) == (
                State.SKIPPED,
                "not needed: the question itself was not sent",
            )

    def test_a_reminder_after_the_deadline_is_not_sent(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("profile").due_at)
            row = here.row("profile")
            with here.engine.store.read() as books:
                ask = books.asks.get(row.key)
            assert ask is not None
            here.now = ask.closes_at + timedelta(hours=1)
            send_step(here.engine, "n1", "profile", here.now)
            here.run()
            assert here.row("profile", occasion="once.reminder").reason == "the question is closed"

    def test_nobody_is_asked_about_a_meeting_that_never_came_about(self) -> None:
        with world(people=[person("boss", MANILA)]) as here:
            here.enrol(manager_id="boss")
            here.walk_to(at("2027-01-31 00:00"))
            row = here.row("met_first_coffee")
            assert row.state is State.SKIPPED
            assert (row.why, row.reason) == (
                Why.NOBODY,
                "nobody can be buddy: 1 colleague is in the line of managers",
            )


class TestWrite:
    def test_notes_of_somebody_who_left_are_not_shown(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-28 12:00"))
            asks = [one for one in here.rows() if one.step == "welcome_notes" and one.state is State.SENT]
            here.answer(asks[0], note="I keep bees on the roof.")
            here.answer(asks[1], note="Ask me about trains.")
            with here.engine.store.begin() as books:
                gone = books.people.get(asks[0].person_id)
                assert gone is not None
                books.people.put(replace(gone, active=False))
            here.walk_to(here.row("welcome_card").due_at)
            assert "trains" in letter(here, "welcome_card").text
            assert "bees" not in letter(here, "welcome_card").text

    @pytest.mark.slow
    def test_a_card_that_needs_a_note_is_skipped_without_one(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-02-10 00:00"))
            row = here.row("follow_up")
            assert (row.state, row.why, row.reason) == (State.SKIPPED, Why.NO_NOTES, "nobody wrote a note")

    def test_an_introduction_waits_for_the_mentor_and_says_whom_it_lacks(self) -> None:
        with world(people=[person("boss", MANILA)]) as here:
            here.enrol(manager_id="boss")
            here.walk_to(at("2027-02-20 00:00"))
            row = here.row("mentor_introduction")
            assert row.why is Why.NOBODY
            assert row.reason

    def test_a_buddy_is_told_only_what_the_hire_chose_to_share(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("profile").due_at)
            here.answer(here.row("profile"), about="Sailing by the stars")
            here.walk_to(at("2027-01-05 00:00"))
            assert "Sailing by the stars" in letter(here, "buddy_introduction", "buddy").text


class TestMeet:
    @pytest.mark.parametrize(("city", "times"), [(MANILA, 1), (NAIROBI, 2)])
    def test_an_invitation_tells_the_time_once_where_all_have_the_same_clock(
        self, city: dict[str, str], times: int
    ) -> None:
        with world(people=[person("boss", MANILA), person("pal", city)]) as here:
            here.enrol(manager_id="boss")
            here.hear_yes()
            here.walk_to(here.row("first_coffee").due_at + timedelta(minutes=5))
            assert letter(here, "first_coffee", "hire").text.count("UTC+") == times

    def test_each_invitation_goes_to_one_person_with_the_same_uid(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-01-04 12:00"))
            pair = [letter(here, "first_coffee", role) for role in ("hire", "buddy")]
            uids = set()
            for one in pair:
                assert one.invitation is not None
                assert one.invitation.method == "REQUEST"
                uids |= {line for line in one.invitation.ics.splitlines() if line.startswith("UID")}
            assert len(uids) == 1
            assert "https://video.example.com/" in pair[0].text

    @pytest.mark.slow
    def test_an_invitation_that_waited_too_long_for_a_cancelled_meeting_is_not_sent(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("welcome_round").due_at - timedelta(hours=1))
            with here.engine.store.begin() as books:
                hire = books.people.get("n1")
                assert hire is not None
                books.people.put(replace(hire, manager_id=""))
            here.walk_to(at("2027-01-13 00:00"))
            assert here.row("welcome_round").state is State.SKIPPED


class TestWatch:
    def test_silence_is_told_with_the_name_of_whoever_is_silent(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2027-01-09 00:00"))
            row = here.row("buddy_silent", "hr")
            assert row.state is State.SENT
            buddy = here.row("buddy_yes", "buddy").person_id
            assert buddy.capitalize() in letter(here, "buddy_silent", "hr").text

    def test_an_answer_in_time_leaves_nothing_to_tell(self) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(at("2026-12-18 03:00"))
            here.answer(here.row("buddy_yes", "buddy"), agree="yes")
            here.walk_to(at("2027-01-01 00:00"))
            row = here.row("buddy_silent", "hr")
            assert (row.state, row.why) == (State.DONE, Why.NOTHING_TO_TELL)

    @pytest.mark.slow
    @pytest.mark.parametrize(("met", "state"), [("no", State.SENT), ("yes", State.DONE)])
    def test_a_coffee_that_did_not_happen_brings_a_human_in(self, met: str, state: State) -> None:
        with world() as here:
            here.enrol()
            here.walk_to(here.row("first_coffee").due_at)
            here.walk_to(here.row("met_first_coffee").due_at)
            here.answer(here.row("met_first_coffee"), met=met, note="")
            here.walk_to(at("2027-01-22 00:00"))
            assert here.row("no_buddy_meeting", "hr").state is state
            assert here.row("no_buddy_meeting", "manager").state is state

    def test_what_was_never_asked_cannot_be_silent(self) -> None:
        with world(people=[person("boss", MANILA)]) as here:
            here.enrol(manager_id="boss")
            here.walk_to(at("2027-01-01 00:00"))
            row = here.row("buddy_silent", "hr")
            assert (row.state, row.reason) == (State.DONE, "looked: the question was not asked")
