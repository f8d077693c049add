"""What of the lists to do is done?"""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, exists, func, insert, select

from onboarding.adapters.sql.rows import columns, many, to_row
from onboarding.adapters.sql.tables import ticks
from onboarding.domain.lists import Tick

_TASK = (ticks.c.hire_id, ticks.c.step, ticks.c.occasion, ticks.c.task)
_LAST = select(func.max(ticks.c.version)).where(and_(*(one == bindparam(f"of_{one.name}") for one in _TASK)))
_LATER = ticks.alias("later")
_NEWEST = (
    select(*columns(ticks, Tick))
    .where(
        ticks.c.hire_id == bindparam("of_hire"),
        ~exists().where(
            *(_LATER.c[one.name] == one for one in _TASK),
            _LATER.c.version > ticks.c.version,
        ),
    )
    .order_by(ticks.c.step, ticks.c.occasion, ticks.c.task)
)


class SqlTicks:
    """Every version of what was said of each task, in the table `ticks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, tick: Tick) -> None:
        """Store it as a new version."""
        place = {f"of_{one.name}": getattr(tick, one.name) for one in _TASK}
        last = self._connection.execute(_LAST, place).scalar_one()
        self._connection.execute(insert(ticks), to_row(tick) | {"version": (last or 0) + 1})

    def of_hire(self, hire_id: str) -> list[Tick]:
        """The newest of each task about a hire."""
        return many(self._connection, Tick, _NEWEST, of_hire=hire_id)
