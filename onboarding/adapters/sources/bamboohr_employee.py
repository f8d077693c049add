"""What does BambooHR say of its employees when it is asked? An allow-list: the rest is not asked for.

Rules: documentation.bamboohr.com, pages get-employee, request-custom-report and list-of-field-names. Only the
fields that are asked for come back, and those that the API key may not see are left out without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onboarding.adapters.sources.accounts import PLACE, read_account
from onboarding.adapters.sources.bodies import leaves
from onboarding.adapters.sources.facts import day_of
from onboarding.adapters.sources.http import LARGEST, Vendor, basic, segment
from onboarding.adapters.sources.places import Places, country_code
from onboarding.adapters.sources.standing import Standing, name_of, stands, text_of
from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from onboarding.domain.events import Fact

NAME = "bamboohr"
FIELDS = (
    *("firstName", "lastName", "preferredName", "workEmail", "homeEmail", "hireDate", "status"),
    *("jobTitle", "department", "location", "country", "stateCode", "supervisorEId"),
)
LARGEST_REPORT = 20 * LARGEST
"""Octets: some 200,000 employees of 13 short fields."""
HINTS = {
    "time_zone": (
        "name the zone of the location in ONBOARDING_OFFICE_ZONES, or make a field for it in BambooHR and name "
        f"that as time_zone_field in {PLACE}"
    ),
    "first_name": "let the API key see the field firstName",
}
UNKNOWN = "BambooHR does not know this employee, or does not show them to our API key"
NO_STATUS = "status is missing: let the API key see the field status, because a termination shows only there"


class BambooEmployees:
    """BambooHR's employees, as they stand now. Safe to use from several threads.

    `account` holds `company` (what stands before .bamboohr.com) and `api_key`; `time_zone_field` names a field of
    yours that holds an IANA zone.
    """

    def __init__(self, account: Mapping[str, str], places: Places) -> None:
        found = read_account(NAME, account, ("company", "api_key"), ("time_zone_field",))
        company = found["company"]
        if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", company):
            raise BadSettings([f"{PLACE}: company of {NAME} must be what stands before .bamboohr.com"])
        self._zone_field = found.get("time_zone_field", "")
        if not re.fullmatch(r"[A-Za-z0-9_.]{0,64}", self._zone_field):
            raise BadSettings([f"{PLACE}: time_zone_field of {NAME} must be the name of a field"])
        self._places = places
        self._vendor = Vendor(
            "BambooHR",
            found.get("url") or f"https://{company}.bamboohr.com/api/v1",
            auth=basic(found["api_key"], "x"),
            largest=LARGEST_REPORT,
        )

    def close(self) -> None:
        """Give connections back."""
        self._vendor.close()

    def one(self, external_id: str) -> dict[str, Any] | None:
        """The fields of one employee; None when BambooHR knows none of that id.

        `onlyCurrent=false`: of a hire whose first day lies ahead, job, department, location and supervisor are
        empty without it, because they are rows of history tables that are not yet in force.
        """
        params = {"fields": ",".join(self._fields()), "onlyCurrent": "false"}
        answer = self._vendor.get(f"/employees/{segment(external_id, 'employeeId')}", params)
        if answer is not None and not isinstance(answer, dict):
            raise Unavailable("BambooHR answers with something that is no employee")
        return answer

    def all(self) -> list[dict[str, Any]]:
        """Everybody, those who left included, in one request: a report that is not stored."""
        wanted = {"title": "onboarding", "fields": ["id", *self._fields()]}
        answer = self._vendor.post("/reports/custom?format=JSON&onlyCurrent=false", wanted)
        if not isinstance(answer, dict) or not isinstance(answer.get("employees"), list):
            raise Unavailable("BambooHR answers with something that is no report")
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

    def _fields(self) -> tuple[str, ...]:
        return (*FIELDS, self._zone_field) if self._zone_field else FIELDS


def standing(employee: Mapping[str, Any], zone_field: str = "") -> Standing:
    """What the fields of an employee mean; a termination is the status Inactive, once it is in force.

    `supervisorEId` is the supervisor's id; `supervisorId` is the number that the company gave them.

    Raises:
        BadRecord: without a status nobody can tell who has left.
    """
    status = text_of(employee.get("status")).casefold()
    if not status:
        raise BadRecord(NO_STATUS)
    country = country_code(employee.get("country"))
    state = text_of(employee.get("stateCode"))
    record = {
        "first_name": employee.get("firstName"),
        "last_name": employee.get("lastName"),
        "preferred_name": employee.get("preferredName"),
        "work_email": employee.get("workEmail"),
        "personal_email": employee.get("homeEmail"),
        "start_date": day_of(employee.get("hireDate")),
        "job_title": employee.get("jobTitle"),
        "department": employee.get("department"),
        "location": employee.get("location"),
        "country": country,
        "subdivision": state if country and re.fullmatch(r"[A-Za-z0-9]{1,3}", state) else None,
        "time_zone": employee.get(zone_field) if zone_field else None,
    }
    manager = name_of(employee.get("supervisorEId"))
    office = text_of(employee.get("location"))
    return Standing(
        record=record,
        offices=(office,) if office else (),
        manager="" if manager == "0" else manager,
        gone=status == "inactive",
    )
