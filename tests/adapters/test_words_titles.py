"""What are the steps of a journey called in another language, and what does `onboarding check` say of a slip?"""

from __future__ import annotations

from pathlib import Path

import pytest

from onboarding.adapters.words import FolderWords
from onboarding.domain.journey import Step
from tests.templates_folder import words_with, write_folder

GERMAN = "journeys/short.de.toml"
TITLES = '[titles]\nfirst_question = "Eine Frage"\nlow = "Eine niedrige Antwort"\n'


def first(words: FolderWords) -> Step:
    found = words.journey("short").step("first_question")
    assert found is not None
    return found


def test_a_title_is_in_the_nearest_language_that_has_one(tmp_path: Path) -> None:
    step = first(words_with(tmp_path, {GERMAN: TITLES}))
    said = {language: step.title_in(language) for language in ("de", "de-AT", "de_at", "en", "fr", "", "d")}
    assert said == dict.fromkeys(("de", "de-AT", "de_at"), "Eine Frage") | dict.fromkeys(
        ("en", "fr", "", "d"), "A question"
    )
    assert step.title == "A question"


def test_an_edit_shows_at_once_and_a_file_with_a_slip_leaves_the_titles_in_english(tmp_path: Path) -> None:
    words = words_with(tmp_path)
    assert first(words).title_in("de") == "A question"
    for text, title in ((TITLES, "Eine Frage"), ("[titles]\n", "A question"), (TITLES + "x", "A question")):
        write_folder(tmp_path, {GERMAN: text})
        assert first(words).title_in("de") == title
    write_folder(tmp_path, {GERMAN: TITLES.replace("Eine Frage", "Die Frage")})
    assert first(words).title_in("de") == "Die Frage"
    assert first(words) is first(words)
    (tmp_path / GERMAN).unlink()
    assert first(words).title_in("de") == "A question"


def test_a_step_without_a_title_is_noted_and_no_mistake(tmp_path: Path) -> None:
    words = words_with(tmp_path, {GERMAN: TITLES.replace("low =", "# low =")})
    assert words.check() == []
    assert words.notes() == [f'{GERMAN}: low has no title; its readers get "A low answer"']


def test_it_is_no_journey_of_its_own(tmp_path: Path) -> None:
    words = words_with(tmp_path, {GERMAN: TITLES})
    assert words.journeys() == ["short"]
    assert words.check() == []


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            GERMAN,
            TITLES.replace("low =", "lwo ="),
            f'{GERMAN}: there is no such step: unknown "lwo"; did you mean low?',
        ),
        (GERMAN, TITLES.replace('"Eine Frage"', "7"), f"{GERMAN}: first_question must be a text"),
        (GERMAN, TITLES.replace("Eine Frage", " "), f"{GERMAN}: first_question must be a text"),
        (GERMAN, "[titles]\n", f"{GERMAN}: there must be a table [titles], with lines such as"),
        (GERMAN, f'title = "x"\n{TITLES}', f'{GERMAN}: unknown "title"; did you mean titles?'),
        (GERMAN, "[titles\n", f"{GERMAN}: not TOML: "),
        ("journeys/other.de.toml", TITLES, "journeys/other.de.toml: there is no other.toml in English"),
        ("journeys/short.en.toml", TITLES, 'journeys/short.en.toml: "en" is no language'),
        ("journeys/short.Deutsch.toml", TITLES, 'journeys/short.Deutsch.toml: "Deutsch" is no language'),
    ],
)
def test_a_mistake_names_the_file_and_what_is_allowed(tmp_path: Path, file: str, text: str, sentence: str) -> None:
    mistakes = words_with(tmp_path, {file: text}).check()
    assert [one for one in mistakes if one.startswith(sentence)], mistakes
