"""Which watches does an answer wake, so that a human hears of it in their next working hour?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from onboarding.domain.conditions import OF_ANSWERS
from onboarding.domain.delivery import GONE, Delivery, State, Why
from onboarding.domain.forms import Ask
from onboarding.domain.journey import ESCALATED, MORE, Step, Verb
from onboarding.domain.people import Hire, Role
from onboarding.ports import Books
from onboarding.services.case import Case
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.situations import Situation, situation
from onboarding.services.verbs import watch


def wake_watches(engine: Engine, books: Books, hire: Hire, ask: Ask, now: datetime, *, changed: bool) -> None:
    """A watch whose condition an answer fulfils falls due at once, in the working hours of whoever is told.

    With `changed` it is another answer than before: HR hears of it once more where they were told already.
    """
    directory = Directory(books)
    seen = situation(engine, books, directory, hire, now)
    for row in books.deliveries.of_hire(hire.id):
        step = seen.journey.step(row.step)
        if (
            step is not None
            and step.verb is Verb.WATCH
            and (_waits(row) or (changed and _was_told(books, row)))
            and _listens(step, seen.journey.step(ask.step))
        ):
            _wake(engine, books, directory, seen, step, row, now)


def _waits(row: Delivery) -> bool:
    """Whether a watch has told nothing yet: also one that looked already, or would have looked too late."""
    if row.occasion.endswith(ESCALATED):
        return False
    looked = row.state is State.DONE and row.why is Why.NOTHING_TO_TELL
    return row.state is State.PLANNED or looked or (row.state is State.SKIPPED and row.why is Why.TOO_LATE)


def _was_told(books: Books, row: Delivery) -> bool:
    """Whether HR was told of the answer before, and has not heard of a change of it."""
    told = row.state in GONE and row.role == Role.HR and not row.occasion.endswith((ESCALATED, MORE))
    return told and books.deliveries.get(row.key + MORE) is None


def _listens(watch_step: Step, asked: Step | None) -> bool:
    """Whether a watch looks at the answers of a question, or counts the meetings that it tells of."""
    if asked is None:
        return False
    counts = "missed" in watch_step.when and not watch_step.tells_silence
    of_answers = watch_step.watches == asked.key and any(f"{one}." in watch_step.when for one in OF_ANSWERS)
    return of_answers or (counts and watch_step.watches == asked.after)


def _wake(
    engine: Engine,
    books: Books,
    directory: Directory,
    seen: Situation,
    step: Step,
    row: Delivery,
    now: datetime,
) -> None:
    recipient = seen.human if row.person_id == HR_ID else seen.cast.people.get(row.person_id)
    watched = seen.journey.step(step.watches)
    if recipient is None or watched is None:
        return
    case = Case(
        engine=engine,
        books=books,
        directory=directory,
        now=now,
        delivery=row,
        step=step,
        occasion=row.occasion,
        recipient=recipient,
        seen=seen,
    )
    asks = [one for one in books.asks.of_hire(seen.hire.id) if one.step == watched.key]
    if not watch.holds(case, watched, asks, books.asks.answers_of_hire(seen.hire.id)):
        return
    calendar = case.calendar
    due = calendar.next_working(now)
    because = "an answer needs a human"
    if row.state in GONE:
        more = replace(row, occasion=row.occasion + MORE, due_at=due, grace_until=calendar.add(due, step.grace))
        books.deliveries.plan([more], now)
        row = more
    elif row.state is not State.PLANNED:
        wish = replace(row, due_at=due, grace_until=calendar.add(due, step.grace), why=Why.NONE, reason="")
        books.deliveries.revive(wish, now, because)
    elif due < row.due_at:
        books.deliveries.reschedule(
            row.key, due_at=due, grace_until=calendar.add(due, step.grace), reason=because, now=now
        )
    books.deliveries.pin(row.key)
