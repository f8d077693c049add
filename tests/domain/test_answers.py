from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.answers import decided, unfinished, validate
from onboarding.domain.day_bounds import DayBound
from onboarding.domain.errors import BadAnswer
from onboarding.domain.forms import Form, Kind, Option, Question, Value
from onboarding.domain.texts import clean, harmless, isolated, runs_from_right

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
        (Kind.DATE, [" 2027-03-02 "], "2027-03-02"),
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
        (Kind.DATE, ["2027-02-30"], "Please give one day, such as 2027-03-02."),
        (Kind.DATE, ["20270302"], "Please give one day, such as 2027-03-02."),
        (Kind.DATE, ["2027-03-02", "2027-03-03"], "Please give one day, such as 2027-03-02."),
        (Kind.DATE, ["٢٠٢٧-٠٣-٠٢"], "Please give one day, such as 2027-03-02."),
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


def test_a_day_lies_between_its_bounds_and_both_of_them_count() -> None:
    bounds = {"earliest": DayBound(day=date(2027, 1, 4)), "latest": DayBound(day=date(2027, 1, 8))}
    assert answer(Kind.DATE, "2027-01-04", **bounds) == "2027-01-04"
    assert answer(Kind.DATE, "2027-01-08", **bounds) == "2027-01-08"
    assert refusal(Kind.DATE, "2027-01-03", **bounds) == "Please give 2027-01-04 or a later day."
    assert refusal(Kind.DATE, "2027-01-09", **bounds) == "Please give 2027-01-08 or an earlier day."


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Tuesday, March 2, 2027"), ("de", "Dienstag, 2. März 2027"), ("xx", "Tuesday")]
)
def test_a_day_is_said_in_the_language_of_its_question(language: str, said: str) -> None:
    assert said in question(Kind.DATE, language=language).shown("2027-03-02")


CONDITIONAL = (
    Question(key="met", kind=Kind.YES_NO, label="1"),
    Question(key="why", kind=Kind.TEXT, label="2", required=True, shown_if='answer.met == "no"'),
    Question(key="then", kind=Kind.TEXT, label="3", required=True, shown_if='answer.why == "ill"'),
)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({}, {}),
        ({"met": ["yes"]}, {"met": "yes"}),
        ({"met": ["yes"], "why": ["ill"], "then": ["x"]}, {"met": "yes"}),
        ({"met": ["no"], "why": ["busy"], "then": ["x"]}, {"met": "no", "why": "busy"}),
        ({"met": ["no"], "why": ["ill"], "then": ["x"]}, {"met": "no", "why": "ill", "then": "x"}),
    ],
)
def test_what_is_not_asked_is_not_kept_and_not_needed(raw: dict[str, list[str]], kept: dict[str, Value]) -> None:
    assert validate(form(*CONDITIONAL), raw, frozenset()) == kept


def test_conditions_on_answers_that_cannot_be_changed_are_decided_by_them() -> None:
    _, why, then = CONDITIONAL
    assert [one.shown_if for one in decided([why, then], {"met": "no"})] == ["", 'answer.why == "ill"']
    assert decided([why], {"met": "yes"}) == ()
    assert decided(CONDITIONAL, {}) == CONDITIONAL
    assert validate(form(why), {"why": ["ill"]}, frozenset(), {"met": "no"}) == {"why": "ill"}
    assert validate(form(why), {"why": ["ill"]}, frozenset(), {"met": "yes"}) == {}


def test_what_is_asked_and_needed_is_still_needed() -> None:
    with pytest.raises(BadAnswer) as refused:
        validate(form(*CONDITIONAL), {"met": ["no"]}, frozenset())
    assert set(refused.value.mistakes) == {"why"}


def test_a_draft_keeps_what_was_typed_as_it_was_and_nothing_else() -> None:
    raw = {"met": ["perhaps"], "why": [" two\n lines \u202e"], "then": ["", "  "], "csrf": ["x"]}
    assert unfinished(form(*CONDITIONAL), raw) == {"met": ["perhaps"], "why": [" two\n lines "]}


def test_a_name_from_the_right_is_isolated_and_others_are_left_alone() -> None:
    assert isolated("ليلى") == "\u2068ليلى\u2069"
    assert [isolated(one) for one in ("Zoë", "李", "", "1, 2")] == ["Zoë", "李", "", "1, 2"]
    assert [one for one in ("שלום", "ދިވެހި", "Zoë 李") if runs_from_right(one)] == ["שלום", "ދިވެހި"]


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
