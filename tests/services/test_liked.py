"""Do reasons lose what somebody likes no more, and does everything else stay as others write it meanwhile?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from onboarding.adapters.sql import SqlStore
from onboarding.domain.coffee import Round, RoundState, Seat, SeatState
from onboarding.domain.meetings import Pairing, PairingState
from onboarding.services import liked
from tests.worlds import at, person

NOW = at("2027-01-04 10:00")
DAY = date(2027, 1, 11)


class Between:
    """Books of which one read is followed by what somebody else commits."""

    def __init__(self, books: Any, name: str, then: Callable[[], None]) -> None:
        self._books, self._name, self._then = books, name, then

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._books, name)
        if name != self._name:
            return method

        def read(*arguments: Any) -> Any:
            found = method(*arguments)
            self._then()
            return found

        return read


def test_what_others_write_between_reading_and_writing_stays(postgres_store: SqlStore) -> None:
    pairing = Pairing(
        hire_id="ada", role="buddy", occasion="once", person_id="bob", state=PairingState.PROVISIONAL,
        reasons="both like books, the same team", made_at=NOW,
    )  # fmt: skip
    with postgres_store.begin() as books:
        books.people.put(person("ada", interests=("books",)))
        books.people.put(person("bob"))
        books.pairings.put(pairing)
        books.coffee.put(Round(day=DAY, state=RoundState.DRAWN, opened_at=NOW, draw_at=NOW))
        seats = [
            Seat(day=DAY, person_id=one, state=SeatState.SEATED, place=1, reasons="both like books")
            for one in ("ada", "bob")
        ]
        books.coffee.put_seats(seats)

    def announce() -> None:
        with postgres_store.begin() as other:
            other.pairings.put(replace(pairing, state=PairingState.ANNOUNCED))

    def skip() -> None:
        with postgres_store.begin() as other:
            other.coffee.put_seats([replace(seats[1], state=SeatState.SKIPS)])

    with postgres_store.begin() as books:
        books.pairings = Between(books.pairings, "about", announce)  # type: ignore[assignment]  # a stand-in
        books.coffee = Between(books.coffee, "seats_of", skip)  # type: ignore[assignment]  # as above
        liked.forget(books, person("ada", interests=()), ["books"])
    with postgres_store.read() as books:
        (found,) = books.pairings.about("ada")
        assert (found.state, found.reasons) == (PairingState.ANNOUNCED, "the same team")
        sat = {one.person_id: (one.state, one.reasons) for one in books.coffee.seats(DAY)}
    assert {reasons for _, reasons in sat.values()} == {"is free to help"}
    assert sat["bob"][0] is SeatState.SKIPS
