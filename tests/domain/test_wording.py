from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.domain.wording import day_in_words, locale_of, moment_in_words, time_in_words
from tests.worlds import at


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monday, January 4, 2027"),
        ("de", "Montag, 4. Januar 2027"),
        ("es", "lunes, 4 de enero de 2027"),
        ("pt-br", "segunda-feira, 4 de janeiro de 2027"),
    ],
)
def test_a_day_is_said_in_the_language(language: str, words: str) -> None:
    assert day_in_words(date(2027, 1, 4), language) == words


@pytest.mark.parametrize("language", ["", "xx", "tlh", "not a language", "en_XX_YY_ZZ", "../../etc"])
def test_an_unknown_language_is_english(language: str) -> None:
    assert locale_of(language).language == "en"


@pytest.mark.parametrize(
    ("moment", "zone", "language", "words"),
    [
        ("2027-01-04 02:00", "Asia/Manila", "en", "Monday, January 4, 2027, 10:00 AM (Manila, UTC+8)"),
        ("2027-01-03 23:30", "Asia/Manila", "en", "Monday, January 4, 2027, 7:30 AM (Manila, UTC+8)"),
        ("2027-01-04 04:15", "Asia/Kathmandu", "en", "Monday, January 4, 2027, 10:00 AM (Kathmandu, UTC+5:45)"),
        ("2027-01-04 12:00", "UTC", "en", "Monday, January 4, 2027, 12:00 PM (UTC)"),
        ("2027-01-04 19:30", "Pacific/Marquesas", "de", "Montag, 4. Januar 2027, 10:00 (Marquesas, UTC-9:30)"),
    ],
)
def test_a_moment_is_said_as_clocks_there_show_it(moment: str, zone: str, language: str, words: str) -> None:
    assert moment_in_words(at(moment), zone, language) == words


def test_the_distance_from_utc_is_that_of_the_moment() -> None:
    winter, summer = (
        moment_in_words(at(one), "Europe/Berlin", "en") for one in ("2027-01-04 09:00", "2027-07-05 09:00")
    )
    assert winter.endswith("(Berlin, UTC+1)")
    assert summer.endswith("(Berlin, UTC+2)")


@pytest.mark.parametrize(("language", "words"), [("en", "6:15 PM"), ("de", "18:15"), ("es", "18:15")])
def test_a_time_alone_is_that_of_the_zone(language: str, words: str) -> None:
    assert time_in_words(at("2027-01-04 12:30"), "Asia/Kathmandu", language) == words


@pytest.mark.parametrize("in_words", [moment_in_words, time_in_words])
def test_a_naive_moment_is_refused(in_words: Callable[[datetime, str, str], str]) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        in_words(datetime(2027, 1, 4, 10), "UTC", "en")  # noqa: DTZ001 -- that it is naive is the point


@given(st.text(max_size=20))
@settings(deadline=None)
def test_no_language_tag_breaks_a_mail(language: str) -> None:
    assert day_in_words(date(2027, 1, 4), language)
