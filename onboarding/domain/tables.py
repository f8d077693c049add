"""What does one table of a TOML file hold, and what is wrong with its values?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""What the keys of steps and questions and the names of forms and messages look like."""

_MOMENT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def unknown(given: str, allowed: Sequence[str]) -> str:
    """The sentence for a value that is not allowed, with the nearest that is."""
    near = get_close_matches(given, allowed, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f'unknown "{given}"; {hint}allowed: {", ".join(allowed)}'


@dataclass(slots=True, kw_only=True)
class Table:
    """Reads values with their types; a bad one is noted in `mistakes` and its default is used instead."""

    table: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list)

    def text(self, key: str, *, required: bool = False) -> str:
        """A text; "" when it is not given."""
        value = self.table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self.mistakes.append(f"{key} {'is missing; it is' if value == '' else 'must be'} a text")
            return ""
        return value.strip()

    def name(self, key: str) -> str:
        """A name of small letters, digits and underscores."""
        value = self.text(key, required=True)
        if value and not NAME.fullmatch(value):
            self.mistakes.append(f'{key} = "{value}": use small letters, digits and _ only, at most 60')
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of the allowed texts; "" when it is not given."""
        value = self.table.get(key, "")
        if value != "" and (not isinstance(value, str) or value not in allowed):
            self.mistakes.append(f"{key}: {unknown(str(value), allowed)}")
            return ""
        return str(value)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.mistakes.append(f"{key} must be a whole number from {least} to {most}, not {value}")
            return default
        return value

    def yes_no(self, key: str) -> bool:
        """True or false."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.mistakes.append(f"{key} must be true or false, without quotation marks")
        return value is True

    def moment(self, key: str) -> time:
        """An hour of the day as HH:MM, or as TOML writes a local time."""
        value = self.table.get(key, "10:00")
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0)
        found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if not found:
            self.mistakes.append(f'{key} must be an hour such as "09:30", not {value}')
            return time(10)
        return time(int(found[1]), int(found[2]))
