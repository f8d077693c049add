"""When does an exchange of written answers take the place of a meeting, and does it still?

It is begun where no hour suits because the hours of these people never meet; that somebody is busy this week is
no reason. Until the first form has left, an hour that is found makes a meeting of it again. Once begun it goes on
unless somebody of them is not there any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from onboarding.domain.delivery import GONE, UNSENT, Delivery
from onboarding.domain.exchange import (
    ANSWER_WITHIN,
    Part,
    Written,
    deadline,
    exchange_of,
    is_card,
    is_question,
    part_named,
)
from onboarding.domain.exchange import others as others_of
from onboarding.domain.facts import Facts, applies
from onboarding.domain.forms import Ask
from onboarding.domain.journey import EXCHANGE, Step, occasion_of
from onboarding.domain.meetings import Hold, Meeting, MeetingState
from onboarding.domain.people import HireState
from onboarding.domain.plan import parts_of
from onboarding.domain.words import Fields
from onboarding.ports import Books
from onboarding.services import meeting_times, meetings
from onboarding.services.engine import Company, Engine
from onboarding.services.situations import Situation

NOTHING: Fields = {"others": "", "icebreaker": "", "again": False, "lines": [], "silent": "", "url": ""}
"""What a message knows of an exchange when there is none."""


def begin(company: Company, books: Books, seen: Situation, step: Step, occasion: str, now: datetime) -> bool:
    """Begin an exchange in the place of a meeting for which no slot was found; whether there is one now."""
    if exchange_of(seen.meetings, step.key, occasion) is not None:
        return True
    people = meeting_times.attendees(seen, step, occasion)
    if people is None or not _instead(seen, step, occasion, now):
        return False
    name = meetings.meeting_id(seen.hire.id, step.key, occasion, seen.meetings)
    exchange = Meeting(
        id=name,
        hire_id=seen.hire.id,
        step=step.key,
        occasion=occasion,
        people=people,
        starts_at=now,
        ends_at=seen.offices.calendar_of(seen.person).add(now, ANSWER_WITHIN),
        state=MeetingState.EXCHANGED,
        uid=f"{name}@{company.sender.email.rpartition('@')[2]}",
        organizer=company.sender.email,
        stamped_at=now,
        icebreaker=meetings.icebreaker_of(name),
    )
    parts = parts_of(seen.journey, step, exchange, facts_of(seen, {}))
    books.meetings.put(replace(exchange, ends_at=deadline(parts)))
    return True


def _instead(seen: Situation, step: Step, occasion: str, now: datetime) -> bool:
    """Whether a step wants an exchange here: the hours of its people never meet."""
    people = meeting_times.attendees(seen, step, occasion)
    wanted = step.without_common_hour == EXCHANGE and people is not None and len(people) > 1
    return wanted and meeting_times.far_apart(seen, step, occasion, now)


def keep_true(books: Books, seen: Situation, ledger: Sequence[Delivery], now: datetime) -> Situation:
    """End the exchanges that the facts have overtaken; what is known with what came of them."""
    changed = False
    for one in seen.meetings:
        if one.state is MeetingState.EXCHANGED and not _stands(books, seen, one, ledger, now):
            books.meetings.put(replace(one, state=MeetingState.ENDED))
            changed = True
    return replace(seen, meetings=tuple(books.meetings.of_hire(seen.hire.id))) if changed else seen


def _stands(books: Books, seen: Situation, exchange: Meeting, ledger: Sequence[Delivery], now: datetime) -> bool:
    step = seen.journey.step(exchange.step)
    place = (exchange.step, exchange.occasion)
    rows = [one for one in ledger if (one.step, occasion_of(one.occasion)) == place]
    begun = any(is_question(one.occasion) and one.state in GONE for one in rows)
    if begun and not any(is_card(one.occasion) and one.state in UNSENT for one in rows):
        return True  # it is over: what was written was sent
    if step is None or seen.hire.state is not HireState.ACTIVE:
        return False
    if meeting_times.attendees(seen, step, exchange.occasion) != exchange.people:
        return False
    if begun or not in_grace(seen, step, exchange.occasion, now):
        return True
    wanted = _instead(seen, step, exchange.occasion, now)
    return wanted and meeting_times.propose(books, seen, step, exchange.occasion, now) is None


def in_grace(seen: Situation, step: Step, occasion: str, now: datetime) -> bool:
    """Whether a step may still be late on an occasion."""
    start, _ = meeting_times.window(seen, step, occasion, now)
    return seen.offices.calendar_of(seen.person).add(start, step.grace) >= now


def follow(company: Company, books: Books, seen: Situation, now: datetime) -> tuple[Meeting, ...]:
    """Begin an exchange where a meeting had to be called off because no common hour is left; all meetings."""
    begun = False
    for one in seen.meetings:
        step = seen.journey.step(one.step)
        off = one.hold is Hold.NONE and one == meetings.called_off(seen, one.step, one.occasion)
        if not off or step is None or seen.hire.state is not HireState.ACTIVE or not applies(step, seen.person):
            continue
        if in_grace(seen, step, one.occasion, now):
            begun |= begin(company, books, seen, step, one.occasion, now)
    return tuple(books.meetings.of_hire(seen.hire.id)) if begun else seen.meetings


def written(books: Books, hire_id: str) -> dict[str, Written]:
    """What is known of each form about a hire, by its id: when it was sent, and when it was answered."""
    answers = books.asks.answers_of_hire(hire_id)
    return {
        ask.id: Written(
            opened_at=ask.opened_at,
            answered_at=answers[ask.id].answered_at if ask.id in answers else None,
        )
        for ask in books.asks.of_hire(hire_id)
    }


def facts_of(seen: Situation, forms: dict[str, Written]) -> Facts:
    """As much as an exchange needs of the facts that planning looks at."""
    return Facts(hire=seen.hire, person=seen.person, cast=seen.cast, meetings=seen.meetings, written=forms)


def parts(books: Books, seen: Situation, step_key: str, occasion: str) -> list[Part]:
    """Everybody in the exchange of a step on an occasion; nobody where there is none."""
    exchange = exchange_of(seen.meetings, step_key, occasion)
    step = seen.journey.step(step_key)
    if exchange is None or step is None:
        return []
    return parts_of(seen.journey, step, exchange, facts_of(seen, written(books, seen.hire.id)))


def is_closed(books: Books, seen: Situation, ask: Ask) -> bool:
    """Whether what somebody writes now would reach nobody: it was given up, or everybody has their card."""
    if not is_question(_occasion(ask)):
        return False
    everybody = parts(books, seen, ask.step, ask.occasion)
    mine = part_named(everybody, ask.person_id)
    rest = {one.person_id for one in others_of(everybody, ask.person_id)}
    waits = [
        one
        for one in books.deliveries.of_hire(seen.hire.id)
        if (one.step, occasion_of(one.occasion)) == (ask.step, ask.occasion)
        and is_card(one.occasion)
        and one.person_id in rest
        and one.state in UNSENT
    ]
    return mine is None or not waits


def words_in_form(engine: Engine, seen: Situation, ask: Ask, language: str, *, again: bool = False) -> Fields:
    """What a form and its mail may say of an exchange: with whom it is, and the question that all get."""
    exchange = exchange_of(seen.meetings, ask.step, ask.occasion) if is_question(_occasion(ask)) else None
    if exchange is None:
        return {"exchange": NOTHING}
    names = [seen.cast.people[one].called for one in meetings.others(exchange, ask.person_id)]
    icebreakers = engine.words.conversation(language).icebreakers
    first = icebreakers[exchange.icebreaker % len(icebreakers)] if icebreakers else ""
    return {"exchange": {**NOTHING, "others": ", ".join(names), "icebreaker": first, "again": again}}


def _occasion(ask: Ask) -> str:
    """The occasion of the delivery that carries an ask; its own is without the suffix."""
    return ask.id.removeprefix(f"{ask.hire_id}/{ask.step}/{ask.role}/{ask.person_id}/")
