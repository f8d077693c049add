"""Do the files for more than one machine name what really is there? Neither containers nor a cluster run here."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from prefect.flows import Flow
from ruamel.yaml import YAML

from flows import serve
from onboarding.cli.app import COMMANDS
from tests.prefect_server import environment, prefect_server

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deployments"


def loaded(name: str) -> list[Any]:
    """Every document of a YAML file."""
    return list(YAML(typ="safe", pure=True).load_all((FOLDER / name).read_text()))


def test_workers_get_the_same_deployments_and_schedules_as_the_runner() -> None:
    written = loaded("prefect.yaml")[0]["deployments"]
    served = serve.deployments()
    assert {one["name"] for one in written} == {one.name for one in served}
    crons = {
        one["entrypoint"].rpartition(":")[2]: [each["cron"] for each in one.get("schedules", [])]
        for one in written
    }
    assert crons == {
        str(one.entrypoint).rpartition(".")[2]: [
            getattr(each.schedule, "cron", "") for each in one.schedules or []
        ]
        for one in served
    }


def test_every_entrypoint_is_a_flow() -> None:
    for one in loaded("prefect.yaml")[0]["deployments"]:
        path, _, name = one["entrypoint"].partition(":")
        assert isinstance(getattr(import_module(path.removesuffix(".py").replace("/", ".")), name), Flow)


def test_containers_start_modules_and_commands_that_exist() -> None:
    composed = loaded("compose.yaml")[0]["services"]
    pods = [
        one["spec"]["template"]["spec"]["containers"][0]
        for one in loaded("kubernetes/onboarding.yaml")
        if "template" in one["spec"]
    ]
    image = re.findall(r"CMD (\[.*\])", (FOLDER / "Dockerfile").read_text())
    commands = [one["command"] for one in [*composed.values(), *pods] if "command" in one]
    commands += [shlex.split(one.strip("[]").replace(",", " ")) for one in image]
    assert len(commands) >= 5
    for program, *rest in commands:
        if program == "onboarding":
            assert rest[0] in COMMANDS
        elif program == "python":
            assert rest[0] == "-m"
            import_module(rest[1])
        else:
            assert [program, *rest[:2]] == ["prefect", "server", "start"]


def test_containers_of_one_machine_share_a_home() -> None:
    composed = loaded("compose.yaml")[0]["services"]
    for name in ("web", "runner", "migrate"):
        assert composed[name]["volumes"] == ["home:/var/lib/onboarding"]
        assert composed[name]["environment"]["ONBOARDING_HOME"] == "/var/lib/onboarding"


def test_nothing_is_published_beyond_this_machine() -> None:
    for one in loaded("compose.yaml")[0]["services"].values():
        for port in one.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_the_web_app_believes_a_proxy_and_not_everybody() -> None:
    composed = loaded("compose.yaml")[0]
    (network,) = composed["networks"]["default"]["ipam"]["config"]
    assert composed["services"]["web"]["environment"]["FORWARDED_ALLOW_IPS"] == network["gateway"]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    assert "FORWARDED_ALLOW_IPS" not in composed["services"]["runner"]["environment"]
    (web,) = (
        one
        for one in loaded("kubernetes/onboarding.yaml")
        if one["metadata"]["name"] == "onboarding-web" and one["kind"] == "Deployment"
    )
    told = {one["name"]: one["value"] for one in web["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert ip_network(told["FORWARDED_ALLOW_IPS"]).is_private


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_prefect_takes_the_deployments(tmp_path: Path) -> None:
    server = prefect_server()
    code = {"ONBOARDING_CODE": str(ROOT), "PREFECT_API_URL": server.api, "PATH": os.environ["PATH"]}  # noqa: TID251 -- for a child
    seen = environment(server.home) | code

    def prefect(*arguments: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=seen, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    prefect("work-pool", "create", "onboarding", "--type", "process", "--overwrite")
    prefect("deploy", "--prefect-file", "deployments/prefect.yaml", "--all")
    assert server.deployments() >= {"enroll-hires", "run-due-steps", "daily-review", "backfill"}
