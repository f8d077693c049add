"""How does the ledger follow the facts? After any change of facts, the hire is planned again.

Planning is idempotent: the same facts change nothing. So every use case ends with `replan` and needs no
special way to move, add or end deliveries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from onboarding.domain.amend import Changes, amend
from onboarding.domain.delivery import GONE, UNSENT, Delivery, State, Why
from onboarding.domain.errors import IllegalMove
from onboarding.domain.facts import Facts
from onboarding.domain.journey import MORE, UPDATE, Verb, occasion_of
from onboarding.domain.lists import handled
from onboarding.domain.meetings import TOLD, Pairing
from onboarding.domain.people import Hire, HireState, Role
from onboarding.domain.plan import plan
from onboarding.ports import Books
from onboarding.services import escalating, exchanges
from onboarding.services import meetings as meetings_service
from onboarding.services.casting import JOURNEY_LENGTH, LIVE
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine
from onboarding.services.round_mending import mend
from onboarding.services.silence import open_until
from onboarding.services.situations import knowing, situation
from onboarding.services.todos import todos

AT_ONCE = 500
"""People who are looked for in one query."""


def replan(
    engine: Engine, books: Books, directory: Directory, hire: Hire, *, now: datetime, because: str
) -> Changes:
    """Bring the ledger in line with the facts; returns what changed."""
    books.pairings.hold()
    ledger = books.deliveries.of_hire(hire.id)
    seen = situation(engine, books, directory, hire, now, choose=True)
    invited = invited_people(ledger)
    seen = replace(seen, cast=knowing(seen.cast, directory, [person_id for _, _, person_id, _ in invited]))
    asks, answers = books.asks.of_hire(hire.id), books.asks.answers_of_hire(hire.id)
    seen = exchanges.keep_true(books, seen, ledger, now)
    seen = replace(seen, meetings=meetings_service.keep_true(books, seen, invited, now))
    met = exchanges.follow(engine.company, books, seen, now)
    facts = Facts(
        hire=hire,
        person=seen.person,
        cast=seen.cast,
        meetings=met,
        opened={(ask.step, ask.person_id, ask.occasion): ask.opened_at for ask in asks},
        answered={
            (ask.step, ask.person_id, ask.occasion): answers[ask.id].answered_at
            for ask in asks
            if ask.id in answers
        },
        asked={ask.id: ask.opened_at for ask in asks},
        closes=open_until(books, replace(seen, meetings=met), now),
        invited=invited,
        told=last_told(ledger),
        since=in_place_since(books.pairings.of_hire(hire.id)),
        introduced=introduced(ledger),
        offices=seen.offices,
        written=exchanges.written(books, hire.id),
        todos=todos(books, seen),
        handled=handled(ledger),
        untaken=escalating.untaken(engine, books, directory, seen, asks),
        more={one.key.removesuffix(MORE): one.due_at for one in ledger if _is_more(one)},
        human=seen.human,
    )
    wishes = plan(seen.journey, facts)
    changes = amend(wishes, ledger, now=now, calendar_of=facts.calendar_of_wish, because=because)
    _apply(books, changes, hire, now)
    return changes


def _is_more(one: Delivery) -> bool:
    """Whether it tells of a changed answer, and has not left: it stays in the plan until it has."""
    return one.occasion.endswith(MORE) and one.state in UNSENT


def invited_people(ledger: Sequence[Delivery]) -> frozenset[tuple[str, str, str, str]]:
    """Who was sent an invitation: (step, occasion, person, role)."""
    return frozenset(
        (one.step, one.occasion.split(UPDATE)[0], one.person_id, one.role)
        for one in ledger
        if one.verb == Verb.MEET and one.state in GONE
    )


def last_told(ledger: Sequence[Delivery]) -> dict[tuple[str, str, str, str], tuple[int, datetime]]:
    """The newest SEQUENCE that was sent to each who was invited, 0 for the invitation itself, and when it left."""
    told: dict[tuple[str, str, str, str], tuple[int, datetime]] = {}
    for one in ledger:
        if one.verb == Verb.MEET and one.state in GONE and one.settled_at is not None:
            occasion, _, sequence = one.occasion.partition(UPDATE)
            key = (one.step, occasion, one.person_id, one.role)
            told[key] = max(told.get(key, (0, one.settled_at)), (int(sequence or 0), one.settled_at))
    return told


def in_place_since(pairings: Sequence[Pairing]) -> dict[tuple[str, str], datetime]:
    """Since when somebody has the place of another who was told, by (role, occasion)."""
    former = {(one.role, one.occasion) for one in pairings if one.state in TOLD}
    since: dict[tuple[str, str], datetime] = {}
    for one in pairings:
        place = (one.role, one.occasion)
        if one.state in LIVE and place in former:
            since[place] = max(since.get(place, one.made_at), one.made_at)
    return since


def introduced(ledger: Sequence[Delivery]) -> dict[tuple[str, str], datetime]:
    """When the hire last got each message, by (step, occasion)."""
    found: dict[tuple[str, str], datetime] = {}
    for one in ledger:
        if one.verb == Verb.WRITE and one.role == Role.HIRE and one.state in GONE:
            key = (one.step, occasion_of(one.occasion))
            at = one.settled_at or one.due_at
            found[key] = max(found.get(key, at), at)
    return found


def _apply(books: Books, changes: Changes, hire: Hire, now: datetime) -> None:
    """Write the changes; what a worker has claimed since the ledger was read leaves as it stood."""
    ended = Why.LEFT if hire.state is HireState.WITHDRAWN else Why.PLAN
    ledger = books.deliveries
    if changes.insert:
        ledger.plan(changes.insert, now)
    for wish, reason in changes.reschedule:
        with suppress(IllegalMove):
            ledger.reschedule(wish.key, due_at=wish.due_at, grace_until=wish.grace_until, reason=reason, now=now)
    for wish, reason in changes.revive:
        with suppress(IllegalMove):
            ledger.revive(wish, now, reason)
    for delivery, why, reason in changes.skip:
        ledger.move(delivery.key, State.SKIPPED, now=now, why=why, reason=reason, expect=delivery.state)
    for delivery, _, reason in changes.withdraw:
        ledger.move(delivery.key, State.WITHDRAWN, now=now, why=ended, reason=reason, expect=delivery.state)


def replan_touched(
    engine: Engine,
    books: Books,
    directory: Directory,
    people: set[str],
    now: datetime,
    *,
    among: Collection[str] | None = None,
) -> list[str]:
    """Plan again every hire, or each `among` these, for whom one of these people has a role or meets somebody.

    Coffees of theirs that do not suit any more move, or are called off. Returns the hires that changed.
    """
    mend(engine, books, directory, people, now)
    meet = _meeting_ahead(books, people, now)
    changed: list[str] = []
    for hire in books.hires.find():
        if hire.state is not HireState.ACTIVE or (among is not None and hire.id not in among):
            continue
        person = directory.get(hire.id)
        involved = {one.person_id for one in books.pairings.of_hire(hire.id)} | {hire.id}
        manager = directory.manager_of(person) if person else None
        involved |= {manager.id} if manager else set()
        if (involved & people or hire.id in meet) and not replan(
            engine, books, directory, hire, now=now, because="the directory changed"
        ).empty:
            changed.append(hire.id)
    return changed


def _meeting_ahead(books: Books, people: Collection[str], now: datetime) -> set[str]:
    """The hires about whom one of these people has a meeting ahead, whatever role they have."""
    listed = sorted(people)
    portions = (listed[first : first + AT_ONCE] for first in range(0, len(listed), AT_ONCE))
    found = (books.meetings.of_people(some, now, now + JOURNEY_LENGTH) for some in portions)
    return {one.hire_id for meetings in found for one in meetings}
