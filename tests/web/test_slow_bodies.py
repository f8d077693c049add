"""Is a body that never ends given up, and its connection with it?"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.routing import APIRoute

from onboarding.web import limits
from onboarding.web.application import ROUTERS
from tests.sites import serving, site

FORM = "application/x-www-form-urlencoded"


@contextmanager
def served() -> Iterator[int]:
    """The port of a real server."""
    with site() as here, serving(here.world.engine, lambda: here.world.now) as port:
        yield port


TAKES_FORMS = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "{token}" in route.path and "POST" in (route.methods or ())
)


def begun(port: int, path: str, accept: str) -> socket.socket:
    """A connection on which a form is announced of which no byte comes."""
    heads = ("Host: 127.0.0.1:8400", f"Accept: {accept}", f"Content-Type: {FORM}", "Content-Length: 1000")
    line = socket.create_connection(("127.0.0.1", port), timeout=5)
    line.sendall("\r\n".join((f"POST {path} HTTP/1.1", *heads, "", "")).encode())
    return line


def dripped(port: int, path: str) -> bytes:
    """What comes back until the server hangs up, while a byte is sent now and then."""
    heads = ("Host: 127.0.0.1:8400", f"Content-Type: {FORM}", "Content-Length: 1000")
    with socket.create_connection(("127.0.0.1", port), timeout=0.05) as line:
        line.sendall("\r\n".join((f"POST {path} HTTP/1.1", *heads, "", "")).encode())
        found = b""
        for _ in range(100):
            try:
                part = line.recv(65536)
            except TimeoutError:
                line.sendall(b"x")
                continue
            except ConnectionResetError:
                return found
            if not part:
                return found
            found += part
    raise AssertionError("the connection is still open")


@pytest.mark.parametrize("path", ["/webhooks/hris/standard", "/webhooks/hris/greenhouse"])
def test_whoever_sends_a_byte_now_and_then_is_given_up(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.3)
    with served() as port:
        answer = dripped(port, path)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"the body did not come within 0.3 seconds" in answer


def test_so_is_who_fills_in_a_form_and_reads_it_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.3)
    with site() as here:
        link = here.preferences_link("manila-1")
    with served() as port:
        answer = dripped(port, link)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Nothing was saved" in answer


def test_nobody_waits_for_the_form_of_whoever_has_no_link_of_ours() -> None:
    assert len(TAKES_FORMS) > 8
    with served() as port:
        for path in TAKES_FORMS:
            for accept in ("text/html", "application/json"):
                with begun(port, path.replace("{token}", "forged"), accept) as line:
                    assert line.recv(65536).startswith(b"HTTP/1.1 404 "), path
