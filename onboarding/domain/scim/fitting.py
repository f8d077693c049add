"""Does a value fit its attribute, and how is it kept?

Generous where real identity providers are sloppy (truth as text, one value as a list, numbers for texts), strict
where a value has no meaning. A sentence names the attribute and never repeats the value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from onboarding.domain.scim import refused
from onboarding.domain.scim.schema import KEPT_TYPES, Attribute, Kind

MOST_ENTRIES = 100
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""What no database column, log or mail header should hold: control characters, half letters, line ends."""

Entry = dict[str, Any]


def single(attribute: Attribute, value: object) -> Any:
    """A value of an attribute that is no list; None = it has none (RFC 7643 section 2.5)."""
    value = _unwrapped(value)
    if value is None or value == "":
        return None
    match attribute.kind:
        case Kind.BOOLEAN:
            return _truth(attribute, value)
        case Kind.COMPLEX:
            return complete(parts(attribute, value)) or None
        case _:
            return _text(attribute, value)


def parts(attribute: Attribute, value: object) -> Entry:
    """The parts of a complex value that are named, emptied ones as None; what we do not keep is left out.

    A bare text stands for the part `value`: Entra sends a manager so.
    """
    value = _unwrapped(value)
    if isinstance(value, str) and attribute.part("value"):
        value = {"value": value}
    if not isinstance(value, Mapping):
        raise refused.unfit(f"{attribute.name} must be an object with named parts")
    named = {attribute.part(str(name)): one for name, one in value.items()}
    return {part.name: single(part, one) for part, one in named.items() if part is not None}


def complete(found: Entry) -> Entry:
    """Without the parts that are empty."""
    return {name: one for name, one in found.items() if one is not None}


def entries(attribute: Attribute, value: object) -> list[Entry]:
    """The entries of an attribute that is a list, of the types that we keep; one may come without its list."""
    given = value if isinstance(value, list) else [] if value in (None, "") else [value]
    found = [complete(parts(attribute, each)) for each in given if each is not None]
    return [entry for entry in found if _kind_of(entry) in ("", *KEPT_TYPES)]


def bounded(attribute: Attribute, found: list[Entry]) -> list[Entry]:
    """The same entries, unless there are too many."""
    if len(found) > MOST_ENTRIES:
        raise refused.unfit(f"{attribute.name} must have at most {MOST_ENTRIES} entries")
    return found


def telling(found: list[Entry]) -> list[Entry]:
    """Without the entries that say nothing but their type."""
    return [entry for entry in found if set(entry) - {"type", "primary"}]


def _kind_of(entry: Entry) -> str:
    return str(entry.get("type", "")).lower()


def is_plain(text: str) -> bool:
    """Whether a text is one line that every database, log and mail header can hold."""
    return not any(unicodedata.category(character) in _UNFIT for character in text)


def _unwrapped(value: object) -> object:
    """`[{"value": x}]` for a single value is how Entra wrote before it knew better."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping) and "value" in value[0]:
        return value[0]["value"]
    return value


def _truth(attribute: Attribute, value: object) -> bool:
    """Entra sends "False" as text unless its `aadOptscim062020` flag is set."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in ("true", "false"):
        raise refused.unfit(f"{attribute.name} must be true or false")
    return word == "true"


def _text(attribute: Attribute, value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise refused.unfit(f"{attribute.name} must be text")
    if len(value) > attribute.longest:
        raise refused.unfit(f"{attribute.name} must have at most {attribute.longest} characters")
    if not is_plain(value):
        raise refused.unfit(f"{attribute.name} must be one line of plain text, without control characters")
    return value.strip() or None
