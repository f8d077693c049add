"""What does a body hold, as JSON or as a form, and what of it may be kept?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from onboarding.adapters.sources.bodies import read_json, unreadable
from onboarding.adapters.sources.declared.paths import ABSENT, BODY, HEADER, MESSAGE, Steps, Trees, look, project
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.domain.errors import BadRecord

MOST_FIELDS = 1000
"""Fields of a form."""
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){0,8})")


def read_body(body: bytes, written: str) -> Any:
    """The tree of a body that is `json` or `form`.

    Raises:
        ValueError: it is not written so.
    """
    try:
        if written == "form":
            return _form(body)
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested without end") from error


def _form(body: bytes) -> dict[str, Any]:
    """Fields by name; `data[company]` lies in an object, a name that comes twice or ends in [] is a list."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=MOST_FIELDS,
    ):
        found = _KEY.fullmatch(key)
        names = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])] if found else [key]
        listed = len(names) > 1 and names[-1] == ""
        *way, last = names[:-1] if listed else names
        place: Any = tree
        for name in way:
            place = place.setdefault(name, {}) if isinstance(place, dict) else None
        if not isinstance(place, dict):
            raise ValueError("a field is both a value and a table")  # noqa: TRY004 -- the body's fault, not a caller's
        _add(place, last, value, listed=listed)
    return tree


def _add(place: dict[str, Any], name: str, value: str, *, listed: bool) -> None:
    before = place.get(name)
    if isinstance(before, dict):
        raise ValueError("a field is both a value and a table")  # noqa: TRY004 -- the body's fault, not a caller's
    if isinstance(before, list):
        before.append(value)
    elif before is not None:
        place[name] = [before, value]
    else:
        place[name] = [value] if listed else value


def keep_declared(declaration: Declaration, headers: Mapping[str, str], body: bytes) -> str:
    """What of a message the declaration names, as JSON; a note when its body cannot be read. Never raises."""
    try:
        tree = read_body(body, declaration.body)
        kept: dict[str, Any] = {
            "headers": {name: headers[name] for name in declaration.headers if name in headers}
        }
        whole = [spot.steps for spot in declaration.spots if spot.origin == BODY]
        own = [spot.steps for spot in declaration.spots if spot.origin == MESSAGE]
        batch = declaration.event.batch
        kept["body"] = _kept(tree, whole if batch is not None else [*whole, *own])
        if batch is not None:
            kept["entries"] = [_kept(entry, own) for entry in _entries(tree, batch)]
        return json.dumps(kept, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        return unreadable(body)


def _entries(tree: Any, batch: Steps) -> list[Any]:
    """The entries of a batch; an object where a list is expected is the only one."""
    found = look(tree, batch)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, dict) else []


def _kept(tree: Any, wanted: list[Steps]) -> Any:
    kept = project(tree, wanted)
    return None if kept is ABSENT else kept


def read_kept(text: str, declaration: Declaration) -> list[Trees]:
    """The trees of each entry of a message that was kept.

    Raises:
        BadRecord: it was not kept, because it could not be read, or holds no entry.
    """
    kept = read_json(text)
    if not isinstance(kept, dict) or not isinstance(kept.get("body"), dict | list):
        raise BadRecord("the body is neither an object nor a list")
    body, headers = kept["body"], kept.get("headers")
    found = {BODY: body, HEADER: headers if isinstance(headers, dict) else {}}
    batch = declaration.event.batch
    if batch is None:
        return [{**found, MESSAGE: body}]
    entries = kept.get("entries")
    if not isinstance(entries, list) or not entries:
        raise BadRecord("the body holds no entry where the declaration names a batch")
    return [{**found, MESSAGE: entry} for entry in entries]


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def count_leaves(tree: Any) -> int:
    """How many values a tree holds, null apart."""
    found, waiting = 0, [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif one is not None:
            found += 1
    return found
