"""How does what a vendor says become a fact in our words?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from onboarding.domain import record, values
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Event, Fact, Told
from onboarding.domain.mistaken import blank
from onboarding.domain.telling import id_of

__all__ = ["fact", "id_of"]


def fact(
    source: str,
    external_id: str,
    told: Told,
    record_of: Mapping[str, object],
    at: datetime,
    *,
    manager: str = "",
    about: str = "",
    rank: int = 0,
) -> Fact:
    """One fact from a canonical record without `id`; `at` is UTC.

    Only an update empties a field: what a whole employee or account leaves blank, another system may know.

    Raises:
        BadRecord: with one sentence for each field that does not fit.
    """
    person_id = id_of(source, external_id)
    empties = told is Told.UPDATED
    given = {name: value for name, value in record_of.items() if empties or not blank(value)}
    found = record.read_event({"type": told.value, "data": {**given, "id": person_id}}, at)
    return replace(found, external_id=external_id, manager=manager, about=about, rank=rank)


def moment_of(event: Event, *told: object) -> datetime:
    """The first of these moments that is one; else, and never later than, that of the receipt.

    A message that is repeated for hours would otherwise look newer than what has happened meanwhile, and a clock
    that is ahead would make later news look old.
    """
    for one in told:
        with suppress(ValueError):
            return min(values.moment(one), event.received_at)
    return event.received_at


def day_of(value: object) -> object:
    """The day of a timestamp as the vendor wrote it; anything else as it is.

    A vendor that writes a day as `2026-03-02T00:00:00.000Z` means the 2nd wherever the person is: in the zone of
    somebody west of Greenwich that moment is still the 1st. BambooHR writes an empty day as zeros: None.
    """
    if not isinstance(value, str):
        return value
    day = re.fullmatch(r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9:.]+(Z|[+-][0-9:]+)?)?\s*", value)
    return None if value.startswith("0000-00-00") else day[1] if day else value


def without_zone(error: BadRecord, sentence: str) -> BadRecord:
    """The same mistakes; a missing time zone is said with `sentence`, which tells how to mend it."""
    return BadRecord(
        [sentence if mistake.startswith("time_zone is missing") else mistake for mistake in error.mistakes]
    )
