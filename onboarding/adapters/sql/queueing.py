"""Who writes next to an SQLite file?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, RLock
from time import monotonic
from typing import IO

from onboarding.domain.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows: processes meet without a queue there
    fcntl = None  # type: ignore[assignment]  # no such module there

AGAIN = 0.002
"""Seconds between two looks at the queue."""

_NEVER = Event()
"""Nobody sets it: to wait for it is to sleep."""


class WritersQueue:
    """Threads and processes that want to write to one SQLite file, one after the other.

    SQLite does not queue: it sleeps for up to a tenth of a second, tries again, and may come too late for ever
    beside somebody who writes in many small transactions. Here whoever has just written stands behind those who
    wait: the threads of a process at a lock of theirs, its first one at a lock of the file beside the database
    (flock(2), which ends with its process) until SQLite gives it the writer's place.
    """

    def __init__(self, database: str | None) -> None:
        plain = database and not database.startswith("file:")
        self._file = Path(f"{database}-queue") if plain and fcntl else None
        self._opened: IO[bytes] | None = None
        self._threads = RLock()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """The turn of this thread among those of its process.

        Raises:
            Unavailable: when it does not come within that time.
        """
        if not self._threads.acquire(timeout=seconds):
            raise Unavailable("another thread holds the database")
        try:
            yield
        finally:
            self._threads.release()

    @contextmanager
    def head(self, seconds: float) -> Iterator[None]:
        """The head of the queue of processes; for whoever has the turn among its threads.

        Where no file can stand beside the database, nobody queues, and SQLite says what is wrong there.

        Raises:
            Unavailable: when it does not come within that time.
        """
        queue = self._open()
        if queue is None:
            yield
            return
        end = monotonic() + seconds
        while not _locked(queue):
            if monotonic() > end:
                raise Unavailable("other programs hold the database")
            _NEVER.wait(AGAIN)
        try:
            yield
        finally:
            fcntl.flock(queue, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave; another turn opens the file again."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _open(self) -> IO[bytes] | None:
        if self._opened is None and self._file is not None:
            with suppress(OSError):
                self._file.touch(mode=0o600)
                self._opened = self._file.open("ab")
        return self._opened


def _locked(queue: IO[bytes]) -> bool:
    try:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
