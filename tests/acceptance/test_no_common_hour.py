"""Manila and Chicago: two people who are never at work at the same time get to know each other in writing."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from onboarding.adapters.words import FolderWords
from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import GONE, State, Why
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Person, WorkingHours
from onboarding.services.hiring import leave, withdraw
from tests.exchanging import (
    apart,
    cards,
    change,
    coffee,
    invited,
    letter,
    questions,
    reminders,
    short_words,
)
from tests.worlds import CHICAGO, MANILA, World, at, local, person, world

END = at("2027-02-28 00:00")
GOOD_DAY = "A day on which nobody waits for me. I begin with the *small* things."
QUIET = "Two hours of quiet in the morning, and then people."


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> FolderWords:
    return short_words(tmp_path_factory.mktemp("words") / "templates")


def begin(here: World) -> None:
    """Live until both were asked."""
    here.walk_to(here.row("partner_coffee", occasion="week-2").due_at)
    here.walk_to(max(one.due_at for one in questions(here).values()))


def test_who_never_work_at_the_same_time_get_the_same_questions_inside_their_hours_and_no_invitation(
    words: FolderWords,
) -> None:
    with apart(words) as here:
        begin(here)
        (exchange,) = coffee(here)
        assert exchange.state is MeetingState.EXCHANGED
        assert {one.state for one in questions(here).values()} == {State.SENT}
        assert {(one.state, one.why) for one in invited(here)} == {(State.SKIPPED, Why.EXCHANGED)}
        assert not [one for one in here.mail.letters if one.invitation is not None]
        asked = {one: letter(here, row) for one, row in questions(here).items()}
        assert {
            9 <= local(asked["n1"], "Asia/Manila").hour < 17,
            9 <= local(asked["maria"], "America/Chicago").hour < 17,
        }
        assert "Maria" in asked["n1"].subject
        assert "Amihan" in asked["maria"].subject
        bank = words.conversation("en").icebreakers
        first = bank[exchange.icebreaker % len(bank)]
        assert all(first in one.text for one in asked.values())


def test_both_write_and_each_reads_the_words_of_the_other_once(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        asked = questions(here)
        here.answer(asked["n1"], good_day=GOOD_DAY, curious="How cold is it?")
        assert not [one for one in cards(here).values() if one.state in GONE]
        here.answer(asked["maria"], good_day=QUIET, icebreaker="The lake.")
        here.walk_to(here.now + timedelta(days=2))
        assert {one.state for one in cards(here).values()} == {State.SENT}
        hers, his = letter(here, cards(here)["n1"]), letter(here, cards(here)["maria"])
        assert QUIET in hers.text
        assert "The lake." in hers.text
        assert GOOD_DAY not in hers.text
        assert GOOD_DAY in his.text
        assert "How cold is it?" in his.text
        assert "/ask/" not in hers.text + his.text
        here.walk_to(END)
        assert {one.why for one in reminders(here).values()} == {Why.ANSWERED}
        to_maria = here.to("maria@example.com")
        assert len(to_maria) == len({one.subject for one in to_maria}) == 2
        met = here.row("met_partner_coffee", occasion="week-2")
        assert (met.state, met.why) == (State.SKIPPED, Why.EXCHANGED)
        assert "they write to each other instead" in met.reason


def test_whoever_stays_silent_gets_the_words_and_a_form_that_is_still_open(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        here.answer(questions(here)["n1"], good_day=GOOD_DAY)
        here.walk_to(cards(here)["maria"].due_at)
        card = letter(here, cards(here)["maria"])
        assert GOOD_DAY in card.text
        assert "/ask/" in card.text
        assert cards(here)["n1"].state is State.PLANNED
        assert reminders(here)["maria"].state is State.SENT
        assert "reminder" in letter(here, reminders(here)["maria"]).subject
        here.now += timedelta(days=1)
        here.answer(questions(here)["maria"], good_day=QUIET)
        here.walk_to(END)
        assert QUIET in letter(here, cards(here)["n1"]).text
        assert len([one for one in here.to("maria@example.com") if "wrote" in one.subject]) == 1


def test_an_answer_that_never_comes_is_said_and_not_invented(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        here.answer(questions(here)["n1"], good_day=GOOD_DAY)
        here.walk_to(END)
        card = cards(here)["n1"]
        assert (card.state, card.why, card.reason) == (State.SKIPPED, Why.NO_NOTES, "maria did not write")


def test_when_nobody_answers_nothing_is_sent_and_the_step_says_so(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        (exchange,) = coffee(here)
        here.walk_to(END)
        assert {(one.state, one.reason) for one in cards(here).values()} == {(State.SKIPPED, "nobody wrote")}
        assert {one.settled_at for one in cards(here).values() if one.settled_at} <= {
            Calendar.of(person).next_working(exchange.ends_at) for person in people(here)
        }
        assert coffee(here) == [exchange]


def people(here: World) -> list[Person]:
    with here.engine.store.read() as books:
        return [one for one in books.people.all() if one.id in ("n1", "maria")]


def test_somebody_who_allows_an_evening_before_it_begins_is_met_in_a_call(words: FolderWords) -> None:
    with apart(words) as here:
        row = here.row("partner_coffee", occasion="week-2")
        here.walk_to(row.due_at - timedelta(hours=2))
        change(here, "maria", working_hours=WorkingHours(start=time(12), end=time(21)))
        here.walk_to(row.due_at + timedelta(days=1))
        (meeting,) = coffee(here)
        assert meeting.state is MeetingState.PLANNED
        assert questions(here) == {}
        assert {one.state for one in invited(here)} == {State.SENT}
        for somebody in people(here):
            assert Calendar.of(somebody).is_working(meeting.starts_at)
        here.walk_to(END)
        assert here.row("met_partner_coffee", occasion="week-2").state is State.SENT


def test_planning_again_at_any_moment_of_an_exchange_changes_nothing(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        for step in range(4):
            before = here.rows()
            change(here, "maria")
            change(here, "maria")
            assert here.rows() == before
            if step == 1:
                here.answer(questions(here)["maria"], good_day=QUIET)
            here.walk_to(here.now + timedelta(days=4))


def test_a_partner_who_leaves_ends_the_exchange_and_a_newcomer_who_withdraws_too(words: FolderWords) -> None:
    with apart(words) as here:
        begin(here)
        here.answer(questions(here)["n1"], good_day=GOOD_DAY)
        leave(here.engine, "maria", here.now)
        assert [one.state for one in coffee(here)] == [MeetingState.ENDED]
        here.walk_to(END)
        assert not [one for one in here.mail.letters if GOOD_DAY in one.text]
    with apart(words) as here:
        begin(here)
        withdraw(here.engine, "n1", here.now)
        sent = len(here.mail.letters)
        here.walk_to(END)
        assert [one.state for one in coffee(here)] == [MeetingState.ENDED]
        assert len(here.mail.letters) == sent


@pytest.mark.slow
def test_the_shipped_journey_introduces_a_company_of_two_cities_by_day_and_in_writing() -> None:
    people = [person("boss", MANILA), person("pal", MANILA)]
    people += [person(f"far-{name}", CHICAGO, department=name) for name in ("Sales", "Care", "Finance")]
    with world("2027-01-04 00:00", people=people) as here:
        here.enrol(manager_id="boss")
        here.walk_to(at("2027-01-30 00:00"))
        met = [one for one in all_meetings(here) if one.state is MeetingState.PLANNED]
        wrote = coffee(here)
        assert {one.step for one in met} == {"first_coffee", "welcome_round"}
        assert [one.state for one in wrote] == [MeetingState.EXCHANGED] * 3
        assert len({one.people for one in wrote}) == 3
        assert {letter.invitation is None for letter in here.mail.letters if "far-" in letter.to.email} == {True}
        for row in here.rows():
            if row.person_id.startswith("far-") and row.state in GONE:
                assert 9 <= local(letter(here, row), "America/Chicago").hour < 17


def all_meetings(here: World) -> list[Meeting]:
    with here.engine.store.read() as books:
        return books.meetings.of_hire("n1")
