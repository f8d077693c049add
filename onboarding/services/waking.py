"""When must we be woken? Alarms are scheduled Prefect runs; losing one only delays until the hourly sweep."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from onboarding.domain.errors import Unavailable
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

RUN_DUE = "run-due-steps"
ENROLL = "enroll-hires"

HORIZON = timedelta(days=2)
"""How far ahead alarms are set; every run and the hourly sweep set the next ones."""

WINDOW = timedelta(seconds=5)
"""Events that arrive within one window are enrolled by one run."""


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


def wake_enrolment(engine: Engine, now: datetime) -> int:
    """Set the alarm that enrols what has just been recorded: at the end of the current window of five seconds.

    The window ends after the event was stored, so that the run surely sees it. Never raises.
    """
    seconds = WINDOW.total_seconds()
    end = datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, tz=now.tzinfo)
    name = f"{ENROLL}/{end:%Y-%m-%dT%H:%M:%SZ}"
    try:
        with engine.store.read() as books:
            unset = books.alarms.unset([name])
        return _set(engine, ENROLL, dict.fromkeys(unset, end), now)
    except Unavailable:
        log.warning("alarms.unavailable", extra={"flow": ENROLL, "left": 1})
        return 0


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
