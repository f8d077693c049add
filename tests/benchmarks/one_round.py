"""What does one large coffee round take? `python -m tests.benchmarks.one_round PEOPLE` tells it in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time

from onboarding.domain.chains import Chains
from onboarding.domain.matching_weights import CoffeeWeights
from onboarding.domain.members import Member
from onboarding.domain.rounds import draw
from tests import companies
from tests.benchmarks.child import peak, tell

USUAL = CoffeeWeights()


def one_round(people: int) -> Mapping[str, float]:
    """Ours first; the people are there already, all else is counted, the import of numpy and the solvers too."""
    company = companies.people(people)
    members = [Member(person=one) for one in company]
    before, start = peak(), process_time()
    drawn = draw(members, companies.DAY, met={}, weights=USUAL)
    ours, most = process_time() - start, peak()
    # Not before: their import counts as ours.
    from onboarding.domain.gathering import Gathering  # noqa: PLC0415 -- see above
    from tests.benchmarks.coffee_bound import best_first, bound, points_of  # noqa: PLC0415 -- see above

    gathering = Gathering(members, {}, Chains(company), USUAL, companies.DAY)
    start = process_time()
    theirs = best_first(gathering)
    peer = process_time() - start
    return {
        "ours": ours,
        "theirs": peer,
        "peak": most,
        "peak_before": before,
        "points": points_of(gathering, [table.people for table in drawn.tables]),
        "their_points": theirs,
        "bound": bound(gathering),
    }


if __name__ == "__main__":
    tell(one_round)
