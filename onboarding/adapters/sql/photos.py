"""Which photo did somebody give?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, delete, select

from onboarding.adapters.sql.rows import insert_or_replace
from onboarding.adapters.sql.tables import photos

_GET = select(photos.c.jpeg).where(photos.c.person_id == bindparam("of_person"))
_NAMED = select(photos.c.name, photos.c.jpeg).where(photos.c.name.in_(bindparam("names", expanding=True)))
_FORGET = delete(photos).where(photos.c.person_id == bindparam("of_person"))


class SqlPhotos:
    """Photos in the table `photos`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, person_id: str, jpeg: bytes, now: datetime) -> str:
        """Keep it in place of the one before; its name is a digest that tells nothing."""
        name = blake2b(jpeg, key=blake2b(person_id.encode()).digest(), digest_size=12).hexdigest()
        row = {"person_id": person_id, "name": name, "jpeg": jpeg, "changed_at": now}
        self._connection.execute(insert_or_replace(self._connection.dialect.name, photos), row)
        return name

    def get(self, person_id: str) -> bytes | None:
        """The photo of somebody."""
        found = self._connection.execute(_GET, {"of_person": person_id}).scalar_one_or_none()
        return None if found is None else bytes(found)

    def named(self, names: Sequence[str]) -> dict[str, bytes]:
        """The photos of these names."""
        found = self._connection.execute(_NAMED, {"names": list(names)})
        return {row.name: bytes(row.jpeg) for row in found}

    def forget(self, person_id: str) -> bool:
        """Take it out for good."""
        return self._connection.execute(_FORGET, {"of_person": person_id}).rowcount > 0
