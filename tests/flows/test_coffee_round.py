"""What does a coffee round leave behind in Prefect? Ids, states and kinds of reason, and no name."""

from __future__ import annotations

import json

import pytest

from flows.coffee_round import coffee_round
from flows.run_due_steps import run_due_steps
from onboarding.domain.coffee import RoundState
from onboarding.domain.preferences import COFFEE, Preferences, Teller
from onboarding.services import round_shown
from tests.flows.conftest import House
from tests.worlds import at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
NOW = at("2027-01-13 06:00")


@pytest.fixture
def ready(house: House) -> House:
    """A company in which three people said yes to coffee rounds."""
    with house.engine.store.begin() as books:
        for one in ("berlin-1", "berlin-2", "nairobi-2"):
            said = Preferences(opted_in=frozenset({COFFEE}))
            books.preferences.put(one, said, by=Teller.PERSON, fields=["opted_in"], now=NOW)
    return house


def test_a_round_is_announced_once_and_the_ledger_does_the_rest(ready: House) -> None:
    state = coffee_round(as_of=NOW, return_state=True)
    assert state.message == "2027-01-18 announced: 3 expected."
    table = ready.table(state.state_details.flow_run_id)
    assert table[0] == {"person": "berlin-1", "state": "expected", "table": 0, "why": ""}
    assert "Example" not in json.dumps(table)
    assert coffee_round(as_of=NOW, return_state=True).message == "2027-01-18 announced: 3 expected."
    while ready.next_due() <= at("2027-01-15 18:00"):
        run_due_steps(as_of=ready.next_due())
    assert ready.mails == 6
    found = round_shown.show(ready.engine, None)
    assert (found.state, len(found.tables[0].people)) == (RoundState.DRAWN, 3)
    assert coffee_round(as_of=at("2027-01-14 06:00"), return_state=True).message == "2027-01-18 drawn: 3 seated."


def test_a_rehearsal_keeps_nothing(ready: House) -> None:
    state = coffee_round(as_of=NOW, rehearse=True, return_state=True)
    assert state.message == "Would be: 2027-01-18 drawn: 3 seated."
    with ready.engine.store.read() as books:
        assert books.coffee.newest(1) == []


def test_nobody_who_takes_part_is_no_failure(house: House) -> None:
    state = coffee_round(as_of=NOW, return_state=True)
    assert state.message == "2027-01-18 empty: nobody has said yes to coffee rounds so far."
