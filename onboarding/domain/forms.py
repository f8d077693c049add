"""What is asked, of whom, until when, and which answers fit?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = str | int | list[str]
"""An answer to one question: text, a number of a scale, or the chosen values."""

Values = Mapping[str, Value]


class Kind(StrEnum):
    """The kinds of question."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    PERSON = "person"


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
    """One question; `private` is read by HR only, `share` may appear in introductions, `measure` is counted."""

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

    def shown(self, value: Value | None) -> str:
        """An answer in words: labels instead of values, a number of a scale with its end (`2/5`); "" for none."""
        if value is None or value in ("", []):
            return ""
        if self.kind is Kind.SCALE:
            return f"{value}/{self.max}"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One form sent to one person; its id is the key of the delivery that carries it.

    `closes_at` is UTC. `person_id` is who is asked, `hire_id` whom it is about.
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

    `withdrawn` marks the version with which whoever answered took words back: they are in no version any more.
    """

    ask_id: str
    values: dict[str, Value]
    answered_at: datetime
    version: int
    withdrawn: bool = False
