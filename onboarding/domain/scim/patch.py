"""What becomes of an account by a POST, a PUT or a PATCH? Pure and atomic: a new resource, or a refusal.

Rules: RFC 7644 sections 3.3, 3.5.1 and 3.5.2, and what Okta and Entra really send.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from onboarding.domain.scim import refused
from onboarding.domain.scim.fitting import complete, parts, single, telling
from onboarding.domain.scim.lists import change_list
from onboarding.domain.scim.paths import READ_ONLY, Place, read_path
from onboarding.domain.scim.refused import ScimRefused
from onboarding.domain.scim.schema import CORE, Kind, Schema, Shape

Resource = dict[str, Any]
OPERATIONS = ("add", "replace", "remove")
MOST_OPERATIONS = 100


def made(shape: Shape, tree: object) -> Resource:
    """The resource of a POST, pared; an account is active unless it says otherwise.

    Raises:
        ScimRefused: the body is no user.
    """
    resource = _read(shape, tree)
    resource.setdefault("active", True)
    return resource


def replaced(shape: Shape, before: Resource, tree: object) -> Resource:
    """The resource after a PUT: what is not given is gone, but for `active`.

    RFC 7644 section 3.5.1 leaves open what a missing attribute means. To read a missing `active` as a change would
    end or begin a journey by silence; AzureAD/entra-id-inbound-provisioning#16 tells of managers shut out so.

    Raises:
        ScimRefused: the body is no user.
    """
    resource = _read(shape, tree)
    resource.setdefault("active", before.get("active", True))
    return resource


def patched(shape: Shape, before: Resource, tree: object) -> Resource:
    """The resource after all operations of a PATCH, in their order; `before` stays as it is.

    Raises:
        ScimRefused: with the first operation that cannot be obeyed; then none of them counts.
    """
    resource = deepcopy(before)
    for operation in _operations(tree):
        _operate(shape, resource, operation)
    resource.setdefault("active", before.get("active", True))
    if "userName" not in resource:
        raise ScimRefused("userName cannot be removed", "mutability")
    return _tidy(resource)


def _read(shape: Shape, tree: object) -> Resource:
    if not isinstance(tree, Mapping):
        raise refused.unreadable("the body must be a JSON object")
    resource: Resource = {}
    _spread(shape, resource, "add", tree)
    if "userName" not in resource:
        raise refused.unfit("userName is missing")
    return _tidy(resource)


def _operations(tree: object) -> list[Mapping[str, object]]:
    given = _named(tree, "operations") if isinstance(tree, Mapping) else None
    if not isinstance(given, list) or not given or not all(isinstance(each, Mapping) for each in given):
        raise refused.unreadable("Operations must be a list of operations")
    if len(given) > MOST_OPERATIONS:
        raise ScimRefused(f"there are more than {MOST_OPERATIONS} operations", status=refused.TOO_LARGE)
    return given


def _named(tree: Mapping[str, object], name: str) -> object:
    return next((value for key, value in tree.items() if key.lower() == name), None)


def _operate(shape: Shape, resource: Resource, operation: Mapping[str, object]) -> None:
    """Entra writes its operations with a capital: Add, Replace, Remove."""
    word, path, value = (_named(operation, name) for name in ("op", "path", "value"))
    op = word.lower() if isinstance(word, str) else ""
    if op not in OPERATIONS:
        raise refused.unreadable("op must be add, replace or remove")
    if path is not None and not isinstance(path, str):
        raise ScimRefused("path must be text", "invalidPath")
    if path is None or not path.strip():
        if op == "remove":
            raise ScimRefused("a remove needs a path", "noTarget")
        if not isinstance(value, Mapping):
            raise refused.unfit("an operation without a path needs an object as its value")
        _spread(shape, resource, op, value)
        return
    if path.strip().lower() in READ_ONLY:
        raise ScimRefused("id, meta and schemas cannot be changed", "mutability")
    place = read_path(shape, path)
    if place is not None:
        _apply(resource, op, place, value)


def _spread(shape: Shape, resource: Resource, op: str, value: Mapping[str, object]) -> None:
    """Apply every key of a value: with its flag Entra writes `name.givenName` and `urn:...:User:department` there.

    A key that is no path is an attribute that nobody knows: ignored, as all others that we do not keep.
    """
    for key, one in value.items():
        place = _place_of_key(shape, key)
        if place is not None:
            _apply(resource, op, place, one)


def _place_of_key(shape: Shape, key: str) -> Place | None:
    try:
        return read_path(shape, key)
    except ScimRefused:
        return None


def _apply(resource: Resource, op: str, place: Place, value: object) -> None:
    if place.attribute is None:
        _change_schema(resource, op, place.schema, value)
        return
    holder = _holder(resource, place.schema)
    name = place.attribute.name
    found: Any
    if place.attribute.many:
        found = change_list(op, place, holder.get(name, []), value)
    elif place.part is not None:
        found = complete({**holder.get(name, {}), **_change_of_part(op, place, value)})
    elif op == "remove" or place.attribute.kind is not Kind.COMPLEX or value in (None, ""):
        found = None if op == "remove" else single(place.attribute, value)
    else:
        # parts that are not named stay as they are (RFC 7644 section 3.5.2.3)
        found = complete({**holder.get(name, {}), **parts(place.attribute, value)})
    holder[name] = found
    if found in (None, {}, []):
        del holder[name]


def _change_of_part(op: str, place: Place, value: object) -> Resource:
    if place.part is None:
        return {}
    return {place.part.name: None if op == "remove" else single(place.part, value)}


def _change_schema(resource: Resource, op: str, schema: Schema, value: object) -> None:
    """A whole extension at once; its keys are attributes of that schema only."""
    if op == "remove" and schema.urn in resource:
        del resource[schema.urn]
    if op == "remove" or value is None:
        return
    if not isinstance(value, Mapping):
        raise refused.unfit("a schema needs an object with its attributes as its value")
    for key, one in value.items():
        place = _place_of_key(Shape(schemas=(schema,)), key)
        if place is not None and place.attribute is not None:
            _apply(resource, op, place, one)


def _holder(resource: Resource, schema: Schema) -> Resource:
    """Where the attributes of a schema stand: the core's at the top, those of an extension under its URN."""
    if schema.urn == CORE:
        return resource
    holder: Resource = resource.setdefault(schema.urn, {})
    return holder


def _tidy(resource: Resource) -> Resource:
    """Without what says nothing: looked at after all operations, because two of them may make one entry."""
    told = {name: telling(value) if isinstance(value, list) else value for name, value in resource.items()}
    return {name: value for name, value in told.items() if value not in ({}, [])}
