"""When are people busy, as their calendars said last?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, literal_column, select, tuple_

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, portions, to_row
from onboarding.adapters.sql.tables import busy_times, calendar_readings, own_calendars
from onboarding.domain.free_busy import Held, Reading
from onboarding.domain.slots import Busy

_READINGS = (
    select(*columns(calendar_readings, Reading))
    .where(calendar_readings.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(calendar_readings.c.person_id)
)
_TIMES = (
    select(busy_times)
    .where(
        busy_times.c.person_id.in_(bindparam("people", expanding=True)),
        busy_times.c.starts_at < bindparam("before"),
        busy_times.c.ends_at > bindparam("after"),
    )
    .order_by(busy_times.c.person_id, busy_times.c.starts_at, busy_times.c.tentative)
)
_ANSWERED = calendar_readings.c.why == literal_column(
    "''"
)  # spelled out: PostgreSQL takes two values for two things
_COUNTS = select(calendar_readings.c.kind, _ANSWERED, func.count()).group_by(calendar_readings.c.kind, _ANSWERED)
_FORGET_TIMES = delete(busy_times).where(busy_times.c.person_id == bindparam("of_person"))
_FORGET_READING = delete(calendar_readings).where(calendar_readings.c.person_id == bindparam("of_person"))
_PAST = (
    select(busy_times.c.person_id, busy_times.c.starts_at, busy_times.c.tentative)
    .where(busy_times.c.ends_at < bindparam("before"))
    .with_for_update(skip_locked=True)  # what another worker replaces just now is forgotten the next time
)
_FORGET_PAST = delete(busy_times).where(
    tuple_(busy_times.c.person_id, busy_times.c.starts_at, busy_times.c.tentative).in_(_PAST)
)
_FORGET_ADDRESS = delete(own_calendars).where(own_calendars.c.person_id == bindparam("of_person"))
_ADDRESSES = select(own_calendars.c.person_id, own_calendars.c.address).where(
    own_calendars.c.person_id.in_(bindparam("people", expanding=True))
)
_ANY_ADDRESS = select(own_calendars.c.person_id).limit(1)


class SqlBusy:
    """Readings in `calendar_readings`, busy times in `busy_times`, addresses in `own_calendars`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, held: Held) -> None:
        """Replace what is held of that person."""
        reading = held.reading
        self._connection.execute(insert_or_replace(self._dialect, calendar_readings), to_row(reading))
        self._connection.execute(_FORGET_TIMES, {"of_person": reading.person_id})
        times = [
            {
                "person_id": reading.person_id,
                "starts_at": one.start,
                "ends_at": one.end,
                "tentative": one.tentative,
            }
            for one in held.busy
        ]
        if times:
            self._connection.execute(insert(busy_times), times)

    def readings(self, people: Sequence[str]) -> dict[str, Reading]:
        """The last reading of each of these people."""
        found = (many(self._connection, Reading, _READINGS, people=list(some)) for some in portions(people))
        return {one.person_id: one for some in found for one in some}

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> dict[str, Held]:
        """The same with the busy times that overlap start <= t < end."""
        taken: dict[str, list[Busy]] = defaultdict(list)
        for some in portions(people):
            rows = self._connection.execute(_TIMES, {"people": list(some), "before": end, "after": start})
            for row in rows:
                taken[row.person_id].append(Busy(start=row.starts_at, end=row.ends_at, tentative=row.tentative))
        return {
            person_id: Held(reading=reading, busy=tuple(taken[person_id]))
            for person_id, reading in self.readings(people).items()
        }

    def counts(self) -> dict[tuple[str, bool], int]:
        """How many calendars of each kind answered last, and how many did not."""
        return {(kind, bool(answered)): count for kind, answered, count in self._connection.execute(_COUNTS)}

    def forget(self, before: datetime) -> int:
        """Forget busy times that ended before."""
        return self._connection.execute(_FORGET_PAST, {"before": before}).rowcount

    def forget_person(self, person_id: str) -> None:
        """Forget what their calendar said."""
        self._connection.execute(_FORGET_TIMES, {"of_person": person_id})
        self._connection.execute(_FORGET_READING, {"of_person": person_id})

    def addresses(self, people: Sequence[str]) -> dict[str, str]:
        """The addresses of calendars of their own, by person id."""
        rows = (self._connection.execute(_ADDRESSES, {"people": list(some)}) for some in portions(people))
        return {row.person_id: row.address for some in rows for row in some}

    def has_addresses(self) -> bool:
        """Whether anybody gave one."""
        return self._connection.execute(_ANY_ADDRESS).first() is not None

    def set_address(self, person_id: str, address: str, now: datetime) -> None:
        """Remember an address, or forget it (""); what was read from another one goes in both cases."""
        self.forget_person(person_id)
        self._connection.execute(_FORGET_ADDRESS, {"of_person": person_id})
        if address:
            self._connection.execute(
                insert(own_calendars), {"person_id": person_id, "address": address, "set_at": now}
            )

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name
