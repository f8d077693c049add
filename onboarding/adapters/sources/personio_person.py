"""What does Personio say of its people when it is asked? An allow-list: the rest is never looked at.

Rules: developer.personio.de/reference, get_v2-persons-id, get_v2-persons-person-id-employments, getorgunit and
post_v2-auth-token. A person is who somebody is; an employment is when, where and for whom they work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.accounts import PLACE, read_account
from onboarding.adapters.sources.bodies import branch, leaves
from onboarding.adapters.sources.facts import day_of
from onboarding.adapters.sources.http import Vendor, client_credentials, segment
from onboarding.adapters.sources.places import Places, country_code
from onboarding.adapters.sources.standing import Standing, name_of, stands, text_of
from onboarding.domain.errors import BadRecord, Unavailable
from onboarding.domain.events import Fact

NAME = "personio"
BASE_URL = "https://api.personio.de"
MOST_EMPLOYMENTS = 50
"""What one page holds at most; the newest stand first."""
ATTRIBUTES = ("time_zone", "country", "subdivision", "language", "personal_email", "location")
"""Custom attributes that are read, by their global id or their label (`Time zone` is `time_zone`)."""
HINTS = {
    "time_zone": (
        "give persons a custom attribute with the label Time zone, or name the zone of the office's id in "
        "ONBOARDING_OFFICE_ZONES; Personio's second interface tells no name of an office"
    ),
    "first_name": f"let the API credentials named in {PLACE} read the attributes of persons",
}


class PersonioPeople:
    """Personio's people, as they stand now. Safe to use from several threads.

    `account` holds `client_id` and `client_secret` of API credentials that may read persons, employments and
    organisation units.
    """

    def __init__(self, account: Mapping[str, str], places: Places) -> None:
        found = read_account(NAME, account, ("client_id", "client_secret"), ("signature_header",))
        self._places = places
        auth = client_credentials("/v2/auth/token", found["client_id"], found["client_secret"])
        self._vendor = Vendor("Personio", found.get("url") or BASE_URL, auth=auth)

    def close(self) -> None:
        """Give connections back."""
        self._vendor.close()

    def person(self, external_id: str) -> dict[str, Any] | None:
        """One person; None when Personio knows none of that id."""
        answer = self._vendor.get(f"/v2/persons/{segment(external_id, 'payload.id')}")
        if answer is not None and not isinstance(answer, dict):
            raise Unavailable("Personio answers with something that is no person")
        return answer

    def employments(self, external_id: str) -> list[dict[str, Any]]:
        """The employments of a person, the newest first."""
        path = f"/v2/persons/{segment(external_id, 'payload.id')}/employments"
        answer = self._vendor.get(path, {"limit": MOST_EMPLOYMENTS})
        if answer is None:
            return []
        if not isinstance(answer, dict) or not isinstance(answer.get("_data"), list):
            raise Unavailable("Personio answers with something that is no list of employments")
        return leaves(answer, "_data")

    def fact(
        self,
        external_id: str,
        person: dict[str, Any],
        employments: list[dict[str, Any]],
        now: datetime,
        *,
        ends: bool,
    ) -> Fact:
        """How a person with employments stands; `ends` says that one of them ended today.

        Raises:
            BadRecord: with one sentence for each field that does not fit.
        """
        today = now + timedelta(days=1) if ends else now
        going = [each for each in employments if not _over(each, today)]
        if not going:
            return stands(NAME, external_id, Standing(gone=True), now, self._places, hints=HINTS)
        units = {kind: self._unit(going[0], kind) for kind in ("department", "team")}
        shown = standing(person, going[0], units)
        return stands(NAME, external_id, shown, now, self._places, hints=HINTS)

    def _unit(self, employment: dict[str, Any], kind: str) -> str:
        """The name of the department or team; "" without one, or where our credentials may not see it."""
        ids = [name_of(unit.get("id")) for unit in leaves(employment, "org_units") if unit.get("type") == kind]
        if not ids or not re.fullmatch(r"[0-9]{1,20}", ids[0]):
            return ""
        answer = self._vendor.get(f"/v2/org-units/{ids[0]}", {"type": kind}, may_refuse=True)
        return text_of(answer.get("name")) if isinstance(answer, dict) else ""


def standing(person: dict[str, Any], employment: dict[str, Any], units: Mapping[str, str]) -> Standing:
    """What a person and the employment that counts mean; `units` are the names of department and team."""
    custom = _custom(person)
    location = custom.get("location", "")
    record = {
        **custom,
        "country": country_code(custom.get("country", "")),
        "language": custom.get("language") or person.get("language_code"),
        "first_name": person.get("first_name"),
        "last_name": person.get("last_name"),
        "preferred_name": person.get("preferred_name"),
        "work_email": person.get("email"),
        "start_date": day_of(employment.get("employment_start_date")),
        "job_title": branch(employment, "position").get("title"),
        "department": units.get("department"),
        "team": units.get("team"),
    }
    office = name_of(branch(employment, "office").get("id"))
    return Standing(
        record=record,
        offices=tuple(each for each in (office, location) if each),
        manager=name_of(branch(employment, "supervisor").get("id")),
    )


def _over(employment: dict[str, Any], today: datetime) -> bool:
    """Whether it has ended: by its status, or by a last day that lies before `today` (UTC)."""
    if text_of(employment.get("status")).upper() == "INACTIVE":
        return True
    last = day_of(employment.get("employment_end_date"))
    return isinstance(last, str) and bool(last) and last < today.date().isoformat()


def _custom(person: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in leaves(person, "custom_attributes"):
        value = text_of(entry.get("value"))
        for key in (entry.get("global_id"), entry.get("label")):
            name = re.sub(r"[\s-]+", "_", text_of(key).casefold())
            if value and name in ATTRIBUTES:
                found.setdefault(name, value)
    return found


def exists(person: dict[str, Any] | None, place: str) -> dict[str, Any]:
    """The person, where only somebody who exists can be meant.

    Raises:
        BadRecord: Personio shows nobody of that id (a wrong setting could say so of everybody).
    """
    if person is None:
        raise BadRecord(f"Personio shows our credentials nobody with that {place}")
    return person
