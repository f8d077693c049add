"""Is a coffee round drawn in time, is it nearly the best there is, and do people keep meeting new ones?

`round` is one large round; `round-repeats` is half a year of weekly rounds of a small group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TypeAlias

from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.rounds import draw, rounds_ago
from tests import companies
from tests.benchmarks.child import measured
from tests.benchmarks.match import beside
from tests.benchmarks.measuring import Measure, duration

Pairs: TypeAlias = list[tuple[str, ...]]
Met: TypeAlias = Mapping[tuple[str, str], int]
Way: TypeAlias = Callable[[Sequence[Member], Met, int], Pairs]

LARGE = (5_000, 20_000)
SMALL = (18, 30, 50)
WEEKS = 26
USUAL = CoffeeWeights()
SEEDS = range(5)
"""Groups of each size, whose shares are averaged."""


def coffee_round() -> list[Measure]:
    """CPU seconds, memory and points; the floor of time is "best pair first", that of points is a proven bound."""
    measures = []
    for people in LARGE:
        found = measured("tests.benchmarks.one_round", people)
        measures += [
            duration("round: CPU time", people, found["ours"], found["theirs"]),
            beside("round: memory", people, "MB", found["peak"], found["peak_before"]),
            beside("round, points: best pair first", people, "points", found["their_points"], found["bound"]),
            beside("round, points: ours", people, "points", found["points"], found["bound"]),
        ]
    return measures


def round_repeats() -> list[Measure]:
    """Meetings in a hundred that repeat one of the last twelve rounds; the floor is chance."""
    measures = []
    for people in SMALL:
        shares = {
            name: sum(_share(people, seed, way) for seed in SEEDS) / len(SEEDS) for name, way in WAYS.items()
        }
        measures += [
            beside(f"round-repeats: {name}", people, "%", share, shares["by lot"])
            for name, share in shares.items()
        ]
    return measures


def _share(people: int, seed: int, way: Way) -> float:
    """Of all meetings of half a year, how many in a hundred are repeats."""
    # Everybody may meet everybody: no managers among them, one zone.
    company = [replace(one, time_zone="UTC", manager_id="") for one in companies.people(people, seed)]
    members = [Member(person=one) for one in company]
    past: list[Pairs] = []
    repeats = meetings = 0
    for week in range(WEEKS):
        met = rounds_ago(past)
        past.append(way(members, met, week))
        meetings += len(past[-1])
        repeats += sum(met.get((min(pair), max(pair)), USUAL.window + 1) <= USUAL.window for pair in past[-1])
    return 100 * repeats / meetings


def _by_lot(members: Sequence[Member], met: Met, week: int) -> Pairs:
    names = [one.person.id for one in members]
    Random(week).shuffle(names)  # noqa: S311 -- a lot, not a secret
    return list(zip(names[::2], names[1::2], strict=False))


def _first_free(members: Sequence[Member], met: Met, week: int) -> Pairs:
    """In an order drawn by lot, everybody takes whom they met the longest ago of those who are free."""
    names = [one.person.id for one in members]
    Random(week).shuffle(names)  # noqa: S311 -- as above
    pairs: Pairs = []
    while len(names) > 1:
        one = names.pop()
        other = max(names, key=lambda name: met.get((min(one, name), max(one, name)), WEEKS))
        names.remove(other)
        pairs.append((one, other))
    return pairs


def _ours(members: Sequence[Member], met: Met, week: int) -> Pairs:
    drawn = draw(members, companies.DAY + timedelta(weeks=week), met=met, weights=USUAL)
    return [table.people for table in drawn.tables]


WAYS: Mapping[str, Way] = {"by lot": _by_lot, "the longest ago first": _first_free, "ours": _ours}
