"""What did an HR system just say? Verified, then recorded once, before anything is obeyed."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256

from onboarding.domain.errors import BadSignature, NotFound, TooLarge
from onboarding.domain.events import Event, Greeting
from onboarding.services.engine import Engine
from onboarding.services.waking import wake_enrolment

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes; documented payloads of HR systems are far below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The answer to a verified message, the same for its first delivery and for every repetition; or a greeting.

    `ready_at` is when it may be obeyed.
    """

    event_id: str = ""
    new: bool = False
    ready_at: datetime | None = None
    greeting: Greeting | None = None


def receive(
    engine: Engine, *, source: str, headers: Mapping[str, str], body: bytes, now: datetime, path: str = ""
) -> Received:
    """Verify and record one message; `headers` have lower-case names, `path` is the secret end of the address.

    Raises:
        NotFound: no such source, no secret is set for it, or its address ends in another secret.
        TooLarge: more than 1 MiB.
        BadSignature: not signed by the source, or too long ago.
        Unavailable: the store does not answer; the sender should try again.
    """
    if source not in engine.sources:
        raise NotFound(f"no source {source!r} is set up: ONBOARDING_WEBHOOK_SECRETS names its secret")
    if len(body) > MAX_BODY:
        raise TooLarge(f"the body has more than {MAX_BODY} bytes")
    try:
        _check_path(engine, source, path)
        sender = engine.sources[source]
        greeting = sender.greet(headers, body)
        if greeting is not None:
            return Received(greeting=greeting)
        delivery_id = sender.verify(headers, body, now)
    except (BadSignature, NotFound):
        note_refusal(engine, source, now)
        raise
    event_id = blake2b(f"{source}/{delivery_id}".encode(), digest_size=12).hexdigest()
    event = Event(
        id=event_id,
        source=source,
        delivery_id=delivery_id,
        body=sender.keep(headers, body),
        digest=sha256(body).hexdigest(),
        received_at=now,
        ready_at=now + sender.lag,
    )
    new = engine.recorder.record(engine.store, event)
    engine.counts.add(source, "verified" if new else "repeated", now)
    log.info("event.recorded" if new else "event.repeated", extra={"event": event_id, "source": source})
    return Received(event_id=event_id, new=new, ready_at=event.ready_at)


def note_refusal(engine: Engine, source: str, now: datetime) -> None:
    """Count a sender who did not prove to be the source."""
    engine.counts.add(source, "refused", now)
    engine.counts.write_if_due(engine.store, now)
    log.warning("event.refused", extra={"source": source})


def wake(engine: Engine, ready_at: datetime, now: datetime) -> None:
    """Have what was recorded enrolled soon; a scheduler that is down delays it until its sweep."""
    wake_enrolment(engine, ready_at)
    engine.counts.write_if_due(engine.store, now)


def _check_path(engine: Engine, source: str, path: str) -> None:
    """The secret end of an address, where one is set: for HR systems that sign nothing, or not yet."""
    secrets = engine.paths.get(source, ())
    if not secrets and not path:
        return
    if not any(hmac.compare_digest(path.encode(), secret.encode()) for secret in secrets):
        raise NotFound("there is nothing at this address")
