"""What is a journey: which steps, for whom, on which day, how late is still kind?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from onboarding.domain.people import Role


class Verb(StrEnum):
    """All that a step can do."""

    MATCH = "match"
    ASK = "ask"
    WRITE = "write"
    MEET = "meet"
    WATCH = "watch"


class Unit(StrEnum):
    """What a span is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time as HR writes it, such as `3 working days`."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        words = self.unit.value
        return f"{self.count} {words[:-1] if self.count == 1 else words}"


class Count(StrEnum):
    """How a step's day is counted."""

    WORKING = "working"
    CALENDAR = "calendar"


THREE_WORKING_DAYS = Span(count=3, unit=Unit.WORKING_DAYS)
FIVE_WORKING_DAYS = Span(count=5, unit=Unit.WORKING_DAYS)
TWO_WORKING_DAYS = Span(count=2, unit=Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do of a list: by which day of the journey, counted as that of a step is.

    Nobody is reminded of what is not `required`.
    """

    key: str
    by: int
    count: Count = Count.WORKING
    required: bool = True


_OF_SILENCE = re.compile(r"(?<![.\w\"'])(answered|met)\b")
_OF_LATENESS = re.compile(r"(?<![.\w\"'])overdue\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a journey; fields that belong to another verb keep their defaults.

    `subject` is the value of the verb's key: a role for match, a form for ask, a message for the others.
    `roles` are the people it goes to: `of` of an ask, `to` of a write, `with` of a meet, `tell` of a watch,
    and the hire for a match. A write or an ask is skipped while one of the roles it `needs` is empty, and does not
    leave before its reader has answered the ask it `waits_for`, or that has closed. `day` is never 0. `at` is
    local time of whoever receives it. `tasks` are those of the form of an ask, which they make a list. `title` is
    in English, for whoever runs the journey; `titles` has it by language tag, for everybody else.
    """

    key: str
    title: str
    verb: Verb
    subject: str
    roles: tuple[Role, ...]
    day: int
    count: Count = Count.WORKING
    at: time = time(10)
    grace: Span = THREE_WORKING_DAYS
    only_if: str = ""
    weeks: tuple[int, ...] = ()
    after: str = ""
    # match
    how_many: int = 1
    capacity: int = 2
    other_department: bool = False
    # ask and write
    optional: bool = False
    needs: tuple[Role, ...] = ()
    waits_for: str = ""
    # ask
    remind_after: Span | None = TWO_WORKING_DAYS
    closes_after: Span = FIVE_WORKING_DAYS
    declines_when: str = ""
    silence: str = "keep"
    tasks: tuple[Task, ...] = ()
    # write
    notes_of: str = ""
    without: str = "skip"
    unless_met: Span | None = None
    # meet
    within: Span = FIVE_WORKING_DAYS
    minutes: int = 25
    without_common_hour: str = "skip"
    # watch
    watches: str = ""
    when: str = ""
    escalate_after: Span | None = None
    # all
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title_in(self, language: str) -> str:
        """The title in a language, or the nearest that has one: `pt-br`, `pt`, English."""
        tag = language.strip().lower().replace("_", "-")
        while tag and tag not in self.titles:
            tag = tag.rpartition("-")[0]
        return self.titles.get(tag, self.title)

    @property
    def occasions(self) -> tuple[str, ...]:
        """The names of its repetitions; `once` for a step that does not repeat."""
        return tuple(f"week-{week}" for week in self.weeks) or ("once",)

    def occasion_with(self, occasion: str) -> str:
        """Which of its occasions belongs to one of a step that refers to it."""
        return occasion if self.weeks else self.occasions[0]

    @property
    def tells_silence(self) -> bool:
        """Whether it watches for answers or meetings that did not come: they must have had their time."""
        return _OF_SILENCE.search(self.when) is not None

    @property
    def tells_overdue(self) -> bool:
        """Whether it watches a list for tasks that are overdue: its day counts from that of a task."""
        return _OF_LATENESS.search(self.when) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Ordered steps for a kind of hire."""

    name: str
    title: str
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        """The step of that key, or None."""
        return next((step for step in self.steps if step.key == key), None)


REMINDER = ".reminder"
"""Suffix of the occasion of an ask's reminder: `once.reminder`, `week-2.reminder`."""

SILENCE = ".silence"
"""Suffix of the occasion on which an ask closes, and silence gives the role to the next best."""

AFTER_QUESTION = (REMINDER, SILENCE)
"""What follows a question, and moves with it."""

AGAIN = ".again-"
"""Suffix of the occasion on which a newcomer hears of the person in somebody's place: `once.again-<id>`."""

ANEW = ".anew-"
"""Suffix of the occasion of a question about a meeting that got another time after it was asked: `once.anew-2`."""

UPDATE = ".seq-"
"""Suffix of the occasion of an invitation's update or cancellation: `once.seq-1`."""


ESCALATED = ".escalated"
"""Suffix of the occasion on which somebody else is told, since nobody takes care: `once.escalated`."""

MORE = ".more"
"""Suffix of the occasion on which HR hears that an answer changed after they were told: `once.more`."""

TAKE_CARE = "take_care"
"""The form on which a human says that they take care of what a watch told them."""

NOT_TAKEN = "not_taken"
"""The message to the second human, when nobody has said so."""

NEXT = "next"
"""`silence = "next"`: whoever does not answer gives way to the next best."""


EXCHANGE = "exchange"
"""`without_common_hour = "exchange"`; its form, and the message that brings it, are called so too."""


REMINDER_MESSAGE = "reminder"
"""The message that reminds of a question."""

LIST_REMINDER_MESSAGE = "list_reminder"
"""The message that reminds of a list: it names what is due on all lists of its reader."""


def reminder_of(step: Step) -> str:
    """The message that reminds of what a step asks."""
    return LIST_REMINDER_MESSAGE if step.tasks else REMINDER_MESSAGE


def occasion_of(text: str) -> str:
    """The occasion of a delivery without whatever suffix it has."""
    return text.partition(".")[0]
