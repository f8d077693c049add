"""How are the numbers of coffee rounds shown to people?"""

from __future__ import annotations

from collections.abc import Mapping

from onboarding.cli.output import echo_table
from onboarding.domain.coffee import IN_WORDS, WhyAlone
from onboarding.domain.coffee_measures import SKIPPED, CoffeeCohort, OfRound
from onboarding.domain.measures import Tally
from onboarding.services.round_measures import CoffeeMeasure

COUNTED = ("planned", "held", "not held", "no answer", "not asked")
WORDS = {str(why): words for why, words in IN_WORDS.items()} | {
    SKIPPED: "skipped it",
    WhyAlone.THEIR_WISH.value: "paused or take part no more",
}


def echo_coffee(found: CoffeeMeasure) -> None:
    """Print the rounds, the oldest first, and the newcomers among those who take part."""
    rows = [_round(one) for one in found.rounds]
    if len(rows) > 1:
        rows.append(("all rounds", *counts(found.coffees), found.coffees.to_come, found.coffees.cancelled, ""))
    echo_table("Coffee rounds", ("week of", *COUNTED, "to come", "called off", "no coffee, and why"), rows, "")
    cohorts = [_cohort(one) for one in found.cohorts]
    if cohorts:
        title = "Newcomers in coffee rounds, by first day"
        echo_table(title, ("month", "newcomers", "took part", *COUNTED), cohorts, "")


def counts(meetings: Tally) -> tuple[int, ...]:
    """In the order of COUNTED."""
    return meetings.planned, meetings.held, meetings.not_held, meetings.unanswered, meetings.not_asked


def _round(one: OfRound) -> tuple[object, ...]:
    return (
        str(one.day),
        *counts(one.coffees),
        one.coffees.to_come,
        one.coffees.cancelled,
        _without(one.without) or one.why,
    )


def _without(without: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {WORDS.get(why, why)}" for why, count in without.items())


def _cohort(one: CoffeeCohort) -> tuple[object, ...]:
    told = counts(one.coffees) if one.coffees else tuple("" for _ in COUNTED)
    return (one.month, one.newcomers, "" if one.took_part is None else one.took_part, *told)
