"""Who starts the parts of `onboarding up`, and who ends them? All of them run, or none.

Each part is a child in a process group of its own, so that Ctrl-C reaches it through us only and its own children
end with it. The lock of the home stays with the children too: who kills this process with no chance to end them is
told so at the next start, instead of running everything twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType
from typing import IO, Self

import click
import httpx

LOOPBACK = "127.0.0.1"

LOCK = "up.lock"
"""The file in a home that whoever runs its parts holds locked."""

PATIENCE = 120.0
"""Seconds for all parts to be ready: a Prefect server's first start migrates its database for 15 s."""

GRACE = 5.0
"""Seconds between the polite signal and the one that cannot be refused."""

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

LAST_LINES = 15
"""Lines of a dead part's log that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One child: `ready` is an address that answers 2xx when it does its work ("" when nothing tells)."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: str = ""


class Ended(click.ClickException):
    """A part ended or did not get ready; the message names it, its exit code and the last lines of its log."""


class Supervisor:
    """Starts parts in order, watches them, and ends them in the opposite order.

    Use it as a context manager: whatever happens inside, no part is left behind.
    """

    def __init__(self, parts: Sequence[Part], *, lock: IO[str] | None = None, grace: float = GRACE) -> None:
        self._parts = parts
        self._lock = lock
        self._grace = grace
        self._children: list[tuple[Part, subprocess.Popen[bytes]]] = []
        self.stop = Event()

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._asked_to_stop) for number in STOP}
        try:
            for part in self._parts:
                self._children.append((part, _start(part, self._lock)))
            self._note()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        for number, what in self._before.items():
            signal.signal(number, what)

    def wait_until_ready(self, patience: float = PATIENCE) -> bool:
        """Wait until every part answers; False when somebody asked to stop first.

        Raises:
            Ended: a part ended, or was not ready in time.
        """
        waiting = [part for part in self._parts if part.ready]
        with httpx.Client(timeout=2) as client:
            for _ in range(int(patience / 0.2)):
                waiting = [part for part in waiting if not _answers(client, part.ready)]
                if not waiting:
                    return True
                if self.stop.wait(0.2):
                    return False
                self.check()
        raise Ended(f"{waiting[0].name} was not ready after {patience:.0f} s.{_last_words(waiting[0])}")

    def watch(self) -> None:
        """Return when somebody asks to stop.

        Raises:
            Ended: a part ended by itself.
        """
        while not self.stop.wait(0.2):
            self.check()

    def check(self) -> None:
        """Raise Ended when a part has ended."""
        for part, child in self._children:
            code = child.poll()
            if code is not None:
                how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
                raise Ended(f"{part.name} ended ({how}), so everything else was stopped.{_last_words(part)}")

    def end(self) -> None:
        """End what still runs, the last started first: the runner wants to say goodbye to the server."""
        while self._children:
            _, child = self._children.pop()
            end_group(child, self._grace)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def _note(self) -> None:
        if self._lock is not None:
            groups = [child.pid for _, child in self._children]
            self._lock.seek(0)
            self._lock.truncate()
            self._lock.write(json.dumps({"supervisor": os.getpid(), "groups": groups}))
            self._lock.flush()


def end_group(child: subprocess.Popen[bytes], grace: float = GRACE) -> None:
    """Ask a child's group to end, and kill what is left of it after a while."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(grace)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _start(part: Part, lock: IO[str] | None) -> subprocess.Popen[bytes]:
    part.log.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        part.log.replace(part.log.with_suffix(".log.1"))
    with part.log.open("wb") as log:
        return subprocess.Popen(
            list(part.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | part.environment,  # noqa: TID251 -- a child inherits what we were given
            start_new_session=True,
            pass_fds=() if lock is None else (lock.fileno(),),
        )


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(address).is_success
    except httpx.HTTPError:
        return False


def _last_words(part: Part) -> str:
    with suppress(OSError):
        lines = part.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
        if lines:
            return "\n".join([f"\nThe last lines of {part.log}:", *(f"  {line}" for line in lines)])
    return f"\nIts log {part.log} is empty."


@contextmanager
def locked(home: Path) -> Iterator[IO[str]]:
    """Hold the lock of a home, so that nobody else runs its parts at the same time.

    Raises:
        ClickException: somebody does; the message says who, and how to end what a killed one left behind.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise click.ClickException(_held(home, lock.read())) from None
        yield lock


def _held(home: Path, note: str) -> str:
    try:
        said = json.loads(note)
        supervisor, groups = int(said["supervisor"]), [int(one) for one in said["groups"]]
    except (ValueError, KeyError, TypeError):
        return f"onboarding is starting on {home} already; wait for it, or give another ONBOARDING_HOME."
    try:
        os.kill(supervisor, 0)
    except ProcessLookupError:
        left = " ".join(f"-{group}" for group in groups)
        return (
            f"an earlier start on {home} was killed and left its parts running; end them with\n"
            f"  kill -- {left}\nand start again."
        )
    return f"onboarding is up on {home} already: end process {supervisor}, or give another ONBOARDING_HOME."


def refuse_used_ports(ports: Mapping[str, int]) -> None:
    """Refuse before anything starts; `ports` maps the option that chooses a port to its number.

    Raises:
        ClickException: a port is in use, or two options name the same.
    """
    seen: dict[int, str] = {}
    for option, port in ports.items():
        if port in seen:
            raise click.ClickException(f"{seen[port]} and {option} both say {port}; they need two ports.")
        seen[port] = option
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                raise click.ClickException(
                    f"port {port} on {LOOPBACK} cannot be used ({error.strerror}); choose another with {option}."
                ) from None


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
