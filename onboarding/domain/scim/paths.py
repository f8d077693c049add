"""What do the paths and filters of SCIM mean? Of their grammar (RFC 7644 figures 1 and 7): `eq` and `and`.

Okta and Entra send no other operators: learn.microsoft.com/entra/identity/app-provisioning/
use-scim-to-provision-users-and-groups, developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from onboarding.domain.scim import refused
from onboarding.domain.scim.fitting import is_plain
from onboarding.domain.scim.schema import CORE, KEPT_TYPES, SCHEMAS, Attribute, Kind, Schema, Shape

Literal = str | bool | float | None

_PART = r"[A-Za-z$][A-Za-z0-9$_-]*"
_PATH = re.compile(rf"(?P<name>{_PART})(?:\[(?P<filter>.*)\])?(?:\.(?P<part>{_PART}))?", re.DOTALL)
_TERM = re.compile(
    r'\s*(?P<attribute>[A-Za-z][^\s\[\]"()]*(?:\[[^\]]*\][^\s\[\]"()]*)?)'
    r"\s+(?P<operator>[A-Za-z]+)"
    r'\s+(?P<value>"(?:[^"\\]|\\.)*"|[^\s()"]+)\s*',
    re.DOTALL,
)
_AND = re.compile(r"and(?=\s)", re.IGNORECASE)
ONLY_EQ = 'a filter must be written as <attribute> eq "<value>", several of them joined by and'
MOST_TERMS = 10
"""Far more than any identity provider asks for at once."""
READ_ONLY = frozenset({"id", "meta", "schemas"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """A comparison of a filter: an attribute as it was written, and a JSON value."""

    attribute: str
    value: Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value belongs: a whole schema, an attribute, those of its entries that `where` picks, a part."""

    schema: Schema
    attribute: Attribute | None = None
    where: tuple[Equal, ...] = ()
    part: Attribute | None = None


class Sought(StrEnum):
    """By what accounts can be found."""

    ID = "id"
    USER_NAME = "userName"
    EXTERNAL_ID = "externalId"
    WORK_EMAIL = 'emails[type eq "work"].value'


Criteria = tuple[tuple[Sought, str], ...]
"""All of them must hold; none = everybody."""


def read_filter(text: str) -> Criteria:
    """What `?filter=` asks for.

    Raises:
        ScimRefused: `invalidFilter`, when it is none, or asks by what we do not answer.
    """
    return tuple(_criterion(each) for each in conjunction(text))


def _criterion(term: Equal) -> tuple[Sought, str]:
    name = term.attribute
    if name.lower().startswith(f"{CORE.lower()}:"):
        name = name[len(CORE) + 1 :]
    sought = next((each for each in Sought if each.value.lower() == name.lower()), None)
    if sought is None and name.lower().startswith("emails[") and _asks_for_work_email(name):
        sought = Sought.WORK_EMAIL
    if sought is None:
        raise refused.unclear(f"a filter can ask by {', '.join(Sought)}")
    if not isinstance(term.value, str) or not is_plain(term.value):
        raise refused.unclear(ONLY_EQ)
    return sought, term.value


def _asks_for_work_email(name: str) -> bool:
    try:
        place = read_path(Shape(schemas=SCHEMAS), name)
    except refused.ScimRefused:
        return False
    if place is None or len(place.where) != 1 or place.part is None or place.part.name != "value":
        return False
    where = place.where[0]
    return where.attribute.lower() == "type" and str(where.value).lower() == "work"


def conjunction(text: str) -> tuple[Equal, ...]:
    """The comparisons of a filter, all of which must hold.

    Raises:
        ScimRefused: `invalidFilter`.
    """
    found: list[Equal] = []
    place = 0
    while True:
        term = _TERM.match(text, place)
        if term is None or term["operator"].lower() != "eq" or len(found) == MOST_TERMS:
            raise refused.unclear(ONLY_EQ)
        found.append(Equal(attribute=term["attribute"], value=_literal(term["value"])))
        place = term.end()
        if place == len(text):
            return tuple(found)
        joined = _AND.match(text, place)
        if joined is None:
            raise refused.unclear(ONLY_EQ)
        place = joined.end()


def _literal(text: str) -> Literal:
    lowered = text.lower()
    try:
        value = json.loads(lowered if lowered in ("true", "false", "null") else text)
    except (ValueError, RecursionError) as error:
        raise refused.unclear(ONLY_EQ) from error
    if isinstance(value, dict | list):
        raise refused.unclear(ONLY_EQ)
    literal: Literal = value
    return literal


def read_path(shape: Shape, text: str) -> Place | None:
    """Where an operation or a key of a value points; None when it is nothing that we keep.

    Raises:
        ScimRefused: `invalidPath` or `invalidFilter`, when it is not written as a path is.
    """
    path = text.strip()
    for schema in shape.schemas:
        if path.lower() == schema.urn.lower():
            return Place(schema=schema)
        if path.lower().startswith(f"{schema.urn.lower()}:"):
            return _inside(schema, path[len(schema.urn) + 1 :])
    return None if path.lower().startswith("urn:") else _inside(shape.core, path)


def _inside(schema: Schema, path: str) -> Place | None:
    written = _PATH.fullmatch(path)
    if written is None:
        sentence = "a path must be written as attribute, attribute.part or attribute[filter].part"
        raise refused.ScimRefused(sentence, "invalidPath")
    where = conjunction(written["filter"]) if written["filter"] is not None else ()
    attribute = schema.attribute(written["name"])
    part = attribute.part(written["part"]) if attribute and written["part"] else None
    if attribute is None or (written["part"] and part is None) or (where and not attribute.many):
        return None
    if _picks_what_is_not_kept(where):
        return None
    return Place(schema=schema, attribute=attribute, where=where, part=part)


def _picks_what_is_not_kept(where: Sequence[Equal]) -> bool:
    """Whether only entries of a type are meant that was dropped when it came, such as `other`."""
    types = [each.value for each in where if each.attribute.lower() == "type"]
    return any(not isinstance(each, str) or each.lower() not in KEPT_TYPES for each in types)


def holds(attribute: Attribute, entry: dict[str, object], where: Sequence[Equal]) -> bool:
    """Whether an entry of a list is one of those that a filter picks."""
    return all(_equals(attribute.part(each.attribute), entry, each.value) for each in where)


def _equals(part: Attribute | None, entry: dict[str, object], value: Literal) -> bool:
    if part is None:
        return False
    if part.kind is Kind.BOOLEAN:
        return bool(entry.get(part.name, False)) is (str(value).lower() == "true")
    return str(entry.get(part.name, "")).casefold() == str(value).casefold()
