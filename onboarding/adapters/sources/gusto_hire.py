"""Which facts of a newcomer stand in an employee of Gusto? An allow-list: pay and birthday are never read."""

from __future__ import annotations

from datetime import date
from typing import Any

from onboarding.adapters.sources.bodies import leaves
from onboarding.adapters.sources.facts import day_of
from onboarding.adapters.sources.places import Places, country_code
from onboarding.domain import values

SAME = {
    "first_name": "first_name",
    "last_name": "last_name",
    "preferred_first_name": "preferred_name",
    "work_email": "work_email",
    "email": "personal_email",
    "department": "department",
}
"""Fields of an employee that at most have another name here."""


def employee_record(employee: dict[str, Any], address: dict[str, Any], places: Places) -> dict[str, object]:
    """The canonical record without `id`; what is not known is left out."""
    jobs = leaves(employee, "jobs")
    job: dict[str, Any] = next((one for one in jobs if one.get("primary") is True), next(iter(jobs), {}))
    city, state = address.get("city"), address.get("state")
    country = country_code(address.get("country"))
    found: dict[str, object] = {ours: employee.get(theirs) for theirs, ours in SAME.items()}
    found |= {
        "start_date": day_of(job.get("hire_date")),
        "job_title": job.get("title"),
        "location": city,
        "country": country,
        # Gusto's states are those of the United States, whose postal codes ISO 3166-2:US shares.
        "subdivision": state if country == "US" else None,
        "time_zone": _zone(places, city, state, country),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def work_address(answer: object) -> dict[str, Any]:
    """The address at which somebody works now, else the first that is still to come; empty when there is none."""
    entries = leaves({"addresses": answer}, "addresses")
    entries.sort(key=lambda entry: (entry.get("active") is not True, str(entry.get("effective_date"))))
    return next(iter(entries), {})


def ended_before(employee: dict[str, Any], today: date) -> bool:
    """Whether the newest termination is effective, or its last day lies before today."""
    entries = leaves(employee, "terminations")
    entries.sort(key=lambda entry: str(entry.get("effective_date")))
    if not entries:
        return False
    day = day_in(entries[-1], "effective_date")
    return entries[-1].get("active") is True or (day is not None and day < today)


def day_in(tree: dict[str, Any], name: str) -> date | None:
    """A day in an answer; None when there is none that fits."""
    try:
        return values.day(day_of(tree.get(name)))
    except ValueError:
        return None


def _zone(places: Places, city: object, state: object, country: str) -> str:
    """The zone of the narrowest place that the company named."""
    named = [name for name in (f"{city}, {state}", city, state) if isinstance(name, str)]
    zones = (places.zone(offices=[name]) for name in named)
    return next((zone for zone in zones if zone), "") or places.zone(country=country)
