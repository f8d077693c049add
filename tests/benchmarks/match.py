"""Is a wave of hires assigned in time, and how much better than first come, first served?

`match` is a wave with room for all; in `match-tight` every hire may have few people, and places are short.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from onboarding.domain.assignment import assign
from onboarding.domain.candidates import Colleague, Need, Wanted
from onboarding.domain.matching_weights import DEFAULTS
from onboarding.domain.preferences import Preferences
from tests import companies
from tests.benchmarks.child import measured
from tests.benchmarks.measuring import Measure, duration
from tests.benchmarks.peers import Peers

WAVES = ((1_000, 10_000), (5_000, 50_000))
BUDDY = Wanted(role="buddy", weights=DEFAULTS["buddy"])
HIRES, BUDDIES = 1_000, 550
FEWEST, MOST = 3, 12
"""How many buddies each hire of the tight wave may have."""
NEAR = 30
"""They are drawn from so many neighbours on a circle, as people of one zone and craft are neighbours."""
TAKES = (1, 2, 2, 2, 2)
"""How many hires a buddy takes there: a few fewer in all than there are hires."""


def match() -> list[Measure]:
    """CPU seconds, memory and points of a wave; the floor is first come, first served on the same scores.

    The floor of memory is what the company itself takes, before anything is assigned.
    """
    measures = []
    for hires, people in WAVES:
        found = measured("tests.benchmarks.one_wave", hires, people)
        size = f"match, of {people:,}"
        measures += [
            duration(f"{size}: CPU time", hires, found["ours"], found["theirs"]),
            beside(f"{size}: memory", hires, "MB", found["peak"], found["peak_before"]),
            beside(f"{size}: points", hires, "points", found["points"], found["their_points"]),
        ]
    return measures


def match_tight() -> list[Measure]:
    """How many go without a buddy; the floor is the fewest possible, as a maximum flow has it."""
    needs, colleagues = tight()
    peers = Peers(BUDDY, needs, colleagues)
    least = HIRES - peers.most()
    ours = assign(BUDDY, needs, colleagues)
    ways = {
        "first come": peers.first_come(),
        "best pair first": peers.best_first(),
        "ours": {hire: one.person_id for hire, one in ours.items() if one.person_id},
    }
    return [
        beside(f"match-tight, without a buddy: {name}", HIRES, "hires", HIRES - len(taken), least)
        for name, taken in ways.items()
    ]


def tight() -> tuple[list[Need], list[Colleague]]:
    """Hires who may have three to twelve of the buddies, drawn by lot, and no others; most buddies take two."""
    dice = Random(4)  # noqa: S311 -- companies are drawn, not secrets
    company = [replace(one, time_zone="UTC", start_date=None) for one in companies.people(BUDDIES)]
    everybody = frozenset(one.id for one in company)
    circle = [one.id for one in company] * 2
    near = (circle[(start := dice.randrange(BUDDIES)) : start + NEAR] for _ in range(HIRES))
    drawn = [frozenset(dice.sample(some, dice.randint(FEWEST, MOST))) for some in near]
    needs = [
        replace(need, hire=replace(need.hire, manager_id=""), taken=everybody - free)
        for need, free in zip(companies.newcomers(HIRES, company), drawn, strict=True)
    ]
    return needs, [Colleague(person=one, preferences=Preferences(capacity=dice.choice(TAKES))) for one in company]


def beside(name: str, size: int, unit: str, value: float, floor: float) -> Measure:
    """A figure beside its floor."""
    return Measure(
        name=name,
        size=size,
        value=round(value, 1),
        unit=unit,
        floor=round(floor, 1),
        ratio=round(value / floor, 3) if floor else 0.0,
    )
