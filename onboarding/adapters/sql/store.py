"""How is everything remembered in an SQL database?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from sqlalchemy import Connection, Engine, text

from onboarding.adapters.sql.accounts import SqlAccounts
from onboarding.adapters.sql.alarm_book import SqlAlarmBook
from onboarding.adapters.sql.asks import SqlAsks
from onboarding.adapters.sql.busy import SqlBusy
from onboarding.adapters.sql.coffee import SqlCoffee
from onboarding.adapters.sql.deliveries import SqlDeliveries
from onboarding.adapters.sql.engines import (
    HEAD,
    WITHIN,
    address,
    connect_to,
    in_memory,
    patience,
    reader,
    translated,
)
from onboarding.adapters.sql.events import SqlEvents
from onboarding.adapters.sql.feeds import SqlFeeds
from onboarding.adapters.sql.hires import SqlHires
from onboarding.adapters.sql.identities import SqlIdentities
from onboarding.adapters.sql.leavers import SqlLeavers
from onboarding.adapters.sql.meetings import SqlMeetings
from onboarding.adapters.sql.pairings import SqlPairings
from onboarding.adapters.sql.people import SqlPeople
from onboarding.adapters.sql.photos import SqlPhotos
from onboarding.adapters.sql.preferences import SqlPreferences
from onboarding.adapters.sql.queueing import WritersQueue
from onboarding.adapters.sql.replies import SqlReplies
from onboarding.adapters.sql.tallies import SqlTallies
from onboarding.adapters.sql.ticks import SqlTicks
from onboarding.domain.errors import Unavailable

_REVISION = text("SELECT version_num FROM alembic_version")


class SqlBooks:
    """All books on one connection, inside its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.events = SqlEvents(connection)
        self.people = SqlPeople(connection)
        self.photos = SqlPhotos(connection)
        self.leavers = SqlLeavers(connection)
        self.preferences = SqlPreferences(connection)
        self.hires = SqlHires(connection)
        self.identities = SqlIdentities(connection)
        self.deliveries = SqlDeliveries(connection)
        self.pairings = SqlPairings(connection)
        self.meetings = SqlMeetings(connection)
        self.asks = SqlAsks(connection)
        self.ticks = SqlTicks(connection)
        self.alarms = SqlAlarmBook(connection)
        self.tallies = SqlTallies(connection)
        self.accounts = SqlAccounts(connection)
        self.coffee = SqlCoffee(connection)
        self.replies = SqlReplies(connection)
        self.feeds = SqlFeeds(connection)
        self.busy = SqlBusy(connection)


class SqlStore:
    """The store in SQLite or PostgreSQL, safe for several threads and several processes.

    `url` is an SQLAlchemy address: `sqlite:////path/to/file.db`, `postgresql://host/name`, or `sqlite://` for a
    database in memory that has its tables from the start, forgets everything on `close` and takes one transaction
    at a time. For the others `onboarding.adapters.sql.migrations.migrate` makes the tables.

    Raises:
        BadSettings: when the address is of another kind of database.
    """

    def __init__(self, url: str) -> None:
        where = address(url)
        self._writing = connect_to(where)
        self._reading = reader(self._writing)
        self._in_memory = in_memory(where)
        self._queue: WritersQueue | None = None
        if where.get_backend_name() == "sqlite":
            self._queue = WritersQueue(None if self._in_memory else where.database)
        self._patience = patience(where)

    @contextmanager
    def begin(self, *, within: float = 0) -> Iterator[SqlBooks]:
        """A transaction for reading and writing: committed at the end, rolled back on an error."""
        patience = within or self._patience
        hurried = self._writing.execution_options(**{WITHIN: within}) if within else self._writing
        with self._turn(patience), ExitStack() as transaction:
            with self._queue.head(patience) if self._queue else nullcontext():
                connection = transaction.enter_context(self._transaction(hurried))
            yield SqlBooks(connection)

    @contextmanager
    def read(self) -> Iterator[SqlBooks]:
        """A transaction that sees one moment, never waits for a writer and refuses to write."""
        with (
            self._turn(self._patience) if self._in_memory else nullcontext(),
            self._transaction(self._reading) as connection,
        ):
            yield SqlBooks(connection)

    def close(self) -> None:
        """Give connections back; another `begin` opens them again."""
        self._writing.dispose()
        if self._queue:
            self._queue.close()

    def ready(self) -> None:
        """Raise Unavailable unless the database answers and its schema is the newest."""
        with self._transaction(self._reading) as connection:
            found = connection.execute(_REVISION).scalar_one_or_none()
        if found != HEAD:
            raise Unavailable(f"the database stands at revision {found or 'none'}, this program needs {HEAD}")

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with translated(), engine.begin() as connection:
            yield connection

    def _turn(self, seconds: float) -> AbstractContextManager[None]:
        return self._queue.turn(seconds) if self._queue else nullcontext()
