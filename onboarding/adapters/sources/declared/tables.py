"""What is wrong with one table of a declaration? The kinds of values that its tables hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onboarding.adapters.sources.declared.keys import MEANINGS
from onboarding.adapters.sources.declared.paths import HEADER_NAME, MESSAGE, Spot, read_spot
from onboarding.adapters.sources.declared.values import Meanings, Part, Spots, Template
from onboarding.domain.events import Told
from onboarding.domain.tables import Table, unknown

MOST = 200
"""Entries of one list, and questions or names of one table."""
_SPAN = re.compile(r"([1-9][0-9]{0,4}) (second|minute|hour|day)s?")
_HOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True, kw_only=True)
class DeclaredTable(Table):
    """Reads one table; `origins` are the beginnings that its paths may have, besides the message itself."""

    origins: Collection[str] = ()

    def refuse_others(self, allowed: Sequence[str]) -> None:
        """Note each key that is not known here."""
        self.mistakes += [unknown(key, allowed) for key in self.table if key not in allowed]

    def raw(self, key: str, default: str = "") -> str:
        """A text with the space around it, which counts in `Bearer ` and `sha256 `."""
        value = self.table.get(key, default)
        if not isinstance(value, str):
            self.mistakes.append(f"{key} must be a text")
            return default
        return value

    def header(self, key: str, default: str = "") -> str:
        """The name of a header, in small letters."""
        name = self.raw(key, default).strip()
        if name and not HEADER_NAME.fullmatch(name):
            self.mistakes.append(f"{key} must be the name of a header, such as X-Signature")
            return default
        return name.lower()

    def spots(self, key: str, *, required: bool = False) -> Spots:
        """One path, or a list of paths of which the first that holds something counts."""
        if key not in self.table:
            if required:
                self.mistakes.append(f"{key} is missing; it is a path, such as employee.id")
            return ()
        given = self.table[key]
        listed = given if isinstance(given, list) else [given]
        if not 0 < len(listed) <= MOST or not all(isinstance(one, str) for one in listed):
            self.mistakes.append(f"{key} must be a path, or a list of paths, each in quotation marks")
            return ()
        return tuple(spot for one in listed if (spot := self.spot(key, str(one))))

    def spot(self, key: str, text: str) -> Spot | None:
        """One path; None when it is none."""
        try:
            spot = read_spot(text)
        except ValueError as error:
            self.mistakes.append(f'{key}: "{text}" {error}')
            return None
        if spot.origin != MESSAGE and spot.origin not in self.origins:
            hint = 'a name that holds a colon stands in "..."; '
            self.mistakes.append(f'{key}: "{text}": {hint}before a colon: {unknown(spot.origin, [*self.origins])}')
            return None
        return spot

    def span(self, key: str) -> timedelta:
        """A length of time; zero when it is not given."""
        if key not in self.table:
            return timedelta()
        found = _SPAN.fullmatch(" ".join(str(self.table[key]).split()))
        if not found:
            self.mistakes.append(
                f'{key} must be a length of time, such as "5 minutes": seconds, minutes, hours, days'
            )
            return timedelta()
        return timedelta(**{f"{found[2]}s": int(found[1])})

    def texts(self, key: str) -> tuple[str, ...]:
        """One text, or a list of texts."""
        given = self.table.get(key, [])
        listed = given if isinstance(given, list) else [given]
        if not all(isinstance(one, str) and one.strip() for one in listed) or len(listed) > MOST:
            self.mistakes.append(f"{key} must be a text, or a list of at most {MOST} texts, none of them empty")
            return ()
        return tuple(listed)

    def meanings(self, default: Told | None = None) -> Meanings:
        """What each listed name means; a name that is listed twice is a mistake."""
        told: dict[str, Told | None] = {}
        for key, meaning in MEANINGS.items():
            for name in self.texts(key):
                if told.setdefault(name.strip().casefold(), meaning) != meaning:
                    self.mistakes.append(f'{key}: "{name}" is listed under another meaning as well')
        otherwise = self.choice("otherwise", list(MEANINGS))
        return Meanings(told=told, otherwise=MEANINGS[otherwise] if otherwise else default)

    def template(self, key: str, text: str, *, only: Collection[str] = ()) -> Template:
        """A text with `{paths}` in it; with `only`, paths that begin so."""
        parts: list[Part] = []
        rest = 0
        for hole in _HOLE.finditer(text):
            parts.append(text[rest : hole.start()])
            rest = hole.end()
            spot = self.spot(key, hole[1])
            if spot and only and spot.origin not in only:
                self.mistakes.append(f"{key}: {{{hole[1]}}} cannot stand here; only {' or '.join(only)}: can")
            elif spot:
                parts.append(spot)
        parts.append(text[rest:])
        if any(sign in part for part in parts if isinstance(part, str) for sign in "{}"):
            self.mistakes.append(f"{key} has a brace that opens or closes nothing")
        return Template(parts=tuple(part for part in parts if part != ""))

    def tree(self, key: str, value: Any, depth: int = 0) -> Any:
        """A tree whose texts are templates."""
        if isinstance(value, str):
            return self.template(key, value)
        if depth < 8 and isinstance(value, Mapping):  # noqa: PLR2004 -- deeper than any question that is asked
            return {str(name): self.tree(key, inner, depth + 1) for name, inner in value.items()}
        if depth < 8 and isinstance(value, list):  # noqa: PLR2004 -- as above
            return [self.tree(key, inner, depth + 1) for inner in value]
        if not isinstance(value, bool | int | float):
            self.mistakes.append(f"{key} may hold texts, numbers, true, false, lists and tables")
        return value

    def inner(self, key: str) -> Mapping[str, Any]:
        """A table inside this one; empty when it is not given."""
        value = self.table.get(key, {})
        if not isinstance(value, Mapping):
            self.mistakes.append(f"{key} must be a table")
            return {}
        return value
