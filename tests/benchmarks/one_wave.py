"""What does it take to assign one wave? `python -m tests.benchmarks.one_wave HIRES PEOPLE` tells it in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from onboarding.domain.assignment import assign
from onboarding.domain.candidates import Wanted
from onboarding.domain.matching_weights import DEFAULTS
from tests import companies
from tests.benchmarks.child import peak, tell

BUDDY = Wanted(role="buddy", weights=DEFAULTS["buddy"])


def one_wave(hires: int, people: int) -> Mapping[str, float]:
    """Ours first; the people are there already, all else is counted, the import of numpy and scipy too."""
    company = companies.people(people)
    needs = companies.newcomers(hires, company)
    colleagues = companies.colleagues(company, needs)
    before, start = peak(), perf_counter()
    matches = assign(BUDDY, needs, colleagues)
    ours, most = perf_counter() - start, peak()
    from tests.benchmarks.peers import Peers  # noqa: PLC0415 -- numpy counts as ours, so it is not here before

    start = perf_counter()
    peers = Peers(BUDDY, needs, colleagues)
    taken = peers.first_come()
    theirs = perf_counter() - start
    chosen = {hire: match.person_id for hire, match in matches.items() if match.person_id}
    return {
        "ours": ours,
        "theirs": theirs,
        "peak": most,
        "peak_before": before,
        "points": peers.worth(chosen),
        "their_points": peers.worth(taken),
    }


if __name__ == "__main__":
    tell(one_wave)
