"""Is somebody asked the same thing twice on one day? Then the second time comes a working day later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from onboarding.domain.calendars import Calendar
from onboarding.domain.delivery import Planned
from onboarding.domain.exchange import is_question
from onboarding.domain.journey import EXCHANGE, REMINDER, SILENCE, Journey, Verb

Day = tuple[str, str, date]
"""A form, the person who gets it, and their local date."""

CalendarOf = Callable[[Planned], Calendar]


def form_of(journey: Journey, wish: Planned) -> str:
    """The form that a delivery puts, or reminds of; "" for all others."""
    if is_question(wish.occasion):
        return EXCHANGE
    step = journey.step(wish.step)
    puts = step is not None and step.verb is Verb.ASK and not wish.occasion.endswith(SILENCE)
    return step.subject if step is not None and puts else ""


def spread(
    journey: Journey, wishes: Sequence[Planned], asked: Mapping[str, datetime], calendar_of: CalendarOf
) -> list[Planned]:
    """The wishes of one hire, with no form twice on one day of the same person.

    `asked` says when questions were really sent, by key. What was sent stays; a question goes before a reminder;
    of two the later one gives way.
    """
    taken: set[Day] = set()
    moved: dict[str, Planned] = {}
    for form, wish in sorted(_questions(journey, wishes), key=lambda one: _order(one[1], asked)):
        calendar = calendar_of(wish)
        due = asked.get(wish.key, wish.due_at)
        while (day := (form, wish.person_id, calendar.day_of(due))) in taken and wish.key not in asked:
            due = calendar.at_work(calendar.working_day(day[2], 1), due.astimezone(calendar.zone).time())
        taken.add(day)
        if wish.key not in asked and due != wish.due_at:
            step = journey.step(wish.step)
            grace = calendar.add(due, step.grace) if step else wish.grace_until
            moved[wish.key] = replace(wish, due_at=due, grace_until=grace)
    return [moved.get(wish.key, wish) for wish in wishes]


def _questions(journey: Journey, wishes: Sequence[Planned]) -> Iterator[tuple[str, Planned]]:
    return ((form, wish) for wish in wishes if not wish.why and (form := form_of(journey, wish)))


def _order(wish: Planned, asked: Mapping[str, datetime]) -> tuple[bool, bool, datetime, str]:
    return wish.key not in asked, wish.occasion.endswith(REMINDER), wish.due_at, wish.key
