"""What becomes of a role when the person who was asked does not answer, or says no?

The next best is asked, as long as that is still kind: before the newcomer was introduced, within the grace of the
question, and when there is somebody else. Otherwise the person keeps the role, and a human is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from onboarding.domain import conditions
from onboarding.domain.delivery import GONE, UNSENT, State, Why
from onboarding.domain.forms import Ask, Value
from onboarding.domain.journey import SILENCE, Step, Verb
from onboarding.domain.meetings import TOLD, Pairing, PairingState
from onboarding.domain.people import Hire
from onboarding.ports import Books
from onboarding.services.case import Case, Decision, Lost, Skip, Wait
from onboarding.services.casting import LIVE
from onboarding.services.filling import somebody_else
from onboarding.services.planning import replan
from onboarding.services.situations import Situation


def decide(case: Case) -> Decision:
    """Give the role to the next best, now that the question has closed without an answer."""
    ask = case.books.asks.get(case.delivery.key.removesuffix(SILENCE))
    if ask is None or not left_or_will(case, ask):
        return Skip(why=Why.ANSWERED, reason="not needed: the question itself was not sent")
    if case.books.asks.answer_to(ask.id) is not None:
        return Skip(why=Why.ANSWERED, reason="not needed: already answered")
    if case.now < ask.closes_at:
        return Wait(
            until=ask.closes_at, grace_until=case.delivery.grace_until, reason="the question is still open"
        )
    pairing = _pairing(case)
    if pairing is None:
        return Skip(why=Why.PLAN, reason="nobody chose them, so nobody is chosen instead")
    if (stays := _why_they_stay(case, ask)) != "":
        return Skip(why=Why.SILENT, reason=f"{ask.person_id} did not answer and keeps the role: {stays}")
    case.books.pairings.put(replace(pairing, state=PairingState.SILENT, made_at=case.now))
    told = f"{ask.person_id} did not answer: the next best is asked"
    case.books.deliveries.settle(case.delivery.key, State.DONE, now=case.now, reason=told)
    replan(case.engine, case.books, case.directory, case.seen.hire, now=case.now, because="nobody answered")
    return Lost()  # it is settled: the plan has no place any more for whoever gave way


def left_or_will(case: Case, ask: Ask) -> bool:
    """Whether the question itself reached the mail service, or is still tried."""
    question = case.books.deliveries.get(ask.id)
    return question is not None and question.state in GONE | UNSENT


def _pairing(case: Case) -> Pairing | None:
    wanted = (case.delivery.role, case.delivery.person_id)
    for one in case.books.pairings.of_hire(case.seen.hire.id):
        if (one.role, one.person_id) == wanted and one.occasion == case.occasion and one.state in LIVE:
            return one
    return None


def _why_they_stay(case: Case, ask: Ask) -> str:
    """Why nobody else is asked; "" when somebody is."""
    if _introduced(case):
        return "the newcomer knows them already"
    question = case.books.deliveries.get(ask.id)
    if question is None or case.now > question.grace_until:
        return "it is too late to ask somebody else"
    return somebody_else(case.filling(), case.delivery.role, case.occasion)


def _introduced(case: Case) -> bool:
    """Whether they were written to about more than the question: introduced, or invited to meet."""
    place = (case.delivery.role, case.delivery.person_id)
    return any(
        (one.role, one.person_id) == place and one.verb in (Verb.WRITE, Verb.MEET) and one.state in GONE
        for one in case.books.deliveries.of_hire(case.seen.hire.id)
    )


def gave_way(books: Books, seen: Situation, ask: Ask) -> bool:
    """Whether a question for a yes is over, since somebody else was asked: a yes would be heard by nobody."""
    step = seen.journey.step(ask.step)
    if step is None or not step.declines_when or ask.person_id in seen.cast.ids(ask.role, ask.occasion):
        return False
    place = (ask.role, ask.occasion, ask.person_id)
    return any(
        (one.role, one.occasion, one.person_id) == place and one.state in TOLD
        for one in books.pairings.of_hire(ask.hire_id)
    )


def decline(books: Books, hire: Hire, ask: Ask, step: Step, values: Mapping[str, Value], now: datetime) -> None:
    """Somebody who says no to a role is replaced by the next best; planning again does the rest."""
    if not step.declines_when or not conditions.holds_text(step.declines_when, {"answer": dict(values)}):
        return
    for pairing in books.pairings.of_hire(hire.id):
        mine = (pairing.role, pairing.person_id) == (ask.role, ask.person_id)
        if mine and pairing.state in LIVE:
            books.pairings.put(replace(pairing, state=PairingState.DECLINED, made_at=now))
