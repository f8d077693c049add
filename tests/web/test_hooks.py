"""Does the webhook take in what HR systems say, once, and quickly?"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from standardwebhooks.webhooks import Webhook
from starlette.types import Message

from onboarding.adapters.sql import SqlStore
from onboarding.domain.errors import Unavailable
from onboarding.domain.events import EventState
from onboarding.services.enrolling import enroll_waiting
from onboarding.services.receiving import MAX_BODY
from onboarding.web import application
from tests.sites import ELSEWHERE, Site, site
from tests.worlds import GREENHOUSE_SECRET, SECRET, at, record

STANDARD = "/webhooks/hris/standard"
NOW = at("2026-12-01 08:00")


def told(**more: object) -> bytes:
    return json.dumps({"type": "hire.created", "data": record(**more)}).encode()


def signed(body: bytes, message_id: str = "msg_1", moment: datetime = NOW) -> dict[str, str]:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(message_id, moment, body.decode()),
    }


@dataclass
class Bells:
    """Alarms that note what was set, or are away."""

    away: bool = False
    rung: list[str] = field(default_factory=list)

    def set(self, flow: str, moment: datetime, name: str) -> None:
        if self.away:
            raise Unavailable("the scheduler does not answer")
        self.rung.append(f"{flow} {name}")


@pytest.fixture
def here() -> Iterator[Site]:
    with site(client=ELSEWHERE, host="onboarding.example.com") as found:
        yield found


def events(here: Site) -> list[tuple[EventState, str]]:
    with here.world.engine.store.read() as books:
        return [(event.state, event.reason) for event in books.events.find()]


def test_a_signed_record_is_recorded_and_becomes_a_journey(here: Site) -> None:
    answer = here.browser.post(STANDARD, content=told(), headers=signed(told()))
    assert answer.status_code == 200
    assert set(answer.json()) == {"event", "state"}
    assert answer.json()["state"] == "recorded"
    assert events(here) == [(EventState.RECORDED, "")]
    enroll_waiting(here.world.engine, NOW)
    assert here.world.rows("n1")


def test_a_repeated_delivery_gets_the_very_same_answer_and_no_second_journey(here: Site) -> None:
    first = here.browser.post(STANDARD, content=told(), headers=signed(told()))
    enroll_waiting(here.world.engine, NOW)
    rows = here.world.rows("n1")
    here.world.now = NOW + timedelta(hours=2)
    again = here.browser.post(STANDARD, content=told(), headers=signed(told(), moment=here.world.now))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert enroll_waiting(here.world.engine, here.world.now) == []
    assert here.world.rows("n1") == rows


def test_the_alarm_is_set_once_for_a_delivery_and_its_repetition() -> None:
    bells = Bells()
    with site(alarms=bells) as here:
        for _ in range(2):
            here.browser.post(STANDARD, content=told(), headers=signed(told()))
    assert [ring.split()[0] for ring in bells.rung] == ["enroll-hires"]


def test_a_scheduler_that_is_down_loses_nothing() -> None:
    with site(alarms=Bells(away=True)) as here:
        assert here.browser.post(STANDARD, content=told(), headers=signed(told())).status_code == 200
        assert events(here) == [(EventState.RECORDED, "")]


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "no,comma,rule"},
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": ""},
    ],
)
def test_a_message_that_is_not_signed_by_the_source_is_refused_and_not_kept(
    here: Site, change: dict[str, str]
) -> None:
    answer = here.browser.post(STANDARD, content=told(), headers={**signed(told()), **change})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"]
    assert answer.json()["error"]
    assert events(here) == []


def test_an_unsigned_message_is_refused(here: Site) -> None:
    assert here.browser.post(STANDARD, content=told()).status_code == 401


def test_a_replay_after_five_minutes_is_refused(here: Site) -> None:
    here.world.now = NOW + timedelta(minutes=5, seconds=1)
    answer = here.browser.post(STANDARD, content=told(), headers=signed(told()))
    assert (answer.status_code, events(here)) == (401, [])


def test_a_signature_header_that_comes_twice_is_refused(here: Site) -> None:
    headers = [*signed(told()).items(), ("webhook-signature", signed(told())["webhook-signature"])]
    assert here.browser.post(STANDARD, content=told(), headers=headers).status_code == 401


def test_an_unknown_source_is_not_there(here: Site) -> None:
    answer = here.browser.post("/webhooks/hris/nobody", content=told(), headers=signed(told()))
    assert (answer.status_code, answer.json()) == (404, {"error": "no such source is set up"})


def test_a_body_over_one_mebibyte_is_refused_announced_or_not(here: Site) -> None:
    body = b" " * (MAX_BODY + 1)

    def unannounced() -> Iterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    for content in (body, unannounced()):
        answer = here.browser.post(STANDARD, content=content, headers={"webhook-id": "m"})
        assert answer.status_code == 413
    assert events(here) == []


def test_a_body_of_exactly_one_mebibyte_is_taken(here: Site) -> None:
    body = told().ljust(MAX_BODY)
    assert here.browser.post(STANDARD, content=body, headers=signed(body)).status_code == 200


@pytest.mark.parametrize("length", ["9" * 30, str(MAX_BODY + 1)])
def test_an_announced_giant_is_refused_before_it_is_read(here: Site, length: str) -> None:
    assert here.browser.post(STANDARD, content=b"x", headers={"content-length": length}).status_code == 413


def test_a_store_that_is_away_asks_the_sender_to_come_back(here: Site, tmp_path: Path) -> None:
    away = SqlStore(f"sqlite:///{tmp_path}/no-such-folder/onboarding.db")
    object.__setattr__(here.world.engine, "store", away)
    answer = here.browser.post(STANDARD, content=told(), headers=signed(told()))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("body", [b"not json", b'{"type": "hire.created"}', b"[]", b'{"data": 1}'])
def test_a_verified_event_that_cannot_be_understood_waits_in_review(here: Site, body: bytes) -> None:
    assert here.browser.post(STANDARD, content=body, headers=signed(body)).status_code == 200
    enroll_waiting(here.world.engine, NOW)
    ((state, reason),) = events(here)
    assert state is EventState.REVIEW
    assert reason


def test_the_ping_of_greenhouse_is_answered_well_or_its_webhook_would_be_switched_off(here: Site) -> None:
    body = b'{"action":"ping","payload":{"web_hook_id":1}}'
    digest = hmac.new(GREENHOUSE_SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = here.browser.post(
        "/webhooks/hris/greenhouse", content=body, headers={"Signature": f"sha256 {digest}"}
    )
    assert answer.status_code == 200
    enroll_waiting(here.world.engine, NOW)
    assert events(here) == [(EventState.IGNORED, "a ping")]


def test_the_schema_is_served_and_takes_a_real_record(here: Site) -> None:
    answer = here.browser.get("/webhooks/hris/schema")
    assert answer.status_code == 200
    jsonschema.validate(json.loads(told()), answer.json())


def test_every_answer_forbids_storing_sniffing_and_indexing(here: Site) -> None:
    for answer in (here.browser.get("/healthz"), here.browser.post(STANDARD), here.browser.get("/nowhere")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing_behind(here: Site) -> None:
    sent: list[Message] = []
    parts: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return parts.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        scope = {"type": "http", "method": "POST", "path": STANDARD, "headers": [], "query_string": b""}
        await here.browser.app({**scope, "client": ELSEWHERE}, receive, send)

    asyncio.run(call())
    assert sent[0]["status"] == 400
    assert events(here) == []


def test_a_flood_of_good_and_forged_messages_ends_as_one_event_for_each_good_one(here: Site) -> None:
    messages = [signed(told(id=f"h{number}"), f"msg_{number}") for number in range(40)]

    def post(number: int) -> int:
        headers = messages[number] | ({} if number % 4 else {"webhook-signature": "v1,AAAA"})
        return here.browser.post(STANDARD, content=told(id=f"h{number}"), headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(post, range(40)))
    assert statuses == [200 if number % 4 else 401 for number in range(40)]
    assert events(here) == [(EventState.RECORDED, "")] * 30


def test_refused_messages_are_counted_for_good_without_any_good_one(here: Site) -> None:
    assert here.browser.post(STANDARD, content=told()).status_code == 401
    with here.world.engine.store.read() as books:
        assert books.tallies.all()["standard", "refused"].count == 1


def test_what_was_counted_is_written_down_although_nobody_comes_any_more(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "EVERY", timedelta(milliseconds=5))
    with here.browser:  # the application starts
        for number in range(3):
            assert (
                here.browser.post(STANDARD, content=told(), headers=signed(told(), f"m{number}")).status_code
                == 200
            )
        for _ in range(400):
            with here.world.engine.store.read() as books:
                counted = books.tallies.all().get(("standard", "verified"))
            if counted and counted.count == 3:
                break
            here.browser.get("/healthz")
    assert counted is not None
    assert counted.count == 3
