"""How can a server misbehave, apart from what it says?"""

from __future__ import annotations

import socket
from typing import Final

CUT: Final = "cut"
"""Close the connection without a word."""

STALL: Final = "stall"
"""Never answer; the connection stays open until the sink ends."""

LOOPBACK: Final = "127.0.0.1"


def closed_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        port: int = taken.getsockname()[1]
        return port
