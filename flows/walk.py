"""How does a demo walk through ninety days in a minute? One process that runs the real flows at told moments.

Reads JSON lines from standard input (`{"flow": "run-due-steps", "as_of": "2027-03-01T09:00:00+08:00"}`) and
answers each with one (`flow`, `as_of`, `run_id`, `state`, `message`). The runs are ordinary flow runs of the
server at PREFECT_API_URL; they share engine and connection, and have no heartbeat: it costs a second a run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TextIO

from prefect.context import SyncClientContext
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.daily_review import daily_review
from flows.enroll_hires import enroll_hires
from flows.opening import keeping
from flows.run_due_steps import run_due_steps

FLOWS: dict[str, Callable[..., Any]] = {
    "enroll-hires": enroll_hires,
    "run-due-steps": run_due_steps,
    "daily-review": daily_review,
}


def walk(orders: Iterable[str], answers: TextIO) -> None:
    """Run each order as it comes, and answer it."""
    quick = temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})
    with quick, SyncClientContext.get_or_create(), keeping():
        for line in orders:
            order = json.loads(line)
            state = FLOWS[order["flow"]](as_of=datetime.fromisoformat(order["as_of"]), return_state=True)
            answer = {
                **order,
                "run_id": str(state.state_details.flow_run_id),
                "state": state.type.value,
                "message": state.message or "",
            }
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    walk(sys.stdin, sys.stdout)
