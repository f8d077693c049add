"""How does Workable sign, and what do its candidates and employees mean?

Rules: workable.readme.io/reference, "Webhook Subscriptions" and "Employee Events". Workable signs the raw bytes
and no time, with the token of the account or the secret of the OAuth application. A message shows how things stand
when it is sent, not when it happened: what a repetition says may be newer than its `fired_at`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onboarding.adapters.sources.accounts import PLACE, read_account
from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, leaves, read_json
from onboarding.adapters.sources.facts import fact, without_zone
from onboarding.adapters.sources.http import Vendor, bearer, segment
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature
from onboarding.adapters.sources.workable_hire import (
    KEPT_FIELDS,
    candidate_record,
    employee_record,
    has_left,
    is_hired,
    reports_to,
)
from onboarding.domain import values
from onboarding.domain.errors import BadRecord, BadSettings
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit

SIGNATURE = Signature(header="x-workable-signature")
KEPT = allow(["event_type", "id", "resource_type", "fired_at", *(f"data.{path}" for path in KEPT_FIELDS)])
NO_ZONE = (
    "time_zone is missing: Workable sends none, so name the zone of the city or state of the address in "
    "ONBOARDING_OFFICE_ZONES"
)
_MEND = f"give workable a subdomain and a token in {PLACE}"
THIN_HIRE = f"Workable's message of a hire holds no start date: {_MEND}, or subscribe to its employee events"
THIN_EMPLOYEE = f"Workable's message of a published employee holds an id and no more: {_MEND}"
GONE = "Workable does not know whom this message is about"


class WorkableSource:
    """Workable; several secrets = rotation. With an account (`subdomain`, `token`) it is asked for what lacks.

    An account token may also need `member`, the id of a member who may see employees.
    """

    name = "workable"
    lag = timedelta(0)
    needs_path = False

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        """Raises BadSettings when the account lacks a key or has one that is not known."""
        self._secrets = tuple(secrets)
        self._places = places
        self._vendor: Vendor | None = None
        self._member: dict[str, str] = {}
        if account:
            needs = ("token",) if account.get("url") else ("subdomain", "token")
            keys = read_account(self.name, account, needs=needs, may=("subdomain", "member"))
            self._vendor = Vendor("Workable", keys.get("url") or _address(keys), auth=bearer(keys["token"]))
            self._member = {"member_id": keys["member"]} if "member" in keys else {}

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- no handshake
        """None: Workable has no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes; return a digest of what names the event.

        `id` names the employee, not the event, and a repetition may show a newer state: so `event_type`, `id` and
        `fired_at` together make the name, and the bytes only where one of them is missing.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        SIGNATURE.check(self._secrets, headers, body, now)
        try:
            tree = json.loads(body)
        except (ValueError, RecursionError):
            return digest(self.name, body)
        parts = [branch(tree).get(name) for name in ("event_type", "id", "fired_at")]
        named = all(isinstance(part, str) and part for part in parts)
        return digest(self.name, json.dumps(parts).encode() if named else body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the body says it all
        """The fields that `understand` reads."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Candidates who were hired, and employees; everything else is not for us.

        Raises:
            BadRecord: when it cannot be understood.
            Unavailable: Workable was asked and does not answer.
        """
        tree = read_json(event.body)
        told = tree.get("event_type") if isinstance(tree, dict) else None
        if not isinstance(told, str):
            raise BadRecord("event_type is missing")
        changed = branch(tree, "data")
        number = changed.get("id", branch(tree).get("id"))
        match told:
            case "candidate_moved":
                return self._moved(changed, number, now)
            case "employee_created":
                return self._created(changed, segment(number, "id"), _moment(tree, event), now)
            case "employee_updated":
                return self._updated(changed, segment(number, "id"), _moment(tree, event))
            case "employee_published":
                return self._published(segment(number, "id"), now)
            case _:
                return "an event that is neither a hire nor an employee"

    def _moved(self, candidate: dict[str, Any], number: object, now: datetime) -> Understood:
        """A hire that is told by the candidate's stage; the offer knows the start date."""
        if not is_hired(candidate):
            return "a candidate who is not hired"
        path = f"/spi/v3/candidates/{segment(number, 'id')}"
        external_id = f"candidate-{number}"
        if self._vendor is None:
            return [Unfit(mistakes=(THIN_HIRE,), external_id=external_id)]
        found = branch(self._vendor.get(path), "candidate")
        if not found:
            return [Unfit(mistakes=(GONE,), external_id=external_id)]
        if not is_hired(found):
            return "a candidate who is no longer hired"
        record = candidate_record(found, branch(self._vendor.get(f"{path}/offer")), self._places)
        return [self._fact(external_id, Told.CREATED, record, now)]

    def _created(self, draft: dict[str, Any], number: str, at: datetime, now: datetime) -> Understood:
        """A draft with the least of fields: whether a newcomer or a colleague, its start date decides."""
        found = self._employee(number)
        return [self._standing(found, number, now) if found else self._standing(draft, number, at)]

    def _updated(self, changed: dict[str, Any], number: str, at: datetime) -> Understood:
        if has_left(changed):
            return [self._fact(number, Told.WITHDRAWN, {}, at)]
        record = employee_record(changed, self._places)
        record |= self._department(changed)
        manager = reports_to(changed)
        if not record and not manager:
            return "nothing of an employee changed that we keep"
        return [self._fact(number, Told.UPDATED, record, at, manager=manager)]

    def _published(self, number: str, now: datetime) -> Understood:
        if self._vendor is None:
            return [Unfit(mistakes=(THIN_EMPLOYEE,), external_id=number)]
        found = self._employee(number)
        return [self._standing(found, number, now) if found else Unfit(mistakes=(GONE,), external_id=number)]

    def _standing(self, employee: dict[str, Any], number: str, at: datetime) -> Fact:
        if has_left(employee):
            return self._fact(number, Told.WITHDRAWN, {}, at)
        record = employee_record(employee, self._places) | self._department(employee)
        return self._fact(number, Told.KNOWN, record, at, manager=reports_to(employee))

    def _fact(
        self, external_id: str, told: Told, record: Mapping[str, object], at: datetime, *, manager: str = ""
    ) -> Fact:
        try:
            return fact(self.name, external_id, told, record, at, manager=manager)
        except BadRecord as error:
            raise without_zone(error, NO_ZONE) from error

    def _employee(self, number: str) -> dict[str, Any]:
        return branch(self._vendor.get(f"/spi/v3/employees/{number}", self._member)) if self._vendor else {}

    def _department(self, employee: dict[str, Any]) -> dict[str, object]:
        """The name of a department, which comes as an id: nobody is shown an id."""
        number = employee.get("department")
        if self._vendor is None or not isinstance(number, str) or not number:
            return {}
        answer = self._vendor.get("/spi/v3/departments", may_refuse=True)
        listed = leaves({"departments": answer}, "departments") or leaves(branch(answer), "departments")
        names = [entry.get("name") for entry in listed if entry.get("id") == number]
        return {"department": names[0]} if names else {}


def _address(keys: Mapping[str, str]) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", keys["subdomain"]):
        raise BadSettings([f"{PLACE}: the subdomain of workable is what stands before .workable.com"])
    return f"https://{keys['subdomain']}.workable.com"


def _moment(tree: object, event: Event) -> datetime:
    """When it happened; a clock that is ahead must not make later news look old."""
    try:
        return min(values.moment(branch(tree).get("fired_at")), event.received_at)
    except ValueError:
        return event.received_at
