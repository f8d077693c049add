"""What is one Prefect task? A batch of deliveries of one step and role: `welcome_card/hire x 37`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.opening import withheld
from flows.tables import show
from onboarding.domain.delivery import State as Standing
from onboarding.services.dispatching import Batch, Result

FOR_A_HUMAN = (Standing.FAILED, Standing.UNKNOWN)
"""Deliveries that end here make their task, and so the run, fail: somebody should look."""


def label(batch: Batch) -> str:
    """The task run's name."""
    return f"{batch.step}/{batch.role} x {len(batch.keys)}"


@task(task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
def work(
    name: str,  # noqa: ARG001 -- names the task run
    perform: Callable[[], Sequence[Result]],
    note: Callable[[Sequence[Result]], None],
) -> State[None]:
    """Do one batch; it fails when a delivery of it failed or is unknown. Never cached, nor retried here."""
    with withheld():
        results = perform()
    note(results)
    counts = Counter(result.state for result in results)
    said = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing left to do"
    return Failed(message=said) if any(counts[state] for state in FOR_A_HUMAN) else Completed(message=said)


def show_results(results: Sequence[Result]) -> None:
    """The table of what became of each delivery."""
    rows = (
        {
            "number": one.number,
            "hire": one.hire_id,
            "step": one.step,
            "role": one.role,
            "state": one.state.value,
            "why": one.why.value,
        }
        for one in results
    )
    show(
        "run-due-steps",
        rows,
        "What became of each delivery. The sentences are on HR's desk.",
    )
