"""How does BambooHR sign, what do its two generations of messages mean, and who works there?

Rules: documentation.bamboohr.com, pages webhooks, event-based-webhooks and field-based-webhooks. Messages that are
posted as a form cannot be read: choose JSON when the webhook is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.bamboohr_employee import NAME, BambooEmployees
from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import fact
from onboarding.adapters.sources.http import segment
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature, moment_of
from onboarding.adapters.sources.standing import name_of, text_of
from onboarding.domain.errors import BadRecord, BadSignature
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit

WINDOW = timedelta(hours=3)
"""How far the time of a message may lie from ours.

BambooHR repeats a message that was not taken after 5, 10, 20, 40 and 80 minutes, so that the last attempt leaves
155 minutes after the first, and takes a refusal (4xx) for final. The page calls the time that of the request and
does not say whether a repetition is signed anew: a narrower window could lose hires for ever. A message that
somebody else sends again within three hours does no harm: its bytes name the delivery, so it counts once.
"""
SIGNATURE = Signature(
    header="x-bamboohr-signature",
    signed="{body}{timestamp}",
    timestamp_header="x-bamboohr-timestamp",
    window=WINDOW,
)
KEPT = allow(
    [
        *("type", "timestamp", "data.employeeId", "data.companyId", "data.changedFields"),
        *("employees.id", "employees.action", "employees.timestamp", "employees.changedFields"),
    ]
)
"""No value of a field is kept, for it can be anything, a social security number among it: values are asked for."""
EVENTS = {"employee.created": "created", "employee.updated": "updated", "employee.deleted": "deleted"}
MANY = 25
"""From so many employees in one message on, one report of everybody is less to ask than each of them."""


class BambooSource:
    """BambooHR; several secrets (private keys of webhooks) = rotation. For `account` see `BambooEmployees`."""

    name = NAME
    needs_path = False
    lag = timedelta(seconds=5)
    """An employee is created first and filled in then (page employee-created-webhook)."""

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        self._secrets = tuple(secrets)
        self._employees = BambooEmployees(account or {}, places)

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- of the port
        """There is no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over body and time; return a digest of the body, which carries its own time.

        Raises:
            BadSignature: also when the time is not within three hours of `now`.
        """
        SIGNATURE.check(self._secrets, headers, body, now)
        return digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- of the port
        """Who changed, when and in which fields; no value."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Each employee of the message once, as BambooHR shows them now; one who was deleted is gone.

        Raises:
            BadRecord: nobody in it can be understood.
            Unavailable: BambooHR does not answer.
        """
        tree = read_json(event.body)
        found = _changes(tree if isinstance(tree, dict) else {}, event)
        if isinstance(found, str):
            return found
        changes = [each for each in found if isinstance(each, _Change)]
        rows = self._rows(changes)
        told: list[Fact | Unfit] = [
            self._told(each, rows, now) if isinstance(each, _Change) else each for each in found
        ]
        if not any(isinstance(each, Fact) for each in told):
            mistakes = [mistake for each in told if isinstance(each, Unfit) for mistake in each.mistakes]
            raise BadRecord(list(dict.fromkeys(mistakes)))
        return told

    def close(self) -> None:
        """Give connections back."""
        self._employees.close()

    def _rows(self, changes: Sequence[_Change]) -> dict[str, dict[str, Any]] | None:
        """Everybody by id where the message names many, else None: then each is asked for."""
        if sum(not change.deleted for change in changes) < MANY:
            return None
        return {name_of(row.get("id")): row for row in self._employees.all()}

    def _told(self, change: _Change, rows: dict[str, dict[str, Any]] | None, now: datetime) -> Fact | Unfit:
        if change.deleted:
            return fact(self.name, change.external_id, Told.WITHDRAWN, {}, change.at)
        try:
            name = change.external_id
            row = self._employees.one(name) if rows is None else rows.get(name)
            return self._employees.fact(name, row, now)
        except BadRecord as error:
            return Unfit(mistakes=error.mistakes, external_id=change.external_id)


class BambooRoster:
    """Everybody in BambooHR, in one request. For `account` see `BambooEmployees`."""

    name = NAME

    def __init__(self, account: Mapping[str, str], places: Places = NOWHERE) -> None:
        self._employees = BambooEmployees(account, places)

    def everybody(self, now: datetime) -> Iterator[Fact | Unfit]:
        """Each employee as they stand now; Inactive means gone.

        Raises:
            Unavailable: BambooHR does not answer.
        """
        for row in self._employees.all():
            external_id = name_of(row.get("id"))
            try:
                yield self._employees.fact(segment(external_id, "id"), row, now)
            except BadRecord as error:
                yield Unfit(mistakes=error.mistakes, external_id=external_id)

    def close(self) -> None:
        """Give connections back."""
        self._employees.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """That something became of an employee, at a moment in UTC."""

    external_id: str
    deleted: bool
    at: datetime


def _changes(tree: dict[str, Any], event: Event) -> list[_Change | Unfit] | str:
    """Who is spoken of, each once: whoever was deleted stays so; the last word counts otherwise."""
    kind = tree.get("type")
    if isinstance(tree.get("employees"), list):
        entries = _entries(tree["employees"], text_of(kind).rpartition(".")[2])
    elif isinstance(kind, str) and kind in EVENTS:
        named = branch(tree, "data").get("employeeId")
        entries = [{"id": named, "action": EVENTS[kind], "timestamp": tree.get("timestamp")}]
    elif isinstance(kind, str) and kind:
        return "an event that is not about employees"
    else:
        raise BadRecord("type is missing")
    unfit: list[_Change | Unfit] = []
    found: dict[str, _Change] = {}
    for entry in entries:
        try:
            change = _change(entry, event)
        except BadRecord as error:
            unfit.append(Unfit(mistakes=error.mistakes))
            continue
        known = found.get(change.external_id)
        found[change.external_id] = known if known and known.deleted else change
    return [*found.values(), *unfit] or "a message about no employee"


def _entries(employees: list[Any], kind: str) -> list[dict[str, Any]]:
    """The entries of the older generation; the kind of the message counts where an entry names no action."""
    entries = [each if isinstance(each, dict) else {} for each in employees]
    return [entry | {"action": entry.get("action") or kind} for entry in entries]


def _change(entry: dict[str, Any], event: Event) -> _Change:
    deleted = text_of(entry.get("action")).casefold() == "deleted"
    at = _moment(entry.get("timestamp"), event)
    return _Change(external_id=segment(entry.get("id"), "the employee's id"), deleted=deleted, at=at)


def _moment(value: object, event: Event) -> datetime:
    """When it happened: BambooHR names the offset. A time that is none, or lies ahead of ours, does not count."""
    try:
        return min(moment_of(text_of(value)), event.received_at)
    except BadSignature:
        return event.received_at
