"""What do we keep of people who have left, or do not come after all, and for how long?

What they told of themselves, their photo, the interests and the calendar of their page of preferences, and what
they wrote and did not send stay for a while, since an HR system may have been mistaken. Then all of it is deleted,
as if they took it back. What HR's systems say stays, and so do their choices: hours, days away, what they take
part in.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from onboarding.domain.people import Person
from onboarding.domain.preferences import Teller
from onboarding.domain.profile import INTERESTS
from onboarding.ports import Books
from onboarding.services import liked, profiles
from onboarding.services.directory import Directory
from onboarding.services.engine import Engine

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long after we first saw that somebody has left."""


def forget_who_left(engine: Engine, now: datetime) -> list[str]:
    """Notice who has left or is back, and forget whoever left long enough ago; returns the ids of these.

    Each is forgotten alone, so that others need not wait for all of them.
    """
    forgotten = [one for one in _over(engine, now) if _forget(engine, one, now)]
    if forgotten:
        log.info("people.forgotten", extra={"count": len(forgotten)})
    return forgotten


def _over(engine: Engine, now: datetime) -> list[str]:
    with engine.store.begin() as books:
        left = {one.id for one in books.people.all() if not one.active}
        known = {one.person_id: one for one in books.leavers.all()}
        books.leavers.drop(known.keys() - left)
        books.leavers.notice(left - known.keys(), now)
    over = [one for one in known.values() if one.forgotten_at is None and one.noticed_at <= now - KEPT]
    return [one.person_id for one in over if one.person_id in left]


def _forget(engine: Engine, person_id: str, now: datetime) -> bool:
    """False for somebody who has come back meanwhile."""
    with engine.store.begin() as books:
        books.pairings.hold(alone=True)
        directory = Directory(books)
        person = directory.get(person_id)
        if person is None or person.active:
            return False
        profiles.forget(engine, books, directory, person, now)
        _forget_choices(books, directory, person, now)
        books.asks.forget_drafts_of(person_id)
        books.leavers.note_forgotten(person_id, now)
    return True


def _forget_choices(books: Books, directory: Directory, person: Person, now: datetime) -> None:
    """What somebody wrote on the page of preferences: their interests, and the secret address of a calendar."""
    books.busy.set_address(person.id, "", now)
    changed = [one for one in books.preferences.history(person.id) if INTERESTS in one.fields]
    if changed and changed[-1].changed_by is Teller.PERSON:
        known_now = directory.get(person.id) or person
        directory.put(replace(known_now, interests=()))
        liked.forget(books, replace(known_now, interests=()), known_now.interests)
