"""Which programme has gone quiet: people should have met, and for weeks nobody did?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

QUIET_WEEKS = 4
"""The shipped journey lets three weeks pass between two coffees with the buddy."""

LEAST_DUE = 2
"""One meeting that did not come about is a matter of that newcomer, and the review names it already."""


PATIENCE = timedelta(weeks=1)
"""For so long the review names each meeting that did not come about, and it may still be arranged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Meetings of one kind, or rounds of coffee.

    `due` are the moments within the last weeks at which a meeting should have come about for somebody who takes
    part, each once, whatever became of it. `newest` is when the newest meeting that was not called off begins or
    began, None when there was none. `why` is the commonest reason in words, or "".
    """

    name: str
    title: str
    due: Sequence[datetime]
    newest: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A programme that has gone quiet: the moment from which it is, and one sentence for people."""

    name: str
    since: datetime
    text: str


def since(now: datetime, weeks: int = QUIET_WEEKS) -> datetime:
    """The moment from which silence counts."""
    return now - timedelta(weeks=weeks)


def quiet_programmes(programmes: Iterable[Programme], now: datetime, weeks: int = QUIET_WEEKS) -> Iterator[Quiet]:
    """The programmes in which nothing was planned or held for that many weeks although meetings were due.

    A programme ends here by itself: with the next meeting, or when nobody takes part any more.
    """
    start = since(now, weeks)
    for programme in programmes:
        due = [moment for moment in programme.due if start <= moment < now - PATIENCE]
        if len(due) < LEAST_DUE or (programme.newest is not None and programme.newest >= start):
            continue
        why = f", mostly because {programme.why}" if programme.why else ""
        last = f"; the last one was on {programme.newest:%Y-%m-%d}" if programme.newest else ""
        yield Quiet(
            name=programme.name,
            since=min(due),
            text=(
                f"nobody has met for “{programme.title}” in the last {weeks} weeks, "
                f"although {len(due)} such meetings were due{why}{last}"
            ),
        )
