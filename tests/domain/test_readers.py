"""Who reads what: worked out from the shipped journey, and in line with what the form says of itself."""

from __future__ import annotations

import pytest

from onboarding.domain.people import Role
from onboarding.domain.readers import About, messages_of, readers_of_newcomer, told_of_colleagues
from onboarding.web.profile_words import profile_words_of
from tests.worlds import WORDS

STEPS = WORDS.journey("remote").steps
READERS = readers_of_newcomer(STEPS, WORDS.fields_in_message, WORDS.fields_in_form)

NAMED = {
    "en": {
        Role.BUDDY: "your buddy",
        Role.PEER: "ask to write to you",
        Role.WORK_PARTNER: "your work partner",
        Role.MENTOR: "your mentor",
    },
    "de": {
        Role.BUDDY: "dein Buddy",
        Role.PEER: "um ein paar Zeilen",
        Role.WORK_PARTNER: "deine erste Aufgabe",
        Role.MENTOR: "Mentoring",
    },
    "es": {
        Role.BUDDY: "tu buddy",
        Role.PEER: "pedimos que te escriban",
        Role.WORK_PARTNER: "tu primer trabajo",
        Role.MENTOR: "la mentoría",
    },
}


def test_answers_reach_those_whose_messages_show_the_profile_and_nobody_else() -> None:
    assert READERS[About.ANSWERS] == {
        Role.BUDDY: {"buddy_introduction"},
        Role.WORK_PARTNER: {"pair_introduction"},
        Role.MENTOR: {"mentor_introduction"},
        Role.PEER: set(),  # on the page of the form for a welcome note
    }
    assert set(READERS[About.INTERESTS]) == {Role.PARTNER, Role.BUDDY, Role.MENTOR}  # in invitations
    assert set(READERS[About.PHOTO]) == set(READERS[About.ANSWERS]) - {Role.PEER}


@pytest.mark.parametrize("language", NAMED)
def test_the_form_names_everybody_who_reads_the_answers(language: str) -> None:
    said = " ".join(WORDS.form_as_written("profile", language).readers.split())
    assert set(READERS[About.ANSWERS]) == set(NAMED[language])
    for role, words in NAMED[language].items():
        assert words in said, role
    assert any(word in said for word in ("Coffee partners", "Kaffee trinkt", "tomas café"))


@pytest.mark.parametrize("language", NAMED)
def test_every_reader_and_everything_told_has_a_word(language: str) -> None:
    words = profile_words_of(language)
    for roles in READERS.values():
        assert all(getattr(words, f"reader_{role}") for role in roles if role != Role.HR)
    for about in About:
        assert about in (About.PHOTO, About.ANSWERS) or getattr(words, f"about_{about}")


def test_newcomers_read_about_those_whom_they_meet() -> None:
    told = told_of_colleagues(STEPS, WORDS.fields_in_message)
    assert told == set(About) - {About.ANSWERS, About.START}


def test_a_step_tells_in_all_messages_that_it_may_send() -> None:
    by_key = {step.key: list(messages_of(step)) for step in STEPS}
    assert by_key["welcome_card"] == ["welcome_card", "welcome_card_without_notes"]
    assert by_key["first_coffee"] == ["first_coffee", "exchange", "exchange_card"]
    assert by_key["profile"] == ["profile", "reminder"]
    assert by_key["it_list"] == ["it_list", "list_reminder"]


def test_whoever_is_reminded_of_a_list_reads_whose_tasks_they_are() -> None:
    (step,) = (one for one in STEPS if one.key == "it_list")

    def uses(message: str, role: str) -> frozenset[str]:
        return WORDS.fields_in_message(message, role) if message != step.subject else frozenset()

    assert readers_of_newcomer([step], uses, lambda _: frozenset())[About.NAME] == {Role.IT: {"it_list"}}
