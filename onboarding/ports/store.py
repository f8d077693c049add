"""How is everything remembered together?"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from onboarding.ports.calendars import BusyBook
from onboarding.ports.coffee import CoffeeBook
from onboarding.ports.events import Events, Tallies
from onboarding.ports.ledger import Deliveries
from onboarding.ports.people import Accounts, Hires, Identities, LeaverBook, People, PhotoBook, PreferenceBook
from onboarding.ports.plans import AlarmBook, Asks, Feeds, Meetings, Pairings, Ticks
from onboarding.ports.replies import ReplyBook


class Books(Protocol):
    """All that is remembered, inside one transaction."""

    @property
    def events(self) -> Events:
        """HRIS events."""

    @property
    def people(self) -> People:
        """The directory."""

    @property
    def photos(self) -> PhotoBook:
        """Photos that people gave."""

    @property
    def leavers(self) -> LeaverBook:
        """Who has left, until they are forgotten."""

    @property
    def preferences(self) -> PreferenceBook:
        """On which terms people let themselves be matched."""

    @property
    def hires(self) -> Hires:
        """Hires on a journey."""

    @property
    def identities(self) -> Identities:
        """Under which names HR systems know our people."""

    @property
    def tallies(self) -> Tallies:
        """How often something happened at a door."""

    @property
    def deliveries(self) -> Deliveries:
        """The ledger."""

    @property
    def pairings(self) -> Pairings:
        """Who was chosen for whom."""

    @property
    def meetings(self) -> Meetings:
        """Meetings and their invitations."""

    @property
    def asks(self) -> Asks:
        """Asks and answers."""

    @property
    def ticks(self) -> Ticks:
        """What of the lists to do is done."""

    @property
    def alarms(self) -> AlarmBook:
        """Alarms already set."""

    @property
    def accounts(self) -> Accounts:
        """Accounts of an identity provider."""

    @property
    def coffee(self) -> CoffeeBook:
        """Coffee rounds."""

    @property
    def feeds(self) -> Feeds:
        """The addresses of calendar feeds."""

    @property
    def replies(self) -> ReplyBook:
        """What became of mails that came back."""

    @property
    def busy(self) -> BusyBook:
        """What calendars said of busy times."""


class Store(Protocol):
    """Where everything is remembered."""

    def begin(self, *, within: float = 0) -> AbstractContextManager[Books]:
        """A transaction for reading and writing: committed at the end, rolled back on an error.

        `within` is for how many seconds it may wait for another writer; 0 means as long as the store is patient.

        Raises:
            Unavailable: when the database does not answer, or not in time.
        """

    def read(self) -> AbstractContextManager[Books]:
        """A transaction for reading only: it never waits for a writer."""

    def close(self) -> None:
        """Give connections back; another `begin` opens them again."""

    def ready(self) -> None:
        """Raise Unavailable unless the database answers and its schema is the newest."""
