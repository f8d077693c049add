"""How does a system that nobody here has seen send its messages? As its declaration in `sources.toml` says."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from onboarding.adapters.sources.bodies import digest
from onboarding.adapters.sources.declared.asking import Asking
from onboarding.adapters.sources.declared.bodies import keep_declared, read_body, read_kept
from onboarding.adapters.sources.declared.paths import ABSENT, BODY, HEADER, MESSAGE, Spot, find, look, text_of
from onboarding.adapters.sources.declared.reading import Reader, Reading
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.signatures import Signature, check_token
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.events import Event, Fact, Greeting, Understood, Unfit

_NOTHING: Mapping[str, str] = MappingProxyType({})
_ECHO = re.compile(r"[A-Za-z0-9._~+/=-]{1,256}")
"""What is echoed: a challenge, never markup that a browser could read as a page."""
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,100}")


class DeclaredSource:
    """A declared system; several secrets = rotation. `account` is what it is asked back with.

    `needs_path`: its messages prove nothing, so that the secret is part of the address they are sent to; whoever
    calls `verify` has compared it.

    Raises:
        BadSettings: a secret or the account does not fit the declaration.
    """

    def __init__(
        self,
        name: str,
        declaration: Declaration,
        secrets: Sequence[str],
        account: Mapping[str, str] = _NOTHING,
        places: Places = Places(),  # noqa: B008 -- frozen
    ) -> None:
        self.name = name
        self.lag: timedelta = declaration.lag
        self.needs_path = declaration.authentication.kind == "path"
        self._declaration = replace(declaration, name=name)
        self._secrets = tuple(secrets)
        self._places = places
        _refuse_unfit_secrets(declaration, self._secrets)
        self._asking = Asking(declaration, account)

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:
        """The echo that the declaration promises, or an empty answer; None for any other message."""
        handshake = self._declaration.handshake
        given = headers.get(handshake.header, "") if handshake.header else ""
        if _ECHO.fullmatch(given):
            return Greeting(headers={handshake.header: given})
        if handshake.bodies and body.strip() in [text.strip().encode() for text in handshake.bodies]:
            return Greeting()
        if handshake.field:
            return self._challenge(body)
        return None

    def _challenge(self, body: bytes) -> Greeting | None:
        """The field with which a system asks whether we are there, sent back as a JSON object of the same name.

        A message about somebody is no challenge, or a wrong path would swallow it.
        """
        try:
            tree = read_body(body, self._declaration.body)
        except ValueError:
            return None
        trees = {MESSAGE: tree, BODY: tree}
        value, spot = find(trees, self._declaration.handshake.field)
        if spot is None or not isinstance(value, str) or not _ECHO.fullmatch(value):
            return None
        if find(trees, self._declaration.event.external_id)[0] is not ABSENT:
            return None
        return Greeting(
            body=json.dumps({str(spot.steps[-1]): value}), headers={"content-type": "application/json"}
        )

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check what the declaration asks of a sender; return the delivery's id, or a digest of the body.

        Raises:
            BadSignature: not signed by the system, or too long ago.
        """
        authentication = self._declaration.authentication
        if authentication.signature is not None:
            authentication.signature.check(self._secrets, headers, body, now)
        elif authentication.kind in ("bearer", "basic"):
            check_token(self._shown(headers), self._secrets)
        return self.named(headers, body)

    def _shown(self, headers: Mapping[str, str]) -> str:
        """The secret that a sender shows; the scheme's letter case does not count (RFC 9110 section 11.1)."""
        authentication = self._declaration.authentication
        given, prefix = headers.get(authentication.header, ""), authentication.prefix
        if given[: len(prefix)].casefold() != prefix.casefold():
            raise BadSignature("the token is missing")
        shown = given[len(prefix) :].strip()
        if authentication.kind == "bearer":
            return shown
        try:
            return base64.b64decode(shown, validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise BadSignature("the token is malformed") from error

    def named(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id that the system gives, where nobody else can have given it; else a digest of the body.

        An unsigned id would let a captured message in again under another one.
        """
        spots = self._declaration.event.delivery_id
        trees: dict[str, Any] = {HEADER: dict(headers)}
        if any(spot.origin != HEADER for spot in spots):
            try:
                tree = read_body(body, self._declaration.body)
                batch = self._declaration.event.batch
                trees |= {BODY: tree, MESSAGE: look(tree, batch) if batch is not None else tree}
            except ValueError:
                return digest(self.name, body)
        value, spot = find(trees, spots)
        given = text_of(value).strip()
        sure = spot is not None and _is_sure(self._declaration.authentication.signature, spot)
        return given if sure and _NAME.fullmatch(given) else digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:
        """The values that the declaration names; nothing else reaches the disk. Never raises."""
        return keep_declared(self._declaration, headers, body)

    def understand(self, event: Event, now: datetime) -> Understood:
        """The facts of a message, one for each entry of a batch, or why there is nothing to do.

        Raises:
            BadRecord: nothing of it can be understood.
            Unavailable: the system does not answer.
        """
        readings = self.readings(event, now)
        several = len(readings) > 1
        found: list[Fact | Unfit] = []
        for number, one in enumerate(readings, start=1):
            if one.fact is not None:
                found.append(one.fact)
            elif one.mistakes:
                place = f"entry {number}: " if several else ""
                sentences = tuple(f"{place}{mistake}" for mistake in one.mistakes)
                found.append(Unfit(mistakes=sentences, external_id=one.external_id))
        if not found:
            return readings[0].why
        unfit = [one for one in found if isinstance(one, Unfit)]
        if len(unfit) == len(readings):
            raise BadRecord([mistake for one in unfit for mistake in one.mistakes])
        return found

    def readings(self, event: Event, now: datetime) -> list[Reading]:
        """What each entry of a message means, and where each value came from.

        Raises:
            BadRecord: the message holds no entry, or was not kept.
            Unavailable: the system does not answer.
        """
        reader = Reader(
            declaration=self._declaration,
            places=self._places,
            ask=self._asking.ask,
            received_at=event.received_at,
            now=now,
        )
        return [reader.read(trees) for trees in read_kept(event.body, self._declaration)]


def _is_sure(signature: Signature | None, spot: Spot) -> bool:
    """Whether only the sender can have put it there: the body is signed, and so is a header that `signed` names.

    Who shows a token instead of a signature may say what it likes anyway.
    """
    if signature is None or spot.origin != HEADER:
        return True
    named = f"{{header:{spot.steps[0]}}}" in signature.signed
    return named or ("{id}" in signature.signed and signature.id_header == spot.steps[0])


def _refuse_unfit_secrets(declaration: Declaration, secrets: Sequence[str]) -> None:
    """A secret that cannot sign would refuse every message, and say nothing at start."""
    signature, place = declaration.authentication.signature, f"a secret of {declaration.name}"
    for secret in secrets:
        if signature is not None and signature.keys == "base64" and not _is_base64(secret):
            raise BadSettings([f"ONBOARDING_WEBHOOK_SECRETS, {place}: it must be base64"])
        if declaration.authentication.kind == "basic" and ":" not in secret:
            raise BadSettings([f"ONBOARDING_WEBHOOK_SECRETS, {place}: it must be a user, a colon and a password"])


def _is_base64(secret: str) -> bool:
    try:
        return bool(base64.b64decode(secret, validate=True))
    except (binascii.Error, ValueError):
        return False
