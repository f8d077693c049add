"""What does the engine ask of Prefect in a burst? A stand-in that takes alarms and rings them in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from sqlite3 import connect
from threading import Thread
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from onboarding import clock

AT_ONCE = 2
"""Runs at a time, as `flows.serve` allows."""

LATEST = 120
"""Seconds after which a burst counts as lost."""


@dataclass(kw_only=True)
class PrefectStandIn:
    """Alarms by name, each with its moment."""

    api: str = ""
    alarms: dict[str, float] = field(default_factory=dict)

    def ring(self, home: Path, environment: dict[str, str], hires: int) -> int:
        """Run `onboarding enroll` in a process for each alarm as it falls due, two at a time, as the runner does.

        Returns how many runs there were when all hires are there.
        """
        rung: set[str] = set()
        running: list[subprocess.Popen[bytes]] = []
        end = time.monotonic() + LATEST
        while time.monotonic() < end:
            running = [one for one in running if one.poll() is None]
            due = sorted(
                name
                for name, moment in self.alarms.items()
                if moment <= clock.now().timestamp() and name not in rung
            )
            enrol = [name for name in due if name.startswith("enroll-hires/")]
            if enrol and len(running) < AT_ONCE:
                rung.add(enrol[0])
                command = [sys.executable, "-c", "from onboarding.cli import main; main()", "enroll", "--json"]
                running.append(
                    subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)  # noqa: TID251 -- the child's
                )
            if not running and _count(home) == hires and not self._coming(rung):
                return len(rung)
            time.sleep(0.05)  # noqa: TID251 -- a benchmark waits for alarms
        raise TimeoutError(f"{_count(home)} of {hires} hires after {LATEST} s")

    def _coming(self, rung: set[str]) -> bool:
        return any(name.startswith("enroll-hires/") and name not in rung for name in self.alarms)


def _count(home: Path) -> int:
    with connect(home / "onboarding.db") as connection:
        found: int = connection.execute("SELECT count(*) FROM hires").fetchone()[0]
    connection.close()
    return found


@contextmanager
def prefect_stand_in() -> Iterator[PrefectStandIn]:
    """A server with the two routes that alarms need."""
    stand_in = PrefectStandIn()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({"id": str(uuid5(NAMESPACE_URL, self.path))})

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            when = datetime.fromisoformat(said["state"]["state_details"]["scheduled_time"])
            stand_in.alarms.setdefault(said["idempotency_key"], when.timestamp())
            self._answer({"id": str(uuid5(NAMESPACE_URL, said["idempotency_key"]))})

        def _answer(self, tree: dict[str, Any]) -> None:
            body = json.dumps(tree).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        stand_in.api = f"http://127.0.0.1:{server.server_port}/api"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()
