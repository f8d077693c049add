"""What must change in the ledger so that it holds the plan?

`amend` compares wishes with what the ledger holds; it is told the moment, and knows no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import UNSENT, Delivery, Planned, State, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What must change in the ledger so that it holds the plan; reasons are sentences for people."""

    insert: tuple[Planned, ...] = ()
    reschedule: tuple[tuple[Planned, str], ...] = ()
    revive: tuple[tuple[Planned, str], ...] = ()
    skip: tuple[tuple[Delivery, Why, str], ...] = ()
    withdraw: tuple[tuple[Delivery, Why, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the ledger holds the plan already."""
        return not (self.insert or self.reschedule or self.revive or self.skip or self.withdraw)


CalendarOf = Callable[[Planned], Calendar]
"""The calendar of whoever gets a wish."""


def amend(
    wishes: Sequence[Planned], ledger: Sequence[Delivery], *, now: datetime, calendar_of: CalendarOf, because: str
) -> Changes:
    """Compare wishes with the ledger.

    What was sent stays sent; unsent deliveries move; new ones come in; what is no longer wished ends with
    `because`. A new delivery whose moment has passed is sent at the recipient's next working moment while
    that is within its grace, else skipped as too late.
    """
    known = {delivery.key: delivery for delivery in ledger}
    wished = {wish.key for wish in wishes}
    insert: list[Planned] = []
    reschedule: list[tuple[Planned, str]] = []
    revive: list[tuple[Planned, str]] = []
    skip: list[tuple[Delivery, Why, str]] = []
    for wish in wishes:
        there = known.get(wish.key)
        target = kind_moment(wish, now, calendar_of)
        if there is None:
            insert.append(target)
        elif there.state is State.PLANNED:
            if wish.why and not (there.pinned and wish.why is Why.CONDITION):
                skip.append((there, wish.why, wish.reason))
            elif _should_move(there, wish, target, now):
                if target.why:
                    skip.append((there, target.why, target.reason))
                else:
                    reschedule.append((target, because))
        elif _should_revive(there, wish, target, now):
            revive.append((target, because))
        elif wish.why is Why.NOBODY and there.state is State.WITHDRAWN:
            skip.append((there, wish.why, wish.reason))  # somebody had the role for a while
    return Changes(
        insert=tuple(insert),
        reschedule=tuple(reschedule),
        revive=tuple(revive),
        skip=tuple(skip),
        withdraw=tuple(_ended(ledger, wished, because)),
    )


def kind_moment(wish: Planned, now: datetime, calendar_of: CalendarOf) -> Planned:
    """The wish at a moment that is still to come: its own, the next working moment within its grace, or never."""
    if wish.why or wish.due_at >= now:
        return wish
    late = calendar_of(wish).next_working(now)
    if late > wish.grace_until:
        was = wish.due_at.date().isoformat()
        return replace(wish, why=Why.TOO_LATE, reason=f"too late: it was due on {was}")
    return replace(wish, due_at=late)


def _should_move(there: Delivery, wish: Planned, target: Planned, now: datetime) -> bool:
    in_place = there.due_at in (wish.due_at, target.due_at) and there.grace_until == wish.grace_until
    if there.pinned or in_place:
        return False
    waits_for_retry = there.attempts > 0
    waits_in_queue = wish.due_at < now and there.due_at <= now
    return not (waits_for_retry or waits_in_queue)


_COMES_BACK = frozenset({Why.NOBODY, Why.CONDITION, Why.EXCHANGED, Why.PLAN, Why.LEFT, Why.NONE})
"""Skipped or withdrawn for these reasons, a delivery comes back as soon as it is wished and still kind."""


def _should_revive(there: Delivery, wish: Planned, target: Planned, now: datetime) -> bool:
    looked = there.state is State.DONE and there.why is Why.NOTHING_TO_TELL
    if looked and not target.why:
        return wish.due_at > max(now, there.due_at)  # what it watches comes later now: it looks again
    if there.state not in (State.SKIPPED, State.WITHDRAWN) or there.why is Why.BY_HAND or target.why:
        return False
    if there.why is Why.TOO_LATE:  # its moment is to come again, or its grace is longer now
        return wish.due_at > now or wish.grace_until > there.grace_until
    return there.why in _COMES_BACK or wish.due_at > max(now, there.due_at)


def _ended(ledger: Sequence[Delivery], wished: set[str], because: str) -> Iterator[tuple[Delivery, Why, str]]:
    for delivery in ledger:
        if delivery.key in wished:
            continue
        if delivery.state in UNSENT or (delivery.state is State.SKIPPED and delivery.why is Why.NOBODY):
            yield delivery, Why.PLAN, because
