"""Which connections wait to be used again, and to whom can they be opened?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

Connection = TypeVar("Connection")


class Kept(Generic[Connection]):
    """Open connections that nobody uses at this moment, the freshest first.

    One thread holds a connection at a time, so there are never more of them than letters under way at once, and a
    thread that ends leaves nothing behind. `close` never touches a connection in use.
    """

    def __init__(self, *, idle: float, end: Callable[[Connection], None]) -> None:
        self._idle = idle
        self._end = end
        self._waiting: deque[tuple[float, Connection]] = deque()  # its append and pop are atomic

    def take(self) -> Connection | None:
        """The connection used last, or None; those that waited longer than `idle` seconds are ended."""
        with suppress(IndexError):  # nothing waits any more
            while True:
                since, connection = self._waiting.pop()
                if time.monotonic() - since <= self._idle:  # an age, not a time of day
                    return connection
                self._end(connection)
        return None

    def give(self, connection: Connection) -> None:
        """Keep it for the next letter."""
        self._waiting.append((time.monotonic(), connection))

    def close(self) -> None:
        """End all that wait."""
        with suppress(IndexError):  # nothing waits any more
            while True:
                _, connection = self._waiting.pop()
                self._end(connection)


def can_be_a_host(name: str) -> bool:
    """Whether a resolver can be asked for it: `a..b` and long labels raise UnicodeError, not OSError, there."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
