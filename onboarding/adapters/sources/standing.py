"""How does somebody whom an HR system shows us stand now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onboarding.adapters.sources.facts import fact
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Fact, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody as the HR system shows them: the canonical record without `id`, or that they are `gone`.

    `offices` are names under which the company may know the zone; `manager` is what the system calls the manager.
    Nothing, "" and None in the record mean "not known".
    """

    record: Mapping[str, object] = field(default_factory=dict)
    offices: tuple[str, ...] = ()
    manager: str = ""
    gone: bool = False


def stands(
    source: str, external_id: str, shown: Standing, now: datetime, places: Places, *, hints: Mapping[str, str]
) -> Fact:
    """The fact that somebody stands so, as true as `now`.

    `hints` maps a field to the sentence that tells how to give what is missing there.

    Raises:
        BadRecord: with one sentence for each field that does not fit.
    """
    if shown.gone:
        return fact(source, external_id, Told.WITHDRAWN, {}, now)
    record = {name: value for name, value in shown.record.items() if value not in (None, "")}
    if "time_zone" not in record:
        country = record.get("country")
        zone = places.zone(offices=shown.offices, country=country if isinstance(country, str) else "")
        record |= {"time_zone": zone} if zone else {}
    try:
        return fact(source, external_id, Told.KNOWN, record, now, manager=shown.manager)
    except BadRecord as error:
        raise BadRecord([_hinted(mistake, hints) for mistake in error.mistakes]) from error


def _hinted(mistake: str, hints: Mapping[str, str]) -> str:
    name, _, words = mistake.partition(" ")
    return f"{mistake}: {hints[name]}" if words == "is missing" and name in hints else mistake


def text_of(value: object) -> str:
    """A text without space around it; "" for anything else."""
    return value.strip() if isinstance(value, str) else ""


def name_of(value: object) -> str:
    """What a source calls somebody, from an answer of its own: a text or a whole number; "" for anything else."""
    return text_of(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)
