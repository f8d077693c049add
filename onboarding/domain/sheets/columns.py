"""Which column of a file means which field?"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from onboarding.domain.errors import BadRecord
from onboarding.domain.folding import folded
from onboarding.domain.sheets import column_names as names

LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Field -> place of its column (from 0); what the columns are called; the names of those that are not read."""

    places: Mapping[str, int]
    titles: tuple[str, ...]
    dropped: tuple[str, ...]

    def title(self, field: str) -> str:
        """The name that a field's column has in the file; ours when it has none."""
        return self.titles[self.places[field]] if field in self.places else field


def find(header: Sequence[str]) -> Columns:
    """The columns that a header names.

    Raises:
        BadRecord: when two columns mean the same field, for each such field.
    """
    titles = tuple(shown(text) for text in header)
    first: dict[str, list[int]] = defaultdict(list)
    second: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, text in enumerate(header):
        field, rank = _meanings().get(folded(text), ("", 0))
        if field and not rank:
            first[field].append(place)
        elif field:
            second[field].append((rank, place))
    _settle(first, [folded(text) for text in header])
    twice = [_twice(field, [titles[place] for place in found]) for field, found in first.items() if len(found) > 1]
    if twice:
        raise BadRecord(twice)
    places = {field: min(found)[1] for field, found in second.items()} | {
        field: found[0] for field, found in first.items()
    }
    why = places.pop(names.WHY, -1)
    used = {*places.values(), why}
    dropped = tuple(title for place, title in enumerate(titles) if place not in used and title)
    return Columns(places=places, titles=titles, dropped=dropped)


def recognised(header: Sequence[str]) -> int:
    """How many cells of a header we know."""
    return sum(folded(text) in _meanings() for text in header)


def is_reasons(title: str) -> bool:
    """Whether a column holds the reasons that an earlier import wrote."""
    return folded(title) == names.WHY


def shown(title: str) -> str:
    """The name of a column as a report may show it: one short line."""
    line = " ".join(title.split())
    printable = "".join(sign for sign in line if unicodedata.category(sign)[0] != "C")
    return printable if len(printable) <= LONGEST_SHOWN else f"{printable[: LONGEST_SHOWN - 1]}\u2026"


def _settle(first: dict[str, list[int]], keys: Sequence[str]) -> None:
    """Give the columns their meaning whose meaning depends on which others there are."""
    if "work_email" not in first:
        _rename(first, names.EMAIL, "work_email")
    if "first_name" not in first and "last_name" not in first:
        _rename(first, names.NOMBRE, names.NAME)
    elif "first_name" not in first:
        _rename(first, names.NOMBRE, "first_name")
    elif "last_name" not in first and "vorname" in keys and "name" in keys:
        _rename(first, names.NAME, "last_name")  # on a German form "Name" beside "Vorname" is the family name
    if "first_name" in first or "last_name" in first:
        first.pop(names.NAME, None)
    for field in (names.EMAIL, names.NOMBRE):
        first.pop(field, None)


def _rename(first: dict[str, list[int]], field: str, meant: str) -> None:
    if field in first:
        first[meant] = [*first.get(meant, []), *first.pop(field)]


def _twice(field: str, titles: Sequence[str]) -> str:
    return f"{len(titles)} columns mean {field}: {', '.join(titles)}; delete or rename all but one"


@cache
def _meanings() -> dict[str, tuple[str, int]]:
    """Folded name -> field and rank: 0 for the first names, 1 and more for the second ones."""
    second = {
        folded(name): (field, rank)
        for field, text in names.SECOND.items()
        for rank, name in enumerate(names.listed(text), start=1)
    }
    first = [(name, field) for field, text in names.FIRST.items() for name in (field, *names.listed(text))]
    return second | {folded(name): (field, 0) for name, field in first}
