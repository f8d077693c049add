"""Does the store keep the contract of CoffeeBook, and does a database of revision 0004 come along whole?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.engines import address, connect_to
from onboarding.adapters.sql.migrations import configuration, migrate
from onboarding.domain.coffee import PastPair, Round, RoundState, Seat, SeatState, WhyAlone
from tests.databases import opened
from tests.ports.stores import DAY, NOW

MONDAY = date(2025, 3, 10)
WEEK = timedelta(days=7)
ROUND = Round(day=MONDAY, state=RoundState.ANNOUNCED, opened_at=NOW, draw_at=NOW + DAY)
SEAT = Seat(
    day=MONDAY,
    person_id="ada",
    state=SeatState.SEATED,
    place=2,
    reasons="from two departments",
    ago=13,
    answer="yes",
    closes_at=NOW + 7 * DAY,
)
PAIR = PastPair(day=date(2025, 2, 3), one="ada", other="bo")


def test_a_round_comes_back_with_every_field_and_the_newest_first(store: SqlStore) -> None:
    earlier = replace(ROUND, day=MONDAY - WEEK, state=RoundState.EMPTY, why="nobody takes part")
    with store.begin() as books:
        books.coffee.put(earlier)
        books.coffee.put(ROUND)
        books.coffee.put(replace(ROUND, state=RoundState.DRAWN))
        assert books.coffee.hold(MONDAY) == replace(ROUND, state=RoundState.DRAWN)
    with store.read() as books:
        assert books.coffee.get(MONDAY) == replace(ROUND, state=RoundState.DRAWN)
        assert books.coffee.get(MONDAY + WEEK) is None
        assert books.coffee.newest(5) == [replace(ROUND, state=RoundState.DRAWN), earlier]
        assert books.coffee.newest(1) == [replace(ROUND, state=RoundState.DRAWN)]


def test_seats_come_back_by_round_by_person_and_since_a_day(store: SqlStore) -> None:
    alone = Seat(day=MONDAY, person_id="bo", state=SeatState.ALONE, why=WhyAlone.AWAY, reasons="away")
    later = replace(SEAT, day=MONDAY + WEEK)
    with store.begin() as books:
        books.coffee.put(ROUND)
        books.coffee.put(replace(ROUND, day=MONDAY + WEEK))
        books.coffee.put_seats([replace(SEAT, state=SeatState.EXPECTED), alone, later])
        books.coffee.put_seats([SEAT])
        books.coffee.put_seats([])
    with store.read() as books:
        assert books.coffee.seat(MONDAY, "ada") == SEAT
        assert books.coffee.seat(MONDAY, "cy") is None
        assert books.coffee.seats(MONDAY) == [SEAT, alone]
        assert books.coffee.seats_since(MONDAY) == [SEAT, alone, later]
        assert books.coffee.seats_since(MONDAY + WEEK) == [later]
        assert books.coffee.seats_of("ada") == [later, SEAT]


def test_other_reasons_reach_a_table_and_nobody_else(store: SqlStore) -> None:
    told = replace(SEAT, place=1, reasons="both like tea")
    near, far = replace(told, person_id="bo"), replace(told, person_id="cy", place=2)
    alone = [
        Seat(day=MONDAY, person_id=one, state=SeatState.ALONE, why=WhyAlone.AWAY, reasons="away")
        for one in ("x", "y")
    ]
    with store.begin() as books:
        books.coffee.put(ROUND)
        books.coffee.put_seats([told, near, far, *alone])
        books.coffee.reword(told, "the same team")
        books.coffee.reword(alone[0], "gone")
    with store.read() as books:
        reasons = {one.person_id: one.reasons for one in books.coffee.seats(MONDAY)}
    assert reasons == {
        "ada": "the same team", "bo": "the same team", "cy": "both like tea", "x": "gone", "y": "away",
    }  # fmt: skip


def test_a_seat_belongs_to_a_round(store: SqlStore) -> None:
    with pytest.raises(IntegrityError), store.begin() as books:
        books.coffee.put_seats([SEAT])


def test_who_met_before_is_noted_once(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.coffee.note_past([PAIR, replace(PAIR, other="cy"), PAIR]) == 2
        assert books.coffee.note_past([PAIR]) == 0
    with store.read() as books:
        assert books.coffee.past_since(PAIR.day) == [PAIR, replace(PAIR, other="cy")]
        assert books.coffee.past_since(PAIR.day + DAY) == []


def test_a_database_of_revision_0004_comes_along_and_can_hold_rounds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    engine = connect_to(address(url))
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0004")
    engine.dispose()
    migrate(url)
    with opened(url) as store, store.begin() as books:
        books.coffee.put(ROUND)
        books.coffee.put_seats([SEAT])
        assert books.coffee.seats(MONDAY) == [SEAT]
