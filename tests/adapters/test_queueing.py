"""Does everybody who wants to write to one SQLite file get their turn?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onboarding.adapters.sql import SqlStore
from onboarding.adapters.sql.queueing import WritersQueue
from onboarding.domain.errors import Unavailable
from tests.databases import opened
from tests.ports.stores import event

GREEDY = """
import sys, time
from tests.databases import opened
from tests.ports.stores import event
with opened(sys.argv[1]) as store:
    for number in range(100_000):
        with store.begin() as books:
            books.events.record(event(id=f"greedy-{number}", delivery_id=f"greedy-{number}"))
            time.sleep(0.02)
            if books.events.get("modest-9"):
                break
"""


@pytest.mark.slow
def test_a_program_that_writes_without_a_pause_leaves_every_other_turn_to_another_one(sqlite_url: str) -> None:
    with opened(sqlite_url) as store:
        greedy = subprocess.Popen([sys.executable, "-c", GREEDY, sqlite_url])
        try:
            while not _ids(store):
                pass
            before = len(_ids(store))
            for number in range(10):
                with store.begin() as books:
                    books.events.record(event(id=f"modest-{number}", delivery_id=f"modest-{number}"))
            assert greedy.wait(30) == 0
        finally:
            greedy.kill()
            greedy.wait()
        greedy_turns = len(_ids(store)) - 10 - before
    assert greedy_turns <= 20  # without a queue: some hundred, or no turn at all within thirty seconds


def _ids(store: SqlStore) -> list[str]:
    with store.read() as books:
        return [one.id for one in books.events.find()]


def test_the_head_of_the_queue_is_for_one_and_free_again_afterwards(tmp_path: Path) -> None:
    one, other = WritersQueue(str(tmp_path / "a.db")), WritersQueue(str(tmp_path / "a.db"))
    with one.head(1), pytest.raises(Unavailable, match="other programs"), other.head(0.01):
        pass
    with other.head(0.01):
        pass
    one.close()
    other.close()


def test_the_queue_is_for_the_owner_of_the_database_only(tmp_path: Path) -> None:
    queue = WritersQueue(str(tmp_path / "a.db"))
    with queue.head(1):
        assert (tmp_path / "a.db-queue").stat().st_mode & 0o077 == 0
    queue.close()
    queue.close()
