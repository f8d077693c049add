"""How are busy times taken from an answer in JSON, and all else let go of?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from onboarding.adapters.calendars.asking import refused
from onboarding.adapters.calendars.web import Web
from onboarding.domain.errors import Unavailable
from onboarding.domain.slots import Busy

_KEYWORD = re.compile(r"[A-Za-z]{1,40}")


def post(web: Web, url: str, body: object, token: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The object with which a question is answered.

    Raises:
        Unavailable: there is none.
    """
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(headers or {})}
    answer = web.ask("POST", url, headers=given, body=json.dumps(body).encode(), redirects=0)
    if answer.status != 200:  # noqa: PLR2004 -- OK
        raise refused(answer.status)
    try:
        tree = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Unavailable("it answers with something that is no JSON") from error
    if not isinstance(tree, dict):
        raise Unavailable("it answers with something that is not documented")
    return tree


def list_of(tree: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list."""
    found = tree.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def keyword(value: object) -> str:
    """A code such as notFound; anything else could be a name."""
    return value if isinstance(value, str) and _KEYWORD.fullmatch(value) else "an error"


def cut(times: Iterable[Busy], start: datetime, end: datetime) -> Iterator[Busy]:
    """The times as far as they lie within the span (UTC)."""
    for one in times:
        begins, ends = max(one.start.astimezone(UTC), start), min(one.end.astimezone(UTC), end)
        if begins < ends:
            yield Busy(start=begins, end=ends, tentative=one.tentative)


def sorted_apart(times: Iterable[Busy]) -> tuple[Busy, ...]:
    """In order; what overlaps and is as sure becomes one."""
    merged: dict[bool, list[Busy]] = {False: [], True: []}
    for one in sorted(times, key=lambda each: each.start):
        same = merged[one.tentative]
        if same and one.start < same[-1].end:
            last = same.pop()
            one = Busy(start=last.start, end=max(last.end, one.end), tentative=one.tentative)  # noqa: PLW2901 -- joined
        same.append(one)
    return tuple(sorted([*merged[False], *merged[True]], key=lambda each: (each.start, each.end, each.tentative)))
