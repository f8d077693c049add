"""Are messages that arrive together written together, and is each answered for itself?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Wakening

import pytest

from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Event
from onboarding.ports import Books, Store
from onboarding.services import recording
from onboarding.services.recording import Recorder
from tests.databases import opened
from tests.ports.stores import event


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with opened(sqlite_url) as found:
        yield found


@dataclass
class Doorkeeper:
    """A store that holds its first transaction until it is let in, and counts all."""

    store: Store
    let_in: Wakening = field(default_factory=Wakening)
    begun: Wakening = field(default_factory=Wakening)
    transactions: int = 0

    @contextmanager
    def begin(self, *, within: float = 0) -> Iterator[Books]:
        self.transactions += 1
        self.begun.set()
        self.let_in.wait(10)
        with self.store.begin(within=within) as books:
            yield books


def _arrive(recorder: Recorder, keeper: Doorkeeper, events: list[Event]) -> list[bool | Exception]:
    """The first one stands at the door alone, the others come while it waits."""

    def record(one: Event) -> bool | Exception:
        try:
            return recorder.record(keeper, one)  # type: ignore[arg-type]  # it has what is needed of a store
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            return error

    with ThreadPoolExecutor(len(events)) as threads:
        first = threads.submit(record, events[0])
        keeper.begun.wait(10)
        others = [threads.submit(record, one) for one in events[1:]]
        while len(recorder._arrived) < len(others):
            keeper.let_in.wait(0.001)
        keeper.let_in.set()
        return [one.result() for one in (first, *others)]


def _events(*numbers: int) -> list[Event]:
    return [event(id=f"e{number}", delivery_id=f"d{number}") for number in numbers]


def test_all_who_wait_share_one_transaction_and_all_are_there_afterwards(store: Store) -> None:
    keeper = Doorkeeper(store)
    assert _arrive(Recorder(), keeper, _events(*range(12))) == [True] * 12
    assert keeper.transactions == 2
    with store.read() as books:
        assert {one.id for one in books.events.find()} == {f"e{number}" for number in range(12)}


def test_one_that_is_told_twice_at_once_is_new_once(store: Store) -> None:
    answers = _arrive(Recorder(), Doorkeeper(store), [*_events(1, 2), *_events(2, 3), *_events(1)])
    assert answers[0] is True
    assert sorted(map(bool, answers)) == [False, False, True, True, True]


def test_one_that_cannot_be_written_refuses_nobody_else(store: Store) -> None:
    broken = event(id="e1", delivery_id="d9")  # the id of another one
    with store.begin() as books:
        books.events.record(_events(1)[0])
    answers = _arrive(Recorder(), Doorkeeper(store), [*_events(2, 3), broken, *_events(4)])
    assert [one is True for one in answers] == [True, True, False, True]
    assert isinstance(answers[2], Exception)


def test_while_nobody_gets_in_each_is_told_so_and_none_waits_longer_than_its_patience(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "PATIENCE", 0.1)
    with opened(sqlite_url) as holder, opened(sqlite_url) as store:
        keeper = Doorkeeper(store)
        with holder.begin():
            answers = _arrive(Recorder(), keeper, _events(1, 2, 3))
        assert [type(one) for one in answers] == [Unavailable] * 3
        assert Recorder().record(store, _events(1)[0])
