"""What does a look at everybody leave behind in Prefect?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.opening import Withheld
from flows.sync_directory import sync_directory
from onboarding.services.timeline import hires
from tests.flows.conftest import House
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT
from tests.worlds import at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]
NOW = at("2026-12-01 08:00")
HEAD = "id,first_name,last_name,work_email,start_date,time_zone\n"
AMIHAN = "n1,Amihan,Quill,amihan@example.com,2027-01-04,Asia/Manila\n"
BO = "b1,Bo,Berg,bo@example.com,2020-01-01,Europe/Berlin\n"
BROKEN = "b2,Cy,Cole,cy@example.com,soon,Europe/Berlin\n"


@pytest.fixture
def file(house: House, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that is exported every night."""
    found = house.home / "people.csv"
    found.write_text(HEAD + AMIHAN + BO + BROKEN, encoding="utf-8")
    monkeypatch.setenv("ONBOARDING_PEOPLE_CSV", str(found))
    return found


@pytest.mark.usefixtures("file")
def test_whoever_was_not_announced_is_enrolled_and_the_table_names_ids_only(house: House) -> None:
    state = sync_directory(as_of=NOW, return_state=True)
    assert state.message == "csv: 3 seen, 1 enrolled, 1 changed, 0 left, 1 to review."
    assert [one.id for one in hires(house.engine)] == ["n1"]
    table = house.table(state.state_details.flow_run_id)
    assert table == [
        {"source": "csv", "person": "n1", "what": "enrolled"},
        {"source": "csv", "person": "", "what": "to review"},
    ]
    again = sync_directory(as_of=NOW, return_state=True)
    assert again.message == "csv: 3 seen, 0 enrolled, 0 changed, 0 left, 1 to review."


def test_who_has_left_is_told_and_many_who_are_missing_are_kept(house: House, file: Path) -> None:
    sync_directory(as_of=NOW)
    file.write_text(HEAD + BO, encoding="utf-8")
    left = sync_directory(as_of=NOW, source="csv", return_state=True)
    assert left.message == "csv: 1 seen, 0 enrolled, 0 changed, 1 left, 0 to review."
    assert house.table(left.state_details.flow_run_id) == [{"source": "csv", "person": "n1", "what": "left"}]
    file.write_text(HEAD, encoding="utf-8")
    kept = sync_directory(as_of=NOW, return_state=True)
    assert kept.message == (
        "csv: 0 seen, 0 enrolled, 0 changed, 0 left, 0 to review; many are missing, nobody was taken for gone."
    )


@pytest.mark.usefixtures("file")
def test_a_rehearsal_says_what_would_be_and_keeps_nothing(house: House) -> None:
    state = sync_directory(as_of=NOW, rehearse=True, return_state=True)
    assert state.message == "Would be: csv: 3 seen, 1 enrolled, 1 changed, 0 left, 1 to review."
    assert hires(house.engine) == []


def test_a_system_that_does_not_answer_fails_the_run_and_stops_no_other_one(
    house: House, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = {"bamboohr": {**BAMBOO_ACCOUNT, "url": "http://127.0.0.1:9"}}
    monkeypatch.setenv("ONBOARDING_HRIS_ACCOUNTS", json.dumps(account))
    state = sync_directory(as_of=NOW, return_state=True)
    assert state.is_failed()
    away, other = str(state.message).split("; ")
    assert away == "bamboohr: BambooHR does not answer (ConnectError)"
    assert other == "csv: 3 seen, 1 enrolled, 1 changed, 0 left, 1 to review."
    assert [one.id for one in hires(house.engine)] == ["n1"]


def test_a_system_that_cannot_be_asked_says_so_and_without_any_there_is_nothing_to_do(house: House) -> None:
    assert sync_directory(as_of=NOW, return_state=True).message == "no HR system is set up to be asked."
    with pytest.raises(Withheld, match="greenhouse cannot be asked for everybody; those that can: none"):
        sync_directory(as_of=NOW, source="greenhouse")
