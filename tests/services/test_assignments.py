"""Is what was worked out before a transaction kept only while everything that it hangs on still holds?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import pytest

from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.matching_weights import DEFAULTS
from onboarding.domain.preferences import Preferences
from onboarding.ports import Books, Store
from onboarding.services.assignments import Assignments
from onboarding.services.hiring import leave
from onboarding.services.rematching import rematch
from tests.services.test_rematching import PAIR, has, prefer, scarce
from tests.worlds import MANILA, person, world

WANTED = Wanted(role="buddy", weights=DEFAULTS["buddy"])


def needs() -> list[Need]:
    return [Need(hire=person("new", MANILA), day=date(2027, 1, 4))]


def colleagues(load: int = 0) -> list[Colleague]:
    return [Colleague(person=one, load=load) for one in PAIR]


def test_the_same_question_is_answered_from_memory_and_another_one_is_not() -> None:
    assignments = Assignments()
    first = assignments.of(WANTED, needs(), colleagues(), 1)
    assert assignments.of(WANTED, needs(), colleagues(), 1) is first
    full = assignments.of(WANTED, needs(), colleagues(load=2), 1)
    assert first["new"][0].person_id
    assert full["new"][0].person_id == ""
    assert assignments.of(replace(WANTED, capacity=3), needs(), colleagues(load=2), 1)["new"][0].person_id


@dataclass
class Meanwhile:
    """A store in which something happens just before the first transaction that may write."""

    store: Store
    happens: Callable[[], object] | None

    @contextmanager
    def begin(self, *, within: float = 0) -> Iterator[Books]:
        """A transaction after what happens."""
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        with self.store.begin(within=within) as books:
            yield books

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


@pytest.mark.parametrize("what", ["nothing", "somebody leaves", "somebody pauses"])
def test_what_happens_between_reading_and_writing_counts(what: str) -> None:
    with world(people=PAIR) as here:
        scarce(here)
        happens = {
            "nothing": lambda: None,
            "somebody leaves": lambda: leave(here.engine, "spare", here.now),
            "somebody pauses": lambda: prefer(here, "spare", Preferences(paused_until=date(2028, 1, 1))),
        }[what]
        engine = replace(here.engine, store=Meanwhile(here.engine.store, happens))  # type: ignore[arg-type]  # it is one, by __getattr__
        rematch(engine, here.now)
        found = {has(here, "early"), has(here, "late")}
        assert found == ({"spare", "best"} if what == "nothing" else {"best", ""})


def test_a_store_that_takes_no_writer_is_only_read_before_the_transaction() -> None:
    with world(people=PAIR) as here:
        scarce(here)
        before = {name: has(here, name) for name in ("early", "late")}

        def fails() -> None:
            raise RuntimeError("nobody may write")

        engine = replace(here.engine, store=Meanwhile(here.engine.store, fails))  # type: ignore[arg-type]  # as above
        with pytest.raises(RuntimeError, match="nobody may write"):
            rematch(engine, here.now)
        assert {name: has(here, name) for name in ("early", "late")} == before
