"""Which address does the calendar feed of somebody have?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from onboarding.adapters.sql.rows import insert_or_add
from onboarding.adapters.sql.tables import calendar_feeds

_VERSION = select(calendar_feeds.c.version).where(calendar_feeds.c.person_id == bindparam("of_person"))


class SqlFeeds:
    """How often each person took a new address, in the table `calendar_feeds`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def version(self, person_id: str) -> int:
        """Which of their addresses is good."""
        found = self._connection.execute(_VERSION, {"of_person": person_id}).scalar_one_or_none()
        return found or 0

    def renew(self, person_id: str, now: datetime) -> int:
        """Another address; of two at once each counts."""
        adding = insert_or_add(
            self._connection.dialect.name, calendar_feeds, adds="version", keeps_newest="renewed_at"
        )
        self._connection.execute(adding, {"person_id": person_id, "version": 1, "renewed_at": now})
        return self.version(person_id)
