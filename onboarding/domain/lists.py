"""What is on a list to do: by when is each task, when is somebody reminded, when is it told that it is overdue?

A list is an ask whose form has tasks. What follows it comes one delivery at a time: the next reminder, and for
each watch the next telling; each is named after its day, so that it can be planned again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from onboarding.domain.calendars import Calendar, day_of_step
from onboarding.domain.delivery import GONE, Delivery, Planned, State
from onboarding.domain.journey import TWO_WORKING_DAYS, Span, Step, Task

DUE = ".due-"
"""Suffix of the occasion of a list's reminder, before its day: `once.due-2026-12-21`."""

OVERDUE = ".overdue-"
"""Suffix of the occasion on which it is told what of a list is overdue: `once.overdue-2026-12-23`."""

SOON = 2
"""So many working days ahead a task counts as due soon: a reminder names it."""

A_WEEK = 5
"""Working days."""

ONE_DAY = timedelta(days=1)

_BEHIND = GONE | {State.DONE, State.SKIPPED, State.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """That a task of a list was done, or is not done after all: who said so, and when (UTC).

    It belongs to the list, whoever has it: a successor goes on with what is done.
    """

    hire_id: str
    step: str
    occasion: str
    task: str
    person_id: str
    done: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A list that was sent: `calendar` is that of whoever has it, `done` the keys of its ticked tasks."""

    tasks: tuple[Task, ...]
    first_day: date
    calendar: Calendar
    opened_at: datetime
    done: frozenset[str] = frozenset()

    def day(self, task: Task) -> date:
        """By when it is to be done, a date of theirs; never sooner than the working day after the list came."""
        day = day_of_step(task.by, task.count, self.first_day, self.calendar, None)
        return max(day, self.calendar.working_day(self.calendar.day_of(self.opened_at), 1))

    def over_at(self, task: Task) -> datetime:
        """The end (UTC) of the day by which it is to be done: from then on it is overdue."""
        return self.calendar.moment(self.day(task) + ONE_DAY, time(0))

    def left(self) -> tuple[Task, ...]:
        """What is needed and not done yet."""
        return tuple(one for one in self.tasks if one.required and one.key not in self.done)

    def overdue(self, now: datetime) -> tuple[Task, ...]:
        """What should be done, and is not."""
        today = self.calendar.day_of(now)
        return tuple(one for one in self.left() if self.day(one) < today)

    def soon(self, now: datetime) -> tuple[Task, ...]:
        """What is to be done today or within two working days."""
        today = self.calendar.day_of(now)
        last = self.calendar.working_day(today, SOON)
        return tuple(one for one in self.left() if today <= self.day(one) <= last)

    def this_week(self, task: Task, now: datetime) -> bool:
        """Whether a task is due within five working days; what nobody needs is not, once its day is past."""
        today = self.calendar.day_of(now)
        is_due = task.required or self.day(task) >= today
        return is_due and self.day(task) <= self.calendar.working_day(today, A_WEEK)


def is_reminder(occasion: str) -> bool:
    """Whether an occasion is that of a list's reminder."""
    return DUE in occasion


def stage(occasion: str) -> str:
    """What a reminder of a list adds to the title of its step; "" for all others."""
    return ": reminder" if is_reminder(occasion) else ""


def named_day(occasion: str) -> date | None:
    """The day after which a reminder or a telling is named; None for every other occasion."""
    for suffix in (DUE, OVERDUE):
        _, found, day = occasion.partition(suffix)
        if found:
            return date.fromisoformat(day)
    return None


def question_key(key: str) -> str:
    """The key of the list's own delivery, or of the watch, without the suffix of what follows it."""
    return key.partition(DUE)[0].partition(OVERDUE)[0]


def handled(ledger: Sequence[Delivery]) -> dict[str, date]:
    """The day of the newest reminder, or telling, that is behind us, by the key that it follows."""
    days: dict[str, date] = {}
    for one in ledger:
        day = named_day(one.occasion)
        if day is not None and one.state in _BEHIND:
            key = question_key(one.key)
            days[key] = max(day, days.get(key, day))
    return days


def reminder(step: Step, question: Planned, todo: Todo, after: date | None) -> Planned | None:
    """The next reminder of a list after that day; None when nobody needs one.

    It comes on the working day before a task is due, if the list came two working days before that or more, and
    `remind_after` after the day of the task.
    """
    if step.remind_after is None:
        return None
    calendar = todo.calendar
    last = max(calendar.day_of(todo.opened_at), after or date.min)
    days = [day for task in todo.left() for day in _around(todo, task, step.remind_after)]
    day = min((one for one in days if one > last), default=None)
    if day is None:
        return None
    due = calendar.at_work(day, step.at)
    return replace(
        question,
        occasion=f"{question.occasion}{DUE}{day.isoformat()}",
        due_at=due,
        grace_until=calendar.add(due, TWO_WORKING_DAYS),
    )


def _around(todo: Todo, task: Task, again: Span) -> Iterator[date]:
    """The days on which somebody is reminded of a task."""
    calendar, day = todo.calendar, todo.day(task)
    before = calendar.working_day(day, -1)
    if before >= calendar.working_day(calendar.day_of(todo.opened_at), 2):
        yield before
    later = max(calendar.add(calendar.at_work(day, time(12)), again), todo.over_at(task))
    yield calendar.day_of(calendar.next_working(later))


def told_on(watch: Step, todo: Todo, task: Task, reader: Calendar) -> date:
    """The day of the reader on which they are told of a task that is still not done."""
    return reader.working_day(todo.day(task), watch.day)


def to_tell(watch: Step, todo: Todo, reader: Calendar, after: date | None, until: date) -> tuple[Task, ...]:
    """What is not done, and is told of after the day `after`, up to and with the day `until`."""
    first = after or date.min
    return tuple(one for one in todo.left() if first < told_on(watch, todo, one, reader) <= until)


def telling(watch: Step, wish: Planned, todo: Todo, reader: Calendar, after: date | None) -> Planned | None:
    """The next time after that day at which somebody is told what is overdue; None when all is done or told."""
    waiting = to_tell(watch, todo, reader, after, date.max)
    if not waiting:
        return None
    day = min(told_on(watch, todo, one, reader) for one in waiting)
    # Where whoever has the list lives, its day may still go on.
    over = max(todo.over_at(one) for one in to_tell(watch, todo, reader, after, day))
    due = max(reader.at_work(day, watch.at), reader.next_working(over))
    return replace(
        wish,
        occasion=f"{wish.occasion}{OVERDUE}{day.isoformat()}",
        due_at=due,
        grace_until=reader.add(due, watch.grace),
    )
