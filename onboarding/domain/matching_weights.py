"""What does the company value when people are matched, and what is wrong with how it says so?

The defaults stand here and nowhere else; `templates/matching.toml` repeats them for HR, and a test compares the
two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from onboarding.domain.errors import BadWords
from onboarding.domain.people import Role
from onboarding.domain.preferences import COFFEE
from onboarding.domain.tables import Table, unknown

MOST = 1000
"""The largest weight: scores then stay small enough to be added up exactly for thousands of hires."""

COUNTED_HOURS = 4
COUNTED_INTERESTS = 3
COUNTED_YEARS = 5
"""What counts at most: a fifth common hour makes nobody a better buddy."""

BOUNDS = {
    "least_shared_minutes": 8 * 60,
    "least_tenure_days": 3650,
    "least_levels_above": 9,
    "window": 52,
    "levels": 50,
}
"""The largest value of keys that are no weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWeights:
    """Whom a role suits: points for what two people share, and three limits.

    `shared_hour`, `interest` and `tenure_year` count for each, up to 4 hours, 3 interests and 5 years. `load` is
    taken away for each hire whom somebody looks after already, so that the second costs more than the first.
    `stay` is for whoever is chosen already and not announced. `mixed` is taken away for each person of the same
    department whom the hire has in this role already, and once more where the team is the same.
    `least_levels_above` counts levels of seniority where both are known, tenure alone where one is not.
    """

    shared_hour: int = 60
    language: int = 120
    interest: int = 60
    same_department: int = 0
    other_department: int = 0
    same_team: int = 0
    other_team: int = 0
    same_location: int = 30
    same_craft: int = 0
    tenure_year: int = 0
    load: int = 90
    stay: int = 20
    mixed: int = 0
    least_shared_minutes: int = 60
    least_tenure_days: int = 30
    least_levels_above: int = 0

    @property
    def best(self) -> int:
        """No score is higher."""
        return (
            COUNTED_HOURS * self.shared_hour
            + self.language
            + COUNTED_INTERESTS * self.interest
            + max(self.same_department, self.other_department)
            + max(self.same_team, self.other_team)
            + self.same_location
            + self.same_craft
            + COUNTED_YEARS * self.tenure_year
            + self.stay
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeeWeights:
    """Who has coffee with whom: points for a pair, and three limits.

    `newcomer` is for a newcomer with somebody who is none. `long_ago` counts for each round since two people met,
    up to twice the window, and as often for two who never met. Inside the `window`, in rounds, nobody meets the
    same person again while there is another way; in two rounds in a row nobody does at all. Managers never meet
    those up to `levels` below them.
    """

    shared_hour: int = 10
    language: int = 20
    interest: int = 20
    other_department: int = 60
    other_team: int = 20
    newcomer: int = 80
    long_ago: int = 5
    window: int = 12
    levels: int = 1
    least_shared_minutes: int = 60

    @property
    def best(self) -> int:
        """No pair has more points."""
        return (
            COUNTED_HOURS * self.shared_hour
            + self.language
            + COUNTED_INTERESTS * self.interest
            + self.other_department
            + self.other_team
            + self.newcomer
            + self.long_ago * self.longest
        )

    @property
    def longest(self) -> int:
        """Rounds after which a meeting is as good as forgotten."""
        return 2 * self.window


DEFAULTS: Mapping[str, RoleWeights] = {
    Role.BUDDY: RoleWeights(same_department=100, other_team=60, same_craft=40, least_tenure_days=180),
    Role.PEER: RoleWeights(same_department=100, same_team=40, mixed=40),
    Role.PARTNER: RoleWeights(other_department=100, mixed=40, least_shared_minutes=0),
    Role.MENTOR: RoleWeights(
        other_department=50, same_craft=40, tenure_year=20, least_tenure_days=540, least_levels_above=2
    ),
}


NO_LIMITS = RoleWeights(least_shared_minutes=0, least_tenure_days=0, least_levels_above=0)
"""Where a slip in the file hides the limits: rules without a number still hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingWeights:
    """What counts in every programme."""

    roles: Mapping[str, RoleWeights] = field(default_factory=lambda: dict(DEFAULTS))
    coffee: CoffeeWeights = CoffeeWeights()


Kind = TypeVar("Kind", RoleWeights, CoffeeWeights)


def read_weights(file: str, tree: Mapping[str, object]) -> MatchingWeights:
    """Make weights of a parsed TOML file; what it does not say keeps its default.

    Raises:
        BadWords: with every mistake, each naming the file, the table and the key.
    """
    programmes = (*DEFAULTS, COFFEE)
    mistakes = [f"{file}: {unknown(name, programmes)}" for name in tree if name not in programmes]
    roles = {role: _read(file, role, tree, usual, mistakes) for role, usual in DEFAULTS.items()}
    coffee = _read(file, COFFEE, tree, CoffeeWeights(), mistakes)
    if mistakes:
        raise BadWords(mistakes)
    return MatchingWeights(roles=roles, coffee=coffee)


def _read(file: str, name: str, tree: Mapping[str, object], usual: Kind, mistakes: list[str]) -> Kind:
    """One table; `usual` holds its defaults."""
    given = tree.get(name, {})
    if not isinstance(given, Mapping):
        mistakes.append(f"{file}: {name} must be a table that begins with [{name}]")
        return usual
    keys = [one.name for one in fields(usual)]
    table = Table(table=given, mistakes=[unknown(key, keys) for key in given if key not in keys])
    read = {key: table.whole(key, getattr(usual, key), 0, BOUNDS.get(key, MOST)) for key in keys}
    mistakes += [f"{file}, [{name}]: {mistake}" for mistake in table.mistakes]
    return replace(usual, **read)
