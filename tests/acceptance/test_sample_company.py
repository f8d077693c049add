"""Does a public sample company, read as it is published, get sensible matches? Left out where the file is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from onboarding.domain.meetings import PairingState
from onboarding.domain.people import Person
from onboarding.domain.sheets.people_row import Reading
from onboarding.services.importing import import_people
from onboarding.services.lacking import lacking
from onboarding.services.rematching import rematch
from tests.worlds import World, world

FILE = Path(__file__).parents[2].parent / "shared" / "data" / "directory" / "oracle-hr.json"
LIVE = (PairingState.PROVISIONAL, PairingState.ANNOUNCED)
ZONES = {"US": "America/Los_Angeles", "Southlake": "America/Chicago", "CA": "America/Toronto"} | {
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
}
"""What a company says in ONBOARDING_OFFICE_ZONES."""

SOUTHLAKE = {"time_zone": "America/Chicago", "country": "US", "location": "Southlake"}
OXFORD = {"time_zone": "Europe/London", "country": "GB", "location": "Oxford"}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the sample company lies beside the project only")


def company(here: World) -> dict[str, Person]:
    """Oracle's sample schema of human resources (MIT)."""
    zones = Reading(zone_of=lambda location, country: ZONES.get(location, ZONES.get(country, "")))
    report = import_people(here.engine, FILE.read_text(encoding="utf-8"), here.now, reading=zones)
    assert (report.accepted, [one.id for one in report.refused]) == (106, ["178"])  # nobody knows where 178 works
    with here.engine.store.read() as books:
        return {one.id: one for one in books.people.all()}


def test_it_is_imported_with_the_lines_of_managers() -> None:
    with world(people=[]) as here:
        everybody = company(here)
        assert len(everybody) == 106
        assert sum(not one.manager_id for one in everybody.values()) == 1
        assert all(one.manager_id in everybody for one in everybody.values() if one.manager_id)


@pytest.mark.slow
def test_ten_newcomers_get_people_who_suit_them() -> None:
    with world(people=[]) as here:
        everybody = company(here)
        for number in range(10):
            here.enrol(
                id=f"h{number}",
                work_email=f"h{number}@example.com",
                department="IT" if number % 2 else "Sales",
                job_title="Programmer" if number % 2 else "Sales Representative",
                manager_id="103" if number % 2 else "145",
                **(SOUTHLAKE if number % 2 else OXFORD),
            )
        rematch(here.engine, here.now)
        load: Counter[str] = Counter()
        for number in range(10):
            with here.engine.store.read() as books:
                live = [one for one in books.pairings.of_hire(f"h{number}") if one.state in LIVE]
            chosen = Counter(one.role for one in live)
            assert chosen == {"buddy": 1, "peer": 4, "partner": 3, "mentor": 1}
            assert len({one.person_id for one in live}) == 9
            (buddy,) = [one for one in live if one.role == "buddy"]
            load[buddy.person_id] += 1
            mine = "IT" if number % 2 else "Sales"
            assert everybody[buddy.person_id].department == mine
            partners = [everybody[one.person_id].department for one in live if one.role == "partner"]
            assert mine not in partners
            assert len(set(partners)) >= 2  # with four departments that share an hour with Oxford
            assert not {"103", "145", "100", "102"} & {one.person_id for one in live if number % 2}
        assert max(load.values()) <= 2
        assert not [one for one in lacking(here.engine, here.now) if one.role != "work_partner"]
