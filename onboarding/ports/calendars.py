"""How is somebody's calendar asked when they are busy?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from onboarding.domain.free_busy import OWN, Held, Owner, Reading, Told
from onboarding.domain.people import Person


class FreeBusy(Protocol):
    """Calendars of one kind, asked over a network outside of any transaction."""

    @property
    def kind(self) -> str:
        """caldav, ics, google, graph or memory."""

    @property
    def knows_uids(self) -> bool:
        """Whether our own meetings are told from others by their UID; else they come back as busy times."""

    def read(self, owners: Sequence[Owner], start: datetime, end: datetime) -> Mapping[str, Told]:
        """What each calendar says, by person id, for the span start <= t < end; all of the owners are in it.

        Never raises for what a calendar says or fails to say: that is a `why`, in which there is no name, no
        address and no word of an event. The busy times are sorted, cut to the span, longer than nothing, and do
        not overlap others that are as sure as they are.
        """

    def close(self) -> None:
        """Give connections back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The calendars of one table of `calendars.toml`, and whose they are: nobody named means everybody.

    `mail_domains` and `locations` are in small letters; who fits both has their calendar there.
    """

    name: str
    calendars: FreeBusy
    mail_domains: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()

    def serves(self, person: Person) -> bool:
        """Whether that person's calendar is asked here, unless they gave an address of their own."""
        domain = person.work_email.rpartition("@")[2].casefold()
        if self.name == OWN or not person.work_email:
            return False
        fits = not self.mail_domains or domain in self.mail_domains
        return fits and (not self.locations or person.location.casefold() in self.locations)


class BusyBook(Protocol):
    """What calendars said last. Rows are replaced at each reading, and forgotten when they are past."""

    def put(self, held: Held) -> None:
        """Replace what is held of that person."""

    def readings(self, people: Sequence[str]) -> dict[str, Reading]:
        """The last reading of each of these people, by id; nobody whose calendar was never asked."""

    def of_people(self, people: Sequence[str], start: datetime, end: datetime) -> dict[str, Held]:
        """The same with the busy times that overlap start <= t < end."""

    def counts(self) -> dict[tuple[str, bool], int]:
        """How many calendars of each kind answered last (True), and how many did not."""

    def forget(self, before: datetime) -> int:
        """Forget what ended before; returns how many busy times that were."""

    def forget_person(self, person_id: str) -> None:
        """Forget what their calendar said."""

    def addresses(self, people: Sequence[str]) -> dict[str, str]:
        """The addresses of calendars of their own, by the ids of those who have one."""

    def has_addresses(self) -> bool:
        """Whether anybody gave one."""

    def set_address(self, person_id: str, address: str, now: datetime) -> None:
        """Remember the address of somebody's own calendar, or forget it (""), with what was read from there."""
