"""Does a backfill show first and do second?"""

from __future__ import annotations

from datetime import date

import pytest

from flows.backfill import backfill
from flows.daily_review import daily_review
from onboarding.services.backfilling import Late
from onboarding.services.hiring import add_hire
from tests.flows.conftest import House
from tests.signing import post_standard
from tests.worlds import at, record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
DAYS = {"first_day_from": date(2027, 1, 1), "first_day_to": date(2027, 1, 31)}
DAY_20 = at("2027-02-02 02:00")


def standing(house: House) -> list[tuple[str, str, str]]:
    with house.engine.store.read() as books:
        return [(one.key, one.state, one.due_at.isoformat()) for one in books.deliveries.of_hire("n1")]


def test_a_rehearsal_shows_rows_and_changes_nothing(house: House) -> None:
    add_hire(house.engine, record(), DAY_20)
    before = standing(house)
    state = backfill(**DAYS, late=Late.SEND, as_of=DAY_20, return_state=True)
    assert state.is_completed()
    rows = house.table(state.state_details.flow_run_id)
    assert {"hire", "step", "role", "occasion", "due (UTC)", "action"} == set(rows[0])
    assert "send" in {row["action"] for row in rows}
    assert standing(house) == before


def test_without_rehearsal_it_is_done_for_the_chosen_steps(house: House) -> None:
    add_hire(house.engine, record(), DAY_20)
    before = {key: rest for key, *rest in standing(house)}
    state = backfill(**DAYS, steps=["channels"], late=Late.SEND, rehearse=False, as_of=DAY_20, return_state=True)
    assert {row["step"] for row in house.table(state.state_details.flow_run_id)} == {"channels"}
    changed = {key for key, *rest in standing(house) if before.get(key) != rest}
    assert {key.split("/")[1] for key in changed} == {"channels"}


def test_an_unknown_step_fails_with_the_steps_there_are(house: House) -> None:
    add_hire(house.engine, record(), DAY_20)
    state = backfill(**DAYS, steps=["no_such"], as_of=DAY_20, return_state=True)
    assert state.is_failed()
    assert "there is no step no_such; there are: profile" in str(state.message)


def test_the_daily_review_shows_kinds_and_ids_and_plans_a_mail_to_hr(house: House) -> None:
    received = post_standard(house.engine, {"start_date": "Amihan's birthday"}, now=DAY_20)
    from flows.enroll_hires import enroll_hires  # noqa: PLC0415 -- what waits for review comes from it

    enroll_hires(as_of=DAY_20)
    state = daily_review(as_of=DAY_20, return_state=True)
    assert state.message == "1 for a human"
    rows = house.table(state.state_details.flow_run_id)
    assert [(row["kind"], row["id"]) for row in rows] == [("event", received.event_id)]
    assert "Amihan" not in str(rows)
    assert house.next_due() >= DAY_20
