"""Where does a test get a real Prefect server? One for each test process, started at first use, ended at exit."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from threading import Event
from typing import Any

import httpx

START = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectServer:
    """`api` is the address that ends with `/api`; `home` holds `prefect.db`."""

    api: str
    home: Path

    def call(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        """Ask the API; the parsed answer. A server on SQLite says 503 while it writes: asked again."""
        for _ in range(50):
            answer = httpx.request(method, f"{self.api}{path}", json=body, timeout=20)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            Event().wait(0.1)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deploy(self, flow: str, name: str = "onboarding") -> str:
        """Make an empty deployment; returns its id."""
        flow_id = self.call("POST", "/flows/", {"name": flow})["id"]
        return str(self.call("POST", "/deployments/", {"name": name, "flow_id": flow_id})["id"])

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """The runs of a flow, oldest first."""
        body: dict[str, object] = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_ASC"}
        found: list[dict[str, Any]] = self.call("POST", "/flow_runs/filter", body)
        return found

    def deployments(self) -> set[str]:
        """The names of the flows that are served."""
        served = {one["flow_id"] for one in self.call("POST", "/deployments/filter", {}) if one["entrypoint"]}
        return {one["name"] for one in self.call("POST", "/flows/filter", {}) if one["id"] in served}

    def scheduled(self) -> set[str]:
        """The names of the flows of which a schedule has made runs."""
        wanted: dict[str, object] = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        runs = self.call("POST", "/flow_runs/filter", wanted)
        planned = {run["flow_id"] for run in runs if run["auto_scheduled"]}
        return {one["name"] for one in self.call("POST", "/flows/filter", {}) if one["id"] in planned}


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """What a Prefect process of the tests sees."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}  # noqa: TID251 -- for a child
    return mine | {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_UI_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    }


@cache
def prefect_server() -> PrefectServer:
    """The server of this test process; 15 s at its first use."""
    home = Path(mkdtemp(prefix="prefect-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    port = free_port()
    child = subprocess.Popen(
        [*START, "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"], env=environment(home)
    )
    atexit.register(_stop, child)
    _wait(f"http://127.0.0.1:{port}/api/health", child)
    return PrefectServer(api=f"http://127.0.0.1:{port}/api", home=home)


@contextmanager
def flows_at(server: PrefectServer) -> Iterator[None]:
    """Flows that are called inside this block run in this process, against that server, without a heartbeat."""
    from prefect.settings import (  # noqa: PLC0415 -- two seconds, and only the tests of flows need it
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_HOME,
        temporary_settings,
    )

    here = {PREFECT_API_URL: server.api, PREFECT_HOME: server.home, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    with temporary_settings(updates=here):
        yield


def _wait(address: str, child: subprocess.Popen[bytes]) -> None:
    pause = Event()
    with httpx.Client(timeout=2) as client:
        for _ in range(600):
            if child.poll() is not None:
                break
            with suppress(httpx.HTTPError):
                if client.get(address).is_success:
                    return
            pause.wait(0.2)
    raise AssertionError(f"the Prefect server did not come up (exit code {child.poll()})")


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
