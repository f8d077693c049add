"""Does the runner serve every flow, and do its schedules and alarms really ring?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Event

import pytest
from prefect.flows import Flow

from flows import serve
from onboarding import clock
from onboarding.adapters.alarms import DEPLOYMENT, PrefectAlarms
from onboarding.cli.parts import DEPLOYED_LAST
from onboarding.services.timeline import hires
from onboarding.services.waking import ENROLL, RUN_DUE
from tests.flows.conftest import House
from tests.prefect_server import PrefectServer, environment, free_port
from tests.signing import post_standard

FLOWS = Path(serve.__file__).parent


def test_every_flow_is_served_with_its_schedule() -> None:
    assert {one.name for one in serve.deployments()} == {DEPLOYMENT}
    assert {
        one.flow_name: [getattr(each.schedule, "cron", "") for each in one.schedules or []]
        for one in serve.deployments()
    } == {
        "enroll-hires": ["*/15 * * * *"],
        "run-due-steps": ["0 * * * *"],
        "daily-review": ["0 7 * * *"],
        "sync-directory": ["0 5 * * *"],
        "coffee-round": ["0 6 * * 3"],
        "poll-replies": ["*/10 * * * *"],
        "backfill": [],
    }


def test_coffee_rounds_are_announced_when_the_company_says_and_never_when_it_says_nothing() -> None:
    def crons(said: str) -> list[str]:
        (found,) = [one for one in serve.deployments(said) if one.flow_name == "coffee-round"]
        return [getattr(each.schedule, "cron", "") for each in found.schedules or []]

    assert crons("0 8 1,15 * *") == ["0 8 1,15 * *"]
    assert crons("") == []


def test_the_mailbox_is_looked_into_when_the_company_says_and_never_when_there_is_none() -> None:
    def crons(said: str) -> list[str]:
        (found,) = [one for one in serve.deployments(replies=said) if one.flow_name == "poll-replies"]
        return [getattr(each.schedule, "cron", "") for each in found.schedules or []]

    assert crons("*/5 * * * *") == ["*/5 * * * *"]
    assert crons("") == []


def test_what_alarms_wake_is_served() -> None:
    assert {RUN_DUE, ENROLL} <= {one.flow_name for one in serve.deployments()}


def test_the_flow_that_tells_that_the_runner_is_ready_is_made_known_last() -> None:
    assert f"{serve.deployments()[-1].flow_name}/{DEPLOYMENT}" == DEPLOYED_LAST


def test_flows_are_found_by_module_so_that_an_installed_package_can_run_them_anywhere() -> None:
    for one in serve.deployments():
        module, _, name = str(one.entrypoint).rpartition(".")
        assert isinstance(getattr(import_module(module), name), Flow)


def test_every_parameter_is_described_on_the_form() -> None:
    for one in serve.deployments():
        for name, field in one._parameter_openapi_schema.properties.items():
            assert field.get("description"), f"{one.flow_name} does not describe {name}"


def test_a_server_that_does_not_come_up_is_waited_for_only_so_long() -> None:
    serve.wait_for_server(f"http://127.0.0.1:{free_port()}/api", patience=timedelta(seconds=0.5))


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_the_sweeps_are_scheduled_and_an_alarm_enrols_a_hire(house: House, tmp_path: Path) -> None:
    now = clock.now()
    start = (now + timedelta(days=40)).date().isoformat()
    post_standard(house.engine, {"start_date": start}, now=now)
    log = (tmp_path / "runner.log").open("w")
    runner = subprocess.Popen(
        [sys.executable, "-m", "flows.serve"], env=child_of(house.server), stdout=log, stderr=subprocess.STDOUT
    )
    try:
        until(
            lambda: bool(
                house.server.deployments() >= {"enroll-hires", "run-due-steps", "daily-review", "backfill"}
            )
        )
        alarms = PrefectAlarms(house.server.api)
        alarms.set(ENROLL, now, "enroll-hires/now")
        alarms.close()
        until(lambda: [one.id for one in hires(house.engine)] == ["n1"])
        until(lambda: {"enroll-hires", "run-due-steps", "daily-review"} <= house.server.scheduled())
        until(lambda: "COMPLETED" in {run["state_type"] for run in house.server.runs("enroll-hires")})
    finally:
        runner.terminate()
        assert runner.wait(10) == 0
        log.close()


def child_of(server: PrefectServer) -> dict[str, str]:
    return environment(server.home) | {"PREFECT_API_URL": server.api}


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    for _ in range(int(seconds / 0.25)):
        if true():
            return
        Event().wait(0.25)
    raise AssertionError("it did not happen in time")
