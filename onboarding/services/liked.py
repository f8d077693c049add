"""Which reasons for matches and coffees name what somebody does not say of themselves any more?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from onboarding.domain.coffee import Seat
from onboarding.domain.named_likings import compared, without_likings
from onboarding.domain.people import Person
from onboarding.ports import Books


def forget(books: Books, person: Person, liked: Iterable[str]) -> None:
    """Take out of the reasons of matches and tables what somebody liked, but for what they still like.

    `person` is as they are now. Whoever sits together has the same reasons.
    """
    still = {compared(one) for one in person.likes}
    gone = [one for one in liked if compared(one) not in still]
    if not gone:
        return
    for pairing in books.pairings.about(person.id):
        reasons = without_likings(pairing.reasons, gone)
        if reasons != pairing.reasons:
            books.pairings.put(replace(pairing, reasons=reasons))
    for seat in books.coffee.seats_of(person.id):
        _forget_at_table(books, seat, gone)


def _forget_at_table(books: Books, seat: Seat, gone: Iterable[str]) -> None:
    likings = list(gone)
    table = [one for one in books.coffee.seats(seat.day) if one.place == seat.place]
    told = [replace(one, reasons=without_likings(one.reasons, likings)) for one in table]
    changed = [after for before, after in zip(table, told, strict=True) if before != after]
    if changed:
        books.coffee.put_seats(changed)
