"""What does HR see of one newcomer first, and what behind a link?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from onboarding.domain.delivery import State
from onboarding.services.reviewing import RECENT, TO_LOOK_AT
from onboarding.services.timeline import GOING_OUT, Timeline, TimelineRow

FEW = 8
"""Lines of a list on the first page."""

MANY = 20
"""Steps of one page: with their history they fit into 30 kB."""

TROUBLE = frozenset({State.FAILED, State.UNKNOWN, State.BOUNCED})
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The steps of a week of the journey, or a part of them where they are many; `key` names it in the address."""

    key: str
    title: str
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The first page: what needs a human, what comes, what went out; the rest by week."""

    trouble: tuple[TimelineRow, ...]
    next: tuple[TimelineRow, ...]
    lately: tuple[TimelineRow, ...]
    week: str


def overview(story: Timeline, now: datetime) -> Overview:
    """What matters today, each list short."""
    ahead = [one for one in story.rows if one.state is State.PLANNED]
    gone = [one for one in story.rows if one.state in GOING_OUT or one.state is State.DONE]
    gone.sort(key=lambda one: one.settled_at or one.due_at, reverse=True)
    return Overview(
        trouble=tuple(one for one in story.rows if _needs_a_human(one, now))[:FEW],
        next=tuple(ahead[:FEW]),
        lately=tuple(gone[:FEW]),
        week=_title(_week(story, now)),
    )


def _needs_a_human(row: TimelineRow, now: datetime) -> bool:
    """As the daily review sees it."""
    since = row.settled_at or row.due_at
    skipped = row.state is State.SKIPPED and row.why in TO_LOOK_AT and now - RECENT <= since <= now
    return row.state in TROUBLE or skipped


def leaves(story: Timeline) -> list[Leaf]:
    """All steps, week by week from the first day on; a week with many steps has several leaves."""
    return [
        leaf
        for number, rows in groupby(story.rows, lambda one: _week(story, one.due_at))
        for leaf in _of_week(number, list(rows))
    ]


def _of_week(number: int, rows: Sequence[TimelineRow]) -> Iterator[Leaf]:
    name = str(number + 1 if number >= 0 else number)
    for start in range(0, len(rows), MANY):
        part = start // MANY + 1
        yield Leaf(
            key=name if part == 1 else f"{name}.{part}",
            title=_title(number) if part == 1 else f"{_title(number)}, part {part}",
            rows=tuple(rows[start : start + MANY]),
        )


def _week(story: Timeline, moment: datetime) -> int:
    """Weeks from the first day on: 0 is the first, -1 the one before it."""
    return (moment.date() - story.hire.first_day) // timedelta(days=1) // WEEK


def _title(number: int) -> str:
    if number >= 0:
        return f"Week {number + 1}"
    return "The week before the first day" if number == -1 else f"{-number} weeks before the first day"
