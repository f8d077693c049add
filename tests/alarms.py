"""Alarms that ring for nobody: a test looks at what was set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from onboarding.domain.errors import Unavailable


@dataclass
class KeptAlarms:
    """Keeps every alarm; after `lasts` of them the scheduler does not answer any more."""

    kept: list[tuple[str, datetime, str]] = field(default_factory=list)
    lasts: int = 1_000_000

    @property
    def names(self) -> list[str]:
        """The names in the order in which they were set."""
        return [name for _, _, name in self.kept]

    def set(self, flow: str, moment: datetime, name: str) -> None:
        """Keep it."""
        if len(self.kept) >= self.lasts:
            raise Unavailable("the scheduler does not answer")
        self.kept.append((flow, moment, name))
