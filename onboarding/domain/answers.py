"""Do the answers that came back fit their questions?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from onboarding.domain.day_bounds import read_day
from onboarding.domain.errors import BadAnswer
from onboarding.domain.forms import Form, Kind, Question, Value, Values, Written
from onboarding.domain.texts import clean, harmless

YES_NO = ("yes", "no")

_WHOLE = re.compile(r"-?[0-9]{1,4}")


def validate(
    form: Form, raw: Mapping[str, Sequence[str]], people: frozenset[str], fixed: Values | None = None
) -> dict[str, Value]:
    """The answers by question, from what a browser sends; a question without an answer is left out.

    Keys that are no question of the form are dropped: a browser may send a button's name, and HR may have taken a
    question out since. `people` holds the ids that may be named. Texts come back trimmed, with plain line
    feeds and in Unicode form NFC; a scale is a number, `choices` a list in the order of the options.
    A question whose `shown_if` does not hold for the answers before it is not put: what came for it is dropped.
    `fixed` are answers that cannot be changed now, for such conditions.

    Raises:
        BadAnswer: one sentence for each question that is not answered as it must be.
    """
    values: dict[str, Value] = {}
    mistakes: dict[str, str] = {}
    for question in form.questions:
        if not question.is_asked({**(fixed or {}), **values}):
            continue
        given = [text for text in (clean(one) for one in raw.get(question.key, ())) if text]
        if not given:
            if question.required:
                mistakes[question.key] = "This question needs an answer."
            continue
        mistake, value = _CHECKS[question.kind](question, given, people)
        if mistake:
            mistakes[question.key] = mistake
        else:
            values[question.key] = value
    if mistakes:
        raise BadAnswer(mistakes)
    return values


def decided(offered: Sequence[Question], values: Values) -> tuple[Question, ...]:
    """The questions that can be answered now; conditions on answers that cannot (`values`) are decided already."""
    here = {one.key for one in offered}
    found = []
    for one in offered:
        if not one.shown_if or here & one.depends_on:
            found.append(one)
        elif one.is_asked(values):
            found.append(replace(one, shown_if=""))
    return tuple(found)


def unfinished(form: Form, raw: Mapping[str, Sequence[str]]) -> Written:
    """What a browser sent, as a draft keeps it: the answers as they were typed, whether they fit or not.

    What a page would not show at the moment stays too: nothing is lost before somebody sends it.
    """
    typed = {one.key: [harmless(text) for text in raw.get(one.key, ()) if text.strip()] for one in form.questions}
    return {key: texts for key, texts in typed.items() if any(texts)}


Checked = tuple[str, Value]
"""The mistake ("" when there is none), and the value."""


def _scale(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    mistake = f"Please choose one number from {question.min} to {question.max}."
    if len(given) > 1 or not _WHOLE.fullmatch(given[0]):
        return mistake, 0
    number = int(given[0])
    return ("" if question.min <= number <= question.max else mistake), number


def _choice(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    known = [option.value for option in question.options]
    return _one_of(given, known, ", ".join(option.label for option in question.options))


def _choices(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    chosen = [option.value for option in question.options if option.value in given]
    if len(chosen) < len(set(given)):
        labels = ", ".join(option.label for option in question.options)
        return f"Please choose only from: {labels}.", []
    return "", chosen


def _yes_no(_: Question, given: Sequence[str], __: frozenset[str]) -> Checked:
    return _one_of(given, YES_NO, "yes, no")


def _one_of(given: Sequence[str], known: Sequence[str], shown: str) -> Checked:
    fits = len(given) == 1 and given[0] in known
    return ("" if fits else f"Please choose one of: {shown}."), given[0]


def _person(_: Question, given: Sequence[str], people: frozenset[str]) -> Checked:
    fits = len(given) == 1 and given[0] in people
    return ("" if fits else "Please choose one person from the list."), given[0]


def _date(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    day = read_day(given[0]) if len(given) == 1 else None
    earliest = question.earliest.day if question.earliest else None
    latest = question.latest.day if question.latest else None
    if day is None:
        return "Please give one day, such as 2027-03-02.", given[0]
    if earliest is not None and day < earliest:
        return f"Please give {earliest} or a later day.", given[0]
    if latest is not None and day > latest:
        return f"Please give {latest} or an earlier day.", given[0]
    return "", day.isoformat()


def _text(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    return _long_text(question, [" ".join(one.split()) for one in given], _)


def _long_text(question: Question, given: Sequence[str], _: frozenset[str]) -> Checked:
    text = given[0]
    if len(given) > 1:
        return "Please give one answer.", text
    if len(text) > question.max_length:
        return f"Please write at most {question.max_length} characters; there are {len(text)}.", text
    return "", text


_CHECKS = {
    Kind.SCALE: _scale,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.PERSON: _person,
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.DATE: _date,
}
