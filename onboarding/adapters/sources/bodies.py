"""What does a signed body hold?"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from onboarding.domain.errors import BadRecord


def read_json(body: str) -> object:
    """The JSON tree of a body.

    Raises:
        BadRecord: when it is not JSON, holds NaN or Infinity (RFC 8259 section 6), or is nested without end.
    """
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRecord("the body is not JSON") from error


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
