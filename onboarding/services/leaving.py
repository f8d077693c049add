"""What do we keep of people who have left, or do not come after all, and for how long?

What they told of themselves, their photo and what they wrote and did not send stays for a while, since an HR
system may have been mistaken. Then it is deleted, as if they took it back. What HR's systems say stays.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from onboarding.services import profiles
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long after we first saw that somebody has left."""


def forget_who_left(engine: Engine, now: datetime) -> list[str]:
    """Notice who has left or is back, and forget whoever left long enough ago; returns the ids of these."""
    with engine.store.begin() as books:
        books.pairings.hold(alone=True)
        directory = Directory(books)
        left = {one.id: one for one in books.people.all() if not one.active}
        known = {one.person_id: one for one in books.leavers.all()}
        books.leavers.drop(known.keys() - left.keys())
        books.leavers.notice(left.keys() - known.keys(), now)
        over = [one for one in known.values() if one.forgotten_at is None and one.noticed_at <= now - KEPT]
        forgotten = [one.person_id for one in over if one.person_id in left]
        for person_id in forgotten:
            profiles.forget(engine, books, directory, left[person_id], now)
            books.asks.forget_drafts_of(person_id)
            books.leavers.note_forgotten(person_id, now)
    if forgotten:
        log.info("people.forgotten", extra={"count": len(forgotten)})
    return forgotten
