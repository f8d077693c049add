"""What does an identity provider change? A change of an account is kept together with an event that tells of it.

The identity provider waits for an answer, so the account is there at once; what follows from it (a person, a plan,
a withdrawal) is left to the event, like all other news of HR systems.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Any
from uuid import uuid4

from onboarding.domain.errors import NotFound
from onboarding.domain.events import Event, EventState
from onboarding.domain.scim import patch, refused
from onboarding.domain.scim.account import Account, AccountState
from onboarding.domain.scim.paths import read_filter
from onboarding.domain.scim.refused import ScimRefused
from onboarding.domain.scim.schema import Shape
from onboarding.ports import Books
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

SOURCE = "scim"
SETTLED = "a newer message settles it"
MOST_FOUND = 200
"""Accounts in one answer."""
FARTHEST = 1_000_000_000
"""The place of an account in a list that nobody reaches, and every database can count to."""
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An account after a request; `changed` is False when it stood like that before."""

    account: Account
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the accounts that were asked for; `start` counts from 1."""

    total: int
    start: int
    accounts: tuple[Account, ...]


def create(engine: Engine, tree: object, now: datetime) -> Kept:
    """Keep a new account (POST).

    Raises:
        NotFound: SCIM is not set up.
        ScimRefused: it is no user, or its user name is taken (`uniqueness`).
    """
    resource = patch.made(_shape(engine), tree)
    account = Account(id=str(uuid4()), resource=resource, created_at=now, changed_at=now)
    with engine.store.begin() as books:
        if not books.accounts.add(account):
            raise _taken()
        _tell(books, account, now)
    return Kept(account=account, changed=True)


def put(engine: Engine, account_id: str, tree: object, now: datetime, *, match: str = "") -> Kept:
    """Replace an account (PUT); `match` is the entity tag that it must still have, if any.

    Raises:
        NotFound: no such account.
        ScimRefused: it is no user, its user name is taken, or the account has changed meanwhile.
    """
    shape = _shape(engine)
    return _change(engine, account_id, lambda before: patch.replaced(shape, before, tree), now, match)


def amend(engine: Engine, account_id: str, tree: object, now: datetime, *, match: str = "") -> Kept:
    """Obey the operations of a PATCH, all or none of them.

    Raises:
        NotFound: no such account.
        ScimRefused: an operation cannot be obeyed, its user name is taken, or the account has changed meanwhile.
    """
    shape = _shape(engine)
    return _change(engine, account_id, lambda before: patch.patched(shape, before, tree), now, match)


def delete(engine: Engine, account_id: str, now: datetime, *, match: str = "") -> Kept:
    """Mark an account as deleted; its user name is free again.

    Raises:
        NotFound: no such account.
        ScimRefused: the account has changed meanwhile.
    """
    _shape(engine)
    with engine.store.begin() as books:
        before = _held(books, account_id, match)
        account = _next(before, now, state=AccountState.DELETED)
        books.accounts.put(account)
        _tell(books, account, now)
    return Kept(account=account, changed=True)


def get(engine: Engine, account_id: str) -> Account:
    """One account.

    Raises:
        NotFound: no such account.
    """
    _shape(engine)
    with engine.store.read() as books:
        return _there(books.accounts.get(_id(account_id)))


def find(engine: Engine, asked: str, *, start: int = 1, count: int = 100) -> Page:
    """Accounts that meet a filter ("" = all), from the `start`th on; numbers out of range become the nearest.

    Raises:
        ScimRefused: `invalidFilter`.
    """
    _shape(engine)
    criteria = read_filter(asked) if asked else ()
    first, limit = min(max(start, 1), FARTHEST), min(max(count, 0), MOST_FOUND)
    with engine.store.read() as books:
        total, accounts = books.accounts.find(criteria, skip=first - 1, limit=limit)
    return Page(total=total, start=first, accounts=tuple(accounts))


def _change(
    engine: Engine, account_id: str, change: Callable[[dict[str, Any]], dict[str, Any]], now: datetime, match: str
) -> Kept:
    with engine.store.begin() as books:
        before = _held(books, account_id, match)
        resource = change(dict(before.resource))
        if resource == before.resource:
            return Kept(account=before, changed=False)
        account = _next(before, now, resource=resource)
        if not books.accounts.put(account):
            raise _taken()
        _tell(books, account, now)
    return Kept(account=account, changed=True)


def _shape(engine: Engine) -> Shape:
    if engine.scim is None:
        raise NotFound("SCIM is not set up: ONBOARDING_SCIM_TOKENS names its token")
    return engine.scim.shape


def _there(account: Account | None) -> Account:
    if account is None or account.state is AccountState.DELETED:
        raise NotFound("there is no such account")
    return account


def _id(text: str) -> str:
    """An id that one of our accounts can have."""
    if not re.fullmatch(r"[0-9a-f-]{36}", text):
        raise NotFound("there is no such account")
    return text


def _held(books: Books, account_id: str, match: str) -> Account:
    account = _there(books.accounts.hold(_id(account_id)))
    wanted = {tag.strip().removeprefix("W/") for tag in match.split(",")} - {""}
    if wanted and not wanted & {"*", account.tag.removeprefix("W/")}:
        raise ScimRefused("the account has changed meanwhile", status=refused.OUTDATED)
    return account


def _next(before: Account, now: datetime, **changes: Any) -> Account:
    """The next version; later than the one before even when a clock was put back: what came last must count."""
    return replace(before, version=before.version + 1, changed_at=max(now, before.changed_at + TICK), **changes)


def _tell(books: Books, account: Account, now: datetime) -> None:
    """Record what the account says now, in the transaction that keeps it."""
    delivery_id = f"{account.id}.{account.version}"
    body = json.dumps(_told(account), separators=(",", ":"))
    books.events.record(
        Event(
            id=blake2b(f"{SOURCE}/{delivery_id}".encode(), digest_size=12).hexdigest(),
            source=SOURCE,
            delivery_id=delivery_id,
            body=body,
            digest=sha256(body.encode()).hexdigest(),
            received_at=account.changed_at,
            ready_at=now,
        )
    )
    log.info("account.kept", extra={"account": account.id, "version": account.version, "state": account.state})


def settle_older(books: Books, event: Event, state: EventState, now: datetime) -> None:
    """What an account said before needs no human any more, once something newer that it said was understood."""
    if event.source != SOURCE or state not in (EventState.OBEYED, EventState.IGNORED):
        return
    account_id, _, version = event.delivery_id.rpartition(".")
    for one in books.events.find(source=SOURCE, state=EventState.REVIEW, begins=f"{account_id}.", limit=1000):
        if int(one.delivery_id.rpartition(".")[2]) < int(version):
            books.events.settle(one.id, state=EventState.IGNORED, reason=SETTLED, hire_id=one.hire_id, now=now)


def _told(account: Account) -> Mapping[str, Any]:
    """The resource with its id; of a deleted account only what ends it."""
    if account.state is AccountState.DELETED:
        return {"id": account.id, "active": False}
    return {"id": account.id, **account.resource}


def _taken() -> ScimRefused:
    return ScimRefused("another account has this userName", "uniqueness", status=refused.CONFLICT)
