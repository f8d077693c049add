"""Which attributes of an account are kept? An allow-list: whatever else is sent never reaches the disk.

Passwords, phone numbers, photos, groups, roles, certificates and street addresses are among what is left out.
Letter case does not count in names of attributes and schemas (RFC 7643 section 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

KEPT_TYPES = frozenset({"work", "home"})
"""Of what comes with a type: e-mail and postal addresses. One without a type is kept, too."""
LONGEST = 1024
LONGEST_NAME = 256
"""Characters of what an index holds: PostgreSQL refuses an entry of more than 2,704 bytes."""


class Kind(StrEnum):
    """What an attribute holds (RFC 7643 section 2.3)."""

    STRING = "string"
    BOOLEAN = "boolean"
    COMPLEX = "complex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute; `many` means a list of such values, `inside` are the parts of a complex one."""

    name: str
    kind: Kind = Kind.STRING
    many: bool = False
    inside: tuple[Attribute, ...] = ()
    required: bool = False
    exact: bool = False
    longest: int = LONGEST

    def part(self, name: str) -> Attribute | None:
        """The part of that name."""
        return _named(self.inside, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Attributes under one URN."""

    urn: str
    name: str
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name."""
        return _named(self.attributes, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All schemas of a user, the core first."""

    schemas: tuple[Schema, ...]

    @property
    def core(self) -> Schema:
        """The schema whose attributes stand without a URN."""
        return self.schemas[0]

    def schema(self, urn: str) -> Schema | None:
        """The schema of that URN."""
        return next((each for each in self.schemas if each.urn.lower() == urn.lower()), None)


def _named(attributes: tuple[Attribute, ...], name: str) -> Attribute | None:
    return next((each for each in attributes if each.name.lower() == name.lower()), None)


def _texts(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name=name) for name in names)


_PRIMARY = Attribute(name="primary", kind=Kind.BOOLEAN)
_NAMES = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")

SCHEMAS = (
    Schema(
        urn=CORE,
        name="User",
        attributes=(
            Attribute(name="userName", required=True, longest=LONGEST_NAME),
            Attribute(name="externalId", exact=True, longest=LONGEST_NAME),
            Attribute(name="name", kind=Kind.COMPLEX, inside=_texts(*_NAMES)),
            *_texts("displayName", "nickName", "title", "preferredLanguage", "locale", "timezone"),
            Attribute(name="active", kind=Kind.BOOLEAN),
            Attribute(
                name="emails",
                kind=Kind.COMPLEX,
                many=True,
                inside=(Attribute(name="value", longest=LONGEST_NAME), *_texts("type"), _PRIMARY),
            ),
            Attribute(
                name="addresses",
                kind=Kind.COMPLEX,
                many=True,
                inside=(*_texts("locality", "country", "type"), _PRIMARY),
            ),
        ),
    ),
    Schema(
        urn=ENTERPRISE,
        name="EnterpriseUser",
        attributes=(
            *_texts("employeeNumber", "department", "division"),
            Attribute(name="manager", kind=Kind.COMPLEX, inside=_texts("value", "displayName")),
        ),
    ),
)
