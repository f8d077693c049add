"""How is a system asked for what its message leaves out, as its declaration says?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from onboarding.adapters.sources.accounts import read_account
from onboarding.adapters.sources.declared.paths import ABSENT, ACCOUNT, Spot, Trees, look, text_of
from onboarding.adapters.sources.declared.questions import account_keys
from onboarding.adapters.sources.declared.values import Declaration, Fetch, Template
from onboarding.adapters.sources.http import Auth, Vendor, basic, bearer, segment
from onboarding.domain.errors import BadRecord, BadSettings


class Asking:
    """Asks the questions of one declaration with one account; connections stay open between questions.

    Raises:
        BadSettings: the account lacks a key, or has one that no question needs.
    """

    def __init__(self, declaration: Declaration, account: Mapping[str, str]) -> None:
        name, keys = declaration.name, account_keys(declaration.fetches)
        if not declaration.fetches and account:
            raise BadSettings([f"ONBOARDING_HRIS_ACCOUNTS: {name} asks nothing back, so it needs no account"])
        self._account = read_account(name, account, keys) if declaration.fetches else {}
        self._vendors = {fetch.name: self._vendor(name, fetch) for fetch in declaration.fetches}

    def ask(self, fetch: Fetch, trees: Trees) -> Any:
        """The answer; None when the system knows nothing of the kind.

        Raises:
            BadRecord: the message lacks an id that the question needs.
            Unavailable: the system does not answer.
        """
        vendor = self._vendors[fetch.name]
        trees = {**trees, ACCOUNT: self._account}
        path = "".join(_in_path(part, trees) for part in fetch.path.parts)
        params = {name: "".join(_in_path(part, trees) for part in one.parts) for name, one in fetch.params}
        return (
            vendor.post(path, _filled(fetch.body, trees)) if fetch.method == "POST" else vendor.get(path, params)
        )

    def _vendor(self, name: str, fetch: Fetch) -> Vendor:
        account = self._account
        headers = {header: self._fixed(template) for header, template in fetch.headers.items()}
        auth = Auth()
        if fetch.auth == "basic":
            auth = basic(account["user"], account["password"])
        elif fetch.auth == "bearer":
            auth = bearer(account["token"])
        elif fetch.auth == "header":
            headers[fetch.header] = fetch.prefix + account["token"]
        if any(not re.fullmatch(r"[\x20-\x7e\xa0-\xff]*", value) for value in headers.values()):
            raise BadSettings([f"ONBOARDING_HRIS_ACCOUNTS: a value of {name} does not fit into a header"])
        return Vendor(name, account.get("url") or self._server(name, fetch), auth=auth, headers=headers)

    def _server(self, name: str, fetch: Fetch) -> str:
        """The address of the server; what the account puts into it is a name without signs."""
        for spot in fetch.base.spots:
            if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", self._account[str(spot.steps[0])]):
                raise BadSettings(
                    [f"ONBOARDING_HRIS_ACCOUNTS: {spot.steps[0]} of {name} must be letters, digits and hyphens"]
                )
        return self._fixed(fetch.base)

    def _fixed(self, template: Template) -> str:
        return "".join(
            self._account[str(part.steps[0])] if isinstance(part, Spot) else part for part in template.parts
        )


def _in_path(part: str | Spot, trees: Trees) -> str:
    return segment(_value(part, trees), str(part)) if isinstance(part, Spot) else part


def _filled(tree: Any, trees: Trees) -> Any:
    """A tree of templates with its values; a text that is nothing but a path keeps the value's kind."""
    if isinstance(tree, Template):
        if len(tree.parts) == 1 and isinstance(tree.parts[0], Spot):
            return _value(tree.parts[0], trees)
        return "".join(text_of(_value(part, trees)) if isinstance(part, Spot) else part for part in tree.parts)
    if isinstance(tree, Mapping):
        return {name: _filled(inner, trees) for name, inner in tree.items()}
    return [_filled(inner, trees) for inner in tree] if isinstance(tree, list) else tree


def _value(spot: Spot, trees: Trees) -> Any:
    found = look(trees[spot.origin], spot.steps) if spot.origin in trees else ABSENT
    if found is ABSENT or isinstance(found, dict | list) or not text_of(found).strip():
        raise BadRecord(f"{spot} is missing, and is needed to ask the system")
    return found
