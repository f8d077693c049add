"""How does somebody stand after a row of a people file?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from onboarding.domain.errors import BadRecord
from onboarding.domain.people import Person
from onboarding.domain.sheets.people_file import Entry

UNKNOWN = "id: nobody with this id is known, and somebody new needs a first name, a time zone and an address, too"
THEIR_OWN = ("interests", "working_hours", "shared")
"""What people say of themselves on their pages stays, unless a row says something else."""
_WHERE = {"country", "location"}


def stands_after(entry: Entry, before: Person | None, *, is_hire: bool) -> Person | None:
    """How somebody stands after a row; None for who has left without ever having been known.

    Raises:
        BadRecord: when a partial row names somebody unknown, or a hire has another start date, which would have to
            move the journey.
    """
    if entry.person is None:
        return before and replace(before, active=False)
    after = entry.person
    if before is None and entry.partial:
        raise BadRecord(UNKNOWN)
    if before is None:
        return after
    if entry.zone_derived and all(
        getattr(after, name) == getattr(before, name) for name in _WHERE & set(entry.record)
    ):
        after = replace(after, time_zone=before.time_zone)  # nobody named another one, and they did not move
    if is_hire and "start_date" in entry.record and after.start_date != before.start_date:
        raise BadRecord(
            f"start_date: {before.id} is a hire who starts on {before.start_date}; `hire import` moves it"
        )
    if is_hire or entry.partial:
        after = _completed(before, after, entry.record)
    own = {name: getattr(before, name) for name in THEIR_OWN if name not in entry.record}
    return replace(after, **own, opted_out=after.opted_out or before.opted_out)


def _completed(before: Person, person: Person, record: Mapping[str, object]) -> Person:
    """A record with what it does not say: of a hire a private address, which only the HR system told."""
    given = {each.name: getattr(person, each.name) for each in fields(Person) if each.name in record}
    return replace(before, **given, opted_out=person.opted_out)
