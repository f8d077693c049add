"""Under which names do HR systems know our people?"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, text

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, one, to_row
from onboarding.adapters.sql.tables import identities
from onboarding.domain.events import Identity

_ALL = select(*columns(identities, Identity)).order_by(identities.c.source, identities.c.external_id)
_GET = _ALL.where(identities.c.source == bindparam("of_source"), identities.c.external_id == bindparam("of_id"))
_OF_PERSON = _ALL.where(identities.c.person_id == bindparam("of_person"))
_OF_SOURCE = _ALL.where(identities.c.source == bindparam("of_source"))
_HOLD = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=0x6F62657966616374)  # "obeyfact"


class SqlIdentities:
    """Identities in the table `identities`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> None:
        """Take turns; in SQLite whoever writes does so anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_HOLD)

    def put(self, identity: Identity) -> None:
        """Insert or replace the identity of that source and external id."""
        statement = insert_or_replace(self._connection.dialect.name, identities)
        self._connection.execute(statement, to_row(identity))

    def get(self, source: str, external_id: str) -> Identity | None:
        """The identity of that source and external id."""
        return one(self._connection, Identity, _GET, of_source=source, of_id=external_id)

    def of_person(self, person_id: str) -> list[Identity]:
        """Every name that one of our people has."""
        return many(self._connection, Identity, _OF_PERSON, of_person=person_id)

    def of_source(self, source: str) -> list[Identity]:
        """Everybody whom a source has told us of."""
        return many(self._connection, Identity, _OF_SOURCE, of_source=source)
