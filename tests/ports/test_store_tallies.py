"""Does the store keep the contract of Tallies?"""

from __future__ import annotations

from threading import Barrier, Thread

from onboarding.adapters.sql import SqlStore
from onboarding.domain.events import Tally
from tests.databases import opened
from tests.ports.stores import DAY, HOUR, NOW

DOOR = ("bamboo", "refused")


def test_counts_add_up_and_the_newest_moment_stays(store: SqlStore) -> None:
    with store.begin() as books:
        books.tallies.add({DOOR: Tally(count=2, last_at=NOW), ("bamboo", "verified"): Tally(count=1, last_at=NOW)})
        books.tallies.add({DOOR: Tally(count=40, last_at=NOW + DAY)})
        books.tallies.add({DOOR: Tally(count=1, last_at=NOW + HOUR)})
    with store.read() as books:
        assert books.tallies.all() == {
            DOOR: Tally(count=43, last_at=NOW + DAY),
            ("bamboo", "verified"): Tally(count=1, last_at=NOW),
        }


def test_nothing_was_counted_at_first_and_counting_nothing_changes_nothing(store: SqlStore) -> None:
    with store.begin() as books:
        books.tallies.add({})
        assert books.tallies.all() == {}


def test_a_count_may_be_larger_than_a_small_number_holds(store: SqlStore) -> None:
    with store.begin() as books:
        books.tallies.add({DOOR: Tally(count=2**40, last_at=NOW)})
        books.tallies.add({DOOR: Tally(count=1, last_at=NOW)})
        assert books.tallies.all()[DOOR].count == 2**40 + 1


def test_writers_at_the_same_time_lose_no_count_and_never_wait_crosswise(database_url: str) -> None:
    doors = [(f"source-{number}", what) for number in range(10) for what in ("refused", "verified")]
    start = Barrier(2)

    def count(keys: list[tuple[str, str]]) -> None:
        with opened(database_url) as store:
            for _ in range(5):
                start.wait(10)
                with store.begin() as books:
                    books.tallies.add({key: Tally(count=1, last_at=NOW) for key in keys})

    writers = [Thread(target=count, args=(keys,)) for keys in (doors, doors[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with opened(database_url) as store, store.read() as books:
        assert books.tallies.all() == {key: Tally(count=10, last_at=NOW) for key in sorted(doors)}
