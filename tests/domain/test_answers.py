from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.answers import validate
from onboarding.domain.errors import BadAnswer
from onboarding.domain.forms import Form, Kind, Option, Question, Value
from onboarding.domain.texts import clean, harmless

OPTIONS = (Option(value="a", label="Apples"), Option(value="b", label="Pears"), Option(value="c", label="Figs"))


def form(*questions: Question) -> Form:
    return Form(
        name="f", language="en", title="F", intro="", minutes=1, readers="", thanks="", questions=questions
    )


def question(kind: Kind, **more: object) -> Question:
    return Question(key="q", kind=kind, label="Q", options=OPTIONS, **more)  # type: ignore[arg-type]  # what a test varies


def answer(kind: Kind, *given: str, **more: object) -> Value | None:
    return validate(form(question(kind, **more)), {"q": list(given)}, frozenset({"bo"})).get("q")


def refusal(kind: Kind, *given: str, **more: object) -> str:
    with pytest.raises(BadAnswer) as refused:
        answer(kind, *given, **more)
    return refused.value.mistakes["q"]


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        (Kind.SCALE, ["3"], 3),
        (Kind.SCALE, [" 5 "], 5),
        (Kind.CHOICE, ["b"], "b"),
        (Kind.CHOICES, ["c", "a", "c"], ["a", "c"]),
        (Kind.YES_NO, ["yes"], "yes"),
        (Kind.YES_NO, ["no"], "no"),
        (Kind.PERSON, ["bo"], "bo"),
        (Kind.TEXT, [" two\r\nlines\t here "], "two lines here"),
        (Kind.LONG_TEXT, ["one \r\n\r\n\r\n\r\n two\rthree"], "one\n\ntwo\nthree"),
        (Kind.LONG_TEXT, ["O'Neil <b> & {{ x }}"], "O'Neil <b> & {{ x }}"),
    ],
)
def test_an_answer_comes_back_in_the_shape_of_its_question(kind: Kind, given: list[str], value: Value) -> None:
    assert answer(kind, *given) == value


@pytest.mark.parametrize("kind", list(Kind))
def test_no_answer_is_left_out_unless_it_is_needed(kind: Kind) -> None:
    assert answer(kind) is None
    assert answer(kind, "", "  ", "\u0000") is None
    assert refusal(kind, " ", required=True) == "This question needs an answer."


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        (Kind.SCALE, ["0"], "Please choose one number from 1 to 5."),
        (Kind.SCALE, ["6"], "Please choose one number from 1 to 5."),
        (Kind.SCALE, ["3.5"], "Please choose one number from 1 to 5."),
        (Kind.SCALE, ["٣"], "Please choose one number from 1 to 5."),
        (Kind.SCALE, ["9" * 5000], "Please choose one number from 1 to 5."),
        (Kind.SCALE, ["1", "2"], "Please choose one number from 1 to 5."),
        (Kind.CHOICE, ["d"], "Please choose one of: Apples, Pears, Figs."),
        (Kind.CHOICE, ["a", "b"], "Please choose one of: Apples, Pears, Figs."),
        (Kind.CHOICES, ["a", "d"], "Please choose only from: Apples, Pears, Figs."),
        (Kind.YES_NO, ["true"], "Please choose one of: yes, no."),
        (Kind.PERSON, ["nobody"], "Please choose one person from the list."),
        (Kind.TEXT, ["x" * 2001], "Please write at most 2000 characters; there are 2001."),
        (Kind.LONG_TEXT, ["a", "b"], "Please give one answer."),
    ],
)
def test_an_answer_that_does_not_fit_gets_a_sentence(kind: Kind, given: list[str], sentence: str) -> None:
    assert refusal(kind, *given) == sentence


def test_every_question_that_does_not_fit_is_told_at_once_and_unknown_keys_are_dropped() -> None:
    asked = form(
        Question(key="one", kind=Kind.SCALE, label="1"),
        Question(key="two", kind=Kind.TEXT, label="2", max_length=3),
        Question(key="three", kind=Kind.TEXT, label="3"),
    )
    with pytest.raises(BadAnswer) as refused:
        validate(asked, {"one": ["x"], "two": ["long"], "three": ["ok"]}, frozenset())
    assert set(refused.value.mistakes) == {"one", "two"}
    assert validate(asked, {"three": ["ok"], "csrf": ["z"], "four": ["4"]}, frozenset()) == {"three": "ok"}


def test_a_text_keeps_what_languages_and_emoji_need_and_loses_what_hides() -> None:
    assert clean("👩\u200d💻 \u0645\u06cc\u200c\u062e") == "👩\u200d💻 \u0645\u06cc\u200c\u062e"
    assert clean("safe\u202egnp.exe\u0007") == "safegnp.exe"
    assert clean("Zoe\u0308") == "Zoë"


def test_a_harmless_text_keeps_its_lines_and_spaces() -> None:
    assert harmless("  a \r\n\tb\u2028c \ud83d\x1b[0m") == "  a \n\tb\nc [0m"


@given(st.text(st.characters(codec=None)))
def test_a_cleaned_text_stays_as_it_is_and_can_be_stored(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
    assert "\r" not in once
    assert "\x00" not in once
