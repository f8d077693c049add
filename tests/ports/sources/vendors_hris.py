"""How do BambooHR, HiBob and Personio really sign? Rows for the contract that every source keeps.

Nobody in the messages exists.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from onboarding.adapters.sources.bamboohr import BambooSource
from onboarding.adapters.sources.hibob import HibobSource
from onboarding.adapters.sources.personio import PersonioSource
from tests.ports.sources.vendor import NOW, Headers, Vendor

SECRETS = ("new-secret-of-ours", "old-secret-of-ours", "another-secret-altogether")
BAMBOO_ACCOUNT = {"company": "example", "api_key": "key-of-ours"}
BOB_ACCOUNT = {"service_user_id": "SERVICE-1", "token": "token-of-ours"}
PERSONIO_ACCOUNT = {
    "client_id": "client-1",
    "client_secret": "secret-of-ours",
    "signature_header": "X-Example-Signature",
}

NOBODY = "http://127.0.0.1:9"
"""Where nobody answers: the contract asks nobody."""


def bamboo_headers(secret: str, body: bytes, *, sent_at: str = "") -> Headers:
    """Body first, then the text of the time: HMAC-SHA256 in hex."""
    timestamp = sent_at or str(int(NOW.timestamp()))
    digest = hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
    return {"x-bamboohr-signature": digest, "x-bamboohr-timestamp": timestamp}


def bob_headers(secret: str, body: bytes) -> Headers:
    """HMAC-SHA512 of the body in base64."""
    digest = hmac.new(secret.encode(), body, hashlib.sha512).digest()
    return {"bob-signature": base64.b64encode(digest).decode()}


def personio_headers(secret: str, body: bytes) -> Headers:
    """HMAC-SHA256 of the body in hex, in the header that the account names."""
    return {"x-example-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def bamboo_message(kind: str) -> dict[str, object]:
    """A message of the present generation."""
    named = {"companyId": "9", "employeeId": "4012"}
    return {"type": kind, "timestamp": "2026-12-01T07:00:00+0000", "data": named}


def bob_message(kind: str) -> dict[str, object]:
    """A message of the second generation."""
    when = "2026-12-01T07:00:00.399997"
    return {"companyId": 9, "type": kind, "triggeredAt": when, "data": {"employeeId": "3332883894235038999"}}


VENDORS: dict[str, Vendor] = {
    "bamboohr": Vendor(
        make=lambda secrets: BambooSource(secrets, {**BAMBOO_ACCOUNT, "url": NOBODY}),
        secrets=SECRETS,
        sign=bamboo_headers,
        signature="x-bamboohr-signature",
        messages=(bamboo_message("employee.deleted"),),
        ignored=bamboo_message("company.updated"),
    ),
    "hibob": Vendor(
        make=lambda secrets: HibobSource(secrets, {**BOB_ACCOUNT, "url": NOBODY}),
        secrets=SECRETS,
        sign=bob_headers,
        signature="bob-signature",
        messages=(bob_message("employee.left"), bob_message("employee.deleted")),
        ignored=bob_message("timeoff.requested"),
    ),
    "personio": Vendor(
        make=lambda secrets: PersonioSource(secrets, {**PERSONIO_ACCOUNT, "url": NOBODY}),
        secrets=SECRETS,
        sign=personio_headers,
        signature="x-example-signature",
        messages=(),  # nothing that it says is believed: Personio is always asked
        ignored=None,
    ),
}
