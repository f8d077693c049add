"""How does a database get the newest tables?"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from onboarding.adapters.sql.engines import address, connect_to, in_memory, translated

_LOCK = 0x6F6E626F6172  # "onboar": the advisory lock that two migrations at once take in turn


def migrate(url: str) -> None:
    """Bring a database to the newest tables in one transaction; a second call at the same time waits its turn.

    A new SQLite file is made readable for its owner only.

    Raises:
        Unavailable: when the database does not answer.
        BadSettings: when the address is of another kind of database.
    """
    where = address(url)
    if in_memory(where):
        return  # it is born with the newest tables
    if where.get_backend_name() == "sqlite":
        _make_private(Path(str(where.database)))
    engine = connect_to(where)
    try:
        with translated(), engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            command.upgrade(configuration(connection), "head")
    finally:
        engine.dispose()


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic needs to know, without a file; with a connection, for commands that speak to a database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _make_private(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=True)
