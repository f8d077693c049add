"""Do alarms keep the promises of their port: Prefect's and the ones that never ring?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import httpx
import pytest

from onboarding.adapters.alarms import NullAlarms, PrefectAlarms
from onboarding.domain.errors import Unavailable
from onboarding.ports import Alarms
from tests.prefect_server import PrefectServer, free_port, prefect_server

FLOW = "run-due-steps"
NINE_IN_MANILA = datetime(2031, 3, 3, 9, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockmaker:
    """Alarms, and a look at what they hold: name -> moments."""

    alarms: Alarms
    held: Callable[[], dict[str, list[datetime]]]


def _null() -> Iterator[Clockmaker]:
    alarms = NullAlarms()
    yield Clockmaker(alarms=alarms, held=lambda: {name: [moment] for name, (_, moment) in alarms.alarms.items()})


def _prefect() -> Iterator[Clockmaker]:
    server = prefect_server()
    server.deploy(FLOW)

    def held() -> dict[str, list[datetime]]:
        found: dict[str, list[datetime]] = {}
        for run in server.runs(FLOW):
            found.setdefault(run["name"], []).append(datetime.fromisoformat(run["expected_start_time"]))
        return found

    alarms = PrefectAlarms(server.api)
    yield Clockmaker(alarms=alarms, held=held)
    alarms.close()


@pytest.fixture(
    params=["null", pytest.param("prefect", marks=[pytest.mark.slow, pytest.mark.xdist_group("prefect")])]
)
def clockmaker(request: pytest.FixtureRequest) -> Iterator[Clockmaker]:
    yield from {"null": _null, "prefect": _prefect}[request.param]()


@pytest.fixture
def server() -> PrefectServer:
    return prefect_server()


def test_an_alarm_rings_at_its_moment(clockmaker: Clockmaker) -> None:
    clockmaker.alarms.set(FLOW, NINE_IN_MANILA, "at-its-moment")
    assert clockmaker.held()["at-its-moment"] == [datetime(2031, 3, 3, 1, tzinfo=UTC)]


def test_the_same_name_twice_is_one_alarm_at_the_first_moment(clockmaker: Clockmaker) -> None:
    clockmaker.alarms.set(FLOW, NINE_IN_MANILA, "twice")
    clockmaker.alarms.set(FLOW, NINE_IN_MANILA + timedelta(hours=1), "twice")
    assert clockmaker.held()["twice"] == [NINE_IN_MANILA]


def test_the_same_name_from_many_threads_is_one_alarm(clockmaker: Clockmaker) -> None:
    threads = [Thread(target=clockmaker.alarms.set, args=(FLOW, NINE_IN_MANILA, "crowd")) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert clockmaker.held()["crowd"] == [NINE_IN_MANILA]


def set_at_last(alarms: PrefectAlarms, name: str) -> None:
    """Set an alarm as those who need one do: a server on a slow machine may say 503 for longer than we wait."""
    for _ in range(20):
        with suppress(Unavailable):
            alarms.set(FLOW, NINE_IN_MANILA, name)
            return
    raise AssertionError(f"no alarm {name}")


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_several_workers_can_set_alarms_at_once(server: PrefectServer) -> None:
    server.deploy(FLOW)
    workers = [PrefectAlarms(server.api) for _ in range(2)]

    def work(alarms: PrefectAlarms, own: str) -> None:
        for number in range(10):
            set_at_last(alarms, f"shared {number}")
            set_at_last(alarms, f"{own} {number}")

    threads = [Thread(target=work, args=(alarms, f"own-{number}")) for number, alarms in enumerate(workers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for alarms in workers:
        alarms.close()
    names = [run["name"] for run in server.runs(FLOW)]
    assert len([name for name in names if name.startswith("shared")]) == 10
    assert len([name for name in names if name.startswith("own")]) == 20


def test_two_names_at_one_moment_are_two_alarms(clockmaker: Clockmaker) -> None:
    clockmaker.alarms.set(FLOW, NINE_IN_MANILA, "first")
    clockmaker.alarms.set(FLOW, NINE_IN_MANILA, "second")
    assert clockmaker.held().keys() >= {"first", "second"}


def test_a_moment_without_a_zone_is_refused(clockmaker: Clockmaker) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        clockmaker.alarms.set(FLOW, datetime(2031, 3, 3, 9), "naive")  # noqa: DTZ001 -- the point of this test
    assert "naive" not in clockmaker.held()


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_a_deployment_that_was_made_anew_is_looked_up_again(server: PrefectServer) -> None:
    old = server.deploy("comes-back")
    alarms = PrefectAlarms(server.api)
    alarms.set("comes-back", NINE_IN_MANILA, "before")
    server.call("DELETE", f"/deployments/{old}")
    new = server.deploy("comes-back")
    alarms.set("comes-back", NINE_IN_MANILA, "after")
    alarms.close()
    assert [run["deployment_id"] for run in server.runs("comes-back") if run["name"] == "after"] == [new]


@pytest.mark.slow
@pytest.mark.xdist_group("prefect")
def test_a_flow_that_nobody_serves_is_unavailable(server: PrefectServer) -> None:
    alarms = PrefectAlarms(server.api)
    with pytest.raises(Unavailable, match="is the runner up"):
        alarms.set("nobody-serves-this", NINE_IN_MANILA, "lost")
    alarms.close()


def test_a_server_that_is_down_is_unavailable() -> None:
    alarms = PrefectAlarms(f"http://127.0.0.1:{free_port()}/api")
    with pytest.raises(Unavailable, match="does not answer"):
        alarms.set(FLOW, NINE_IN_MANILA, "lost")
    alarms.close()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"auth_string": "hr:open sesame"}, "Basic aHI6b3BlbiBzZXNhbWU="),
        ({"api_key": "pnu_key"}, "Bearer pnu_key"),
        ({"auth_string": "hr:open sesame", "api_key": "pnu_key"}, "Bearer pnu_key"),
        ({}, None),
    ],
)
def test_credentials_go_with_every_call(given: dict[str, str], expected: str | None) -> None:
    alarms = PrefectAlarms("http://127.0.0.1:4200/api", **given)
    assert alarms._http.headers.get("Authorization") == expected
    alarms.close()


def test_a_server_that_is_up_refuses_with_its_status() -> None:
    alarms = PrefectAlarms("http://127.0.0.1:4200/api")
    alarms._http = httpx.Client(
        base_url="http://127.0.0.1:4200/api", transport=httpx.MockTransport(lambda _: httpx.Response(401))
    )
    with pytest.raises(Unavailable, match="401"):
        alarms.set(FLOW, NINE_IN_MANILA, "not allowed")
    alarms.close()
