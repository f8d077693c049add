"""What does SendGrid tell after it took a letter? Its signed Event Webhook.

ECDSA P-256 with SHA-256 over the timestamp header and the raw body
(https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features).
SendGrid repeats for up to 24 hours, so a signature is believed for a little longer than that.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sendgrid.helpers.eventwebhook import EventWebhook

from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.mail import News, NewsKind

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
WINDOW = timedelta(hours=26)

KINDS = {
    "processed": NewsKind.TAKEN,
    "deferred": NewsKind.TAKEN,
    "delivered": NewsKind.DELIVERED,
    "bounce": NewsKind.BOUNCED,
    "dropped": NewsKind.BOUNCED,
}
"""SendGrid's event -> ours; opens and clicks are not asked for."""

ORDER = (NewsKind.TAKEN, NewsKind.DELIVERED, NewsKind.BOUNCED)


class SendGridNews:
    """The Event Webhook with signature verification switched on; `public_key` is the one SendGrid shows."""

    def __init__(self, public_key: str) -> None:
        try:
            self._webhook: Any = EventWebhook(public_key)
        except ValueError as error:
            raise BadSettings(
                ["ONBOARDING_SENDGRID_EVENT_KEY is not the verification key SendGrid shows"]
            ) from error

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[News]:
        """The news about our deliveries.

        Raises:
            BadSignature: not signed by SendGrid, or more than a day old.
            BadRecord: signed, and yet no list of events.
        """
        self._verify(headers, body, now)
        try:
            events = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadRecord("SendGrid's message is not JSON") from error
        if not isinstance(events, list):
            raise BadRecord("SendGrid's message is not a list of events")
        news = [one for event in events if isinstance(event, dict) and (one := _news(event)) is not None]
        return sorted(news, key=lambda one: ORDER.index(one.kind))

    def _verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        signature, stamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        try:
            good = self._webhook.verify_signature(body.decode(), signature, stamp)
            age = now.timestamp() - int(stamp)
        except (ValueError, binascii.Error) as error:
            raise BadSignature("this is not signed as SendGrid signs") from error
        if not good:
            raise BadSignature("this is not signed by SendGrid")
        if abs(age) > WINDOW.total_seconds():
            raise BadSignature("this was signed too long ago")


def _news(event: dict[str, Any]) -> News | None:
    """An event about a delivery: its number comes back flattened among the event's own keys."""
    kind = KINDS.get(str(event.get("event")))
    number = str(event.get("delivery", ""))
    if kind is None or not (number.isascii() and number.isdigit()) or len(number) > len(str(2**63)) - 1:
        return None
    return News(number=int(number), kind=kind, reason=_reason(kind, event))


def _reason(kind: NewsKind, event: dict[str, Any]) -> str:
    """Only the class of a bounce: the service's sentence quotes addresses."""
    if kind is not NewsKind.BOUNCED:
        return ""
    status = str(event.get("status", ""))
    known = status if len(status) <= len("5.999.999") and status.replace(".", "").isdigit() else ""
    return " ".join(part for part in ("the recipient's server refused it", known) if part)
