"""A worker in a process of its own that kills itself between `sending` and `sent`: run by a test."""

from __future__ import annotations

import os
import signal
import sys

from onboarding.adapters.sql import SqlStore
from onboarding.domain.mail import Letter, Outcome, OutcomeKind
from onboarding.services.dispatching import run_due
from tests.worlds import at, world


class DiesAtThird:
    """A mailer whose process is killed while the third letter is on its way."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, letter: Letter) -> Outcome:
        """Print the number of what surely left; the third one kills the process after it left."""
        print(letter.number, flush=True)  # noqa: T201 -- how the test learns what left
        self.sent += 1
        if self.sent == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return Outcome(kind=OutcomeKind.SENT)

    def close(self) -> None:
        """Nothing to give back."""


if __name__ == "__main__":
    with world(store=SqlStore(sys.argv[1]), mailer=DiesAtThird(), people=[]) as here:
        run_due(here.engine, at(sys.argv[2]))
