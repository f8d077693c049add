"""Who is the best for one hire, when hires come one after the other?

A wave weighs all hires against each other (`assignment.py`); whoever comes alone gets the best who is free, at
once, and the next wave may still change it. The columns of people are made once and serve for every hire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onboarding.domain.assignment import NEXT_BEST, Match, after
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.chains import Chains
from onboarding.domain.reasons import nobody_because, points, speaks_for

Loads = Mapping[str, int]
"""How many hires each person has in the role already."""


def get_ready() -> None:
    """Load what choosing needs, before somebody waits for it: numpy and scipy take almost half a second."""
    import onboarding.domain.suitability  # noqa: F401, PLC0415 -- `onboarding --help` does not have that time


class Chooser:
    """The people of a directory as they suit one role; the `load` of each is told anew with every question."""

    def __init__(self, wanted: Wanted, colleagues: Sequence[Colleague], chains: Chains) -> None:
        from onboarding.domain.suitability import Suitability  # noqa: PLC0415 -- see `get_ready`

        self._wanted = wanted
        self._suitability = Suitability(wanted, colleagues, chains)

    def choose(self, need: Need, loads: Loads, how_many: int, late: int = 0) -> tuple[list[Match], str]:
        """The best, so many of them, and in one sentence why there are not more; "" when there are.

        `late` is how many newcomers the directory has beside these people, all of them too new to take the role.
        """
        self._suitability.carry(loads)
        chosen: list[tuple[Need, Colleague]] = []
        while len(chosen) < how_many and (found := self._suitability.best(need, 1)):
            chosen.append((need, found[0]))
            need = after(need, [found[0].person])
        others = self._others(need) if chosen else ()
        why = "" if len(chosen) == how_many else self._why_nobody(need, late)
        return [self._match(theirs, one, others) for theirs, one in chosen], why

    def rule(self, need: Need, person_id: str, loads: Loads) -> Rule:
        """What stands between somebody and a hire; MAY when nothing does."""
        self._suitability.carry(loads)
        return self._suitability.rule_of(need, person_id)

    def match(self, need: Need, person_id: str, loads: Loads) -> Match:
        """Somebody whom a human chose: what speaks for them, and who else would suit."""
        self._suitability.carry(loads)
        colleague = self._suitability.colleague(person_id)
        return self._match(need, colleague, self._others(after(need, [colleague.person])))

    def _others(self, need: Need) -> tuple[str, ...]:
        return tuple(one.person.id for one in self._suitability.best(need, NEXT_BEST))

    def _match(self, need: Need, colleague: Colleague, others: tuple[str, ...]) -> Match:
        return Match(
            hire_id=need.hire.id,
            person_id=colleague.person.id,
            reasons=speaks_for(need, colleague, self._wanted),
            alternatives=others,
            score=sum(worth for worth, _ in points(need, colleague, self._wanted)),
        )

    def _why_nobody(self, need: Need, late: int) -> str:
        counts = self._suitability.ruled_out(need)
        counts[Rule.TOO_NEW] += late
        return nobody_because(self._wanted.role, counts)
