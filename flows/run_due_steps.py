"""What is due? Claim it in batches by step and role, send each batch as one task, say what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import AwareDatetime

from flows.batches import label, show_results, work
from flows.opening import opened
from onboarding.services import dispatching, waking


@flow(name="run-due-steps", persist_result=False)
def run_due_steps(as_of: AwareDatetime | None = None) -> list[State[Any]]:
    """Send whatever has fallen due. An extra run finds nothing and does nothing.

    Args:
        as_of: The moment to look from, with its offset. Empty means now.
    """
    results: list[dispatching.Result] = []
    states: list[State[Any]] = []
    with opened(as_of) as (engine, now):
        dispatching.recover(engine, now)
        while batches := dispatching.claim_batches(engine, now):
            for batch in batches:
                perform = partial(dispatching.perform, engine, batch, now)
                states.append(work(label(batch), perform, results.extend, return_state=True))
        waking.set_alarms(engine, now)
    show_results(results)
    return states
