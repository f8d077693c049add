"""Which facts of a newcomer stand in an application and an offer of Ashby? An allow-list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onboarding.adapters.sources.bodies import NOT_KEPT, branch, leaves
from onboarding.adapters.sources.facts import day_of

CUSTOM_FIELDS = (
    *("time_zone", "country", "subdivision", "language", "preferred_name", "work_email", "team", "manager_email"),
)
"""Custom fields that are read, by their title in lower case with underscores: `Time zone` is time_zone."""
_HOLDERS = ("application.customFields", "application.candidate.customFields", "offer.latestVersion.customFields")
KEPT_FIELDS = (
    *("application.id", "application.updatedAt", "application.candidate.name"),
    "application.candidate.primaryEmailAddress.value",
    *(f"application.job.{name}" for name in ("title", "locationId", "departmentId")),
    *(f"offer.{name}" for name in ("id", "applicationId", "acceptanceStatus")),
    *("offer.latestVersion.startDate", "offer.latestVersion.createdAt"),
    *(f"{holder}.{part}" for holder in _HOLDERS for part in ("title", "value")),
)
"""What of `data` is kept, as paths. Of custom fields only those that `only_known` lets pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The canonical record without `id`, as far as the message tells; department and location are ids."""

    record: dict[str, object] = field(default_factory=dict)
    department_id: object = None
    location_id: object = None


def hire_record(application: dict[str, Any], offer: dict[str, Any], custom: Mapping[str, object]) -> Found:
    """What is known of a newcomer.

    The address is where the candidate can be reached: it is never taken as the work address at ours, which Ashby
    does not know unless a custom field gives it.
    """
    candidate, job = branch(application, "candidate"), branch(application, "job")
    first, last = _names(candidate.get("name"))
    found: dict[str, object] = {
        "first_name": first,
        "last_name": last,
        "personal_email": branch(candidate, "primaryEmailAddress").get("value"),
        "start_date": day_of(branch(offer, "latestVersion").get("startDate")),
        "job_title": job.get("title"),
        **custom,
    }
    return Found(
        record={name: value for name, value in found.items() if value not in (None, "")},
        department_id=job.get("departmentId"),
        location_id=job.get("locationId"),
    )


def custom_fields(application: dict[str, Any], offer: dict[str, Any]) -> dict[str, object]:
    """Custom fields by our names; the offer's count before the application's, and those before the candidate's."""
    found: dict[str, object] = {}
    for holder in (branch(offer, "latestVersion"), application, branch(application, "candidate")):
        for entry in leaves(holder, "customFields"):
            name, value = _key(entry), entry.get("value")
            if name in CUSTOM_FIELDS and value not in (None, "", []):
                found.setdefault(name, value)
    return found


def only_known(kept: str) -> str:
    """A kept body without the custom fields that we do not read: a salary is one of them in many companies."""
    if kept.startswith(NOT_KEPT):
        return kept
    return json.dumps(json.loads(kept, object_hook=_without_unknown), separators=(",", ":"))


def _without_unknown(tree: dict[str, Any]) -> dict[str, Any]:
    """Any object of a body, wherever it stands, with its custom fields sifted."""
    if "customFields" in tree:
        tree["customFields"] = [entry for entry in leaves(tree, "customFields") if _key(entry) in CUSTOM_FIELDS]
    return tree


def _key(entry: dict[str, Any]) -> str:
    title = entry.get("title")
    return "_".join(title.casefold().replace("-", " ").split()) if isinstance(title, str) else ""


def _names(name: object) -> tuple[object, object]:
    """Ashby has one name only: the first word is the given name; `Preferred name` says it where that is wrong."""
    if not isinstance(name, str):
        return name, None
    first, _, last = name.strip().partition(" ")
    return first, last.strip()
