"""Who has coffee with whom next? Announce the next round; warnings, draw and invitations follow by the ledger."""

from __future__ import annotations

from collections import Counter

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import rounds


@flow(name="coffee-round", persist_result=False)
def coffee_round(
    rehearse: bool = False,  # noqa: FBT001, FBT002 -- a tick box of Prefect's form
    as_of: AwareDatetime | None = None,
) -> State[None]:
    """Announce the next coffee round to those who said yes. An extra run finds it announced and does nothing.

    Args:
        rehearse: Only show who would meet whom; nothing is kept or sent.
        as_of: The moment to look from, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        report = rounds.run_round(engine, now, rehearse=rehearse)
    rows = (
        {"person": one.person_id, "state": one.state.value, "table": one.place, "why": one.why.value}
        for one in report.seats
    )
    show("coffee-round", rows, f"The coffee round of {report.day}. Names and reasons: onboarding coffee show.")
    counts = Counter(one.state.value for one in report.seats)
    said = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or report.why or "nobody"
    return Completed(message=f"{'Would be: ' if rehearse else ''}{report.day} {report.state}: {said}.")
