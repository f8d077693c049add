"""What does a real CalDAV server say? Radicale in a process of its own, one for all tests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from onboarding.adapters.calendars.web import basic
from tests.sinks.behaviour import LOOPBACK

USER, PASSWORD = "engine@example.com", "a password of the tests"
CALENDAR = """<?xml version="1.0"?><D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radicale:
    """A running server."""

    url: str

    @property
    def authorization(self) -> str:
        """How the engine proves who it is."""
        return basic(USER, PASSWORD)

    def make(self, path: str) -> None:
        """Make a calendar."""
        self._ask("MKCOL", path, CALENDAR.encode())

    def home(self, path: str) -> None:
        """Make a collection that holds calendars."""
        self._ask("MKCOL", path, b"")

    def put(self, path: str, raw: bytes) -> None:
        """Put an event into a calendar."""
        self._ask("PUT", path, raw)

    def _ask(self, method: str, path: str, body: bytes) -> None:
        headers = {"Authorization": self.authorization, "Content-Type": "text/calendar; charset=utf-8"}
        if method == "MKCOL":
            headers["Content-Type"] = "application/xml"
        answer = httpx.request(method, f"{self.url}{path}", content=body, headers=headers, trust_env=False)
        assert answer.is_success, (answer.status_code, answer.text)


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Start Radicale in that folder, and stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="ascii")
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    options = {
        "server-hosts": f"{LOOPBACK}:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "rights-type": "authenticated",
        "storage-filesystem-folder": str(folder / "calendars"),
        "logging-level": "error",
    }
    command = [
        sys.executable,
        "-m",
        "radicale",
        "--config",
        "",
        *(f"--{name}={one}" for name, one in options.items()),
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(port, server)
        yield Radicale(url=f"http://{LOOPBACK}:{port}")
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "radicale ended"
        with socket.socket() as tried:
            if tried.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)  # noqa: TID251 -- a server starts when it starts
    raise AssertionError("radicale does not start")
