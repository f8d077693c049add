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
from threading import Event
from typing import Any, TextIO

import httpx
from prefect.context import SyncClientContext
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.coffee_round import coffee_round
from flows.daily_review import daily_review
from flows.enroll_hires import enroll_hires
from flows.opening import keeping
from flows.run_due_steps import run_due_steps
from onboarding.adapters.alarms import PAUSES

FLOWS: dict[str, Callable[..., Any]] = {
    "enroll-hires": enroll_hires,
    "run-due-steps": run_due_steps,
    "daily-review": daily_review,
    "coffee-round": coffee_round,
}


class Patient(httpx.HTTPTransport):
    """Asks again soon when the server says 503: one on SQLite does when two writers meet, and has written nothing.

    Prefect's client would wait for two seconds and more, which cost a walk of 190 runs a quarter of its time.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer; the last 503 when there is no other."""
        answer = super().handle_request(request)
        for pause in PAUSES:
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            answer.close()
            Event().wait(pause)
            answer = super().handle_request(request)
        return answer


def walk(orders: Iterable[str], answers: TextIO) -> None:
    """Run each order as it comes, and answer it."""
    quick = temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})
    shared = SyncClientContext(httpx_settings={"transport": Patient()})
    shared._httpx_settings = None  # noqa: SLF001 -- else a flow, which asks for no settings, makes a client of its own
    with quick, shared, keeping():
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
