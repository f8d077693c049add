"""Do the pages say the same in every language?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from onboarding.web.profile_words import profile_words
from onboarding.web.saving_words import saving_words
from onboarding.web.words import (
    coffee_words,
    languages,
    meeting_words,
    preference_words,
    preferred,
    words_of,
)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word_with_the_same_marks(language: str) -> None:
    english, other = asdict(languages()["en"]), asdict(languages()[language])
    assert all(other.values())
    for name, text in english.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[name])), name


@pytest.mark.parametrize("language", languages())
def test_the_page_of_preferences_has_every_word_in_every_language(language: str) -> None:
    english, other = asdict(preference_words()["en"]), asdict(preference_words()[language])
    for name, text in english.items():
        assert other[name]
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", other[name])), name


@pytest.mark.parametrize("table", [coffee_words, meeting_words, profile_words, saving_words])
def test_the_other_pages_have_every_word_in_every_language(table: Callable[[], Any]) -> None:
    words = {language: asdict(own) for language, own in table().items()}
    for name, text in words["en"].items():
        for language in languages():
            assert words[language][name]
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", words[language][name])), name


def test_a_variant_of_a_language_uses_its_words_and_an_unknown_one_english() -> None:
    assert [words_of(tag).language for tag in ("de-at", "ES", "fr", "")] == ["de", "es", "en", "en"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("fr, es;q=0.3, de;q=0.7", "de"),
        ("de;q=0, es;q=0.1", "es"),
        ("de;q=x, en", "en"),
        ("*", "en"),
        (";;,,;q=", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_the_browsers_wish_is_followed(header: str, language: str) -> None:
    assert preferred(header).language == language
