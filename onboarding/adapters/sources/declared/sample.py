"""What would a message become? A sample is read as a real one is, but nobody is asked and nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onboarding.adapters.sources.bodies import NOT_KEPT
from onboarding.adapters.sources.declared.bodies import count_leaves, keep_declared, read_body, read_kept
from onboarding.adapters.sources.declared.paths import Trees
from onboarding.adapters.sources.declared.reading import Reader, Reading
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.adapters.sources.declared.values import Declaration, Fetch
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.signatures import moment_of
from onboarding.domain.errors import BadSignature, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A message as it came, `headers` with lower-case names, and `answers` that the system gives when asked."""

    declaration: Declaration
    body: bytes
    headers: Mapping[str, str]
    answers: Mapping[str, Any]

    def greeted(self) -> bool:
        """Whether it is a handshake, which is answered and forgotten."""
        return self._source(()).greet(self.headers, self.body) is not None

    def refused(self, secret: str) -> str:
        """Why it would not be let in with this secret, at the moment that it was signed; "" when it would."""
        signature = self.declaration.authentication.signature
        try:
            told = self.headers.get(signature.timestamp_header, "") if signature and signature.window else "0"
            self._source((secret,)).verify(self.headers, self.body, moment_of(told))
        except BadSignature as error:
            return str(error)
        return ""

    def delivery_id(self) -> str:
        """Under which name it would be recorded."""
        return self._source(()).named(self.headers, self.body)

    def kept(self) -> str:
        """What of it would reach the disk."""
        return keep_declared(self.declaration, self.headers, self.body)

    def counts(self) -> tuple[int, int]:
        """How many values of the body would be kept, and how many it has."""
        kept = self.kept()
        if kept.startswith(NOT_KEPT):
            return 0, 0
        tree = json.loads(kept)
        has = count_leaves(read_body(self.body, self.declaration.body))
        return count_leaves([tree["body"], tree.get("entries")]), has

    def readings(self, places: Places, now: datetime) -> list[Reading]:
        """What each entry would become.

        Raises:
            BadRecord: nothing of it can be understood.
            Unavailable: an answer is needed that `answers` does not hold; the message names it.
        """
        reader = Reader(declaration=self.declaration, places=places, ask=self._answer, received_at=now, now=now)
        return [reader.read(trees) for trees in read_kept(self.kept(), self.declaration)]

    def _answer(self, fetch: Fetch, trees: Trees) -> Any:
        _ = trees
        if fetch.name not in self.answers:
            raise Unavailable(fetch.name)
        return self.answers[fetch.name]

    def _source(self, secrets: tuple[str, ...]) -> DeclaredSource:
        """The source without its questions, and so without an account."""
        return DeclaredSource(self.declaration.name, replace(self.declaration, fetches=()), secrets)
