"""What did HR systems just say? Verified, then recorded once, before anything is obeyed."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b, sha256

from onboarding.domain.errors import BadSignature, NotFound, TooLarge
from onboarding.domain.events import Event, Greeting
from onboarding.services.engine import Engine
from onboarding.services.recording import record_all
from onboarding.services.waking import first_of_windows, is_awake, wake_enrolment

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
"""Bytes; documented payloads of HR systems are far below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What came to the door of a source; `headers` have lower-case names, `path` is the address's secret end."""

    source: str
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    path: str = ""


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
    """Verify and record one message.

    Raises:
        NotFound: no such source, no secret is set for it, or its address ends in another secret.
        TooLarge: more than 1 MiB.
        BadSignature: not signed by the source, or too long ago.
        Unavailable: the store does not answer; the sender should try again.
    """
    message = Message(source=source, headers=headers, body=body, now=now, path=path)
    [outcome] = receive_all(engine, [message])
    if isinstance(outcome, Exception):
        engine.counts.write_if_due(engine.store, now)
        raise outcome
    return outcome


def receive_all(engine: Engine, messages: Sequence[Message], *, waited: float = 0) -> list[Received | Exception]:
    """Verify each of several messages and record them together; for each, what to answer or what `receive` raises.

    `waited` is for how many seconds the first of them has waited already. Refused ones are counted; writing counts
    down may wait for other writers and is left to whoever has the time.
    """
    heard = [_heard(engine, message) for message in messages]
    events = [one for one in heard if isinstance(one, Event)]
    stored = iter(record_all(engine.store, events, waited=waited) if events else ())
    return [_received(engine, one, next(stored)) if isinstance(one, Event) else one for one in heard]


def _heard(engine: Engine, message: Message) -> Event | Received | Exception:
    """The event that a message tells, a greeting to answer, or why it is refused."""
    try:
        return _verified(engine, message)
    except Exception as error:  # noqa: BLE001 -- what is wrong with one message must not refuse those beside it
        if isinstance(error, BadSignature | NotFound) and message.source in engine.sources:
            _count_refusal(engine, message.source, message.now)
        return error


def _verified(engine: Engine, message: Message) -> Event | Received:
    source, headers, body = message.source, message.headers, message.body
    if source not in engine.sources:
        raise NotFound(f"no source {source!r} is set up: ONBOARDING_WEBHOOK_SECRETS names its secret")
    if len(body) > MAX_BODY:
        raise TooLarge(f"the body has more than {MAX_BODY} bytes")
    _check_path(engine, source, message.path)
    sender = engine.sources[source]
    greeting = sender.greet(headers, body)
    if greeting is not None:
        return Received(greeting=greeting)
    delivery_id = sender.verify(headers, body, message.now)
    return Event(
        id=blake2b(f"{source}/{delivery_id}".encode(), digest_size=12).hexdigest(),
        source=source,
        delivery_id=delivery_id,
        body=sender.keep(headers, body),
        digest=sha256(body).hexdigest(),
        received_at=message.now,
        ready_at=message.now + sender.lag,
    )


def _received(engine: Engine, event: Event, new: bool | Exception) -> Received | Exception:  # noqa: FBT001 -- as it was recorded
    if isinstance(new, Exception):
        return new
    engine.counts.add(event.source, "verified" if new else "repeated", event.received_at)
    log.info("event.recorded" if new else "event.repeated", extra={"event": event.id, "source": event.source})
    return Received(event_id=event.id, new=new, ready_at=event.ready_at)


def note_refusal(engine: Engine, source: str, now: datetime) -> None:
    """Count a sender who did not prove to be the source, and write counts down when they are due."""
    _count_refusal(engine, source, now)
    engine.counts.write_if_due(engine.store, now)


def _count_refusal(engine: Engine, source: str, now: datetime) -> None:
    engine.counts.add(source, "refused", now)
    log.warning("event.refused", extra={"source": source})


def must_wake(engine: Engine, received: Received, now: datetime) -> bool:
    """Whether `wake` has something to do for a message; asks nothing but this process."""
    if not received.new or received.ready_at is None:
        return False
    return not is_awake(engine, received.ready_at) or engine.counts.are_due(now)


def wake(engine: Engine, ready_at: datetime, now: datetime) -> None:
    """Have what was recorded enrolled soon; a scheduler that is down delays it until its sweep."""
    wake_enrolment(engine, ready_at)
    engine.counts.write_if_due(engine.store, now)


def wake_all(engine: Engine, moments: Sequence[tuple[datetime, datetime]]) -> None:
    """The same for messages that were recorded by now: the moments at which each is ready and was received."""
    for ready_at in first_of_windows(ready_at for ready_at, _ in moments):
        wake_enrolment(engine, ready_at)
    engine.counts.write_if_due(engine.store, max(now for _, now in moments))


def _check_path(engine: Engine, source: str, path: str) -> None:
    """The secret end of an address, where one is set: for HR systems that sign nothing, or not yet."""
    secrets = engine.paths.get(source, ())
    if not secrets and not path:
        return
    if not any(hmac.compare_digest(path.encode(), secret.encode()) for secret in secrets):
        raise NotFound("there is nothing at this address")
