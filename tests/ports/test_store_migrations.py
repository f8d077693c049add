"""Does a database of an earlier release keep all that it knows, and learn what the newest release asks?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text

from onboarding.adapters.sql.engines import address, connect_to
from onboarding.adapters.sql.migrations import configuration, migrate
from onboarding.adapters.sql.people import _row
from onboarding.adapters.sql.rows import to_row
from onboarding.adapters.sql.tables import events, hires, people
from onboarding.domain.events import Event, EventState, Identity
from onboarding.domain.people import Hire, HireState, Person
from onboarding.services.directory import Directory
from onboarding.services.enrolling import enroll_waiting
from tests.databases import opened
from tests.ports.stores import DAY, HOUR, NOW, event, hire, person
from tests.signing import event as told
from tests.worlds import directory, world

NEW = {
    "events": {"digest", "ready_at", "attempts"},
    "people": {"folded_private", "languages", "craft", "seniority"},
}
"""What revision 0001 does not have."""

PEOPLE = [
    person("ada", personal_email="Ada@Example.ORG", interests=("chess ♟", "tea"), first_name="Ana Lúcia"),
    person("bo", personal_email="Straße@example.org", active=False),
    person("cy", work_email="Cy@Example.com"),
]
HIRES = [
    hire("ada", source="bamboo", external_id="7", told_at=NOW + timedelta(microseconds=123456)),
    hire("bo", source="by-hand", external_id="bo", state=HireState.WITHDRAWN, told_at=NOW - DAY),
]
EVENTS = [
    event(1),
    event(2, state=EventState.OBEYED, reason="enrolled", hire_id="ada", settled_at=NOW + DAY),
    event(3, state=EventState.REVIEW, reason="start_date is missing", body='{"name": "Zoë 🎈"}'),
    event(4, state=EventState.EARLY, hire_id="di", reason="an update for di, of whom nobody has told us"),
]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of revision 0001 that a company has worked with."""
    made: str = f"sqlite:///{tmp_path}/old.db"
    if request.param == "postgres":
        made = request.getfixturevalue("postgres_empty_url")
    with _connected(made) as connection:
        command.upgrade(configuration(connection), "0001")
        _fill(connection, PEOPLE, HIRES, EVENTS)
    return made


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = connect_to(address(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _fill(connection: Connection, of: list[Person], on: list[Hire], told_of: list[Event]) -> None:
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (people, [_row(one) for one in of]),
        (hires, [to_row(one) for one in on]),
        (events, [to_row(one) for one in told_of]),
    ]
    for table, given in rows:
        for row in given:
            old = {name: value for name, value in row.items() if name not in NEW.get(table.name, ())}
            connection.execute(table.insert(), old)


def test_nothing_that_was_known_is_lost_or_changed(url: str) -> None:
    migrate(url)
    with opened(url) as store, store.read() as books:
        store.ready()
        assert books.people.all() == PEOPLE
        assert books.hires.find() == HIRES
        assert sorted(books.events.find(), key=lambda one: one.id) == EVENTS


def test_events_are_ready_since_they_were_received_and_wait_as_before(url: str) -> None:
    migrate(url)
    with opened(url) as store, store.begin() as books:
        found = {one.id: one for one in books.events.find()}
        assert {(one.ready_at - one.received_at, one.attempts, one.digest) for one in found.values()} == {
            (timedelta(), 0, "")
        }
        assert [one.id for one in books.events.waiting(10, NOW + HOUR)] == ["event-1"]
        assert books.events.requeue_early("di") == 1


def test_people_are_found_by_their_private_email(url: str) -> None:
    migrate(url)
    with opened(url) as store, store.read() as books:
        assert books.people.by_private_email("ADA@example.org") == [PEOPLE[0]]
        assert books.people.by_private_email("strasse@example.org") == [PEOPLE[1]]
        assert books.people.by_private_email("cy@example.com") == []


def test_the_source_of_a_hire_knows_them_and_has_told_all_of_it_when_it_last_spoke(url: str) -> None:
    migrate(url)
    with opened(url) as store, store.read() as books:
        found = [one for hire_id in ("ada", "bo", "cy") for one in books.identities.of_person(hire_id)]
    assert found == [
        Identity(
            source=one.source,
            external_id=one.external_id,
            person_id=one.id,
            told={"*": one.told_at, "state": one.told_at},
        )
        for one in HIRES
    ]


def test_what_was_taken_back_before_the_column_had_its_name_is_marked_still(url: str) -> None:
    answer = "VALUES ('a', :version, '{}', '2025-03-03 09:00:00', :mark)"
    with _connected(url) as connection:
        command.upgrade(configuration(connection), "0013")
        connection.execute(
            text(
                "INSERT INTO asks (id, hire_id, step, role, person_id, occasion, form, opened_at, closes_at)"
                " VALUES ('a', 'ada', 's', 'hire', 'ada', 'once', 'profile', '2025-03-03 09:00:00',"
                " '2025-03-09 09:00:00')"
            )
        )
        for version, mark in ((1, False), (2, True)):
            connection.execute(
                text(f'INSERT INTO answers (ask_id, version, "values", answered_at, withdrawn) {answer}'),
                {"version": version, "mark": mark},
            )
    migrate(url)
    with opened(url) as store, store.read() as books:
        given = books.asks.answer_to("a")
    assert given is not None
    assert (given.version, given.taken_back) == (2, True)


def test_a_database_without_rows_migrates_too(tmp_path: Path, postgres_empty_url: str) -> None:
    for url in (f"sqlite:///{tmp_path}/empty.db", postgres_empty_url):
        with _connected(url) as connection:
            command.upgrade(configuration(connection), "0001")
        migrate(url)
        with opened(url) as store, store.read() as books:
            assert books.identities.of_source("bamboo") == []


def test_of_two_hires_whom_a_source_calls_the_same_the_newer_one_is_meant(
    tmp_path: Path, postgres_empty_url: str
) -> None:
    first, second = hire("zoe", external_id="9", told_at=NOW), hire("ann", external_id="9", told_at=NOW + DAY)
    for number, url in enumerate([f"sqlite:///{tmp_path}/two.db", postgres_empty_url]):
        with _connected(url) as connection:
            command.upgrade(configuration(connection), "0001")
            _fill(connection, [], [first, second] if number else [second, first], [])
        migrate(url)
        with opened(url) as store, store.read() as books:
            found = books.identities.get("bamboo", "9")
        assert found is not None
        assert found.person_id == "ann"


def test_a_hire_of_the_earlier_release_is_changed_by_their_source_and_an_old_message_changes_nothing(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    somebody = person(
        "n1", first_name="Amihan", last_name="Quill", work_email="amihan@example.com", time_zone="Asia/Manila",
        personal_email="amihan@example.org", manager_id="manila-lead", start_date=HIRES[0].first_day,
    )  # fmt: skip
    known = hire("n1", source="standard", external_id="n1", told_at=NOW)
    late = event(1, source="standard", received_at=NOW - HOUR, body=told(job_title="Painter").decode())
    new = event(2, source="standard", received_at=NOW + HOUR, body=told("hire.withdrawn").decode())
    with _connected(url) as connection:
        command.upgrade(configuration(connection), "0001")
        _fill(connection, [*directory(), somebody], [known], [late, new])
    migrate(url)
    with opened(url) as store, world("2025-03-03 12:00", store=store, people=[]) as here:
        done = enroll_waiting(here.engine, here.now)
        assert [one.reason for one in done] == ["older than what is known", "withdrawn"]
        with store.begin() as books:
            assert Directory(books).get("n1") == replace(somebody, active=False)
