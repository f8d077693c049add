"""Which words are passed on in the name of whoever wrote them, and how long are they still the writer's own?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.domain.delivery import GONE, UNSENT, Delivery, State
from onboarding.domain.forms import TEXTS, Question, Value, Values
from onboarding.domain.held import YES

MAY_QUOTE = "pass_on"
"""The key of the question whether somebody's words may be passed on."""

SHOWN_FOR = timedelta(days=30)
"""How long a link still shows what became of words that left, or were taken back."""

OVER = frozenset({State.DONE, State.WITHDRAWN})
"""States of a delivery that will take nobody's words along any more, unless it is planned anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """How words stand that are passed on in the name of whoever wrote them; moments are UTC.

    `text` is what is read, or was, "" when there is nothing. `planned_at` is when it leaves as things stand, None
    when that is not known. `left_at` is when the first mail left that takes such words along, these or none.
    `taken_back_at` is when the writer took them back, and has written nothing since.
    """

    text: str
    planned_at: datetime | None = None
    left_at: datetime | None = None
    taken_back_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether there are words that can still be changed and taken back."""
        return bool(self.text) and self.left_at is None

    def is_shown(self, now: datetime) -> bool:
        """Whether a link whose form is closed still has something to say about them."""
        ended = self.left_at if self.text else self.taken_back_at
        return self.waits or (ended is not None and now < ended + SHOWN_FOR)


def words_in(questions: Iterable[Question], values: Values) -> str:
    """What somebody wrote, as it is passed on: the answers in their own words that are not private."""
    lines = [values.get(one.key, "") for one in questions if one.kind in TEXTS and not one.private]
    return "\n\n".join(str(line).strip() for line in lines if str(line).strip())


def may_leave(questions: Iterable[Question], values: Values) -> bool:
    """Whether the words may be passed on, where the form asks for that: only a yes allows it."""
    asked = any(one.key == MAY_QUOTE for one in questions)
    return not asked or values.get(MAY_QUOTE) == YES


def leaving(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions whose answers are passed on, and the one whether they may be: what can be taken back."""
    return tuple(one for one in questions if (one.kind in TEXTS and not one.private) or one.key == MAY_QUOTE)


def offered(questions: Sequence[Question], passing: Passing | None, *, over: bool) -> tuple[Question, ...]:
    """The questions that can be answered now.

    What has left is fixed, also while the rest of its form is open. When a form is closed (`over`), words that
    wait can be changed until they leave, and nothing else can.
    """
    own = leaving(questions)
    if passing is None or (not over and passing.left_at is None):
        return () if over else tuple(questions)
    if not over:
        return tuple(one for one in questions if one not in own)
    return own if passing.waits else ()


def left_as_it_was(values: Values, asked: Iterable[Question]) -> dict[str, Value]:
    """The earlier answers to questions that could not be answered this time."""
    keys = {one.key for one in asked}
    return {key: value for key, value in values.items() if key not in keys}


def moments(rows: Iterable[Delivery], since: datetime) -> tuple[datetime | None, datetime | None]:
    """When the first of the deliveries that take words along leaves as planned, and when the first one left (UTC).

    Whatever left before the words were asked for (`since`) took no such words along.
    """
    known = list(rows)
    left = [one.settled_at or one.claimed_at or one.due_at for one in known if one.state in GONE]
    waiting = [one.due_at for one in known if one.state in UNSENT]
    return min(waiting, default=None), min((one for one in left if one >= since), default=None)
