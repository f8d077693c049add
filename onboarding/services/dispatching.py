"""What is due, and what becomes of it?

Each delivery: claimed, decided and rendered, `sending` committed, sent, settled. Before the mail service is asked
nothing has left; after it was asked the outcome is recorded, and what is not sure is `unknown`, never repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from onboarding.domain.coffee import day_of
from onboarding.domain.delivery import Delivery, State, Why
from onboarding.domain.errors import BadAddress, BadWords, IllegalMove, Unavailable
from onboarding.domain.journey import UPDATE, Verb
from onboarding.domain.mail import Letter, Outcome, OutcomeKind
from onboarding.ports import Books
from onboarding.services import digest, free_busy, round_letters
from onboarding.services.admission import case_of, refused
from onboarding.services.case import Case, Decision, Done, Mail, Skip, Wait
from onboarding.services.engine import Engine
from onboarding.services.letters import letter_of
from onboarding.services.planning import replan
from onboarding.services.rounds import Prepared
from onboarding.services.verbs import ask, match, meet, watch, write
from onboarding.services.waking import set_alarms

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""A worker that holds a delivery for longer has died."""

BACKOFF = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
"""Waits after refusals that can heal; the last repeats until the grace is over."""

MOST_ATTEMPTS = 12

MATCHING = timedelta(minutes=1)
AT_IT = "waits while people are matched anew, or somebody takes something back"
"""Nobody is told of a match that is just being weighed again, nor of what is just being taken back."""

