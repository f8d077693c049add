"""What was missed, and shall it still be sent? Shown first, done when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from onboarding.domain.cast import NOBODY
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.journey import AFTER_QUESTION
from onboarding.domain.people import Hire, HireState
from onboarding.ports import Books
from onboarding.services import named_humans
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.planning import replan
from onboarding.services.waking import set_alarms


class Late(StrEnum):
    """What to do with steps whose moment and grace have passed."""

    SEND = "send"
    SKIP = "skip"


class Action(StrEnum):
    """What a backfill does with a delivery."""

    SEND = "send"  # is due, or is sent although late
    SKIP = "skip"  # stays unsent
    KEEP = "keep"  # waits for its own moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillRow:
    """What a backfill does, or would do, with one delivery; ids only."""

    hire_id: str
    step: str
    role: str
    occasion: str
    due_at: datetime
    action: Action
    reason: str


class _Rehearsed(Exception):
    """Not an error: it rolls a rehearsal back."""


def backfill(
    engine: Engine,
    *,
    first_day_from: date,
    first_day_to: date,
    steps: tuple[str, ...] = (),
    late: Late = Late.SKIP,
    rehearse: bool = True,
    now: datetime,
) -> list[BackfillRow]:
    """Plan the hires of a range again, and send or skip what is late; both bounds are inclusive.

    A rehearsal does everything in a transaction that is rolled back. What was sent is never sent again.

    Raises:
        NotFound: a step that no journey of these hires has.
        BadRecord: the range ends before it starts.
    """
    if first_day_to < first_day_from:
        raise BadRecord(f"the first days go from {first_day_from} to an earlier {first_day_to}")
    rows: list[BackfillRow] = []
    with suppress(_Rehearsed), engine.store.begin() as books:
        rows.extend(_rows(engine, books, first_day_from, first_day_to, steps, late, now))
        if rehearse:
            raise _Rehearsed
    if not rehearse:
        set_alarms(engine, now)
    return rows


def _rows(
    engine: Engine, books: Books, start: date, end: date, steps: tuple[str, ...], late: Late, now: datetime
) -> Iterator[BackfillRow]:
    directory = Directory(books)
    found = books.hires.find(first_day_from=start, first_day_to=end)
    _know_steps(engine, {engine.company.journey, *(hire.journey for hire in found)}, steps)
    for hire in found:
        if hire.state is not HireState.ACTIVE:
            continue
        replan(engine, books, directory, hire, now=now, because="backfill")
        for delivery in books.deliveries.of_hire(hire.id):
            if (not steps or delivery.step in steps) and delivery.person_id != NOBODY:
                row = _decide(engine, books, directory, hire, delivery, late, now)
                if row is not None:
                    yield row


def _know_steps(engine: Engine, journeys: Iterable[str], steps: tuple[str, ...]) -> None:
    known = dict.fromkeys(step.key for name in journeys for step in engine.words.journey(name).steps)
    unknown = [step for step in steps if step not in known]
    if unknown:
        raise NotFound(f"there is no step {', '.join(unknown)}; there are: {', '.join(known)}")


def _decide(
    engine: Engine, books: Books, directory: Directory, hire: Hire, one: Delivery, late: Late, now: datetime
) -> BackfillRow | None:
    if one.state is State.PLANNED and one.due_at > now:
        return _row(hire, one, Action.KEEP, one.due_at, "waits for its moment")
    if one.state is State.PLANNED and (one.pinned or one.grace_until >= now):
        return _row(hire, one, Action.SEND, one.due_at, "is due")
    too_late = one.state is State.PLANNED or (one.state is State.SKIPPED and one.why is Why.TOO_LATE)
    if not too_late:
        return None
    if late is Late.SKIP or one.occasion.endswith(AFTER_QUESTION):  # a reminder follows its question
        return _row(hire, one, Action.SKIP, one.due_at, one.reason or "too late: its grace has ended")
    person = named_humans.recipient(engine, directory, one)
    if person is None:
        return None
    step = engine.words.journey(hire.journey).step(one.step)
    calendar = engine.calendar_of(person)
    due = calendar.next_working(now)
    grace = calendar.add(due, step.grace) if step else due
    if one.state is State.PLANNED:
        books.deliveries.reschedule(one.key, due_at=due, grace_until=grace, reason="backfill", now=now)
    else:
        wish = replace(one, due_at=due, grace_until=grace, why=Why.NONE, reason="")
        books.deliveries.revive(wish, now, "backfill")
    books.deliveries.pin(one.key)
    return _row(hire, one, Action.SEND, due, "late, sent after all")


def _row(hire: Hire, one: Delivery, action: Action, due_at: datetime, reason: str) -> BackfillRow:
    return BackfillRow(
        hire_id=hire.id,
        step=one.step,
        role=one.role,
        occasion=one.occasion,
        due_at=due_at,
        action=action,
        reason=reason,
    )
