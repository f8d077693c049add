"""What does an identity provider learn of what we can do (RFC 7644 section 4)?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from onboarding.domain.errors import NotFound
from onboarding.domain.scim.schema import Attribute, Schema, Shape
from onboarding.services.accounts import MOST_FOUND
from onboarding.web.scim import Admitted
from onboarding.web.scim_answers import PREFIX, ScimAnswer, listed
from onboarding.web.site import Site

CONFIGURATION = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"

router = APIRouter(prefix=PREFIX)


@router.get("/ServiceProviderConfig")
def show_configuration(site: Admitted) -> Response:
    """What of SCIM we can do."""
    cannot = {"supported": False}
    told = {
        "schemas": [CONFIGURATION],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST_FOUND},
        "changePassword": cannot,
        "sort": cannot,
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token of ONBOARDING_SCIM_TOKENS in the Authorization header",
                "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": _at(site, "ServiceProviderConfig")},
    }
    return ScimAnswer(told)


@router.get("/ResourceTypes")
def list_resource_types(site: Admitted) -> Response:
    """There are users, and nothing else."""
    return listed([_users(site)], total=1)


@router.get("/ResourceTypes/{name}")
def show_resource_type(name: str, site: Admitted) -> Response:
    """One kind of resource."""
    if name != "User":
        raise NotFound("there is no such resource type")
    return ScimAnswer(_users(site))


@router.get("/Schemas")
def list_schemas(site: Admitted) -> Response:
    """Every attribute that is kept."""
    schemas = [_schema(site, schema) for schema in _shape(site).schemas]
    return listed(schemas, total=len(schemas))


@router.get("/Schemas/{urn}")
def show_schema(urn: str, site: Admitted) -> Response:
    """The attributes of one schema."""
    schema = _shape(site).schema(urn)
    if schema is None:
        raise NotFound("there is no such schema")
    return ScimAnswer(_schema(site, schema))


def _shape(site: Site) -> Shape:
    if site.engine.scim is None:
        raise NotFound("SCIM is not set up")
    return site.engine.scim.shape


def _at(site: Site, path: str) -> str:
    return f"{site.engine.company.public_url}{PREFIX}/{path}"


def _users(site: Site) -> dict[str, Any]:
    core, *extensions = _shape(site).schemas
    return {
        "schemas": [RESOURCE_TYPE],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "Accounts of people",
        "schema": core.urn,
        "schemaExtensions": [{"schema": each.urn, "required": False} for each in extensions],
        "meta": {"resourceType": "ResourceType", "location": _at(site, "ResourceTypes/User")},
    }


def _schema(site: Site, schema: Schema) -> dict[str, Any]:
    return {
        "schemas": [SCHEMA],
        "id": schema.urn,
        "name": schema.name,
        "description": "The attributes that are kept; all others are dropped when they come",
        "attributes": [_attribute(each) for each in schema.attributes],
        "meta": {"resourceType": "Schema", "location": _at(site, f"Schemas/{schema.urn}")},
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": attribute.name,
        "type": attribute.kind.value,
        "multiValued": attribute.many,
        "description": "",
        "required": attribute.required,
        "caseExact": attribute.exact,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "server" if attribute.required else "none",
    }
    if attribute.inside:
        told["subAttributes"] = [_attribute(each) for each in attribute.inside]
    return told
