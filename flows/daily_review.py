"""What needs a human today? Collect it, tell HR by mail, and look again at provisional matches."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import digest


@flow(name="daily-review", persist_result=False)
def daily_review(as_of: AwareDatetime | None = None) -> State[None]:
    """Collect what waits for a human, and plan HR's digest of it.

    Args:
        as_of: The moment to look from, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        items = digest.daily_review(engine, now)
    rows = (
        {"kind": one.kind, "id": one.id, "hire": one.hire_id, "since (UTC)": f"{one.since:%Y-%m-%d %H:%M}"}
        for one in items
    )
    show("daily-review", rows, "What waits for a human. The sentences are on HR's desk.")
    return Completed(message=f"{len(items)} for a human" if items else "Nothing waits for a human.")