VERBS: dict[str, Callable[[Case], Decision]] = {
    Verb.MATCH: match.decide,
    Verb.ASK: ask.decide,
    Verb.WRITE: write.decide,
    Verb.MEET: meet.decide,
    Verb.WATCH: watch.decide,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Deliveries of one step and role that one claim holds."""

    step: str
    role: str
    keys: tuple[str, ...]
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one delivery; `why` is the kind of reason. No personal data but ids."""

    number: int
    hire_id: str
    step: str
    role: str
    state: State
    why: Why
    reason: str


def run_due(engine: Engine, now: datetime, *, limit: int = 500) -> list[Result]:
    """Do everything that is due at `now`, and set the next alarms."""
    recover(engine, now)
    results: list[Result] = []
    while batches := claim_batches(engine, now, limit=limit):
        for batch in batches:
            results.extend(perform(engine, batch, now))
    set_alarms(engine, now)
    return results


def recover(engine: Engine, now: datetime) -> int:
    """Free what a dead worker claimed; what it was sending is `unknown`. Returns how many."""
    with engine.store.begin() as books:
        stale = books.deliveries.stale(now - LEASE)
        for delivery in stale:
            if delivery.state is State.SENDING:
                reason = "the worker ended while it was sending: it may or may not have left"
                books.deliveries.settle(delivery.key, State.UNKNOWN, now=now, why=Why.CRASHED, reason=reason)
            else:
                books.deliveries.move(
                    delivery.key, State.PLANNED, now=now, reason="its worker ended", expect=State.CLAIMED
                )
    for delivery in stale:
        log.warning("delivery.recovered", extra={"number": delivery.number, "was": delivery.state})
    return len(stale)


def claim_batches(engine: Engine, now: datetime, *, limit: int = 500) -> list[Batch]:
    """Claim what is due, grouped by step and role in the order in which it fell due; empty when nothing is."""
    claim = uuid4().hex
    with engine.store.read() as books:
        if not books.deliveries.due(now, 1):
            return []
    with engine.store.begin() as books:
        claimed = books.deliveries.claim(now, claim=claim, limit=limit)
    groups = groupby(claimed, key=lambda one: (one.step, one.role))
    return [
        Batch(step=step, role=role, keys=tuple(one.key for one in group), claim=claim)
        for (step, role), group in groups
    ]


def perform(engine: Engine, batch: Batch, now: datetime) -> list[Result]:
    """Decide, render, send and record each delivery of a batch; one that fails does not stop the others.

    Calendars are read first, outside of any transaction.
    """
    _read_calendars(engine, batch, now)
    for key in batch.keys:
        _perform_one(engine, key, batch.claim, now)
    with engine.store.read() as books:
        return [_result(one) for key in batch.keys if (one := books.deliveries.get(key)) is not None]


def _read_calendars(engine: Engine, batch: Batch, now: datetime) -> None:
    """Whatever happens to calendars, what is due is sent: without them the working hours count alone."""
    try:
        free_busy.read_for(engine, batch.keys, now)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 -- as above; no trace, which could show what a calendar holds
        log.error("calendars.not_read", extra={"error": type(error).__name__})  # noqa: TRY400 -- as above


def _perform_one(engine: Engine, key: str, claim: str, now: datetime) -> None:
    try:
        letter = _prepare(engine, key, claim, now)
    except (BadWords, BadAddress) as error:
        why = Why.WORDS if isinstance(error, BadWords) else Why.NO_ADDRESS
        _settle(engine, key, State.FAILED, now, why=why, reason=str(error))
    except Unavailable:
        raise
    except Exception as error:  # one delivery that cannot be prepared must not stop the others
        log.exception("delivery.not_prepared")
        reason = f"an unexpected error while preparing it: {type(error).__name__}"
        _settle(engine, key, State.FAILED, now, why=Why.CRASHED, reason=reason)
    else:
        if letter is not None:
            outcome = engine.mailer.send(letter)
            try:
                _record(engine, key, outcome, now)
            except IllegalMove:  # the lease ended during the sending, and somebody settled it: that stands
                log.warning("delivery.settled_by_others", extra={"number": letter.number, "outcome": outcome.kind})


def _prepare(engine: Engine, key: str, claim: str, now: datetime) -> Letter | None:
    """Decide inside one transaction; when a mail is to leave, `sending` is committed with it."""
    ready = round_letters.ahead(engine, key, now)
    with engine.store.begin() as books:
        delivery = books.deliveries.get(key)
        if delivery is None or delivery.state is not State.CLAIMED or delivery.claim != claim:
            return None
        if delivery.hire_id != digest.COMPANY and not books.pairings.hold(wait=False):
            return _act(books, None, delivery, Wait(until=now + MATCHING, reason=AT_IT), claim, now)
        if delivery.hire_id == digest.COMPANY or day_of(delivery.hire_id) is not None:
            told = _of_no_journey(engine, books, delivery, ready, now)
            if not isinstance(told, Letter):
                return _act(books, None, delivery, told, claim, now)
            return told if books.deliveries.start_sending(key, claim=claim, now=now) else None
        case = case_of(engine, books, delivery, now)
        if isinstance(case, Case):
            decision = refused(case) or VERBS[case.step.verb](case)
            arranged = isinstance(decision, Mail) and UPDATE not in delivery.occasion
            if case.step.verb is Verb.MEET and arranged:
                replan(engine, books, case.directory, case.seen.hire, now=now, because="the meeting was arranged")
        else:
            decision = case
        return _act(books, case, delivery, decision, claim, now)


def _of_no_journey(
    engine: Engine, books: Books, delivery: Delivery, ready: Prepared | None, now: datetime
) -> Letter | Skip | Done | Wait:
    """What belongs to no hire: HR's digest, and the coffee rounds."""
    if delivery.hire_id == digest.COMPANY:
        return digest.decide(engine, books, delivery, now)
    return round_letters.decide(engine, books, delivery, now, ready)


def _act(
    books: Books,
    case: Case | Skip | Wait | None,
    delivery: Delivery,
    decision: Decision,
    claim: str,
    now: datetime,
) -> Letter | None:
    """Record a decision; the letter when one is to leave and the claim still holds."""
    ledger, key = books.deliveries, delivery.key
    if isinstance(decision, Skip):
        ledger.settle(key, State.SKIPPED, now=now, why=decision.why, reason=decision.reason)
    elif isinstance(decision, Done):
        ledger.settle(key, State.DONE, now=now, why=decision.why, reason=decision.reason)
    elif isinstance(decision, Wait):
        grace, reason = decision.grace_until or delivery.grace_until, decision.reason
        ledger.move(key, State.PLANNED, now=now, reason=reason, expect=State.CLAIMED)
        ledger.reschedule(key, due_at=decision.until, grace_until=grace, reason=reason, now=now)
    elif isinstance(decision, Mail) and isinstance(case, Case):
        letter = letter_of(case, decision)
        return letter if ledger.start_sending(key, claim=claim, now=now) else None
    return None


def _record(engine: Engine, key: str, outcome: Outcome, now: datetime) -> None:
    if outcome.kind is OutcomeKind.SENT:
        _settle(engine, key, State.SENT, now, reason=outcome.reason, provider_id=outcome.provider_id)
    elif outcome.kind is OutcomeKind.UNKNOWN:
        _settle(engine, key, State.UNKNOWN, now, why=Why.CRASHED, reason=outcome.reason)
    elif outcome.kind is OutcomeKind.REFUSED:
        _settle(engine, key, State.FAILED, now, why=Why.REFUSED, reason=outcome.reason)
    else:
        _retry(engine, key, outcome, now)


def _retry(engine: Engine, key: str, outcome: Outcome, now: datetime) -> None:
    """A refusal that can heal waits in the ledger, longer each time, until its grace is over."""
    with engine.store.begin() as books:
        delivery = books.deliveries.get(key)
        if delivery is None:
            return
        again = now + BACKOFF[min(delivery.attempts, len(BACKOFF) - 1)]
        if outcome.retry_at is not None:
            again = max(again, outcome.retry_at)
        late = again > delivery.grace_until and not delivery.pinned
        if delivery.state is not State.SENDING:
            reason = f"refused when its worker had been given up: {outcome.reason}"
            books.deliveries.settle(key, State.FAILED, now=now, why=Why.REFUSED, reason=reason)
        elif late or delivery.attempts + 1 >= MOST_ATTEMPTS:
            reason = f"refused until it was too late: {outcome.reason}"
            books.deliveries.settle(key, State.FAILED, now=now, why=Why.REFUSED, reason=reason)
        else:
            books.deliveries.retry(key, due_at=again, now=now, reason=f"refused for now: {outcome.reason}")


def _settle(
    engine: Engine,
    key: str,
    state: State,
    now: datetime,
    *,
    why: Why = Why.NONE,
    reason: str = "",
    provider_id: str = "",
) -> None:
    with engine.store.begin() as books:
        books.deliveries.settle(key, state, now=now, why=why, reason=reason, provider_id=provider_id)


def _result(delivery: Delivery) -> Result:
    log.info("delivery.settled", extra={"number": delivery.number, "state": delivery.state})
    return Result(
        number=delivery.number,
        hire_id=delivery.hire_id,
        step=delivery.step,
        role=delivery.role,
        state=delivery.state,
        why=delivery.why,
        reason=delivery.reason,
    )
