"""What do Standard Webhooks and the systems for recruiting and pay send? Look-alikes; nobody in them exists."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from onboarding.adapters.sources import (
    AshbySource,
    GreenhouseSource,
    GustoSource,
    StandardSource,
    WorkableSource,
)
from onboarding.adapters.sources.places import Places
from tests.ports.sources.vendor import NOW, Headers, Vendor, hmac_hex

PLACES = Places(offices={"Nairobi Hub": "Africa/Nairobi", "Recife": "America/Recife"})


def base64_secret(letter: str) -> str:
    """A secret of Standard Webhooks."""
    return "whsec_" + base64.b64encode(letter.encode() * 24).decode()


def standard_headers(secret: str, body: bytes, *, sent_at: datetime = NOW, message_id: str = "") -> Headers:
    """The three headers; the id is made of the body where none is given, so that a repetition has the same."""
    name = message_id or f"msg_{hashlib.sha256(body).hexdigest()[:20]}"
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, sent_at, body.decode()),
    }


def greenhouse_headers(secret: str, body: bytes) -> Headers:
    """The header of the signature, and an id that is not signed."""
    return {"signature": f"sha256 {hmac_hex(secret, body)}", "greenhouse-event-id": "9001"}


def ashby_headers(secret: str, body: bytes) -> Headers:
    """The header of the signature."""
    return {"ashby-signature": f"sha256={hmac_hex(secret, body)}"}


def workable_headers(secret: str, body: bytes) -> Headers:
    """The header of the signature."""
    return {"x-workable-signature": hmac_hex(secret, body)}


def gusto_headers(secret: str, body: bytes) -> Headers:
    """The header of the signature."""
    return {"x-gusto-signature": hmac_hex(secret, body)}


CANONICAL: dict[str, Any] = {
    "type": "hire.created",
    "timestamp": "2026-11-30T10:00:00+01:00",
    "data": {
        "id": "n-7",
        "first_name": "Zo\u00eb",
        "last_name": "Quill",
        "personal_email": "zoe@example.org",
        "start_date": "2027-01-04",
        "time_zone": "Europe/Lisbon",
        "interests": ["bread", "tide pools"],
        "working_hours": {"start": "08:00", "end": "16:00"},
        "manager_email": "lead@example.com",
    },
}
CHANGED = {"type": "hire.updated", "data": {"id": "n-7", "team": "Checkout", "job_title": None}}
COLLEAGUE = {
    "type": "person.known",
    "data": {"id": "n-8", "first_name": "Bo", "work_email": "bo@example.com", "time_zone": "Asia/Manila"},
}
STANDARD = Vendor(
    make=StandardSource,
    secrets=(base64_secret("n"), base64_secret("o"), base64_secret("w")),
    sign=standard_headers,
    signature="webhook-signature",
    prefix="v1,",
    messages=(CANONICAL, CHANGED, COLLEAGUE, {"type": "hire.withdrawn", "data": {"id": "n-7"}}),
    ignored={"type": "invoice.paid", "data": {"id": "i-1"}},
)

HIRED: dict[str, Any] = {
    "action": "hire_candidate",
    "organization_name": "a root key that no manual names",
    "payload": {
        "application": {
            "id": 7001,
            "opening": {"custom_fields": []},
            "candidate": {
                "id": 88,
                "first_name": "Wanjiru",
                "last_name": "Kamau",
                "email_addresses": [
                    {"value": "w.kamau@former-employer.example.com", "type": "work"},
                    {"value": "wanjiru@example.org", "type": "personal"},
                ],
                "phone_numbers": [{"value": "555-0100", "type": "mobile"}],
                "custom_fields": {
                    "preferred_name": {"name": "Preferred Name", "type": "short_text", "value": "Ciru"}
                },
            },
            "job": {"name": "A deprecated copy", "offices": [{"name": "Lisboa"}]},
            "jobs": [
                {
                    "name": "Support Engineer",
                    "departments": [{"name": "Care"}, {"name": "Engineering"}],
                    "offices": [{"name": "Nairobi Hub", "location": "Nairobi, Kenya"}],
                    "custom_fields": {"salary_range": {"type": "currency_range", "value": {"min_value": "1"}}},
                }
            ],
            "custom_fields": [],
            "offer": {
                "id": 5,
                "version": 2,
                "starts_at": "2027-01-04",
                "custom_fields": {
                    "country": {"name": "Country", "type": "short_text", "value": "KE"},
                    "manager": {
                        "name": "Manager",
                        "type": "user",
                        "value": {"id": 9, "name": "Achieng Example", "email": "achieng@example.com"},
                    },
                    "salary": {"type": "currency", "value": {"amount": 1, "unit": "KES"}},
                },
            },
        }
    },
}


def greenhouse_offer(action: str = "offer_created", **more: object) -> dict[str, Any]:
    """A version of an offer, as flat as Greenhouse writes most of them."""
    flat = {"id": 6, "application_id": 7001, "version": 3, "start_date": "02/01/2027", "offer_status": "Created"}
    return {"action": action, "payload": {**flat, **more}}


GREENHOUSE = Vendor(
    make=lambda secrets: GreenhouseSource(secrets, PLACES),
    secrets=("new-secret-of-ours", "old-secret-of-ours", "another-secret-altogether"),
    sign=greenhouse_headers,
    signature="signature",
    prefix="sha256 ",
    messages=(
        HIRED,
        greenhouse_offer(),
        {"action": "offer_updated", "payload": {"offer": greenhouse_offer()["payload"]}},
        greenhouse_offer("offer_deleted"),
        {"action": "unhire_candidate", "payload": {"application": {"id": 7001, "status": "active"}}},
    ),
    ignored={"action": "candidate_stage_change", "payload": {"application": {"id": 7001}}},
)

ASHBY_OFFER: dict[str, Any] = {
    "id": "0ffe0000-0000-4000-8000-000000000001",
    "applicationId": "a0000000-0000-4000-8000-000000000001",
    "acceptanceStatus": "Accepted",
    "latestVersion": {
        "startDate": "2027-01-04",
        "createdAt": "2026-11-20T09:00:00.000Z",
        "salary": {"currencyCode": "BRL", "value": 1},
        "customFields": [
            {"id": "c1", "title": "Time Zone", "value": "America/Recife"},
            {"id": "c2", "title": "Signing bonus", "value": 12345},
        ],
    },
}
ASHBY_HIRED: dict[str, Any] = {
    "action": "candidateHire",
    "webhookActionId": "f0000000-0000-4000-8000-000000000001",
    "data": {
        "application": {
            "id": "a0000000-0000-4000-8000-000000000001",
            "status": "Hired",
            "customFields": [{"id": "c3", "title": "Country", "value": "BR"}],
            "candidate": {
                "id": "ca000000-0000-4000-8000-000000000001",
                "name": "Iara Monte Verde",
                "primaryEmailAddress": {"value": "iara@example.org", "type": "Work", "isPrimary": True},
                "primaryPhoneNumber": {"value": "555-0101"},
            },
            "job": {"id": "j1", "title": "Analyst", "locationId": "loc-1", "departmentId": "dep-1"},
            "hiringTeam": [],
        },
        "offer": ASHBY_OFFER,
    },
}


def ashby_offer(action: str = "offerUpdate", **more: object) -> dict[str, Any]:
    """An offer that changed."""
    return {
        "action": action,
        "webhookActionId": "f0000000-0000-4000-8000-000000000002",
        "data": {"offer": {**ASHBY_OFFER, **more}},
    }


ASHBY = Vendor(
    make=AshbySource,
    secrets=("new-secret-of-ours", "old-secret-of-ours", "another-secret-altogether"),
    sign=ashby_headers,
    signature="ashby-signature",
    prefix="sha256=",
    messages=(ASHBY_HIRED, ashby_offer(), ashby_offer("offerCreate"), ashby_offer("offerDelete")),
    ignored={"action": "jobCreate", "webhookActionId": "f0000000-0000-4000-8000-000000000003", "data": {}},
)


def workable(told: str, number: str = "5b7", **more: object) -> dict[str, Any]:
    """A message about an employee or a candidate."""
    return {
        "event_type": told,
        "id": number,
        "resource_type": told.partition("_")[0],
        "fired_at": "2026-11-30T14:01:06.217Z",
        "data": {"id": number, **more},
    }


WORKABLE_DRAFT = workable(
    "employee_created",
    status="status_draft",
    firstname="Tane",
    lastname="Ngata",
    job_title="Electrician",
    department="4d3",
    start_date="2027-01-04T00:00:00.000Z",
    phone_group=[{"value": {"phone": "555-0102"}, "row_id": "1", "is_primary": True}],
    personal_email=[
        {"value": "old@example.org", "row_id": "2", "is_primary": False},
        {"value": "tane@example.org", "row_id": "3", "is_primary": True},
    ],
    address={"city": "Recife", "state_code": "PE", "country_code": "BR", "street_name": "Rua Exemplo"},
    reports_to="19a",
)
WORKABLE = Vendor(
    make=lambda secrets: WorkableSource(secrets, places=PLACES),
    secrets=("token-of-the-account", "old-token-of-the-account", "token-of-somebody-else"),
    sign=workable_headers,
    signature="x-workable-signature",
    messages=(
        WORKABLE_DRAFT,
        workable("employee_updated", start_date="2027-02-01T00:00:00.000Z", country={"value": "KE"}),
        workable("employee_updated", status="status_terminated"),
        workable("employee_published"),
        workable("candidate_moved", number="2c9", stage_kind="hired", hired_at="2026-11-30T14:00:00Z"),
    ),
    ignored=workable("timeoff_updated"),
)


def gusto(told: str = "employee.terminated_effective", **more: object) -> dict[str, Any]:
    """A message about an employee, thin as all of Gusto's."""
    return {
        "uuid": "e0000000-0000-4000-8000-000000000001",
        "event_type": told,
        "resource_type": "Company",
        "resource_uuid": "c0000000-0000-4000-8000-000000000001",
        "entity_type": "Employee",
        "entity_uuid": "b0000000-0000-4000-8000-000000000001",
        "timestamp": 1796050000,
        **more,
    }


GUSTO = Vendor(
    make=GustoSource,
    secrets=("verification-token-1", "verification-token-0", "verification-token-x"),
    sign=gusto_headers,
    signature="x-gusto-signature",
    messages=(gusto(), gusto("employee.deleted"), gusto("employee.created"), gusto("employee.terminated")),
    ignored=gusto("company.provisioned", uuid="e0000000-0000-4000-8000-000000000002"),
)

VENDORS = {
    "standard": STANDARD,
    "greenhouse": GREENHOUSE,
    "ashby": ASHBY,
    "workable": WORKABLE,
    "gusto": GUSTO,
}
