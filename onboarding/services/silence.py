"""Until when does silence mean nothing? A form that is open, or a meeting of somebody who was told to us late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from onboarding.domain.delivery import UNSENT, Delivery
from onboarding.domain.forms import Ask
from onboarding.domain.journey import NEXT, Verb
from onboarding.domain.meetings import Chosen, MeetingState
from onboarding.ports import Books
from onboarding.services import meeting_times
from onboarding.services.situations import Situation


def open_until(books: Books, seen: Situation, now: datetime) -> dict[str, datetime]:
    """The moment (UTC) from which no answer, or no meeting, of a step is worth telling; steps that have one."""
    asks = books.asks.of_hire(seen.hire.id)
    answers = books.asks.answers_of_hire(seen.hire.id)
    silent = [ask for ask in asks if ask.id not in answers]
    forms = [*((ask.step, ask.closes_at) for ask in silent), *_asked_next(books, seen, asks)]
    return dict(sorted([*forms, *_meetings(seen, now)], key=lambda one: one[1]))


def _asked_next(books: Books, seen: Situation, asks: Sequence[Ask]) -> Iterator[tuple[str, datetime]]:
    """The deadlines of whoever took the place of somebody silent, and will be asked as well."""
    for step in seen.journey.steps:
        former = [ask for ask in asks if ask.step == step.key and step.silence == NEXT]
        for ask in former:
            for person_id in set(seen.cast.ids(ask.role, ask.occasion)) - {one.person_id for one in former}:
                row = books.deliveries.get(f"{seen.hire.id}/{step.key}/{ask.role}/{person_id}/{ask.occasion}")
                if row is not None and row.state in UNSENT:
                    calendar = seen.offices.calendar_of(seen.cast.people[person_id])
                    yield step.key, calendar.add(row.due_at, step.closes_after)


def _meetings(seen: Situation, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The ends of meetings that people moved, or of a hire who came too late for their usual time."""
    for meeting in seen.meetings:
        if meeting.state is MeetingState.PLANNED and (
            meeting.chosen is not Chosen.ENGINE or _came_late(seen, meeting.step, meeting.occasion, now)
        ):
            yield meeting.step, meeting.ends_at


def arranged_at(seen: Situation, ledger: Sequence[Delivery], step: str, now: datetime) -> datetime:
    """When the meetings of a step will be arranged for a hire who came late; `now` when none waits for that."""
    waiting = [one for one in ledger if one.step == step and one.verb == Verb.MEET and one.state in UNSENT]
    return max((one.due_at for one in waiting if _came_late(seen, step, one.occasion, now)), default=now)


def _came_late(seen: Situation, key: str, occasion: str, now: datetime) -> bool:
    step = seen.journey.step(key)
    if step is None or occasion not in step.occasions:
        return False
    return seen.hire.enrolled_at > meeting_times.window(seen, step, occasion, now)[0]
