"""A company behind the flows: a real Prefect server, settings by environment, a real database and outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from onboarding import bootstrap, settings
from onboarding.services.engine import Engine
from tests.prefect_server import PrefectServer, flows_at, prefect_server
from tests.worlds import SECRET, directory


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The company's engine, its home and its Prefect."""

    engine: Engine
    home: Path
    server: PrefectServer

    @property
    def mails(self) -> int:
        """How many mails lie in the outbox."""
        return len(list((self.home / "outbox").glob("*.eml")))

    def next_due(self) -> datetime:
        """The next due moment."""
        with self.engine.store.read() as books:
            moment = books.deliveries.next_due()
        assert moment is not None, "nothing is due"
        return moment

    def table(self, run_id: object) -> list[dict[str, Any]]:
        """The table that a run wrote; empty when it wrote none."""
        found = self.server.call(
            "POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [str(run_id)]}}}
        )
        return json.loads(found[0]["data"]) if found else []

    def tasks(self, run_id: object) -> list[str]:
        """The names of a run's tasks, as soon as the server knows that they ended."""
        wanted: dict[str, object] = {
            "flow_runs": {"id": {"any_": [str(run_id)]}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        found = self.server.call("POST", "/task_runs/filter", wanted)
        return [run["name"] for run in found]


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    server = prefect_server()
    said = {
        "ONBOARDING_HOME": str(tmp_path),
        "ONBOARDING_DATABASE_URL": sqlite_url,
        "ONBOARDING_WEBHOOK_SECRETS": json.dumps({"standard": SECRET}),
        "PREFECT_API_URL": server.api,
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    server.deploy("run-due-steps")
    engine = bootstrap.build(settings.load())
    with engine.store.begin() as books:
        books.people.put_all(directory())
    with flows_at(server):
        yield House(engine=engine, home=tmp_path, server=server)
    engine.close()
