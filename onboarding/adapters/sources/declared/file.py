"""What does `sources.toml` say, and what is wrong with it?

The whole file is read before anything is refused, so that every mistake can be mended in one go.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from onboarding.adapters.sources.declared.keys import DATE_FORMATS, KEYS, MEANINGS, PERSON_KEYS
from onboarding.adapters.sources.declared.paths import BODY, HEADER, WHOLE, Steps, read_steps
from onboarding.adapters.sources.declared.questions import read_fetches
from onboarding.adapters.sources.declared.record import nested
from onboarding.adapters.sources.declared.senders import read_authentication, read_handshake
from onboarding.adapters.sources.declared.tables import DeclaredTable
from onboarding.adapters.sources.declared.values import (
    Authentication,
    Dates,
    Declaration,
    EventWords,
    Handshake,
    Meanings,
    Status,
)
from onboarding.domain import record
from onboarding.domain.errors import BadRecord, BadSettings
from onboarding.domain.events import Told
from onboarding.domain.tables import NAME, unknown

BODIES = ("json", "form")
MOST_SOURCES = 50
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def read_file(file: Path) -> dict[str, Declaration]:
    """The systems that a file declares, by name.

    Raises:
        BadSettings: with every mistake, each naming the file, the source, the key and what is allowed.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{file.name} cannot be read as UTF-8 text"]) from error
    return read_sources(text, file.name)


