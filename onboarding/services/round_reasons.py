"""Why do people have coffee together, in the words of one of them?"""

from __future__ import annotations

from collections.abc import Sequence

from onboarding.domain.coffee import Seat
from onboarding.domain.coffee_reasons import OF_THREE, together_because
from onboarding.domain.errors import BadWords
from onboarding.domain.members import Member
from onboarding.domain.people import Person
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine


def together(engine: Engine, directory: Directory, seat: Seat, reader: Person, others: Sequence[Person]) -> str:
    """One sentence for the reader, whose seat it is; "" where it cannot be said.

    Of a table that was drawn as one of three, and is one of two by now, nothing is claimed.
    """
    words = engine.words.conversation(reader.language).coffee
    if len(others) > 1:
        return words.three
    if not others or seat.reasons == OF_THREE:
        return ""
    try:
        weights = engine.words.matching().coffee
    except BadWords:  # the review names the slip
        return ""
    one, other = (
        Member(person=person, preferences=directory.preferences_of(person.id)) for person in (reader, *others)
    )
    return together_because(one, other, seat.ago, weights, seat.day, words)
