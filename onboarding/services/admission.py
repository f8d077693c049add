"""May a due delivery leave now? What ends or delays it, whatever its verb."""

from __future__ import annotations

from datetime import datetime, timedelta

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import UNSENT, Delivery, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.exchange import meant
from onboarding.domain.facts import applies
from onboarding.domain.journey import UPDATE, Verb, occasion_of
from onboarding.domain.people import HireState
from onboarding.ports import Books
from onboarding.services import named_humans
from onboarding.services.case import Case, Skip, Wait
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.situations import situation

UNREADABLE = timedelta(minutes=15)
"""How long deliveries wait before a journey file that cannot be read is looked at again."""

LATE = timedelta(minutes=30)
"""Later than this, the recipient's working hours are looked at again."""


def case_of(engine: Engine, books: Books, delivery: Delivery, now: datetime) -> Case | Skip | Wait:
    """Everything around a due delivery; or why there is none, or none yet."""
    hire = books.hires.get(delivery.hire_id)
    if hire is None:
        return Skip(why=Why.LEFT, reason="the hire is not known any more")
    directory = Directory(books)
    try:
        seen = situation(engine, books, directory, hire, now)
    except BadWords as error:  # a slip in the journey file must not cost everybody their mails
        return Wait(until=now + UNREADABLE, reason=f"waits for a journey that can be read: {error}")
    step = seen.journey.step(delivery.step)
    if step is None:
        return Skip(why=Why.PLAN, reason="the journey has no such step any more")
    recipient = seen.cast.people.get(delivery.person_id) or directory.get(delivery.person_id)
    if step.verb is Verb.WATCH and delivery.person_id == HR_ID:
        recipient = named_humans.recipient(engine, directory, delivery)
    if recipient is None:
        absent = f"{delivery.person_id} is not in the directory"
        return Skip(why=Why.NOBODY, reason=seen.cast.missing.get(delivery.role, absent))
    return Case(
        engine=engine,
        books=books,
        directory=directory,
        now=now,
        delivery=delivery,
        step=meant(step, delivery.occasion),
        occasion=occasion_of(delivery.occasion),
        recipient=recipient,
        seen=seen,
    )


def refused(case: Case) -> Skip | Wait | None:
    """What ends or delays any delivery, whatever its verb."""
    delivery, update = case.delivery, UPDATE in case.delivery.occasion
    if case.seen.hire.state is HireState.WITHDRAWN and not update:
        return Skip(why=Why.LEFT, reason="the hire was withdrawn")
    if (lost := _lost_the_role(case)) is not None:
        return lost
    if case.now > delivery.grace_until and not delivery.pinned:
        return Skip(
            why=Why.TOO_LATE, reason=f"too late: its grace ended at {delivery.grace_until:%Y-%m-%d %H:%M} UTC"
        )
    if not delivery.pinned and not applies(case.step, case.seen.person):
        return Skip(why=Why.CONDITION, reason=f"only for hires with {case.step.only_if}")
    return _not_for_them(case) or _unanswered(case) or _outside_hours(case)


def _not_for_them(case: Case) -> Skip | None:
    """Somebody is lacking whom this is about, or its recipient does not want it."""
    absent = next((role for role in case.step.needs if not case.seen.cast.ids(role, case.occasion)), None)
    if absent is not None:
        return Skip(why=Why.NOBODY, reason=case.seen.cast.why_nobody(absent))
    if case.step.optional and _opted_out(case):
        return Skip(why=Why.OPTED_OUT, reason=f"{case.recipient.id} asked not to get these")
    return None


def _unanswered(case: Case) -> Wait | None:
    """Something that waits for an answer of its reader does not leave while the form is open, or still to come."""
    question = case.seen.journey.step(case.step.waits_for)
    if question is None or case.delivery.pinned:
        return None
    whom = (case.delivery.role, case.delivery.person_id, question.occasion_with(case.occasion))
    key = "/".join((case.seen.hire.id, question.key, *whom))
    ask = case.books.asks.get(key)
    if ask is None:
        row = case.books.deliveries.get(key)
        if row is None or row.state not in UNSENT:
            return None
        closes = case.calendar.add(max(row.due_at, case.now), question.closes_after)
    elif case.now >= ask.closes_at or case.books.asks.answer_to(key) is not None:
        return None
    else:
        closes = ask.closes_at
    until = case.calendar.next_working(closes)
    grace = case.calendar.add(until, case.step.grace)
    return Wait(until=until, grace_until=grace, reason=f'waits for the answer to "{question.title}"')


def _opted_out(case: Case) -> bool:
    """Whether the recipient takes part in nothing, or not in that for which they would get this."""
    return (
        case.recipient.opted_out
        or case.delivery.role in case.directory.preferences_of(case.recipient.id).opted_out
    )


def _lost_the_role(case: Case) -> Skip | None:
    """Whoever left, or gave the role to somebody else, gets nothing more of it but news of their meetings."""
    delivery = case.delivery
    if not case.recipient.active and UPDATE not in delivery.occasion:
        return Skip(why=Why.LEFT, reason=f"{case.recipient.id} has left")
    if UPDATE in delivery.occasion or delivery.person_id in case.seen.cast.ids(delivery.role, case.occasion):
        return None
    role = delivery.role.replace("_", " ")
    return Skip(why=Why.PLAN, reason=f"{delivery.person_id} is not the {role} any more")


def _outside_hours(case: Case) -> Skip | Wait | None:
    """Something late waits for the recipient's working hours, while that is still kind."""
    return None if case.step.verb is Verb.MATCH else outside_hours(case.delivery, case.calendar, case.now)


def outside_hours(delivery: Delivery, calendar: Calendar, now: datetime) -> Skip | Wait | None:
    """Why something late does not leave now: its reader is not at work."""
    if delivery.pinned or now - delivery.due_at < LATE:
        return None
    if calendar.is_working(now):
        return None
    until = calendar.next_working(now)
    if until > delivery.grace_until:
        return Skip(why=Why.TOO_LATE, reason="too late: the next working hour lies after its grace")
    return Wait(until=until, reason="waits for working hours")
