"""How are people remembered, and the names that others have for them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from onboarding.domain.events import Identity
from onboarding.domain.people import Hire, Leaver, Person, Shared
from onboarding.domain.preferences import Change, Preferences, Teller
from onboarding.domain.scim.account import Account
from onboarding.domain.scim.paths import Criteria


class People(Protocol):
    """The directory; an id is never reused."""

    def put(self, person: Person) -> None:
        """Insert or replace the person of that id; of `shared` nothing is written, so that no record undoes it."""

    def put_all(self, people: Sequence[Person]) -> None:
        """The same for many, in bulk."""

    def change(self, before: Person, after: Person) -> None:
        """Write what is different in `after`, and leave the rest as it stands, whoever wrote it meanwhile.

        Of `shared` nothing is written, as by `put`.
        """

    def share(self, person_id: str, shared: Shared, now: datetime) -> None:
        """Replace what somebody tells of themselves, but for the photo; nothing at all leaves nothing behind."""

    def get(self, person_id: str) -> Person | None:
        """The person of that id."""

    def by_email(self, email: str) -> Person | None:
        """The person with that work e-mail (letter case ignored).

        When several have it, somebody who is here before somebody who has left, then the lowest id.
        """

    def by_private_email(self, email: str) -> list[Person]:
        """The people with that private e-mail (letter case ignored), by id."""

    def all(self) -> list[Person]:
        """Everybody, by id, those who left included."""

    def reports_to(self, manager_id: str) -> list[Person]:
        """The people whose manager that is."""


class PhotoBook(Protocol):
    """The photos that people gave: small square JPEGs, one of each person at most."""

    def put(self, person_id: str, jpeg: bytes, now: datetime) -> str:
        """Keep it in place of the one before; returns its name, which no other photo has."""

    def get(self, person_id: str) -> bytes | None:
        """The photo of somebody."""

    def named(self, names: Sequence[str]) -> dict[str, bytes]:
        """The photos of these names, as far as they are still kept."""

    def forget(self, person_id: str) -> bool:
        """Take it out for good; False when there was none."""


class LeaverBook(Protocol):
    """Who has left, so that what they told of themselves is forgotten after a while."""

    def all(self) -> list[Leaver]:
        """Everybody who was noticed, by id."""

    def notice(self, person_ids: Collection[str], now: datetime) -> None:
        """Remember when they were first found gone; whoever is known keeps their moment."""

    def note_forgotten(self, person_id: str, now: datetime) -> None:
        """That nothing of what they told is kept any more."""

    def drop(self, person_ids: Collection[str]) -> None:
        """They are back."""


class PreferenceBook(Protocol):
    """On which terms people let themselves be matched; every version is kept."""

    def hold(self) -> None:
        """Let nobody else change them until the transaction ends: comes before what is to be changed is read.

        Else the newer version could lack what somebody else has just said, be it a no or an exclusion.
        """

    def get(self, person_id: str) -> Preferences:
        """What counts now; NOTHING_SAID of whoever has said nothing."""

    def put(
        self, person_id: str, preferences: Preferences, *, by: Teller, fields: Sequence[str], now: datetime
    ) -> Change:
        """Add a version; `fields` are the names of what is different from the one before."""

    def all(self) -> dict[str, Preferences]:
        """What counts now, of everybody who has said something, by person id."""

    def history(self, person_id: str) -> list[Change]:
        """Every version of one person, the oldest first."""


class Hires(Protocol):
    """Hires on a journey."""

    def put(self, hire: Hire) -> None:
        """Insert or replace the hire of that id."""

    def get(self, hire_id: str) -> Hire | None:
        """The hire of that id."""

    def find(self, *, first_day_from: date | None = None, first_day_to: date | None = None) -> list[Hire]:
        """Hires by (first_day, id); both bounds inclusive, withdrawn ones included."""


class Identities(Protocol):
    """Under which names HR systems know our people: the business key of a hire."""

    def hold(self) -> None:
        """Let nobody else obey facts until the transaction ends: facts about one person must see each other."""

    def put(self, identity: Identity) -> None:
        """Insert or replace the identity of that source and external id."""

    def get(self, source: str, external_id: str) -> Identity | None:
        """The identity of that source and external id."""

    def of_person(self, person_id: str) -> list[Identity]:
        """Every name that one of our people has, by (source, external id)."""

    def of_source(self, source: str) -> list[Identity]:
        """Everybody whom a source has told us of, by external id."""


class Accounts(Protocol):
    """Accounts that an identity provider keeps with us; never deleted, only marked so."""

    def add(self, account: Account) -> bool:
        """Insert it; False (and nothing stored) when its user name (letter case ignored) is taken."""

    def put(self, account: Account) -> bool:
        """Replace the account of that id; False (and nothing changed) when another one has its user name.

        A deleted account gives its user name free.
        """

    def get(self, account_id: str) -> Account | None:
        """The account of that id, deleted or not."""

    def hold(self, account_id: str) -> Account | None:
        """The same, and nobody else changes it until the transaction ends."""

    def find(self, criteria: Criteria, *, skip: int = 0, limit: int = 100) -> tuple[int, list[Account]]:
        """How many accounts that are not deleted meet all criteria, and a page of them by (created_at, id).

        Letter case counts for `id` and `externalId` only.
        """
