"""Who was chosen for whom?"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select, text

from onboarding.adapters.sql.rows import columns, insert_or_replace, many, of_cohort, to_row
from onboarding.adapters.sql.tables import hires, pairings
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.domain.people import HireState

_OF_HIRE = (
    select(*columns(pairings, Pairing))
    .where(pairings.c.hire_id == bindparam("of_hire"))
    .order_by(pairings.c.made_at, pairings.c.role, pairings.c.occasion, pairings.c.person_id)
)
_ABOUT = (
    select(*columns(pairings, Pairing))
    .where(or_(pairings.c.hire_id == bindparam("about"), pairings.c.person_id == bindparam("about")))
    .order_by(pairings.c.made_at, pairings.c.role, pairings.c.occasion, pairings.c.person_id)
)
_OF_ROLE = (
    select(*columns(pairings, Pairing))
    .where(pairings.c.role == bindparam("of_role"))
    .order_by(pairings.c.hire_id, pairings.c.made_at, pairings.c.occasion, pairings.c.person_id)
)
_PLACE = (pairings.c.hire_id, pairings.c.role, pairings.c.occasion, pairings.c.person_id)
_STANDING = (
    select(*_PLACE)
    .join(hires, hires.c.id == pairings.c.hire_id)
    .where(
        pairings.c.state.in_([PairingState.PROVISIONAL, PairingState.ANNOUNCED]),
        hires.c.state == HireState.ACTIVE,
        hires.c.first_day >= bindparam("since"),
    )
)
_ALL_STANDING = _STANDING.order_by(*_PLACE)
_LOAD = (
    _STANDING.with_only_columns(pairings.c.person_id, func.count())
    .where(pairings.c.role == bindparam("of_role"))
    .group_by(pairings.c.person_id)
)
_TURN = 0x6D61746368696E67  # "matching"


class SqlPairings:
    """Pairings in the table `pairings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held = False

    def hold(self, *, alone: bool = False, wait: bool = True) -> bool:
        """Take turns by an advisory lock; in SQLite whoever writes does so anyway."""
        if not self._held and self._connection.dialect.name == "postgresql":
            name = f"pg_{'' if wait else 'try_'}advisory_xact_lock{'' if alone else '_shared'}"
            found = self._connection.execute(text(f"SELECT {name}(:turn)"), {"turn": _TURN}).scalar_one()
            self._held = wait or bool(found)
            return self._held
        return True

    def put(self, pairing: Pairing) -> None:
        """Insert or replace the pairing of (hire, role, occasion, person)."""
        self._connection.execute(insert_or_replace(self._connection.dialect.name, pairings), to_row(pairing))

    def reword(self, pairing: Pairing, reasons: str) -> None:
        """Give it other reasons, unless it has other ones by now; whatever else changes meanwhile stays."""
        said = pairings.update().where(
            pairings.c.hire_id == pairing.hire_id,
            pairings.c.role == pairing.role,
            pairings.c.occasion == pairing.occasion,
            pairings.c.person_id == pairing.person_id,
            pairings.c.reasons == pairing.reasons,
        )
        self._connection.execute(said.values(reasons=reasons))

    def of_hire(self, hire_id: str) -> list[Pairing]:
        """All pairings of a hire, oldest first."""
        return many(self._connection, Pairing, _OF_HIRE, of_hire=hire_id)

    def about(self, person_id: str) -> list[Pairing]:
        """All pairings of a person, whichever of the two they are."""
        return many(self._connection, Pairing, _ABOUT, about=person_id)

    def load(self, role: str, since: date) -> dict[str, int]:
        """How many standing pairings each person has in a role for active hires since a first day."""
        found = self._connection.execute(_LOAD, {"of_role": role, "since": since})
        return {person_id: count for person_id, count in found}  # noqa: C416 -- rows, not tuples

    def of_cohort(self, role: str, first: date | None, last: date | None) -> list[Pairing]:
        """The pairings of a role for the hires of a cohort, hire by hire, oldest first."""
        query = of_cohort(_OF_ROLE, pairings.c.hire_id, first, last)
        return many(self._connection, Pairing, query, of_role=role)

    def standing(self, since: date) -> list[tuple[str, str, str, str]]:
        """Hire, role, occasion and person of the standing pairings of active hires since a first day."""
        found = self._connection.execute(_ALL_STANDING, {"since": since})
        return [(hire_id, role, occasion, person_id) for hire_id, role, occasion, person_id in found]
