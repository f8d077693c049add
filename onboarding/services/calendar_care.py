"""What does HR see of calendars, and what may be changed?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from onboarding.domain.errors import BadRecord, NotFound
from onboarding.domain.free_busy import LONGEST, Held, read_address
from onboarding.domain.people import Person
from onboarding.services.engine import Engine
from onboarding.services.free_busy import read_one

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many calendars of a kind answered when they were asked last, and how many did not."""

    kind: str
    answered: int
    silent: int


def counts(engine: Engine) -> list[Counted]:
    """Calendars by kind; those that are set up first, in their order."""
    with engine.store.read() as books:
        found = books.busy.counts()
    kinds = dict.fromkeys([*(one.calendars.kind for one in engine.calendars), *sorted(kind for kind, _ in found)])
    return [
        Counted(kind=kind, answered=found.get((kind, True), 0), silent=found.get((kind, False), 0))
        for kind in kinds
    ]


def known(engine: Engine, email: str) -> Person:
    """The person with that work address, or that id.

    Raises:
        NotFound: there is none.
    """
    with engine.store.read() as books:
        person = books.people.by_email(email) or books.people.get(email)
    if person is None:
        raise NotFound("nobody in the directory has that work address; `onboarding people list` names everybody")
    return person


def check(engine: Engine, person: Person, now: datetime) -> Held | None:
    """Read one person's calendar now, and what is held of it then; None without a calendar."""
    if read_one(engine, person, now) is None:
        return None
    with engine.store.read() as books:
        return books.busy.of_people([person.id], now, now + LONGEST).get(person.id)


def give_address(engine: Engine, person_id: str, text: str, now: datetime) -> str:
    """Keep the address of somebody's own calendar, or forget it (""); returns it as it is kept.

    Raises:
        BadRecord: it is no address that can be read.
    """
    try:
        address = read_address(text)
    except ValueError as error:
        raise BadRecord(f"this address cannot be kept: {error}") from error
    with engine.store.begin() as books:
        books.busy.set_address(person_id, address, now)
    log.info("calendar.address_changed", extra={"person": person_id, "kept": bool(address)})
    return address
