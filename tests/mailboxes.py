"""A mailbox that stories use: in memory, and away when a test says so."""

from __future__ import annotations

from dataclasses import dataclass, field

from onboarding.domain.errors import Unavailable
from onboarding.ports.replies import Unread


@dataclass
class Kept:
    """A mailbox in memory."""

    mails: dict[str, bytes]
    read: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    away: bool = False

    def unread(self, *, limit: int, largest: int) -> list[Unread]:
        """What is neither read nor flagged."""
        if self.away:
            raise Unavailable("the mailbox does not answer")
        done = {*self.read, *self.flagged}
        return [Unread(key=key, raw=raw[:largest]) for key, raw in self.mails.items() if key not in done][:limit]

    def mark_read(self, key: str) -> None:
        """Read it."""
        self._mark(key, self.read)

    def flag(self, key: str) -> None:
        """Flag it."""
        self._mark(key, self.flagged)

    def _mark(self, key: str, marks: list[str]) -> None:
        if self.away:
            raise Unavailable("the mailbox does not answer")
        if key in self.mails:
            marks.append(key)

    def close(self) -> None:
        """Nothing stays open."""
