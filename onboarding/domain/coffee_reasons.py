"""Why do two people have coffee together? In one sentence for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from onboarding.domain.alike import different, hours_together, likings, shared_minutes, tongues
from onboarding.domain.matching_weights import COUNTED_HOURS, COUNTED_INTERESTS, CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.reasons import PARTS
from onboarding.domain.words import CoffeeWords

ENGLISH = CoffeeWords()
OF_THREE = ENGLISH.three


def coffee_points(
    one: Member,
    other: Member,
    ago: int | None,
    weights: CoffeeWeights,
    day: date,
    words: CoffeeWords = ENGLISH,
) -> list[tuple[int, str]]:
    """What speaks for two people, each with its points; `ago` is how many rounds ago they met last."""
    a, b = one.person, other.person
    allowed = shared_minutes(a, b, day, one.preferences, other.preferences)
    hours, more = hours_together(shared_minutes(a, b, day), allowed)
    theirs = likings(b)
    liked = [written for interest, written in likings(a).items() if interest in theirs]
    since = weights.longest if ago is None else min(ago, weights.longest)
    speaks = bool(tongues(a, one.preferences) & tongues(b, other.preferences))
    return [
        (weights.other_department * different(a.department, b.department), words.departments),
        (weights.other_team * different(a.team, b.team), words.teams),
        (weights.newcomer * (one.newcomer(day) != other.newcomer(day)), words.newcomer),
        (weights.interest * min(len(liked), COUNTED_INTERESTS), _liked(liked, words)),
        (weights.language * speaks, words.language),
        (weights.shared_hour * min(hours or bool(more), COUNTED_HOURS), _hours_said(hours, more, words)),
        (weights.long_ago * since, _met(ago, words)),
    ]


def together_because(
    one: Member,
    other: Member,
    ago: int | None,
    weights: CoffeeWeights,
    day: date,
    words: CoffeeWords = ENGLISH,
) -> str:
    """One sentence: what weighs most comes first, and the last meeting at the end."""
    *parts, (_, met) = coffee_points(one, other, ago, weights, day, words)
    found = sorted(parts, key=lambda part: -part[0])
    return ", ".join([*(said for worth, said in found[: PARTS - 1] if worth), met])


def _liked(liked: Sequence[str], words: CoffeeWords) -> str:
    if len(liked) > 1:
        return words.interests.format(interest=liked[0], other=liked[1])
    return words.interest.format(interest=liked[0]) if liked else ""


def _hours_said(hours: int, more: int, words: CoffeeWords) -> str:
    if more:
        return words.allowed_hour if more == 1 else words.allowed_hours.format(count=more)
    return words.hour if hours == 1 else words.hours.format(count=hours)


def _met(ago: int | None, words: CoffeeWords) -> str:
    if ago is None:
        return words.never
    return words.last if ago == 1 else words.ago.format(count=ago)
