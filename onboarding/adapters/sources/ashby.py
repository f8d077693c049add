"""How does Ashby sign, and what do its hires and offers mean?

Rules: developers.ashbyhq.com, "Authenticating webhooks", "Setting up webhooks" and "Related webhooks". Ashby signs
the raw bytes and no time, so that a replay is only recognised by its delivery id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.accounts import read_account
from onboarding.adapters.sources.ashby_hire import KEPT_FIELDS, Found, custom_fields, hire_record, only_known
from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import day_of, fact, id_of, moment_of, without_zone
from onboarding.adapters.sources.http import Vendor, basic
from onboarding.adapters.sources.places import NOWHERE, Places, country_code
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain import values
from onboarding.domain.errors import BadRecord, Unavailable
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood

SIGNATURE = Signature(header="ashby-signature", prefix="sha256=")
URL = "https://api.ashbyhq.com"
KEPT = allow(["action", "webhookActionId", *(f"data.{path}" for path in KEPT_FIELDS)])
OVER = frozenset({"declined", "cancelled"})
"""Acceptance states of an offer that no longer counts."""
FAN_OUT = frozenset({"applicationUpdate", "candidateStageChange"})
"""What Ashby sends beside `candidateHire` for the same hire, with the same `webhookActionId`."""
NO_ZONE = (
    "time_zone is missing: Ashby sends none, so give the application, candidate or offer a custom field that is "
    "called Time zone, or give ashby an api_key in ONBOARDING_HRIS_ACCOUNTS and name the zone of the location in "
    "ONBOARDING_OFFICE_ZONES"
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAMED_BY = ("webhookActionId", "action", "application or offer")


class AshbySource:
    """Ashby; several secrets = rotation. With an account (`api_key`) it is asked for names that a hire lacks."""

    name = "ashby"
    lag = timedelta(0)
    needs_path = False

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        """Raises BadSettings when the account lacks a key or has one that is not known."""
        self._secrets = tuple(secrets)
        self._places = places
        self._vendor: Vendor | None = None
        if account:
            keys = read_account(self.name, account, needs=("api_key",))
            self._vendor = Vendor("Ashby", keys.get("url", URL), auth=basic(keys["api_key"], ""))

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- no handshake
        """None: the ping is signed as any other message."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes; return the delivery's id.

        A secret is optional at Ashby: what is not signed is refused here. The id is made of `webhookActionId`,
        which one hire's several messages share, of the action, and of the application or offer that it is about.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        SIGNATURE.check(self._secrets, headers, body, now)
        try:
            tree = json.loads(body)
        except (ValueError, RecursionError):
            return digest(self.name, body)
        message = branch(tree)
        thing = branch(tree, "data", "application").get("id") or branch(tree, "data", "offer").get("id") or "-"
        parts = [str(part) for part in (message.get("webhookActionId"), message.get("action"), thing) if part]
        named = len(parts) == len(_NAMED_BY) and all(_ID.fullmatch(part) for part in parts)
        return ":".join(parts) if named else digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the body says it all
        """The fields of a hire and of an offer that `understand` reads, and custom fields with a name we know."""
        return only_known(keep_json(body, KEPT))

    def understand(self, event: Event, now: datetime) -> Understood:  # noqa: ARG002 -- the message is the truth
        """Hires and offers; everything else, the ping among it, is not for us.

        Raises:
            BadRecord: when it cannot be understood.
            Unavailable: Ashby was asked for a name and does not answer.
        """
        tree = read_json(event.body)
        action = tree.get("action") if isinstance(tree, dict) else None
        if not isinstance(action, str):
            raise BadRecord("action is missing")
        application, offer = branch(tree, "data", "application"), branch(tree, "data", "offer")
        match action:
            case "candidateHire":
                return [self._hired(application, offer, event)]
            case "offerCreate" | "offerUpdate":
                return _offered(offer, event)
            case "offerDelete":
                return [_deleted(offer, event)]
            case "ping":
                return "a ping"
            case _ if action in FAN_OUT:
                return "an event beside a hire: the hire itself comes as candidateHire"
            case _:
                return "an event that is neither a hire nor an offer"

    def _hired(self, application: dict[str, Any], offer: dict[str, Any], event: Event) -> Fact:
        number = _text(application.get("id"), "application.id")
        found = hire_record(application, offer, custom_fields(application, offer))
        self._name_places(found)
        try:
            about, rank = _about(offer), _rank(offer)
            # not the offer's `decidedAt`: whoever is hired by it a second time would be old news
            at = moment_of(event, application.get("updatedAt"))
            return fact(self.name, number, Told.CREATED, found.record, at, about=about, rank=rank)
        except BadRecord as error:
            raise without_zone(error, NO_ZONE) from error

    def _name_places(self, found: Found) -> None:
        """Department and location come as ids; their names, and the zone, are known when Ashby may be asked."""
        department = self._ask("department.info", "departmentId", found.department_id)
        place = self._ask("location.info", "locationId", found.location_id)
        address = branch(place, "address", "postalAddress")
        country = country_code(found.record.get("country") or address.get("addressCountry"))
        offices = [name for name in (place.get("name"),) if isinstance(name, str)]
        more = {
            "department": department.get("name"),
            "location": place.get("name"),
            "country": country or None,
            "time_zone": self._places.zone(offices=offices, country=country),
        }
        for name, value in more.items():
            if value is not None:
                found.record.setdefault(name, value)

    def _ask(self, method: str, key: str, external_id: object) -> dict[str, Any]:
        """What Ashby says of a thing; empty when it does not know it or may not be asked.

        Ashby answers 200 with `{"success": false}` where others answer 4xx ("Introduction" of its API reference).
        """
        if self._vendor is None or not isinstance(external_id, str) or not external_id:
            return {}
        answer = self._vendor.post(f"/{method}", {key: external_id})
        if branch(answer).get("success") is True:
            return branch(answer, "results")
        errors = branch(answer).get("errors")
        if isinstance(errors, list) and any(isinstance(one, str) and one.endswith("not_found") for one in errors):
            return {}
        raise Unavailable(f"Ashby refuses {method}: see what the api_key in ONBOARDING_HRIS_ACCOUNTS may read")


