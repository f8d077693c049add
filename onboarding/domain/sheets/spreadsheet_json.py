"""How does a JSON list of people become rows of cells, so that it is read like a spreadsheet?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from onboarding.domain.errors import BadRecord

LISTS = ("employees", "people", "persons", "workers", "hires", "records", "results")
"""Where an object that is no list itself keeps one, the first of these that is there."""


def cells_of_json(text: str) -> tuple[list[str], list[list[str]]]:
    """The names of all fields in the order of their first use, and the cells of each entry.

    A field inside a field is named after both (`working_hours` and `start`: `working_hours start`); lists of texts
    become one cell.

    Raises:
        BadRecord: when it is no JSON list of objects.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecord("the file is not JSON that can be read") from error
    if isinstance(tree, dict):
        tree = next((tree[name] for name in LISTS if isinstance(tree.get(name), list)), None)
    if not isinstance(tree, list):
        raise BadRecord(f"the file holds no list of people: a JSON list, or an object with one named {LISTS[0]}")
    entries = [_cells(entry, place) for place, entry in enumerate(tree, start=1)]
    header = list(dict.fromkeys(name for entry in entries for name in entry))
    return header, [[entry.get(name, "") for name in header] for entry in entries]


def _cells(entry: object, place: int) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise BadRecord(f"entry {place} of the list is not an object with named fields")
    found: dict[str, str] = {}
    for name, value in entry.items():
        inner: Mapping[str, object] = value if isinstance(value, dict) else {}
        found |= {f"{name} {part}": _text(below) for part, below in inner.items()}
        if not isinstance(value, dict):
            found[name] = _text(value)
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value if isinstance(one, str | int | float))
    return ""
