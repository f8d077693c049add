"""What do newcomers get when several HR systems tell of them, in any order, again, or not at all?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from onboarding.adapters.sources.ashby import AshbySource
from onboarding.adapters.sources.bamboohr import BambooRoster, BambooSource
from onboarding.adapters.sources.greenhouse import GreenhouseSource
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sql import SqlStore
from onboarding.domain.delivery import State
from onboarding.domain.events import EventState
from onboarding.domain.people import Hire, HireState, Person
from onboarding.ports import Source
from onboarding.services.enrolling import Enrolled, enroll_waiting
from onboarding.services.receiving import receive
from onboarding.services.reviewing import review
from onboarding.services.syncing import sync
from tests.ports.sources.vendor import Headers
from tests.ports.sources.vendors import (
    ASHBY_HIRED,
    HIRED,
    ashby_headers,
    ashby_offer,
    greenhouse_headers,
    greenhouse_offer,
)
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT, SECRETS, bamboo_headers
from tests.scim import ACME, USERS, provider, seen
from tests.sinks.hris import HrisSink
from tests.web.test_scim_stories import ENTRA_USER
from tests.worlds import NAIROBI, World, at, person, world

KEY = SECRETS[0]
PLACES = Places(offices={"Nairobi Hub": "Africa/Nairobi"})
SIGN = {"greenhouse": greenhouse_headers, "ashby": ashby_headers}
EMPLOYEE: dict[str, Any] = {
    "id": "4012",
    "firstName": "Wanjiru",
    "lastName": "Kamau",
    "workEmail": "wanjiru.kamau@example.com",
    "homeEmail": "wanjiru@example.org",
    "hireDate": "2027-01-04",
    "status": "Active",
    "jobTitle": "Support Engineer",
    "location": "Nairobi Hub",
    "country": "Kenya",
    "supervisorEId": "77",
}
BOSS: dict[str, Any] = {
    "id": "77",
    "firstName": "Achieng",
    "lastName": "Example",
    "workEmail": "achieng@example.com",
    "hireDate": "2019-05-06",
    "status": "Active",
    "location": "Nairobi Hub",
}
UNHIRED = {"action": "unhire_candidate", "payload": {"application": {"id": 7001, "status": "active"}}}
ACHIENG = person("achieng", NAIROBI, first_name="Achieng", work_email="achieng@example.com")


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        bamboo_shows(server, EMPLOYEE, BOSS)
        yield server


def bamboo_shows(sink: HrisSink, *employees: dict[str, Any]) -> None:
    """What BambooHR answers from now on, for one and for everybody."""
    for one in employees:
        sink.say("GET", f"/employees/{one['id']}", one)
    sink.say("POST", "/reports/custom", {"title": "onboarding", "employees": list(employees)})


@contextmanager
def company(sink: HrisSink, now: str = "2026-11-30 08:00", store: SqlStore | None = None) -> Iterator[World]:
    """A company with an applicant system, an HR system that can be asked, and a manager in Nairobi."""
    account = {**BAMBOO_ACCOUNT, "url": sink.url}
    sources: dict[str, Source] = {
        "greenhouse": GreenhouseSource([KEY], PLACES),
        "ashby": AshbySource([KEY]),
        "bamboohr": BambooSource([KEY], account, PLACES),
    }
    people = None if store is None else [ACHIENG]
    with world(
        now, sources=sources, rosters={"bamboohr": BambooRoster(account, PLACES)}, store=store, people=people
    ) as here:
        with here.engine.store.begin() as books:
            books.people.put(ACHIENG)
        yield here


def say(here: World, source: str, tree: object) -> None:
    """A signed message arrives."""
    body = json.dumps(tree).encode()
    if source == "bamboohr":
        headers: Headers = bamboo_headers(KEY, body, sent_at=str(int(here.now.timestamp())))
    else:
        headers = SIGN[source](KEY, body) | {"greenhouse-event-id": ""}
    receive(here.engine, source=source, headers=headers, body=body, now=here.now)


def told(here: World, source: str, *trees: object) -> list[Enrolled]:
    """Messages arrive a minute apart, and what waits is obeyed after each."""
    done: list[Enrolled] = []
    for tree in trees:
        say(here, source, tree)
        here.now += timedelta(minutes=1)
        done += enroll_waiting(here.engine, here.now)
    return done


def bamboo(kind: str, here: World) -> dict[str, Any]:
    when = here.now.isoformat()
    return {"type": f"employee.{kind}", "timestamp": when, "data": {"companyId": "9", "employeeId": "4012"}}


def hires(here: World) -> list[Hire]:
    with here.engine.store.read() as books:
        return books.hires.find()


def somebody(here: World, person_id: str) -> Person:
    with here.engine.store.read() as books:
        found = books.people.get(person_id)
    assert found is not None
    return found


def steps(here: World, hire_id: str) -> set[tuple[str, str, str]]:
    """What the plan of a hire holds, without what was withdrawn from it."""
    rows = [one for one in here.rows(hire_id) if one.state is not State.WITHDRAWN]
    return {(one.step, one.role, one.occasion) for one in rows}


def problems(here: World) -> list[str]:
    return [item.text for item in review(here.engine, here.now) if item.kind == "event"]


def test_a_hire_of_the_applicant_system_gets_one_journey_when_the_hr_system_tells_of_them_too(
    sink: HrisSink,
) -> None:
    with company(sink) as here:
        told(here, "greenhouse", HIRED)
        (hire,) = hires(here)
        assert somebody(here, hire.id).work_email == ""
        before = steps(here, hire.id)
        done = told(here, "bamboohr", bamboo("created", here)) + told(here, "bamboohr", bamboo("updated", here))
        assert [(one.hire_id, one.state) for one in done] == [("greenhouse-7001", EventState.OBEYED)] * 2
        assert [one.reason for one in done] == ["the record changed", "nothing has changed"]
        assert [one.id for one in hires(here)] == ["greenhouse-7001"]
        assert steps(here, hire.id) == before
        known = somebody(here, hire.id)
        assert (known.work_email, known.preferred_name) == ("wanjiru.kamau@example.com", "Ciru")
        here.walk_to(at("2027-01-04 12:00"))
        assert (
            len([one for one in here.to("wanjiru.kamau@example.com") if "welcome" in one.subject.casefold()]) == 1
        )

        done = told(here, "greenhouse", UNHIRED)
        assert [one.reason for one in done] == ["withdrawn"]
        letters = len(here.mail.letters)
        for _ in range(3):  # the record in the HR system is still there, night after night
            here.now += timedelta(days=1)
            sync(here.engine, "bamboohr", here.now)
        told(here, "bamboohr", bamboo("updated", here))
        assert [one.state for one in hires(here)] == [HireState.WITHDRAWN]
        here.walk_to(at("2027-04-30 12:00"))
        after = here.mail.letters[letters:]
        assert [one.subject for one in after if one.invitation is None] == []  # nothing but cancelled meetings
        assert problems(here) == []


def test_three_messages_about_one_hire_start_one_journey(sink: HrisSink) -> None:
    data = ASHBY_HIRED["data"]
    beside = [
        {**ASHBY_HIRED, "action": action, "data": {"application": data["application"]}}
        for action in ("applicationUpdate", "candidateStageChange")
    ]
    with company(sink) as here:
        done = told(here, "ashby", beside[0], ASHBY_HIRED, beside[1], ASHBY_HIRED, beside[0])
        assert [one.state for one in done] == [EventState.IGNORED, EventState.OBEYED, EventState.IGNORED]
        (hire,) = hires(here)
        assert hire.first_day == date(2027, 1, 4)
        moved = ashby_offer(latestVersion={"startDate": "2027-02-01", "createdAt": "2026-11-25T09:00:00.000Z"})
        assert [one.reason for one in told(here, "ashby", moved)] == [
            "the start date moved from 2027-01-04 to 2027-02-01"
        ]
        older = ashby_offer(
            "offerCreate", latestVersion={"startDate": "2027-03-01", "createdAt": "2026-11-21T09:00:00Z"}
        )
        assert [one.state for one in told(here, "ashby", older)] == [EventState.IGNORED]
        assert [one.first_day for one in hires(here)] == [date(2027, 2, 1)]


def test_messages_in_any_order_end_as_they_should_although_every_worker_is_restarted(
    sink: HrisSink, sqlite_url: str
) -> None:
    messages = [
        ("greenhouse", greenhouse_offer("offer_updated", version=4, start_date="02/08/2027"), "early"),
        ("greenhouse", HIRED, "obeyed"),
        ("greenhouse", greenhouse_offer("offer_updated", version=3, start_date="02/01/2027"), "ignored"),
        ("greenhouse", HIRED, None),
        ("bamboohr", {"type": "employee.updated", "data": {"employeeId": "4012"}}, "obeyed"),
    ]
    bamboo_shows(sink, {**EMPLOYEE, "hireDate": "2027-02-08"}, BOSS)
    now = at("2026-11-30 08:00")
    for source, tree, state in messages:
        now += timedelta(hours=1)
        with company(sink, store=SqlStore(sqlite_url)) as here:
            here.now = now
            say(here, source, tree)
        with company(sink, store=SqlStore(sqlite_url)) as here:  # another one
            done = enroll_waiting(here.engine, now + timedelta(minutes=1))
            assert ([] if state is None else [state]) == [one.state for one in done][:1]
    with company(sink, store=SqlStore(sqlite_url)) as here:
        assert [(one.id, one.first_day) for one in hires(here)] == [("greenhouse-7001", date(2027, 2, 8))]
        assert somebody(here, "greenhouse-7001").work_email == "wanjiru.kamau@example.com"
        with here.engine.store.read() as books:
            assert {one.state for one in books.events.find()} == {EventState.OBEYED, EventState.IGNORED}
        assert here.row("welcome_card", hire_id="greenhouse-7001").due_at.date() == date(2027, 2, 8)


@pytest.mark.slow
def test_whoever_left_and_is_hired_again_next_year_gets_a_whole_journey_again(sink: HrisSink) -> None:
    with company(sink) as here:
        told(here, "bamboohr", bamboo("created", here))
        first = steps(here, "bamboohr-4012")
        here.walk_to(at("2027-01-04 12:00"))
        cards = [one for one in here.to("wanjiru.kamau@example.com") if "welcome" in one.subject.casefold()]
        here.now = at("2027-08-31 08:00")
        bamboo_shows(sink, {**EMPLOYEE, "status": "Inactive"}, BOSS)
        assert [one.reason for one in told(here, "bamboohr", bamboo("updated", here))] == ["withdrawn"]

        here.now = at("2027-12-01 08:00")
        bamboo_shows(sink, {**EMPLOYEE, "hireDate": "2028-01-10"}, BOSS)
        (again,) = told(here, "bamboohr", bamboo("updated", here))
        assert (again.hire_id, again.reason) == ("bamboohr-4012.2", "enrolled")
        assert steps(here, "bamboohr-4012.2") == first
        assert told(here, "bamboohr", bamboo("updated", here))[0].reason == "nothing has changed"
        assert sync(here.engine, "bamboohr", here.now).enrolled == ()
        here.walk_to(at("2028-01-10 12:00"))
        both = [one for one in here.to("wanjiru.kamau@example.com") if "welcome" in one.subject.casefold()]
        assert (len(cards), len(both)) == (1, 2)
        assert {one.id: one.state for one in hires(here)} == {
            "bamboohr-4012": HireState.WITHDRAWN,
            "bamboohr-4012.2": HireState.ACTIVE,
        }


def test_somebody_whose_message_was_lost_is_found_in_the_night(sink: HrisSink) -> None:
    with company(sink) as here:
        found = sync(here.engine, "bamboohr", here.now)
        assert [one.person_id for one in found.enrolled] == ["bamboohr-4012"]
        with here.engine.store.read() as books:
            (note,) = books.events.find()
        assert (note.hire_id, note.reason) == ("bamboohr-4012", "enrolled; no message told us")
        assert here.row("manager_list", "manager", hire_id="bamboohr-4012").person_id == "achieng"
        before = here.rows("bamboohr-4012")
        late = told(here, "bamboohr", bamboo("created", here))
        assert [one.reason for one in late] == ["nothing has changed"]
        assert here.rows("bamboohr-4012") == before
        assert problems(here) == []


def test_an_account_of_the_identity_provider_becomes_a_hire_by_its_start_date_and_ends_with_it() -> None:
    with provider() as idp:
        here = idp.site.world
        colleague = {**ENTRA_USER, "userName": "cy@example.com", "externalId": "8b7c-example-2", ACME: {}}
        colleague["emails"] = [{"primary": True, "type": "work", "value": "cy@example.com"}]
        seen(idp.ask("POST", USERS, colleague))
        made = seen(idp.ask("POST", USERS, ENTRA_USER))
        done = {one.reason: one.hire_id for one in enroll_waiting(here.engine, here.now)}
        assert set(done) == {"a colleague", "enrolled"}
        (hire,) = hires(here)
        assert (hire.id, hire.first_day) == (done["enrolled"], date(2027, 1, 4))
        here.now += timedelta(hours=1)
        idp.patch(made["id"], {"op": "Replace", "path": f"{ACME}:startDate", "value": "2027-02-01T00:00:00Z"})
        assert [one.reason for one in enroll_waiting(here.engine, here.now)] == [
            "the start date moved from 2027-01-04 to 2027-02-01"
        ]
        here.now += timedelta(hours=1)
        idp.patch(made["id"], {"op": "Replace", "path": "active", "value": "False"})
        assert [one.reason for one in enroll_waiting(here.engine, here.now)] == ["withdrawn"]
        assert [one.state for one in hires(here)] == [HireState.WITHDRAWN]
        assert not [one for one in here.rows(hire.id) if one.state is State.PLANNED]
        here.now += timedelta(hours=1)
        idp.patch(made["id"], {"op": "Replace", "path": "active", "value": "True"})
        assert [one.reason for one in enroll_waiting(here.engine, here.now)] == ["the hire is back"]
