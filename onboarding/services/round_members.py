"""Who takes part in a coffee round, and who has met whom?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from onboarding.domain.coffee import (
    BACK,
    PastPair,
    Seat,
    SeatState,
    WhyAlone,
    past_rounds,
    unanswered,
    waiting,
)
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.members import SILENT, Member
from onboarding.domain.people import Person
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.domain.rounds import rounds_ago
from onboarding.ports import Books
from onboarding.services.directory import Directory

REMEMBERED_WEEKS = 12
"""How far back we look at the least, for whoever met just now, was silent or waited: a window may be 0 rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everybody who said yes to coffee rounds, by id, as they stand before the round of `day`.

    `not_here` are those whose first day comes later, `history` the earlier seats of each, the newest first.
    """

    day: date
    members: dict[str, Member]
    not_here: dict[str, date]
    history: dict[str, list[Seat]]
    past: tuple[PastPair, ...]

    @property
    def met(self) -> dict[tuple[str, str], int]:
        """How many rounds ago two people met last."""
        return rounds_ago(past_rounds((seat for seats in self.history.values() for seat in seats), self.past))

    def expected(self) -> list[str]:
        """Who takes part unless they skip it."""
        return [one for one, member in self.members.items() if not member.out_because(self.day)]

    def silent(self) -> dict[str, Seat]:
        """Who is paused for their silence, each with the seat after which they are."""
        return {
            one: next(seat for seat in self.history[one] if seat.closes_at is not None)
            for one, member in self.members.items()
            if member.unanswered >= SILENT and takes_part(member.person, member.preferences)
        }

    def why_out(self, person_id: str, sentence: str) -> WhyAlone:
        """The kind of the reason why somebody sits at no table."""
        member = self.members[person_id]
        said = member.preferences
        if not takes_part(member.person, said) or said.paused_on(self.day) or member.skips:
            return WhyAlone.THEIR_WISH
        if member.unanswered >= SILENT:
            return WhyAlone.SILENT
        if member.out_because(self.day):
            return WhyAlone.AWAY
        return WhyAlone.NOBODY_ELSE if sentence.startswith("nobody else") else WhyAlone.NOBODY_FITS


def takes_part(person: Person, said: Preferences) -> bool:
    """Whether somebody is in the coffee rounds, pauses aside."""
    out = person.opted_out or COFFEE in said.opted_out
    return person.active and not out and COFFEE in said.opted_in


def silence(books: Books, seats: Sequence[Seat], now: datetime) -> list[Seat]:
    """The last seats in a row without an answer; `seats` are one person's, the newest first.

    Whoever says how they take part on their page after that is silent no more.
    """
    found = unanswered(seats, now)
    if len(found) < SILENT:
        return found
    said = [one for one in books.preferences.history(found[0].person_id) if one.changed_by is Teller.PERSON]
    last = found[0].closes_at
    return [] if said and last is not None and said[-1].changed_at > last else found


def is_silent(books: Books, person: Person, said: Preferences, now: datetime) -> bool:
    """Whether somebody who takes part is paused for their silence."""
    return takes_part(person, said) and len(silence(books, books.coffee.seats_of(person.id), now)) >= SILENT


def come_back(books: Books, person: Person, said: Preferences, now: datetime) -> bool:
    """End the pause of somebody who was silent; returns whether there was one."""
    if not is_silent(books, person, said, now):
        return False
    newest = silence(books, books.coffee.seats_of(person.id), now)[0]
    books.coffee.put_seats([replace(newest, answer=BACK)])
    return True


def gathered(books: Books, directory: Directory, day: date, weights: CoffeeWeights, now: datetime) -> Gathered:
    """Everybody who may have coffee in the round of that day; whoever has left is not counted."""
    since = day - timedelta(weeks=max(2 * weights.longest, REMEMBERED_WEEKS))
    seats = [seat for seat in books.coffee.seats_since(since) if seat.day <= day]
    sizes = Counter((seat.day, seat.place) for seat in seats if seat.state is SeatState.SEATED)
    history: dict[str, list[Seat]] = defaultdict(list)
    skips: set[str] = set()
    for seat in reversed(seats):
        if seat.day < day:
            history[seat.person_id].append(seat)
        elif seat.state is SeatState.SKIPS:
            skips.add(seat.person_id)
    members: dict[str, Member] = {}
    not_here: dict[str, date] = {}
    for person_id, said in sorted(directory.preferences().items()):
        person = directory.get(person_id)
        if person is None or not takes_part(person, said):
            continue
        if person.start_date is not None and person.start_date > day:
            not_here[person_id] = person.start_date
            continue
        mine = history[person_id]
        members[person_id] = Member(
            person=person,
            preferences=said,
            skips=person_id in skips,
            unanswered=len(silence(books, mine, now)),
            waiting=waiting(mine, [sizes[seat.day, seat.place] for seat in mine]),
        )
    return Gathered(
        day=day,
        members=members,
        not_here=not_here,
        history=history,
        past=tuple(one for one in books.coffee.past_since(since) if one.day < day),
    )
