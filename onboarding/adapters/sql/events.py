"""What did HR systems tell us, and what became of it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, literal_column, or_, select, update

from onboarding.adapters.sql.rows import columns, insert_new, many, one, portions, to_row
from onboarding.adapters.sql.tables import events
from onboarding.domain.errors import NotFound
from onboarding.domain.events import Event, EventState, Tally

_ALL = select(*columns(events, Event))
_GET = _ALL.where(events.c.id == bindparam("event_id"))
_RECORDED = events.c.state == literal_column("'recorded'")  # spelled out: a partial index needs it
_WAITING = (
    _ALL.where(_RECORDED, or_(events.c.ready_at <= bindparam("by"), events.c.ready_at == events.c.received_at))
    .order_by(events.c.received_at, events.c.id)
    .limit(bindparam("at_most"))
)
_NEXT_READY = select(func.min(events.c.ready_at)).where(_RECORDED)
_EARLY = update(events).where(
    events.c.state == literal_column("'early'"), events.c.hire_id == bindparam("of_hire")
)
_SETTLE = update(events).where(events.c.id == bindparam("event_id"))


class SqlEvents:
    """HRIS events in the table `events`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, event: Event) -> bool:
        """Store it, unless its source and delivery id are known."""
        statement = insert_new(self._connection.dialect.name, events, "source", "delivery_id")
        return self._connection.execute(statement, to_row(event)).rowcount == 1

    def get(self, event_id: str) -> Event | None:
        """The event of that id."""
        return one(self._connection, Event, _GET, event_id=event_id)

    def waiting(self, limit: int, now: datetime) -> list[Event]:
        """The oldest recorded events that are ready."""
        return many(self._connection, Event, _WAITING, at_most=limit, by=now)

    def still_waiting(self, event_ids: Sequence[str]) -> set[str]:
        """Those of them that are recorded still; PostgreSQL leaves out what another worker holds."""
        found: set[str] = set()
        for some in portions(event_ids):
            query = select(events.c.id).where(_RECORDED, events.c.id.in_(some)).with_for_update(skip_locked=True)
            found.update(self._connection.execute(query).scalars())
        return found

    def postpone(self, event_id: str, *, ready_at: datetime, reason: str) -> None:
        """Obey it later. Raises NotFound."""
        given = {"ready_at": ready_at, "reason": reason, "attempts": events.c.attempts + 1}
        if self._connection.execute(_SETTLE.values(given), {"event_id": event_id}).rowcount == 0:
            raise NotFound(f"there is no event {event_id}")

    def next_ready(self) -> datetime | None:
        """The earliest moment at which a recorded event may be obeyed."""
        moment: datetime | None = self._connection.execute(_NEXT_READY).scalar()
        return moment

    def oldest_waiting(self) -> dict[str, datetime]:
        """For each source with recorded events: since when the first of them waits."""
        since = case((events.c.attempts > 0, events.c.received_at), else_=events.c.ready_at)
        query = select(events.c.source, func.min(since)).where(_RECORDED).group_by(events.c.source)
        return {row[0]: row[1] for row in self._connection.execute(query).all()}

    def requeue_early(self, hire_id: str) -> int:
        """Put the early events about a hire back into the queue."""
        given = {"state": EventState.RECORDED, "settled_at": None}
        return self._connection.execute(_EARLY.values(given), {"of_hire": hire_id}).rowcount

    def settle(self, event_id: str, *, state: EventState, reason: str, hire_id: str, now: datetime) -> None:
        """Say what became of it. Raises NotFound."""
        settled_at = None if state is EventState.RECORDED else now
        given = {"state": state, "reason": reason, "hire_id": hire_id, "settled_at": settled_at}
        if self._connection.execute(_SETTLE, {"event_id": event_id} | given).rowcount == 0:
            raise NotFound(f"there is no event {event_id}")

    def find(
        self, *, source: str = "", state: EventState | None = None, begins: str = "", limit: int = 100
    ) -> list[Event]:
        """The newest events, newest first; `begins` is how their delivery ids begin."""
        query = _ALL.order_by(events.c.received_at.desc(), events.c.id.desc()).limit(limit)
        if source:
            query = query.where(events.c.source == source)
        if state is not None:
            query = query.where(events.c.state == state)
        if begins:
            query = query.where(events.c.delivery_id.startswith(begins, autoescape=True))
        return many(self._connection, Event, query)

    def summary(self) -> dict[tuple[str, EventState], Tally]:
        """How many events of each source stand in each state, and when the newest of them was received."""
        query = select(
            events.c.source,
            events.c.state,
            func.count().label("count"),
            func.max(events.c.received_at).label("last_at"),
        ).group_by(events.c.source, events.c.state)
        rows = self._connection.execute(query).all()
        return {(row.source, row.state): Tally(count=row[2], last_at=row.last_at) for row in rows}
