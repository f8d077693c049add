"""What do the cells of a row say of how somebody may be matched?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from onboarding.domain import values
from onboarding.domain.folding import folded
from onboarding.domain.people import Role
from onboarding.domain.preferences import (
    COFFEE,
    MOST_ABSENCES,
    MOST_NEWCOMERS,
    NOTHING_SAID,
    PROGRAMMES,
    STRETCHES,
    Away,
    Preferences,
)
from onboarding.domain.sheets import cells
from onboarding.domain.sheets import column_names as names
from onboarding.domain.sheets.days import Order, read_day
from onboarding.domain.sheets.named_managers import whole_number

CALLED = {
    COFFEE: "coffee; coffee round; coffee rounds; coffee chats; Kaffee; Kaffeerunde; Kaffeerunden; café",
    Role.BUDDY: "buddy; buddies; Pate; Patin; Paten",
    Role.PEER: "peer; peers; colleague; Kollege; Kollegin; colega; colegas",
    Role.PARTNER: "partner; partners; Partnerin; compañero; compañera",
    Role.MENTOR: "mentor; mentors; Mentorin; mentora; mentores",
}
"""What a programme may be called in a cell."""
STRETCHED = (names.FLEXIBLE_BEFORE, names.FLEXIBLE_AFTER)
COLUMNS = frozenset(
    (
        *(names.OPT_IN, names.OPT_OUT, names.PAUSED_UNTIL, names.CAPACITY, names.AWAY, names.EXCLUDE),
        *STRETCHED,
    )
)
_NEITHER: tuple[bool | None, frozenset[str]] = (None, frozenset())
NOT_A_PROGRAMME = f"must be yes or no, or programmes: {', '.join(PROGRAMMES)}"
IS_OVER = "has passed, so that these rows go in without"
NOT_AWAY = "must be days such as 2027-01-04..2027-01-08; 2027-02-01"
_BETWEEN = re.compile(r" *(?:\.\.+|\u2026| [-\u2013\u2014] |\u2013|\u2014| to | bis | hasta | a ) *")
Read = TypeVar("Read")


@dataclass(slots=True, kw_only=True)
class Cells:
    """What was read: `says` holds what the row names and nothing else; `everything` is a plain yes or no.

    `zeros` are the fields that name a 0, which takes back what was said before; an empty cell says nothing.
    """

    says: Preferences
    zeros: frozenset[str] = frozenset()
    everything: bool | None = None
    mistakes: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read_preferences(found: Mapping[str, str], orders: frozenset[Order], today: date) -> Cells:
    """The preferences in the cells of a row: field -> text. `orders` are those that days of a pause may have.

    Days that are over say nothing any more: a file may be older than today.
    """
    mistakes: dict[str, str] = {}
    if found.keys().isdisjoint(COLUMNS):
        return Cells(says=NOTHING_SAID)

    def read(name: str, reader: Callable[[str], Read], otherwise: Read) -> Read:
        if not found.get(name):
            return otherwise
        try:
            return reader(found[name])
        except ValueError as error:
            mistakes[name] = str(error)
            return otherwise

    everything, out = read(names.OPT_OUT, _all_or_some, _NEITHER)
    yes, into = read(names.OPT_IN, _all_or_some, _NEITHER)
    into = frozenset(PROGRAMMES) if yes else into
    if out & into or (everything and into):
        mistakes[names.OPT_IN] = "and opt_out name the same programme"
    away: tuple[Away, ...] = ()
    until = read(names.PAUSED_UNTIL, lambda cell: read_day(cell, orders), None)
    over = until is not None and until <= today
    says = Preferences(
        opted_in=into,
        opted_out=out,
        paused_until=None if over else until,
        capacity=read(names.CAPACITY, _capacity, None),
        excluded=read(names.EXCLUDE, lambda cell: _excluded(cell, found.get("id", "")), frozenset()),
        away=tuple(one for one in read(names.AWAY, _absences, away) if one.last >= today),
        flexible_before=read(names.FLEXIBLE_BEFORE, _stretch, 0),
        flexible_after=read(names.FLEXIBLE_AFTER, _stretch, 0),
    )
    notes = [(names.PAUSED_UNTIL, IS_OVER)] if over else []
    zeros = frozenset(
        name for name in STRETCHED if found.get(name) and not mistakes.get(name) and not getattr(says, name)
    )
    return Cells(says=says, zeros=zeros, everything=everything, mistakes=mistakes, notes=notes)


def _all_or_some(cell: str) -> tuple[bool | None, frozenset[str]]:
    """A yes or no for all programmes, or those that are named."""
    if folded(cell) in cells.YES | cells.NO:
        return cells.yes_or_no(cell), frozenset()
    named = {_PROGRAMME.get(folded(part), "") for part in cells.parts(cell) if part}
    if not named or "" in named:
        raise ValueError(NOT_A_PROGRAMME)
    return None, frozenset(named)


_PROGRAMME = {folded(name): str(programme) for programme, text in CALLED.items() for name in names.listed(text)}


def _capacity(cell: str) -> int:
    number = whole_number(cell)
    if number not in map(str, range(MOST_NEWCOMERS + 1)):
        raise ValueError(f"must be a whole number from 0 to {MOST_NEWCOMERS}")
    return int(number)


def _stretch(cell: str) -> int:
    number = whole_number(cell)
    if number not in map(str, STRETCHES):
        raise ValueError(f"must be minutes: {', '.join(map(str, STRETCHES))}")
    return int(number)


def _excluded(cell: str, own: str) -> frozenset[str]:
    try:
        found = frozenset(values.identifier(whole_number(part)) for part in cells.parts(cell) if part)
    except ValueError as error:
        raise ValueError("must be ids of other people, separated by semicolons") from error
    if whole_number(own) in found:
        raise ValueError("names the person themselves")
    return found


def _absences(cell: str) -> tuple[Away, ...]:
    found = tuple(_absence(part) for part in cells.parts(cell) if part)
    if len(found) > MOST_ABSENCES:
        raise ValueError(f"must have at most {MOST_ABSENCES} entries")
    return found


def _absence(text: str) -> Away:
    try:
        days = [read_day(part, frozenset(Order)) for part in _BETWEEN.split(text)]
        return Away(first=days[0], last=days[-1]) if len(days) in (1, 2) else _refuse()
    except ValueError as error:
        raise ValueError(NOT_AWAY) from error


def _refuse() -> Away:
    raise ValueError(NOT_AWAY)
