"""Many hires with ninety days behind them: one journey that was really walked, copied for each of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, create_engine, insert, select

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.tables import (
    answers,
    asks,
    deliveries,
    hires,
    meeting_people,
    meetings,
    pairings,
    people,
)
from tests.worlds import World, at, world

TABLES = (people, hires, pairings, meetings, meeting_people, asks, answers, deliveries)
"""What is copied; parents before children."""

NOW = at("2027-04-05 12:00")
FIRST_DAYS = tuple(date(2027, month, 4) for month in (1, 2, 3))


def crowd(url: str, count: int) -> None:
    """Fill a migrated database with that many hires who began in three months, as they stand at NOW.

    `h0` is the one whose journey was walked; the first days of the others are only said to be others.
    """
    with world(store=SqlStore(url)) as here:
        here.enrol(id="h0")
        walk_and_answer(here, "h0", NOW)
    engine = create_engine(url)
    try:
        _copy(engine, count)
    finally:
        engine.dispose()


def walk_and_answer(here: World, hire_id: str, end: datetime) -> None:
    """Live through every day; two of three times when it is asked, the newcomer says that they met."""
    asked: set[str] = set()
    while here.now < end:
        here.walk_to(min(here.now + timedelta(days=1), end))
        for row in here.rows(hire_id):
            if row.step.startswith("met_") and row.settled_at and row.key not in asked and "." not in row.occasion:
                asked.add(row.key)
                if len(asked) % 3 and row.state == "sent":
                    here.answer(row, met="yes")


def _copy(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        rows = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in TABLES}
        for table in TABLES:
            theirs = [row for row in rows[table] if table is not people or row["id"] == "h0"]
            connection.execute(insert(table), [_renamed(table, row, n) for n in range(1, count) for row in theirs])


def _renamed(table: Table, row: dict[str, Any], number: int) -> dict[str, Any]:
    """The same row for another hire; a meeting is the hire's by its id, too."""
    name = f"h{number}"
    again = {key: _other(value, name) for key, value in row.items()}
    if table is deliveries:
        again.pop("number")
    if table is meetings:
        again["id"] = f"{row['id']}-{number}"
    if table is meeting_people:
        again["meeting_id"] = f"{row['meeting_id']}-{number}"
    if table is hires:
        again["first_day"] = FIRST_DAYS[number % len(FIRST_DAYS)]
    return again


def _other(value: Any, name: str) -> Any:
    if type(value) is str:  # not a state, which is a text too
        return name if value == "h0" else value.replace("h0/", f"{name}/").replace("/h0/", f"/{name}/")
    return tuple(_other(one, name) for one in value) if isinstance(value, tuple) else value
