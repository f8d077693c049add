"""When must we be woken? Alarms are scheduled Prefect runs; losing one only delays until the hourly sweep."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from onboarding.domain.errors import Unavailable
from onboarding.ports import Books
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

RUN_DUE = "run-due-steps"
ENROLL = "enroll-hires"

HORIZON = timedelta(days=2)
"""How far ahead alarms are set; every run and the hourly sweep set the next ones."""

WINDOW = timedelta(seconds=5)
"""Events that arrive within one window are enrolled by one run."""


OVERDUE = timedelta(minutes=1)
"""A run that has not obeyed an event by then may have been lost: the next event sets another alarm."""


def set_alarms(engine: Engine, now: datetime) -> int:
    """Set one alarm for each distinct due minute of the next two days that has none; returns how many."""
    with engine.store.read() as books:
        moments = books.deliveries.due_moments(now, now + HORIZON)
        wanted = {f"{RUN_DUE}/{minute:%Y-%m-%dT%H:%MZ}": minute for minute in map(next_minute, moments)}
        unset = books.alarms.unset(list(wanted))
    return _set(engine, RUN_DUE, {name: wanted[name] for name in unset}, now)


def wake_due(engine: Engine, now: datetime) -> None:
    """Set the next alarms after a page was answered; whatever does not answer only delays. Never raises."""
    try:
        set_alarms(engine, now)
    except Unavailable:
        log.warning("alarms.unavailable", extra={"flow": RUN_DUE, "left": 1})


def wake_enrolment(engine: Engine, ready_at: datetime) -> int:
    """Set the alarm that enrols what may be obeyed from a moment on: at the end of its window of five seconds.

    The window ends after the event was stored, so that the run surely sees it. While an earlier event waits whose
    alarm is set, none is needed: its run looks again until nothing waits. Never raises.
    """
    if is_awake(engine, ready_at):
        return 0
    name, end = _window(ready_at)
    try:
        with engine.store.read() as books:
            unset = [] if _run_is_coming(books, ready_at) else books.alarms.unset([name])
            known = not books.alarms.unset([name])
        done = _set(engine, ENROLL, dict.fromkeys(unset, end), ready_at)
    except Unavailable:
        log.warning("alarms.unavailable", extra={"flow": ENROLL, "left": 1})
        return 0
    if done or known:
        engine.woken.last = name
    return done


def is_awake(engine: Engine, ready_at: datetime) -> bool:
    """Whether this process knows that the alarm for that moment is set."""
    return engine.woken.last == _window(ready_at)[0]


def first_of_windows(moments: Iterable[datetime]) -> list[datetime]:
    """The first moment of each window of five seconds, in their order."""
    return list({_window(moment)[0]: moment for moment in sorted(moments, reverse=True)}.values())[::-1]


def _window(moment: datetime) -> tuple[str, datetime]:
    """The name of the alarm for a moment, and when it rings."""
    seconds = WINDOW.total_seconds()
    end = datetime.fromtimestamp((moment.timestamp() // seconds + 1) * seconds, tz=moment.tzinfo)
    return f"{ENROLL}/{end:%Y-%m-%dT%H:%M:%SZ}", end


def _run_is_coming(books: Books, now: datetime) -> bool:
    """Whether an event of an earlier window waits for a run that is set. One that is overdue is not waited for."""
    for oldest in books.events.waiting(1, now):
        window, _ = _window(oldest.ready_at)
        recent = now - OVERDUE < oldest.ready_at <= now
        return recent and window != _window(now)[0] and not books.alarms.unset([window])
    return False


def wake_waiting(engine: Engine, now: datetime) -> None:
    """Set the alarm for the next event that waits, if one does."""
    with engine.store.read() as books:
        ready_at = books.events.next_ready()
    if ready_at is not None:
        wake_enrolment(engine, max(ready_at, now))


def _set(engine: Engine, flow: str, wanted: dict[str, datetime], now: datetime) -> int:
    done: list[str] = []
    try:
        for name, moment in wanted.items():
            engine.alarms.set(flow, moment, name)
            done.append(name)
    except Unavailable:
        log.warning("alarms.unavailable", extra={"flow": flow, "left": len(wanted) - len(done)})
    if done:
        with engine.store.begin() as books:
            books.alarms.note(done, now)
    return len(done)


def next_minute(moment: datetime) -> datetime:
    """The first whole minute at or after a moment."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
