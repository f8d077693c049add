"""What do accounts of an identity provider (Okta, Entra) mean? Each change of one comes as an event of `/scim/v2`.

SCIM has no word for a first day: an attribute that the company names carries it. Who has none is a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from onboarding.adapters.sources.bodies import branch, read_json, unreadable
from onboarding.adapters.sources.facts import fact
from onboarding.adapters.sources.places import Places, country_code
from onboarding.domain import values
from onboarding.domain.errors import BadRecord, BadSignature
from onboarding.domain.events import Event, Greeting, Told, Understood, Unfit
from onboarding.domain.scim.account import email_of
from onboarding.domain.scim.agreement import Scim, place_of
from onboarding.domain.scim.schema import CORE, ENTERPRISE

MENDED = {
    "first_name is missing": "have the identity provider send name.givenName",
    "time_zone is missing": (
        "have the identity provider send timezone, or a country with one time zone in addresses, or name the zone "
        "of the office in ONBOARDING_OFFICE_ZONES"
    ),
    "work_email or personal_email is needed": "have the identity provider send emails of type work",
}
"""How a sentence begins, and what helps."""


class ScimSource:
    """Accounts of an identity provider; nothing comes in by webhook."""

    name = "scim"
    lag = timedelta(0)
    needs_path = False

    def __init__(self, scim: Scim, places: Places = Places()) -> None:  # noqa: B008 -- a frozen value
        self._scim = scim
        self._places = places

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- the port's shape
        """SCIM knows no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:  # noqa: ARG002 -- the port's shape
        """Refuse whatever comes as a webhook: accounts are kept at `/scim/v2`.

        Raises:
            BadSignature: always.
        """
        raise BadSignature("accounts come to /scim/v2 and not to a webhook")

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the port's shape
        """Nothing: no webhook is verified."""
        return unreadable(body)

    def understand(self, event: Event, now: datetime) -> Understood:  # noqa: ARG002 -- the port's shape
        """How the owner of an account stands; one that is not active has left.

        Raises:
            BadRecord: when the event is no account.
        """
        resource = branch({"resource": read_json(event.body)}, "resource")
        account_id = resource.get("id")
        if not isinstance(account_id, str) or not account_id:
            raise BadRecord("the event is no account")
        try:
            if not resource.get("active", True):
                return [fact(self.name, account_id, Told.WITHDRAWN, {}, event.received_at)]
            manager, manager_email = _manager(resource)
            record = self._record(resource) | {"manager_email": manager_email}
            return [fact(self.name, account_id, Told.KNOWN, record, event.received_at, manager=manager)]
        except BadRecord as error:
            return [Unfit(mistakes=tuple(_helped(each) for each in error.mistakes), external_id=account_id)]

    def _record(self, resource: dict[str, Any]) -> dict[str, object]:
        """The canonical record without `id`."""
        enterprise, name, address = branch(resource, ENTERPRISE), branch(resource, "name"), _address(resource)
        country = country_code(address.get("country"))
        zone = self._zone(resource, str(address.get("locality", "")), country)
        return {
            "first_name": name.get("givenName"),
            "last_name": name.get("familyName"),
            "preferred_name": resource.get("nickName"),
            "work_email": email_of(resource, "work") or email_of(resource, ""),
            "personal_email": email_of(resource, "home"),
            "start_date": first_day(_configured(resource, self._scim.start_date), zone),
            "time_zone": zone,
            "country": country,
            "language": _language(resource),
            "job_title": resource.get("title"),
            "department": enterprise.get("department") or enterprise.get("division"),
            "location": address.get("locality"),
        }

    def _zone(self, resource: dict[str, Any], locality: str, country: str) -> str:
        """What the account says, else where its place lies; what is no IANA zone counts only to be refused."""
        said = [str(resource.get("timezone", "")), _configured(resource, self._scim.time_zone)]
        for text in filter(None, said):
            with suppress(ValueError):
                return values.zone(text)
        return self._places.zone(offices=[locality], country=country) or next(filter(None, said), "")


def first_day(text: str, zone: str) -> str:
    """The day that a start date means, as 2026-03-02; what cannot be read stays as it is.

    Entra's `employeeHireDate` is a moment. Midnight in UTC means the day as it is written; another hour comes from
    a system that wrote local midnight in UTC, so the day in the person's zone counts.
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].{1,40}", text):
        return text
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None and moment.utcoffset() == timedelta(0) and moment.time() != time(0):
            moment = moment.astimezone(ZoneInfo(values.zone(zone)))
    except (ValueError, OverflowError):
        return text
    return moment.date().isoformat()


def _configured(resource: dict[str, Any], attribute: str) -> str:
    urn, name = place_of(attribute)
    holder = resource if urn.lower() == CORE.lower() else _under(resource, urn)
    found = next((value for key, value in holder.items() if key.lower() == name.lower()), "")
    return found if isinstance(found, str) else ""


def _under(resource: dict[str, Any], urn: str) -> dict[str, Any]:
    found = next((value for key, value in resource.items() if urn and key.lower() == urn.lower()), None)
    return found if isinstance(found, dict) else {}


def _address(resource: dict[str, Any]) -> dict[str, Any]:
    """Where they work, as well as it is known: the work address, else the primary one, else the first."""
    entries = [entry for entry in resource.get("addresses", []) if isinstance(entry, dict)]
    entries.sort(key=lambda entry: (str(entry.get("type", "")).lower() != "work", not entry.get("primary")))
    return entries[0] if entries else {}


def _language(resource: dict[str, Any]) -> str:
    """The first tag of `preferredLanguage`, an Accept-Language header (RFC 7643 section 4.1.1), or ""."""
    for name in ("preferredLanguage", "locale"):
        tag = re.split(r"[,;]", str(resource.get(name, "")))[0]
        with suppress(ValueError):
            return values.language(tag)
    return ""


def _manager(resource: dict[str, Any]) -> tuple[str, str]:
    """The manager's account id and e-mail address, one of which is "": Okta lets companies write either."""
    said = branch(resource, ENTERPRISE, "manager").get("value")
    manager = said if isinstance(said, str) else ""
    with suppress(ValueError):
        return "", values.email(manager)
    return manager, ""


def _helped(mistake: str) -> str:
    help_for = next((helps for begin, helps in MENDED.items() if mistake.startswith(begin)), "")
    return f"{mistake}: {help_for}" if help_for else mistake