def _offered(offer: dict[str, Any], event: Event) -> Understood:
    """An offer's newest version carries the start date; when it was written is the rank of the fact."""
    status, start = offer.get("acceptanceStatus"), branch(offer, "latestVersion").get("startDate")
    if isinstance(status, str) and status.casefold() in OVER:
        return "an offer that no longer counts"
    if start in (None, ""):
        return "an offer without a start date"
    number = _text(offer.get("applicationId"), "offer.applicationId")
    try:
        first_day = values.day(day_of(start))
    except ValueError as error:
        raise BadRecord(f"start_date {error}") from error
    told = Fact(
        told=Told.UPDATED,
        external_id=number,
        hire_id=id_of(AshbySource.name, number),
        at=event.received_at,
        first_day=first_day,
        given=frozenset({"start_date"}),
        about=_about(offer),
        rank=_rank(offer),
    )
    return [told]


def _deleted(offer: dict[str, Any], event: Event) -> Fact:
    """An offer that was deleted takes its hire along, if it is the one that the hire hangs on."""
    number = _text(offer.get("applicationId"), "offer.applicationId")
    return Fact(
        told=Told.WITHDRAWN,
        external_id=number,
        hire_id=id_of(AshbySource.name, number),
        at=event.received_at,
        about=_text(offer.get("id"), "offer.id"),
        rank=_rank(offer),
    )


def _about(offer: dict[str, Any]) -> str:
    found = offer.get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _rank(offer: dict[str, Any]) -> int:
    """The second (Unix time) at which the offer's newest version was written; 0 when Ashby does not say."""
    try:
        written_at = values.moment(branch(offer, "latestVersion").get("createdAt"))
    except ValueError:
        return 0
    return int(written_at.timestamp())


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadRecord(f"{place} is missing or not an id")
    return value
