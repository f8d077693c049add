"""What is written to whom around a coffee round, and when?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import PREFIX, Round, Seat, name_of, warned_at
from onboarding.domain.delivery import Planned
from onboarding.domain.journey import Verb
from onboarding.domain.meetings import Meeting
from onboarding.domain.people import Role
from onboarding.services.engine import HR_ID
from onboarding.services.round_tables import STEP

WARNING, DRAW, LEFT_OUT, MET, PAUSE = (
    *("coffee_warning", "coffee_draw", "coffee_left_out", "coffee_met", "coffee_pause"),
)
"""The steps of a round beside the coffee itself; those that are mails have the name of their message."""

LATEST_DRAW = timedelta(days=4)
"""A draw that is later, mostly on the second day of its round, leaves too little room for a coffee."""

A_DAY = timedelta(days=1)
ASKED_AT = time(10)


def _wish(day: date, step: str, verb: Verb, person_id: str, due_at: datetime, grace_until: datetime) -> Planned:
    role = Role.HR if person_id == HR_ID else Role.PARTNER
    return Planned(
        hire_id=name_of(day),
        step=step,
        verb=verb,
        role=role,
        person_id=person_id,
        occasion="once",
        due_at=due_at,
        grace_until=max(due_at, grace_until),
    )


def draw_of(found: Round) -> Planned:
    """The draw itself; no mail, and its key is one a round."""
    return _wish(found.day, DRAW, Verb.MATCH, HR_ID, found.draw_at, found.draw_at + LATEST_DRAW)


def draw_key(day: date) -> str:
    """The key of a round's draw in the ledger."""
    return f"{name_of(day)}/{DRAW}/{Role.HR}/{HR_ID}/once"


def warning(found: Round, person_id: str, calendar: Calendar, now: datetime) -> Planned:
    """The mail a day ahead, with the way to skip the round."""
    due = warned_at(found.draw_at, calendar, now)
    return _wish(found.day, WARNING, Verb.WRITE, person_id, due, found.draw_at)


def pause(seat: Seat, calendar: Calendar, now: datetime) -> Planned:
    """The notice of a pause; its key is that of the last silent round, so that it is sent once."""
    due = calendar.next_working(now)
    return _wish(seat.day, PAUSE, Verb.WRITE, seat.person_id, due, due + 7 * A_DAY)


def left_out(seat: Seat, calendar: Calendar, now: datetime) -> Planned:
    """The mail that says why somebody has no coffee in a round."""
    due = calendar.next_working(now)
    return _wish(seat.day, LEFT_OUT, Verb.WRITE, seat.person_id, due, due + 2 * A_DAY)


def invitations(meeting: Meeting, calendars: Mapping[str, Calendar], now: datetime) -> Iterator[Planned]:
    """The invitation of everybody at a table, and the question after it."""
    day = date.fromisoformat(meeting.hire_id.removeprefix(PREFIX))
    for one in meeting.people:
        calendar = calendars[one]
        yield _wish(day, STEP, Verb.MEET, one, calendar.next_working(now), meeting.starts_at)
        asks = asked_at(meeting, calendar)
        yield _wish(day, MET, Verb.ASK, one, asks, asks + 4 * A_DAY)


def asked_at(meeting: Meeting, calendar: Calendar) -> datetime:
    """When somebody is asked whether they met: on the next working day, at their ten o'clock."""
    day = calendar.working_day(calendar.day_of(meeting.ends_at) + A_DAY, 0)
    return calendar.at_work(day, ASKED_AT)
