"""How does Gusto sign, how is a subscription confirmed, and what do its employees mean?

Rules: docs.gusto.com, "Webhooks" and "Employee events". The first message of a subscription is a verification
token without a signature; every later one is signed with that token over the raw bytes, and no time. Messages are
thin: who it is about is asked for.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from onboarding.adapters.sources.accounts import PLACE, read_account
from onboarding.adapters.sources.bodies import allow, branch, digest, keep_json, read_json
from onboarding.adapters.sources.facts import fact, without_zone
from onboarding.adapters.sources.gusto_hire import (
    day_in,
    employee_record,
    ended_before,
    work_address,
)
from onboarding.adapters.sources.http import Auth, Vendor, bearer, segment
from onboarding.adapters.sources.places import NOWHERE, Places
from onboarding.adapters.sources.signatures import Signature
from onboarding.domain.errors import BadRecord, BadSettings, NotFound
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit

SIGNATURE = Signature(header="x-gusto-signature")
URL = "https://api.gusto.com"
VERSION = "2024-04-01"
"""The dated version of Gusto's interface that `gusto_hire` reads; `version` of the account names another."""
TOKEN = "verification_token"  # noqa: S105 -- the name of a field, not a secret
KEPT = allow(
    [
        TOKEN,
        *("uuid", "event_type", "resource_type", "resource_uuid", "entity_type", "entity_uuid", "timestamp"),
    ]
)
STANDS = frozenset(
    {
        *("created", "updated", "onboarded", "marked_for_self_onboarding", "self_onboarding_completed"),
        *("termination_cancelled", "rehired", "rehire_effective"),
    }
)
"""Events after which we look how somebody stands now."""
ENDED = frozenset({"terminated_effective", "rehire_cancelled", "deleted"})
"""Events that end it by themselves. `terminated` only announces an end; its date may lie far ahead."""
NEW_TOKEN = (
    "Gusto sends the verification token of a subscription: put the one that this event holds into "  # noqa: S105 -- a sentence
    "ONBOARDING_WEBHOOK_SECRETS under gusto, start again, and run `onboarding source verify gusto SUBSCRIPTION_ID`"
)
NO_ACCOUNT = f"Gusto's messages hold an id and no more: give gusto an access_token in {PLACE}"
GONE = "Gusto does not know whom this message is about"
NO_ZONE = (
    "time_zone is missing: Gusto sends none, so name the zone of the work address in ONBOARDING_OFFICE_ZONES, by "
    "its city and state (`Denver, CO`), its city, or its state"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class GustoSource:
    """Gusto; several secrets = several subscriptions or rotation.

    The account has `access_token` (OAuth, of the company) to ask for employees, `api_token` (of the organisation)
    to confirm subscriptions, and may name the `version` of the interface.
    """

    name = "gusto"
    lag = timedelta(0)
    needs_path = True
    """The first message is not signed, so it must come to a path that only Gusto was told."""

    def __init__(
        self, secrets: Sequence[str], account: Mapping[str, str] | None = None, places: Places = NOWHERE
    ) -> None:
        """Raises BadSettings when the account lacks a key or has one that is not known."""
        self._secrets = tuple(secrets)
        self._places = places
        self._employees: Vendor | None = None
        self._subscriptions: Vendor | None = None
        if account:
            needs = () if account.get("api_token") else ("access_token",)
            keys = read_account(self.name, account, needs=needs, may=("access_token", "api_token", "version"))
            url, dated = keys.get("url", URL), {"X-Gusto-API-Version": keys.get("version", VERSION)}
            if "access_token" in keys:
                self._employees = Vendor("Gusto", url, auth=bearer(keys["access_token"]), headers=dated)
            if "api_token" in keys:
                shown = {"Authorization": f"Token {keys['api_token']}"}
                self._subscriptions = Vendor("Gusto", url, auth=Auth(), headers=dated | shown)

    def greet(self, headers: Mapping[str, str], body: bytes) -> Greeting | None:  # noqa: ARG002 -- any answer will do
        """None: the verification token is recorded, for a human to confirm."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
        """Check the signature over the raw bytes; return the event's `uuid`.

        A verification token alone passes without a signature: it is what signatures are made with later, and it
        has no effect before a human puts it into the settings.

        Raises:
            BadSignature: when the header is missing, malformed or does not match.
        """
        tree = _tree(body)
        if SIGNATURE.header not in headers and isinstance(tree, dict) and set(tree) == {TOKEN} and _token(tree):
            return digest(self.name, body)
        SIGNATURE.check(self._secrets, headers, body, now)
        uuid = branch(tree).get("uuid")
        return uuid if isinstance(uuid, str) and _UUID.fullmatch(uuid) else digest(self.name, body)

    def keep(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 -- the body says it all
        """Ids and times; a verification token as it is, because a human must be able to read it."""
        return keep_json(body, KEPT)

    def understand(self, event: Event, now: datetime) -> Understood:
        """Employees; everything else is not for us.

        Raises:
            BadRecord: when it cannot be understood.
            Unavailable: Gusto was asked and does not answer.
        """
        tree = branch(read_json(event.body))
        if _token(tree):
            known = any(hmac.compare_digest(_token(tree).encode(), secret.encode()) for secret in self._secrets)
            return "the verification token is in use" if known else [Unfit(mistakes=(NEW_TOKEN,))]
        told = tree.get("event_type")
        if not isinstance(told, str):
            raise BadRecord("event_type is missing")
        family, _, happened = told.partition(".")
        if family != "employee" or happened not in STANDS | ENDED | {"terminated"}:
            return "an event that is not about how an employee stands"
        number = segment(tree.get("entity_uuid"), "entity_uuid")
        if happened in ENDED:
            return [self._fact(number, Told.WITHDRAWN, {}, _moment(tree, event))]
        return self._asked(number, now, ends=happened == "terminated")

    def confirm(self, subscription_id: str, token: str) -> None:
        """Tell Gusto that we have the token of a subscription: from then on it sends events.

        Raises:
            BadSettings: the account has no `api_token`.
            NotFound: Gusto knows no such subscription.
            Unavailable: Gusto does not answer, or refuses the token.
        """
        if self._subscriptions is None:
            raise BadSettings([f"{PLACE}: gusto needs the key api_token, to confirm a subscription"])
        path = f"/v1/webhook_subscriptions/{segment(subscription_id, 'the id of the subscription')}/verify"
        if self._subscriptions.put(path, {TOKEN: token}) is None:
            raise NotFound("Gusto knows no such subscription")

    def _asked(self, number: str, now: datetime, *, ends: bool) -> Understood:
        """How an employee stands now. A termination that is only announced says nothing: another event ends it."""
        if self._employees is None:
            return [Unfit(mistakes=(NO_ACCOUNT,), external_id=number)]
        path = f"/v1/employees/{number}"
        employee = branch(self._employees.get(path))
        if not employee:
            return [Unfit(mistakes=(GONE,), external_id=number)]
        back = self._rehire(path, now) if employee.get("terminated") is True else None
        if employee.get("terminated") is True and back is None:
            return [self._fact(number, Told.WITHDRAWN, {}, now)]
        if ends and ended_before(employee, now.date()):
            return [self._fact(number, Told.WITHDRAWN, {}, now)]
        if ends:
            return "a termination that is announced and not effective yet"
        addresses = self._employees.get(f"{path}/work_addresses", may_refuse=True)
        record = employee_record(employee, work_address(addresses), self._places)
        manager = employee.get("manager_uuid")
        known = record | ({"start_date": back} if back else {})
        return [self._fact(number, Told.KNOWN, known, now, manager=manager if isinstance(manager, str) else "")]

    def _rehire(self, path: str, now: datetime) -> str | None:
        """The day on which somebody who left comes back; None when nobody expects them.

        Until that day Gusto still calls them terminated. A day ends later than in UTC somewhere: yesterday counts.
        """
        answer = self._employees.get(f"{path}/rehire", may_refuse=True) if self._employees else None
        day = day_in(branch(answer), "effective_date")
        return day.isoformat() if day and day >= (now - timedelta(days=1)).date() else None

    def _fact(
        self, number: str, told: Told, record: Mapping[str, object], at: datetime, *, manager: str = ""
    ) -> Fact:
        try:
            return fact(self.name, number, told, record, at, manager=manager)
        except BadRecord as error:
            raise without_zone(error, NO_ZONE) from error


def _tree(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _token(tree: dict[str, Any]) -> str:
    found = tree.get(TOKEN)
    return found if isinstance(found, str) and re.fullmatch(r"[!-~]{8,200}", found) else ""


def _moment(tree: dict[str, Any], event: Event) -> datetime:
    """When it happened, from Unix seconds; a clock that is ahead must not make later news look old."""
    seconds = tree.get("timestamp")
    if (
        not isinstance(seconds, int)
        or isinstance(seconds, bool)
        or not 0 < seconds < event.received_at.timestamp()
    ):
        return event.received_at
    return datetime.fromtimestamp(seconds, UTC)
