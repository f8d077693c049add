"""What time is it? The one home of the clock; only doors ask it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]
"""Returns an aware UTC moment."""


def now() -> datetime:
    """The real moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one home of the clock


def from_file(path: Path | None) -> Clock:
    """A clock that reads its moment from a file, for walks through time; the real clock when there is none.

    The file holds one ISO 8601 moment with its offset. A missing file means the real clock.
    """
    if path is None:
        return now

    def read() -> datetime:
        try:
            moment = datetime.fromisoformat(path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return now()
        if moment.tzinfo is None:
            raise ValueError(f"the clock file {path} holds a moment without a zone")
        return moment.astimezone(UTC)

    return read
