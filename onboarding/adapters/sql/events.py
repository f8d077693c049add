"""What did HR systems tell us, and what became of it?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select, update

from onboarding.adapters.sql.rows import columns, insert_new, many, one, to_row
from onboarding.adapters.sql.tables import events
from onboarding.domain.errors import NotFound
from onboarding.domain.events import Event, EventState

_ALL = select(*columns(events, Event))
_GET = _ALL.where(events.c.id == bindparam("event_id"))
_WAITING = (
    _ALL.where(events.c.state == literal_column("'recorded'"))  # spelled out: a partial index needs it
    .order_by(events.c.received_at, events.c.id)
    .limit(bindparam("at_most"))
)
_SETTLE = update(events).where(events.c.id == bindparam("event_id"))


class SqlEvents:
    """HRIS events in the table `events`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, event: Event) -> bool:
        """Store it, unless its source and delivery id are known."""
        statement = insert_new(self._connection.dialect.name, events, "source", "delivery_id")
        return self._connection.execute(statement.returning(events.c.id), to_row(event)).first() is not None

    def get(self, event_id: str) -> Event | None:
        """The event of that id."""
        return one(self._connection, Event, _GET, event_id=event_id)

    def waiting(self, limit: int) -> list[Event]:
        """The oldest recorded events."""
        return many(self._connection, Event, _WAITING, at_most=limit)

    def settle(self, event_id: str, *, state: EventState, reason: str, hire_id: str, now: datetime) -> None:
        """Say what became of it. Raises NotFound."""
        settled_at = None if state is EventState.RECORDED else now
        given = {"state": state, "reason": reason, "hire_id": hire_id, "settled_at": settled_at}
        if self._connection.execute(_SETTLE, {"event_id": event_id} | given).rowcount == 0:
            raise NotFound(f"there is no event {event_id}")

    def find(self, *, source: str = "", state: EventState | None = None, limit: int = 100) -> list[Event]:
        """The newest events, newest first."""
        query = _ALL.order_by(events.c.received_at.desc(), events.c.id.desc()).limit(limit)
        if source:
            query = query.where(events.c.source == source)
        if state is not None:
            query = query.where(events.c.state == state)
        return many(self._connection, Event, query)
