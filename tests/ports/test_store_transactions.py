"""Does the store keep the contract of Store: transactions, errors, opening and closing?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.engines import HEAD, translated
from onboarding.domain.errors import BadSettings, Unavailable
from onboarding.ports import Books, Store
from tests.databases import opened
from tests.ports.stores import NOW, Crash, crash_after, event, hire, meeting, pairing, person, planned

NAIVE = datetime(2025, 3, 3, 9)  # noqa: DTZ001 -- what the store must refuse


def test_what_was_begun_is_committed_at_the_end(database_url: str) -> None:
    with opened(database_url) as store, store.begin() as books:
        books.people.put(person())
    with opened(database_url) as store, store.read() as books:
        assert books.people.get("ada") == person()


def test_a_crash_leaves_nothing_of_any_book(store: SqlStore) -> None:
    def work(books: Books) -> None:
        books.events.record(event())
        books.people.put(person())
        books.hires.put(hire())
        books.deliveries.plan([planned()], NOW)
        books.pairings.put(pairing())
        books.meetings.put(meeting())
        books.alarms.note(["alarm"], NOW)

    with pytest.raises(Crash):
        crash_after(store, work)
    with store.read() as books:
        assert books.events.find() == []
        assert books.people.all() == []
        assert books.hires.find() == []
        assert books.deliveries.counts() == {}
        assert books.deliveries.history(planned().key) == []
        assert books.pairings.of_hire("ada") == []
        assert books.meetings.of_hire("ada") == []
        assert books.alarms.unset(["alarm"]) == ["alarm"]


def test_what_is_not_committed_is_not_seen(store: SqlStore) -> None:
    with store.begin() as writing:
        writing.people.put(person())
        with store.read() as reading:
            assert reading.people.all() == []
    with store.read() as reading:
        assert reading.people.all() == [person()]


def test_a_reader_never_waits_for_a_writer_nor_a_writer_for_a_reader(store: SqlStore) -> None:
    with store.read() as reading:
        assert reading.people.all() == []
        with store.begin() as writing:
            writing.people.put(person())
            assert reading.people.all() == []
        assert reading.people.all() == []  # one transaction sees one moment


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "memory"])
def test_a_transaction_for_reading_refuses_to_write(request: pytest.FixtureRequest, kind: str) -> None:
    store: Store = request.getfixturevalue(f"{kind}_store")
    with store.read() as books, pytest.raises(DBAPIError, match=r"read-?only"):
        books.people.put(person())
    with store.begin() as books:
        books.people.put(person())


def test_a_closed_store_opens_again(store: SqlStore) -> None:
    with store.begin() as books:
        books.people.put(person())
    store.close()
    store.close()
    with store.read() as books:
        assert books.people.all() == [person()]


def test_a_store_with_the_newest_tables_is_ready(store: SqlStore) -> None:
    store.ready()


def test_a_database_without_tables_is_not_ready(tmp_path: Path, postgres_empty_url: str) -> None:
    for url in (f"sqlite:///{tmp_path}/empty.db", postgres_empty_url):
        with opened(url) as store, pytest.raises(Unavailable, match="no tables"):
            store.ready()


def test_a_database_of_another_revision_is_not_ready(store: SqlStore) -> None:
    _pretend_to_be_at(store, "9999")
    with pytest.raises(Unavailable, match=f"at revision 9999, this program needs {HEAD}"):
        store.ready()
    _pretend_to_be_at(store, HEAD)


def _pretend_to_be_at(store: SqlStore, revision: str) -> None:
    with store._writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_an_sqlite_file_that_another_writer_holds_does_not_answer(sqlite_url: str) -> None:
    with (
        opened(sqlite_url) as holder,
        opened(f"{sqlite_url}?timeout=0.05") as other,
        holder.begin(),
        pytest.raises(Unavailable, match="does not answer"),
        other.begin(),
    ):
        pass


def test_a_thread_that_waits_for_another_one_for_too_long_gets_no_answer(sqlite_url: str) -> None:
    refused: list[str] = []

    def write() -> None:
        try:
            _within(store, lambda books: books.people.put(person()))
        except Unavailable as error:
            refused.append(str(error))

    with opened(f"{sqlite_url}?timeout=0.05") as store, store.begin():
        writer = Thread(target=write)
        writer.start()
        writer.join()
    assert refused == ["another thread holds the database"]


def test_no_free_connection_means_no_answer() -> None:
    with pytest.raises(Unavailable, match="every connection"), translated():
        raise NoFreeConnection


def test_a_mistake_of_the_program_is_not_mistaken_for_no_answer(sqlite_store: SqlStore) -> None:
    with pytest.raises(StatementError):
        _within(sqlite_store, lambda books: books.hires.put(hire(first_day="2025-03-03")))


def test_an_sqlite_file_that_cannot_be_opened_does_not_answer(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/no-such-folder/x.db") as store:
        for transaction in (store.begin, store.read):
            with pytest.raises(Unavailable), transaction():
                pass
        with pytest.raises(Unavailable):
            store.ready()


def test_a_postgres_that_is_not_there_does_not_answer() -> None:
    with opened("postgresql://nobody@127.0.0.1:9/nothing") as store:
        for transaction in (store.begin, store.read):
            with pytest.raises(Unavailable), transaction():
                pass
        with pytest.raises(Unavailable):
            store.ready()


def test_a_postgres_that_hangs_up_does_not_answer_and_the_next_transaction_heals(
    postgres_url: str, postgres_store: SqlStore
) -> None:
    with pytest.raises(Unavailable), postgres_store.begin() as books:
        _hang_up(postgres_url, books)
    with postgres_store.begin() as books:
        assert books.people.all() == []
    _terminate(postgres_url)  # while nobody uses the connection
    with postgres_store.begin() as books:
        assert books.people.all() == []


def _hang_up(url: str, books: Books) -> None:
    books.people.put(person())
    _terminate(url)
    books.people.all()


def _terminate(url: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"{others} AND pid <> pg_backend_pid()")
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://example.com/x", "not an address", "postgresql+asyncpg://example.com/x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_DATABASE_URL"):
        SqlStore(url)


def test_a_password_never_appears_when_an_address_is_refused() -> None:
    with pytest.raises(BadSettings) as refused:
        SqlStore("mysql://root:sesame@example.com/x")
    assert "sesame" not in str(refused.value)


WRITES: list[Callable[[Books], object]] = [
    lambda books: books.events.record(event(received_at=NAIVE)),
    lambda books: books.hires.put(hire(told_at=NAIVE)),
    lambda books: books.deliveries.plan([planned()], NAIVE),
    lambda books: books.deliveries.claim(NAIVE, claim="run-1", limit=1),
    lambda books: books.deliveries.due(NAIVE, 1),
    lambda books: books.deliveries.due_moments(NAIVE, NOW),
    lambda books: books.deliveries.stale(NAIVE),
    lambda books: books.pairings.put(pairing(made_at=NAIVE)),
    lambda books: books.meetings.put(meeting(starts_at=NAIVE)),
    lambda books: books.meetings.of_people(["ada"], NAIVE, NOW),
    lambda books: books.alarms.note(["alarm"], NAIVE),
]


@pytest.mark.parametrize("work", WRITES, ids=[str(number) for number in range(len(WRITES))])
def test_a_moment_without_a_zone_is_refused(store: SqlStore, work: Callable[[Books], object]) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        _within(store, work)


def _within(store: Store, work: Callable[[Books], object]) -> None:
    with store.begin() as books:
        work(books)


def test_an_error_of_the_database_does_not_show_anybodys_words(store: SqlStore) -> None:
    with pytest.raises(DBAPIError) as refused:
        _within(store, lambda books: books.people.put(person(first_name=None, last_name="Lovelace")))
    assert "Lovelace" not in str(refused.value)


def test_a_store_in_memory_has_its_tables_from_the_start(memory_store: SqlStore) -> None:
    memory_store.ready()
    with memory_store.begin() as books:
        books.deliveries.plan([planned()], NOW)
    with memory_store.read() as books:
        assert books.deliveries.next_due() == NOW


def test_stores_in_memory_know_nothing_of_each_other_and_forget_when_closed(memory_store: SqlStore) -> None:
    with memory_store.begin() as books:
        books.people.put(person())
    with opened("sqlite://") as other, other.read() as books:
        assert books.people.all() == []
    memory_store.close()
    with memory_store.read() as books:
        assert books.people.all() == []


def test_threads_take_turns_on_a_store_in_memory(memory_store: SqlStore) -> None:
    inside, seen = Event(), []

    def read() -> None:
        inside.set()
        with memory_store.read() as books:
            seen.extend(books.people.all())

    with memory_store.begin() as books:
        reader = Thread(target=read)
        reader.start()
        inside.wait()
        books.people.put(person())
    reader.join()
    assert seen == [person()]
