"""Who answered an invitation by mail? Look into the mailbox."""

from __future__ import annotations

from collections import Counter

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from flows.opening import opened
from flows.tables import show
from onboarding.services import replying


@flow(name="poll-replies", persist_result=False)
def poll_replies(as_of: AwareDatetime | None = None) -> State[None]:
    """Take the answers that lie unread in the mailbox; what needs a human stays unread, with a flag.

    Args:
        as_of: The moment at which they are taken, with its offset. Empty means now.
    """
    with opened(as_of) as (engine, now):
        if engine.mailbox is None:
            return Completed(message="No mailbox is set up.")
        found = [one.reply for one in replying.poll(engine, now)]
    rows = ({"state": one.state, "meeting": one.meeting_id, "person": one.person_id} for one in found)
    show("poll-replies", rows, "What became of each mail. The reasons: onboarding replies.")
    counts = Counter(one.state.replace("_", " ") for one in found)
    said = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    return Completed(message=f"{said}." if said else "No mail came back.")
