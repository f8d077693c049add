"""By when is a task to be done, who is reminded when, and is each told once?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Delivery, Planned, State
from onboarding.domain.journey import Count, Span, Step, Task, Unit, Verb
from onboarding.domain.lists import (
    Todo,
    handled,
    is_reminder,
    named_day,
    question_key,
    reminder,
    stage,
    telling,
    to_tell,
)
from onboarding.domain.people import Role, WorkingHours

FIRST_DAY = date(2027, 1, 4)
"""A Monday."""

LIST = Step(
    key="it_list",
    title="IT",
    verb=Verb.ASK,
    subject="it_list",
    roles=(Role.IT,),
    day=-10,
    remind_after=Span(count=1, unit=Unit.WORKING_DAYS),
)
WATCH = Step(
    key="late",
    title="Late",
    verb=Verb.WATCH,
    subject="late",
    roles=(Role.HR,),
    day=2,
    watches="it_list",
    when="overdue >= 1",
)


def calendar(zone: str = "UTC") -> Calendar:
    return Calendar(zone=ZoneInfo(zone), hours=WorkingHours(start=time(9), end=time(17)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def todo(
    *days: int, zone: str = "UTC", opened: str = "2026-12-18 10:00", done: frozenset[str] = frozenset()
) -> Todo:
    tasks = tuple(Task(key=f"t{number}", by=day) for number, day in enumerate(days))
    return Todo(tasks=tasks, first_day=FIRST_DAY, calendar=calendar(zone), opened_at=at(opened), done=done)


def wish(step: Step) -> Planned:
    return Planned(
        hire_id="n1",
        step=step.key,
        verb=step.verb,
        role=step.roles[0],
        person_id="x",
        occasion="once",
        due_at=at("2026-12-18 10:00"),
        grace_until=at("2026-12-28 10:00"),
    )


@pytest.mark.parametrize(
    ("by", "count", "day"),
    [
        (-5, Count.WORKING, "2026-12-28"),
        (1, Count.WORKING, "2027-01-04"),
        (5, Count.WORKING, "2027-01-08"),
        (30, Count.CALENDAR, "2027-02-03"),
    ],
)
def test_a_task_is_due_on_a_day_of_the_journey(by: int, count: Count, day: str) -> None:
    task = Task(key="one", by=by, count=count)
    assert todo(1).day(task) == date.fromisoformat(day)


def test_nobody_is_late_with_what_they_did_not_know() -> None:
    late = todo(-5, 1, opened="2027-01-13 10:00")
    assert [late.day(one) for one in late.tasks] == [date(2027, 1, 14)] * 2
    assert late.overdue(at("2027-01-14 23:59")) == ()
    assert len(late.overdue(at("2027-01-15 00:00"))) == 2


def test_a_day_is_over_where_whoever_has_the_list_lives() -> None:
    there = todo(-5, zone="America/Chicago")
    assert there.overdue(at("2026-12-29 05:59")) == ()
    assert there.overdue(at("2026-12-29 06:00")) == there.tasks
    assert there.over_at(there.tasks[0]) == at("2026-12-29 06:00")


def test_what_is_not_needed_is_never_overdue_nor_soon() -> None:
    tasks = (Task(key="a", by=-5, required=False), Task(key="b", by=-5))
    some = Todo(tasks=tasks, first_day=FIRST_DAY, calendar=calendar(), opened_at=at("2026-12-18 10:00"))
    assert [one.key for one in some.overdue(at("2026-12-30 10:00"))] == ["b"]
    assert [one.key for one in some.soon(at("2026-12-24 10:00"))] == ["b"]
    assert some.soon(at("2026-12-23 10:00")) == ()


def test_reminders_come_one_after_the_other_until_all_is_said() -> None:
    days, after = [], None
    while (found := reminder(LIST, wish(LIST), todo(-5, 1), after)) is not None:
        after = named_day(found.occasion)
        days.append(found.occasion)
        assert found.due_at.hour == 10
    assert days == ["once.due-2026-12-25", "once.due-2026-12-29", "once.due-2027-01-01", "once.due-2027-01-05"]


def test_a_reminder_on_the_day_before_is_left_out_when_the_list_came_just_then() -> None:
    found = reminder(LIST, wish(LIST), todo(-5, opened="2026-12-24 10:00"), None)
    assert found is not None
    assert found.occasion == "once.due-2026-12-29"


def test_no_reminder_comes_when_all_is_done_or_nobody_wants_one() -> None:
    assert reminder(LIST, wish(LIST), todo(-5, done=frozenset({"t0"})), None) is None
    never = Step(key="a", title="a", verb=Verb.ASK, subject="a", roles=(Role.IT,), day=1, remind_after=None)
    assert reminder(never, wish(never), todo(-5), None) is None


def test_what_is_overdue_is_told_after_the_days_of_the_watch_and_never_before_the_day_is_over() -> None:
    found = telling(WATCH, wish(WATCH), todo(-5), calendar(), None)
    assert found is not None
    assert (found.occasion, found.due_at) == ("once.overdue-2026-12-30", at("2026-12-30 10:00"))
    soonest = Step(key="l", title="l", verb=Verb.WATCH, subject="l", roles=(Role.HR,), day=1, at=time(9))
    early = telling(soonest, wish(soonest), todo(-5, zone="America/Chicago"), calendar("Asia/Manila"), None)
    assert early is not None
    assert early.due_at == at("2026-12-29 06:00")  # nine in the morning in Manila is still Monday evening there


@given(
    days=st.lists(st.sampled_from([-9, -5, -3, -1, 1, 2, 5, 20]), min_size=1, max_size=6),
    done=st.sets(st.integers(0, 5)),
    zone=st.sampled_from(["UTC", "Asia/Manila", "America/Chicago"]),
    opened=st.sampled_from(["2026-12-18 10:00", "2026-12-31 10:00", "2027-01-20 10:00"]),
)
def test_each_task_that_is_not_done_is_told_once(days: list[int], done: set[int], zone: str, opened: str) -> None:
    some = todo(*days, zone=zone, opened=opened, done=frozenset(f"t{one}" for one in done))
    told: list[str] = []
    after: date | None = None
    while (found := telling(WATCH, wish(WATCH), some, calendar(), after)) is not None:
        until = named_day(found.occasion)
        assert until is not None
        named = to_tell(WATCH, some, calendar(), after, until)
        assert set(named) <= set(some.overdue(found.due_at))
        told += [one.key for one in named]
        after = until
    assert sorted(told) == sorted(one.key for one in some.left())


def test_what_is_behind_us_counts_and_what_was_withdrawn_does_not() -> None:
    def row(occasion: str, state: State) -> Delivery:
        planned = wish(LIST)
        kept = {name: getattr(planned, name) for name in Planned.__slots__}
        return Delivery(**{**kept, "occasion": occasion}, number=1, state=state)

    ledger = [
        row("once", State.SENT),
        row("once.due-2026-12-25", State.SENT),
        row("once.due-2026-12-29", State.SKIPPED),
        row("once.due-2027-01-05", State.WITHDRAWN),
        row("once.due-2027-01-01", State.PLANNED),
    ]
    assert handled(ledger) == {"n1/it_list/it/x/once": date(2026, 12, 29)}


def test_occasions_are_told_apart() -> None:
    assert is_reminder("once.due-2026-12-25")
    assert not is_reminder("once.overdue-2026-12-25")
    assert named_day("once.overdue-2026-12-25") == date(2026, 12, 25)
    assert named_day("once.reminder") is None
    assert question_key("n1/it_list/it/x/once.due-2026-12-25") == "n1/it_list/it/x/once"
    assert question_key("n1/late/hr/hr/once.overdue-2026-12-25") == "n1/late/hr/hr/once"
    assert (stage("once.due-2026-12-25"), stage("once")) == (": reminder", "")


def test_what_nobody_needs_is_not_due_any_more_after_its_day() -> None:
    needed, liked = Task(key="a", by=3), Task(key="b", by=3, required=False)
    some = todo()
    assert [some.this_week(one, at("2027-01-05 10:00")) for one in (needed, liked)] == [True, True]
    assert [some.this_week(one, at("2027-01-20 10:00")) for one in (needed, liked)] == [True, False]
