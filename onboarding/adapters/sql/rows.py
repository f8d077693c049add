"""How does a row become a value of the domain, and a value a row?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, Table, TextClause, bindparam, func, text
from sqlalchemy.dialects import postgresql, sqlite

from onboarding.adapters.sql.tables import hires

Made = TypeVar("Made")

Insert = postgresql.Insert | sqlite.Insert
_AT_ONCE = 500


def columns(table: Table, kind: type) -> list[Column[Any]]:
    """The columns that hold the fields of a dataclass."""
    return [table.c[field.name] for field in fields(kind)]


def to_row(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, one level deep."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def made(kind: type[Made], row: Row[Any] | None) -> Made | None:
    """The value that a row holds, or None without a row."""
    return None if row is None else kind(**row._asdict())


def one(connection: Connection, kind: type[Made], query: Select[Any], **values: object) -> Made | None:
    """The first value that a query finds."""
    return made(kind, connection.execute(query, values).first())


def many(connection: Connection, kind: type[Made], query: Select[Any], **values: object) -> list[Made]:
    """The values that a query finds."""
    return [kind(**row._asdict()) for row in connection.execute(query, values).all()]


@cache
def insert_new(dialect: str, table: Table, *unique: str) -> TextClause:
    """An insert of whole rows that leaves one with the same `unique` columns alone: its `rowcount` is then 0."""
    return _written_out(
        _insert(dialect, table).on_conflict_do_nothing(index_elements=list(unique)), dialect, table
    )


@cache
def insert_or_replace(dialect: str, table: Table) -> TextClause:
    """An insert of whole rows that replaces the one with the same primary key."""
    insert = _insert(dialect, table)
    key = [column.name for column in table.primary_key]
    given = {name: column for name, column in insert.excluded.items() if name not in key}
    return _written_out(insert.on_conflict_do_update(index_elements=key, set_=given), dialect, table)


@cache
def insert_or_add(dialect: str, table: Table, *, adds: str, keeps_newest: str) -> TextClause:
    """An insert of whole rows that adds to the one with the same primary key, and keeps the newer moment."""
    insert = _insert(dialect, table)
    newer = func.max if dialect == "sqlite" else func.greatest
    given = {
        adds: table.c[adds] + insert.excluded[adds],
        keeps_newest: newer(table.c[keeps_newest], insert.excluded[keeps_newest]),
    }
    key = [column.name for column in table.primary_key]
    return _written_out(insert.on_conflict_do_update(index_elements=key, set_=given), dialect, table)


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _written_out(statement: Insert, dialect: str, table: Table) -> TextClause:
    """The statement as text with typed values: SQLAlchemy compiles an ON CONFLICT anew at every call (0.5 ms).

    Casts are left to the types of the values: `text` would not take `:name::JSON` for a value.
    """
    named = (sqlite if dialect == "sqlite" else postgresql).dialect(paramstyle="named")
    columns = [column for column in table.c if column is not table.autoincrement_column]
    compiled = statement.inline().compile(dialect=named, column_keys=[column.name for column in columns])
    values = [bindparam(column.name, type_=column.type) for column in columns]
    return text(re.sub(r"(:\w+)::\w+", r"\1", str(compiled))).bindparams(*values)


def of_cohort(query: Select[Any], hire_id: Column[Any], first: date | None, last: date | None) -> Select[Any]:
    """The query for hires with a first day in first..last only; None leaves a bound open."""
    query = query.join(hires, hires.c.id == hire_id)
    if first is not None:
        query = query.where(hires.c.first_day >= first)
    return query if last is None else query.where(hires.c.first_day <= last)


def portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in portions that fit into one IN list (SQLite takes 32,766 values a statement)."""
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