def read_sources(text: str, file: str = "sources.toml") -> dict[str, Declaration]:
    """The systems that a text in TOML declares; `file` is how the mistakes call it.

    Raises:
        BadSettings: as `read_file`.
    """
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings([f"{file} is not TOML: {error}"]) from error
    mistakes: list[str] = []
    found: dict[str, Declaration] = {}
    if not 0 < len(tree) <= MOST_SOURCES:
        mistakes.append(f"{file}: there must be 1 to {MOST_SOURCES} sources, each beginning with [its_name]")
    for name, table in tree.items():
        if not NAME.fullmatch(name):
            mistakes.append(f"{file}: [{name}]: use small letters, digits and _ only, beginning with a letter")
        if not isinstance(table, Mapping):
            mistakes.append(f"{file}: {name} stands outside of a source; begin one with [its_name]")
            continue
        reader = _Reader(name=name, table=table)
        declaration = reader.declaration()
        mistakes += [f"{file}, {name}: {mistake}" for mistake in reader.mistakes]
        found[name] = declaration
    if mistakes:
        raise BadSettings(mistakes)
    return found


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads one source."""

    name: str
    table: Mapping[str, Any]
    mistakes: list[str] = field(default_factory=list)

    def declaration(self) -> Declaration:
        """The source, with defaults in the place of whatever is in `mistakes`."""
        top = DeclaredTable(table=self.table)
        top.refuse_others(KEYS[""])
        body = top.choice("body", BODIES) or "json"
        fetches = read_fetches(top.inner("fetch"), self.mistakes)
        self.mistakes += top.mistakes
        answers = tuple(fetch.name for fetch in fetches)
        event = self.event()
        status = self.status(answers) if "status" in self.table else None
        person = self.person(answers)
        self.refuse_gaps(event, status, person)
        return Declaration(
            name=self.name,
            body=body,
            authentication=self.authentication(),
            event=event,
            status=status,
            person=person,
            defaults=self.defaults(),
            values=self.values(),
            dates=self.dates(),
            handshake=self.handshake(),
            fetches=fetches,
        )

    def open(self, key: str, *origins: str) -> DeclaredTable:
        """The reader of one of the inner tables."""
        value = self.table.get(key, {})
        if not isinstance(value, Mapping):
            self.mistakes.append(f"{key} must be a table, which begins with [{self.name}.{key}]")
            value = {}
        return DeclaredTable(table=value, origins=origins)

    def close(self, key: str, table: DeclaredTable) -> None:
        """Note the mistakes of an inner table."""
        self.mistakes += [f"[{key}] {mistake}" for mistake in table.mistakes]

    def authentication(self) -> Authentication:
        """How a sender proves who it is."""
        if "authentication" not in self.table:
            self.mistakes.append(f"[{self.name}.authentication] is missing: it says how a sender proves who it is")
            return Authentication(kind="signature")
        table = self.open("authentication")
        found = read_authentication(table)
        self.close("authentication", table)
        return found

    def event(self) -> EventWords:
        """What happened, to whom and when."""
        table = self.open("event", BODY, HEADER)
        table.refuse_others(KEYS["event"])
        name, meanings = table.spots("name"), table.meanings()
        if not name and "name" not in table.table and "otherwise" not in table.table:
            table.mistakes.append(
                f"name is missing; without one, otherwise says what every message means: {', '.join(MEANINGS)}"
            )
        if not any([*meanings.told.values(), meanings.otherwise]):
            table.mistakes.append(f"no name means anything: list some under {', '.join(list(MEANINGS)[:-1])}")
        found = EventWords(
            name=name,
            meanings=meanings,
            external_id=table.spots("external_id", required=True),
            about=table.spots("about"),
            at=table.spots("at"),
            delivery_id=table.spots("delivery_id"),
            batch=self.batch(table),
        )
        self.close("event", table)
        return found

    def batch(self, table: DeclaredTable) -> Steps | None:
        """Where a list of entries lies in the body."""
        text = table.text("batch")
        if not text or text == WHOLE:
            return () if text else None
        try:
            return read_steps(text)
        except ValueError as error:
            table.mistakes.append(f'batch: "{text}" {error}; "{WHOLE}" is a body that is a list itself')
            return None

    def status(self, answers: tuple[str, ...]) -> Status:
        """How somebody stands."""
        table = self.open("status", BODY, HEADER, *answers)
        table.refuse_others(KEYS["status"])
        found = Status(
            field=table.spots("field", required=True),
            meanings=table.meanings(),
            as_told="otherwise" not in table.table,
        )
        self.close("status", table)
        return found

    def person(self, answers: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
        """Where each field of the record stands."""
        table = self.open("person", BODY, HEADER, *answers)
        for key in table.table:
            if key in ("manager_id", "id"):
                own = (
                    "manager is what the system calls the manager" if key == "manager_id" else "external_id is it"
                )
                table.mistakes.append(f"{key} is made by the engine; {own}")
            elif key not in PERSON_KEYS:
                table.mistakes.append(unknown(key, PERSON_KEYS))
        found = {key: table.spots(key) for key in table.table if key in PERSON_KEYS}
        self.close("person", table)
        return found

    def defaults(self) -> dict[str, str]:
        """What holds for everybody of whom the system does not say it; it must fit its field."""
        table = self.open("defaults")
        table.refuse_others(KEYS["defaults"])
        found = {key: table.text(key, required=True) for key in table.table if key in KEYS["defaults"]}
        table.mistakes += _misfits(found)
        self.close("defaults", table)
        return found

    def values(self) -> dict[str, dict[str, str]]:
        """What the system writes, and what we write for it."""
        table = self.open("values")
        table.refuse_others(KEYS["values"])
        found: dict[str, dict[str, str]] = {}
        for key in table.table:
            inner = DeclaredTable(table=table.inner(key))
            found[key] = {given.strip().casefold(): inner.text(given, required=True) for given in inner.table}
            table.mistakes += [f"{key}: {mistake}" for mistake in inner.mistakes]
        self.close("values", table)
        return found

    def dates(self) -> Dates:
        """How dates are written."""
        table = self.open("dates")
        table.refuse_others(KEYS["dates"])
        zone = table.text("zone")
        if zone and zone not in available_timezones():
            table.mistakes.append('zone must be an IANA time zone, such as "America/Los_Angeles"')
        start, at = (table.choice(key, DATE_FORMATS) or "iso" for key in ("start_date", "at"))
        self.close("dates", table)
        return Dates(start_date=start, at=at, zone=zone)

    def handshake(self) -> Handshake:
        """Which unsigned messages are answered."""
        table = self.open("handshake", BODY)
        found = read_handshake(table)
        self.close("handshake", table)
        return found

    def refuse_gaps(self, event: EventWords, status: Status | None, person: Mapping[str, Any]) -> None:
        """Note what a new hire's record needs and no path or default can give."""
        meanings: list[Meanings] = [event.meanings, *([status.meanings] if status else [])]
        told = {one for each in meanings for one in (*each.told.values(), each.otherwise)}
        if not told & {Told.CREATED, Told.KNOWN}:
            return
        if not {"first_name", "full_name"} & set(person):
            self.mistakes.append("[person] first_name is missing, or full_name where the name is one text")
        if not {"work_email", "personal_email"} & set(person):
            self.mistakes.append("[person] work_email or personal_email is missing: there must be one to write to")
        if Told.CREATED in told and "start_date" not in person:
            self.mistakes.append("[person] start_date is missing: a new hire has a first day")


def _misfits(defaults: Mapping[str, str]) -> list[str]:
    """What does not fit the field that it is the default of."""
    try:
        record.read_event({"type": Told.UPDATED.value, "data": {"id": "x", **nested(defaults)}}, _ANY_MOMENT)
    except BadRecord as error:
        return list(error.mistakes)
    return []
