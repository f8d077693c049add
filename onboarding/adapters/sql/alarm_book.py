"""Which alarms were set already?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from onboarding.adapters.sql.rows import insert_new, portions
from onboarding.adapters.sql.tables import alarms

_NOTED = select(alarms.c.name).where(alarms.c.name.in_(bindparam("names", expanding=True)))


class SqlAlarmBook:
    """The names of alarms that were set, in the table `alarms`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unset(self, names: Sequence[str]) -> list[str]:
        """Those of the names that were not noted, each once, in their order."""
        noted: set[str] = set()
        for portion in portions(names):
            noted.update(self._connection.execute(_NOTED, {"names": portion}).scalars())
        return [name for name in dict.fromkeys(names) if name not in noted]

    def note(self, names: Sequence[str], now: datetime) -> None:
        """Remember that they were set."""
        if names:
            statement = insert_new(self._connection.dialect.name, alarms, "name")
            self._connection.execute(statement, [{"name": name, "noted_at": now} for name in names])
