"""Does the store keep the contract of Events?"""

from __future__ import annotations

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import NotFound
from onboarding.domain.events import Event, EventState, Tally
from onboarding.ports import Books
from tests.databases import opened
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
        assert [each.id for each in books.events.waiting(3, NOW + DAY)] == ["event-1", "event-3", "event-4"]


def test_events_are_found_by_how_their_delivery_ids_begin_letter_for_letter(store: SqlStore) -> None:
    with store.begin() as books:
        for number, delivery_id in enumerate(("a_b.1", "a_b.2", "axb.1", "za_b.1")):
            books.events.record(event(number, delivery_id=delivery_id))
        assert {one.delivery_id for one in books.events.find(begins="a_b.")} == {"a_b.1", "a_b.2"}


def test_a_settled_event_waits_no_more(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event())
        books.events.settle("event-1", state=EventState.OBEYED, reason="enrolled", hire_id="ada", now=NOW + DAY)
        assert books.events.waiting(10, NOW + DAY) == []
        assert books.events.get("event-1") == event(
            state=EventState.OBEYED, reason="enrolled", hire_id="ada", settled_at=NOW + DAY
        )


def test_a_replay_puts_an_event_back_into_the_queue(store: SqlStore) -> None:
    with store.begin() as books:
        books.events.record(event())
        books.events.settle("event-1", state=EventState.REVIEW, reason="no first day", hire_id="", now=NOW)
        books.events.settle("event-1", state=EventState.RECORDED, reason="replayed", hire_id="", now=NOW + DAY)
        assert books.events.waiting(10, NOW + DAY) == [event(reason="replayed")]


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


def put(books: Books, *told: Event, state: EventState = EventState.RECORDED, hire_id: str = "") -> None:
    for one in told:
        books.events.record(one)
        if state is not EventState.RECORDED:
            books.events.settle(one.id, state=state, reason="?", hire_id=hire_id, now=NOW)


def test_every_field_comes_back(store: SqlStore) -> None:
    told = event(digest="ab" * 32, ready_at=NOW + DAY, attempts=3, reason="not yet", hire_id="ada")
    with store.begin() as books:
        put(books, told)
    with store.read() as books:
        assert books.events.get(told.id) == told


def test_an_event_waits_for_the_answers_of_its_source_to_be_new(store: SqlStore) -> None:
    with store.begin() as books:
        put(books, event(1, received_at=NOW, ready_at=NOW + HOUR))
        assert books.events.waiting(10, NOW + HOUR - HOUR / 3600) == []
        assert [one.id for one in books.events.waiting(10, NOW + HOUR)] == ["event-1"]


def test_an_event_that_was_ready_at_once_is_ready_even_for_a_clock_that_is_behind(store: SqlStore) -> None:
    with store.begin() as books:
        put(books, event(1, received_at=NOW + HOUR), event(2, received_at=NOW + HOUR, ready_at=NOW + 2 * HOUR))
        assert [one.id for one in books.events.waiting(10, NOW)] == ["event-1"]


def test_a_postponed_event_waits_until_its_moment_and_counts_its_attempts(store: SqlStore) -> None:
    with store.begin() as books:
        put(books, event(1, received_at=NOW))
        for attempts in (1, 2):
            books.events.postpone("event-1", ready_at=NOW + attempts * HOUR, reason="it does not answer")
            assert books.events.waiting(10, NOW + attempts * HOUR - HOUR / 2) == []
            assert books.events.waiting(10, NOW + attempts * HOUR) == [
                event(
                    1,
                    received_at=NOW,
                    ready_at=NOW + attempts * HOUR,
                    reason="it does not answer",
                    attempts=attempts,
                )
            ]
        with pytest.raises(NotFound, match="event-9"):
            books.events.postpone("event-9", ready_at=NOW, reason="")


