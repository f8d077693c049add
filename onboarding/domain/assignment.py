"""Who gets whom, when many hires need somebody at once?

The fewest possible hires go without; among all ways to reach that, the sum of the points is the highest. Both are
exact. Equals are told apart by digests of ids, never by the order in which people come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.people import Person

NEXT_BEST = 3
"""How many others are named who would suit, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who has the role for a hire, or nobody (""), with one sentence of reasons.

    `alternatives` are the next best who still have room, best first. `score` is what speaks for the pair, in
    points.
    """

    hire_id: str
    person_id: str
    reasons: str
    alternatives: tuple[str, ...] = ()
    score: int = 0


def assign(wanted: Wanted, needs: Sequence[Need], colleagues: Iterable[Colleague]) -> dict[str, Match]:
    """Whom each hire gets for that role, by hire, in the order of their ids.

    `colleagues` are the whole directory, hires and who left among it: the line of managers runs through it.
    Whatever is wrong with it ends in a reason, never in an exception.

    Raises:
        ValueError: for two needs of one hire; several people for a hire are chosen one after the other.
    """
    hires = {need.hire.id: need for need in needs}
    if len(hires) < len(needs):
        raise ValueError("each hire has one need at a time")
    if not hires:
        return {}
    # numpy and scipy take a third of a second to import, which `onboarding --help` does not have.
    from onboarding.domain.assigning import Assigning  # noqa: PLC0415 -- see above

    everybody = {one.person.id: one for one in colleagues}
    chains = Chains(_known(everybody.values(), needs))
    return Assigning(wanted, [hires[one] for one in sorted(hires)], everybody.values(), chains).matches()


def assign_several(
    wanted: Wanted, needs: Sequence[Need], colleagues: Iterable[Colleague], how_many: int
) -> dict[str, list[Match]]:
    """So many people for each hire; everybody gets a first before anybody gets a second.

    Each turn is the best that is possible after the turns before it. A hire for whom somebody is lacking ends
    with a match that has nobody, and its reason.
    """
    found: dict[str, list[Match]] = defaultdict(list)
    given: Counter[str] = Counter()
    everybody = list(colleagues)
    known = {one.person.id: one.person for one in everybody}
    waiting = list(needs)
    for _ in range(how_many):
        now = [replace(one, load=one.load + given[one.person.id]) for one in everybody]
        turn = assign(wanted, [after(need, _people(found[need.hire.id], known)) for need in waiting], now)
        for hire_id, match in turn.items():
            found[hire_id].append(match)
        given.update(match.person_id for match in turn.values() if match.person_id)
        waiting = [need for need in waiting if turn[need.hire.id].person_id]
    return dict(sorted(found.items()))


def after(need: Need, people: Iterable[Person]) -> Need:
    """The need of a hire who has these people, too, in the role."""
    beside = (*need.beside, *people)
    return replace(need, taken=need.taken | {one.id for one in beside}, beside=beside)


def _people(matches: Iterable[Match], known: Mapping[str, Person]) -> list[Person]:
    return [known[match.person_id] for match in matches if match.person_id]


def _known(colleagues: Iterable[Colleague], needs: Iterable[Need]) -> list[Person]:
    """Hires first, so that the directory's word about somebody counts."""
    return [*(need.hire for need in needs), *(one.person for one in colleagues)]
