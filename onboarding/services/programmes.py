"""Which meetings should newcomers have had lately, kind by kind?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from onboarding.domain.delivery import UNSENT, Delivery, State, Why
from onboarding.domain.errors import BadWords
from onboarding.domain.journey import UPDATE, Journey, Verb
from onboarding.domain.people import Hire, HireState
from onboarding.domain.quiet import Programme, since
from onboarding.ports import Books
from onboarding.services.casting import JOURNEY_LENGTH
from onboarding.services.engine import Engine

FOREVER = datetime.min.replace(tzinfo=UTC)

NOT_MISSED = frozenset({Why.CONDITION, Why.EXCHANGED, Why.BY_HAND, Why.OPTED_OUT, Why.LEFT, Why.PLAN})
"""Skipped for these reasons, a meeting was not meant to be."""


def programmes(engine: Engine, books: Books, now: datetime) -> Iterator[Programme]:
    """A programme for each kind of meeting of the journeys that somebody is on; what lives is left out.

    A meeting was due when an invitation to it was: the ledger says so, and why it did not leave. What still waits
    within its grace, what was due before we knew the newcomer, and newcomers who have left do not count.
    """
    start = since(now)
    first_day_from = start.date() - JOURNEY_LENGTH
    hires = books.hires.find(first_day_from=first_day_from)
    active = {hire.id: hire for hire in hires if hire.state is HireState.ACTIVE}
    newest = books.meetings.newest() if active else {}
    titles = {step: title for step, title in _titles(engine, active).items() if newest.get(step, FOREVER) < start}
    due = books.deliveries.meetings_due(start, now, first_day_from) if titles else []
    missed: dict[str, dict[tuple[str, str], Delivery]] = defaultdict(dict)
    for row in due:
        hire = active.get(row.hire_id)
        if hire is not None and row.step in titles and _counts(row, hire, now):
            missed[row.step].setdefault((row.hire_id, row.occasion), row)
    gone = _gone(books, {row.hire_id for rows in missed.values() for row in rows.values()})
    for step, rows in missed.items():
        theirs = [row for row in rows.values() if row.hire_id not in gone]
        yield Programme(
            name=step,
            title=titles[step],
            due=[row.due_at for row in theirs],
            newest=newest.get(step),
            why=_commonest([row for row in theirs if row.state is State.SKIPPED]),
        )


def _commonest(skipped: Sequence[Delivery]) -> str:
    """The commonest reason in words; those that name a day are said without it."""
    said = Counter("they came too late" if row.why is Why.TOO_LATE else row.reason for row in skipped)
    return max(sorted(said), key=lambda one: said[one], default="")


def _titles(engine: Engine, active: Mapping[str, Hire]) -> dict[str, str]:
    """The meet steps of the journeys that somebody is on; a journey that cannot be read is told elsewhere."""
    found: list[Journey] = []
    for name in sorted({hire.journey for hire in active.values()}):
        with suppress(BadWords):
            found.append(engine.words.journey(name))
    return {step.key: step.title for one in reversed(found) for step in one.steps if step.verb is Verb.MEET}


def _counts(row: Delivery, hire: Hire, now: datetime) -> bool:
    may_come = row.state in UNSENT and now <= row.grace_until
    meant = row.state is not State.WITHDRAWN and row.why not in NOT_MISSED and UPDATE not in row.occasion
    return meant and not may_come and row.due_at >= hire.enrolled_at


def _gone(books: Books, hire_ids: set[str]) -> set[str]:
    """Those of the hires whose person has left."""
    people = {one.id: one for one in books.people.all()} if hire_ids else {}
    return {one for one in hire_ids if one not in people or not people[one].active}
