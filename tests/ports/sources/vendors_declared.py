"""Two declared systems for the contract that every source keeps: one signs, one shows a token."""

from __future__ import annotations

import hashlib
import hmac

from onboarding.adapters.sources.declared.file import read_sources
from onboarding.adapters.sources.declared.source import DeclaredSource
from tests.ports.sources.vendor import Headers, Vendor

SOURCES = read_sources(
    """
[acme_signs.authentication]
kind = "signature"
header = "X-Acme-Signature"
prefix = "sha256 "

[acme_signs.event]
name = "type"
created = "hire.created"
external_id = "person.id"
delivery_id = "header:X-Acme-Delivery"

[acme_signs.person]
first_name = "person.first"
work_email = "person.mail"
start_date = "person.start"
time_zone = "person.zone"

[acme_shows]
authentication = { kind = "bearer" }

[acme_shows.event]
otherwise = "known"
external_id = "id"
delivery_id = "header:X-Acme-Delivery"

[acme_shows.person]
full_name = "name"
work_email = "mail"
time_zone = "zone"
"""
)


def _signed(secret: str, body: bytes) -> Headers:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-acme-signature": f"sha256 {digest}", "x-acme-delivery": "d-9001"}


def _shown(secret: str, body: bytes) -> Headers:
    return {"authorization": f"Bearer {secret}", "x-acme-delivery": "d-9001"}


SOMEBODY = {
    "id": "n-7",
    "first": "Amihan",
    "mail": "amihan@example.com",
    "start": "2027-01-04",
    "zone": "Asia/Manila",
}

VENDORS = {
    "declared, signs": Vendor(
        make=lambda secrets: DeclaredSource("acme_signs", SOURCES["acme_signs"], secrets),
        secrets=("new-secret-of-ours", "old-secret-of-ours", "another-secret-altogether"),
        sign=_signed,
        signature="x-acme-signature",
        prefix="sha256 ",
        own_form=True,
        messages=({"type": "hire.created", "person": SOMEBODY},),
        ignored={"type": "payroll.closed"},
    ),
    "declared, shows a token": Vendor(
        make=lambda secrets: DeclaredSource("acme_shows", SOURCES["acme_shows"], secrets),
        secrets=("new-token-of-ours", "old-token-of-ours", "another-token-altogether"),
        sign=_shown,
        signature="authorization",
        signs_body=False,
        own_form=True,
        messages=({"id": "n-7", "name": "Amihan Quill", "mail": "amihan@example.com", "zone": "Asia/Manila"},),
    ),
}
