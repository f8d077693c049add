"""How does HiBob (Bob) sign, what do its messages mean, and who works there?

Rules: apidocs.hibob.com, pages getting-started-webhooks, employee-data-webhooks and employee-changes-events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import fact
from onboarding.adapters.sources.hibob_employee import NAME, BobEmployees, external_id_of
from onboarding.adapters.sources.http import segment
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit

SIGNATURE = Signature(header="bob-signature", algorithm="sha512", encoding="base64")
PINGS = frozenset({b"Ping test", b'"Ping test"', b'{"text":"Ping test"}', b'{"text": "Ping test"}'})
"""What HiBob sends when a webhook is set up: words that are no JSON, and an object where those were refused."""
KEPT = allow(
    [
        *("type", "companyId", "triggeredAt", "creationDate", "version"),
        *("data.employeeId", "data.employee.id", "employee.id"),
    ]
)
CHANGED = frozenset(
    {
        *("employee.created", "employee.updated", "employee.joined", "employee.activated", "employee.inactivated"),
        *(
            "table.entry.created",
            "table.entry.updated",
        ),  # of the first generation: manager, site and title are tables
    }
)
"""After these we ask how somebody stands: inactivated, for one, is said of leave and of terminations."""
LEFT = frozenset({"employee.left", "employee.deleted"})


class HibobSource:
    """HiBob, both generations of messages; several secrets = rotation. For `account` see `BobEmployees`."""

    name = NAME
    needs_path = False
    lag = timedelta(seconds=20)
    """What was written may be read 20 seconds later (page post_people)."""

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        self._secrets = tuple(secrets)
        self._employees = BobEmployees(account or {}, places)

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- of the port
        """The test with which HiBob checks a new webhook; any 2xx pleases it."""
        return Greeting() if body.strip() in PINGS else None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes; return their digest: HiBob names no delivery and signs no time.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        SIGNATURE.check(self._secrets, headers, body, now)
        return digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- of the port
        """Who changed and when; the values that the first generation carries are asked for instead."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Somebody as HiBob shows them now; whoever left or was deleted is gone.

        `triggeredAt` names no zone and may be the site's local time, so the moment of receipt counts: the second
        generation is sent in order.

        Raises:
            BadRecord: it cannot be understood, or HiBob shows nobody of that id.
            Unavailable: HiBob does not answer.
        """
        tree = read_json(event.body)
        kind = tree.get("type") if isinstance(tree, dict) else None
        if not isinstance(tree, dict) or not isinstance(kind, str) or not kind:
            raise BadRecord("type is missing")
        if kind not in CHANGED | LEFT:
            return "an event that changes nothing for us"
        external_id = segment(_employee_of(tree), "data.employeeId")
        if kind in LEFT:
            return [fact(self.name, external_id, Told.WITHDRAWN, {}, event.received_at)]
        return [self._employees.fact(external_id, self._employees.one(external_id), now)]

    def close(self) -> None:
        """Give connections back."""
        self._employees.close()


class HibobRoster:
    """Everybody in HiBob, in one request. For `account` see `BobEmployees`."""

    name = NAME

    def __init__(self, account: Mapping[str, str], places: Places = NOWHERE) -> None:
        self._employees = BobEmployees(account, places)

    def everybody(self, now: datetime) -> Iterator[Fact | Unfit]:
        """Each employee as they stand now; terminated means gone.

        Raises:
            Unavailable: HiBob does not answer.
        """
        for employee in self._employees.all():
            external_id = external_id_of(employee)
            try:
                yield self._employees.fact(segment(external_id, "id"), employee, now)
            except BadRecord as error:
                yield Unfit(mistakes=error.mistakes, external_id=external_id)

    def close(self) -> None:
        """Give connections back."""
        self._employees.close()


def _employee_of(tree: dict[str, Any]) -> object:
    """The id: in `data` in the second generation, in `employee` in the first."""
    named = branch(tree, "data").get("employeeId")
    return named or branch(tree, "employee").get("id") or branch(tree, "data", "employee").get("id")
