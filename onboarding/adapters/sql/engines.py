"""How is each database spoken to, and when does it count as not answering?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.schema import CreateIndex, CreateTable

from onboarding.adapters.sql.tables import metadata
from onboarding.domain.errors import BadSettings, Unavailable

HEAD = "0014"
"""The newest revision in `migrations/versions`; kept here because importing Alembic takes 0.2 s."""

_READING = "onboarding_reading"
WITHIN = "onboarding_within"
"""The option of a transaction that waits for another writer only so many seconds."""

WAIT_SECONDS = 30
"""How long a transaction waits for another one before the database counts as not answering."""

_AGAIN = 0.002
"""Seconds between two tries to become SQLite's one writer; a try takes some 20 microseconds."""

_NEVER = Event()
"""Nobody sets it: to wait for it is to sleep."""

_SWITCHES = 100
"""Tries, twenty a second, to switch a new file to write-ahead logging."""

_SQLITE_BUSY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def address(url: str) -> URL:
    """The address of a database, with the driver that we use.

    Raises:
        BadSettings: when it is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
        patience(parsed)
    except (ArgumentError, ValueError):  # a ValueError quotes what stands where a port or a number should
        raise BadSettings(["ONBOARDING_DATABASE_URL cannot be read as the address of a database"]) from None
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed
    raise BadSettings(["ONBOARDING_DATABASE_URL must start with sqlite:// or postgresql://"])


def in_memory(url: URL) -> bool:
    """Whether it is an SQLite database that ends with its connection."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def patience(url: URL) -> float:
    """For how many seconds a transaction waits for another one in SQLite: `?timeout=` of its address, or 30."""
    return float(str(url.query.get("timeout", WAIT_SECONDS)))


def connect_to(url: URL) -> Engine:
    """An engine; nothing is opened yet. Errors never show parameters, which may be personal."""
    if url.get_backend_name() == "postgresql":
        wanted = {"connect_timeout": 10, "options": f"-c lock_timeout={WAIT_SECONDS}s"}
        given = {name: value for name, value in wanted.items() if name not in url.query}
        return create_engine(url, connect_args=given, hide_parameters=True, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"timeout": patience(url), "isolation_level": None}}
    if in_memory(url):
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    else:
        options["max_overflow"] = 35  # with the pool's five: one for each of the web's 40 threads
    engine = create_engine(url, hide_parameters=True, **options)
    if not in_memory(url):
        event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _open_memory if in_memory(url) else _open_file)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def reader(engine: Engine) -> Engine:
    """The same connections for transactions that see one moment and refuse to write."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(**{_READING: True})


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's ways of not answering into Unavailable; let a refused value speak for itself."""
    try:
        yield
    except NoFreeConnection as error:
        raise Unavailable("every connection to the database is busy") from error
    except DBAPIError as error:
        if _no_tables(error):
            raise Unavailable("the database has no tables yet: `onboarding migrate` makes them") from error
        if _no_answer(error):
            raise Unavailable(f"the database does not answer: {type(error.orig).__name__}") from error
        _hide_row(error)
        raise
    except StatementError as error:
        if isinstance(error.orig, ValueError):
            raise error.orig from None
        raise


def _no_answer(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        code: int = getattr(error.orig, "sqlite_errorcode", 0)
        return code & 0xFF in _SQLITE_BUSY  # the low byte is the primary code: sqlite.org/rescode.html
    return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")


def _no_tables(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "UndefinedTable" or str(error.orig).startswith("no such table: ")


def _hide_row(error: DBAPIError) -> None:
    """Keep the first line: in the next one PostgreSQL shows the whole row that it refused."""
    for each in (error, error.orig):
        if each is not None and each.args:
            each.args = (str(each.args[0]).partition("\n")[0], *each.args[1:])


def _make_private(_dialect: object, _record: object, given: list[str], _options: object) -> None:
    """Make a new file readable for its owner only: whoever only asks whether there are tables makes it, too."""
    with suppress(OSError):  # it is there already, or SQLite will say what is wrong
        if not given[0].startswith("file:"):
            Path(given[0]).touch(mode=0o600, exist_ok=False)


def _open_file(connection: sqlite3.Connection, _record: object) -> None:
    _write_ahead(connection)
    # FULL: a power cut must not lose a committed `sending`, or its mail could leave twice (sqlite.org/pragma.html)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what somebody takes back is overwritten, not only unlinked


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL; SQLite does not wait by itself while another connection does so."""
    for _ in range(_SWITCHES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            _NEVER.wait(0.05)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _open_memory(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(_script())


def _script() -> str:
    """The newest schema as one SQLite script, for a database that no migration ever sees."""
    dialect = create_engine("sqlite://").dialect
    made: list[CreateTable | CreateIndex] = []
    for table in metadata.sorted_tables:
        made.append(CreateTable(table))
        made.extend(CreateIndex(index) for index in sorted(table.indexes, key=lambda index: str(index.name)))
    statements = [str(each.compile(dialect=dialect)) for each in made]
    return ";\n".join([*statements, f"CREATE TABLE alembic_version AS SELECT '{HEAD}' AS version_num"])


def _begin_sqlite(connection: Connection) -> None:
    """Take the writer's place at once, or promise not to write.

    Without IMMEDIATE a transaction that reads first and writes later fails as soon as another one wrote between.
    """
    reading = bool(connection.get_execution_options().get(_READING))
    if connection.info.get(_READING) is not reading:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA query_only = {int(reading)}")
        connection.info[_READING] = reading
    if reading:
        connection.exec_driver_sql("BEGIN")
    else:
        _take_the_writers_place(connection)


def _take_the_writers_place(connection: Connection) -> None:
    """Ask for it every few milliseconds, for as long as this transaction may wait.

    SQLite's own waiting sleeps for up to a tenth of a second between two tries.
    """
    driver: Any = connection.connection.dbapi_connection
    patient = patience(connection.engine.url)
    end = monotonic() + (connection.get_execution_options().get(WITHIN) or patient)
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while not _began(driver) and monotonic() < end:
            _NEVER.wait(_AGAIN)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last try, whose error is translated
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(patient * 1000)}")


def _began(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    return True
