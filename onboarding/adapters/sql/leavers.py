"""Who has left, and what they told of themselves is still kept?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from onboarding.adapters.sql.rows import columns, insert_new, many, portions, to_row
from onboarding.adapters.sql.tables import leavers
from onboarding.domain.people import Leaver

_ALL = select(*columns(leavers, Leaver)).order_by(leavers.c.person_id)
_DROP = delete(leavers).where(leavers.c.person_id.in_(bindparam("ids", expanding=True)))
_FORGOTTEN = (
    update(leavers)
    .where(leavers.c.person_id == bindparam("of_person"))
    .values(forgotten_at=bindparam("now", type_=leavers.c.forgotten_at.type))
)


class SqlLeavers:
    """Leavers in the table `leavers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Leaver]:
        """Everybody who was noticed, by id."""
        return many(self._connection, Leaver, _ALL)

    def notice(self, person_ids: Collection[str], now: datetime) -> None:
        """Remember when they were first found gone; whoever is known keeps their moment."""
        if person_ids:
            rows = [to_row(Leaver(person_id=one, noticed_at=now)) for one in sorted(person_ids)]
            statement = insert_new(self._connection.dialect.name, leavers, "person_id")
            self._connection.execute(statement, rows)

    def note_forgotten(self, person_id: str, now: datetime) -> None:
        """That nothing they told is kept any more."""
        self._connection.execute(_FORGOTTEN, {"of_person": person_id, "now": now})

    def drop(self, person_ids: Collection[str]) -> None:
        """They are back."""
        for some in portions(sorted(person_ids)):
            self._connection.execute(_DROP, {"ids": some})
