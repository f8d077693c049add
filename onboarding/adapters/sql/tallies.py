"""How often did something happen at a door?"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from onboarding.adapters.sql.rows import insert_or_add
from onboarding.adapters.sql.tables import tallies
from onboarding.domain.events import Tally


class SqlTallies:
    """Counts in the table `tallies`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, tallies_: Mapping[tuple[str, str], Tally]) -> None:
        """Add counts; the newest moment stays."""
        statement = insert_or_add(self._connection.dialect.name, tallies, adds="count", keeps_newest="last_at")
        for (source, what), tally in sorted(
            tallies_.items()
        ):  # always in one order: two writers never wait crosswise
            row = {"source": source, "what": what, "count": tally.count, "last_at": tally.last_at}
            self._connection.execute(statement, row)

    def all(self) -> dict[tuple[str, str], Tally]:
        """Every count."""
        rows = self._connection.execute(select(tallies).order_by(tallies.c.source, tallies.c.what)).all()
        return {(row.source, row.what): Tally(count=row[2], last_at=row.last_at) for row in rows}
