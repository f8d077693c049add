"""Is what happens at a door counted rightly, and written down seldom?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import BadSignature, NotFound, Unavailable
from onboarding.domain.events import EventState, Tally, Told
from onboarding.ports import Store
from onboarding.services.counting import Counts
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.health import SourceHealth, health_of_sources
from onboarding.services.receiving import receive, wake
from tests.databases import opened
from tests.scripted import ACME, Scripted, post, tells
from tests.signing import event, post_standard
from tests.worlds import World, at, world

NOW = at("2026-12-01 08:00")
SECOND = timedelta(seconds=1)


def written(store: Store) -> dict[tuple[str, str], Tally]:
    with store.read() as books:
        return books.tallies.all()


def counted(count: int, last: timedelta = timedelta()) -> dict[tuple[str, str], Tally]:
    return {(ACME, "refused"): Tally(count=count, last_at=NOW + last)} if count else {}


def test_counts_are_written_at_once_and_then_at_most_every_five_seconds(memory_store: SqlStore) -> None:
    counts = Counts()
    for second, count in ((0, 1), (1, 1), (4, 1), (5, 4), (6, 4), (9, 4), (10, 7)):
        now = NOW + second * SECOND
        counts.add(ACME, "refused", now)
        counts.write_if_due(memory_store, now)
        assert written(memory_store)[ACME, "refused"].count == count


def test_a_clock_that_was_put_back_does_not_stop_the_writing(memory_store: SqlStore) -> None:
    counts = Counts()
    for now in (NOW, NOW - timedelta(days=1)):
        counts.add(ACME, "refused", now)
        counts.write_if_due(memory_store, now)
    assert written(memory_store) == counted(2)


def test_nothing_is_written_when_nothing_was_counted(memory_store: SqlStore) -> None:
    Counts().write_if_due(memory_store, NOW)
    assert written(memory_store) == {}


def test_what_the_store_could_not_take_is_written_later(tmp_path: Path, memory_store: SqlStore) -> None:
    counts = Counts()
    without_tables = SqlStore(f"sqlite:///{tmp_path}/empty.db")
    nowhere = SqlStore(f"sqlite:///{tmp_path}/no-such-folder/onboarding.db")
    counts.add(ACME, "refused", NOW)
    for store in (nowhere, without_tables):
        counts.write(store)  # never raises
        counts.add(ACME, "refused", NOW + SECOND)
    counts.write(memory_store)
    assert written(memory_store) == counted(3, SECOND)
    without_tables.close()
    nowhere.close()


def test_what_is_counted_while_the_store_is_asked_in_vain_is_not_lost_either(memory_store: SqlStore) -> None:
    counts = Counts()

    class Vain:
        def begin(self) -> NoReturn:
            counts.add(ACME, "refused", NOW + SECOND)
            raise Unavailable("the database does not answer")

    counts.add(ACME, "refused", NOW)
    counts.write(Vain())  # type: ignore[arg-type]  # more of a store is not needed
    counts.write(memory_store)
    assert written(memory_store) == counted(2, SECOND)


def test_threads_that_count_at_once_lose_nothing(sqlite_store: SqlStore) -> None:
    counts = Counts()

    def count(number: int) -> None:
        now = NOW + number * SECOND
        counts.add(ACME, "refused", now)
        counts.write_if_due(sqlite_store, now)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(100)))
    counts.write(sqlite_store)
    assert written(sqlite_store)[ACME, "refused"].count == 100


def test_strangers_who_knock_a_thousand_times_make_us_write_once(memory_store: SqlStore) -> None:
    with world(
        sources={ACME: Scripted()}, paths={"standard": ["the-secret-end-of-it"]}, store=memory_store
    ) as here:
        for number in range(200):
            now = here.now + number * SECOND / 1000
            for source, why in ((ACME, BadSignature), ("standard", NotFound)):
                with pytest.raises(why):
                    receive(here.engine, source=source, headers={}, body=b"x", now=now)
        assert written(memory_store) == {(ACME, "refused"): Tally(count=1, last_at=here.now)}
        here.engine.counts.write(memory_store)
        found = written(memory_store)
        assert [found[source, "refused"].count for source in (ACME, "standard")] == [200, 200]


def test_a_source_that_is_not_set_up_is_not_counted_so_that_nobody_can_fill_the_table() -> None:
    with world() as here:
        for number in range(5):
            with pytest.raises(NotFound):
                receive(here.engine, source=f"made-up-{number}", headers={}, body=b"x", now=here.now)
        here.engine.counts.write(here.engine.store)
        assert written(here.engine.store) == {}


def test_the_last_counts_are_written_when_the_program_ends(sqlite_url: str) -> None:
    with world(store=SqlStore(sqlite_url)) as here:
        for delivery in ("m1", "m2", "m2"):
            post_standard(here.engine, {"id": delivery}, now=here.now, delivery=delivery)
    with opened(sqlite_url) as store:
        assert {what: tally.count for (_, what), tally in written(store).items()} == {"verified": 2, "repeated": 1}


class TestHealth:
    def health(self, here: World) -> dict[str, SourceHealth]:
        here.engine.counts.write(here.engine.store)
        return {one.source: one for one in health_of_sources(here.engine, here.now)}

    def test_each_source_is_told_in_numbers(self) -> None:
        acme = Scripted(lag=timedelta(minutes=5))
        acme.means("thin", [tells(Told.KNOWN, "1", NOW)])
        with world(sources={ACME: acme}) as here:
            post_standard(here.engine, {}, now=here.now)
            post_standard(here.engine, {}, now=here.now)
            post_standard(here.engine, {"start_date": "soon"}, now=here.now)
            post_standard(here.engine, {"id": "n9"}, now=here.now, told="hire.updated")
            post_standard(here.engine, {}, now=here.now, told="invoice.paid")
            with pytest.raises(BadSignature):
                receive(here.engine, source="standard", headers={}, body=event(), now=here.now)
            enroll_waiting(here.engine, here.now)
            post(here.engine, "thin", here.now)
            here.now += timedelta(minutes=7)
            found = self.health(here)
            assert found["standard"] == SourceHealth(
                source="standard", set_up=True, last_event=NOW, verified=4, repeated=1, refused=1,
                last_refused=NOW, obeyed=1, ignored=1, unparsed=1, early=1, waiting=0, lag=timedelta(),
            )  # fmt: skip
            assert (found[ACME].waiting, found[ACME].lag) == (1, timedelta(minutes=2))
            assert (found["greenhouse"].last_event, found["greenhouse"].verified) == (None, 0)

    def test_what_waits_for_its_moment_is_not_late(self) -> None:
        acme = Scripted(lag=timedelta(minutes=5))
        with world(sources={ACME: acme}) as here:
            post(here.engine, "thin", here.now)
            assert self.health(here)[ACME].lag == timedelta()

    def test_a_source_that_is_not_set_up_any_more_is_told_of_as_long_as_we_know_it(self) -> None:
        acme = Scripted()
        acme.means("hired", [tells(Told.CREATED, "1", NOW)])
        with world(sources={ACME: acme}) as here:
            post(here.engine, "hired", here.now)
            enroll_waiting(here.engine, here.now)
            here.engine.sources.pop(ACME)  # type: ignore[attr-defined]  # the world gave a dict
            found = self.health(here)
            assert sorted(found) == [ACME, "greenhouse", "standard"]
            assert (found[ACME].set_up, found[ACME].obeyed, found[ACME].verified) == (False, 1, 1)

    def test_alarms_of_one_window_are_written_with_the_counts(self) -> None:
        with world() as here:
            received = post_standard(here.engine, {}, now=here.now)
            assert received.ready_at is not None
            wake(here.engine, received.ready_at, here.now)
            assert written(here.engine.store) == {("standard", "verified"): Tally(count=1, last_at=here.now)}
            with here.engine.store.read() as books:
                assert {one.state for one in books.events.find()} == {EventState.RECORDED}
