"""Who was announced to us? Obey the recorded HRIS events that wait, oldest first."""

from __future__ import annotations

from collections import Counter

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import enrolling


@flow(name="enroll-hires", persist_result=False)
def enroll_hires(as_of: AwareDatetime | None = None) -> State[None]:
    """Turn waiting HRIS events into hires with a plan. An extra run finds nothing and does nothing.

    Args:
        as_of: The moment to look from, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        enrolled = enrolling.enroll_waiting(engine, now)
    rows = ({"event": one.event_id, "hire": one.hire_id, "state": one.state} for one in enrolled)
    show("enroll-hires", rows, "What became of each HRIS event. The reasons are on HR's desk.")
    counts = Counter(str(one.state) for one in enrolled)
    said = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    return Completed(message=said or "No event was waiting.")
