"""What does a signed body hold, and what of it may be kept?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from onboarding.domain.errors import BadRecord

NOT_KEPT = "not kept: "
"""How the note begins that stands for a body that cannot be read, and so may hold what must not be kept."""

Allowed = Mapping[str, "Allowed"]
"""Names that may be kept, inside each other; an empty one is a leaf: a single value, or a list of them."""


def read_json(body: str) -> object:
    """The JSON tree of a body.

    Raises:
        BadRecord: when it is not JSON, holds NaN or Infinity (RFC 8259 section 6), or is nested without end.
    """
    if body.startswith(NOT_KEPT):
        raise BadRecord(f"the body cannot be read, so it was {body}; have it sent again")
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRecord("the body is not JSON") from error


def allow(paths: Iterable[str]) -> Allowed:
    """An allow-list from paths such as `payload.offer.id`; `*` stands for any name, lists are looked through.

    What may be a leaf or an object is named twice: `user.` is the leaf, `user.email` what is in the object.
    """
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return tree


def keep_json(body: bytes, allowed: Allowed) -> str:
    """What of a JSON body may be kept, as JSON; a note that begins with `NOT_KEPT` when it is no JSON.

    What stays is a leaf at an allowed path. Salary, birthday and whatever else a vendor adds tomorrow never reach
    the disk.
    """
    try:
        tree = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        return json.dumps(_pared(tree, allowed), separators=(",", ":"))
    except (ValueError, RecursionError):
        return unreadable(body)


def unreadable(body: bytes) -> str:
    """The note that stands for a body that cannot be read."""
    return f"{NOT_KEPT}{len(body)} bytes"


def _pared(tree: Any, allowed: Allowed) -> Any:
    if isinstance(tree, dict):
        if not allowed:
            return {}
        inner = {name: allowed.get(name, allowed.get("*")) for name in tree if name}
        return {name: _pared(tree[name], inside) for name, inside in inner.items() if inside is not None}
    if isinstance(tree, list):
        return [_pared(each, allowed) for each in tree]
    return tree if not allowed or "" in allowed or tree is None else ""


def digest(source: str, body: bytes) -> str:
    """A name for a delivery that has none: the same bytes of the same source have the same name."""
    return hashlib.sha256(source.encode() + b"\0" + body).hexdigest()


def branch(tree: Any, *path: str) -> dict[str, Any]:
    """The object at the end of a path of names; empty when there is none (vendors leave parts out)."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}


def leaves(tree: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; empty when there is none."""
    found = tree.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
