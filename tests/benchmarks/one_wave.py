"""What does it take to assign one wave? `python -m tests.benchmarks.one_wave HIRES PEOPLE` tells it in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time

from onboarding.domain.assignment import assign
from onboarding.domain.candidates import Wanted
from onboarding.domain.matching_weights import DEFAULTS
from tests import companies
from tests.benchmarks.child import peak, tell

BUDDY = Wanted(role="buddy", weights=DEFAULTS["buddy"])


def one_wave(hires: int, people: int) -> Mapping[str, float]:
    """Ours first; the people are there already, all else is counted, the import of numpy and scipy too.

    Everything runs in one thread, so CPU time is what a machine with nothing else to do takes.
    """
    company = companies.people(people)
    needs = companies.newcomers(hires, company)
    colleagues = companies.colleagues(company, needs)
    before, start = peak(), process_time()
    matches = assign(BUDDY, needs, colleagues)
    ours, most = process_time() - start, peak()
    from tests.benchmarks.peers import Peers  # noqa: PLC0415 -- numpy counts as ours, so it is not here before

    start = process_time()
    peers = Peers(BUDDY, needs, colleagues)
    taken = peers.first_come()
    theirs = process_time() - start
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
