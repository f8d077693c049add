"""What did an HR system just say? Verified, then recorded once, before anything is obeyed."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from onboarding.domain.errors import NotFound, TooLarge
from onboarding.domain.events import Event
from onboarding.services.engine import Engine
from onboarding.services.waking import wake_enrolment

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes; documented payloads of HR systems are far below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The answer to a verified message: the same for its first delivery and for every repetition."""

    event_id: str
    new: bool


def receive(engine: Engine, *, source: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Received:
    """Verify and record one message; `headers` have lower-case names.

    Raises:
        NotFound: no such source, or no secret is set for it.
        TooLarge: more than 1 MiB.
        BadSignature: not signed by the source, or too long ago.
        Unavailable: the store does not answer; the sender should try again.
    """
    if source not in engine.sources:
        raise NotFound(f"no source {source!r} is set up: ONBOARDING_WEBHOOK_SECRETS names its secret")
    if len(body) > MAX_BODY:
        raise TooLarge(f"the body has more than {MAX_BODY} bytes")
    delivery_id = engine.sources[source].verify(headers, body, now)
    event_id = blake2b(f"{source}/{delivery_id}".encode(), digest_size=12).hexdigest()
    event = Event(id=event_id, source=source, delivery_id=delivery_id, body=as_text(body), received_at=now)
    with engine.store.begin() as books:
        new = books.events.record(event)
    log.info("event.recorded" if new else "event.repeated", extra={"event": event_id, "source": source})
    return Received(event_id=event_id, new=new)


def wake(engine: Engine, now: datetime) -> None:
    """Have what was recorded enrolled soon; a scheduler that is down delays it until its sweep."""
    wake_enrolment(engine, now)


def as_text(body: bytes) -> str:
    """The body as it came; what no text column can hold is kept as base64 and will wait in review."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"base64:{b64encode(body).decode()}"
    return f"base64:{b64encode(body).decode()}" if "\0" in text else text
