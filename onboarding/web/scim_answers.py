"""How do accounts and refusals look in the messages of SCIM (RFC 7644 section 3)?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from onboarding.domain.scim.account import Account
from onboarding.domain.scim.schema import CORE
from onboarding.services.accounts import Page

PREFIX = "/scim/v2"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
UNAUTHORIZED = 401
CHALLENGE = 'Bearer realm="scim"'


class ScimAnswer(JSONResponse):
    """JSON as SCIM names it; Entra reads nothing else (RFC 7644 section 8.1)."""

    media_type = "application/scim+json"

    def render(self, content: Any) -> bytes:
        """ASCII only, so that no text can break an answer."""
        return json.dumps(content, separators=(",", ":")).encode()


def of_scim(request: Request) -> bool:
    """Whether the caller is an identity provider."""
    return request.url.path.startswith("/scim/") or request.url.path == "/scim"


def refuse(status: int, sentence: str, scim_type: str = "") -> ScimAnswer:
    """A refusal; RFC 7644 section 3.12 wants the status as text."""
    told = {"schemas": [ERROR], "status": str(status), "detail": sentence}
    headers = {"WWW-Authenticate": CHALLENGE} if status == UNAUTHORIZED else {}
    return ScimAnswer(told | ({"scimType": scim_type} if scim_type else {}), status_code=status, headers=headers)


def as_user(account: Account, site: str) -> dict[str, Any]:
    """An account as a resource of SCIM; `site` is the public address of this site."""
    extensions = [name for name in account.resource if name.lower().startswith("urn:")]
    return {
        "schemas": [CORE, *extensions],
        "id": account.id,
        **account.resource,
        "meta": {
            "resourceType": "User",
            "created": _moment(account.created_at),
            "lastModified": _moment(account.changed_at),
            "location": location(account, site),
            "version": account.tag,
        },
    }


def location(account: Account, site: str) -> str:
    """The address of an account."""
    return f"{site}{PREFIX}/Users/{account.id}"


def one(account: Account, site: str, *, status: int = 200) -> ScimAnswer:
    """The answer that holds one account."""
    headers = {"Location": location(account, site), "ETag": account.tag}
    return ScimAnswer(as_user(account, site), status_code=status, headers=headers)


def page(found: Page, site: str) -> ScimAnswer:
    """The answer that holds some accounts."""
    return listed([as_user(account, site) for account in found.accounts], total=found.total, start=found.start)


def listed(resources: list[dict[str, Any]], *, total: int, start: int = 1) -> ScimAnswer:
    """A ListResponse; Okta wants its numbers as integers."""
    told: Mapping[str, Any] = {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
    return ScimAnswer(told)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
