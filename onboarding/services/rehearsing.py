"""What would a hire's journey look like, from the first mail to the last?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from onboarding.domain.people import Person
from onboarding.services.dispatching import run_due
from onboarding.services.engine import Engine
from onboarding.services.hiring import HireReport, add_hire
from onboarding.services.timeline import Timeline, timeline

AHEAD = timedelta(days=35)
"""How long before the first day a rehearsal begins: before the first step of any sensible journey."""

MOST_LOOKS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The report at enrolment and the timeline at the end."""

    report: HireReport
    timeline: Timeline


def rehearse(engine: Engine, people: Sequence[Person], record: object, today: datetime) -> Rehearsal:
    """Walk a hire through the whole journey on an engine of its own that keeps nothing and mails to a folder.

    `people` is the directory to choose from. Nobody answers: the mails are those that go out unasked.

    Raises:
        BadRecord, BadWords: as when it happened for real.
    """
    with engine.store.begin() as books:
        books.people.put_all(people)
    report = add_hire(engine, record, _start(record, today))
    for _ in range(MOST_LOOKS):
        with engine.store.read() as books:
            due = books.deliveries.next_due()
        if due is None:
            break
        run_due(engine, due)
    return Rehearsal(report=report, timeline=timeline(engine, report.hire_id))


def _start(record: object, today: datetime) -> datetime:
    """Early enough for every step; `today` when the record is too broken to say (it is refused next)."""
    tree = record.get("data", record) if isinstance(record, dict) else {}
    try:
        first_day = datetime.fromisoformat(str(tree.get("start_date"))).date()
        return datetime.combine(first_day, time(0), tzinfo=UTC) - AHEAD
    except (AttributeError, ValueError, OverflowError):
        return today
