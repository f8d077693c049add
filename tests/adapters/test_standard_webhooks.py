"""What is particular to senders of Standard Webhooks?"""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from onboarding.adapters.sources import StandardSource
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.events import Fact, Told
from tests.ports.sources.vendor import NOW, event
from tests.ports.sources.vendors import CANONICAL, base64_secret, standard_headers

SECRET = base64_secret("n")
BODY = json.dumps(CANONICAL).encode()


def refused(headers: dict[str, str], body: bytes = BODY) -> str:
    with pytest.raises(BadSignature) as caught:
        StandardSource([SECRET]).verify(headers, body, NOW)
    return str(caught.value)


def fact_of(tree: object) -> Fact:
    source = StandardSource([])
    found = source.understand(event(source.keep({}, json.dumps(tree).encode())), NOW)
    assert isinstance(found, list)
    (only,) = found
    assert isinstance(only, Fact)
    return only


def test_a_delivery_is_named_by_its_id_and_keeps_it_on_a_later_attempt() -> None:
    source = StandardSource([SECRET])
    for minutes in (0, 200):
        later = NOW + timedelta(minutes=minutes)
        headers = standard_headers(SECRET, BODY, sent_at=later, message_id="msg_1")
        assert source.verify(headers, BODY, later) == "msg_1"


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 1), (-5, -1), (60 * 24, 0)])
def test_a_replay_outside_five_minutes_is_refused_whatever_the_real_time_is(minutes: int, seconds: int) -> None:
    sent_at = NOW - timedelta(minutes=minutes, seconds=seconds)
    headers = standard_headers(SECRET, BODY, sent_at=sent_at)
    assert refused(headers) == "the message was signed more than five minutes from now"


@pytest.mark.parametrize(
    "timestamp", ["", "now", "1e9", "-5", "12.5", "9" * 40, " 1", "\u0661\u0662", "nan", "0x10"]
)
def test_a_malformed_time_is_refused(timestamp: str) -> None:
    assert refused({**standard_headers(SECRET, BODY), "webhook-timestamp": timestamp})


@pytest.mark.parametrize("message_id", ["msg.1", "msg 1", "msg_1, msg_1", "m" * 300, "\xe9"])
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    headers = {**standard_headers(SECRET, BODY), "webhook-id": message_id}
    assert refused(headers) == "the message id is malformed"


def test_the_headers_of_svix_are_read_as_well() -> None:
    headers = standard_headers(SECRET, BODY, message_id="msg_1")
    renamed = {name.replace("webhook", "svix"): value for name, value in headers.items()}
    assert StandardSource([SECRET]).verify(renamed, BODY, NOW) == "msg_1"


def test_a_right_signature_among_others_and_unknown_versions_gets_in() -> None:
    headers = standard_headers(SECRET, BODY)
    other = standard_headers(base64_secret("w"), BODY)["webhook-signature"]
    headers["webhook-signature"] = f"v2,AAAA v1a,BBBB {other} {headers['webhook-signature']}"
    assert StandardSource([SECRET]).verify(headers, BODY, NOW)


def test_a_signature_of_an_unknown_version_alone_is_refused() -> None:
    headers = standard_headers(SECRET, BODY)
    headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v2,")
    assert refused(headers) == "no signature matches"


def test_a_body_that_is_not_utf_8_is_refused() -> None:
    assert refused(standard_headers(SECRET, BODY), b"\xff") == "the body is not UTF-8"


@pytest.mark.parametrize("secret", ["whsec_!!!!", "not base64 at all", "whsec_", "whsec_c2hvcnQ="])
def test_a_secret_that_cannot_sign_is_refused_at_start(secret: str) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_WEBHOOK_SECRETS, a secret of standard: it must"):
        StandardSource([secret])


def test_a_secret_without_prefix_and_padding_is_the_same_secret() -> None:
    key = base64.b64encode(b"n" * 25).decode()
    headers = standard_headers(key, BODY)
    assert StandardSource([f"whsec_{key.rstrip('=')}"]).verify(headers, BODY, NOW)


def test_an_event_about_something_else_is_not_for_us() -> None:
    found = StandardSource([]).understand(event('{"type": "invoice.paid"}'), NOW)
    assert found == "an event that is not about a hire"


def test_an_event_about_a_hire_is_read_as_the_canonical_record() -> None:
    found = fact_of({"type": "hire.withdrawn", "data": {"id": "n-7", "first_name": "Zo"}})
    assert (found.told, found.hire_id, found.person) == (Told.WITHDRAWN, "n-7", None)


def test_how_somebody_stands_now_is_read_as_well() -> None:
    record = {"id": "c-1", "first_name": "Bo", "work_email": "bo@example.com", "time_zone": "Asia/Manila"}
    found = fact_of({"type": "person.known", "data": record})
    assert found.told is Told.KNOWN
    assert found.person is not None
    assert (found.person.id, found.person.start_date) == ("c-1", None)


def test_an_unknown_event_about_a_hire_waits_for_a_human() -> None:
    with pytest.raises(BadRecord, match="type must be one of"):
        fact_of({"type": "hire.promoted", "data": {"id": "n-7"}})


def test_every_field_of_the_record_survives_being_kept() -> None:
    record = {
        **CANONICAL["data"],
        "preferred_name": "Zo",
        "work_email": "zoe@example.com",
        "country": "PT",
        "subdivision": "PT-11",
        "language": "pt",
        "job_title": "Cook",
        "department": "Care",
        "team": "Noon",
        "location": "Lisboa",
        "manager_id": "m-1",
        "opt_out": False,
    }
    source = StandardSource([])
    kept = json.loads(source.keep({}, json.dumps({"type": "person.known", "data": record}).encode()))
    assert kept == {"type": "person.known", "data": record}
