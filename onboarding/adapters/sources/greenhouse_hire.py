"""Which facts of a newcomer stand in an application of Greenhouse? An allow-list: the rest is never looked at."""

from __future__ import annotations

from typing import Any

from onboarding.adapters.sources.bodies import branch, leaves

CUSTOM_FIELDS = ("time_zone", "country", "subdivision", "language", "preferred_name", "work_email", "team")
"""Custom fields that are read, by their key, from the offer, the application or the candidate, in this order."""


_HOLDERS = ("offer.", "", "candidate.")
KEPT_OF_A_HIRE = (
    *("id", "last_activity_at", "candidate.first_name", "candidate.last_name"),
    *("candidate.email_addresses.value", "candidate.email_addresses.type"),
    *("offer.id", "offer.version", "offer.starts_at", "offer.resolved_at"),
    *(f"{job}.{part}" for job in ("job", "jobs") for part in ("name", "departments.name", "offices.name")),
    *(f"{holder}custom_fields.{key}.value" for holder in _HOLDERS for key in CUSTOM_FIELDS),
    *(f"{holder}custom_fields.manager.value.{part}" for holder in _HOLDERS for part in ("", "email")),
)
"""What of an application is kept: what is read below, as paths. A manager is a user, or plain text."""


def hire_record(application: dict[str, Any]) -> tuple[dict[str, object], list[str]]:
    """The canonical record without `id`, and the names of the job's offices.

    An address of type `work` is that of the candidate's present employer: it is never taken as the work address at
    ours, which Greenhouse does not know unless a custom field `work_email` gives it.
    """
    candidate, offer = branch(application, "candidate"), branch(application, "offer")
    job = next(iter(leaves(application, "jobs")), branch(application, "job"))
    offices = _names(job, "offices")
    custom = _custom(offer, application, candidate)
    found: dict[str, object] = {
        "first_name": candidate.get("first_name"),
        "last_name": candidate.get("last_name"),
        "personal_email": _email(candidate),
        "start_date": offer.get("starts_at"),
        "job_title": job.get("name"),
        "department": next(iter(_names(job, "departments")), None),
        "location": next(iter(offices), None),
        "manager_email": _address_of(custom.get("manager")),
        **{key: custom[key] for key in CUSTOM_FIELDS if key in custom},
    }
    return {name: value for name, value in found.items() if value is not None}, offices


def _names(job: dict[str, Any], kind: str) -> list[str]:
    names = [entry.get("name") for entry in leaves(job, kind)]
    return [name for name in names if isinstance(name, str) and name.strip()]


def _email(candidate: dict[str, Any]) -> object:
    """The first private address, else one of another kind: the candidate gave it to be reached there."""
    rank = {"personal": 0, "other": 1}
    entries = [entry for entry in leaves(candidate, "email_addresses") if entry.get("value")]
    entries.sort(key=lambda entry: rank.get(str(entry.get("type")), len(rank)))
    return entries[0]["value"] if entries else None


def _custom(*holders: dict[str, Any]) -> dict[str, Any]:
    """Custom fields by key; `custom_fields` is a list when empty and an object otherwise."""
    found: dict[str, Any] = {}
    for holder in holders:
        for key, entry in branch(holder, "custom_fields").items():
            value = entry.get("value") if isinstance(entry, dict) else None
            if value not in (None, "", []):
                found.setdefault(key, value)
    return found


def _address_of(user: object) -> object:
    """The address of a custom field of type user; plain text is taken as an address."""
    return user.get("email") if isinstance(user, dict) else user
