"""Does somebody take care of what a human was told? If nobody says so in time, somebody else is told, once.

A `watch` with `escalate_after` opens a question to its reader, the form `take_care`, whose link is in its mail.
The second mail is a delivery of the same step with the occasion `once.escalated`: it is in the plan as long as
nobody takes care, and a row of the ledger can leave but once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from onboarding.domain.delivery import GONE, Delivery, State, Why
from onboarding.domain.forms import Answer, Ask
from onboarding.domain.held import NO, YES
from onboarding.domain.journey import ESCALATED, MORE, NOT_TAKEN, TAKE_CARE, Span, Unit
from onboarding.domain.people import Role
from onboarding.domain.wording import moment_in_words
from onboarding.ports import Books
from onboarding.services import named_humans
from onboarding.services.case import Case, Decision, Mail, Skip, Wait
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.situations import Situation
from onboarding.services.taking_care import TAKEN, Told, care_of, in_link

OPEN_FOR = Span(count=60, unit=Unit.DAYS)
"""How long somebody can still say that they take care: the review names it until then."""

NOBODY_ELSE = "; nobody else is set to be told (ONBOARDING_ESCALATION_EMAIL, or second in people_team.toml)"
"""What the review adds where the second human has the address of the first."""

TAKEN_CARE_OF = "not needed: somebody takes care of it"


class Stand(StrEnum):
    """Where an alert stands."""

    WAITS = "waits"  # its mail has not left
    TOLD = "told"  # a human was told
    REFUSED = "refused"  # whoever was told cannot take care of it
    ESCALATED = "escalated"  # nobody took care in time: somebody else was told
    TAKEN = "taken"  # somebody takes care of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A human was told that somebody needs them; moments are UTC. `taken_by` is a name as it was given, or "".

    `key` is that of the delivery, `number` its number.
    """

    key: str
    number: int
    hire_id: str
    step: str
    told_at: datetime
    stand: Stand
    taken_by: str = ""
    taken_at: datetime | None = None
    escalated_at: datetime | None = None


def open_question(case: Case) -> str:
    """Ask the reader of a mail that is about to leave whether they take care; the address of the form.

    Of an answer that changed since they were told they have been asked.
    """
    if case.step.escalate_after is None or case.delivery.role != Role.HR:
        return ""
    if case.delivery.occasion.endswith(MORE):
        asked = case.books.asks.get(case.delivery.key.removesuffix(MORE))
        return _take_url(case, asked, Told.FIRST) if asked else ""
    ask = case.asking(TAKE_CARE, case.calendar.add(case.now, OPEN_FOR))
    case.books.asks.open(ask)
    _plan_escalation(case, ask)
    return _take_url(case, ask, Told.FIRST)


def _take_url(case: Case, ask: Ask, told: Told) -> str:
    """The form with the yes chosen; it still has to be sent. Each of the two humans has a link of their own."""
    return f"{case.engine.links.ask(in_link(ask.id, told), ask.closes_at)}?{TAKEN}={YES}"


def _plan_escalation(case: Case, ask: Ask) -> None:
    due = _due(case.engine, case.directory, case.seen, case.step.escalate_after, ask, None)
    key = ask.id + ESCALATED
    there = case.books.deliveries.get(key)
    grace = case.calendar.add(due, case.step.grace)
    if there is None:
        wish = replace(case.delivery, occasion=case.delivery.occasion + ESCALATED, due_at=due, grace_until=grace)
        case.books.deliveries.plan([wish], case.now)
    elif there.state is State.PLANNED and due > there.due_at and not there.pinned:
        case.books.deliveries.reschedule(
            key, due_at=due, grace_until=grace, reason="the mail left late", now=case.now
        )


def untaken(
    engine: Engine, books: Books, directory: Directory, seen: Situation, asks: Sequence[Ask]
) -> Mapping[str, datetime]:
    """When somebody else is told of each alert of a hire that nobody takes care of, by the key of its delivery."""
    alerts = [ask for ask in asks if ask.form == TAKE_CARE]
    answers = books.asks.answers_of_hire(seen.hire.id) if alerts else {}
    found: dict[str, datetime] = {}
    for ask in alerts:
        step, said = seen.journey.step(ask.step), answers.get(ask.id)
        if step is not None and step.escalate_after is not None and care_of(said) is None:
            found[ask.id] = _due(engine, directory, seen, step.escalate_after, ask, said)
    return found


