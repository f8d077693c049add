"""Who can be chosen? Columns of people that one transaction makes once, and keeps for every hire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from onboarding.domain.assignment import Match
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.choosing import Chooser, Loads
from onboarding.domain.people import Person
from onboarding.domain.preferences import NOTHING_SAID, Preferences


class Choosers:
    """A chooser for each role, over one directory.

    In a burst each newcomer changes the directory. They are too new to take a role, so they only join the lines of
    managers and are counted; when anybody else changes, the columns are made again.
    """

    def __init__(
        self, everybody: Callable[[], Mapping[str, Person]], said: Callable[[], Mapping[str, Preferences]]
    ) -> None:
        self._everybody, self._said = everybody, said
        self._made: dict[Wanted, Chooser] = {}
        self._colleagues: dict[str, Colleague] | None = None
        self._late: dict[str, Person] = {}
        self._chains = Chains(())

    def look_again(
        self, everybody: Callable[[], Mapping[str, Person]], said: Callable[[], Mapping[str, Preferences]]
    ) -> None:
        """Go on in another transaction, with whatever others have changed meanwhile."""
        self._everybody, self._said = everybody, said
        if self._colleagues is None:
            return
        people, preferences = everybody(), said()
        known = {**self._late, **{one.person.id: one.person for one in self._colleagues.values()}}
        heard = {one.person.id: one.preferences for one in self._colleagues.values()}
        if not known.keys() <= people.keys() or any(
            preferences.get(one, NOTHING_SAID) != heard[one] for one in heard
        ):
            self.forget()
        for person in people.values():
            if known.get(person.id) != person:
                self.put(person)

    def forget(self) -> None:
        """What people say of being matched has changed."""
        self._made.clear()
        self._colleagues = None
        self._late.clear()

    def put(self, person: Person) -> None:
        """Somebody came, or something of them changed."""
        if self._colleagues is None:
            return
        if person.id in self._colleagues:
            self.forget()
        else:
            self._late[person.id] = person
            self._chains.join(person)

    def choose(self, wanted: Wanted, need: Need, loads: Loads, how_many: int) -> tuple[list[Match], str]:
        """The best for a hire, so many of them, and in one sentence why there are not more."""
        chooser = self._of(wanted, need.day)
        return chooser.choose(need, loads, how_many, late=len(self._late.keys() - {need.hire.id}))

    def rule(self, wanted: Wanted, need: Need, loads: Loads, person_id: str) -> Rule:
        """What stands between somebody of the directory and a hire."""
        self._join()
        return self._of(wanted, need.day).rule(need, person_id, loads)

    def match(self, wanted: Wanted, need: Need, loads: Loads, person_id: str) -> Match:
        """Somebody of the directory whom a human chose for a hire."""
        self._join()
        return self._of(wanted, need.day).match(need, person_id, loads)

    def _of(self, wanted: Wanted, day: date) -> Chooser:
        newest = day - timedelta(days=wanted.weights.least_tenure_days)
        if any(one.start_date is None or one.start_date <= newest for one in self._late.values()):
            self._join()
        colleagues = self._read()
        if wanted not in self._made:
            self._made[wanted] = Chooser(wanted, list(colleagues.values()), self._chains)
        return self._made[wanted]

    def _join(self) -> None:
        """Whoever came late counts like everybody else."""
        if self._late:
            self.forget()

    def _read(self) -> dict[str, Colleague]:
        if self._colleagues is None:
            everybody, said = self._everybody(), self._said()
            self._colleagues = {
                one.id: Colleague(person=one, preferences=said.get(one.id, NOTHING_SAID))
                for one in everybody.values()
            }
            self._chains = Chains(everybody.values())
        return self._colleagues
