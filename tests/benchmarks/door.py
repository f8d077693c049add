"""How fast does the webhook door answer, and how many events a second does it take for good?

A real web server in a process of its own on SQLite, and beside it a bare one: the same server, an HMAC and one
committed insert for each message. Every message is signed, new and durable (WAL, synchronous = FULL).
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from onboarding.adapters.sql.migrations import migrate
from tests.benchmarks.measuring import Measure, duration, rate
from tests.benchmarks.prefect_stand_in import prefect_stand_in
from tests.signing import standard_headers
from tests.worlds import SECRET, record

PACE, PACED = 50, 1_000
"""Messages a second, and how many of them, for the time that an answer takes."""
FLOOD, LANES = 3_000, 16
"""Messages, and connections that send them as fast as they are answered."""
BURST = 2_000
BACKLOG = 500
STANDARD = "/webhooks/hris/standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server on loopback, and the seconds of processor time it has used."""

    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def served(application: str, environment: dict[str, str]) -> Iterator[Served]:
    """Start a web server as `onboarding up` does, and end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", application, "--port", str(port)]
    quiet = ["--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([*command, *quiet], env={**os.environ, **environment})  # noqa: TID251 -- the child's
    try:
        _wait_for(port)
        yield Served(port=port, process=process)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # noqa: TID251 -- a benchmark waits for its server
    raise TimeoutError("the server did not start")


def requests(count: int, start: int) -> list[bytes]:
    """Signed messages about so many newcomers, as bytes on the wire."""
    return [_request(number) for number in range(start, start + count)]


def _request(number: int) -> bytes:
    body = json.dumps(
        {"type": "hire.created", "data": record(id=f"h{number}", interests=["tea", "chess"])}
    ).encode()
    headers = standard_headers(body, datetime.now(UTC), delivery=f"msg_{number}")  # noqa: TID251 -- signed now
    lines = [f"POST {STANDARD} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Lane:
    """One connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> Lane:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> None:
        """Send one message and read its answer, which must be 200."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1").partition("\r\n")[0])
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.partition(b":")[2]))


async def paced(port: int, messages: list[bytes]) -> list[float]:
    """Seconds from the moment at which each message was due to its answer, sorted."""
    free: asyncio.Queue[Lane] = asyncio.Queue()
    for _ in range(LANES):
        free.put_nowait(await Lane.to(port))
    start = time.perf_counter()
    times: list[float] = []

    async def one(number: int, message: bytes) -> None:
        due = start + number / PACE
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        lane = await free.get()
        await lane.send(message)
        times.append(time.perf_counter() - due)
        free.put_nowait(lane)

    await asyncio.gather(*(one(number, message) for number, message in enumerate(messages)))
    return sorted(times)


async def flood(port: int, messages: list[bytes]) -> float:
    """Seconds for all messages, sent by many connections as fast as they are answered."""
    waiting = iter(messages)

    async def lane() -> None:
        mine = await Lane.to(port)
        for message in waiting:
            await mine.send(message)

    start = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    return time.perf_counter() - start


def door() -> list[Measure]:
    """The door beside a bare server, and beside itself while others write; then a burst and its runs."""
    ours = _measured("onboarding.web:app")
    floor = _measured("tests.benchmarks.bare_door:app")
    return [
        duration("door p99", PACED, ours[0], floor[0]),
        duration("door p99, enrolling", PACED, _while_enrolling(), ours[0]),
        rate("door flood", FLOOD, ours[1], floor[1], "events/s"),
        *_burst(),
    ]


def _measured(application: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as home, served(application, _environment(home)) as server:
        asyncio.run(paced(server.port, requests(200, 1_000_000)))
        times = asyncio.run(paced(server.port, requests(PACED, 0)))
        seconds = asyncio.run(flood(server.port, requests(FLOOD, PACED)))
    return times[int(len(times) * 0.99)], seconds


def _while_enrolling() -> float:
    """The same pace while another process turns 500 recorded events into hires on the same SQLite file."""
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(home)
        with served("onboarding.web:app", environment) as server:
            asyncio.run(flood(server.port, requests(BACKLOG, 0)))
            command = [sys.executable, "-c", "from onboarding.cli import main; main()", "enroll", "--json"]
            enrolling = subprocess.Popen(
                command,
                env={**os.environ, **environment},  # noqa: TID251 -- the child's
                stdout=subprocess.DEVNULL,
            )
            times = asyncio.run(paced(server.port, requests(PACED, BACKLOG)))
            enrolling.kill()
            enrolling.wait()
    return times[int(len(times) * 0.99)]


def _environment(home: str, **more: str) -> dict[str, str]:
    migrate(f"sqlite:///{home}/onboarding.db")
    return {"ONBOARDING_HOME": home, "ONBOARDING_WEBHOOK_SECRETS": json.dumps({"standard": SECRET}), **more}


def _burst() -> list[Measure]:
    """Two thousand events at once: how long until all are hires, and how many runs of `enroll-hires` it took."""
    with tempfile.TemporaryDirectory() as home, prefect_stand_in() as prefect:
        environment = _environment(home, PREFECT_API_URL=prefect.api)
        with served("onboarding.web:app", environment) as server:
            start = time.perf_counter()
            taken = asyncio.run(flood(server.port, requests(BURST, 0)))
            runs = prefect.ring(Path(home), environment, BURST)
            seconds = time.perf_counter() - start
    return [
        Measure(name="burst to hires", size=BURST, value=round(seconds, 1), unit="s", floor=round(taken, 1),
                ratio=round(seconds / taken, 2)),
        Measure(name="burst runs", size=BURST, value=runs, unit="runs", floor=1, ratio=float(runs)),
    ]  # fmt: skip