def _due(
    engine: Engine, directory: Directory, seen: Situation, after: Span | None, ask: Ask, said: Answer | None
) -> datetime:
    """In the hours of the second human: at once after a no, else when the time of the first one is over."""
    calendar = seen.offices.calendar_of(named_humans.second(engine, directory, seen.person))
    if said is not None and said.values.get(TAKEN) == NO:
        return calendar.next_working(said.answered_at)
    theirs = seen.offices.calendar_of(seen.human)
    return calendar.next_working(theirs.add(theirs.next_working(ask.opened_at), after) if after else ask.opened_at)


def decide(case: Case) -> Decision:
    """Tell somebody else, unless somebody has said that they take care. Answers stay where they were told."""
    ask = case.books.asks.get(case.delivery.key.removesuffix(ESCALATED))
    if ask is None:
        return Skip(why=Why.ANSWERED, reason="not needed: nobody was told")
    said = case.books.asks.answer_to(ask.id)
    if care_of(said) is not None:
        return Skip(why=Why.ANSWERED, reason=TAKEN_CARE_OF)
    due = _due(case.engine, case.directory, case.seen, case.step.escalate_after, ask, said)
    if due > case.now and not case.delivery.pinned:
        return Wait(until=due, grace_until=case.calendar.add(due, case.step.grace), reason="it still has its time")
    language = case.engine.words.language_of(NOT_TAKEN, case.delivery.role, case.recipient.language)
    watched = case.seen.journey.step(case.step.watches)
    return Mail(
        message=NOT_TAKEN,
        role=case.delivery.role,
        language=language,
        fields={
            "watch": {
                "title": (watched or case.step).title_in(language),
                "person": case.seen.person.name,
                "answers": [],
                "take_url": _take_url(case, ask, Told.SECOND),
                "told": case.seen.human.name,
                "told_at": moment_in_words(ask.opened_at, case.recipient.time_zone, language),
                "refused": said is not None,
                "again": False,
                "somebody_else": named_humans.is_somebody_else(case.engine, case.directory, case.seen.person),
            }
        },
    )


def alerts_of(books: Books, hire_id: str) -> list[Alert]:
    """Everything that a human was told about a hire and can take care of, the oldest first."""
    answers = books.asks.answers_of_hire(hire_id)
    asks = [one for one in books.asks.of_hire(hire_id) if one.form == TAKE_CARE]
    found = (_alert(books, ask, answers.get(ask.id)) for ask in asks)
    return [one for one in found if one is not None]


def nobody_takes_care(books: Books, now: datetime) -> Iterator[Alert]:
    """The alerts about active hires that have left, and that nobody takes care of."""
    for ask, said in books.asks.of_cohort({TAKE_CARE}, None, None):
        if now < ask.closes_at and care_of(said) is None:
            alert = _alert(books, ask, said)
            if alert is not None and alert.stand is not Stand.WAITS:
                yield alert


def in_words(engine: Engine, directory: Directory, alert: Alert) -> str:
    """That nobody takes care, in one sentence for HR; it says so where nobody else can be told."""
    newcomer = directory.get(alert.hire_id)
    alone = newcomer is not None and not named_humans.is_somebody_else(engine, directory, newcomer)
    told = f"{alert.step} was told on {alert.told_at:%Y-%m-%d}"
    if alert.escalated_at is not None:
        told += f", and {'the same address' if alone else 'somebody else'} on {alert.escalated_at:%Y-%m-%d}"
    refused = alert.stand is Stand.REFUSED
    so = "whoever was told cannot take care of it" if refused else "nobody has said that they take care of it"
    return f"{told}: {so}{NOBODY_ELSE if alone else ''}"


def _alert(books: Books, ask: Ask, said: Answer | None) -> Alert | None:
    row = books.deliveries.get(ask.id)
    if row is None:
        return None
    second = books.deliveries.get(ask.id + ESCALATED)
    escalated_at = second.settled_at if second is not None and second.state in GONE else None
    alert = Alert(
        key=ask.id,
        number=row.number,
        hire_id=ask.hire_id,
        step=ask.step,
        told_at=ask.opened_at,
        stand=_stand(row, said, escalated_at),
        escalated_at=escalated_at,
    )
    care = care_of(said)
    return replace(alert, taken_by=care.name, taken_at=care.since) if care else alert


def _stand(row: Delivery, said: Answer | None, escalated_at: datetime | None) -> Stand:
    if care_of(said) is not None:
        return Stand.TAKEN
    if escalated_at is not None:
        return Stand.ESCALATED
    if said is not None:
        return Stand.REFUSED
    return Stand.TOLD if row.state in GONE else Stand.WAITS
