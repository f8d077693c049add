"""Does the store keep the contract of Events?"""

from __future__ import annotations

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import NotFound
from onboarding.domain.events import EventState
from tests.ports.stores import DAY, HOUR, NOW, event


def test_an_event_comes_back_as_it_was_recorded(store: SqlStore) -> None:
    told = event(body='{"name": "Ana Lúcia 🎈", "quote": "\'"}')
    with store.begin() as books:
        assert books.events.record(told)
    with store.read() as books:
        assert books.events.get(told.id) == told


def test_an_unknown_event_is_none(store: SqlStore) -> None:
    with store.read() as books:
        assert books.events.get("nothing") is None


def test_a_known_delivery_id_of_the_same_source_stores_nothing(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event(1))
        assert not books.events.record(event(2, delivery_id="told-1", body="other"))
    with store.read() as books:
        assert books.events.find() == [event(1)]


def test_another_source_may_use_the_same_delivery_id(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event(1))
        assert books.events.record(event(2, delivery_id="told-1", source="workday"))


def test_the_oldest_events_wait_first_and_the_id_decides_between_equals(store: SqlStore) -> None:
    with store.begin() as books:
        for number, hours in ((4, 1), (3, 1), (2, 5), (1, 0)):
            books.events.record(event(number, received_at=NOW + hours * HOUR))
        assert [each.id for each in books.events.waiting(3)] == ["event-1", "event-3", "event-4"]


def test_a_settled_event_waits_no_more(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event())
        books.events.settle("event-1", state=EventState.OBEYED, reason="enrolled", hire_id="ada", now=NOW + DAY)
        assert books.events.waiting(10) == []
        assert books.events.get("event-1") == event(
            state=EventState.OBEYED, reason="enrolled", hire_id="ada", settled_at=NOW + DAY
        )


def test_a_replay_puts_an_event_back_into_the_queue(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event())
        books.events.settle("event-1", state=EventState.REVIEW, reason="no first day", hire_id="", now=NOW)
        books.events.settle("event-1", state=EventState.RECORDED, reason="replayed", hire_id="", now=NOW + DAY)
        assert books.events.waiting(10) == [event(reason="replayed")]


def test_an_unknown_event_cannot_be_settled(store: SqlStore) -> None:
    with store.begin() as books, pytest.raises(NotFound, match="event-9"):
        books.events.settle("event-9", state=EventState.OBEYED, reason="", hire_id="", now=NOW)


def test_events_are_found_newest_first_by_source_and_state(store: SqlStore) -> None:
    with store.begin() as books:
        for number in range(1, 5):
            books.events.record(event(number, source="workday" if number == 2 else "bamboo"))
        books.events.settle("event-3", state=EventState.REVIEW, reason="?", hire_id="", now=NOW)
        found = {
            "all": books.events.find(),
            "two": books.events.find(limit=2),
            "workday": books.events.find(source="workday"),
            "review": books.events.find(state=EventState.REVIEW),
            "neither": books.events.find(source="workday", state=EventState.REVIEW),
        }
    assert {name: [each.id[-1] for each in events] for name, events in found.items()} == {
        "all": ["4", "3", "2", "1"],
        "two": ["4", "3"],
        "workday": ["2"],
        "review": ["3"],
        "neither": [],
    }
