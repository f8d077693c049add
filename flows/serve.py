"""Who waits for Prefect's alarms? The runner: it serves every flow, with the sweeps that find what alarms miss.

`python -m flows.serve` needs PREFECT_API_URL; it waits for a server that is still starting.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.settings import get_current_settings
from prefect.types.entrypoint import EntrypointType

from flows.backfill import backfill
from flows.coffee_round import coffee_round
from flows.daily_review import daily_review
from flows.enroll_hires import enroll_hires
from flows.poll_replies import poll_replies
from flows.run_due_steps import run_due_steps
from flows.sync_directory import sync_directory
from onboarding import settings
from onboarding.adapters.alarms import DEPLOYMENT

AT_ONCE = 2
"""Runs at a time: each is a process of some 200 MB, and one run does all that is due."""

POLL = 2
"""Seconds between two looks for alarms that ring."""

PATIENCE = timedelta(minutes=3)
"""How long a server may take to start: the first start of Prefect's takes up to half a minute."""

EVERY_QUARTER = "*/15 * * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"
EVERY_HOUR = "0 * * * *"
EVERY_MORNING = "0 7 * * *"
AT_FIVE = "0 5 * * *"
EVERY_WEDNESDAY = "0 6 * * 3"


def deployments(coffee: str = EVERY_WEDNESDAY, replies: str = EVERY_TEN_MINUTES) -> list[RunnerDeployment]:
    """Every flow with its schedule (UTC); the schedules are the net under lost alarms.

    `coffee` is when the next coffee round is announced, `replies` when the mailbox is looked into; "" for never.
    """
    schedules: list[tuple[Flow[..., Any], str | None]] = [
        (enroll_hires, EVERY_QUARTER),
        (run_due_steps, EVERY_HOUR),
        (daily_review, EVERY_MORNING),
        (sync_directory, AT_FIVE),
        (coffee_round, coffee or None),
        (poll_replies, replies or None),
        (backfill, None),
    ]
    return [
        RunnerDeployment.from_flow(one, DEPLOYMENT, cron=cron, entrypoint_type=EntrypointType.MODULE_PATH)
        for one, cron in schedules
    ]


def wait_for_server(api_url: str, patience: timedelta = PATIENCE) -> None:
    """Return as soon as the server answers; give up quietly after a while: Prefect then says what is wrong."""
    pause = Event()
    with httpx.Client(timeout=2) as client:
        for _ in range(int(patience / timedelta(seconds=0.25))):
            with suppress(httpx.HTTPError):
                if client.get(f"{api_url}/health").is_success:
                    return
            pause.wait(0.25)


def main() -> None:
    """Serve until told to stop."""
    wait_for_server(str(get_current_settings().api.url))
    said = settings.load()
    serve(
        *deployments(said.coffee_cron, said.replies_cron if said.replies_mailbox else ""),
        limit=AT_ONCE,
        query_seconds=POLL,
        pause_on_shutdown=False,
        print_starting_message=False,
    )


if __name__ == "__main__":
    main()
