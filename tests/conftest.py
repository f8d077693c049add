"""What do many tests share? Databases, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from onboarding.adapters.sql import SqlStore
from tests.databases import PostgresServer, SqliteFiles, opened, postgres_server
from tests.sinks.radicale import Radicale, radicale

settings.register_profile("suite", max_examples=60)
settings.register_profile("fast", max_examples=10)
settings.register_profile("long", max_examples=1000)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """Makes SQLite databases."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run; started by the first test that wants it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def caldav_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """A CalDAV server for the whole run; started by the first test that wants it."""
    with radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """The address of a fresh SQLite file with all tables."""
    return sqlite_files.fresh(tmp_path)


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a PostgreSQL database with all tables and no rows."""
    url = postgres.lend()
    yield url
    postgres.take_back(url)


@pytest.fixture
def postgres_empty_url(postgres: PostgresServer) -> str:
    """The address of a fresh PostgreSQL database without tables."""
    return postgres.empty()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    """A fresh store in an SQLite file."""
    with opened(sqlite_url) as store:
        yield store


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[SqlStore]:
    """A fresh store in PostgreSQL."""
    with opened(postgres_url) as store:
        yield store


@pytest.fixture
def memory_store() -> Iterator[SqlStore]:
    """A fresh store in memory: the fastest, for one transaction at a time."""
    with opened("sqlite://") as store:
        yield store


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a browser is known by its folder."""
    for item in items:
        if "browser" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.browser)
