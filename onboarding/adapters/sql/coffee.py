"""Who had coffee with whom, round by round?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, select

from onboarding.adapters.sql.rows import columns, insert_new, insert_or_replace, many, one, to_row
from onboarding.adapters.sql.tables import coffee_past, coffee_rounds, coffee_seats
from onboarding.domain.coffee import PastPair, Round, Seat

_ROUNDS = select(*columns(coffee_rounds, Round))
_ROUND = _ROUNDS.where(coffee_rounds.c.day == bindparam("of_day"))
_HELD = _ROUND.with_for_update()
_NEWEST = _ROUNDS.order_by(coffee_rounds.c.day.desc()).limit(bindparam("at_most"))
_SEATS = select(*columns(coffee_seats, Seat))
_IN_ORDER = _SEATS.order_by(coffee_seats.c.day, coffee_seats.c.person_id)
_OF_DAY = _IN_ORDER.where(coffee_seats.c.day == bindparam("of_day"))
_SEAT = _OF_DAY.where(coffee_seats.c.person_id == bindparam("of_person"))
_SINCE = _IN_ORDER.where(coffee_seats.c.day >= bindparam("since"))
_OF_PERSON = _SEATS.where(coffee_seats.c.person_id == bindparam("of_person")).order_by(coffee_seats.c.day.desc())
_PAST = (
    select(*columns(coffee_past, PastPair))
    .where(coffee_past.c.day >= bindparam("since"))
    .order_by(coffee_past.c.day, coffee_past.c.one, coffee_past.c.other)
)


class SqlCoffee:
    """Coffee rounds in the tables `coffee_rounds`, `coffee_seats` and `coffee_past`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, found: Round) -> None:
        """Insert or replace the round of that day."""
        self._connection.execute(insert_or_replace(self._dialect, coffee_rounds), to_row(found))

    def hold(self, day: date) -> Round | None:
        """The round of that day, locked where the database has locks of rows; SQLite has one writer anyway."""
        return one(self._connection, Round, _HELD, of_day=day)

    def get(self, day: date) -> Round | None:
        """The round of that day."""
        return one(self._connection, Round, _ROUND, of_day=day)

    def newest(self, limit: int) -> list[Round]:
        """The newest rounds, newest first."""
        return many(self._connection, Round, _NEWEST, at_most=limit)

    def put_seats(self, seats: Sequence[Seat]) -> None:
        """Insert or replace seats in bulk."""
        if seats:
            statement = insert_or_replace(self._dialect, coffee_seats)
            self._connection.execute(statement, [to_row(seat) for seat in seats])

    def seat(self, day: date, person_id: str) -> Seat | None:
        """Where one person stands in a round."""
        return one(self._connection, Seat, _SEAT, of_day=day, of_person=person_id)

    def seats(self, day: date) -> list[Seat]:
        """The seats of a round, by person."""
        return many(self._connection, Seat, _OF_DAY, of_day=day)

    def reword(self, seat: Seat, reasons: str) -> None:
        """Give other reasons to everybody who has those of this seat, at its table."""
        said = coffee_seats.update().where(
            coffee_seats.c.day == seat.day,
            coffee_seats.c.reasons == seat.reasons,
            coffee_seats.c.place == seat.place,
        )
        if not seat.place:  # whoever sits at no table has reasons of their own
            said = said.where(coffee_seats.c.person_id == seat.person_id)
        self._connection.execute(said.values(reasons=reasons))

    def seats_since(self, day: date) -> list[Seat]:
        """The seats of the rounds from that day on, by (day, person)."""
        return many(self._connection, Seat, _SINCE, since=day)

    def seats_of(self, person_id: str) -> list[Seat]:
        """The seats of one person, the newest first."""
        return many(self._connection, Seat, _OF_PERSON, of_person=person_id)

    def note_past(self, pairs: Sequence[PastPair]) -> int:
        """Remember who met before; returns how many are new."""
        statement = insert_new(self._dialect, coffee_past, "day", "one", "other")
        return sum(self._connection.execute(statement, to_row(pair)).rowcount for pair in pairs)

    def past_since(self, day: date) -> list[PastPair]:
        """Who met before us, from that day on."""
        return many(self._connection, PastPair, _PAST, since=day)

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name
