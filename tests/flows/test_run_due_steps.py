"""What does a look at what is due leave behind: mails, tasks, a table, a state?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import Any

import pytest
from prefect import flow
from prefect.client.schemas.objects import State

from flows.batches import work
from flows.run_due_steps import run_due_steps
from onboarding.domain.delivery import State as Standing
from onboarding.domain.delivery import Why
from onboarding.services.dispatching import Result
from onboarding.services.hiring import add_hire
from tests.flows.conftest import House
from tests.worlds import at, record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
NOW = at("2026-12-01 08:00")


def result(state: Standing) -> Result:
    return Result(number=7, hire_id="n1", step="profile", role="hire", state=state, why=Why.NONE, reason="Amihan")


def test_what_is_due_is_sent_in_tasks_by_step_and_role_and_told_in_a_table(house: House) -> None:
    for number in (1, 2):
        add_hire(house.engine, record(id=f"n{number}", work_email=f"n{number}@example.com"), NOW)
    state = run_due_steps(as_of=house.next_due(), return_state=True)
    assert state.is_completed()
    assert house.mails == 2
    table = house.table(state.state_details.flow_run_id)
    assert [{**row, "number": 0} for row in table] == [
        {"number": 0, "hire": hire, "step": "profile", "role": "hire", "state": "sent", "why": ""}
        for hire in ("n1", "n2")
    ]
    assert house.tasks(state.state_details.flow_run_id) == ["profile/hire x 2"]


def test_an_extra_run_finds_nothing_and_does_nothing(house: House) -> None:
    add_hire(house.engine, record(), NOW)
    due = house.next_due()
    run_due_steps(as_of=due)
    state = run_due_steps(as_of=due, return_state=True)
    assert state.is_completed()
    assert house.table(state.state_details.flow_run_id) == []
    assert house.mails == 1


def test_a_run_sets_the_alarms_of_the_next_days_once(house: House) -> None:
    add_hire(house.engine, record(id="n9", start_date="2031-02-03"), at("2031-01-16 00:00"))
    run_due_steps(as_of=at("2031-01-19 00:00"))
    run_due_steps(as_of=at("2031-01-19 00:01"))
    names = [
        run["name"] for run in house.server.runs("run-due-steps") if run["name"].startswith("run-due-steps/2031")
    ]
    assert names
    assert len(names) == len(set(names))


def test_a_moment_without_a_zone_is_refused(house: House) -> None:
    naive = at("2027-01-01 00:00").replace(tzinfo=None)
    state = run_due_steps(as_of=naive, return_state=True)
    assert state.is_failed()
    assert "timezone" in str(state.message)


def one_batch(results: Sequence[Result], noted: list[Result]) -> State[None]:
    @flow(name="one-batch", persist_result=False)
    def look() -> list[State[State[None]]]:
        return [work("profile/hire x 1", lambda: results, noted.extend, return_state=True)]

    return look(return_state=True)  # type: ignore[return-value]  # Prefect's overloads lose the type here


@pytest.mark.parametrize("state", [Standing.FAILED, Standing.UNKNOWN])
def test_a_delivery_that_needs_a_human_fails_the_run(house: House, state: Standing) -> None:
    noted: list[Result] = []
    assert one_batch([result(Standing.SENT), result(state)], noted).is_failed()
    assert len(noted) == 2


@pytest.mark.parametrize("state", [Standing.SENT, Standing.SKIPPED, Standing.PLANNED, Standing.DONE])
def test_a_delivery_that_needs_nobody_does_not(house: House, state: Standing) -> None:
    assert one_batch([result(state)], []).is_completed()


def test_a_batch_that_breaks_fails_the_run_and_names_nobody(house: House) -> None:
    def breaks() -> Sequence[Result]:
        raise RuntimeError("Amihan Quill cannot be written to")

    @flow(name="breaks", persist_result=False)
    def look() -> list[State[State[None]]]:
        good = partial(list[Result], [result(Standing.SENT)])
        return [
            work(name, perform, print, return_state=True) for name, perform in (("bad", breaks), ("good", good))
        ]

    state = look(return_state=True)
    assert state.is_failed()
    task = _ended(house, "bad")
    assert task["state"]["message"].startswith("Task run encountered an exception Withheld: RuntimeError at")
    assert "Amihan" not in str(task)


def _ended(house: House, name: str) -> Any:
    """A task run as Prefect tells of it once it has heard of its end, which it does a little later than we."""
    for _ in range(200):
        (task,) = house.server.call("POST", "/task_runs/filter", {"task_runs": {"name": {"any_": [name]}}})
        if task["state"]["type"] == "FAILED":
            break
        Event().wait(0.05)
    return task
