"""Which store does a contract test run on? On each of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from onboarding.adapters.sql import SqlStore
from tests.ports.stores import start_together


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with all tables, once SQLite, once PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> SqlStore:
    """A fresh store, once in SQLite, once in PostgreSQL."""
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture(scope="session")
def two_processes() -> Iterator[ProcessPoolExecutor]:
    """Two other processes, both running."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context, start_together, (context.Barrier(2),)) as executor:
        yield executor
