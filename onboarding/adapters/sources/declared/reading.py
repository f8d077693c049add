"""What does one entry of a message mean? A fact, a reason why there is nothing to do, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onboarding.adapters.sources import facts
from onboarding.adapters.sources.declared import dates
from onboarding.adapters.sources.declared.paths import ABSENT, EVENT, Spot, Trees, find, look, text_of
from onboarding.adapters.sources.declared.record import Draft, Found, draft, record_of
from onboarding.adapters.sources.declared.values import Declaration, Fetch, Spots
from onboarding.adapters.sources.places import Places
from onboarding.domain import values
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Fact, Told

LONGEST_ID = 200

Ask = Callable[[Fetch, Trees], Any]
"""The answer to a question; None when the system knows nothing of the kind. Raises BadRecord or Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of an entry: a `fact`, or `why` there is nothing to do, or `mistakes`.

    `found` holds every field that was looked for, so that it can be shown where it came from.
    """

    name: str = ""
    told: Told | None = None
    external_id: str = ""
    fact: Fact | None = None
    why: str = ""
    found: tuple[Found, ...] = ()
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads entries of one system's messages; `now` is when it is asked back, `received_at` when it told (UTC)."""

    declaration: Declaration
    places: Places
    ask: Ask
    received_at: datetime
    now: datetime

    def read(self, trees: Trees) -> Reading:
        """What an entry means; `trees` holds the entry, the body and the headers.

        Raises:
            Unavailable: the system does not answer.
        """
        event = self.declaration.event
        name = text_of(find(trees, event.name)[0]).strip()
        told = event.meanings.of(name) if event.name else event.meanings.otherwise
        if event.name and not name and told is None:
            where = _paths(event.name)
            return Reading(
                mistakes=(f"there is no event name at {where}: perhaps the declaration is out of date",)
            )
        if told is None:
            return Reading(name=name, why=self._unlisted(name))
        external_id = ""
        try:
            external_id = _id(trees, event.external_id, "external_id")
            about = _id(trees, event.about, "about", required=False)
            said = {"external_id": external_id, "about": about}
            told, trees = self._asked(told, {**trees, EVENT: said})
            if told is None:
                return Reading(
                    name=name, external_id=external_id, why="a status with which there is nothing to do"
                )
            at = self._at(trees)
        except BadRecord as error:
            return Reading(name=name, told=told, external_id=external_id, mistakes=error.mistakes)
        return self._reading(trees, told, Reading(name=name, told=told, external_id=external_id), at, about)

    def _unlisted(self, name: str) -> str:
        event = self.declaration.event
        where = _paths(event.name)
        listed = name.casefold() in event.meanings.told
        return "an event that is ignored" if listed else f"an event that the declaration does not list ({where})"

    def _asked(self, told: Told, trees: Trees) -> tuple[Told | None, Trees]:
        """What it means when the system was asked back. Nothing more is asked than is needed to know that."""
        now_told: Told | None = told
        for fetch in self.declaration.fetches:
            now_told = self._standing(told, trees)
            if now_told in (None, Told.WITHDRAWN):
                return now_told, trees
            trees = {**trees, fetch.name: self._answer(fetch, trees)}
        return self._standing(told, trees), trees

    def _answer(self, fetch: Fetch, trees: Trees) -> Any:
        answer = self.ask(fetch, trees)
        if answer is None:
            raise BadRecord(f"the system knows nothing of what {fetch.name} asks for")
        found = look(answer, fetch.record)
        if found is ABSENT or found is None:
            raise BadRecord(f"the answer to {fetch.name} holds no {Spot(steps=fetch.record)}")
        return found

    def _standing(self, told: Told, trees: Trees) -> Told | None:
        """What the status of a person makes of what the event said, as soon as it is known."""
        status = self.declaration.status
        if status is None or told is Told.WITHDRAWN or not {spot.origin for spot in status.field} <= set(trees):
            return told
        value = text_of(find(trees, status.field)[0]).strip().casefold()
        if value in status.meanings.told:
            return status.meanings.told[value]
        return told if status.as_told else status.meanings.otherwise

    def _at(self, trees: Trees) -> datetime:
        """When it happened; what we were answered is as true as now."""
        if any(fetch.name in trees for fetch in self.declaration.fetches):
            return self.now
        value, spot = find(trees, self.declaration.event.at)
        if value is ABSENT or value is None:
            return self.received_at
        try:
            moment = dates.moment(value, self.declaration.dates.at, self.declaration.dates.zone)
        except ValueError as error:
            raise BadRecord(f"at {error} ({spot})") from error
        return min(moment, self.received_at)

    def _reading(self, trees: Trees, told: Told, so_far: Reading, at: datetime, about: str) -> Reading:
        made = draft(self.declaration, trees, told, self.places) if told is not Told.WITHDRAWN else Draft()
        mistakes: list[str] = []
        manager = ""
        fact: Fact | None = None
        try:
            manager = values.one_line(text_of(made.value("manager")))[:LONGEST_ID]
        except ValueError as error:
            mistakes.append(f"manager {error}")
        try:
            record = record_of(made, told)
            source = self.declaration.name
            fact = facts.fact(source, so_far.external_id, told, record, at, manager=manager, about=about)
        except BadRecord as error:
            mistakes += [self._placed(one, made) for one in error.mistakes if _field(one) not in made.mistakes]
        mistakes += made.mistakes.values()
        return Reading(
            name=so_far.name,
            told=told,
            external_id=so_far.external_id,
            fact=None if mistakes else fact,
            found=tuple(made.found.values()),
            mistakes=tuple(mistakes),
        )

    def _placed(self, mistake: str, made: Draft) -> str:
        """A mistake with the path that it comes from."""
        name = _field(mistake)
        if name in made.found and made.found[name].value not in (None, ""):
            return f"{mistake} ({made.found[name].origin})"
        spots = self.declaration.person.get(name, ())
        return f"{mistake} (nothing at {_paths(spots)})" if spots and mistake.endswith("is missing") else mistake


def _id(trees: Trees, spots: Spots, key: str, *, required: bool = True) -> str:
    """What the system calls somebody or something: a text or a whole number."""
    value, spot = find(trees, spots)
    if value is ABSENT or value is None:
        if required:
            raise BadRecord(f"{key} is missing (nothing at {_paths(spots)})")
        return ""
    try:
        text = values.one_line(text_of(value)) if not isinstance(value, bool | float) else ""
    except ValueError as error:
        raise BadRecord(f"{key} {error} ({spot})") from error
    if not 0 < len(text) <= LONGEST_ID:
        raise BadRecord(f"{key} must be a text or a whole number of at most {LONGEST_ID} characters ({spot})")
    return text


def _field(mistake: str) -> str:
    return mistake.split(" ", 1)[0]


def _paths(spots: Spots) -> str:
    return " or ".join(str(spot) for spot in spots)
