"""What do the messages of Workable mean? The payloads are look-alikes, with people who do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from onboarding.adapters.sources import WorkableSource
from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.workable import GONE, THIN_EMPLOYEE, THIN_HIRE
from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from onboarding.domain.events import Fact, Told, Understood, Unfit
from onboarding.domain.people import Person
from tests.ports.sources.vendor import NOW, as_body, event
from tests.ports.sources.vendors import WORKABLE_DRAFT, workable, workable_headers
from tests.sinks.hris import HrisSink

SECRET = "token-of-the-account"
PLACES = Places(offices={"Recife": "America/Recife", "WA": "Australia/Perth"})
FIRED_AT = datetime(2026, 11, 30, 14, 1, 6, 217000, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)

EMPLOYEE: dict[str, Any] = {
    "id": "5b7",
    "firstname": "Tane",
    "lastname": "Ngata",
    "status": "status_active",
    "work_email": "tane@example.com",
    "job_title": "Electrician",
    "department": "4d3",
    "start_date": "2027-01-04T00:00:00.000Z",
    "country": {"display": "Kenya", "value": "KE"},
    "reports_to": "19a",
    "salary_group": [{"value": {"salary_pay_rate": {"amount": 1}}}],
    "birthdate": "1990-01-01",
}
CANDIDATE: dict[str, Any] = {
    "id": "2c9",
    "firstname": "Maren",
    "lastname": "Holt",
    "email": "maren@example.org",
    "job": {"shortcode": "X", "title": "Carpenter"},
    "stage_kind": "hired",
    "location": {"city": "Nowhere", "region_code": "WA", "country_code": "AU"},
}
OFFER = {"document_variables": [{"key": "salary", "value": "1"}, {"key": "start_date", "value": "2027-01-04"}]}
MOVED = workable("candidate_moved", number="2c9", stage_kind="hired", hired_at="2026-11-30T14:00:00Z")


def understood(tree: object, source: WorkableSource | None = None) -> Understood:
    """What a message means, by what is kept of it."""
    asked = source or WorkableSource([], places=PLACES)
    return asked.understand(event(asked.keep({}, as_body(tree))), LATER)


def fact(tree: object, source: WorkableSource | None = None) -> Fact:
    found = understood(tree, source)
    assert isinstance(found, list), found
    (only,) = found
    assert isinstance(only, Fact), only
    return only


def person(tree: object, source: WorkableSource | None = None) -> Person:
    found = fact(tree, source).person
    assert found is not None
    return found


def mistakes(tree: object, source: WorkableSource | None = None) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(tree, source)
    return caught.value.mistakes


def asking(sink: HrisSink, **more: str) -> WorkableSource:
    return WorkableSource([], {"token": "token-1", "url": sink.url, **more}, PLACES)


def test_a_draft_tells_how_somebody_stands() -> None:
    found = fact(WORKABLE_DRAFT)
    assert found.person is not None
    assert (found.told, found.external_id, found.hire_id) == (Told.KNOWN, "5b7", "workable-5b7")
    assert (found.at, found.manager) == (FIRED_AT, "19a")
    assert (found.person.first_name, found.person.last_name) == ("Tane", "Ngata")
    assert (found.person.personal_email, found.person.job_title) == ("tane@example.org", "Electrician")
    assert (found.person.time_zone, found.person.country) == ("America/Recife", "BR")


def test_the_day_of_a_start_date_counts_and_not_its_moment() -> None:
    for written in ("2027-01-04T00:00:00.000Z", "2027-01-04T23:59:59.000Z", "2027-01-04"):
        tree = workable("employee_updated", start_date=written)
        assert person(tree).start_date == date(2027, 1, 4)


def test_a_department_that_is_only_an_id_is_shown_to_nobody() -> None:
    assert person(WORKABLE_DRAFT).department == ""
    assert understood(workable("employee_updated", department="4d3")) == (
        "nothing of an employee changed that we keep"
    )


def test_what_a_whole_employee_leaves_blank_is_not_told_as_empty() -> None:
    blank = EMPLOYEE | {"work_email": None, "job_title": "", "personal_email": "tane@example.org"}
    found = fact(workable("employee_created", **blank))
    assert not found.given & {"work_email", "job_title"}
    assert "first_name" in found.given


def test_of_several_addresses_the_primary_counts_else_the_first() -> None:
    def address(*entries: object) -> str:
        return person(workable("employee_updated", personal_email=list(entries))).personal_email

    first, second = {"value": "one@example.org"}, {"value": "two@example.org", "is_primary": True}
    assert address(first, second) == "two@example.org"
    assert address(first, {**second, "is_primary": False}) == "one@example.org"
    assert address({"value": None, "is_primary": True}, first) == "one@example.org"


def test_an_address_that_comes_as_plain_text_is_read_as_well() -> None:
    assert (
        person(workable("employee_updated", personal_email="one@example.org")).personal_email == "one@example.org"
    )


def test_an_update_changes_what_it_names_and_no_more() -> None:
    found = fact(workable("employee_updated", job_title=None, preferred_name="Tan", phone_group=[]))
    assert (found.told, found.given, found.at) == (
        Told.UPDATED,
        frozenset({"job_title", "preferred_name"}),
        FIRED_AT,
    )


def test_an_update_of_the_country_moves_the_zone_where_the_country_has_one() -> None:
    assert person(workable("employee_updated", country={"value": "KE"})).time_zone == "Africa/Nairobi"
    assert fact(workable("employee_updated", country="US")).given == {"country"}


def test_another_manager_is_a_change() -> None:
    found = fact(workable("employee_updated", reports_to={"id": "77"}))
    assert (found.manager, found.given) == ("77", frozenset())


@pytest.mark.parametrize("status", ["status_terminated", "terminated", "STATUS_INACTIVE", "inactive"])
def test_somebody_who_left_is_withdrawn(status: str) -> None:
    for told in ("employee_updated", "employee_created"):
        found = fact(workable(told, status=status))
        assert (found.told, found.person, found.at) == (Told.WITHDRAWN, None, FIRED_AT)


def test_a_moment_that_lies_ahead_or_cannot_be_read_is_that_of_receipt() -> None:
    for fired_at in ("2027-01-01T00:00:00Z", "yesterday", None, 7, "2026-11-30T14:01:06"):
        tree = {**workable("employee_updated", status="terminated"), "fired_at": fired_at}
        assert fact(tree).at == NOW


def test_a_zone_that_nobody_gives_is_not_guessed() -> None:
    (sentence,) = mistakes({**WORKABLE_DRAFT, "data": {**WORKABLE_DRAFT["data"], "address": {}}})
    assert sentence.startswith("time_zone is missing: Workable sends none")
    assert "ONBOARDING_OFFICE_ZONES" in sentence


def test_a_published_employee_is_asked_for() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/employees/5b7", EMPLOYEE)
        sink.say("GET", "/spi/v3/departments", [{"id": "other", "name": "Care"}, {"id": "4d3", "name": "Site"}])
        found = fact(workable("employee_published"), asking(sink, member="m-1"))
        assert found.person is not None
        assert (found.told, found.at, found.manager) == (Told.KNOWN, LATER, "19a")
        assert (found.person.work_email, found.person.department) == ("tane@example.com", "Site")
        assert (found.person.time_zone, found.person.country) == ("Africa/Nairobi", "KE")
        assert sink.paths == ["GET /spi/v3/employees/5b7", "GET /spi/v3/departments"]
        assert sink.asked[0].query == {"member_id": "m-1"}
        assert sink.asked[0].headers["authorization"] == "Bearer token-1"


def test_departments_may_come_in_an_object_or_not_at_all() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/employees/5b7", EMPLOYEE)
        assert person(workable("employee_published"), asking(sink)).department == ""
        sink.say("GET", "/spi/v3/departments", {"departments": [{"id": "4d3", "name": "Site"}]})
        assert person(workable("employee_published"), asking(sink)).department == "Site"


def test_a_published_employee_who_left_meanwhile_is_withdrawn() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/employees/5b7", {**EMPLOYEE, "status": "status_terminated"})
        assert fact(workable("employee_published"), asking(sink)).told is Told.WITHDRAWN


def test_whom_workable_does_not_know_a_human_looks_at() -> None:
    with HrisSink() as sink:
        for tree, name in ((workable("employee_published"), "5b7"), (MOVED, "candidate-2c9")):
            assert understood(tree, asking(sink)) == [Unfit(mistakes=(GONE,), external_id=name)]


def test_without_an_account_a_thin_message_says_how_to_mend_it() -> None:
    assert understood(workable("employee_published")) == [Unfit(mistakes=(THIN_EMPLOYEE,), external_id="5b7")]
    assert understood(MOVED) == [Unfit(mistakes=(THIN_HIRE,), external_id="candidate-2c9")]


def test_a_draft_is_completed_when_workable_shows_it_and_taken_as_it_came_when_not() -> None:
    with HrisSink() as sink:
        assert person(WORKABLE_DRAFT, asking(sink)).work_email == ""
        sink.say("GET", "/spi/v3/employees/5b7", EMPLOYEE)
        assert person(WORKABLE_DRAFT, asking(sink)).work_email == "tane@example.com"


def test_a_hired_candidate_is_asked_for_and_the_offer_knows_the_start_date() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/candidates/2c9", {"candidate": CANDIDATE})
        sink.say("GET", "/spi/v3/candidates/2c9/offer", OFFER)
        found = fact(MOVED, asking(sink))
        assert found.person is not None
        assert (found.told, found.external_id, found.at) == (Told.CREATED, "candidate-2c9", LATER)
        assert found.hire_id == "workable-candidate-2c9"
        assert (found.person.first_name, found.person.last_name) == ("Maren", "Holt")
        assert (found.person.personal_email, found.person.work_email) == ("maren@example.org", "")
        assert (found.person.start_date, found.person.job_title) == (date(2027, 1, 4), "Carpenter")
        assert (found.person.time_zone, found.person.country) == ("Australia/Perth", "AU")


def test_an_offer_without_a_start_date_is_said() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/candidates/2c9", {"candidate": CANDIDATE})
        assert mistakes(MOVED, asking(sink)) == ("start_date is missing",)
        sink.say(
            "GET",
            "/spi/v3/candidates/2c9/offer",
            {"document_variables": [{"name": "Start Date", "value": "soon"}]},
        )
        assert mistakes(MOVED, asking(sink)) == ("start_date must be a day written as 2026-03-02",)


def test_a_candidate_who_is_not_or_no_longer_hired_is_nobody_to_us() -> None:
    assert understood(workable("candidate_moved", stage_kind="offer")) == "a candidate who is not hired"
    assert understood(workable("candidate_moved")) == "a candidate who is not hired"
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/candidates/2c9", {"candidate": {**CANDIDATE, "stage_kind": "interview"}})
        assert understood(MOVED, asking(sink)) == "a candidate who is no longer hired"


def test_the_moment_of_hire_tells_where_no_kind_of_stage_is_given() -> None:
    tree = workable("candidate_moved", number="2c9", hired_at="2026-11-30T14:00:00Z")
    assert understood(tree) == [Unfit(mistakes=(THIN_HIRE,), external_id="candidate-2c9")]


def test_a_workable_that_does_not_answer_is_asked_again_later() -> None:
    with HrisSink() as sink:
        sink.say("GET", "/spi/v3/employees/5b7", {}, status=403)
        with pytest.raises(Unavailable, match="ONBOARDING_HRIS_ACCOUNTS"):
            understood(workable("employee_published"), asking(sink))


@pytest.mark.parametrize(
    "told", ["candidate_created", "candidate_deleted", "onboarding_completed", "timeoff_updated"]
)
def test_other_events_are_not_for_us(told: str) -> None:
    assert understood(workable(told)) == "an event that is neither a hire nor an employee"


@pytest.mark.parametrize("number", [None, "", "a/b", "..", {}, True])
def test_an_employee_without_an_id_is_refused_and_nobody_else_is_asked_for(number: object) -> None:
    for told in ("employee_created", "employee_updated", "employee_published"):
        assert mistakes({"event_type": told, "id": number, "data": {}}) == ("id is missing or not an id",)


@pytest.mark.parametrize("tree", [{}, {"event_type": None}, [], "x"])
def test_a_message_without_a_kind_waits_for_a_human(tree: object) -> None:
    assert mistakes(tree) == ("event_type is missing",)


def test_a_delivery_is_named_by_what_happened_to_whom_and_when() -> None:
    def name(tree: object) -> str:
        body = as_body(tree)
        return WorkableSource([SECRET]).verify(workable_headers(SECRET, body), body, NOW)

    first = workable("employee_updated", job_title="Cook")
    later = {**first, "fired_at": "2026-11-30T14:01:06.218Z"}
    # A repetition shows the state at the time of sending: another body, the same event.
    assert name(first) == name(workable("employee_updated", job_title="Chef"))
    assert len({name(first), name(later), name(workable("employee_created")), name({"id": "5b7"}), name([])}) == 5


def test_pay_birthday_and_the_street_are_not_kept() -> None:
    tree = workable("employee_updated", **{**EMPLOYEE, "address": WORKABLE_DRAFT["data"]["address"]})
    kept = WorkableSource([]).keep({}, as_body(tree))
    for word in ("salary", "1990", "Rua", "phone"):
        assert word not in kept


@pytest.mark.parametrize(
    "account",
    [
        {"token": "x"},
        {"subdomain": "example"},
        {"subdomain": "example.com/", "token": "x"},
        {"subdomain": "example", "token": "x", "other": "y"},
    ],
)
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_HRIS_ACCOUNTS"):
        WorkableSource([], account)


def test_an_account_is_reached_at_its_subdomain() -> None:
    assert WorkableSource([], {"subdomain": "example", "token": "x"}).name == "workable"
