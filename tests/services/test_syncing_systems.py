"""Does a look at everybody work with what real systems answer: BambooHR, HiBob, a file that is exported?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.sources.bamboohr import BambooRoster, BambooSource
from onboarding.adapters.sources.csv_roster import CsvRoster
from onboarding.adapters.sources.hibob import HibobRoster
from onboarding.adapters.sources.places import Places
from onboarding.domain.delivery import State
from onboarding.domain.errors import Unavailable
from onboarding.domain.people import HireState, Person
from onboarding.ports import Roster
from onboarding.services.enrolling import enroll_waiting, replay
from onboarding.services.hiring import add_hire, withdraw
from onboarding.services.importing import import_people
from onboarding.services.receiving import receive
from onboarding.services.reviewing import review
from onboarding.services.syncing import Synced, sync
from tests.ports.sources.vendor import as_body
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT, BOB_ACCOUNT, SECRETS, bamboo_headers, bamboo_message
from tests.sinks.hris import HrisSink, broken
from tests.worlds import World, at, record, world

NOW = at("2026-12-01 08:00")
PLACES = Places(offices={"Manila Hub": "Asia/Manila"})

AMIHAN: dict[str, Any] = {
    "id": "4012", "firstName": "Amihan", "lastName": "Quill", "workEmail": "amihan@example.com",
    "homeEmail": "amihan@example.org", "hireDate": "2027-01-04", "status": "Active", "jobTitle": "Designer",
    "location": "Manila Hub", "country": "Philippines", "supervisorEId": "77",
}  # fmt: skip
LEAD: dict[str, Any] = {
    "id": "77", "firstName": "Manila-Lead", "lastName": "Example", "workEmail": "manila-lead@example.com",
    "hireDate": "2020-01-01", "status": "Active", "location": "Manila Hub",
}  # fmt: skip


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        yield server


def bamboo(sink: HrisSink, *rows: object) -> BambooRoster:
    sink.say("POST", "/reports/custom", {"title": "onboarding", "employees": list(rows)})
    return BambooRoster({**BAMBOO_ACCOUNT, "url": sink.url}, PLACES)


def look(here: World, name: str) -> Synced:
    return sync(here.engine, name, here.now)


def somebody(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def state_of(here: World, hire_id: str) -> HireState | None:
    with here.engine.store.read() as books:
        hire = books.hires.get(hire_id)
    return hire.state if hire else None


def problems(here: World) -> list[str]:
    return [item.text for item in review(here.engine, here.now) if item.kind == "event"]


class TestBambooHR:
    def test_a_lost_message_is_made_good_and_one_that_comes_later_changes_nothing(self, sink: HrisSink) -> None:
        roster = bamboo(sink, AMIHAN, LEAD)
        source = BambooSource([SECRETS[0]], {**BAMBOO_ACCOUNT, "url": sink.url}, PLACES)
        with world(sources={"bamboohr": source}, rosters={"bamboohr": roster}) as here:
            found = look(here, "bamboohr")
            assert [one.person_id for one in found.enrolled] == ["bamboohr-4012"]
            assert [one.person_id for one in found.changed] == ["manila-lead"]
            assert here.row("manager_list", "manager", hire_id="bamboohr-4012").person_id == "manila-lead"
            sink.say("GET", "/employees/4012", AMIHAN)
            body = as_body(bamboo_message("employee.created"))
            headers = bamboo_headers(SECRETS[0], body)
            receive(here.engine, source="bamboohr", headers=headers, body=body, now=here.now)
            (late,) = enroll_waiting(here.engine, here.now + source.lag)
            assert (late.hire_id, late.reason) == ("bamboohr-4012", "nothing has changed")

    def test_inactive_is_gone_and_an_employee_without_a_status_is_a_question(self, sink: HrisSink) -> None:
        with world(rosters={"bamboohr": bamboo(sink, AMIHAN, LEAD)}) as here:
            look(here, "bamboohr")
            bamboo(sink, {**AMIHAN, "status": "Inactive"}, {**LEAD, "status": None})
            found = look(here, "bamboohr")
            assert [one.person_id for one in found.left] == ["bamboohr-4012"]
            assert [one.external_id for one in found.to_review] == ["77"]
            assert (state_of(here, "bamboohr-4012"), somebody(here, "manila-lead").active) == (
                HireState.WITHDRAWN,
                True,
            )
            assert any("status is missing" in text for text in problems(here))

    def test_a_server_in_trouble_changes_nothing(self, sink: HrisSink) -> None:
        with world(rosters={"bamboohr": bamboo(sink, AMIHAN, LEAD)}) as here:
            look(here, "bamboohr")
            sink.behave(broken(503), times=3)
            with pytest.raises(Unavailable, match="BambooHR does not answer what we ask \\(503\\)"):
                look(here, "bamboohr")
            assert state_of(here, "bamboohr-4012") is HireState.ACTIVE

    def test_a_report_without_anybody_makes_nobody_gone(self, sink: HrisSink) -> None:
        with world(rosters={"bamboohr": bamboo(sink, AMIHAN, LEAD)}) as here:
            look(here, "bamboohr")
            bamboo(sink)
            found = look(here, "bamboohr")
            assert found.left == ()
            assert found.kept_back.startswith("2 of 2 people whom bamboohr told us of are missing")
            assert state_of(here, "bamboohr-4012") is HireState.ACTIVE


class TestHiBob:
    def test_everybody_is_taken_in_by_one_question(self, sink: HrisSink) -> None:
        def bob(number: str, **values: object) -> dict[str, Any]:
            plain = {
                "root.id": number, "root.firstName": "Amihan", "root.surname": "Quill",
                "root.email": "amihan@example.com", "work.startDate": "2027-01-04", "work.site": "Manila Hub",
                "internal.status": "Inactive", "internal.lifecycleStatus": "hired",
            }  # fmt: skip
            return {"/" + name.replace(".", "/"): {"value": value} for name, value in {**plain, **values}.items()}

        gone = {"root.email": "bo@example.com", "internal.lifecycleStatus": "terminated"}
        people = [bob("3332883894235038999"), bob("3332883894235038998", **gone)]
        sink.say("POST", "/people/search", {"employees": people})
        roster = HibobRoster({**BOB_ACCOUNT, "url": sink.url}, PLACES)
        with world(rosters={"hibob": roster}) as here:
            found = look(here, "hibob")
            assert (found.seen, [one.person_id for one in found.enrolled]) == (2, ["hibob-3332883894235038999"])
            again = look(here, "hibob")
            assert (again.enrolled, again.changed, again.left) == ((), (), ())
            assert sink.paths == ["POST /people/search"] * 2


class TestFile:
    HEAD = "id,first_name,last_name,work_email,start_date,time_zone,manager_id\n"
    AMIHAN = "n1,Amihan,Quill,amihan@example.com,2027-01-04,Asia/Manila,l7\n"
    LEAD = "l7,Lea,Lead,lea@example.com,2020-01-01,Asia/Manila,\n"

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "people.csv"

    @pytest.fixture
    def here(self, file: Path) -> Iterator[World]:
        roster: Roster = CsvRoster(file)
        with world(rosters={"csv": roster}, people=[]) as found:
            yield found

    def test_a_file_that_is_exported_every_night_enrols_moves_and_lets_go(self, file: Path, here: World) -> None:
        file.write_text(self.HEAD + self.AMIHAN + self.LEAD)
        assert [one.person_id for one in look(here, "csv").enrolled] == ["n1"]
        assert here.row("manager_list", "manager").person_id == "l7"
        file.write_text(self.HEAD + self.AMIHAN.replace("2027-01-04", "2027-02-01") + self.LEAD)
        assert [one.reason for one in look(here, "csv").changed] == [
            "the start date moved from 2027-01-04 to 2027-02-01"
        ]
        file.write_text(self.HEAD + self.LEAD)
        assert [one.person_id for one in look(here, "csv").left] == ["n1"]
        assert state_of(here, "n1") is HireState.WITHDRAWN
        assert problems(here) == []

    def test_a_row_that_does_not_fit_waits_in_review_with_its_line(self, file: Path, here: World) -> None:
        file.write_text(self.HEAD + self.AMIHAN.replace("Asia/Manila", "Mars") + self.LEAD)
        look(here, "csv")
        assert [text[:60] for text in problems(here)] == [
            "an event of csv waits: line 2: time_zone must be an IANA tim"
        ]
        file.write_text(self.HEAD + self.AMIHAN + self.LEAD)
        look(here, "csv")
        assert problems(here) == []

    def test_a_file_that_nobody_can_read_makes_nobody_gone(self, file: Path, here: World) -> None:
        file.write_text(self.HEAD + self.AMIHAN + self.LEAD)
        look(here, "csv")
        file.write_text("Name,Mail\nAmihan,amihan@example.com\n")
        found = look(here, "csv")
        assert (found.left, bool(found.kept_back)) == ((), True)
        file.unlink()
        with pytest.raises(Unavailable, match=r"people\.csv"):
            look(here, "csv")
        assert state_of(here, "n1") is HireState.ACTIVE

    def test_whoever_was_imported_or_added_by_hand_is_the_same_person(self, file: Path, here: World) -> None:
        import_people(here.engine, self.HEAD + self.LEAD, here.now)
        add_hire(here.engine, record(manager_id="l7", personal_email=None), here.now)
        before = here.rows()
        file.write_text(self.HEAD + self.AMIHAN + self.LEAD)
        found = look(here, "csv")
        assert (found.enrolled, found.to_review) == ((), ())
        assert [(one.key, one.due_at, one.state) for one in here.rows()] == [
            (one.key, one.due_at, one.state) for one in before
        ]
        file.write_text(self.HEAD + self.AMIHAN.replace("Quill", "Stone") + self.LEAD)
        assert [one.person_id for one in look(here, "csv").changed] == ["n1"]
        assert somebody(here, "n1").last_name == "Stone"
        assert here.row("welcome_card").state is State.PLANNED

    def test_whoever_was_withdrawn_by_hand_before_is_a_question_for_a_human(self, file: Path, here: World) -> None:
        add_hire(here.engine, record(manager_id=None), here.now)
        withdraw(here.engine, "n1", here.now)
        file.write_text(self.HEAD + self.AMIHAN + self.LEAD)
        assert [one.reason for one in look(here, "csv").to_review] == ["csv lists n1, who was withdrawn"]
        assert state_of(here, "n1") is HireState.WITHDRAWN
        with here.engine.store.read() as books:
            (doubt,) = [one for one in books.events.find() if one.hire_id == "n1"]
        replay(here.engine, doubt.id, here.now, same_as="n1")
        assert [one.reason for one in look(here, "csv").changed] == ["the hire is back"]
        assert problems(here) == []
