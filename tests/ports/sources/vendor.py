"""What does the shared suite need to know of an HR system?"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from onboarding.domain.events import Event
from onboarding.ports import Source

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)

Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A source, how its real sender signs, and what it sends.

    `secrets` are the new one, the old one and a stranger's. `signature` is the header with the signature, `prefix`
    what stands before the digest in it. `messages` are understood without asking anybody; `ignored` is not for us.
    A source without messages is only proved at the door. Without `signs_body` the sender shows a token, which says
    nothing about the body. With `own_form` what is kept has another shape than what came.
    """

    make: Callable[[list[str]], Source]
    secrets: tuple[str, str, str]
    sign: Callable[[str, bytes], Headers]
    signature: str
    prefix: str = ""
    messages: tuple[object, ...] = ()
    ignored: object = None
    signs_body: bool = True
    own_form: bool = False

    @property
    def body(self) -> bytes:
        """The bytes of a message."""
        return as_body(self.messages[0] if self.messages else {"note": "caf\u00e9 \u003cb\u003e"})


def as_body(tree: object) -> bytes:
    """A message as it is sent, with everything but ASCII escaped, as Greenhouse does it."""
    return json.dumps(tree).encode()


def hmac_hex(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of a body in hex, keyed with the letters of the secret."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def event(body: str, *, source: str = "any", received_at: datetime = NOW) -> Event:
    """A recorded event."""
    return Event(
        id="e1", source=source, delivery_id="d1", body=body, received_at=received_at, ready_at=received_at
    )
