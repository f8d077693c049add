"""Does anything that is sent to `/scim/v2` make it fall over, or answer in other words than those of SCIM?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.sources.scim import ScimSource
from onboarding.domain.scim.schema import CORE, ENTERPRISE
from tests.scim import ACME, SCIM, TOKEN, USERS, Provider, provider, refusal, seen

NAMES = st.sampled_from(
    ["schemas", "Operations", "op", "path", "value", "userName", "USERNAME", "externalId", "name", "givenName",
     "active", "emails", "type", "primary", "addresses", "country", "timezone", ENTERPRISE, ACME, CORE, "manager",
     "startDate", "name.givenName", f"{ENTERPRISE}:manager", 'emails[type eq "work"].value']
) | st.text(max_size=10)  # fmt: skip
WORDS = st.sampled_from(
    ["add", "Replace", "remove", "work", "home", "False", "ada@example.com", "emails", "active", "userName",
     'emails[type eq "work"].value', ENTERPRISE, "2027-01-04", "Asia/Manila", "\x00", "\ud800", "x" * 300]
) | st.text(max_size=20)  # fmt: skip
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
OPERATION = st.fixed_dictionaries({"op": WORDS, "path": WORDS, "value": TREES})
PATCHES = st.fixed_dictionaries({"Operations": st.lists(OPERATION | TREES, max_size=4)})
USER = st.fixed_dictionaries({"userName": WORDS}, optional={"name": TREES, "emails": TREES, ENTERPRISE: TREES})
BODIES = st.binary(max_size=200) | (TREES | PATCHES | USER).map(lambda tree: json.dumps(tree).encode())
PLACES = [
    "/scim/v2",
    "/scim/v2/",
    "/scim/v2/Users",
    "/scim/v2/Users/",
    "/scim/v2/Users/{id}",
    "/scim/v2/Users/{id}/",
    "/scim/v2/ServiceProviderConfig",
    "/scim/v2/ResourceTypes",
    "/scim/v2/ResourceTypes/",
    "/scim/v2/Schemas",
    "/scim/v2/Schemas/",
    "/scim/v2/Groups",
    "/scim/v2/Me",
    "/scim/v2/Bulk",
    "/scim/v2/.search",
]
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "SEARCH"])
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "accept", "if-match", "if-none-match", "authorization", "content-length"]),
    st.sampled_from(["", "*", ",", 'W/"1"', "text/plain", "application/scim+json", "0", "Bearer x"]),
)  # fmt: skip
LIGHT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def idp() -> Iterator[Provider]:
    with provider() as found:
        yield found


def quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def check(answer: Any) -> None:
    """Every answer is SCIM or has no body; nothing is our own mistake."""
    assert answer.status_code < 500
    if answer.status_code >= 400:
        refusal(answer)
    elif answer.status_code not in (204, 304):
        seen(answer)


@pytest.mark.slow
@LIGHT
@given(
    method=METHODS,
    place=st.sampled_from(PLACES),
    tail=st.just("") | st.text(max_size=10),
    query=st.dictionaries(st.sampled_from(["filter", "startIndex", "count"]), WORDS),
    body=BODIES,
    headers=HEADERS,
)
def test_random_requests_are_answered_in_the_words_of_scim(
    idp: Provider, method: str, place: str, tail: str, query: dict[str, str], body: bytes, headers: dict[str, str]
) -> None:
    account_id = idp.find(count=1)["Resources"] or [idp.post("always@example.com")]
    path = place.replace("{id}", account_id[0]["id"]) + quoted(tail)
    asked = "&".join(f"{name}={quoted(value)}" for name, value in query.items())
    shown = {"authorization": f"Bearer {TOKEN}", **headers}
    check(idp.site.browser.request(method, f"{path}?{asked}", content=body, headers=shown))


@pytest.mark.slow
@LIGHT
@given(method=st.sampled_from(["PUT", "PATCH", "POST"]), tree=PATCHES | USER | TREES)
def test_random_accounts_are_taken_or_refused_and_what_is_taken_can_be_read_and_understood(
    idp: Provider, method: str, tree: Any
) -> None:
    known = idp.find(count=1)["Resources"] or [idp.post("always@example.com")]
    path = USERS if method == "POST" else f"{USERS}/{known[0]['id']}"
    answer = idp.ask(method, path, tree)
    check(answer)
    if answer.status_code < 300:
        found = seen(answer)
        assert seen(idp.ask("GET", f"{USERS}/{found['id']}")) == found
    for event in idp.told()[-1:]:
        assert ScimSource(SCIM).understand(event, idp.site.world.now)
