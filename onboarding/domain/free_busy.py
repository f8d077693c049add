"""Whose calendar is asked for busy times, and what does it say? Never what anything is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from onboarding.domain.people import Person
from onboarding.domain.slots import Busy

OWN = "own"
"""The name under which calendars are asked whose address people gave themselves."""

LONGEST = timedelta(days=40)
"""No calendar is asked for more days at a time (Microsoft's getSchedule: less than 42)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose calendar it is. `zone` is their IANA zone, `emails` their addresses in small letters, work first.

    `address` is that of a calendar of their own; `etag` what it called itself when it was read last, where that
    reading still serves.
    """

    person_id: str
    emails: tuple[str, ...]
    zone: str
    address: str = ""
    etag: str = ""

    @classmethod
    def of(cls, person: Person, *, address: str = "", etag: str = "") -> Owner:
        """A person as the owner of a calendar."""
        emails = (person.work_email.casefold(), person.personal_email.casefold())
        return cls(
            person_id=person.id,
            emails=tuple(one for one in emails if one),
            zone=person.time_zone,
            address=address,
            etag=etag,
        )

    @property
    def mark(self) -> str:
        """Different when zone or addresses are: the same calendar then tells of other hours."""
        return blake2b("\n".join((self.zone, *self.emails)).encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one calendar said: busy times (UTC), or `why` it said nothing, in a sentence without names.

    `ignored` counts events that could not be understood. `unchanged` means that what was read last still holds.
    """

    busy: tuple[Busy, ...] = ()
    why: str = ""
    ignored: int = 0
    etag: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """When a person's calendar was asked for which span, and whether it answered; `why` is empty when it did.

    `calendar` is its name in `calendars.toml`, `kind` how it is asked. All moments are UTC. `etag` begins with the
    mark of its owner as they were then.
    """

    person_id: str
    calendar: str
    kind: str
    read_at: datetime
    span_start: datetime
    span_end: datetime
    why: str = ""
    ignored: int = 0
    etag: str = ""

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it says who is busy in all of that span."""
        return not self.why and self.span_start <= start and end <= self.span_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The calendar of one person and the times at which it is busy."""

    reading: Reading
    busy: tuple[Busy, ...] = ()


LONGEST_ADDRESS = 2_000


def read_address(text: str) -> str:
    """The address of somebody's own calendar, which is https without a port; "" for none.

    `webcal://`, as calendars like to give it, is the same.

    Raises:
        ValueError: it is no such address; it is not in the message, for whoever knows it reads the calendar.
    """
    address = re.sub(r"\Awebcals?://", "https://", text.strip(), flags=re.IGNORECASE)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        bare = parts.port in (None, 443) and not parts.username and not parts.password
    except ValueError:
        bare = False
    fits = len(address) <= LONGEST_ADDRESS and re.fullmatch(r"[!-~]+", address) is not None
    if not (bare and fits and parts.scheme == "https" and "." in (parts.hostname or "")):
        raise ValueError("it must begin with https:// and be the address of a calendar")
    return address


def masked(address: str) -> str:
    """An address without what makes it secret."""
    return f"https://{urlsplit(address).hostname}/..." if address else ""


def uids_of(domain: str) -> Callable[[str], bool]:
    """Whether an event is an invitation of ours, by its UID: a meeting's id and the domain of our sender."""
    pattern = re.compile(rf"[0-9a-f]{{20}}@{re.escape(domain)}", re.IGNORECASE)
    return lambda uid: pattern.fullmatch(uid.strip()) is not None
