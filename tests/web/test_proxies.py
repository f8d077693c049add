"""Are visitors behind a proxy told apart, and does the log say when they cannot be?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from onboarding.web.limits import Limiter
from tests.sites import path_of, serving, site
from tests.worlds import LATE, MANILA, person

BUSY, QUIET = "203.0.113.9", "198.51.100.4"
"""Two networks (RFC 5737)."""

PUBLIC = {"Host": "onboarding.example.com"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy on this machine, and a page that it leads to."""

    client: httpx.Client
    page: str

    def visit(self, network: str) -> int:
        """What somebody of a network gets who claims to come from elsewhere."""
        return self._ask(self.page, network)

    def hurry(self, network: str) -> int:
        """What somebody gets in the end who asks more often than a network may."""
        statuses = (self._ask("/ask/forged", network) for _ in range(2 * int(Limiter().burst)))
        return next((one for one in statuses if one == httpx.codes.TOO_MANY_REQUESTS), 0)

    def _ask(self, path: str, network: str) -> int:
        return self.client.get(path, headers={"X-Forwarded-For": f"192.0.2.1, {network}"}).status_code


@contextmanager
def proxied(believes: str | None) -> Iterator[Proxy]:
    """In front of a real server that believes these."""
    with (
        site(people=[person("maria", MANILA)]) as here,
        serving(here.world.engine, lambda: here.world.now, believes=believes) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=PUBLIC, trust_env=False) as client,
    ):
        yield Proxy(client=client, page=path_of(here.world.engine.links.profile("maria", LATE)))


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.getMessage().startswith("proxy.not_trusted")]


@pytest.mark.slow
@pytest.mark.parametrize("believes", [None, "10.9.9.9,127.0.0.0/8"])
def test_who_is_behind_a_proxy_that_is_believed_has_a_limit_of_their_own(
    believes: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    with proxied(believes) as proxy:
        assert proxy.hurry(BUSY) == 429
        assert proxy.visit(QUIET) == 200
    assert said(caplog) == []


@pytest.mark.slow
def test_a_proxy_that_is_not_believed_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with proxied("10.9.9.9") as proxy:
        assert proxy.client.get(proxy.page).status_code == 200
        assert said(caplog) == []
        assert proxy.hurry(BUSY) == 429
        assert 429 in {proxy.visit(QUIET) for _ in range(5)}  # one comes back each second
    (line,) = said(caplog)
    assert line.startswith("proxy.not_trusted: 127.0.0.1 says for whom it asks and is not believed")
    assert "FORWARDED_ALLOW_IPS" in line
