"""What is asked, of whom, until when, and which answers fit?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from onboarding.domain import conditions
from onboarding.domain.day_bounds import DayBound, read_day
from onboarding.domain.journey import Count, Task
from onboarding.domain.wording import day_in_words

Value = str | int | list[str]
"""An answer to one question: text, a number of a scale, or the chosen values."""

Values = Mapping[str, Value]

Written = Mapping[str, list[str]]
"""What somebody typed or chose, by question, as it came from a browser."""


class Kind(StrEnum):
    """The kinds of question."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    PERSON = "person"
    TASK = "task"
    DATE = "date"


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
"""Kinds that are answered in words of one's own."""


class Counts(StrEnum):
    """What the answers to a question are counted as in HR's report."""

    NOTHING = ""
    ENPS = "enps"  # how likely somebody is to recommend the company, 0 to 10
    CONNECTED = "connected"  # whether somebody feels connected to the people around them


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the values that may be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `private` is read by HR only, `share` may appear in introductions, `measure` is counted.

    `by`, `count` and `link` are those of a task; `for_hire` says to the newcomer what is done for them with it.
    `shown_if` is a condition on the answers to earlier questions: `answer.met == "no"`. `language` is that of its
    words. `earliest` and `latest` bound the answer to a question for a day; both days are allowed.
    """

    key: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    private: bool = False
    share: bool = False
    options: tuple[Option, ...] = ()
    min: int = 1
    max: int = 5
    low: str = ""
    high: str = ""
    example: str = ""
    max_length: int = 2000
    measure: Counts = Counts.NOTHING
    by: int = 0
    count: Count = Count.WORKING
    link: str = ""
    for_hire: str = ""
    shown_if: str = ""
    earliest: DayBound | None = None
    latest: DayBound | None = None
    language: str = "en"

    def is_asked(self, earlier: Values) -> bool:
        """Whether the question is put to somebody who answered the questions before it like that."""
        return not self.shown_if or conditions.holds_text(self.shown_if, {"answer": dict(earlier)})

    @property
    def depends_on(self) -> frozenset[str]:
        """The keys of the questions that `shown_if` looks at."""
        if not self.shown_if:
            return frozenset()
        paths = conditions.parse(self.shown_if, {"answer": conditions.ANY_FIELD}).paths
        return frozenset(path.partition(".")[2] for path in paths)

    def shown(self, value: Value | None) -> str:
        """An answer in words: labels instead of values, a number of a scale with its end (`2/5`); "" for none.

        A day is said as people of the language say it.
        """
        if value is None or value in ("", []):
            return ""
        if self.kind is Kind.SCALE:
            return f"{value}/{self.max}"
        if self.kind is Kind.DATE:
            day = read_day(str(value))
            return day_in_words(day, self.language) if day else str(value)
        labels = {option.value: option.label for option in self.options}
        chosen = value if isinstance(value, list) else [str(value)]
        return ", ".join(labels.get(one, one) for one in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions in the words of one language; texts are already filled in for the person asked."""

    name: str
    language: str
    title: str
    intro: str
    minutes: int
    readers: str
    thanks: str
    questions: tuple[Question, ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What there is to do; a form with tasks is a list and has nothing else."""
        return tuple(
            Task(key=one.key, by=one.by, count=one.count, required=one.required)
            for one in self.questions
            if one.kind is Kind.TASK
        )

    def about(self, first_day: date | None) -> Form:
        """The same form about a newcomer with that first day; without one, days from it bound nothing."""
        if not any(one.earliest or one.latest for one in self.questions):
            return self
        return replace(self, questions=tuple(_bounded(one, first_day) for one in self.questions))


def _bounded(question: Question, first_day: date | None) -> Question:
    earliest, latest = (one.on(first_day) if one else None for one in (question.earliest, question.latest))
    return replace(
        question,
        earliest=DayBound(day=earliest) if earliest else None,
        latest=DayBound(day=latest) if latest else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One form sent to one person; its id is the key of the delivery that carries it.

    `closes_at` is UTC. `person_id` is who is asked, `hire_id` whom it is about. `reminded_at` tells when
    a reminder last named tasks of a list.
    """

    id: str
    hire_id: str
    step: str
    role: str
    person_id: str
    occasion: str
    form: str
    opened_at: datetime
    closes_at: datetime
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How often a form was sent about a hire, and answered; one that is still open is left out."""

    hire_id: str
    form: str
    asked: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The values that came back to an ask, newest version; `version` starts at 1.

    `taken_back` marks the version with which whoever answered took words back: they are in no version any more.
    """

    ask_id: str
    values: dict[str, Value]
    answered_at: datetime
    version: int
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wrote and has not sent: nothing follows from it, and nobody else reads it.

    `saved_at` is UTC.
    """

    ask_id: str
    values: dict[str, list[str]]
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What of an ask was taken back.

    `noted` is the version that says so, None where none of it was answered; `draft` tells whether it stood in the
    draft.
    """

    noted: Answer | None = None
    draft: bool = False

    @property
    def anything(self) -> bool:
        """Whether there was anything to take back."""
        return self.noted is not None or self.draft
