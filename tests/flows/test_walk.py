"""Does the walk run the real flows at the moments that it is told?"""

from __future__ import annotations

import io
import json

import pytest

from flows.walk import walk
from onboarding.services.hiring import add_hire
from tests.flows.conftest import House
from tests.worlds import at, record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


def test_each_order_is_a_run_of_the_server_and_one_line_of_answer(house: House) -> None:
    add_hire(house.engine, record(), at("2026-12-01 08:00"))
    due = house.next_due()
    names = ("run-due-steps", "daily-review", "coffee-round")
    orders = [json.dumps({"flow": name, "as_of": due.isoformat()}) for name in names]
    answers = io.StringIO()
    walk(orders, answers)
    said = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [(one["flow"], one["as_of"], one["state"]) for one in said] == [
        (name, due.isoformat(), "COMPLETED") for name in names
    ]
    assert house.mails == 1
    for one in said:
        assert house.server.call("GET", f"/flow_runs/{one['run_id']}")["state_type"] == "COMPLETED"
