"""Whom do the HR systems know? Ask them for everybody: the net under lost messages."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import syncing


@flow(name="sync-directory", persist_result=False)
def sync_directory(
    source: str = "",
    rehearse: bool = False,  # noqa: FBT001, FBT002 -- a tick box of Prefect's form
    as_of: AwareDatetime | None = None,
) -> State[None]:
    """Take in everybody as the HR systems know them now; whoever starts and was never announced is enrolled.

    Ends as failed when one of them does not answer; the others are looked at all the same.

    Args:
        source: The HR system to ask, such as bamboohr. Empty means every one that can be asked.
        rehearse: Only show what would change; nothing is kept.
        as_of: The moment to look from, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        results = syncing.sync_all(engine, now, source=source, rehearse=rehearse)
    rows = (
        {"source": result.source, "person": one.person_id, "what": what}
        for result in results
        for what, seen in (("enrolled", result.enrolled), ("left", result.left), ("to review", result.to_review))
        for one in seen
    )
    show("sync-directory", rows, "Who was enrolled, who left, and who needs a look. The reasons are on HR's desk.")
    said = "; ".join(_said(result) for result in results) or "no HR system is set up to be asked"
    state = Failed if any(result.away for result in results) else Completed
    return state(message=f"{'Would be: ' if rehearse else ''}{said}.")


def _said(result: syncing.Synced) -> str:
    if result.away:
        return f"{result.source}: {result.away}"
    counts = f"{len(result.enrolled)} enrolled, {len(result.changed)} changed, {len(result.left)} left"
    kept_back = "; many are missing, nobody was taken for gone" if result.kept_back else ""
    return f"{result.source}: {result.seen} seen, {counts}, {len(result.to_review)} to review{kept_back}"
