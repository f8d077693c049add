"""Who has coffee with whom this time, and why is somebody left out?

Pairs, and a table of three where somebody is left over. Nobody meets the same person again within the window
while there is another way, and nobody in two rounds in a row. Newcomers and who waited come first. Equals are
told apart by digests of ids and the day, never by the order in which people come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from onboarding.domain.chains import Chains
from onboarding.domain.coffee_reasons import OF_THREE, together_because
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.people import Person

PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """People who have coffee together, in the order of their ids, with one sentence why.

    `ago` is how many rounds ago two of them met last, None when none of them have met.
    """

    people: tuple[str, ...]
    reasons: str
    ago: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoffeeRound:
    """Every table, and why everybody else who is a member sits at none."""

    tables: tuple[Table, ...]
    left_out: Mapping[str, str]


def rounds_ago(past: Sequence[Iterable[Iterable[str]]]) -> dict[tuple[str, str], int]:
    """How many rounds ago two people met last; `past` are the tables of each round, the latest round last."""
    ago: dict[tuple[str, str], int] = {}
    for rounds, tables in enumerate(reversed(past), start=1):
        for table in tables:
            for pair in combinations(sorted(table), PAIR):
                ago.setdefault(pair, rounds)
    return ago


def draw(
    members: Iterable[Member],
    day: date,
    *,
    met: Mapping[tuple[str, str], int],
    weights: CoffeeWeights,
    directory: Iterable[Person] = (),
) -> CoffeeRound:
    """The tables of the round of the five days from `day` on.

    `members` are those who said yes to coffee rounds. `met` is what `rounds_ago` tells. The line of managers runs
    through `directory`, and through the members where it is empty.
    """
    known = {one.person.id: one for one in members}
    out = {name: why for name in sorted(known) if (why := known[name].out_because(day))}
    there = [known[name] for name in sorted(known) if name not in out]
    if len(there) < PAIR:
        out.update({one.person.id: "nobody else takes part this time" for one in there})
        return CoffeeRound(tables=(), left_out=out)
    # numpy, scipy and rustworkx take a third of a second to import, which `onboarding --help` does not have.
    from onboarding.domain.coffee_tables import alone_because, seats  # noqa: PLC0415 -- see above
    from onboarding.domain.gathering import Gathering  # noqa: PLC0415 -- see above

    chains = Chains([*(one.person for one in there), *directory])
    gathering = Gathering(there, met, chains, weights, day)
    tables = [[there[place] for place in table] for table in seats(gathering)]
    seated = {one.person.id for table in tables for one in table}
    alone = [place for place, one in enumerate(there) if one.person.id not in seated]
    out.update({there[place].person.id: alone_because(gathering, place) for place in alone})
    return CoffeeRound(tables=tuple(_table(table, met, weights, day) for table in tables), left_out=out)


def _table(
    members: Sequence[Member], met: Mapping[tuple[str, str], int], weights: CoffeeWeights, day: date
) -> Table:
    people = tuple(sorted(one.person.id for one in members))
    agos = [found for pair in combinations(people, PAIR) if (found := met.get(pair)) is not None]
    ago = min(agos, default=None)
    because = OF_THREE if len(members) > PAIR else together_because(members[0], members[1], ago, weights, day)
    return Table(people=people, reasons=because, ago=ago)
