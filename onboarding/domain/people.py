"""Who is who: people of the directory, and hires on their journey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a hire."""

    HIRE = "hire"
    MANAGER = "manager"
    BUDDY = "buddy"
    PEER = "peer"
    PARTNER = "partner"
    WORK_PARTNER = "work_partner"
    MENTOR = "mentor"
    HR = "hr"
    IT = "it"


MATCHED_ROLES = frozenset({Role.BUDDY, Role.PEER, Role.PARTNER, Role.MENTOR})
"""Roles that the match verb fills; a work partner is named by the manager's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """The local hours of a working day; `start` lies before `end`, both naive local times."""

    start: time = time(9)
    end: time = time(17)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            message = f"working hours must start before they end, not {self.start:%H:%M} to {self.end:%H:%M}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What somebody chose to tell of themselves, beside what HR's systems say; they can take it back.

    `called` is what they want to be called, "" when they did not say. `languages` are tags, `interests` short
    texts. `photo` names the photo that they gave (`ports.PhotoBook`), "" without one.
    """

    called: str = ""
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    photo: str = ""


NOTHING_SHARED = Shared()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the directory, newcomers included.

    `time_zone` is an IANA name, `country` ISO 3166-1 alpha-2 in capitals or "", `subdivision` the part
    after the hyphen of ISO 3166-2 or "", `language` a lower-case tag such as "en", `languages` further ones that
    they speak. `craft` is what they do, where the job title says it badly; `seniority` a level from 1 to 10, or 0
    for unknown. With `opted_out` they are in no programme and get no optional mail. Unknown texts are "".
    `shared` is kept apart from all the rest, which HR's systems may tell anew at any time.
    """

    id: str
    first_name: str
    last_name: str = ""
    preferred_name: str = ""
    work_email: str = ""
    personal_email: str = ""
    start_date: date | None = None
    time_zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    job_title: str = ""
    craft: str = ""
    seniority: int = 0
    department: str = ""
    team: str = ""
    location: str = ""
    manager_id: str = ""
    manager_email: str = ""
    interests: tuple[str, ...] = ()
    working_hours: WorkingHours = WorkingHours()
    active: bool = True
    opted_out: bool = False
    shared: Shared = NOTHING_SHARED

    @property
    def called(self) -> str:
        """The first name they go by: as they say themselves, else as the record says."""
        return self.shared.called or self.preferred_name or self.first_name

    @property
    def likes(self) -> tuple[str, ...]:
        """What they like, as the record and they themselves say, without repeats."""
        found: dict[str, str] = {}
        for one in (*self.interests, *self.shared.interests):
            found.setdefault(one.casefold().strip(), one)
        return tuple(found.values())

    @property
    def speaks(self) -> tuple[str, ...]:
        """The tags of the languages they speak, that of their mails first, without repeats."""
        return tuple(dict.fromkeys((self.language, *self.languages, *self.shared.languages)))

    @property
    def name(self) -> str:
        """The name colleagues see: what they are called, and the family name."""
        return f"{self.called} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Somebody who has left, or does not come after all: since when we know it, and when we forgot them (UTC)."""

    person_id: str
    noticed_at: datetime
    forgotten_at: datetime | None = None


class HireState(StrEnum):
    """Where a hire stands."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """A person with a first day ahead or behind, on a journey.

    `id` is also the person's id. `told_at` is the moment of the newest fact obeyed (UTC): older facts that
    arrive later are ignored. `source` and `external_id` say which HR system told us, and under which name.
    """

    id: str
    source: str
    external_id: str
    journey: str
    first_day: date
    state: HireState = HireState.ACTIVE
    enrolled_at: datetime
    told_at: datetime