def test_a_postponed_event_keeps_its_place_among_those_that_came_later(store: SqlStore) -> None:
    with store.begin() as books:
        put(books, event(1), event(2))
        books.events.postpone("event-1", ready_at=NOW + 3 * HOUR, reason="later")
        assert [one.id for one in books.events.waiting(10, NOW + 3 * HOUR)] == ["event-1", "event-2"]


def test_the_next_moment_is_that_of_the_first_event_that_still_waits(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.events.next_ready() is None
        put(books, event(1, ready_at=NOW), state=EventState.OBEYED)
        put(books, event(2, ready_at=NOW), state=EventState.EARLY)
        assert books.events.next_ready() is None
        put(books, event(3, ready_at=NOW + DAY), event(4, ready_at=NOW + HOUR))
        assert books.events.next_ready() == NOW + HOUR


def test_each_source_says_since_when_its_oldest_event_waits(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.events.oldest_waiting() == {}
        put(books, event(1, ready_at=NOW, source="silent"), state=EventState.REVIEW)
        put(books, event(2, ready_at=NOW + DAY), event(3, ready_at=NOW + HOUR), event(4, source="workday"))
        assert books.events.oldest_waiting() == {"bamboo": NOW + HOUR, "workday": NOW + 4 * HOUR}


def test_early_events_of_one_hire_come_back_into_the_queue_and_nobody_elses(store: SqlStore) -> None:
    with store.begin() as books:
        put(books, event(1), event(2), state=EventState.EARLY, hire_id="ada")
        put(books, event(3), state=EventState.EARLY, hire_id="bo")
        put(books, event(4), state=EventState.REVIEW, hire_id="ada")
        assert books.events.requeue_early("ada") == 2
        assert books.events.requeue_early("ada") == 0
        waiting = books.events.waiting(10, NOW + DAY)
        assert [(one.id, one.hire_id, one.settled_at) for one in waiting] == [
            ("event-1", "ada", None),
            ("event-2", "ada", None),
        ]


def test_only_recorded_events_still_wait(store: SqlStore) -> None:
    many = [event(number) for number in range(1100)]  # more than one list of a statement
    with store.begin() as books:
        put(books, *many)
        books.events.settle("event-7", state=EventState.IGNORED, reason="", hire_id="", now=NOW)
        asked = [one.id for one in many] + ["event-nobody"]
        assert books.events.still_waiting(asked) == {one.id for one in many} - {"event-7"}
        assert books.events.still_waiting([]) == set()


def test_on_postgres_what_one_worker_holds_another_one_leaves_out(
    postgres_store: SqlStore, postgres_url: str
) -> None:
    asked = ["event-1", "event-2", "event-3"]
    with postgres_store.begin() as books:
        put(books, *(event(number) for number in (1, 2, 3)))
    with opened(postgres_url) as other:
        with postgres_store.begin() as mine:
            assert mine.events.still_waiting(asked[:2]) == {"event-1", "event-2"}
            with other.begin() as theirs:
                assert theirs.events.still_waiting(asked) == {"event-3"}
            mine.events.settle("event-1", state=EventState.OBEYED, reason="", hire_id="", now=NOW)
        with other.begin() as theirs:  # what was given back waits again, what was obeyed does not
            assert theirs.events.still_waiting(asked) == {"event-2", "event-3"}


def test_the_summary_counts_each_source_and_state_with_its_newest_moment(store: SqlStore) -> None:
    with store.begin() as books:
        assert books.events.summary() == {}
        put(books, event(1), event(3), state=EventState.OBEYED)
        put(books, event(2), event(4, source="workday"))
        assert books.events.summary() == {
            ("bamboo", EventState.OBEYED): Tally(count=2, last_at=NOW + 3 * HOUR),
            ("bamboo", EventState.RECORDED): Tally(count=1, last_at=NOW + 2 * HOUR),
            ("workday", EventState.RECORDED): Tally(count=1, last_at=NOW + 4 * HOUR),
        }
