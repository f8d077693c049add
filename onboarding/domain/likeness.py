"""Are two records about the same person? Sure, or a doubt that a human must decide.

A wrong merge hands one person's mails to another, and lets one HR system end what another one began. So whatever
does not agree is a doubt: names, first days, and a hire event about somebody who works here already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onboarding.domain.events import Told
from onboarding.domain.people import Person
from onboarding.domain.telling import starts_soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody whom we know; `first_day` is that of their journey, or of the directory without one."""

    person: Person
    first_day: date | None
    on_journey: bool


def doubt_about(known: Known, person: Person, told: Told, at: datetime) -> str:
    """What does not agree between somebody known and a record with the same address; "" when it is surely them.

    `told` and `at` are those of the fact that holds the record.
    """
    other = known.person
    by_work = bool(person.work_email) and person.work_email.casefold() == other.work_email.casefold()
    address = "work" if by_work else "private"
    perhaps = f"perhaps the same person as {other.id}: the same {address} address"
    colleague = by_work and not known.on_journey
    mine, theirs = _folded(other.last_name), _folded(person.last_name)
    if mine and theirs and mine != theirs:
        return f"{perhaps}, and another name"
    if not (mine and theirs) and not colleague:
        return f"{perhaps}, and one family name is not known"
    same_day = known.first_day is not None and known.first_day == person.start_date
    if not same_day and not colleague:
        return f"{perhaps}, and another first day"
    begins = told is Told.CREATED or starts_soon(person.start_date, at)
    if colleague and begins and not same_day and (known.first_day or told is Told.CREATED):
        return f"{perhaps}, of somebody who works here already"
    return ""


def _folded(name: str) -> str:
    return name.casefold().strip()
