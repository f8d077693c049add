"""Can HR tick for somebody who cannot, and is it noted that HR did?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.domain.delivery import State
from onboarding.domain.errors import Expired, IllegalMove, NotFound
from onboarding.services.hiring import withdraw
from onboarding.services.ticking_by_hand import tick_by_hand
from onboarding.services.timeline import timeline
from tests.ticking import LIST_WORDS, list_of, tick
from tests.worlds import World, at, world

NEEDED = ("accounts", "laptop", "sign_in", "access", "missing")


@pytest.fixture
def here() -> Iterator[World]:
    """The list of IT was sent, that of the newcomer was not."""
    with world(words=LIST_WORDS) as found:
        found.enrol()
        found.walk_to(at("2026-12-21 12:00"))
        yield found


def ticked_by(here: World) -> dict[str, str]:
    with here.engine.store.read() as books:
        return {one.task: one.person_id for one in books.ticks.of_hire("n1") if one.done}


def test_hr_ticks_and_what_would_remind_of_it_ends(here: World) -> None:
    (state,) = tick_by_hand(here.engine, "n1", ["accounts", "laptop", "laptop"], here.now, done=True)
    assert (state.step, state.role, state.done) == ("it_list", "it", 2)
    assert ticked_by(here) == {"accounts": "hr", "laptop": "hr"}
    task = list_of(here, "it_list", "it").task("laptop")
    assert task is not None
    assert task.ticked_by == "People Team"
    assert here.row("it_list", "it", "once.due-2026-12-25").state is State.WITHDRAWN

    (state,) = tick_by_hand(here.engine, "n1", ["laptop"], here.now, done=False)
    assert state.done == 1
    assert here.row("it_list", "it", "once.due-2026-12-25").state is State.PLANNED


def test_what_somebody_ticked_themselves_stays_theirs(here: World) -> None:
    tick(here, "it_list", "it", "laptop")
    tick_by_hand(here.engine, "n1", ["laptop"], here.now, done=True)
    assert ticked_by(here) == {"laptop": "it"}


def test_the_last_task_counts_as_an_answer_also_on_a_list_that_is_closed(here: World) -> None:
    here.walk_to(at("2027-06-30 12:00"))
    with pytest.raises(Expired):
        list_of(here, "it_list", "it")
    (state,) = tick_by_hand(here.engine, "n1", NEEDED, here.now, done=True, on="it_list")
    assert (state.done, state.overdue) == (state.total, ())
    assert here.row("it_list", "it").key in timeline(here.engine, "n1").answered


def test_a_slip_is_said_and_nothing_is_ticked(here: World) -> None:
    def refused(error: type[Exception], *tasks: str, hire: str = "n1", on: str = "") -> str:
        with pytest.raises(error) as found:
            tick_by_hand(here.engine, hire, tasks, here.now, done=True, on=on)
        return str(found.value)

    assert "n1 has no task lapdog; there are it_list: accounts, laptop" in refused(NotFound, "accounts", "lapdog")
    assert "manager_tasks has no task laptop" in refused(NotFound, "laptop", on="manager_tasks")
    assert refused(NotFound, "security") == "security stands on hire_list, which was not sent yet"
    assert "n9" in refused(NotFound, "laptop", hire="n9")
    here.walk_to(at("2027-01-06 12:00"))
    assert "laptop stands on several lists, it_list, hire_list" in refused(IllegalMove, "laptop")
    assert ticked_by(here) == {}
    tick_by_hand(here.engine, "n1", ["laptop"], here.now, done=True, on="hire_list")
    withdraw(here.engine, "n1", here.now)
    assert "withdrawn" in refused(IllegalMove, "accounts")
