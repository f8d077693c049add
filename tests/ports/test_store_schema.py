"""Do migrations make exactly the tables that the store uses, and does every frequent question use an index?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.engines import HEAD
from onboarding.adapters.sql.migrations import configuration, migrate
from onboarding.adapters.sql.tables import Id, metadata
from onboarding.domain.delivery import State
from onboarding.domain.errors import Unavailable
from onboarding.domain.events import EventState
from onboarding.ports import Books
from tests.databases import opened
from tests.ports.stores import DAY, NOW, many_planned, person, planned


def test_migrations_make_exactly_the_tables_of_the_metadata(store: SqlStore) -> None:
    with store._writing.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_a_store_in_memory_has_the_tables_and_indexes_that_migrations_make(
    sqlite_store: SqlStore, memory_store: SqlStore
) -> None:
    def schema(store: SqlStore) -> dict[str, set[str]]:
        with store._writing.begin() as connection:
            found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
        return {name: _parts(sql) for name, sql in found if name != "alembic_version"}

    assert schema(memory_store) == schema(sqlite_store)


def _parts(sql: str) -> set[str]:
    """The lines of a statement; a table that was changed is written anew by SQLite, with its name in quotes."""
    return {line.strip().rstrip(",").replace('"', "") for line in sql.splitlines()}


def test_on_postgres_ids_compare_byte_by_byte_and_partial_indexes_are_partial(postgres_store: SqlStore) -> None:
    collations = "SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C'"
    partial = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%WHERE%'"
    with postgres_store._writing.begin() as connection:
        bytewise = {tuple(row) for row in connection.execute(text(collations))}
        indexes = set(connection.execute(text(partial)).scalars())
    ids = {
        (table.name, column.name) for table in metadata.sorted_tables for column in table.c if column.type is Id
    }
    assert ids <= bytewise
    assert indexes == {
        "ix_deliveries_due",
        "ix_deliveries_begun",
        "ix_events_waiting",
        "ix_events_early",
        "ix_people_folded_private",
        "ix_meetings_stuck",
    }


def test_the_newest_revision_is_the_one_that_the_program_needs() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_migrating_again_changes_nothing_and_loses_nothing(database_url: str) -> None:
    with opened(database_url) as store, store.begin() as books:
        books.people.put(person())
    migrate(database_url)
    with opened(database_url) as store, store.read() as books:
        assert books.people.all() == [person()]


def test_migrating_is_quiet_and_leaves_logging_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("alembic").level)
    migrate(f"sqlite:///{tmp_path}/quiet.db")
    assert (root.level, list(root.handlers), logging.getLogger("alembic").level) == before
    assert capfd.readouterr() == ("", "")


def test_two_processes_may_migrate_one_new_database_at_once(
    two_processes: ProcessPoolExecutor, tmp_path: Path, postgres_empty_url: str
) -> None:
    for url in (f"sqlite:///{tmp_path}/new.db", postgres_empty_url):
        list(two_processes.map(migrate, [url] * 4))
        with opened(url) as store:
            store.ready()


def test_a_new_sqlite_file_gets_its_folder_and_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "home" / "onboarding.db"
    migrate(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o077 == 0


def test_a_path_with_a_percent_sign_can_be_migrated(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/100%.db")
    with closing(connect(tmp_path / "100%.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_a_database_in_memory_needs_no_migration() -> None:
    migrate("sqlite://")


def test_a_server_that_is_not_there_cannot_be_migrated() -> None:
    with pytest.raises(Unavailable):
        migrate("postgresql://nobody@127.0.0.1:9/nothing")


def test_an_sqlite_file_keeps_writing_apart_from_reading_and_checks_its_references(sqlite_store: SqlStore) -> None:
    with sqlite_store._writing.begin() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
    assert found == ["wal", 2, 1, 30_000]  # 2: FULL, 1: on


def test_a_transition_without_its_delivery_is_refused(store: SqlStore) -> None:
    orphan = metadata.tables["transitions"].insert()
    with store._writing.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(orphan, {"number": 7, "at": NOW, "before": "", "after": State.SENT, "reason": ""})


QUESTIONS: dict[str, tuple[Callable[[Books], object], str]] = {
    "due": (lambda books: books.deliveries.due(NOW, 10), "SEARCH deliveries USING INDEX ix_deliveries_due"),
    "claim": (
        lambda books: books.deliveries.claim(NOW, claim="run-1", limit=1),
        "SEARCH deliveries USING COVERING INDEX ix_deliveries_due",
    ),
    "next_due": (lambda books: books.deliveries.next_due(), "USING COVERING INDEX ix_deliveries_due"),
    "due_moments": (
        lambda books: books.deliveries.due_moments(NOW, NOW + DAY),
        "SEARCH deliveries USING COVERING INDEX ix_deliveries_due",
    ),
    "stale": (lambda books: books.deliveries.stale(NOW), "SEARCH deliveries USING INDEX ix_deliveries_begun"),
    "in_states": (
        lambda books: books.deliveries.in_states([State.UNKNOWN, State.FAILED]),
        "SEARCH deliveries USING INDEX ix_deliveries_begun (state=?)",
    ),
    "counts": (lambda books: books.deliveries.counts(), "USING COVERING INDEX ix_deliveries"),
    "of_hire": (lambda books: books.deliveries.of_hire("ada"), "SEARCH deliveries USING INDEX ix_deliveries_hire"),
    "get": (
        lambda books: books.deliveries.get("key"),
        "SEARCH deliveries USING INDEX sqlite_autoindex_deliveries",
    ),
    "history": (
        lambda books: books.deliveries.history("key"),
        "SEARCH transitions USING INDEX ix_transitions_number",
    ),
    "start_sending": (
        lambda books: books.deliveries.start_sending("key", claim="run-1", now=NOW),
        "SEARCH deliveries USING INDEX sqlite_autoindex_deliveries",
    ),
    "events.waiting": (lambda books: books.events.waiting(10, NOW), "USING INDEX ix_events_waiting"),
    "events.next_ready": (lambda books: books.events.next_ready(), "USING INDEX ix_events_waiting"),
    "events.oldest_waiting": (
        lambda books: books.events.oldest_waiting(),
        "SCAN events USING INDEX ix_events_source_state_received_at",
    ),
    "events.still_waiting": (
        lambda books: books.events.still_waiting(["event-1"]),
        "SEARCH events USING INDEX sqlite_autoindex_events_1",
    ),
    "events.requeue_early": (
        lambda books: books.events.requeue_early("ada"),
        "SEARCH events USING INDEX ix_events_early (hire_id=?)",
    ),
    "events.find": (
        lambda books: books.events.find(source="bamboo", state=EventState.REVIEW),
        "SEARCH events USING INDEX ix_events_source_state_received_at (source=? AND state=?)",
    ),
    "events.summary": (
        lambda books: books.events.summary(),
        "USING COVERING INDEX ix_events_source_state_received_at",
    ),
    "meetings.stuck": (lambda books: books.meetings.stuck(NOW), "SEARCH meetings USING INDEX ix_meetings_stuck"),
    "meetings.of_person": (
        lambda books: books.meetings.of_person("ada"),
        "SEARCH meeting_people USING INDEX ix_meeting_people_person_id (person_id=?)",
    ),
    "meetings.attendees": (
        lambda books: books.meetings.attendees("coffee"),
        "SEARCH meeting_people USING INDEX sqlite_autoindex_meeting_people_1 (meeting_id=?)",
    ),
    "identities.get": (
        lambda books: books.identities.get("bamboo", "7"),
        "SEARCH identities USING INDEX sqlite_autoindex_identities_1 (source=? AND external_id=?)",
    ),
    "identities.of_person": (
        lambda books: books.identities.of_person("ada"),
        "SEARCH identities USING INDEX ix_identities_person_id",
    ),
    "identities.of_source": (
        lambda books: books.identities.of_source("bamboo"),
        "SEARCH identities USING INDEX sqlite_autoindex_identities_1 (source=?)",
    ),
    "people.by_private_email": (
        lambda books: books.people.by_private_email("a@example.org"),
        "SEARCH people USING INDEX ix_people_folded_private",
    ),
    "people.by_email": (
        lambda books: books.people.by_email("a@example.com"),
        "USING INDEX ix_people_folded_email",
    ),
    "people.reports_to": (lambda books: books.people.reports_to("max"), "USING INDEX ix_people_manager_id"),
    "hires.find": (
        lambda books: books.hires.find(first_day_from=NOW.date(), first_day_to=NOW.date()),
        "USING INDEX ix_hires_first_day",
    ),
    "pairings.load": (lambda books: books.pairings.load("buddy", NOW.date()), "USING INDEX ix_pairings_role"),
    "meetings.of_people": (
        lambda books: books.meetings.of_people(["ada"], NOW, NOW),
        "SEARCH meeting_people USING INDEX ix_meeting_people_person_id",
    ),
    "asks.of_hire": (lambda books: books.asks.of_hire("ada"), "USING INDEX ix_asks_hire_id"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_frequent_question_uses_an_index(sqlite_store: SqlStore, name: str) -> None:
    ask, expected = QUESTIONS[name]
    plans = _explained(sqlite_store, ask)
    assert any(expected in line for line in plans), plans
    assert not [line for line in plans if line.startswith("SCAN deliveries") and "USING" not in line]


def test_what_falls_due_needs_no_sorting(sqlite_store: SqlStore) -> None:
    for name in ("due", "claim", "next_due", "due_moments", "of_hire"):
        assert not [line for line in _explained(sqlite_store, QUESTIONS[name][0]) if "B-TREE" in line], name


def test_on_postgres_what_is_due_goes_by_the_partial_index_and_a_swap_by_the_key(postgres_store: SqlStore) -> None:
    with postgres_store.begin() as books:
        books.deliveries.plan([*many_planned(1500, due_at=NOW + DAY), planned()], NOW)
    with postgres_store._writing.begin() as connection:
        connection.exec_driver_sql("ANALYZE deliveries")
    with postgres_store.begin() as books:  # a burst that the statistics do not know of yet
        books.deliveries.claim(NOW + DAY, claim="run-1", limit=1000)
    start = "Index Scan using uq_deliveries_key on deliveries"
    assert start in "\n".join(_explained(postgres_store, QUESTIONS["start_sending"][0]))
    for name in ("due", "claim", "next_due", "due_moments"):
        assert "using ix_deliveries_due on deliveries" in "\n".join(
            _explained(postgres_store, QUESTIONS[name][0])
        ), name


def _explained(store: SqlStore, ask: Callable[[Books], object]) -> list[str]:
    """The database's plan for every statement that a question makes."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        statements.append((statement, values))

    event.listen(store._writing, "before_cursor_execute", note)
    with store.begin() as books:
        ask(books)
    event.remove(store._writing, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if store._writing.dialect.name == "sqlite" else "EXPLAIN"
    with store._writing.begin() as connection:
        return [
            row[-1]
            for statement, values in statements
            if statement.startswith(("SELECT", "UPDATE", "WITH"))
            for row in connection.exec_driver_sql(f"{explain} {statement}", values).all()
        ]
