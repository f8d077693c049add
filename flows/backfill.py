"""What would have been sent to people whose first day is known to us only now, and shall it be sent?"""

from __future__ import annotations

from datetime import date

from prefect import flow
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import backfilling
from onboarding.services.backfilling import Late


@flow(name="backfill", persist_result=False)
def backfill(
    first_day_from: date,
    first_day_to: date,
    steps: list[str] | None = None,
    late: Late = Late.SKIP,
    rehearse: bool = True,  # noqa: FBT001, FBT002 -- a tick box of Prefect's form
    as_of: AwareDatetime | None = None,
) -> None:
    """Plan steps for everybody whose first day lies in a span. Rehearses unless told otherwise.

    Args:
        first_day_from: The first of the first days, included.
        first_day_to: The last of the first days, included.
        steps: Keys of the steps to plan, as in the journey file. Empty means all of them.
        late: What becomes of a step whose moment has passed: skip it, or send it at the next working hour.
        rehearse: Only show what would happen; untick it to do it.
        as_of: The moment to look from, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        rows = backfilling.backfill(
            engine,
            first_day_from=first_day_from,
            first_day_to=first_day_to,
            steps=tuple(steps or ()),
            late=late,
            rehearse=rehearse,
            now=now,
        )
    table = (
        {
            "hire": row.hire_id,
            "step": row.step,
            "role": row.role,
            "occasion": row.occasion,
            "due (UTC)": f"{row.due_at:%Y-%m-%d %H:%M}",
            "action": row.action,
        }
        for row in rows
    )
    show("backfill", table, "What would happen: nothing was changed." if rehearse else "What was changed.")
