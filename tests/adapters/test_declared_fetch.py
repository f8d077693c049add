"""Is a system asked back as its declaration says, for what its messages leave out?"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from onboarding.domain.events import Told
from tests.adapters.declared import NOW, fact, source, understood
from tests.sinks.hris import HrisSink

TEXT = """
[thin]
authentication = { kind = "bearer" }

[thin.event]
name = "event"
known = "changed"
withdrawn = "deleted"
external_id = "id"
at = "at"

[thin.fetch.person]
url = "https://{account:tenant}.example.com/v1/people/{event:external_id}?fields=all&of={id}"
auth = "bearer"
headers = { "X-Tenant" = "t-{account:tenant}" }
record = "data"
lag = "20 seconds"

[thin.fetch.boss]
url = "https://{account:tenant}.example.com/v1/search"
method = "POST"
auth = "header"
header = "X-Token"
prefix = "Token "
body = { ids = ["{person:boss}"], text = "boss of {person:first}", deep = { exact = true, most = 1 } }
record = "found.0"

[thin.status]
field = "person:state"
withdrawn = "gone"
ignored = "draft"

[thin.person]
first_name = "person:first"
work_email = "person:mail"
start_date = "person:start"
country = "person:country"
manager = "person:boss"
manager_email = "boss:mail"
"""
ACCOUNT = {"tenant": "acme-1", "token": "our-token"}
PERSON = {
    "first": "Ami",
    "mail": "ami@example.com",
    "start": "2027-01-04",
    "country": "PH",
    "boss": 12,
    "state": "on",
}
CHANGED = {"event": "changed", "id": "p-7", "at": "2026-11-01T00:00:00Z"}


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as found:
        found.say("GET", "/v1/people/p-7", {"data": PERSON})
        found.say("POST", "/v1/search", {"found": [{"mail": "ines.duarte@example.com"}]})
        yield found


def account(sink: HrisSink) -> dict[str, str]:
    return {**ACCOUNT, "url": sink.url}


def test_a_thin_message_is_completed_by_what_the_system_answers(sink: HrisSink) -> None:
    found = fact(source(TEXT, account(sink)), CHANGED)
    assert (found.told, found.at, found.manager) == (Told.KNOWN, NOW, "12")
    assert found.person is not None
    assert (found.person.first_name, found.person.manager_email) == ("Ami", "ines.duarte@example.com")
    first, second = sink.asked
    assert (first.path, first.query) == ("/v1/people/p-7", {"fields": "all", "of": "p-7"})
    assert (first.headers["authorization"], first.headers["x-tenant"]) == ("Bearer our-token", "t-acme-1")
    assert second.headers["x-token"] == "Token our-token"
    assert second.tree == {"ids": [12], "text": "boss of Ami", "deep": {"exact": True, "most": 1}}


def test_a_withdrawal_asks_nothing(sink: HrisSink) -> None:
    assert fact(source(TEXT, account(sink)), {"event": "deleted", "id": "p-7"}).told is Told.WITHDRAWN
    assert sink.asked == []


@pytest.mark.parametrize(("state", "expected"), [("gone", Told.WITHDRAWN), ("draft", None)])
def test_nothing_more_is_asked_than_is_needed_to_know_the_status(
    sink: HrisSink, state: str, expected: Told | None
) -> None:
    sink.say("GET", "/v1/people/p-7", {"data": {**PERSON, "state": state}})
    found = understood(source(TEXT, account(sink)), CHANGED)
    assert [getattr(one, "told", None) for one in found if expected] == ([expected] if expected else [])
    assert sink.paths == ["GET /v1/people/p-7"]


def test_somebody_whom_the_system_does_not_know_goes_to_review(sink: HrisSink) -> None:
    with pytest.raises(BadRecord, match="the system knows nothing of what person asks for"):
        understood(source(TEXT, account(sink)), {**CHANGED, "id": "p-8"})


def test_an_answer_without_the_record_goes_to_review(sink: HrisSink) -> None:
    sink.say("GET", "/v1/people/p-7", {"other": PERSON})
    with pytest.raises(BadRecord, match="the answer to person holds no data"):
        understood(source(TEXT, account(sink)), CHANGED)


def test_a_system_that_does_not_answer_is_unavailable_and_is_not_quoted(sink: HrisSink) -> None:
    sink.say("GET", "/v1/people/p-7", b"<h1>Ami</h1>")
    with pytest.raises(Unavailable) as caught:
        understood(source(TEXT, account(sink)), CHANGED)
    assert "Ami" not in str(caught.value)


@pytest.mark.parametrize("bad", ["../admin", "a/b", "..", "a?b=c", "p 7", "%2e", "\u00fc"])
def test_nobody_leads_us_to_another_address(sink: HrisSink, bad: str) -> None:
    with pytest.raises(BadRecord, match="missing or not an id"):
        understood(source(TEXT, account(sink)), {**CHANGED, "id": bad})
    assert sink.asked == []


def test_a_question_that_lacks_its_id_goes_to_review(sink: HrisSink) -> None:
    sink.say("GET", "/v1/people/p-7", {"data": {**PERSON, "boss": None}})
    with pytest.raises(BadRecord, match="person:boss is missing, and is needed to ask the system"):
        understood(source(TEXT, account(sink)), CHANGED)


def test_an_account_that_does_not_fit_is_refused_at_start() -> None:
    for wrong in ({}, {"tenant": "acme-1"}, {**ACCOUNT, "user": "x"}, {**ACCOUNT, "tenant": "a.evil.example"}):
        with pytest.raises(BadSettings, match="ONBOARDING_HRIS_ACCOUNTS"):
            source(TEXT, wrong)
    with pytest.raises(BadSettings, match="does not fit into a header"):
        source(TEXT, {**ACCOUNT, "token": "a\nb"})
    assert source(TEXT, ACCOUNT).lag.total_seconds() == 20


@pytest.mark.parametrize(("auth", "keys"), [("basic", {"user": "hr", "password": "secret"}), ("none", {})])
def test_other_ways_to_prove_who_asks(sink: HrisSink, auth: str, keys: dict[str, str]) -> None:
    text = TEXT.replace('auth = "bearer"', f'auth = "{auth}"').partition("[thin.fetch.boss]")[0]
    text += TEXT.partition("[thin.status]")[1] + TEXT.partition("[thin.status]")[2].replace("manager_email", "#")
    fact(source(text, {"tenant": "acme-1", "url": sink.url, **keys}), CHANGED)
    shown = "Basic " + base64.b64encode(b"hr:secret").decode() if keys else None
    assert sink.asked[0].headers.get("authorization") == shown
