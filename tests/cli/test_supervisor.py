"""Do all parts run, or none? Real children, real signals, real ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

import click
import pytest

from onboarding.cli.supervisor import Ended, Part, Supervisor, free_ports, locked, refuse_used_ports

FOREVER = "import threading; threading.Event().wait()"
DEAF = (
    "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
    + FOREVER
)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def part(logs: Path, name: str, code: str, *, ready: str = "") -> Part:
    return Part(name=name, command=(sys.executable, "-S", "-c", code), log=logs / f"{name}.log", ready=ready)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def until(there: Path) -> str:
    """The text of a file, as soon as it has some."""
    for _ in range(200):
        if there.exists() and there.read_text().strip():
            return there.read_text()
        Event().wait(0.05)
    raise AssertionError(f"{there} stayed empty")


def test_a_part_that_ends_takes_the_others_down_and_says_its_last_words(logs: Path) -> None:
    broken = "import sys; print('first line'); print('the disk is full'); sys.exit(3)"
    with Supervisor([part(logs, "server", FOREVER), part(logs, "runner", broken)]) as supervisor:
        server = supervisor._children[0][1].pid
        with pytest.raises(Ended) as ended:
            supervisor.watch()
    assert "runner ended (exit code 3)" in ended.value.message
    assert "the disk is full" in ended.value.message
    assert str(logs / "runner.log") in ended.value.message
    assert not alive(server)


def test_a_part_that_was_killed_is_named_with_the_signal(logs: Path) -> None:
    with Supervisor([part(logs, "web", FOREVER)]) as supervisor:
        os.kill(supervisor._children[0][1].pid, signal.SIGKILL)
        with pytest.raises(Ended, match="SIGKILL") as ended:
            supervisor.watch()
    assert "is empty" in ended.value.message


def test_a_part_that_ends_before_it_is_ready_is_noticed_at_once(logs: Path) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}/"
    with (
        Supervisor([part(logs, "server", "import sys; sys.exit('no database')", ready=nobody)]) as supervisor,
        pytest.raises(Ended, match="no database"),
    ):
        supervisor.wait_until_ready()


def test_a_part_that_never_gets_ready_is_given_up(logs: Path) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}/"
    with (
        Supervisor([part(logs, "server", FOREVER, ready=nobody)]) as supervisor,
        pytest.raises(Ended, match="server was not ready after"),
    ):
        supervisor.wait_until_ready(patience=0.5)


def test_a_part_is_ready_when_its_address_answers(logs: Path) -> None:
    port = free_ports(1)[0]
    serve = (
        f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"
    )
    with Supervisor([part(logs, "web", serve, ready=f"http://127.0.0.1:{port}/")]) as supervisor:
        assert supervisor.wait_until_ready()


def test_asking_to_stop_ends_the_wait_and_the_watch(logs: Path) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}/"
    with Supervisor([part(logs, "server", FOREVER, ready=nobody)]) as supervisor:
        Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert not supervisor.wait_until_ready()
        supervisor.watch()


def test_signals_are_given_back_at_the_end(logs: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor([part(logs, "server", FOREVER)]):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_does_not_listen_to_the_polite_signal_is_killed(logs: Path) -> None:
    with Supervisor([part(logs, "deaf", DEAF)], grace=0.3) as supervisor:
        child = supervisor._children[0][1].pid
        until(logs / "deaf.log")
    assert not alive(child)


def test_a_child_of_a_part_ends_with_it(logs: Path) -> None:
    parent = (
        f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-S', '-c', {FOREVER!r}]); "
        "print(child.pid, flush=True); child.wait()"
    )
    with Supervisor([part(logs, "runner", parent)]):
        grandchild = int(until(logs / "runner.log"))
        assert alive(grandchild)
    Event().wait(0.1)
    assert not alive(grandchild)


def test_the_last_started_ends_first(logs: Path, tmp_path: Path) -> None:
    book = tmp_path / "order"

    def says(name: str) -> str:
        bye = f"open({str(book)!r}, 'a').write({name + ' '!r}); import sys; sys.exit()"
        return (
            f"import signal, threading; signal.signal(signal.SIGTERM, lambda *_: exec({bye!r})); "
            "print('up', flush=True); threading.Event().wait()"
        )

    with Supervisor([part(logs, name, says(name)) for name in ("server", "runner", "web")]):
        for name in ("server", "runner", "web"):
            until(logs / f"{name}.log")
    assert book.read_text().split() == ["web", "runner", "server"]


def test_the_log_of_the_last_start_is_kept(logs: Path) -> None:
    for said in ("before", "after"):
        with Supervisor([part(logs, "web", f"print({said!r}, flush=True); {FOREVER}")]):
            until(logs / "web.log")
    assert (logs / "web.log").read_text() == "after\n"
    assert (logs / "web.log.1").read_text() == "before\n"


def test_a_command_that_does_not_exist_leaves_nothing_behind(logs: Path) -> None:
    missing = Part(name="ghost", command=("/no/such/program",), log=logs / "ghost.log")
    supervisor = Supervisor([part(logs, "server", f"print('up', flush=True); {FOREVER}"), missing])
    with pytest.raises(FileNotFoundError), supervisor:
        raise AssertionError("it must not start")
    assert supervisor._children == []


def test_a_port_in_use_is_refused_with_the_option_that_chooses_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException, match=rf"port {port} on 127\.0\.0\.1 .*--prefect-port"):
            refuse_used_ports({"--port": free_ports(1)[0], "--prefect-port": port})


def test_one_port_for_two_parts_is_refused() -> None:
    with pytest.raises(click.ClickException, match="--port and --prefect-port both say 8400"):
        refuse_used_ports({"--port": 8400, "--prefect-port": 8400})


def test_a_port_that_was_left_a_moment_ago_can_be_used_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    refuse_used_ports({"--port": port})


def test_a_home_is_locked_while_it_is_up(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(click.ClickException, match="is starting on"), locked(tmp_path):
        raise AssertionError("two at once")
    with locked(tmp_path):
        pass


def test_the_second_start_is_told_who_is_up(tmp_path: Path, logs: Path) -> None:
    with (
        locked(tmp_path) as lock,
        Supervisor([part(logs, "server", FOREVER)], lock=lock),
        pytest.raises(click.ClickException, match=rf"up on .* already: end process {os.getpid()}"),
        locked(tmp_path),
    ):
        raise AssertionError("two at once")


SCRIPT = """
import sys
from pathlib import Path
from onboarding.cli.supervisor import Part, Supervisor, locked
home = Path(sys.argv[1])
command = (sys.executable, "-S", "-c", sys.argv[2])
children = [Part(name=str(number), command=command, log=home / f"{number}.log") for number in range(2)]
with locked(home) as lock, Supervisor(children, lock=lock, grace=0.5) as supervisor:
    print("up", flush=True)
    supervisor.watch()
print("stopped")
"""


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in a process of its own, with two children that do not listen to the polite signal."""
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path), DEAF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for number in range(2):
            until(tmp_path / f"{number}.log")
        yield process
        process.kill()


def groups(home: Path) -> list[int]:
    found: list[int] = json.loads((home / "up.lock").read_text())["groups"]
    return found


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_no_process_behind(
    outside: subprocess.Popen[str], tmp_path: Path, asked: signal.Signals
) -> None:
    children = groups(tmp_path)
    assert all(alive(child) for child in children)
    outside.send_signal(asked)
    said, _ = outside.communicate(timeout=10)
    assert said.split() == ["up", "stopped"]
    assert outside.returncode == 0
    assert not any(alive(child) for child in children)


def test_what_a_killed_start_left_behind_is_named(outside: subprocess.Popen[str], tmp_path: Path) -> None:
    children = groups(tmp_path)
    outside.kill()
    outside.wait(10)
    with pytest.raises(click.ClickException) as refused, locked(tmp_path):
        raise AssertionError("two at once")
    for child in children:
        assert f"-{child}" in refused.value.message
        os.killpg(child, signal.SIGKILL)
