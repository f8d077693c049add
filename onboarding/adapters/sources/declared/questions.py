"""How does a declaration say what to ask the system back?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from onboarding.adapters.sources.declared.keys import FETCH_AUTHS, KEYS
from onboarding.adapters.sources.declared.paths import (
    ACCOUNT,
    BODY,
    EVENT,
    HEADER,
    HEADER_NAME,
    Steps,
    read_steps,
)
from onboarding.adapters.sources.declared.tables import MOST, DeclaredTable
from onboarding.adapters.sources.declared.values import Fetch, Template
from onboarding.domain.tables import NAME

RESERVED = (BODY, HEADER, EVENT, ACCOUNT)
"""Beginnings of paths that no answer may be called."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def read_fetches(tables: Mapping[str, Any], mistakes: list[str]) -> tuple[Fetch, ...]:
    """The `[x.fetch.<name>]` tables, in their order: a later one may use the answers of earlier ones."""
    fetches: list[Fetch] = []
    for name, table in list(tables.items())[:MOST]:
        if not isinstance(table, Mapping):
            mistakes.append(f"[fetch] {name}: give the answer a name, such as [x.fetch.employee]")
        elif not NAME.fullmatch(name) or name in RESERVED:
            mistakes.append(f"[fetch.{name}]: small letters, digits and _ only, and none of {', '.join(RESERVED)}")
        else:
            earlier = [one.name for one in fetches]
            reader = DeclaredTable(table=table, origins=(*RESERVED, *earlier))
            fetches.append(_fetch(name, reader))
            mistakes += [f"[fetch.{name}] {mistake}" for mistake in reader.mistakes]
    return tuple(fetches)


def _fetch(name: str, table: DeclaredTable) -> Fetch:
    table.refuse_others(KEYS["fetch"])
    base, path, params = _address(table)
    method = table.choice("method", ("GET", "POST")) or "GET"
    if method == "GET" and "body" in table.table:
        table.mistakes.append('body goes with method = "POST"')
    auth = table.choice("auth", list(FETCH_AUTHS)) or "bearer"
    own = [key for key in ("header", "prefix") if key in table.table]
    if auth != "header" and own:
        table.mistakes.append(f'{" and ".join(own)} goes with auth = "header"')
    header = table.header("header", "authorization")
    return Fetch(
        name=name,
        base=base,
        path=path,
        params=params,
        method=method,
        body=table.tree("body", table.table.get("body", {})),
        auth=auth,
        header=header,
        prefix=table.raw("prefix"),
        headers=_headers(table),
        record=_record(table),
        lag=table.span("lag"),
    )


def _address(table: DeclaredTable) -> tuple[Template, Template, tuple[tuple[str, Template], ...]]:
    """Base, path and parameters; nothing that a message says may choose the server."""
    text = table.text("url", required=True)
    whole, _, query = text.partition("?")
    scheme, _, rest = whole.partition("://")
    server, _, path = rest.partition("/")
    plain = scheme == "http" and _hostname(f"//{server}") in _LOOPBACK
    if text and (not server or not (scheme == "https" or plain) or "@" in server):
        table.mistakes.append("url must begin with https:// and the name of a server")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return (
        table.template("url", f"{scheme}://{server}", only=(ACCOUNT,)),
        table.template("url", f"/{path}"),
        tuple((key, table.template("url", value)) for key, _, value in pairs),
    )


def _hostname(text: str) -> str:
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


def _headers(table: DeclaredTable) -> dict[str, Template]:
    found: dict[str, Template] = {}
    for name, value in table.inner("headers").items():
        if not HEADER_NAME.fullmatch(name) or not isinstance(value, str) or not value.isprintable():
            table.mistakes.append(f'headers: {name} must be a header with a text, such as "X-Version" = "2"')
        else:
            found[name] = table.template(f"headers.{name}", value, only=(ACCOUNT,))
    return found


def _record(table: DeclaredTable) -> Steps:
    text = table.text("record")
    try:
        return read_steps(text) if text else ()
    except ValueError as error:
        table.mistakes.append(f'record: "{text}" {error}')
        return ()


def account_keys(fetches: Collection[Fetch]) -> tuple[str, ...]:
    """What the account of a source must hold to ask these questions."""
    named = [key for fetch in fetches for key in FETCH_AUTHS[fetch.auth]]
    named += [str(spot.steps[0]) for fetch in fetches for spot in fetch.spots if spot.origin == ACCOUNT]
    return tuple(dict.fromkeys(named))
