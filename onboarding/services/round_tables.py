"""When does each table of a coffee round meet, and does it still stand after people left or hours changed?

A coffee is a meeting like those of the journeys, in the same book: nobody is booked twice, and a coffee that moves
keeps its UID (RFC 5546 section 2.1.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

from onboarding.domain import slots
from onboarding.domain.attending import Room
from onboarding.domain.calendars import Calendar
from onboarding.domain.coffee import NOTICE, TABLE_OF_TWO, name_of
from onboarding.domain.meetings import Chosen, Meeting
from onboarding.domain.members import DAYS, Member
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences
from onboarding.domain.slots import Busy, Seat, Slot
from onboarding.domain.turns import MEMORY
from onboarding.ports import Books
from onboarding.services.engine import Company
from onboarding.services.meetings import icebreaker_of, meeting_id
from onboarding.services.seating import seat_of

STEP = "coffee_round"
MINUTES = 25
A_DAY = timedelta(days=1)
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody at a table, with what is taken of their time."""

    person: Person
    calendar: Calendar
    said: Preferences = NOTHING_SAID
    newcomer: bool = False
    busy: tuple[Busy, ...] = ()


def guest_of(member: Member, calendar: Calendar, day: date, busy: Mapping[str, Sequence[Busy]]) -> Guest:
    """A member as a guest of a table."""
    one = member.person
    return Guest(
        person=one,
        calendar=calendar,
        said=member.preferences,
        newcomer=member.newcomer(day),
        busy=tuple(busy.get(one.id, ())),
    )


def busy_times(books: Books, people: Sequence[str], day: date, *, apart_from: str = "") -> dict[str, list[Busy]]:
    """What our meetings and calendars take of the days of a round, and the meetings that say whose turn it is."""
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    start, end = midnight - MEMORY, midnight + (DAYS + 2) * A_DAY
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
    for one, held in books.busy.of_people(people, midnight - 2 * A_DAY, end).items():
        taken[one].extend(held.busy)
    return taken


def room_for(guests: Sequence[Guest], day: date, now: datetime) -> Room | None:
    """Where a coffee of these people is looked for: in the days of the round, a day after they can read of it."""
    seats = tuple(seat_at(one) for one in guests)
    calendars = [one.calendar for one in seats]
    begins = [each.moment(day, time(0)) for each in calendars]
    hears = [each.next_working(now) + NOTICE for each in calendars]
    earliest = max(*begins, *hears)
    latest = min(each.moment(day + DAYS * A_DAY, time(0)) for each in calendars)
    if latest <= earliest:
        return None
    return Room(seats=seats, length=timedelta(minutes=MINUTES), earliest=earliest, latest=latest)


def slot_for(guests: Sequence[Guest], day: date, now: datetime) -> Slot | None:
    """The kindest time of these people in the days of the round, a day after they can read of it at least."""
    room = room_for(guests, day, now)
    return room.best() if room else None


def seat_at(guest: Guest) -> Seat:
    """The seat of a guest."""
    return seat_of(guest.person, guest.calendar, guest.said, is_hire=guest.newcomer, busy=guest.busy)


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
    """Whether a meeting still lies in the hours of everybody, and nobody is away; or a human insisted on it."""
    if meeting.chosen is Chosen.HUMAN:
        return True
    seats = (seat_at(replace(one, busy=())) for one in guests)
    return all(slots.suits(seat, meeting.starts_at, meeting.ends_at) for seat in seats)


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
        chosen=Chosen.ENGINE if slot else meeting.chosen,
    )
