"""Which hires are on a journey?"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, select

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, one, to_row
from onboarding.adapters.sql.tables import hires
from onboarding.domain.people import Hire

_ALL = select(*columns(hires, Hire)).order_by(hires.c.first_day, hires.c.id)
_GET = _ALL.where(hires.c.id == bindparam("hire_id"))


class SqlHires:
    """Hires in the table `hires`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, hire: Hire) -> None:
        """Insert or replace the hire of that id."""
        self._connection.execute(insert_or_replace(self._connection.dialect.name, hires), to_row(hire))

    def get(self, hire_id: str) -> Hire | None:
        """The hire of that id."""
        return one(self._connection, Hire, _GET, hire_id=hire_id)

    def find(self, *, first_day_from: date | None = None, first_day_to: date | None = None) -> list[Hire]:
        """Hires by (first_day, id); both bounds inclusive."""
        query = _ALL
        if first_day_from is not None:
            query = query.where(hires.c.first_day >= first_day_from)
        if first_day_to is not None:
            query = query.where(hires.c.first_day <= first_day_to)
        return many(self._connection, Hire, query)
