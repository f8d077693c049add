"""How do we know that a message is Personio's, and what does it mean?

Rules: developer.personio.de/reference/webhooks. The page names no signature, so the address that is registered
holds a secret, and nothing in a message is believed: it only says whom to ask Personio about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.accounts import PLACE
from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import fact
from onboarding.adapters.sources.http import segment
from onboarding.adapters.sources.personio_person import NAME, PersonioPeople, exists
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from onboarding.domain.events import Event, Greeting, Told, Understood

KEPT = allow(
    [
        *("event_name", "occurred_at", "company_id", "payload.id", "payload.person_id", "payload.person.id"),
        *("payload.employment_id", "payload.employment.id"),
    ]
)
OF_PERSONS = frozenset({"person.created", "person.updated", "person.deleted"})
OF_EMPLOYMENTS = frozenset(
    {
        *("employment.created", "employment.updated", "employment.deleted"),
        *("employment.started", "employment.terminated"),  # on the day itself
    }
)


class PersonioSource:
    """Personio; `secrets` sign only where the account names a `signature_header` (HMAC-SHA256 over the body, hex).

    For the rest of `account` see `PersonioPeople`.
    """

    name = NAME
    lag = timedelta(0)
    needs_path = True
    """Its messages are let in by a secret in the path of the address alone."""

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        self._secrets = tuple(secrets)
        self._people = PersonioPeople(account or {}, places)
        header = (account or {}).get("signature_header", "").strip().lower()
        if not re.fullmatch(r"[a-z0-9-]*", header):
            raise BadSettings([f"{PLACE}: signature_header of {NAME} must be the name of a header"])
        self._signature = Signature(header=header) if header else None

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- of the port
        """There is no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature where a header for it is configured; return a digest: no delivery is named.

        Raises:
            BadSignature: the configured header is missing, malformed or does not match.
        """
        if self._signature is not None:
            self._signature.check(self._secrets, headers, body, now)
        return digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- of the port
        """Ids, and when it happened."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Somebody as Personio shows them now; a changed first day is an employment that was updated.

        Raises:
            BadRecord: it cannot be understood, or Personio shows nobody of that id.
            Unavailable: Personio does not answer, or does not show a new employment yet.
        """
        tree = read_json(event.body)
        kind = tree.get("event_name") if isinstance(tree, dict) else None
        if not isinstance(tree, dict) or not isinstance(kind, str) or not kind:
            raise BadRecord("event_name is missing")
        if kind not in OF_PERSONS | OF_EMPLOYMENTS:
            return "an event that is neither about a person nor about an employment"
        place = "payload.id" if kind in OF_PERSONS else "payload.person.id"
        external_id = segment(_person_of(tree, kind), place)
        person = self._people.person(external_id)
        if person is None and kind.endswith(".deleted"):
            return [fact(self.name, external_id, Told.WITHDRAWN, {}, now)]
        return self._stands(kind, external_id, exists(person, place), now)

    def _stands(self, kind: str, external_id: str, person: dict[str, Any], now: datetime) -> Understood:
        employments = self._people.employments(external_id)
        if not employments and kind in OF_PERSONS:
            return "waits for employment: without one there is no first day, and it is told as well"
        if not employments and kind != "employment.deleted":
            raise Unavailable("Personio does not show the employment yet")
        ends = kind == "employment.terminated"
        return [self._people.fact(external_id, person, employments, now, ends=ends)]

    def close(self) -> None:
        """Give connections back."""
        self._people.close()


def _person_of(tree: dict[str, Any], kind: str) -> object:
    """The person's id; `payload.id` is that in events of persons, and the employment's in those of employments."""
    payload = branch(tree, "payload")
    named = branch(payload, "person").get("id") or payload.get("person_id")
    return named or (payload.get("id") if kind in OF_PERSONS else None)
