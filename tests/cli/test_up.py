"""Does `onboarding up` start what is missing, refuse what cannot work, and leave nothing behind?"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from threading import Event

import httpx
import pytest

from onboarding import paths, settings
from onboarding.cli import parts
from onboarding.cli.parts import Ground
from onboarding.cli.up import NO_SECOND, worth_knowing
from tests.prefect_server import environment, free_port, prefect_server

UP = [sys.executable, "-c", "from onboarding.cli import main; main()", "up"]


def start(home: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    said = {"ONBOARDING_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [*UP, *arguments],
        env=environment(home / "prefect") | said | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_slips_in_the_words_and_what_is_not_set_are_said_at_the_start(tmp_path: Path) -> None:
    copytree(paths.shipped_templates(), tmp_path / "words")
    said = settings.load(home=tmp_path, templates=tmp_path / "words")
    assert list(worth_knowing(said)) == [NO_SECOND]
    (tmp_path / "words" / "forms" / "x.txt").write_text("", encoding="utf-8")
    (tmp_path / "words" / "forms" / "profile.toml").write_text("title = [", encoding="utf-8")
    first, second = worth_knowing(said)
    assert first.partition(" ")[2].startswith("mistakes in the folder of words: `onboarding check` names them")
    assert int(first.partition(" ")[0]) >= 2
    assert second == NO_SECOND


def end_of(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=60)
    return said


def groups(home: Path) -> list[int]:
    found: list[int] = json.loads((home / "up.lock").read_text())["groups"]
    return found


def gone(group: int) -> bool:
    """Whether no process of a group is left; whoever adopts its last ones may take a moment to let them go."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        Event().wait(0.05)
    return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`onboarding up` beside a Prefect server that exists already, when it says that it is ready; and its port."""
    port = free_port()
    process = start(tmp_path, "--port", str(port), PREFECT_API_URL=prefect_server().api)
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if "Ctrl-C" in line:
            break
    else:
        raise AssertionError("".join(seen))
    assert seen[-2].startswith("No second human is set: ")
    yield process, port
    process.kill()
    process.wait()


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_beside_a_server_that_exists_it_starts_runner_and_web_and_ends_both(
    up: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, port = up
    children = groups(tmp_path)
    assert len(children) == 2
    assert httpx.get(f"http://127.0.0.1:{port}/readyz").json() == {"state": "ready"}
    second = start(tmp_path, "--port", str(free_port()), PREFECT_API_URL=prefect_server().api)
    assert f"end process {process.pid}" in end_of(second)
    assert second.returncode == 1
    process.send_signal(signal.SIGTERM)
    assert "Stopped." in end_of(process)
    assert process.returncode == 0
    assert all(gone(child) for child in children)


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_a_part_that_is_killed_takes_the_rest_down_with_a_clear_message(
    up: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, _ = up
    children = groups(tmp_path)
    os.killpg(children[1], signal.SIGKILL)
    said = end_of(process)
    assert "the web app ended (SIGKILL), so everything else was stopped" in said
    assert str(tmp_path / "logs" / "web.log") in said
    assert process.returncode == 1
    assert all(gone(child) for child in children)


@pytest.mark.slow
def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, "--prefect-port", str(port), "--port", str(free_port()))
        assert f"port {port} on 127.0.0.1 cannot be used" in end_of(process)
    assert process.returncode == 1
    assert not (tmp_path / "logs").exists()


@pytest.mark.slow
def test_settings_that_cannot_work_are_told_before_anything_starts(tmp_path: Path) -> None:
    process = start(tmp_path, ONBOARDING_MAILER="sendgrid", ONBOARDING_TIME_ZONE="Europe/Atlantis")
    said = end_of(process)
    assert "ONBOARDING_TIME_ZONE" in said
    assert process.returncode == 2
    assert not (tmp_path / "logs").exists()


def test_a_server_is_among_the_parts_only_when_there_is_none(tmp_path: Path) -> None:
    ground = Ground(home=tmp_path, port=1, prefect_port=2)
    assert [part.name for part in parts.parts(ground)] == ["the Prefect server", "the runner", "the web app"]
    beside = Ground(home=tmp_path, port=1, prefect_port=2, prefect_api="https://prefect.example.com/api")
    assert [part.name for part in parts.parts(beside)] == ["the runner", "the web app"]
    assert beside.prefect == "https://prefect.example.com"


def test_every_part_listens_on_loopback_only_and_counts_nothing_for_others(tmp_path: Path) -> None:
    for part in parts.parts(Ground(home=tmp_path, port=1, prefect_port=2)):
        if "--host" in part.command:
            assert part.command[part.command.index("--host") + 1] == "127.0.0.1"
        if part.name != "the web app":
            assert part.environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
            assert part.environment["DO_NOT_TRACK"] == "1"
