"""Which reasons for matches and coffees name what somebody does not say of themselves any more?"""

from __future__ import annotations

from collections.abc import Iterable

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
            books.pairings.reword(pairing, reasons)
    for seat in books.coffee.seats_of(person.id):
        reasons = without_likings(seat.reasons, gone)
        if reasons != seat.reasons:
            books.coffee.reword(seat, reasons)
