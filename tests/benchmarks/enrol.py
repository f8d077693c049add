"""How many hires are planned a second, with choice of people and ninety days of deliveries?"""

from __future__ import annotations

import tempfile

from sqlalchemy import create_engine, insert, select

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.adapters.sql.tables import deliveries, hires, pairings, people, transitions
from onboarding.services.enrolling import enroll_waiting
from tests.benchmarks.measuring import Measure, rate, timed
from tests.signing import post_standard
from tests.worlds import world

HIRES = 300
TABLES = (people, hires, pairings, deliveries, transitions)


def enrol() -> list[Measure]:
    """Three hundred recorded events become hires with plans; the floor inserts the same rows, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        url, bare = f"sqlite:///{folder}/ledger.db", f"sqlite:///{folder}/bare.db"
        migrate(url)
        migrate(bare)
        with world(store=SqlStore(url)) as here:
            for number in range(HIRES):
                more: dict[str, object] = {
                    "id": f"h{number}",
                    "work_email": f"h{number}@example.com",
                    "personal_email": None,
                }
                post_standard(here.engine, more, now=here.now)
            ours = timed(lambda: enroll_waiting(here.engine, here.now))
        floor = _floor(url, bare)
    return [rate("enrol", HIRES, ours, floor, "hires/s")]


def _floor(url: str, bare: str) -> float:
    source, target = create_engine(url), create_engine(bare)
    with source.connect() as connection:
        rows = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in TABLES}

    def fill() -> None:
        with target.begin() as connection:
            for table, values in rows.items():
                connection.execute(insert(table), values)

    return timed(fill)
