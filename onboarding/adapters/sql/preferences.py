"""On which terms do people let themselves be matched, and who said so when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text

from onboarding.adapters.sql.rows import to_row
from onboarding.adapters.sql.tables import preferences as table
from onboarding.domain.preferences import NOTHING_SAID, Away, Change, Preferences, Teller

_SEPARATOR = ".."
_OF_PERSON = select(table).where(table.c.person_id == bindparam("of_person"))
_NEWEST = _OF_PERSON.order_by(table.c.version.desc()).limit(1)
_HISTORY = _OF_PERSON.order_by(table.c.version)
_LAST = (
    select(table.c.person_id, func.max(table.c.version).label("version")).group_by(table.c.person_id).subquery()
)
_ALL = select(table).join(_LAST, (table.c.person_id == _LAST.c.person_id) & (table.c.version == _LAST.c.version))
_HOLD = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=0x7072656665727321)  # "prefers!"
_TURN = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("of_person"))))


class SqlPreferences:
    """Every version of what people, or HR for them, have said, in the table `preferences`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """Take turns; in SQLite whoever writes does so anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_HOLD)

    def get(self, person_id: str) -> Preferences:
        """What counts now."""
        row = self._connection.execute(_NEWEST, {"of_person": person_id}).first()
        return NOTHING_SAID if row is None else _change(row).preferences

    def put(
        self, person_id: str, preferences: Preferences, *, by: Teller, fields: Sequence[str], now: datetime
    ) -> Change:
        """Add a version; two who write for one person at once get one each."""
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            self._connection.execute(_TURN, {"of_person": person_id})
        newest = self._connection.execute(_NEWEST, {"of_person": person_id}).first()
        change = Change(
            person_id=person_id,
            version=1 + (newest.version if newest else 0),
            preferences=preferences,
            changed_by=by,
            changed_at=now,
            fields=tuple(fields),
        )
        self._connection.execute(insert(table), _row(change))
        return change

    def all(self) -> dict[str, Preferences]:
        """What counts now, by person id."""
        found = [_change(row) for row in self._connection.execute(_ALL)]
        return {one.person_id: one.preferences for one in found}

    def history(self, person_id: str) -> list[Change]:
        """Every version of one person."""
        return [_change(row) for row in self._connection.execute(_HISTORY, {"of_person": person_id})]


def _row(change: Change) -> dict[str, Any]:
    said = change.preferences
    return {
        **to_row(said),
        "opted_in": tuple(sorted(said.opted_in)),
        "opted_out": tuple(sorted(said.opted_out)),
        "excluded": tuple(sorted(said.excluded)),
        "away": tuple(f"{one.first}{_SEPARATOR}{one.last}" for one in said.away),
        **{name: getattr(change, name) for name in ("person_id", "version", "changed_by", "changed_at", "fields")},
    }


def _change(row: Row[Any]) -> Change:
    given = row._asdict()
    said = Preferences(
        opted_in=frozenset(given.pop("opted_in")),
        opted_out=frozenset(given.pop("opted_out")),
        paused_until=given.pop("paused_until"),
        capacity=given.pop("capacity"),
        excluded=frozenset(given.pop("excluded")),
        away=tuple(_away(text) for text in given.pop("away")),
        languages=given.pop("languages"),
        flexible_before=given.pop("flexible_before"),
        flexible_after=given.pop("flexible_after"),
    )
    return Change(**given, preferences=said)


def _away(text: str) -> Away:
    first, _, last = text.partition(_SEPARATOR)
    return Away(first=date.fromisoformat(first), last=date.fromisoformat(last))
