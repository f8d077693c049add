"""Does the store keep the contract of Ticks, and of what a person is asked?"""

from __future__ import annotations

from dataclasses import replace

from onboarding.adapters.sql import SqlStore
from onboarding.domain.lists import Tick
from tests.ports.stores import DAY, HOUR, NOW, ask

TICK = Tick(hire_id="ada", step="it_list", occasion="once", task="laptop", person_id="it", done=True, at=NOW)


def test_the_newest_tick_of_each_task_comes_back(store: SqlStore) -> None:
    back = replace(TICK, done=False, person_id="bo", at=NOW + HOUR)
    other = replace(TICK, task="accounts", at=NOW + DAY)
    with store.begin() as books:
        assert books.ticks.of_hire("ada") == []
        for one in (TICK, back, other, replace(TICK, hire_id="bo"), replace(TICK, step="a_list")):
            books.ticks.put(one)
    with store.read() as books:
        assert books.ticks.of_hire("ada") == [replace(TICK, step="a_list"), other, back]


def test_a_tick_that_is_said_again_is_a_new_version(store: SqlStore) -> None:
    with store.begin() as books:
        for hours in (2, 1, 0):  # by the order in which they came, not by their moments
            books.ticks.put(replace(TICK, at=NOW + hours * HOUR))
        assert books.ticks.of_hire("ada") == [TICK]


def test_what_is_open_to_a_person_comes_by_moment_and_id(store: SqlStore) -> None:
    mine = {"person_id": "it", "closes_at": NOW + DAY}
    with store.begin() as books:
        books.asks.open(ask("b", **mine))
        books.asks.open(ask("a", **mine, hire_id="bo", reminded_at=NOW))
        books.asks.open(ask("closed", **{**mine, "closes_at": NOW}))
        books.asks.open(ask("theirs", person_id="bo", closes_at=NOW + DAY))
        found = books.asks.open_to("it", NOW)
    assert [(one.id, one.reminded_at) for one in found] == [("a", NOW), ("b", None)]
