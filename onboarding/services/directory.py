"""Who is known, and on which terms may they be matched, as one transaction sees it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences, Teller
from onboarding.ports import Books
from onboarding.services.choosers import Choosers
from onboarding.services.engine import Company


def somebody(company: Company, directory: Directory, person_id: str) -> Person | None:
    """Somebody in the directory, or HR or IT, who are not in it."""
    return company.desks.get(person_id) or directory.get(person_id)


class Directory:
    """The directory with a memory: each person is read once, everybody at most once.

    Lives as long as one transaction, or one batch that is the only writer of people. `choosers` choose among them;
    those of an earlier transaction, given here, look again at what has changed instead of beginning anew.
    """

    def __init__(self, books: Books, choosers: Choosers | None = None) -> None:
        self._books = books
        self._known: dict[str, Person | None] = {}
        self._everybody: dict[str, Person] | None = None
        self._said: dict[str, Preferences] = {}
        self._all_said = False
        self._lines: dict[str, set[str]] = {}
        self.choosers = choosers or Choosers(self.everybody, self.preferences)
        if choosers:
            choosers.look_again(self.everybody, self.preferences)

    def get(self, person_id: str) -> Person | None:
        """The person of that id."""
        if self._everybody is not None:
            return self._everybody.get(person_id)
        if person_id not in self._known:
            self._known[person_id] = self._books.people.get(person_id)
        return self._known[person_id]

    def by_email(self, email: str) -> Person | None:
        """The person with that work e-mail."""
        return self._books.people.by_email(email) if email else None

    def everybody(self) -> dict[str, Person]:
        """All people by id."""
        if self._everybody is None:
            self._everybody = {person.id: person for person in self._books.people.all()}
        return self._everybody

    def put(self, person: Person) -> None:
        """Write a person, and remember; of whoever is known only what is different.

        What another transaction has written since they were read stays, unless it is the same field.
        """
        before = self.get(person.id)
        if before is None:
            self._books.people.put(person)
        else:
            self._books.people.change(before, person)
        self._remember(person)

    def share(self, person: Person, now: datetime) -> None:
        """Write what somebody tells of themselves and nothing else of them, and remember it."""
        self._books.people.share(person.id, person.shared, now)
        self._remember(replace(self.get(person.id) or person, shared=person.shared))

    def _remember(self, person: Person) -> None:
        self._known[person.id] = person
        if self._everybody is not None:
            self._everybody[person.id] = person
        self._lines.clear()
        self.choosers.put(person)

    def preferences(self) -> Mapping[str, Preferences]:
        """What people have said of being matched, by id; nothing of whoever has said nothing."""
        if not self._all_said:
            self._said, self._all_said = self._books.preferences.all(), True
        return self._said

    def preferences_of(self, person_id: str) -> Preferences:
        """What one person has said."""
        if not self._all_said and person_id not in self._said:
            self._said[person_id] = self._books.preferences.get(person_id)
        return self._said.get(person_id, NOTHING_SAID)

    def prefer(
        self, person_id: str, preferences: Preferences, *, by: Teller, fields: Sequence[str], now: datetime
    ) -> None:
        """Write what somebody says now, as a new version, and remember."""
        self._books.preferences.put(person_id, preferences, by=by, fields=fields, now=now)
        self._said[person_id] = preferences
        self.choosers.forget()

    def manager_of(self, person: Person) -> Person | None:
        """Their manager, by id, else by e-mail: also while nobody knows yet whom the id means."""
        by_id = self.get(person.manager_id) if person.manager_id else None
        return by_id or self.by_email(person.manager_email)

    def in_line(self, one: Person, other: Person) -> bool:
        """Whether one of two people stands above the other in the line of managers; a circle is climbed once."""
        return other.id in self._above(one) or one.id in self._above(other)

    def _above(self, person: Person) -> set[str]:
        if person.id not in self._lines:
            above: set[str] = set()
            manager = self.manager_of(person)
            while manager is not None and manager.id not in above:
                above.add(manager.id)
                manager = self.manager_of(manager)
            self._lines[person.id] = above
        return self._lines[person.id]
