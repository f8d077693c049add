"""How does a person change one hire's plan without touching the others?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from onboarding.domain import values
from onboarding.domain.calendars import Calendar
from onboarding.domain.cast import NOBODY
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadRecord, IllegalMove, NotFound
from onboarding.domain.held import YES
from onboarding.domain.journey import AFTER_QUESTION, ESCALATED, TAKE_CARE
from onboarding.ports import Books
from onboarding.services import escalating, named_humans
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.escalating import Alert
from onboarding.services.hiring import known_hire
from onboarding.services.planning import replan
from onboarding.services.taking_care import TAKEN, WHO, care_of
from onboarding.services.waking import set_alarms

LONGEST_NAME = 80
"""Characters, as in the form `take_care`."""

STILL_TO_SEND = frozenset({State.PLANNED, State.SKIPPED, State.WITHDRAWN, State.FAILED, State.UNKNOWN})
"""What a person may send after all; only a person may repeat what is unknown."""

Change = Callable[[Books, Delivery], None]


def skip_step(engine: Engine, hire_id: str, step: str, now: datetime) -> list[Delivery]:
    """Do not send what is still unsent of a step.

    Raises:
        NotFound: no such hire or step.
        IllegalMove: everything of the step is sent or ended already.
    """

    def skip(books: Books, one: Delivery) -> None:
        books.deliveries.move(one.key, State.SKIPPED, now=now, why=Why.BY_HAND, reason="skipped by hand")

    return _change(engine, hire_id, step, skip, frozenset({State.PLANNED, State.FAILED}), reminders=True)


def move_step(
    engine: Engine, hire_id: str, step: str, day: date, at: time | None, now: datetime
) -> list[Delivery]:
    """Send a step on another day, at a local time of each recipient (their usual time of it when `at` is None).

    Raises:
        NotFound: as `skip_step`.
        IllegalMove: as `skip_step`, and when the day has passed.
    """

    def move(books: Books, one: Delivery) -> None:
        calendar = _calendar(engine, books, one)
        if day < calendar.day_of(now):
            raise IllegalMove(f"{day} has passed; `onboarding hire send {hire_id} {step}` sends it now")
        at_local = at or one.due_at.astimezone(calendar.zone).time()
        _send_at(books, one, calendar.moment(day, at_local), calendar, now, f"moved by hand to {day}")

    changed = _change(engine, hire_id, step, move, STILL_TO_SEND - {State.UNKNOWN})
    set_alarms(engine, now)
    return changed


def send_step(engine: Engine, hire_id: str, step: str, now: datetime) -> list[Delivery]:
    """Send a step now, skipped, failed and unknown deliveries included; what was sent is not sent again.

    Raises:
        NotFound, IllegalMove: as `skip_step`.
    """

    def send(books: Books, one: Delivery) -> None:
        _send_at(books, one, now, _calendar(engine, books, one), now, "sent by hand")

    changed = _change(engine, hire_id, step, send, STILL_TO_SEND)
    set_alarms(engine, now)
    return changed


def settle_unknown(engine: Engine, number: int, state: State, now: datetime) -> Delivery:
    """Say what a person found out about a delivery that may or may not have left: sent or failed.

    Raises:
        NotFound: no such delivery.
        IllegalMove: it is not unknown, or cannot become that.
    """
    with engine.store.begin() as books:
        delivery = books.deliveries.by_number(number)
        if delivery is None:
            raise NotFound(f"there is no delivery {number}")
        if delivery.state is not State.UNKNOWN:
            raise IllegalMove(f"delivery {number} is {delivery.state}, not unknown")
        books.deliveries.settle(delivery.key, state, now=now, why=Why.BY_HAND, reason=f"a person says: {state}")
        return books.deliveries.get(delivery.key) or delivery


def take(engine: Engine, number: int, by: str, now: datetime, *, instead: bool = False) -> Alert:
    """Say that somebody takes care of what a human was told, by the number of its delivery; `by` is their name.

    Somebody who takes care already is replaced only with `instead`.

    Raises:
        NotFound: no such delivery, or none that somebody can take care of.
        BadRecord: no name of one line.
        IllegalMove: somebody else takes care of it.
    """
    try:
        name = values.one_line(by)[:LONGEST_NAME]
    except ValueError as error:
        raise BadRecord(f"the name {error}") from error
    with engine.store.begin() as books:
        delivery = books.deliveries.by_number(number)
        ask = books.asks.get(delivery.key.removesuffix(ESCALATED)) if delivery else None
        if ask is None or ask.form != TAKE_CARE:
            raise NotFound(f"delivery {number} is nothing that somebody can take care of")
        directory = Directory(books)
        care = care_of(books.asks.answer_to(ask.id))
        if care is not None and care.name != name and not instead:
            raise IllegalMove(f"{care.name} takes care of it since {care.since:%Y-%m-%d %H:%M} UTC: add --instead")
        books.asks.answer(ask.id, {TAKEN: YES, WHO: name}, now)
        hire = known_hire(books, ask.hire_id)
        replan(engine, books, directory, hire, now=now, because=f"somebody takes care of {ask.step}")
        return next(one for one in escalating.alerts_of(books, hire.id) if one.key == ask.id)


def _send_at(
    books: Books, one: Delivery, moment: datetime, calendar: Calendar, now: datetime, reason: str
) -> None:
    grace = calendar.next_working(moment)
    wish = replace(one, due_at=moment, grace_until=max(grace, one.grace_until, moment), why=Why.NONE, reason="")
    if one.state is State.PLANNED:
        books.deliveries.reschedule(
            one.key, due_at=wish.due_at, grace_until=wish.grace_until, reason=reason, now=now
        )
    else:
        books.deliveries.revive(wish, now, reason)
    books.deliveries.pin(one.key)


def _calendar(engine: Engine, books: Books, one: Delivery) -> Calendar:
    person = named_humans.recipient(engine, Directory(books), one)
    return engine.calendar_of(person or engine.company.hr)


def _change(
    engine: Engine, hire_id: str, step: str, change: Change, states: frozenset[State], *, reminders: bool = False
) -> list[Delivery]:
    """Change what fits; without `reminders`, one whose question changes too is left to follow it."""
    with engine.store.begin() as books:
        known_hire(books, hire_id)
        rows = books.deliveries.of_hire(hire_id)
        of_step = [one for one in rows if one.step == step]
        if not of_step:
            steps = ", ".join(dict.fromkeys(one.step for one in rows))
            raise NotFound(f"{hire_id} has no step {step}; there are: {steps}")
        fitting = [one for one in of_step if _fits(one, states)]
        if not fitting:
            raise IllegalMove(_nothing_left(step, of_step))
        if not reminders:
            questions = {one.key + suffix for one in fitting for suffix in AFTER_QUESTION}
            fitting = [one for one in fitting if one.key not in questions]
        for one in fitting:
            change(books, one)
        return [found for one in fitting if (found := books.deliveries.get(one.key)) is not None]


def _fits(one: Delivery, states: frozenset[State]) -> bool:
    follows = one.occasion.endswith(AFTER_QUESTION)
    needless = follows and one.state is not State.PLANNED
    return one.state in states and one.person_id != NOBODY and not needless


def _nothing_left(step: str, of_step: Sequence[Delivery]) -> str:
    stands = "; ".join(
        f"to {one.role}: {one.state}" + (f" ({one.reason})" if one.reason else "") for one in of_step
    )
    return f"nothing of {step} can be changed: {stands}"
