"""What do people do who share no working hour? They answer the same questions and read each other's words.

An exchange takes the place of the meeting of a step on one occasion. It is remembered as a meeting without a time
(`MeetingState.EXCHANGED`), and three things follow from it for each person: the questions, their reminder, and a
card with what the others wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Planned
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.journey import (
    EXCHANGE,
    FIVE_WORKING_DAYS,
    REMINDER,
    TWO_WORKING_DAYS,
    Step,
    Verb,
    occasion_of,
)
from onboarding.domain.meetings import Meeting, MeetingState
from onboarding.domain.people import Role

CARD = "exchange_card"
"""The message that brings what the others wrote."""

QUESTIONS = ".exchange-"
"""Suffix of the occasion of the questions, before the people who get the answers: `once.exchange-<id>`."""

READING = ".card-"
"""Suffix of the occasion of the card with the words of these people: `once.card-<id>`."""

INSTEAD = "no hour at which everybody works: they write to each other instead"

ANSWER_WITHIN = FIVE_WORKING_DAYS
"""How long the form is open."""

REMIND_AFTER = TWO_WORKING_DAYS

LONGER = FIVE_WORKING_DAYS
"""How much longer the form of somebody silent is open when one person wrote alone, and waits for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is known of a form that was sent: when (UTC), and when it was answered last, if it was."""

    opened_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person of an exchange: when their form opens, or did, and when they answered, if they did (UTC)."""

    role: Role
    person_id: str
    calendar: Calendar
    opens_at: datetime
    answered_at: datetime | None = None

    @property
    def closes_at(self) -> datetime:
        """When their form closes; it may be opened again."""
        return self.calendar.add(self.opens_at, ANSWER_WITHIN)


def exchange_of(meetings: Sequence[Meeting], step: str, occasion: str) -> Meeting | None:
    """The exchange that stands in the place of the meeting of a step on an occasion."""
    for one in meetings:
        if (one.step, one.occasion, one.state) == (step, occasion, MeetingState.EXCHANGED):
            return one
    return None


def is_question(occasion: str) -> bool:
    """Whether an occasion is that of an exchange's questions, or of their reminder."""
    return _suffix(occasion).startswith(QUESTIONS)


def is_card(occasion: str) -> bool:
    """Whether an occasion is that of an exchange's card."""
    return _suffix(occasion).startswith(READING)


def _suffix(occasion: str) -> str:
    return occasion.removeprefix(occasion_of(occasion))


def meant(step: Step, occasion: str) -> Step:
    """The step as a delivery of that occasion means it: what became an exchange asks, and then writes."""
    if step.verb is Verb.MEET and is_question(occasion):
        return replace(
            step,
            verb=Verb.ASK,
            subject=EXCHANGE,
            after="",
            remind_after=REMIND_AFTER,
            closes_after=ANSWER_WITHIN,
        )
    if step.verb is Verb.MEET and is_card(occasion):
        return replace(step, verb=Verb.WRITE, subject=CARD, after="")
    return step


def stage(occasion: str) -> str:
    """What a delivery of an exchange adds to the title of its step; "" for all others."""
    if is_question(occasion):
        return ", in writing: the questions"
    return ", in writing: the answers" if is_card(occasion) else ""


def part_named(parts: Sequence[Part], person_id: str) -> Part | None:
    """The part of somebody, or None."""
    return next((one for one in parts if one.person_id == person_id), None)


def others(parts: Sequence[Part], person_id: str) -> list[Part]:
    """Everybody in an exchange but this person."""
    return [one for one in parts if one.person_id != person_id]


def question_occasion(exchange: Meeting, person_id: str) -> str:
    """The occasion of the questions to somebody; it names the others: with other people it is another one."""
    return f"{exchange.occasion}{QUESTIONS}{_names(exchange, person_id)}"


def card_occasion(exchange: Meeting, person_id: str) -> str:
    """The occasion of the card for somebody."""
    return f"{exchange.occasion}{READING}{_names(exchange, person_id)}"


def _names(exchange: Meeting, person_id: str) -> str:
    return "+".join(one for one in exchange.people if one != person_id)


def both_wrote(exchange: Meeting, asked: Iterable[tuple[Ask, Answer | None]]) -> datetime | None:
    """When (UTC) the newcomer and another had both written to each other; None while they have not.

    `asked` are the forms about the newcomer, whatever they ask, each with its newest answer.
    """
    wrote = {
        ask.person_id: answer.answered_at
        for ask, answer in asked
        if answer is not None and ask.id.endswith(f"/{question_occasion(exchange, ask.person_id)}")
        if (ask.hire_id, ask.step) == (exchange.hire_id, exchange.step)
    }
    own = wrote.pop(exchange.hire_id, None)
    return max(own, min(wrote.values())) if own and wrote else None


def deadline(parts: Sequence[Part]) -> datetime:
    """When whatever was written goes out (UTC): everybody's form has closed."""
    return max(one.closes_at for one in parts)


def open_longer(parts: Sequence[Part], person: Part) -> datetime | None:
    """Until when (UTC) the form of somebody silent is opened again; None when nobody waits for their words.

    Whoever wrote alone got nothing for it yet. Where two wrote already, everybody has their card, and words that
    came later would reach nobody.
    """
    alone = sum(one.answered_at is not None for one in parts) == 1
    return person.calendar.add(deadline(parts), LONGER) if alone and person.answered_at is None else None


def card_due(parts: Sequence[Part], reader: Part) -> datetime:
    """When somebody gets the words of the others (UTC, inside their hours), if there are any.

    As soon as everybody has written, else when the forms close. Somebody who wrote alone waits for the others as
    long as their forms are open.
    """
    rest = others(parts, reader.person_id)
    said = sorted(one.answered_at for one in rest if one.answered_at is not None)
    if reader.answered_at is not None and len(said) == len(rest):
        moment = max(*said, reader.answered_at)
    elif said:
        moment = max(deadline(parts), said[0])
    else:
        moment = max(open_longer(parts, one) or deadline(parts) for one in rest)
    return reader.calendar.next_working(moment)


def wishes(step: Step, exchange: Meeting, parts: Sequence[Part]) -> Iterator[Planned]:
    """The questions, the reminder and the card of everybody in an exchange; nobody writes to nobody."""
    for one in parts if len(parts) > 1 else ():
        question = _wish(step, exchange, one, Verb.ASK, question_occasion(exchange, one.person_id), one.opens_at)
        yield question
        reminds = one.calendar.next_working(one.calendar.add(one.opens_at, REMIND_AFTER))
        yield _wish(step, exchange, one, Verb.ASK, question.occasion + REMINDER, reminds)
        card = card_occasion(exchange, one.person_id)
        yield _wish(step, exchange, one, Verb.WRITE, card, card_due(parts, one))


def _wish(step: Step, exchange: Meeting, part: Part, verb: Verb, occasion: str, due: datetime) -> Planned:
    return Planned(
        hire_id=exchange.hire_id,
        step=step.key,
        verb=verb,
        role=part.role,
        person_id=part.person_id,
        occasion=occasion,
        due_at=due,
        grace_until=part.calendar.add(due, step.grace),
    )
