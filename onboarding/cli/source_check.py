"""What does `onboarding source check` find out about a sample?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onboarding.adapters.sources.declared.keys import PERSON_KEYS
from onboarding.adapters.sources.declared.reading import Reading
from onboarding.adapters.sources.declared.sample import Sample
from onboarding.adapters.sources.declared.values import Declaration
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, Unavailable
from onboarding.domain.events import Told
from onboarding.domain.texts import harmless

RIGHT = "right"
UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field: where it came from, and its value; `there` is false where the message has nothing."""

    field: str
    origin: str
    value: Any
    there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a sample would become.

    `signature` is `RIGHT`, `UNCHECKED` or why it is wrong; `needs_answers` names the questions without an answer.
    """

    declaration: Declaration
    signature: str
    delivery_id: str
    kept: int
    of: int
    is_greeting: bool
    entries: tuple[Reading, ...] = ()
    mistakes: tuple[str, ...] = ()
    needs_answers: tuple[str, ...] = ()

    @property
    def review(self) -> bool:
        """Whether a human would have to look, or the sample would not be let in."""
        wrong = self.signature not in (RIGHT, UNCHECKED)
        return wrong or bool(self.mistakes or self.needs_answers or any(one.mistakes for one in self.entries))


def examine(message: Sample, secret: str, places: Places, now: datetime) -> Check:
    """Read the sample as a real message is read; without a secret its signature is not looked at."""
    kept, of = message.counts()
    is_greeting = message.greeted()
    entries: list[Reading] = []
    mistakes: tuple[str, ...] = ()
    needs_answers: tuple[str, ...] = ()
    try:
        entries = [] if is_greeting else message.readings(places, now)
    except BadRecord as error:
        mistakes = error.mistakes
    except Unavailable:
        asked = [fetch.name for fetch in message.declaration.fetches]
        needs_answers = tuple(name for name in asked if name not in message.answers)
    return Check(
        declaration=message.declaration,
        signature=(message.refused(secret) or RIGHT) if secret else UNCHECKED,
        delivery_id=message.delivery_id(),
        kept=kept,
        of=of,
        is_greeting=is_greeting,
        entries=tuple(entries),
        mistakes=mistakes,
        needs_answers=needs_answers,
    )


def rows(check: Check, entry: Reading) -> list[Row]:
    """Every field that was looked for, in the order of the record."""
    if entry.told in (None, Told.WITHDRAWN) or not entry.external_id:
        return []
    found = {one.field: one for one in entry.found}
    listed = []
    for name in PERSON_KEYS:
        if name in found:
            one = found[name]
            listed.append(Row(field=name, origin=one.origin, value=one.value, there=one.value not in (None, "")))
        elif name in check.declaration.person:
            spots = " or ".join(str(spot) for spot in check.declaration.person[name])
            listed.append(Row(field=name, origin=spots, value=None, there=False))
        elif name == "time_zone" and any(one.startswith(name) for one in entry.mistakes):
            listed.append(Row(field=name, origin="no path, office, country or default", value=None, there=False))
    return listed


def shown(value: Any) -> str:
    """A value on one line, without characters that a terminal obeys."""
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return f"an object with {', '.join(shown(name) for name in value) or 'nothing in it'}"
    return harmless(str(value)).replace("\n", " ").replace("\t", " ")


def outcome(entry: Reading) -> str:
    """What becomes of an entry, in one sentence."""
    if entry.mistakes:
        return "Would go to review:"
    if entry.fact is None:
        return f"Nothing to do: {entry.why}."
    match entry.fact.told:
        case Told.CREATED:
            return f"Would become the hire {entry.fact.hire_id}."
        case Told.UPDATED:
            given = ", ".join(sorted(entry.fact.given)) or "nothing"
            return f"Would change {given} of {entry.fact.hire_id}."
        case Told.WITHDRAWN:
            return f"Would end the journey of {entry.fact.hire_id}."
        case Told.KNOWN:
            return f"Would become {entry.fact.hire_id}: a hire when the first day is near, else a colleague."


def as_tree(check: Check) -> dict[str, Any]:
    """The check for programs."""
    state = "review" if check.review else "handshake" if check.is_greeting else "understood"
    return {
        "source": check.declaration.name,
        "outcome": state,
        "signature": check.signature,
        "delivery_id": check.delivery_id,
        "kept_values": check.kept,
        "values": check.of,
        "mistakes": check.mistakes,
        "needs_answers": check.needs_answers,
        "entries": [
            {
                "event": shown(one.name),
                "means": one.told or "",
                "external_id": shown(one.external_id),
                "outcome": outcome(one),
                "fields": [
                    {
                        "field": row.field,
                        "from": row.origin,
                        "value": shown(row.value) if row.there else None,
                    }
                    for row in rows(check, one)
                ],
                "mistakes": one.mistakes,
            }
            for one in check.entries
        ],
    }
