"""What time is it? The one home of the clock; only doors ask it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from onboarding.domain.errors import BadSettings

Clock = Callable[[], datetime]
"""Returns an aware UTC moment."""


def now() -> datetime:
    """The real moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one home of the clock


def from_file(path: Path | None) -> Clock:
    """A clock that reads its moment from a file, for walks through time; the real clock when there is none.

    The file holds one ISO 8601 moment with its offset. A missing file means the real clock.

    Raises (the clock, not this function):
        BadSettings: the file holds something else.
    """
    if path is None:
        return now

    def read() -> datetime:
        try:
            moment = datetime.fromisoformat(path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return now()
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            said = "one moment with its offset, as in 2027-01-04T09:00+01:00"
            raise BadSettings([f"ONBOARDING_CLOCK_FILE: {path} must hold {said}"])
        return moment.astimezone(UTC)

    return read
