"""Which accounts does an identity provider keep with us?"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from onboarding.adapters.sql.rows import insert_new
from onboarding.adapters.sql.tables import accounts as table
from onboarding.domain.scim.account import Account, AccountState, folded
from onboarding.domain.scim.paths import Criteria, Sought

_KEPT = ("id", "state", "version", "resource", "created_at", "changed_at")
_ALL = select(*(table.c[name] for name in _KEPT))
_GET = _ALL.where(table.c.id == bindparam("account_id"))
_HOLD = _GET.with_for_update()
_PUT = update(table).where(table.c.id == bindparam("account_id"))
_PRESENT = table.c.folded_user_name.is_not(None)


class SqlAccounts:
    """Accounts in the table `accounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: Account) -> bool:
        """Insert it, unless its user name is taken."""
        statement = insert_new(self._connection.dialect.name, table, "folded_user_name")
        return self._connection.execute(statement, _row(account)).rowcount == 1

    def put(self, account: Account) -> bool:
        """Replace the account of that id, unless another one has its user name."""
        row = _row(account)
        try:
            with self._connection.begin_nested():  # PostgreSQL would give up the whole transaction
                self._connection.execute(_PUT, {"account_id": row.pop("id"), **row})
        except IntegrityError:
            return False
        return True

    def get(self, account_id: str) -> Account | None:
        """The account of that id, deleted or not."""
        return _account(self._connection.execute(_GET, {"account_id": account_id}).first())

    def hold(self, account_id: str) -> Account | None:
        """The same, locked; SQLite has one writer anyway."""
        return _account(self._connection.execute(_HOLD, {"account_id": account_id}).first())

    def find(self, criteria: Criteria, *, skip: int = 0, limit: int = 100) -> tuple[int, list[Account]]:
        """How many meet all criteria, and a page of them."""
        conditions = [_PRESENT, *(_condition(sought, value) for sought, value in criteria)]
        total: int = self._connection.execute(
            select(func.count()).select_from(table).where(*conditions)
        ).scalar_one()
        page = _ALL.where(*conditions).order_by(table.c.created_at, table.c.id).offset(skip).limit(limit)
        found = self._connection.execute(page).all() if limit and skip < total else []
        return total, [account for account in map(_account, found) if account is not None]


def _condition(sought: Sought, value: str) -> ColumnElement[bool]:
    match sought:
        case Sought.ID:
            return table.c.id == value
        case Sought.EXTERNAL_ID:
            return table.c.external_id == value
        case Sought.USER_NAME:
            return table.c.folded_user_name == folded(value)
        case Sought.WORK_EMAIL:
            return table.c.folded_email == folded(value)


def _row(account: Account) -> dict[str, Any]:
    present = account.state is AccountState.PRESENT
    return {
        **{name: getattr(account, name) for name in _KEPT},
        "resource": json.dumps(account.resource, separators=(",", ":")),
        "folded_user_name": folded(account.user_name) if present else None,
        "external_id": account.external_id,
        "folded_email": folded(account.work_email),
    }


def _account(row: Row[Any] | None) -> Account | None:
    if row is None:
        return None
    given = row._asdict()
    return Account(**{**given, "resource": json.loads(given["resource"])})
