"""Who wakes us?"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Alarms(Protocol):
    """Wakes us. A lost alarm delays, an extra alarm does nothing."""

    def set(self, flow: str, moment: datetime, name: str) -> None:
        """Schedule one run of a flow (`enroll-hires`, `run-due-steps`); the same name twice is one run.

        Raises:
            Unavailable: when the scheduler does not answer.
        """
