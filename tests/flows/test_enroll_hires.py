"""What does an enrolment leave behind?"""

from __future__ import annotations

import json

import pytest

from flows.enroll_hires import enroll_hires
from onboarding.services.timeline import hires
from tests.flows.conftest import House
from tests.signing import post_standard
from tests.worlds import at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
NOW = at("2026-12-01 08:00")


def test_waiting_events_become_hires_and_the_table_names_ids_only(house: House) -> None:
    received = post_standard(house.engine, {}, now=NOW)
    state = enroll_hires(as_of=NOW, return_state=True)
    assert state.message == "1 obeyed"
    assert [one.id for one in hires(house.engine)] == ["n1"]
    table = house.table(state.state_details.flow_run_id)
    assert table == [{"event": received.event_id, "hire": "n1", "state": "obeyed"}]


def test_an_event_for_review_is_counted_and_its_reason_stays_at_home(house: House) -> None:
    post_standard(house.engine, {"start_date": "Amihan's birthday"}, now=NOW)
    state = enroll_hires(as_of=NOW, return_state=True)
    assert state.is_completed()
    assert state.message == "1 review"
    assert "Amihan" not in json.dumps(house.table(state.state_details.flow_run_id))


def test_an_extra_run_finds_nothing(house: House) -> None:
    assert enroll_hires(as_of=NOW, return_state=True).message == "No event was waiting."
