"""How fast does the ledger plan, claim, start and settle? Run: `python -m tests.benchmarks.store --rows 600000`.

Prints one line for each measure and database. PostgreSQL is a fresh local server with its usual durability.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.migrations import migrate
from onboarding.domain.delivery import Delivery, Planned, State
from tests.databases import opened, postgres_server

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
PORTION = 5000
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: rows in the ledger, and messages dispatched."""

    rows: int
    messages: int


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="deliveries in the ledger")
    parser.add_argument("--messages", type=int, default=2_000, help="how many are dispatched")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    given = parser.parse_args()
    size = Size(rows=given.rows, messages=given.messages)
    for name, database in (("sqlite", _sqlite), ("postgres", _postgres)):
        if given.only in (None, name):
            with database() as url:
                migrate(url)
                with opened(url) as store:
                    _measure(name, store, size)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/benchmark.db"


@contextmanager
def _postgres() -> Iterator[str]:
    with postgres_server(durable=True) as server:
        yield server.empty()


def _measure(name: str, store: SqlStore, size: Size) -> None:
    def timed(what: str, count: int, work: Callable[[], object]) -> None:
        start = perf_counter()
        work()
        took = perf_counter() - start
        print(f"{name:9} {what:34} {count / took:12,.0f} /s {took / count * 1e6:12,.0f} us each")

    claimed: list[Delivery] = []
    timed("plan, in bulk", size.rows, lambda: _plan(store, size.rows))
    timed(f"claim, {BATCH} at a time", size.messages, lambda: claimed.extend(_claim(store, size.messages)))
    timed("start_sending, one transaction each", len(claimed), lambda: _start(store, claimed))
    timed("settle, one transaction each", len(claimed), lambda: _settle(store, claimed))
    _questions(timed, store)


def _questions(timed: Callable[[str, int, Callable[[], object]], None], store: SqlStore) -> None:
    later = NOW + timedelta(days=400)
    with store.read() as books:
        ledger = books.deliveries
        timed("due, 500 rows", 20, lambda: [ledger.due(later, BATCH) for _ in range(20)])
        timed("next_due", 200, lambda: [ledger.next_due() for _ in range(200)])
        timed(
            "due_moments of a day",
            20,
            lambda: [ledger.due_moments(NOW, NOW + timedelta(days=1)) for _ in range(20)],
        )
        timed("of_hire", 200, lambda: [ledger.of_hire("hire-7") for _ in range(200)])
        timed("in_states(unknown, failed)", 200, lambda: [ledger.in_states([State.UNKNOWN]) for _ in range(200)])
        timed("stale", 200, lambda: [ledger.stale(later) for _ in range(200)])
        timed("counts", 5, lambda: [ledger.counts() for _ in range(5)])


def _plan(store: SqlStore, rows: int) -> None:
    """Sixty deliveries a hire; the moments of all spread over a year, by minute."""
    template = Planned(
        hire_id="",
        step="",
        verb="write",
        role="hire",
        person_id="ada",
        occasion="once",
        due_at=NOW,
        grace_until=NOW,
    )
    for start in range(0, rows, PORTION):
        portion = [
            replace(
                template,
                hire_id=f"hire-{number // 60}",
                step=f"step-{number % 60}",
                due_at=NOW + timedelta(minutes=number * 7919 % 525_600),
                grace_until=NOW + timedelta(days=400),
            )
            for number in range(start, min(start + PORTION, rows))
        ]
        with store.begin() as books:
            books.deliveries.plan(portion, NOW)


def _claim(store: SqlStore, messages: int) -> Iterator[Delivery]:
    for _ in range(0, messages, BATCH):
        with store.begin() as books:
            yield from books.deliveries.claim(NOW + timedelta(days=400), claim="benchmark", limit=BATCH)


def _start(store: SqlStore, claimed: list[Delivery]) -> None:
    for delivery in claimed:
        with store.begin() as books:
            books.deliveries.start_sending(delivery.key, claim="benchmark", now=NOW)


def _settle(store: SqlStore, claimed: list[Delivery]) -> None:
    for delivery in claimed:
        with store.begin() as books:
            books.deliveries.settle(delivery.key, State.SENT, now=NOW, provider_id=str(delivery.number))


if __name__ == "__main__":
    main()
