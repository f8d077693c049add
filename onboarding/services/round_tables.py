"""When does each table of a coffee round meet, and does it still stand after people left or hours changed?

A coffee is a meeting like those of the journeys, in the same book: nobody is booked twice, and a coffee that moves
keeps its UID (RFC 5546 section 2.1.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import NOTICE, TABLE_OF_TWO, name_of
from onboarding.domain.meetings import Meeting
from onboarding.domain.members import DAYS, Member
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from onboarding.domain.slots import Busy, Seat, Slot, find_slot
from onboarding.ports import Books
from onboarding.services.engine import Company
from onboarding.services.meetings import icebreaker_of, meeting_id

STEP = "coffee_round"
MINUTES = 25
A_DAY = timedelta(days=1)
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody at a table, with what is taken of their time."""

    person: Person
    said: Preferences = NOTHING_SAID
    newcomer: bool = False
    busy: tuple[Busy, ...] = ()


def guest_of(member: Member, day: date, busy: Mapping[str, Sequence[Busy]]) -> Guest:
    """A member as a guest of a table."""
    one = member.person
    return Guest(
        person=one, said=member.preferences, newcomer=member.newcomer(day), busy=tuple(busy.get(one.id, ()))
    )


def busy_times(books: Books, people: Sequence[str], day: date, *, apart_from: str = "") -> dict[str, list[Busy]]:
    """The meetings of these people around the days of a round, and what their calendars told."""
    start = datetime.combine(day, time(0), tzinfo=Calendar.of(_NOBODY).zone) - 2 * A_DAY
    end = start + (DAYS + 4) * A_DAY
    taken: dict[str, list[Busy]] = defaultdict(list)
    wanted = set(people)
    seen: set[str] = {apart_from}
    for first in range(0, len(people), AT_ONCE):
        for meeting in books.meetings.of_people(people[first : first + AT_ONCE], start, end):
            if meeting.id in seen:
                continue
            seen.add(meeting.id)
            for one in wanted.intersection(meeting.people):
                taken[one].append(Busy(start=meeting.starts_at, end=meeting.ends_at, meeting=True))
    for one, held in books.busy.of_people(people, start, end).items():
        taken[one].extend(held.busy)
    return taken


_NOBODY = Person(id="nobody", first_name="Nobody")
"""Somebody in UTC."""


def slot_for(guests: Sequence[Guest], day: date, now: datetime) -> Slot | None:
    """The kindest time of these people in the days of the round, a day after they can read of it at least."""
    calendars = [Calendar.of(one.person) for one in guests]
    begins = [each.moment(day, time(0)) for each in calendars]
    hears = [each.next_working(now) + NOTICE for each in calendars]
    earliest = max(*begins, *hears)
    latest = min(each.moment(day + DAYS * A_DAY, time(0)) for each in calendars)
    if latest <= earliest:
        return None
    seats = [
        Seat(
            person_id=one.person.id,
            calendar=calendar,
            busy=(*one.busy, *_absences(one, calendar)),
            is_hire=one.newcomer,
        )
        for one, calendar in zip(guests, calendars, strict=True)
    ]
    return find_slot(seats, minutes=MINUTES, earliest=earliest, latest=latest)


def _absences(guest: Guest, calendar: Calendar) -> Iterable[Busy]:
    for one in guest.said.away:
        yield Busy(start=calendar.moment(one.first, time(0)), end=calendar.moment(one.last + A_DAY, time(0)))


def seated(guests: Sequence[Guest], day: date, now: datetime) -> tuple[tuple[Guest, ...], Slot] | None:
    """Who of a table can meet, and when: all of them, else two of three; None when no two have an hour."""
    whole = slot_for(guests, day, now)
    if whole is not None:
        return tuple(guests), whole
    if len(guests) > TABLE_OF_TWO:
        for pair in combinations(guests, TABLE_OF_TWO):
            slot = slot_for(pair, day, now)
            if slot is not None:
                return pair, slot
    return None


def table_id(day: date, place: int) -> str:
    """The id of the meeting of a table."""
    return meeting_id(name_of(day), STEP, str(place), ())


def arranged(company: Company, day: date, place: int, people: Sequence[str], slot: Slot, now: datetime) -> Meeting:
    """The meeting of a table."""
    name = table_id(day, place)
    return Meeting(
        id=name,
        hire_id=name_of(day),
        step=STEP,
        occasion=str(place),
        people=tuple(people),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        uid=f"{name}@{company.sender.email.rpartition('@')[2]}",
        organizer=company.sender.email,
        stamped_at=now,
        icebreaker=icebreaker_of(name),
    )


def suits(meeting: Meeting, guests: Sequence[Guest]) -> bool:
    """Whether a meeting still lies in everybody's working hours, and nobody is away."""
    last = meeting.ends_at - timedelta(minutes=1)
    for one in guests:
        calendar = Calendar.of(one.person)
        if not (calendar.is_working(meeting.starts_at) and calendar.is_working(last)):
            return False
        if one.said.away_within(calendar.day_of(meeting.starts_at), 1):
            return False
    return True


def moved(meeting: Meeting, people: Sequence[str], slot: Slot | None, now: datetime) -> Meeting:
    """The same meeting for these people, at another time where one is given."""
    return replace(
        meeting,
        people=tuple(people),
        starts_at=slot.starts_at if slot else meeting.starts_at,
        ends_at=slot.ends_at if slot else meeting.ends_at,
        sequence=meeting.sequence + 1,
        stamped_at=now,
        moved_from=meeting.starts_at if slot else None,
    )
