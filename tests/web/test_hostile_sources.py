"""Is whatever any HR system signs taken and settled? The signature proves who sent it, not that it makes sense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.sources.ashby import AshbySource
from onboarding.adapters.sources.bamboohr import BambooSource
from onboarding.adapters.sources.gusto import GustoSource
from onboarding.adapters.sources.hibob import HibobSource
from onboarding.adapters.sources.personio import PersonioSource
from onboarding.domain.events import Event, EventState
from onboarding.ports import Source
from onboarding.services.enrolling import PAUSES, enroll_waiting
from tests.ports.sources import vendors, vendors_declared, vendors_hris
from tests.ports.sources.trees import with_each_place_as
from tests.ports.sources.vendor import NOW, Vendor, as_body
from tests.sinks.hris import HrisSink
from tests.sites import ELSEWHERE, Site, site

PATH = "the-secret-end-of-the-address"
OF_PERSONIO = [
    {"event_name": f"{kind}.{told}", "company_id": "9", "payload": {"id": "7", "person": {"id": "7"}}}
    for kind in ("person", "employment")
    for told in ("created", "updated", "deleted", "terminated")
]
OF_BAMBOO = [vendors_hris.bamboo_message(f"employee.{told}") for told in ("created", "updated")]
OF_HIBOB = [vendors_hris.bob_message(f"employee.{told}") for told in ("created", "updated")]
ASKED_FOR: dict[str, list[Any]] = {"personio": OF_PERSONIO, "bamboohr": OF_BAMBOO, "hibob": OF_HIBOB}
"""Messages that the contract of sources leaves out, because somebody has to be asked about them."""

VENDORS = vendors.VENDORS | vendors_hris.VENDORS | vendors_declared.VENDORS
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["4012", "2027-01-04", "hire.created", "\ud800", "\0", 10**400, "Z" * 300, "9999-12-31T23:59:59Z"]
    )
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "data", "id", "action", "payload", "application", "offer", "employees", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_sent(tree: object) -> bytes:
    return json.dumps(tree).encode()


def asked_at(url: str, vendor: Vendor, name: str) -> Source:
    """The source, with an account at a server that knows nobody."""
    secrets = [vendor.secrets[0]]
    if name == "ashby":
        return AshbySource(secrets, {"api_key": "key", "url": url})
    if name == "gusto":
        return GustoSource(secrets, {"access_token": "token", "url": url})
    if name == "bamboohr":
        return BambooSource(secrets, {**vendors_hris.BAMBOO_ACCOUNT, "url": url})
    if name == "hibob":
        return HibobSource(secrets, {**vendors_hris.BOB_ACCOUNT, "url": url})
    if name == "personio":
        return PersonioSource(secrets, {**vendors_hris.PERSONIO_ACCOUNT, "url": url})
    return vendor.make(secrets)


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with HrisSink() as sink:
        sink.say("POST", "/v2/auth/token", {"access_token": "token"})
        sink.say("POST", "/reports/custom", {"employees": []})
        found = {name: asked_at(sink.url, vendor, name) for name, vendor in VENDORS.items()}
        sources = {source.name: source for source in found.values()}
        paths = {"gusto": [PATH], "personio": [PATH]}
        with site(
            "2026-12-01 08:00", client=ELSEWHERE, host="o.example.com", sources=sources, paths=paths
        ) as made:
            yield made


def settled(here: Site, address: str, headers: dict[str, str], body: bytes) -> Event | None:
    """Send it, and obey it until nothing waits; None for a greeting, which leaves nothing behind."""
    answer = here.browser.post(address, content=body, headers=headers)
    assert answer.status_code == 200
    if not answer.headers["content-type"].startswith("application/json"):
        return None
    engine, now = here.world.engine, here.world.now
    for pause in (*PAUSES, PAUSES[-1]):
        enroll_waiting(engine, now)
        now += pause
    with engine.store.read() as books:
        found = books.events.get(answer.json()["event"])
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", VENDORS)
@MANY
@given(draw=st.data())
def test_whatever_a_source_signs_is_taken_and_settled(here: Site, name: str, draw: st.DataObject) -> None:
    vendor = VENDORS[name]
    source = vendor.make([]).name
    messages: list[Any] = [*vendor.messages, *ASKED_FOR.get(name, [])]
    changed = bool(messages) and draw.draw(st.booleans())
    if changed:
        tree = deepcopy(draw.draw(st.sampled_from(messages)))
        for _ in range(draw.draw(st.integers(1, 2))):
            tree = draw.draw(st.sampled_from(list(with_each_place_as(tree, draw.draw(LEAVES | TREES)))))
        body = as_sent(tree)
    else:
        body = draw.draw(TREES.map(as_sent) | st.binary(max_size=200))
    if name == "standard":
        body = body.decode(errors="replace").encode()  # what is no text cannot be signed so
    address = f"/webhooks/hris/{source}" + (f"/{PATH}" if source in ("gusto", "personio") else "")
    event = settled(here, address, vendor.sign(vendor.secrets[0], body), body)
    if event is not None:
        assert event.state is not EventState.RECORDED
        assert "unexpected" not in event.reason
        assert event.reason


def test_the_messages_that_are_changed_here_are_understood_as_they_stand(here: Site) -> None:
    for name, messages in ASKED_FOR.items():
        vendor = VENDORS[name]
        for tree in messages:
            body = as_body(tree)
            address = f"/webhooks/hris/{name}" + (f"/{PATH}" if name == "personio" else "")
            event = settled(here, address, vendor.sign(vendor.secrets[0], body), body)
            assert event is not None
            assert event.received_at == NOW
            assert "missing" not in event.reason
