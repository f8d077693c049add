"""What does it cost to look for due work when there is none, among the rows of 10,000 hires?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from sqlalchemy import create_engine, func, select

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.adapters.sql.tables import deliveries
from onboarding.domain.delivery import Planned, State
from onboarding.services.dispatching import claim_batches
from tests.benchmarks.measuring import Measure, duration, timed
from tests.worlds import World, world

HIRES = 10_000
LOOKS = 200
PORTION = 20_000


def idle() -> list[Measure]:
    """A look with nothing due, as a median of many; the floor is one indexed count."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ledger.db"
        migrate(url)
        with world(store=SqlStore(url)) as here:
            rows = _fill(here)
            ours = sorted(timed(lambda: claim_batches(here.engine, here.now)) for _ in range(LOOKS))
            engine = create_engine(url)
            count = select(func.count()).where(
                deliveries.c.state == State.PLANNED, deliveries.c.due_at <= here.now
            )
            with engine.connect() as connection:
                floor = sorted(timed(lambda: connection.execute(count).scalar()) for _ in range(LOOKS))
    return [duration("idle", rows, ours[LOOKS // 2], floor[LOOKS // 2])]


def _fill(here: World) -> int:
    """The plan of one hire, ten thousand times."""
    here.enrol()
    plan = [Planned(**{name: getattr(one, name) for name in Planned.__slots__}) for one in here.rows()]
    wishes = (replace(one, hire_id=f"h{number}") for number in range(HIRES) for one in plan)
    for portion in _portions(wishes):
        with here.engine.store.begin() as books:
            books.deliveries.plan(portion, here.now)
    return HIRES * len(plan)


def _portions(wishes: Iterator[Planned]) -> Iterator[list[Planned]]:
    while portion := list(islice(wishes, PORTION)):
        yield portion
