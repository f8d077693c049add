"""Does a browser hide exactly the questions that the answers above them make needless?"""

from __future__ import annotations

from itertools import product

import pytest

from onboarding.domain.forms import Kind, Option, Question, Value
from onboarding.web import hiding
from onboarding.web.words import words_of
from tests.sites import parsed

MET = Question(
    key="met",
    kind=Kind.CHOICE,
    label="Did you meet?",
    options=(Option(value="yes", label="Yes"), Option(value='n"o\\ </style>', label="No")),
)
MOOD = Question(key="mood", kind=Kind.SCALE, label="Mood?", min=0, max=3)
TOPICS = Question(
    key="topics",
    kind=Kind.CHOICES,
    label="Topics?",
    options=(Option(value="a", label="A"), Option(value="b", label="B")),
)
WHY = Question(key="why", kind=Kind.YES_NO, label="Why?", shown_if="answer.mood < 2")
TEXT = Question(key="text", kind=Kind.TEXT, label="Text?")
OPTIONS: hiding.Options = {
    "met": [("yes", "Yes"), ('n"o\\ </style>', "No")],
    "mood": [(str(number), str(number)) for number in range(4)],
    "topics": [("a", "A"), ("b", "B")],
    "why": [("yes", "Yes"), ("no", "No")],
}
VALUES: dict[str, list[Value | None]] = {
    "met": [None, "yes", 'n"o\\ </style>'],
    "mood": [None, 0, 2, 3],
    "topics": [None, ["a"], ["b"], ["a", "b"]],
    "why": [None, "yes", "no"],
}


def last(shown_if: str) -> Question:
    return Question(key="last", kind=Kind.TEXT, label="Last?", shown_if=shown_if)


def page(values: dict[str, Value]) -> str:
    """A form in which these answers are chosen."""
    parts = []
    for key, options in OPTIONS.items():
        chosen = values.get(key)
        given = [str(one) for one in (chosen if isinstance(chosen, list) else [chosen])]
        marks = [(value.replace('"', "&quot;"), value in given) for value, _ in options]
        kind = "checkbox" if key == "topics" else "radio"
        parts += [f'<input type="{kind}" name="{key}" value="{value}"{" checked" * on}>' for value, on in marks]
    return f'<form>{"".join(parts)}<div id="last-box"></div></form>'


@pytest.mark.parametrize(
    "shown_if",
    [
        'answer.met == "yes"',
        'answer.met != "yes"',
        'not answer.met == "yes"',
        'answer.met in ["yes", "n\\"o"]'.replace('\\"', ""),
        "answer.mood <= 2",
        "0 < answer.mood < 3",
        'answer.mood > 1 and answer.met == "yes"',
        'answer.mood > 1 or not answer.met == "yes"',
        '"a" in answer.topics',
        'answer.why == "yes"',
        'not answer.why == "yes" and answer.mood < 3',
        "answer.mood > 7",
    ],
)
def test_a_browser_hides_what_the_server_would_drop_and_nothing_else(shown_if: str) -> None:
    question = last(shown_if)
    questions = [MET, MOOD, TOPICS, WHY, question]
    rules = hiding.rules(questions, OPTIONS)
    assert "</" not in rules
    selector = next(one for one in rules.partition("{")[2].split("}") if "#last-box{" in one).partition("{")[0]
    looked_at = [key for key in VALUES if key in shown_if or (key == "mood" and "why" in shown_if)]
    for combination in product(*(VALUES[key] for key in looked_at)):
        chosen = {key: value for key, value in zip(looked_at, combination, strict=True) if value is not None}
        counted = dict(chosen)
        if not WHY.is_asked(counted):
            counted.pop("why", None)
        hidden = bool(parsed(page(chosen)).select(selector))
        assert hidden is not question.is_asked(counted), chosen


@pytest.mark.parametrize(
    "shown_if", ['answer.text == "x"', 'not "a" in answer.topics or answer.text == "x"', 'answer.topics == "a"']
)
def test_what_css_cannot_say_is_shown_with_its_condition_in_words(shown_if: str) -> None:
    question = last(shown_if)
    questions = [MET, MOOD, TOPICS, TEXT, question]
    assert hiding.rules(questions, OPTIONS) == ""
    assert hiding.in_words(question, questions, OPTIONS, words_of("en")) == "only if it fits your answers above"


def test_a_condition_is_said_with_the_words_of_the_question_and_its_answers() -> None:
    question = last("answer.mood >= 2")
    said = hiding.in_words(question, [MOOD, question], OPTIONS, words_of("de"))
    assert said == "nur wenn deine Antwort auf „Mood?“ so lautet: 2 / 3"
    assert hiding.in_words(MOOD, [MOOD], OPTIONS, words_of("de")) == ""


def test_what_is_chosen_from_a_long_list_hides_too() -> None:
    many = [(str(number), str(number)) for number in range(20)]
    question = last('answer.met == "3"')
    rules = hiding.rules([MET, question], {"met": many})
    assert ':has([name="met"] option:is([value="3"]):checked)' in rules


def chain(length: int, condition: str) -> list[Question]:
    """Questions of which each depends on the one before."""
    first = Question(key="q0", kind=Kind.YES_NO, label="0?")
    rest = [
        Question(
            key=f"q{number}", kind=Kind.YES_NO, label=f"{number}?", shown_if=condition.format(f"q{number - 1}")
        )
        for number in range(1, length)
    ]
    return [first, *rest]


@pytest.mark.parametrize(
    "condition",
    [
        'answer.{0} == "yes"',
        'answer.{0} == "yes" or answer.{0} == "no"',
        'answer.{0} == "yes" and not answer.{0} == "no"',
    ],
)
def test_a_long_chain_of_conditions_is_shown_whole_with_its_conditions_in_words(condition: str) -> None:
    questions = chain(30, condition)
    options = {one.key: OPTIONS["why"] for one in questions}
    assert hiding.rules(questions, options) == ""
    assert all(hiding.in_words(one, questions, options, words_of("en")) for one in questions[1:])


def test_a_short_chain_hides_its_questions_in_little_style() -> None:
    questions = chain(5, 'answer.{0} == "yes"')
    rules = hiding.rules(questions, {one.key: OPTIONS["why"] for one in questions})
    assert rules.count("display:none") == 2 * 4
    assert len(rules) < hiding.MOST_RULES + 100
