"""Signed messages of HR systems, as their senders make them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from standardwebhooks.webhooks import Webhook

from onboarding.services.engine import Engine
from onboarding.services.receiving import Received, receive
from tests.worlds import GREENHOUSE_SECRET, SECRET, record


def standard_headers(body: bytes, now: datetime, *, delivery: str, secret: str = SECRET) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    signature = Webhook(secret).sign(delivery, now, body.decode())
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


def event(told: str = "hire.created", **more: object) -> bytes:
    """The body of one event about the newcomer of `record`."""
    return json.dumps({"type": told, "data": record(**more)}).encode()


def post_standard(
    engine: Engine, more: dict[str, object], *, now: datetime, told: str = "hire.created", delivery: str = ""
) -> Received:
    """Receive one signed event."""
    body = event(told, **more)
    name = delivery or f"msg_{hashlib.sha256(body).hexdigest()[:16]}"
    return receive(
        engine, source="standard", headers=standard_headers(body, now, delivery=name), body=body, now=now
    )


def greenhouse_headers(body: bytes, *, delivery: str = "", secret: str = GREENHOUSE_SECRET) -> dict[str, str]:
    """The headers of Greenhouse."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"signature": f"sha256 {digest}", "content-type": "application/json"}
    return headers | ({"greenhouse-event-id": delivery} if delivery else {})
