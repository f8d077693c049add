"""What stands between one colleague and one hire?

The answer for one pair, to look again at somebody who was chosen; `suitability.py` gives the same one for columns
of people, to choose.
"""

from __future__ import annotations

from datetime import timedelta

from onboarding.domain.alike import same, shared_minutes
from onboarding.domain.candidates import Colleague, Need, Rule, Wanted
from onboarding.domain.people import Person
from onboarding.domain.preferences import FIRST_DAYS, kept_apart
from onboarding.domain.values import HIGHEST_LEVEL


def rule_between(need: Need, colleague: Colleague, wanted: Wanted, *, in_line: bool) -> Rule:
    """The rule that speaks against somebody, the lowest of several; MAY when none does.

    `in_line` says whether one of the two stands above the other in the line of managers.
    """
    hire, person, said, weights = need.hire, colleague.person, colleague.preferences, wanted.weights
    newest = need.day - timedelta(days=weights.least_tenure_days)
    needed = least_level(hire, wanted)
    minutes = shared_minutes(hire, person, need.day, need.preferences, said)
    rules = (
        (Rule.SELF, person.id == hire.id),
        (Rule.LEFT, not person.active),
        (Rule.OPTED_OUT, person.opted_out or wanted.role in said.opted_out),
        (Rule.IN_LINE, in_line),
        (Rule.TAKEN, person.id in need.taken or kept_apart(hire.id, need.preferences, person.id, said)),
        (Rule.TOO_NEW, person.start_date is not None and person.start_date > newest),
        (Rule.TOO_JUNIOR, bool(needed and person.seniority) and person.seniority < needed),
        (Rule.SAME_DEPARTMENT, wanted.other_department and same(hire.department, person.department)),
        (Rule.FEW_HOURS, minutes < weights.least_shared_minutes),
        (Rule.AWAY, said.away_within(need.day, FIRST_DAYS)),
        (Rule.PAUSED, said.paused_on(need.day)),
        (Rule.FULL, not colleague.room(wanted.capacity)),
    )
    return next((rule for rule, holds in rules if holds), Rule.MAY)


def least_level(hire: Person, wanted: Wanted) -> int:
    """From which level of seniority somebody can have the role; 0 where that is not known or does not matter.

    Nobody stands above the highest one: those who come in there have somebody of their own level.
    """
    above = wanted.weights.least_levels_above
    return min(hire.seniority + above, HIGHEST_LEVEL) if above and hire.seniority else 0
