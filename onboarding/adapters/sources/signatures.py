"""How does a sender prove who it is? One description of a signature for every vendor that makes one."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from onboarding.domain.errors import BadSignature

ALGORITHMS = ("sha256", "sha512", "sha1")
ENCODINGS = ("hex", "base64", "base64url", "base64hex")
KEYS = ("text", "base64")
_PART = re.compile(r"\{(body|timestamp|id|header:[a-z0-9-]+)\}")
_LONGEST = 4096
_SECONDS = 100_000_000_000
"""A number from here on counts milliseconds: in seconds it would lie in the year 5138."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An HMAC over parts of a message, in a header.

    `signed` is a template of the signed bytes: `{body}` is the raw body, `{timestamp}` and `{id}` are those of
    `timestamp_header` and `id_header`, `{header:x-name}` is any other header ("" when it is missing). `separator`
    parts several signatures in one header, as senders write them while they change keys. With a `window` a message
    whose time lies farther from now is refused; the time is Unix seconds, Unix milliseconds or ISO 8601. `keys`
    says whether a secret is its own bytes (`text`) or their base64.
    """

    header: str
    prefix: str = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    signed: str = "{body}"
    separator: str = ""
    timestamp_header: str = ""
    id_header: str = ""
    window: timedelta | None = None
    keys: str = "text"

    def check(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Let a message pass that one of the secrets signed; `headers` have lower-case names.

        Raises:
            BadSignature: the signature or its time is missing, malformed, wrong, or too far from now.
        """
        given = self._given(headers.get(self.header, ""))
        if self.window is not None:
            sent_at = moment_of(headers.get(self.timestamp_header, ""))
            if abs(now - sent_at) > self.window:
                raise BadSignature("the message was signed too long ago, or a clock is wrong")
        message = self._message(headers, body)
        keys = [self._key(secret) for secret in secrets if secret]  # anybody could sign with an empty one
        digests = [hmac.new(key, message, self.algorithm).digest() for key in keys]
        if not any(hmac.compare_digest(digest, one) for digest in digests for one in given):
            raise BadSignature("no signature matches")

    def _given(self, text: str) -> list[bytes]:
        """The signatures in a header; one that is malformed makes the whole header suspect."""
        if not text or len(text) > _LONGEST:
            raise BadSignature(f"the header {self.header} is missing or malformed")
        entries = text.split(self.separator) if self.separator else [text]
        found = [self._decoded(entry.strip()) for entry in entries]
        if any(one is None for one in found):
            raise BadSignature(f"the header {self.header} is missing or malformed")
        return [one for one in found if one is not None]

    def _decoded(self, entry: str) -> bytes | None:
        if not entry.startswith(self.prefix):
            return None
        return decoded(entry[len(self.prefix) :], self.encoding)

    def _message(self, headers: Mapping[str, str], body: bytes) -> bytes:
        parts: list[bytes] = []
        rest = 0
        for part in _PART.finditer(self.signed):
            parts.append(self.signed[rest : part.start()].encode())
            parts.append(self._part(part[1], headers, body))
            rest = part.end()
        return b"".join([*parts, self.signed[rest:].encode()])

    def _part(self, name: str, headers: Mapping[str, str], body: bytes) -> bytes:
        if name == "body":
            return body
        header = {"timestamp": self.timestamp_header, "id": self.id_header}.get(name, name.partition(":")[2])
        return headers.get(header, "").encode("latin-1", "replace")

    def _key(self, secret: str) -> bytes:
        return base64.b64decode(secret) if self.keys == "base64" else secret.encode()


def decoded(text: str, encoding: str) -> bytes | None:
    """The bytes of a digest as senders write it; None when it is not written so. Padding may be left out."""
    try:
        if encoding == "hex":
            return bytes.fromhex(text) if re.fullmatch(r"([0-9a-fA-F]{2})+", text) else None
        filled = text + "=" * (-len(text) % 4)
        altered = b"-_" if encoding == "base64url" else None
        found = base64.b64decode(filled.encode("ascii"), altchars=altered, validate=True)
        return decoded(found.decode("ascii"), "hex") if encoding == "base64hex" else found or None
    except (binascii.Error, ValueError):
        return None


def moment_of(text: str) -> datetime:
    """The time of a message: Unix seconds or milliseconds, or ISO 8601 (UTC when it names no offset).

    Raises:
        BadSignature: when it is none of these.
    """
    try:
        if re.fullmatch(r"[0-9]{1,14}", text):
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number >= _SECONDS else number, UTC)
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadSignature("the message time is missing or malformed") from error


def check_token(given: str, secrets: Sequence[str]) -> None:
    """Let a message pass that shows one of the secrets itself, as a bearer token does.

    Raises:
        BadSignature: it shows none, or another one.
    """
    if not given or len(given) > _LONGEST:
        raise BadSignature("the token is missing")
    shown = given.encode("utf-8", "replace")
    if not any(hmac.compare_digest(shown, secret.encode()) for secret in secrets):
        raise BadSignature("the token is another one")
