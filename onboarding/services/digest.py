"""How does HR learn each day what needs a human? One mail, through the ledger like any other."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta

from onboarding.domain.coffee import day_of
from onboarding.domain.delivery import Delivery, Planned, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.journey import Verb
from onboarding.domain.mail import Address, Letter
from onboarding.domain.people import HireState, Role
from onboarding.ports import Books
from onboarding.services import drafting
from onboarding.services.case import Skip
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.directory import Directory
from onboarding.services.engine import HR_ID, Engine
from onboarding.services.leaving import forget_who_left
from onboarding.services.letters import message_id
from onboarding.services.planning import replan
from onboarding.services.rematching import rematch
from onboarding.services.reviewing import QUIET, ROUND, ReviewItem, collect
from onboarding.services.round_mending import mend
from onboarding.services.waking import set_alarms

COMPANY = "company"
"""Stands for the hire in the key of a delivery that is about all of them."""

STEP = "daily_review"
MESSAGE = "daily_review"
GRACE = timedelta(hours=20)
MOST_LINES = 50


def wish(engine: Engine, now: datetime) -> Planned:
    """The next digest: at HR's next working moment from eight o'clock, once for each day on which HR works."""
    calendar = engine.calendar_of(engine.company.hr)
    today = calendar.working_day(calendar.day_of(now), 0)
    due = max(calendar.next_working(now), calendar.at_work(today, time(8)))
    return Planned(
        hire_id=COMPANY,
        step=STEP,
        verb=Verb.WRITE,
        role=Role.HR,
        person_id=HR_ID,
        occasion=calendar.day_of(due).isoformat(),
        due_at=due,
        grace_until=due + GRACE,
    )


def decide(engine: Engine, books: Books, delivery: Delivery, now: datetime) -> Letter | Skip:
    """The digest as it stands when it leaves; none when everything was settled, or when the next one is near."""
    if now > delivery.grace_until and not delivery.pinned:
        return Skip(why=Why.TOO_LATE, reason="too late: the next review says it")
    found = collect(engine, books, now)
    if not found:
        return Skip(why=Why.NOTHING_TO_TELL, reason="nothing needs a human any more")
    return _letter(engine, books, delivery, found, now)


def _letter(
    engine: Engine, books: Books, delivery: Delivery, found: Sequence[ReviewItem], now: datetime
) -> Letter:
    items = [
        {
            "hire": _about(books, item),
            "text": item.reason or item.text,
            "number": len(item.steps),
            "steps": ", ".join(_titles(engine, books, item)),
        }
        for item in found[:MOST_LINES]
    ]
    company = engine.company
    fields: dict[str, object] = {
        "company": {"name": company.name, "hr_email": company.hr_email},
        "you": {"name": company.hr.name, "first_name": company.hr.called},
        "review": {"count": len(found), "items": items},
    }
    words = engine.words.message(MESSAGE, Role.HR, company.hr.language, fields)
    return Letter(
        number=delivery.number,
        message_id=message_id(company, delivery.key),
        sender=company.sender,
        to=Address(email=company.hr_email, name=company.hr.name),
        subject=words.subject,
        html=words.html,
        text=words.text,
        date=now,
    )


def _titles(engine: Engine, books: Books, item: ReviewItem) -> list[str]:
    """The steps of an item in the words of the journey, or by key where it has them no more."""
    hire = books.hires.get(item.hire_id) if item.steps else None
    if hire is None:
        return list(item.steps)
    with suppress(BadWords):
        found = {key: engine.words.journey(hire.journey).step(key) for key in item.steps}
        language = engine.company.hr.language
        return [step.title_in(language) if step else key for key, step in found.items()]
    return list(item.steps)


def _about(books: Books, item: ReviewItem) -> str:
    if item.kind == ROUND or day_of(item.hire_id) is not None:
        return "Coffee rounds"
    return "All newcomers" if item.kind == QUIET else _called(books, item.hire_id)


def _called(books: Books, hire_id: str) -> str:
    """What HR calls a hire; "?" for an event of which no hire came."""
    person = books.people.get(hire_id) if hire_id else None
    return person.name if person else hire_id or "?"


def daily_review(engine: Engine, now: datetime) -> list[ReviewItem]:
    """Look at everything that needs a human, and plan one mail to HR about it when there is anything.

    Whoever was chosen and not told is weighed again, people are chosen for roles that are still empty, old drafts
    and what people told who left are forgotten, and the alarms of the next days are set.
    """
    rematch(engine, now)
    with engine.store.begin() as books:
        directory = Directory(books)
        for hire in books.hires.find():
            if hire.state is HireState.ACTIVE and hire.first_day + JOURNEY_LENGTH >= now.date():
                with suppress(BadWords):  # a journey that cannot be read is among the items
                    replan(engine, books, directory, hire, now=now, because="daily review")
        with suppress(BadWords):
            engine.words.offices()  # coffees stay where they are while nobody knows the days of the offices
            mend(engine, books, directory, directory.everybody(), now)
        books.asks.forget_drafts(now - drafting.KEPT)
        items = collect(engine, books, now)
        if items:
            books.deliveries.plan([wish(engine, now)], now)
    forget_who_left(engine, now)
    set_alarms(engine, now)
    return items
