"""Words that cannot be read for a while."""

from __future__ import annotations

from onboarding.domain.journey import Journey
from tests.worlds import WORDS


class Fragile:
    """The shipped words; journeys cannot be read as often as it says."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times = error, times

    def __getattr__(self, name: str) -> object:
        return getattr(WORDS, name)

    def journey(self, name: str) -> Journey:
        """The journey, as soon as it has broken often enough."""
        if self.times:
            self.times -= 1
            raise self.error
        return WORDS.journey(name)
