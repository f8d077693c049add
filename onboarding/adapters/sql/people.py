"""Who is in the directory?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, literal_column, select, update

from onboarding.adapters.sql.rows import insert_or_replace, to_row
from onboarding.adapters.sql.tables import people as table
from onboarding.adapters.sql.tables import photos, profiles
from onboarding.domain.people import NOTHING_SHARED, Person, Shared, WorkingHours

_SHARED = (
    profiles.c.called.label("shared_called"),
    profiles.c.languages.label("shared_languages"),
    profiles.c.interests.label("shared_interests"),
    photos.c.name.label("shared_photo"),
)
_ALL = (
    select(*(column for column in table.c if not column.name.startswith("folded_")), *_SHARED)
    .outerjoin_from(table, profiles, profiles.c.person_id == table.c.id)
    .outerjoin(photos, photos.c.person_id == table.c.id)
    .order_by(table.c.id)
)
_GET = _ALL.where(table.c.id == bindparam("person_id"))
_BY_EMAIL = (
    _ALL.where(table.c.folded_email == bindparam("email"))
    .order_by(None)
    .order_by(table.c.active.desc(), table.c.id)
    .limit(1)
)
_BY_PRIVATE_EMAIL = _ALL.where(
    table.c.folded_private == bindparam("email"),
    table.c.folded_private != literal_column("''"),  # spelled out: a partial index needs it
)
_CHANGE = update(table).where(table.c.id == bindparam("of_person"))
_FORGET = delete(profiles).where(profiles.c.person_id == bindparam("of_person"))
_REPORTS = _ALL.where(table.c.manager_id == bindparam("of_manager"))


class SqlPeople:
    """The directory in the table `people`; what people tell of themselves in `profiles` and `photos`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, person: Person) -> None:
        """Insert or replace the person of that id."""
        self.put_all([person])

    def put_all(self, people: Sequence[Person]) -> None:
        """The same for many; of two with one id the last stays."""
        if people:
            statement = insert_or_replace(self._connection.dialect.name, table)
            self._connection.execute(statement, [_row(person) for person in people])

    def change(self, before: Person, after: Person) -> None:
        """Write what is different, and leave the rest as it stands, whoever wrote it meanwhile."""
        old, new = _row(before), _row(after)
        changed = {name: value for name, value in new.items() if value != old[name]}
        if changed:
            self._connection.execute(_CHANGE, {"of_person": after.id, **changed})

    def share(self, person_id: str, shared: Shared, now: datetime) -> None:
        """Replace what somebody tells of themselves, but for the photo."""
        if replace(shared, photo="") == NOTHING_SHARED:
            self._connection.execute(_FORGET, {"of_person": person_id})
            return
        row = {"person_id": person_id, **to_row(shared), "changed_at": now}
        del row["photo"]
        self._connection.execute(insert_or_replace(self._connection.dialect.name, profiles), row)

    def get(self, person_id: str) -> Person | None:
        """The person of that id."""
        return next(iter(self._find(_GET, person_id=person_id)), None)

    def by_email(self, email: str) -> Person | None:
        """The person with that work e-mail; nobody has an empty one."""
        return next(iter(self._find(_BY_EMAIL, email=email.casefold())), None) if email else None

    def by_private_email(self, email: str) -> list[Person]:
        """The people with that private e-mail, by id; nobody has an empty one."""
        return self._find(_BY_PRIVATE_EMAIL, email=email.casefold()) if email else []

    def all(self) -> list[Person]:
        """Everybody, by id."""
        return self._find(_ALL)

    def reports_to(self, manager_id: str) -> list[Person]:
        """The people whose manager that is, by id; nobody reports to an empty id."""
        return self._find(_REPORTS, of_manager=manager_id) if manager_id else []

    def _find(self, query: Select[Any], **values: str) -> list[Person]:
        return [_person(row) for row in self._connection.execute(query, values)]


def _row(person: Person) -> dict[str, Any]:
    row = to_row(person)
    del row["shared"]
    hours: WorkingHours = row.pop("working_hours")
    return row | {
        "folded_email": person.work_email.casefold(),
        "folded_private": person.personal_email.casefold(),
        "works_from": f"{hours.start:%H:%M}",
        "works_until": f"{hours.end:%H:%M}",
    }


def _person(row: Row[Any]) -> Person:
    given = row._asdict()
    start, end = (time.fromisoformat(given.pop(name)) for name in ("works_from", "works_until"))
    shared = {each.name: given.pop(f"shared_{each.name}") for each in fields(Shared)}
    told = {name: value for name, value in shared.items() if value is not None}
    return Person(
        **given,
        working_hours=WorkingHours(start=start, end=end),
        shared=Shared(**told) if told else NOTHING_SHARED,
    )
