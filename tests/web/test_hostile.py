"""Does anything that strangers send make the site fall over?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sites import ELSEWHERE, Site, site

PATHS = ["/", "/ask", "/ask/", "/webhooks/hris/", "/webhooks/hris/standard", "/webhooks/hris/greenhouse",
         "/webhooks/hris/schema", "/optional/", "/preferences/", "/coffee/", "/meetings/", "/calendar/",
         "/healthz", "/readyz", "/mailbox/", "/hires/", "/webhooks/sendgrid/inbound/"]  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
NAMES = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "signature", "svix-id", "host",
                         "content-type", "accept-language", "content-length", "x-forwarded-for"])  # fmt: skip
HEADERS = st.dictionaries(
    NAMES, st.binary(max_size=30).map(lambda raw: raw.hex() or "x") | st.sampled_from(["", ",", "0"])
)
LIGHT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site(client=ELSEWHERE, host="onboarding.example.com") as found:
        object.__setattr__(found.browser.app.state.site.limiter, "burst", 1e9)  # type: ignore[attr-defined]  # no limit
        yield found


@LIGHT
@given(
    method=METHODS,
    path=st.sampled_from(PATHS),
    tail=st.text(max_size=30),
    body=st.binary(max_size=200),
    headers=HEADERS,
)
def test_random_requests_are_refused_and_never_break_the_site(
    here: Site, method: str, path: str, tail: str, body: bytes, headers: dict[str, str]
) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in tail.encode("utf-8", "surrogatepass"))
    answer = here.browser.request(method, path + quoted, content=body, headers=headers)
    assert answer.status_code < 500
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_mistake_of_ours_is_answered_kindly_and_says_nothing_of_the_inside(here: Site) -> None:
    broken = TestClient(here.browser.app, raise_server_exceptions=False)
    path = here.optional_link("berlin-1")
    engine = here.world.engine
    links = engine.links
    try:
        object.__setattr__(engine, "links", None)
        answer = broken.get(path)
    finally:
        object.__setattr__(engine, "links", links)
    assert answer.status_code == 500
    assert "NoneType" not in answer.text
    assert "This is our mistake" in answer.text
    assert answer.headers["cache-control"] == "no-store"
