"""Who has which role for a hire?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onboarding.domain.people import Person

NOBODY = "nobody"
"""Stands for the person in the key of a delivery whose role nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who has which role for a hire; `missing` says in one sentence why a role is empty."""

    people: Mapping[str, Person]
    roles: Mapping[tuple[str, str], tuple[str, ...]]
    missing: Mapping[str, str] = field(default_factory=dict)

    def ids(self, role: str, occasion: str = "once") -> tuple[str, ...]:
        """The people of a role on an occasion, else those who have it throughout."""
        return self.roles.get((role, occasion)) or self.roles.get((role, "once"), ())

    def first(self, role: str, occasion: str = "once") -> Person | None:
        """The person of a role, or None."""
        ids = self.ids(role, occasion)
        return self.people.get(ids[0]) if ids else None

    def why_nobody(self, role: str) -> str:
        """One sentence on why a role is empty."""
        return self.missing.get(role) or f"there is no {role.replace('_', ' ')} yet"
