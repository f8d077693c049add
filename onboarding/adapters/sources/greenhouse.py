"""How does Greenhouse Recruiting sign, and what do its hires, unhires and offers mean?

Rules: developers.greenhouse.io/webhooks.html. Greenhouse signs the raw bytes and no time, so that a replay is only
recognised by its delivery id.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from onboarding.adapters.sources.bodies import branch, digest, read_json
from onboarding.adapters.sources.greenhouse_hire import hire_record
from onboarding.domain import record, values
from onboarding.domain.errors import BadRecord, BadSignature
from onboarding.domain.events import Event, Fact, Told

NO_ZONE = (
    "time_zone is missing: Greenhouse sends none, so give the offer, application or candidate a custom field with "
    "the key time_zone, or name the zone of the office in ONBOARDING_OFFICE_ZONES"
)
OVER = frozenset({"deprecated", "rejected"})
"""Offers that no longer count: an older version, or one that was turned down."""


class GreenhouseSource:
    """Greenhouse Recruiting; several secrets = rotation. `zones` maps the name of an office to its IANA zone."""

    name = "greenhouse"

    def __init__(self, secrets: Sequence[str], zones: Mapping[str, str] | None = None) -> None:
        self._secrets = [secret.encode() for secret in secrets]
        self._zones = {office.casefold().strip(): zone for office, zone in (zones or {}).items()}

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:  # noqa: ARG002 -- unsigned
        """Check the signature over the raw bytes; return the delivery's id.

        `Greenhouse-Event-ID` is not signed, so the id carries a digest of the body too: nobody can use up the id
        of a message that is still to come.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        match = re.fullmatch(r"sha256 ([0-9a-fA-F]{64})", headers.get("signature", ""))
        if match is None:
            raise BadSignature("the signature header is missing or malformed")
        given = match[1].lower()
        if not any(hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), given) for key in self._secrets):
            raise BadSignature("no signature matches")
        event_id = headers.get("greenhouse-event-id", "")
        name = digest(self.name, body)
        return f"{event_id}-{name[:32]}" if re.fullmatch(r"[A-Za-z0-9._:-]{1,100}", event_id) else name

    def understand(self, event: Event) -> Fact | str:
        """Hires, unhires and the start dates of offers; everything else, the ping among it, is not for us.

        Raises:
            BadRecord: when it cannot be understood.
        """
        tree = read_json(event.body)
        action = tree.get("action") if isinstance(tree, dict) else None
        if not isinstance(action, str):
            raise BadRecord("action is missing")
        payload = branch(tree, "payload")
        match action:
            case "hire_candidate":
                return self._hired(branch(payload, "application"), event)
            case "unhire_candidate":
                number = _number(branch(payload, "application").get("id"), "application.id")
                return _fact(Told.WITHDRAWN, number, event)
            case "offer_created" | "offer_updated":
                return _offered(branch(payload, "offer") or payload, event)
            case "ping":
                return "a ping"
            case _:
                return "an event that is neither a hire, an unhire nor an offer"

    def _hired(self, application: dict[str, Any], event: Event) -> Fact:
        number = _number(application.get("id"), "application.id")
        data, offices = hire_record(application)
        data["id"] = f"{self.name}-{number}"
        zones = {self._zones[office] for office in offices if office in self._zones}
        if not data.get("time_zone") and len(zones) == 1:
            data["time_zone"] = zones.pop()
        try:
            told = record.read_event({"type": Told.CREATED.value, "data": data}, event.received_at)
        except BadRecord as error:
            zone = NO_ZONE if not zones else f"{NO_ZONE}; its offices lie in different zones"
            mistakes = [
                zone if mistake.startswith("time_zone is missing") else mistake for mistake in error.mistakes
            ]
            raise BadRecord(mistakes) from error
        return _fact(Told.CREATED, number, event, person=told.person, given=told.given)


def _offered(offer: dict[str, Any], event: Event) -> Fact | str:
    """A new version of an offer is how a start date changes; Greenhouse writes it as 04/15/2013 here."""
    status, start = offer.get("offer_status"), offer.get("start_date")
    if isinstance(status, str) and status.casefold() in OVER:
        return "an offer that no longer counts"
    if start in (None, ""):
        return "an offer without a start date"
    number = _number(offer.get("application_id"), "application_id")
    return _fact(Told.UPDATED, number, event, first_day=_first_day(start), given=frozenset({"start_date"}))


def _fact(told: Told, number: str, event: Event, **more: Any) -> Fact:
    hire_id = f"{GreenhouseSource.name}-{number}"
    return Fact(told=told, external_id=number, hire_id=hire_id, at=event.received_at, **more)


def _number(value: object, place: str) -> str:
    """Greenhouse's ids are whole numbers; a text of digits is read as well."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise BadRecord(f"{place} is missing or not a number")
    return text


def _first_day(start: object) -> date:
    american = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", start) if isinstance(start, str) else None
    try:
        return values.day(f"{american[3]}-{american[1]}-{american[2]}" if american else start)
    except ValueError as error:
        raise BadRecord(
            f"start_date {error}" if american else "start_date must be a day written as 04/15/2026"
        ) from error
