"""Does `onboarding check` name every mistake in a condition or in the days of a question?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onboarding.adapters.words.forms import read_form
from onboarding.domain.day_bounds import DayBound
from onboarding.domain.errors import BadWords
from onboarding.domain.forms import Form
from tests.templates_folder import FORM, words_with

LATER = """
[[question]]
key = "more"
kind = "long_text"
label = "More?"
"""
DAY = """
[[question]]
key = "when"
kind = "date"
label = "When?"
"""


def read(text: str) -> Form:
    return read_form("forms/pulse.toml", FORM + text).form


def test_a_condition_and_days_are_read_and_the_folder_is_well(tmp_path: Path) -> None:
    more = f"{LATER}private = true\nshown_if = 'answer.secret == \"yes\" and answer.mood <= 2'\n"
    day = f'{DAY}earliest = "first day - 2 weeks"\nlatest = 2027-12-31\n'
    for form in (FORM + more + day, FORM + more + day.replace("2027-12-31", '"2027-12-31"')):
        assert words_with(tmp_path, {"forms/pulse.toml": form, "forms/pulse.de.toml": form}).check() == []
    asked = read(more + day).about(date(2027, 1, 18)).questions
    assert asked[2].shown_if == 'answer.secret == "yes" and answer.mood <= 2'
    assert asked[3].earliest == DayBound(day=date(2027, 1, 4))
    assert asked[3].latest == DayBound(day=date(2027, 12, 31))
    assert read(more + day).about(None).questions[3].earliest is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            "shown_if = 'answer.mod <= 2'",
            'shown_if: the form has no such question: unknown "mod"; did you mean mood?',
        ),
        ("shown_if = 'answer.mood <= 9'", "shown_if: answer.mood is a number from 1 to 5, never 9"),
        ("shown_if = 'answer.secret == \"maybe\"'", "shown_if: answer.secret is one of yes, no, never 'maybe'"),
        ("shown_if = 'answer.more == \"x\"'", "shown_if: answer.more does not come before this question"),
        ("shown_if = 'hire.team == \"x\"'", "shown_if: a condition here cannot use hire.team"),
        ("shown_if = 'answer.mood'", "shown_if: compare answer.mood with something"),
        ("shown_if = 'answer.mood <='", "shown_if: not a condition"),
        ("shown_if = 3", "shown_if must be a text"),
        (
            "shown_if = 'answer.secret == \"yes\"'",
            "shown_if: answer.secret is private, so that this question must",
        ),
        ('earliest = "2027-01-04"', "earliest belongs to date, not to long_text"),
        ("language = 'de'", 'unknown "language"'),
    ],
)
def test_a_condition_that_cannot_hold_or_would_tell_too_much_is_named_with_its_place(
    more: str, sentence: str
) -> None:
    with pytest.raises(BadWords) as refused:
        read(f"{LATER}{more}\n")
    assert any(one.startswith(f'forms/pulse.toml: question "more": {sentence}') for one in refused.value.mistakes)


def test_a_condition_looks_back_only() -> None:
    with pytest.raises(
        BadWords, match=r'question "more": shown_if: answer\.when does not come before this question'
    ):
        read(f"{LATER}shown_if = 'answer.when >= \"2027-01-04\"'\n{DAY}")
    with pytest.raises(
        BadWords, match=r'question "last": shown_if: answer\.when is a day such as "2027-03-02", never'
    ):
        read(f"{DAY}{LATER.replace('more', 'last')}shown_if = 'answer.when >= \"soon\"'\n")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('earliest = "tomorrow"', 'earliest must be a day, such as "2027-01-04", "first day" or'),
        ('latest = "2027-02-30"', "latest must be a day, such as"),
        ('latest = "first day + 9999 weeks"', "latest must be a day, such as"),
        ("latest = 2027-01-04T10:00:00", "latest must be a day, such as"),
        ('earliest = "2027-02-01"\nlatest = "2027-01-01"', "earliest lies after latest"),
        ('earliest = "first day + 1 day"\nlatest = "first day"', "earliest lies after latest"),
    ],
)
def test_days_that_are_none_are_named(lines: str, sentence: str) -> None:
    with pytest.raises(BadWords) as refused:
        read(f"{DAY}{lines}\n")
    assert any(one.startswith(f'forms/pulse.toml: question "when": {sentence}') for one in refused.value.mistakes)


@pytest.mark.parametrize(
    ("english", "german", "sentence"),
    [
        ("shown_if = 'answer.mood <= 2'", "", "shown_if must be answer.mood <= 2, as in English"),
        ("", "shown_if = 'answer.mood <= 2'", "shown_if must be left out, as in English"),
    ],
)
def test_a_language_asks_under_the_same_condition(
    tmp_path: Path, english: str, german: str, sentence: str
) -> None:
    forms = {
        "forms/pulse.toml": f"{FORM}{LATER}{english}\n",
        "forms/pulse.de.toml": f"{FORM}{LATER}{german}\n",
    }
    assert words_with(tmp_path, forms).check() == [f'forms/pulse.de.toml: question "more": {sentence}']


def test_a_language_has_the_same_days(tmp_path: Path) -> None:
    forms = {
        "forms/pulse.toml": f'{FORM}{DAY}latest = "first day"\n',
        "forms/pulse.de.toml": f"{FORM}{DAY}",
    }
    mistake = 'forms/pulse.de.toml: question "when": earliest and latest must be as in English'
    assert words_with(tmp_path, forms).check() == [mistake]
