"""How does a row become a value of the domain, and a value a row?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

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
def insert_new(dialect: str, table: Table, *unique: str) -> Insert:
    """An insert that leaves a row with the same `unique` columns alone."""
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(unique))


@cache
def insert_or_replace(dialect: str, table: Table) -> Insert:
    """An insert that replaces the row with the same primary key."""
    insert = _insert(dialect, table)
    key = [column.name for column in table.primary_key]
    given = {name: column for name, column in insert.excluded.items() if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=given)


def _insert(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def portions(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in portions that fit into one IN list (SQLite takes 32,766 values a statement)."""
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
