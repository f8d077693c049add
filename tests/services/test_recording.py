"""Are messages that arrive together written together, and is each answered for itself?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from onboarding.domain.errors import Unavailable
from onboarding.domain.events import Event
from onboarding.ports import Books, Store
from onboarding.services import recording
from onboarding.services.recording import record_all
from tests.databases import opened
from tests.ports.stores import event


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with opened(sqlite_url) as found:
        yield found


@dataclass
class Counting:
    """A store that notes for how long each transaction would wait."""

    store: Store
    patience: list[float] = field(default_factory=list)

    @contextmanager
    def begin(self, *, within: float = 0) -> Iterator[Books]:
        self.patience.append(within)
        with self.store.begin(within=within) as books:
            yield books


def _events(*numbers: int) -> list[Event]:
    return [event(id=f"e{number}", delivery_id=f"d{number}") for number in numbers]


def test_all_share_one_transaction_and_all_are_there_afterwards(store: Store) -> None:
    counting = Counting(store)
    assert record_all(cast("Store", counting), _events(*range(12))) == [True] * 12
    assert len(counting.patience) == 1
    with store.read() as books:
        assert {one.id for one in books.events.find()} == {f"e{number}" for number in range(12)}


def test_one_that_is_told_twice_at_once_is_new_once(store: Store) -> None:
    assert record_all(store, _events(1, 2, 2, 3, 1)) == [True, True, False, True, False]


def test_one_that_cannot_be_written_refuses_nobody_else(store: Store) -> None:
    broken = event(id="e1", delivery_id="d9")  # the id of another one
    record_all(store, _events(1))
    outcomes = record_all(store, [*_events(2, 3), broken, *_events(4)])
    assert [one is True for one in outcomes] == [True, True, False, True]
    assert isinstance(outcomes[2], Exception)


def test_while_somebody_else_writes_each_is_told_so(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PATIENCE", 0.1)
    with opened(sqlite_url) as holder, opened(sqlite_url) as store:
        with holder.begin():
            outcomes = record_all(store, _events(1, 2, 3))
        assert [type(one) for one in outcomes] == [Unavailable] * 3
        assert record_all(store, _events(1)) == [True]


def test_what_a_message_has_waited_before_is_taken_from_its_patience(store: Store) -> None:
    counting = Counting(store)
    record_all(cast("Store", counting), _events(1), waited=1.5)
    record_all(cast("Store", counting), _events(2), waited=9)
    assert 0.4 < counting.patience[0] <= 0.5
    assert counting.patience[1] == recording.LEAST
