"""How long does it take to count what two thousand newcomers did in ninety days?"""

from __future__ import annotations

import tempfile

from sqlalchemy import create_engine, select

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.adapters.sql.tables import asks, meetings, pairings
from onboarding.services.measures import measure
from tests.benchmarks.measuring import Measure, duration, timed
from tests.crowds import NOW, crowd
from tests.worlds import world

HIRES = 2000


def measures() -> list[Measure]:
    """All measures of two thousand hires; the floor only reads the meetings, pairings and asks behind them."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ledger.db"
        migrate(url)
        crowd(url, HIRES)
        with world(store=SqlStore(url), people=[]) as here:
            ours = timed(lambda: measure(here.engine, NOW))
        floor = _floor(url)
    return [duration("measures", HIRES, ours, floor)]


def _floor(url: str) -> float:
    engine = create_engine(url)

    def read() -> None:
        with engine.connect() as connection:
            for table in (meetings, pairings, asks):
                connection.execute(select(table)).all()

    try:
        return timed(read)
    finally:
        engine.dispose()
