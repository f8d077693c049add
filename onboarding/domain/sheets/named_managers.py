"""Whom does a column of managers mean, which may hold ids, addresses or names?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from onboarding.domain import values
from onboarding.domain.folding import folded_name

UNKNOWN = "names nobody else of the file or the directory, or several, so that these rows go in without a manager"
_IN_BRACKETS = re.compile(r"\(([A-Za-z0-9._-]{1,64})\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Who can be meant: the ids that are known, and name -> id, which is "" for a name that several have."""

    ids: AbstractSet[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def and_those(self, people: Sequence[tuple[str, Iterable[str]]]) -> Colleagues:
        """With more people; a name that now means another id than before means nobody."""
        names = by_name(people)
        agreed = {name: one if self.names.get(name, one) == one else "" for name, one in names.items()}
        return Colleagues(ids=self.ids | {one for one, _ in people}, names={**self.names, **agreed})


def by_name(people: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Name -> id from ids with all the names that somebody has; "" for what several people are called."""
    found: dict[str, str] = {}
    for person_id, called in people:
        for name in {folded_name(each) for each in called}:
            found[name] = person_id if found.get(name, person_id) == person_id else ""
    return found


def manager_fields(cell: str, colleagues: Colleagues) -> dict[str, object]:
    """`manager_id` or `manager_email` of a record from an id, an address, "First Last" or "Last, First".

    Workday writes the id behind the name: "Ruth Clarke (1042)". Empty when nobody, or more than one, is meant.
    """
    if "@" in cell:
        return {"manager_email": cell}
    number = whole_number(cell)
    if number in colleagues.ids:
        return {"manager_id": number}
    if (match := _IN_BRACKETS.search(cell)) and match[1] in colleagues.ids:
        return {"manager_id": match[1]}
    last, comma, first = cell.partition(",")
    found = colleagues.names.get(folded_name(f"{first} {last}" if comma else cell), "")
    if found:
        return {"manager_id": found}
    looks_like_an_id = re.fullmatch(values.ID_PATTERN[1:-1], number) and re.search("[0-9]", number)
    return {"manager_id": number} if looks_like_an_id else {}


def whole_number(text: str) -> str:
    """1042 for 1042.0, which is what programs make of a column of numbers with gaps; other texts as they are."""
    return text.removesuffix(".0") if re.fullmatch(r"[0-9]+\.0", text) else text
