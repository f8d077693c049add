"""How do senders of Standard Webhooks sign, and what do they tell us?

Rules: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md. The `standardwebhooks` library
signs; the replay window is ours, because the library asks the real clock and the moment is an argument here.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook

from onboarding.adapters.sources.bodies import allow, keep_json, read_json
from onboarding.domain import record
from onboarding.domain.errors import BadSettings, BadSignature
from onboarding.domain.events import Event, Greeting, Told, Understood

WINDOW = timedelta(minutes=5)
"""How far a message's time may lie from ours, both ways: what every reference library allows."""
FAMILIES = ("svix", "webhook")
"""Svix sends the same headers under its own name, and prefers those."""
SHORTEST_KEY = 16
"""Bytes. The specification asks senders for 24 to 64."""
KEPT = allow(
    [
        *("type", "timestamp", "data.working_hours.start", "data.working_hours.end"),
        *(f"data.{name}" for name in record.DirectoryRecord.model_fields if name != "working_hours"),
    ]
)
"""The canonical record and its envelope."""


class StandardSource:
    """Any HR system that signs by Standard Webhooks and sends the canonical record; several secrets = rotation."""

    name = "standard"
    lag = timedelta(0)
    needs_path = False

    def __init__(self, secrets: Sequence[str]) -> None:
        self._webhooks = [Webhook(_key(secret)) for secret in secrets]

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- no handshake
        """None: the specification knows no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check id, time and signature; return `webhook-id`, which stays the same on every retry.

        Raises:
            BadSignature: also when a header is missing, given twice or malformed, or the time is not within
                five minutes of `now`.
        """
        delivery_id, timestamp, signatures = _headers(headers)
        sent_at = _moment(timestamp)
        if abs(now - sent_at) > WINDOW:
            raise BadSignature("the message was signed more than five minutes from now")
        given = _signatures(signatures)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadSignature("the body is not UTF-8") from error
        for webhook in self._webhooks:
            expected = webhook.sign(delivery_id, sent_at, text).encode()
            if any(hmac.compare_digest(expected, signature) for signature in given):
                return delivery_id
        raise BadSignature("no signature matches")

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the body says it all
        """The canonical record; what else a sender adds is dropped."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:  # noqa: ARG002 -- nobody is asked
        """Read the canonical record; an event of another family is not for us.

        Raises:
            BadRecord: when it cannot be understood.
        """
        tree = read_json(event.body)
        told = tree.get("type") if isinstance(tree, dict) else None
        if isinstance(told, str) and told and told != Told.KNOWN and not told.startswith("hire."):
            return "an event that is not about a hire"
        return [record.read_event(tree, event.received_at)]


def _key(secret: str) -> bytes:
    """The bytes behind `whsec_`; the library would drop letters that are not base64 without a word."""
    text = secret.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise BadSettings([f"{_PLACE}: it must be base64, with or without whsec_ before it"]) from error
    if len(key) < SHORTEST_KEY:
        raise BadSettings([f"{_PLACE}: it must have at least {SHORTEST_KEY} bytes behind its base64"])
    return key


_PLACE = "ONBOARDING_WEBHOOK_SECRETS, a secret of standard"


def _headers(headers: Mapping[str, str]) -> tuple[str, str, str]:
    for family in FAMILIES:
        found = [headers.get(f"{family}-{part}", "") for part in ("id", "timestamp", "signature")]
        if all(found):
            break
    else:
        raise BadSignature("a signature header is missing")
    delivery_id, timestamp, signatures = found
    if not re.fullmatch(r"[\x21-\x2b\x2d\x2f-\x7e]{1,200}", delivery_id):
        raise BadSignature("the message id is malformed")
    return delivery_id, timestamp, signatures


def _moment(timestamp: str) -> datetime:
    if not re.fullmatch(r"[0-9]{1,11}", timestamp):
        raise BadSignature("the message time is malformed")
    return datetime.fromtimestamp(int(timestamp), UTC)


def _signatures(text: str) -> list[bytes]:
    """The `v1,` entries; other versions are skipped, an entry that is none makes the whole header suspect."""
    entries = text.split(" ")
    if not all(re.fullmatch(r"v[0-9a-z]{1,8},[A-Za-z0-9+/=]{1,512}", entry) for entry in entries):
        raise BadSignature("the signature header is malformed")
    return [entry.encode() for entry in entries if entry.startswith("v1,")]
