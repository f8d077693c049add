"""Who stands above and below whom in the line of managers?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from onboarding.domain.people import Person

ANY_DISTANCE = 1_000_000


class Chains:
    """The lines of managers of a directory, read once for many questions.

    A manager is named by id, else by work e-mail in any case of letters; where several people share that address,
    each counts, since a hard rule errs on the safe side. A circle of managers is climbed once, and an id that
    nobody has ends the climb.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        everybody = {person.id: person for person in people}
        by_email: dict[str, list[str]] = defaultdict(list)
        for person in everybody.values():
            if person.work_email:
                by_email[person.work_email.casefold()].append(person.id)
        self._above: dict[str, tuple[str, ...]] = {
            person.id: _managers(person, everybody, by_email) for person in everybody.values()
        }
        self._below: dict[str, list[str]] = defaultdict(list)
        for person_id, managers in self._above.items():
            for one in managers:
                self._below[one].append(person_id)

    def of(self, person_id: str, levels: int = ANY_DISTANCE) -> frozenset[str]:
        """Every manager above and everybody below, up to that many levels away; never the person."""
        above = _climb(person_id, self._above, levels)
        below = _climb(person_id, self._below, levels)
        return frozenset({*above, *below})


def _managers(
    person: Person, everybody: Mapping[str, Person], by_email: Mapping[str, list[str]]
) -> tuple[str, ...]:
    if person.manager_id in everybody:
        return (person.manager_id,)
    found = by_email.get(person.manager_email.casefold(), []) if person.manager_email else []
    return tuple(one for one in found if one != person.id)


def _climb(start: str, steps: Mapping[str, Iterable[str]], levels: int) -> set[str]:
    """Everybody else who can be reached in that many steps."""
    seen = {start}
    level = [start]
    for _ in range(levels):
        level = list({one for name in level for one in steps.get(name, ())} - seen)
        if not level:
            break
        seen.update(level)
    return seen - {start}
