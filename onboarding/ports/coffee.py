"""How are coffee rounds remembered?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from onboarding.domain.coffee import PastPair, Round, Seat


class CoffeeBook(Protocol):
    """Coffee rounds, who sat with whom in them, and who met before; never deleted."""

    def put(self, found: Round) -> None:
        """Insert or replace the round of that day."""

    def hold(self, day: date) -> Round | None:
        """The round of that day, and nobody else changes it until the transaction ends."""

    def get(self, day: date) -> Round | None:
        """The round of that day."""

    def newest(self, limit: int) -> list[Round]:
        """The newest rounds, newest first."""

    def put_seats(self, seats: Sequence[Seat]) -> None:
        """Insert or replace the seats of (day, person), in bulk."""

    def seat(self, day: date, person_id: str) -> Seat | None:
        """Where one person stands in a round."""

    def seats(self, day: date) -> list[Seat]:
        """The seats of a round, by person."""

    def reword(self, seat: Seat, reasons: str) -> None:
        """Give other reasons to everybody at its table who has those of this seat; whatever else changes stays."""

    def seats_since(self, day: date) -> list[Seat]:
        """The seats of the rounds from that day on, by (day, person)."""

    def seats_of(self, person_id: str) -> list[Seat]:
        """The seats of one person, the newest first."""

    def note_past(self, pairs: Sequence[PastPair]) -> int:
        """Remember who met before; known ones are left alone. Returns how many are new."""

    def past_since(self, day: date) -> list[PastPair]:
        """Who met before us, from that day on, by (day, one, other)."""
