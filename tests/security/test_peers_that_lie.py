"""What does a peer, or somebody in its place, bring about by saying something else than it should?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import UUID

import pytest

from onboarding.adapters.alarms import PrefectAlarms
from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import BadSettings, Unavailable
from tests.worlds import at, world

GARBAGE = (b"<html>Please log in</html>", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 100_000, b'{"id": "7"}')
GOOD = json.dumps({"id": str(UUID(int=7))}).encode()
NOON = at("2027-01-04 12:00")


@contextmanager
def answering(body: Callable[[str], bytes]) -> Iterator[str]:
    """A server that answers every request with 200 and the body for its method; gives its address."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = body(self.command)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET  # noqa: N815 -- the name that http.server calls

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_scheduler_that_answers_garbage_counts_as_one_that_does_not_answer(method: str, garbage: bytes) -> None:
    with answering(lambda asked: garbage if asked == method else GOOD) as address:
        alarms = PrefectAlarms(address)
        try:
            with pytest.raises(Unavailable, match="does not speak as Prefect does"):
                alarms.set("run-due-steps", NOON, "an-alarm")
        finally:
            alarms.close()


def test_a_scheduler_that_answers_garbage_hinders_neither_enrolling_nor_sending() -> None:
    with answering(lambda _: GARBAGE[0]) as address:
        alarms = PrefectAlarms(address)
        with world(alarms=alarms) as here:
            here.enrol()
            here.walk_to(at("2026-12-14 02:00"))
            assert here.to("amihan@example.org")
        alarms.close()


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:p@h:tops3cret/db", "sqlite:///x?timeout=tops3cret", "postgresql:tops3cret", "tops3cret"],
)
def test_a_mistyped_database_address_is_a_settings_mistake_that_quotes_nothing(address: str) -> None:
    with pytest.raises(BadSettings) as caught:
        SqlStore(address)
    causes = [caught.value, caught.value.__cause__]
    assert "tops3cret" not in " ".join(str(cause) for cause in causes)
