"""What did the company agree with its identity provider?"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import cache

from onboarding.domain.errors import BadSettings
from onboarding.domain.scim.schema import CORE, SCHEMAS, Attribute, Kind, Schema, Shape

_PLACE = re.compile(
    r"(?:(?P<urn>urn:[A-Za-z0-9][A-Za-z0-9._:-]*):)?(?P<name>[A-Za-z][A-Za-z0-9_-]{0,99})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scim:
    """How an identity provider reaches us, and where it writes what SCIM has no word for.

    Each of `tokens` opens the door: two of them = a change of tokens. `start_date` and `time_zone` name an
    attribute, such as `urn:ietf:params:scim:schemas:extension:acme:2.0:User:startDate`; one without a URN belongs
    to the core schema; "" = there is none.
    """

    tokens: tuple[str, ...] = field(repr=False)
    start_date: str = ""
    time_zone: str = ""

    def __post_init__(self) -> None:
        problems = []
        for name in ("start_date", "time_zone"):
            place = getattr(self, name)
            if place and not _can_hold_text(place):
                problems.append(
                    f"ONBOARDING_SCIM_{name.upper()}: it must name a text attribute of a user, such as "
                    "urn:ietf:params:scim:schemas:extension:acme:2.0:User:startDate"
                )
        if problems:
            raise BadSettings(problems)

    def admits(self, authorization: str) -> bool:
        """Whether a header `Authorization: Bearer <token>` (RFC 6750) carries one of the tokens."""
        scheme, _, token = authorization.partition(" ")
        shown = token.strip().encode("utf-8", "replace")
        known = [hmac.compare_digest(shown, one.encode()) for one in self.tokens if one]
        return scheme.lower() == "bearer" and any(known)

    @property
    def shape(self) -> Shape:
        """The attributes that are kept: the allow-list and the company's own two."""
        return _shape(self.start_date, self.time_zone)


def place_of(attribute: str) -> tuple[str, str]:
    """The schema and the name of a configured attribute; ("", "") when there is none."""
    found = _PLACE.fullmatch(attribute)
    return (found["urn"] or CORE, found["name"]) if found else ("", "")


def _can_hold_text(attribute: str) -> bool:
    urn, name = place_of(attribute)
    schema = Shape(schemas=SCHEMAS).schema(urn)
    known = schema.attribute(name) if schema else None
    return bool(name) and (known is None or (known.kind is Kind.STRING and not known.many))


@cache
def _shape(*configured: str) -> Shape:
    schemas = {schema.urn.lower(): schema for schema in SCHEMAS}
    for urn, name in (place_of(attribute) for attribute in configured if attribute):
        schema = schemas.get(urn.lower()) or Schema(urn=urn, name="Company", attributes=())
        if schema.attribute(name) is None:
            schema = Schema(
                urn=schema.urn, name=schema.name, attributes=(*schema.attributes, Attribute(name=name))
            )
        schemas[urn.lower()] = schema
    return Shape(schemas=tuple(schemas.values()))
