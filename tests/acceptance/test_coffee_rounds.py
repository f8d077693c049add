"""Does a whole coffee round work on both databases, with workers who draw at once and somebody who skips?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.coffee import RoundState, SeatState
from onboarding.domain.meetings import MeetingState
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import hiring, round_answers, rounds
from onboarding.services.directory import Directory
from onboarding.services.round_mending import mend
from tests.worlds import World, at, world

MONDAY = date(2027, 1, 18)
NAMES = ("berlin-1", "berlin-2", "berlin-3", "nairobi-1", "nairobi-2", "nairobi-3")


@pytest.fixture(params=["sqlite_store", "postgres_store"])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(request.param)
    return found


def draw(here: World) -> RoundState | None:
    with here.engine.store.begin() as books:
        found = rounds.draw(here.engine, books, MONDAY, at("2027-01-15 12:00"))
    return found.state if found else None


def test_a_round_is_drawn_once_by_whoever_comes_first_and_mended_when_somebody_leaves(store: SqlStore) -> None:
    with world("2027-01-13 06:00", store=store) as here:
        with store.begin() as books:
            for one in NAMES:
                said = Preferences(opted_in=frozenset({COFFEE}))
                books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.now)
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-14 18:00"))
        token = here.engine.links.coffee(MONDAY, "berlin-1").rpartition("/")[2]
        round_answers.choose(here.engine, token, "skip", here.now)
        with ThreadPoolExecutor(4) as workers:
            drawn = list(workers.map(draw, [here] * 4))
        assert drawn == [RoundState.DRAWN] * 4
        here.walk_to(at("2027-01-15 18:00"))
        with store.read() as books:
            met = books.meetings.of_hire("coffee:2027-01-18")
            assert sorted(len(one.people) for one in met) == [2, 3]
            assert books.coffee.seats(MONDAY)[0].state is SeatState.SKIPS
        invited = [letter.to.email for letter in here.mail.letters if letter.invitation]
        assert sorted(invited) == sorted(f"{one}@example.com" for one in NAMES[1:])
        two = next(one for one in met if len(one.people) == 2)
        hiring.leave(here.engine, two.people[0], here.now)
        here.walk_to(at("2027-01-18 14:00"))
        assert here.to(f"{two.people[1]}@example.com")[-1].subject.endswith("(cancelled)")


def test_two_who_go_from_one_table_at_once_leave_nobody_waiting(store: SqlStore) -> None:
    with world("2027-01-13 06:00", store=store) as here:
        with store.begin() as books:
            for one in NAMES[:3]:
                said = Preferences(opted_in=frozenset({COFFEE}))
                books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=here.now)
        rounds.run_round(here.engine, here.now)
        here.walk_to(at("2027-01-15 18:00"))
        leaves = Thread(target=hiring.leave, args=(here.engine, NAMES[1], here.now))
        with store.begin() as books:
            books.coffee.hold(MONDAY)
            seat = books.coffee.seat(MONDAY, NAMES[0])
            assert seat is not None
            books.coffee.put_seats([replace(seat, state=SeatState.SKIPS)])
            mend(here.engine, books, Directory(books), {NAMES[0]}, here.now)
            leaves.start()
            leaves.join(0.5)  # it may have read the coffee as it stood before
        leaves.join(20)
        with store.read() as books:
            (coffee,) = books.meetings.of_hire("coffee:2027-01-18")
            states = [one.state for one in books.coffee.seats(MONDAY)]
        assert coffee.state is MeetingState.CANCELLED
        assert sorted(states) == [SeatState.CANCELLED, SeatState.CANCELLED, SeatState.SKIPS]
