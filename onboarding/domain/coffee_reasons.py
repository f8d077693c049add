"""Why do two people have coffee together? In one sentence for both."""

from __future__ import annotations

from datetime import date

from onboarding.domain.alike import different, likings, shared_minutes, tongues
from onboarding.domain.matching_weights import COUNTED_HOURS, COUNTED_INTERESTS, CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.reasons import HOUR, PARTS, counted

OF_THREE = "three of you, so that nobody is left out"


def coffee_points(
    one: Member, other: Member, ago: int | None, weights: CoffeeWeights, day: date
) -> list[tuple[int, str]]:
    """What speaks for two people, each with its points; `ago` is how many rounds ago they met last."""
    a, b = one.person, other.person
    hours = shared_minutes(a, b, day) // HOUR
    theirs = likings(b)
    liked = [written for interest, written in likings(a).items() if interest in theirs]
    since = weights.longest if ago is None else min(ago, weights.longest)
    met = "you have not met here yet" if ago is None else f"you met {counted(ago, 'round')} ago"
    speaks = bool(tongues(a, one.preferences) & tongues(b, other.preferences))
    return [
        (weights.other_department * different(a.department, b.department), "from two departments"),
        (weights.other_team * different(a.team, b.team), "from two teams"),
        (weights.newcomer * (one.newcomer(day) != other.newcomer(day)), "one of you is new here"),
        (weights.interest * min(len(liked), COUNTED_INTERESTS), f"both like {' and '.join(liked[:2])}"),
        (weights.language * speaks, "you have a language in common"),
        (weights.shared_hour * min(hours, COUNTED_HOURS), counted(hours, "common working hour")),
        (weights.long_ago * since, met),
    ]


def together_because(one: Member, other: Member, ago: int | None, weights: CoffeeWeights, day: date) -> str:
    """One sentence: what weighs most comes first, and the last meeting at the end."""
    *parts, (_, met) = coffee_points(one, other, ago, weights, day)
    found = sorted(parts, key=lambda part: -part[0])
    return ", ".join([*(words for worth, words in found[: PARTS - 1] if worth), met])
