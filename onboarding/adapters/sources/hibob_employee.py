"""What does HiBob say of its employees when it is asked? An allow-list: the rest is not asked for.

Rules: apidocs.hibob.com, pages people-read-api-contract, post_people-identifier and post_people-search, and
help.hibob.com/hc/en-us/articles/4409776355857 for what the lifecycle statuses mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onboarding.adapters.sources.accounts import PLACE, read_account
from onboarding.adapters.sources.bodies import branch, leaves
from onboarding.adapters.sources.facts import day_of
from onboarding.adapters.sources.http import LARGEST, Vendor, basic, segment
from onboarding.adapters.sources.places import Places, country_code
from onboarding.adapters.sources.standing import Standing, name_of, stands, text_of
from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from onboarding.domain.events import Fact

NAME = "hibob"
BASE_URL = "https://api.hibob.com/v1"
FIELDS = (
    *("root.id", "root.firstName", "root.surname", "root.email", "home.privateEmail", "address.country"),
    *("work.startDate", "work.title", "work.department", "work.site", "work.reportsTo"),
    *("internal.status", "internal.lifecycleStatus"),
)
LARGEST_SEARCH = 20 * LARGEST
"""Octets: the search has no pages, and says every field three times over."""
GONE = frozenset({"terminated", "gardenleave"})
"""Lifecycle statuses of those who left, or who only wait for their last day (`employee.left` counts both)."""
MAY_NOT_SEE = "HiBob leaves out without a word what the service user may not see: give it the category"
HINTS = {
    "time_zone": (
        "name the zone of the site in ONBOARDING_OFFICE_ZONES, or make a field for it in HiBob and name that as "
        f"time_zone_field in {PLACE}"
    ),
    "first_name": f"{MAY_NOT_SEE} Basic info",
    "work_email or personal_email": f"{MAY_NOT_SEE} Basic info",
}
UNKNOWN = "HiBob does not know this employee, or does not show them to our service user"
NO_STATUS = f"the lifecycle status is missing: {MAY_NOT_SEE} Lifecycle, because only that says who has left"


class BobEmployees:
    """HiBob's employees, as they stand now. Safe to use from several threads.

    `account` holds `service_user_id` and `token`; `time_zone_field` is the id of a field of yours that holds an
    IANA zone, such as work.custom.field_17.
    """

    def __init__(self, account: Mapping[str, str], places: Places) -> None:
        found = read_account(NAME, account, ("service_user_id", "token"), ("time_zone_field",))
        self._zone_field = found.get("time_zone_field", "")
        if not re.fullmatch(r"([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+)?", self._zone_field):
            raise BadSettings([f"{PLACE}: time_zone_field of {NAME} must be the id of a field, with dots"])
        self._places = places
        self._vendor = Vendor(
            "HiBob",
            found.get("url") or BASE_URL,
            auth=basic(found["service_user_id"], found["token"]),
            largest=LARGEST_SEARCH,
        )

    def close(self) -> None:
        """Give connections back."""
        self._vendor.close()

    def one(self, external_id: str) -> dict[str, Any] | None:
        """One employee; None when HiBob knows none of that id."""
        answer = self._vendor.post(f"/people/{segment(external_id, 'employeeId')}", self._wanted())
        if answer is not None and not isinstance(answer, dict):
            raise Unavailable("HiBob answers with something that is no employee")
        return answer

    def all(self) -> list[dict[str, Any]]:
        """Everybody in one answer, for the search has no pages: also those who have not started, or left."""
        answer = self._vendor.post("/people/search", self._wanted() | {"showInactive": True})
        if not isinstance(answer, dict) or not isinstance(answer.get("employees"), list):
            raise Unavailable("HiBob answers with something that is no list of employees")
        return leaves(answer, "employees")

    def fact(self, external_id: str, employee: dict[str, Any] | None, now: datetime) -> Fact:
        """How an employee stands.

        Raises:
            BadRecord: unknown (a wrong setting could say so of everybody: that alone ends nothing), or unfit.
        """
        if employee is None:
            raise BadRecord(UNKNOWN)
        shown = standing(employee, self._zone_field)
        return stands(NAME, external_id, shown, now, self._places, hints=HINTS)

    def _wanted(self) -> dict[str, object]:
        """Names of list items come with APPEND only, and beside them dates that no locale has turned around."""
        zone = (self._zone_field,) if self._zone_field else ()
        return {"fields": [*FIELDS, *zone], "humanReadable": "APPEND"}


def standing(employee: Mapping[str, Any], zone_field: str = "") -> Standing:
    """What the fields of an employee mean.

    Active and Inactive tell nothing: a hire whose first day lies ahead is as inactive as somebody on leave.

    Raises:
        BadRecord: without a lifecycle status nobody can tell who has left.
    """
    lifecycle = _plain(employee, "internal.lifecycleStatus")
    if not lifecycle and _plain(employee, "internal.status").casefold() != "active":
        raise BadRecord(NO_STATUS)
    site = _words(employee, "work.site")
    record = {
        "first_name": _value(employee, "root.firstName"),
        "last_name": _value(employee, "root.surname"),
        "work_email": _value(employee, "root.email"),
        "personal_email": _value(employee, "home.privateEmail"),
        "start_date": day_of(_value(employee, "work.startDate")),
        "job_title": _words(employee, "work.title"),
        "department": _words(employee, "work.department"),
        "location": site,
        "country": country_code(_words(employee, "address.country")),
        "time_zone": _words(employee, zone_field) if zone_field else None,
    }
    return Standing(
        record=record,
        offices=(site,) if site else (),
        manager=name_of(branch(_branched(employee, "work.reportsTo")).get("id")),
        gone=re.sub(r"[^a-z]", "", lifecycle.casefold()) in GONE,
    )


def external_id_of(employee: Mapping[str, Any]) -> str:
    """What HiBob calls an employee: 19 digits."""
    return name_of(_value(employee, "root.id"))


def _words(employee: Mapping[str, Any], field: str) -> str:
    """A value as people read it; the number of a list item, which tells nobody anything, is none."""
    human = employee.get("humanReadable")
    said = text_of(_value(human, field)) if isinstance(human, dict) else ""
    said = said or text_of(_value(employee, field))
    return "" if re.fullmatch(r"[0-9]+", said) else said


def _plain(employee: Mapping[str, Any], field: str) -> str:
    """A value as machines read it, which no language of a reader changes; as people do where that is a number."""
    said = text_of(_value(employee, field))
    return _words(employee, field) if re.fullmatch(r"[0-9]*", said) else said


def _branched(employee: Mapping[str, Any], field: str) -> dict[str, Any]:
    found = _value(employee, field)
    return found if isinstance(found, dict) else {}


def _value(employee: Mapping[str, Any], field: str) -> Any:
    """The value of a field: HiBob writes it under a path with slashes, in nested objects, or both."""
    entry = employee.get("/" + field.replace(".", "/"))
    if isinstance(entry, dict) and "value" in entry:
        return entry["value"]
    if entry is not None and not isinstance(entry, dict):
        return entry
    *above, name = field.removeprefix("root.").split(".")
    return branch(dict(employee), *above).get(name)
