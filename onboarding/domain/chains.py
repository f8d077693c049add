"""Who stands above and below whom in the line of managers?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from onboarding.domain.people import Person

ANY_DISTANCE = 1_000_000


class Chains:
    """The lines of managers of a directory, read once for many questions; whoever comes later can join.

    A manager is named by id, else by work e-mail in any case of letters; where several people share that address,
    each counts, since a hard rule errs on the safe side. A circle of managers is climbed once, and an id that
    nobody has ends the climb.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._everybody: dict[str, Person] = {}
        self._by_email: dict[str, list[str]] = defaultdict(list)
        self._naming: dict[str, list[str]] = defaultdict(
            list
        )  # who names this id, or this address, as their manager
        for person in people:
            self.join(person)

    def join(self, person: Person) -> None:
        """Take somebody in, or what is known of them now."""
        before = self._everybody.get(person.id)
        if before is not None:
            for index, key in self._keys(before):
                index[key].remove(person.id)
        self._everybody[person.id] = person
        for index, key in self._keys(person):
            index[key].append(person.id)

    def _keys(self, person: Person) -> Iterator[tuple[dict[str, list[str]], str]]:
        if person.work_email:
            yield self._by_email, person.work_email.casefold()
        if person.manager_id:
            yield self._naming, person.manager_id
        if person.manager_email:
            yield self._naming, _address(person.manager_email)

    def of(self, person_id: str, levels: int = ANY_DISTANCE) -> frozenset[str]:
        """Every manager above and everybody below, up to that many levels away; never the person."""
        above = _climb(person_id, self._above, levels)
        below = _climb(person_id, self._below, levels)
        return frozenset({*above, *below})

    def _above(self, person_id: str) -> Iterable[str]:
        person = self._everybody.get(person_id)
        if person is None:
            return ()
        if person.manager_id in self._everybody:
            return (person.manager_id,)
        found = self._by_email.get(person.manager_email.casefold(), []) if person.manager_email else []
        return tuple(one for one in found if one != person_id)

    def _below(self, person_id: str) -> Iterator[str]:
        yield from self._naming.get(person_id, ())
        person = self._everybody.get(person_id)
        if person is not None and person.work_email:
            for one in self._naming.get(_address(person.work_email), ()):
                if one != person_id and self._everybody[one].manager_id not in self._everybody:
                    yield one


def _address(email: str) -> str:
    """An address among ids: no id holds a blank."""
    return f" {email.casefold()}"


def _climb(start: str, steps: Callable[[str], Iterable[str]], levels: int) -> set[str]:
    """Everybody else who can be reached in that many steps."""
    seen = {start}
    level = [start]
    for _ in range(levels):
        level = list({one for name in level for one in steps(name)} - seen)
        if not level:
            break
        seen.update(level)
    return seen - {start}
