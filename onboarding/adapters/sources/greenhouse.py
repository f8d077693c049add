"""How does Greenhouse Recruiting sign, and what do its hires, unhires and offers mean?

Rules: developers.greenhouse.io/webhooks.html. Greenhouse signs the raw bytes and no time, so that a replay is only
recognised by its delivery id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import fact, id_of, moment_of, without_zone
from onboarding.adapters.sources.greenhouse_hire import KEPT_OF_A_HIRE, hire_record
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain import values
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood

SIGNATURE = Signature(header="signature", prefix="sha256 ")
KEPT_OF_AN_OFFER = ("id", "application_id", "version", "start_date", "offer_status")
KEPT = allow(
    [
        "action",
        *(f"payload.application.{path}" for path in KEPT_OF_A_HIRE),
        *(f"payload.{path}" for path in KEPT_OF_AN_OFFER),
        *(f"payload.offer.{path}" for path in KEPT_OF_AN_OFFER),
    ]
)
"""The rest, salary and every custom field that we do not read among it, is never kept."""
NO_ZONE = (
    "time_zone is missing: Greenhouse sends none, so give the offer, application or candidate a custom field with "
    "the key time_zone, or name the zone of the office in ONBOARDING_OFFICE_ZONES"
)
MOST_VERSIONS = 1_000_000_000
"""Of an offer; a larger number would not fit into a table either."""
REPEATS = timedelta(hours=16)
"""A little longer than Greenhouse repeats what was not answered with 200. An offer may have been resolved long
before somebody is hired by it a second time, so a hire is never taken to be older than that."""

LAST_ACTIVITY = "last_activity_at"
"""When an application became what it is. A hire without it is as old as the resolution of its offer."""
OVER = frozenset({"deprecated", "rejected"})
"""Offers that no longer count: an older version, or one that was turned down."""


class GreenhouseSource:
    """Greenhouse Recruiting; several secrets = rotation. `places` knows the zones of offices."""

    name = "greenhouse"
    lag = timedelta(0)
    needs_path = False

    def __init__(self, secrets: Sequence[str], places: Places = NOWHERE) -> None:
        self._secrets = tuple(secrets)
        self._places = places

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- no handshake
        """None: the ping that switches a webhook on is signed as any other message."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes; return the delivery's id.

        `Greenhouse-Event-ID` is not signed, so the id carries a digest of the body too.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        SIGNATURE.check(self._secrets, headers, body, now)
        return digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the body says it all
        """The fields of a hire and of an offer that `understand` reads."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:  # noqa: ARG002 -- nobody is asked
        """Hires, unhires and offers; everything else, the ping among it, is not for us.

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
                return [self._hired(branch(payload, "application"), event)]
            case "unhire_candidate":
                application = branch(payload, "application")
                number = _number(application.get("id"), "application.id")
                at = moment_of(event, application.get(LAST_ACTIVITY))
                return [replace(_fact(Told.WITHDRAWN, number, event), at=at)]
            case "offer_created" | "offer_updated":
                return _offered(branch(payload, "offer") or payload, event)
            case "offer_deleted":
                return [_deleted(branch(payload, "offer") or payload, event)]
            case "ping":
                return "a ping"
            case _:
                return "an event that is neither a hire, an unhire nor an offer"

    def _hired(self, application: dict[str, Any], event: Event) -> Fact:
        number = _number(application.get("id"), "application.id")
        offer = branch(application, "offer")
        found, offices = hire_record(application)
        if not found.get("time_zone"):
            found["time_zone"] = self._places.zone(offices=offices)
        try:
            about, rank = _id(offer), _version(offer)
            resolved = moment_of(event, offer.get("resolved_at"))
            at = moment_of(
                event, application.get(LAST_ACTIVITY), max(resolved, event.received_at - REPEATS).isoformat()
            )
            return fact(self.name, number, Told.CREATED, found, at, about=about, rank=rank)
        except BadRecord as error:
            different = any(self._places.zone(offices=[office]) for office in offices)
            raise without_zone(
                error, f"{NO_ZONE}; its offices lie in different zones" if different else NO_ZONE
            ) from error


def _offered(offer: dict[str, Any], event: Event) -> Understood:
    """A new version of an offer is how a start date changes; Greenhouse writes it as 04/15/2013 here.

    Each version is an offer of its own, with its own id and a higher `version`; the one before becomes deprecated.
    The order of messages is not promised, so the version is the rank of the fact.
    """
    status, start = offer.get("offer_status"), offer.get("start_date")
    if isinstance(status, str) and status.casefold() in OVER:
        return "an offer that no longer counts"
    if start in (None, ""):
        return "an offer without a start date"
    number = _number(offer.get("application_id"), "application_id")
    told = _fact(
        Told.UPDATED,
        number,
        event,
        first_day=_first_day(start),
        given=frozenset({"start_date"}),
        about=_id(offer),
        rank=_version(offer),
    )
    return [told]


def _deleted(offer: dict[str, Any], event: Event) -> Fact:
    """An offer that was deleted takes its hire along, if it is the one that the hire hangs on."""
    number = _number(offer.get("application_id"), "application_id")
    about = _number(offer.get("id"), "offer.id")
    return _fact(Told.WITHDRAWN, number, event, about=about, rank=_version(offer))


def _fact(told: Told, number: str, event: Event, **more: Any) -> Fact:
    hire_id = id_of(GreenhouseSource.name, number)
    return Fact(told=told, external_id=number, hire_id=hire_id, at=event.received_at, **more)


def _id(offer: dict[str, Any]) -> str:
    """The id of an offer as text; "" when it has none."""
    try:
        return _number(offer.get("id"), "offer.id")
    except BadRecord:
        return ""


def _version(offer: dict[str, Any]) -> int:
    """The version of an offer; 0, which does not count, for what no offer can have."""
    version = offer.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        return 0
    return version if 0 < version <= MOST_VERSIONS else 0


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
