"""Which parts make a running onboarding? A Prefect server (unless there is one), the runner and the web app."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from onboarding.cli.supervisor import LOOPBACK, Part

DEPLOYED_LAST = "backfill/onboarding"
"""The last flow that the runner makes known: when the server knows it, alarms can be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where the parts run: `prefect_api` is the address of a server that exists already, or ""."""

    home: Path
    port: int
    prefect_port: int
    prefect_api: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def web(self) -> str:
        """The address of the web app."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def api(self) -> str:
        """The address of Prefect's API."""
        return self.prefect_api or f"http://{LOOPBACK}:{self.prefect_port}/api"

    @property
    def prefect(self) -> str:
        """The address of Prefect's UI."""
        return self.api.removesuffix("/").removesuffix("/api")


MOST_AT_ONCE = "200"
"""Connections of the web app, five times its threads: more are answered with 503, and HR systems come again."""


def parts(ground: Ground) -> list[Part]:
    """The parts in the order in which they start; all start at once, and the runner waits for the server."""
    ours = [runner(ground), web(ground)]
    return ours if ground.prefect_api else [server(ground), *ours]


IN_BATCHES = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
}
"""What happened to tasks is written many at a time: SQLite has one writer, and alarms and runs want it too."""


def server(ground: Ground) -> Part:
    """Prefect's server, on loopback, with its UI and no analytics; its SQLite file lies in PREFECT_HOME.

    It is started as Prefect starts its own temporary servers: 4 s sooner than `prefect server start`.
    """
    app = ("uvicorn", "--factory", "prefect.server.api.server:create_app")
    return Part(
        name="the Prefect server",
        command=(
            *_python(*app),
            *("--host", LOOPBACK, "--port", str(ground.prefect_port)),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "2"),
        ),
        log=ground.home / "logs" / "prefect-server.log",
        ready=f"{ground.api}/health",
        environment={
            **_prefect(ground),
            "PREFECT_SERVER_API_HOST": LOOPBACK,
            "PREFECT_SERVER_API_PORT": str(ground.prefect_port),
            "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(ground.home / "prefect" / "ui"),
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            # Prefect's default is every website: a page in HR's browser could read runs and start flows
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ground.prefect,
            **IN_BATCHES,
            "PREFECT__SERVER_FINAL": "1",
        },
    )


def runner(ground: Ground) -> Part:
    """The process that waits for alarms and runs the flows."""
    return Part(
        name="the runner",
        command=_python("flows.serve"),
        log=ground.home / "logs" / "runner.log",
        ready="" if ground.prefect_api else f"{ground.api}/deployments/name/{DEPLOYED_LAST}",
        environment={**ground.environment, **_prefect(ground)},
    )


def web(ground: Ground) -> Part:
    """The web app: webhooks, forms, HR's desk, mailbox."""
    return Part(
        name="the web app",
        command=_python(
            *("uvicorn", "--factory", "onboarding.web:app"),
            *("--host", LOOPBACK, "--port", str(ground.port), "--limit-concurrency", MOST_AT_ONCE),
        ),
        log=ground.home / "logs" / "web.log",
        ready=f"{ground.web}/readyz",
        environment={**ground.environment, "PREFECT_API_URL": ground.api},
    )


def _prefect(ground: Ground) -> dict[str, str]:
    """What every Prefect process of ours must know; HR's data stays at home."""
    return {
        "PREFECT_API_URL": ground.api,
        "PREFECT_HOME": str(ground.home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)
