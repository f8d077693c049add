"""What SendGrid tells later, and who may say so."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onboarding.adapters.mailers.sendgrid_news import SIGNATURE, TIMESTAMP, SendGridNews
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.mail import News, NewsKind
from tests.worlds import at

NOW = at("2027-01-04 10:00")
KEY = ec.generate_private_key(ec.SECP256R1())
VECTOR = Path(__file__).parents[3] / "shared" / "data" / "vectors" / "sendgrid-event-webhook.json"


def public_key(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    encoded = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(encoded).decode()


def signed(body: bytes, *, age: timedelta = timedelta(), key: ec.EllipticCurvePrivateKey = KEY) -> dict[str, str]:
    stamp = str(int((NOW - age).timestamp()))
    signature = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: stamp}


def event(kind: str, number: object = 7, **more: object) -> dict[str, object]:
    return {"email": "ami@example.com", "event": kind, "delivery": number, "sg_event_id": "e1", **more}


def body_of(*events: object) -> bytes:
    return json.dumps(events).encode() + b"\r\n"


def test_news_are_read_oldest_state_first_and_only_those_about_our_deliveries() -> None:
    body = body_of(event("delivered"), event("processed", "8"), event("open"), event("bounce", "x"), "?", {})
    assert SendGridNews(public_key()).read(signed(body), body, NOW) == [
        News(number=8, kind=NewsKind.TAKEN),
        News(number=7, kind=NewsKind.DELIVERED),
    ]


def test_the_reason_of_a_bounce_holds_its_class_and_no_address() -> None:
    body = body_of(event("bounce", status="5.1.1", reason="550 5.1.1 <ami@example.com> unknown"))
    (news,) = SendGridNews(public_key()).read(signed(body), body, NOW)
    assert news.reason == "the recipient's server refused it 5.1.1"


@pytest.mark.parametrize(
    "spoilt",
    [
        {SIGNATURE: "not base64!"},
        {SIGNATURE: ""},
        {TIMESTAMP: "soon"},
        {TIMESTAMP: str(int(NOW.timestamp()) + 1)},
        {SIGNATURE: None},
        {TIMESTAMP: None},
    ],
    ids=["no base64", "empty", "no number", "another moment", "no signature", "no moment"],
)
def test_what_is_not_signed_by_sendgrid_is_refused(spoilt: dict[str, str | None]) -> None:
    body = body_of(event("delivered"))
    changed = {**signed(body), **spoilt}
    headers = {name: value for name, value in changed.items() if value is not None}
    with pytest.raises(BadSignature):
        SendGridNews(public_key()).read(headers, body, NOW)


def test_another_key_a_changed_byte_and_an_old_message_are_refused() -> None:
    body = body_of(event("delivered"))
    stranger = ec.generate_private_key(ec.SECP256R1())
    for headers, sent in (
        (signed(body, key=stranger), body),
        (signed(body), body.replace(b"7", b"8")),
        (signed(body, age=timedelta(hours=27)), body),
        (signed(body), b"\xff" + body),
    ):
        with pytest.raises(BadSignature):
            SendGridNews(public_key()).read(headers, sent, NOW)


@pytest.mark.parametrize("body", [b"{}", b"no json", b"[" * 100_000])
def test_signed_nonsense_is_refused_in_one_sentence(body: bytes) -> None:
    with pytest.raises(BadRecord):
        SendGridNews(public_key()).read(signed(body), body, NOW)


def test_a_key_that_is_none_is_a_settings_mistake() -> None:
    with pytest.raises(BadSettings):
        SendGridNews("nonsense")


@pytest.mark.skipif(not VECTOR.exists(), reason="the vendor's published vector is not here")
def test_the_published_vector_verifies() -> None:
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    headers = {SIGNATURE: vector["signature"], TIMESTAMP: vector["timestamp"]}
    then = at("2020-09-14 19:42")
    assert SendGridNews(vector["public_key"]).read(headers, vector["payload"].encode(), then) == []
