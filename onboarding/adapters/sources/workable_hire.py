"""Which facts of a newcomer stand in a candidate or an employee of Workable? An allow-list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onboarding.adapters.sources.bodies import branch, leaves
from onboarding.adapters.sources.facts import day_of
from onboarding.adapters.sources.places import Places, country_code

SAME = {
    "firstname": "first_name",
    "lastname": "last_name",
    "preferred_name": "preferred_name",
    "work_email": "work_email",
    "job_title": "job_title",
}
"""Fields of an employee that only have another name here."""
KEPT_FIELDS = (
    *("id", "status", "start_date", "department", "reports_to.", "reports_to.id", *SAME),
    *("personal_email.", "personal_email.value", "personal_email.is_primary"),
    *("country.", "country.value", "address.country_code", "address.state_code", "address.city"),
    *("stage_kind", "hired_at"),
)
"""What of `data` is kept, as paths. The address tells zone and holidays, and is not shown to anybody."""
LEFT = frozenset({"terminated", "inactive", "deactivated"})
HIRED = "hired"


def employee_record(employee: dict[str, Any], places: Places) -> dict[str, object]:
    """The canonical record without `id`: only what is given, empty where it is given as empty."""
    found: dict[str, object] = {ours: employee[theirs] for theirs, ours in SAME.items() if theirs in employee}
    if "start_date" in employee:
        # Written as a full timestamp at midnight UTC: its day counts, in no zone.
        found["start_date"] = day_of(employee["start_date"])
    if "personal_email" in employee:
        found["personal_email"] = _primary(employee)
    address = branch(employee, "address")
    country = employee.get("country")
    code = (country.get("value") if isinstance(country, dict) else country) or address.get("country_code")
    return found | _place(places, code, [address.get("city"), address.get("state_code")])


def candidate_record(candidate: dict[str, Any], offer: dict[str, Any], places: Places) -> dict[str, object]:
    """The canonical record without `id`; the address is where the candidate can be reached, never one at ours."""
    place = branch(candidate, "location")
    found = {
        "first_name": candidate.get("firstname"),
        "last_name": candidate.get("lastname"),
        "personal_email": candidate.get("email"),
        "job_title": branch(candidate, "job").get("title"),
        "start_date": _start_date(offer),
    }
    return found | _place(places, place.get("country_code"), [place.get("city"), place.get("region_code")])


def is_hired(candidate: dict[str, Any]) -> bool:
    """Whether a candidate stands in the stage of hires; `hired_at` says it where no kind of stage is given."""
    kind = candidate.get("stage_kind")
    return kind == HIRED if kind else bool(candidate.get("hired_at"))


def has_left(employee: dict[str, Any]) -> bool:
    """Whether an employee is gone: `status_terminated` and its kin."""
    status = employee.get("status")
    return isinstance(status, str) and status.casefold().removeprefix("status_") in LEFT


def reports_to(employee: dict[str, Any]) -> str:
    """What Workable calls the manager."""
    found = employee.get("reports_to")
    found = found.get("id") if isinstance(found, dict) else found
    return found if isinstance(found, str) else ""


def _place(places: Places, code: object, offices: Iterable[object]) -> dict[str, object]:
    """Country and zone, as far as they are known; the narrower place counts first."""
    country = country_code(code)
    named = (places.zone(offices=[office]) for office in offices if isinstance(office, str))
    zone = next((zone for zone in named if zone), "") or places.zone(country=country)
    return {name: value for name, value in (("country", country), ("time_zone", zone)) if value}


def _primary(employee: dict[str, Any]) -> object:
    """The primary one of several addresses, else the first."""
    if isinstance(employee["personal_email"], str):
        return employee["personal_email"]
    entries = [entry for entry in leaves(employee, "personal_email") if entry.get("value")]
    entries.sort(key=lambda entry: entry.get("is_primary") is not True)
    return entries[0]["value"] if entries else None


def _start_date(offer: dict[str, Any]) -> object:
    """The start date among the variables of an offer's letter."""
    for entry in leaves(offer, "document_variables"):
        named = entry.get("key") or entry.get("name")
        if isinstance(named, str) and "_".join(named.casefold().split()) == "start_date":
            return day_of(entry.get("value"))
    return None
