"""What do the messages of Greenhouse mean? The payloads are look-alikes, with people who do not exist."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onboarding.adapters.sources import GreenhouseSource
from onboarding.domain.errors import BadRecord
from onboarding.domain.events import Event, Fact, Told

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ZONES = {"Nairobi Hub": "Africa/Nairobi", "Mombasa": "Africa/Nairobi", "Lisboa": "Europe/Lisbon"}

HIRED: dict[str, Any] = {
    "action": "hire_candidate",
    "organization_name": "a root key that no manual names",
    "payload": {
        "application": {
            "id": 7001,
            "opening": {"custom_fields": []},
            "candidate": {
                "id": 88,
                "first_name": "Wanjiru",
                "last_name": "Kamau",
                "email_addresses": [
                    {"value": "w.kamau@former-employer.example.com", "type": "work"},
                    {"value": "wanjiru@example.org", "type": "personal"},
                ],
                "phone_numbers": [{"value": "555-0100", "type": "mobile"}],
                "custom_fields": {
                    "preferred_name": {"name": "Preferred Name", "type": "short_text", "value": "Ciru"}
                },
            },
            "job": {"name": "A deprecated copy", "offices": [{"name": "Lisboa"}]},
            "jobs": [
                {
                    "name": "Support Engineer",
                    "departments": [{"name": "Care"}, {"name": "Engineering"}],
                    "offices": [{"name": "Nairobi Hub", "location": "Nairobi, Kenya"}],
                    "custom_fields": {"salary_range": {"type": "currency_range", "value": {"min_value": "1"}}},
                }
            ],
            "custom_fields": [],
            "offer": {
                "id": 5,
                "version": 2,
                "starts_at": "2027-01-04",
                "custom_fields": {
                    "country": {"name": "Country", "type": "short_text", "value": "KE"},
                    "manager": {
                        "name": "Manager",
                        "type": "user",
                        "value": {"id": 9, "name": "Achieng Example", "email": "achieng@example.com"},
                    },
                    "salary": {"type": "currency", "value": {"amount": 1, "unit": "KES"}},
                },
            },
        }
    },
}


def event(tree: object) -> Event:
    return Event(id="e1", source="greenhouse", delivery_id="d1", body=json.dumps(tree), received_at=NOW)


def understood(tree: object, zones: dict[str, str] | None = None) -> Fact | str:
    return GreenhouseSource([], ZONES if zones is None else zones).understand(event(tree))


def fact(tree: object, zones: dict[str, str] | None = None) -> Fact:
    found = understood(tree, zones)
    assert isinstance(found, Fact), found
    return found


def mistakes(tree: object, zones: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(tree, zones)
    return caught.value.mistakes


def hired(**application: object) -> dict[str, Any]:
    tree = deepcopy(HIRED)
    tree["payload"]["application"] |= application
    return tree


def offices(*names: str) -> list[dict[str, Any]]:
    return [{"name": "Support Engineer", "offices": [{"name": name} for name in names]}]


def test_a_hire_becomes_a_record_of_allowed_fields() -> None:
    found = fact(HIRED)
    person = found.person
    assert person is not None
    assert (found.told, found.external_id, found.hire_id) == (Told.CREATED, "7001", "greenhouse-7001")
    assert (person.id, person.first_name, person.last_name, person.preferred_name) == (
        "greenhouse-7001",
        "Wanjiru",
        "Kamau",
        "Ciru",
    )
    assert (person.start_date, person.time_zone, person.country) == (date(2027, 1, 4), "Africa/Nairobi", "KE")
    assert (person.job_title, person.department, person.location) == ("Support Engineer", "Care", "Nairobi Hub")
    assert (person.manager_email, person.personal_email) == ("achieng@example.com", "wanjiru@example.org")


def test_the_address_at_the_present_employer_is_never_taken_for_ours() -> None:
    person = fact(HIRED).person
    assert person is not None
    assert person.work_email == ""


def test_the_only_address_of_a_candidate_is_one_they_can_be_reached_at() -> None:
    tree = hired()
    tree["payload"]["application"]["candidate"]["email_addresses"] = [{"value": "w@example.net", "type": "other"}]
    person = fact(tree).person
    assert person is not None
    assert person.personal_email == "w@example.net"


def test_a_custom_field_gives_the_zone_before_any_office() -> None:
    person = fact(hired(custom_fields={"time_zone": {"type": "short_text", "value": "Europe/Madrid"}})).person
    assert person is not None
    assert person.time_zone == "Europe/Madrid"


def test_offices_in_one_zone_give_the_zone_whatever_the_case_of_their_names() -> None:
    person = fact(hired(jobs=offices("NAIROBI HUB ", "Mombasa", "Unknown"))).person
    assert person is not None
    assert person.time_zone == "Africa/Nairobi"


def test_a_zone_that_nobody_gives_is_not_guessed() -> None:
    (sentence,) = mistakes(HIRED, {})
    assert sentence.startswith("time_zone is missing: Greenhouse sends none")
    assert "ONBOARDING_OFFICE_ZONES" in sentence


def test_offices_in_different_zones_are_not_chosen_from() -> None:
    (sentence,) = mistakes(hired(jobs=offices("Lisboa", "Mombasa")))
    assert sentence.endswith("its offices lie in different zones")


def test_everything_that_is_missing_is_said_at_once() -> None:
    sentences = mistakes(hired(candidate={"first_name": None, "email_addresses": []}, offer=None), {})
    assert [sentence.partition(" ")[0] for sentence in sentences] == [
        "first_name",
        "work_email",
        "start_date",
        "time_zone",
    ]


def test_an_older_payload_without_jobs_still_names_the_job() -> None:
    tree = hired(job=offices("Mombasa")[0])
    del tree["payload"]["application"]["jobs"]
    person = fact(tree).person
    assert person is not None
    assert (person.job_title, person.location) == ("Support Engineer", "Mombasa")


@pytest.mark.parametrize("number", [None, "", "seven", 1.5, True, -1, [], 10**30])
def test_an_application_without_a_number_is_refused(number: object) -> None:
    assert mistakes(hired(id=number)) == ("application.id is missing or not a number",)


def test_an_unhire_withdraws_the_hire_of_its_application() -> None:
    found = fact({"action": "unhire_candidate", "payload": {"application": {"id": 7001, "status": "active"}}})
    assert (found.told, found.hire_id, found.person) == (Told.WITHDRAWN, "greenhouse-7001", None)


def offer(action: str = "offer_created", **more: object) -> dict[str, Any]:
    flat = {"id": 6, "application_id": 7001, "version": 3, "start_date": "02/01/2027", "offer_status": "Created"}
    return {"action": action, "payload": {**flat, **more}}


@pytest.mark.parametrize(
    "tree", [offer(), offer("offer_updated", offer_status="Accepted"), offer(start_date="2027-02-01")]
)
def test_an_offer_moves_the_start_date_month_first_or_iso(tree: dict[str, Any]) -> None:
    found = fact(tree)
    assert (found.told, found.hire_id, found.first_day) == (Told.UPDATED, "greenhouse-7001", date(2027, 2, 1))
    assert found.person is None
    assert found.given == {"start_date"}


def test_an_offer_wrapped_in_an_object_is_read_as_well() -> None:
    assert fact({"action": "offer_updated", "payload": {"offer": offer()["payload"]}}).first_day == date(
        2027, 2, 1
    )


@pytest.mark.parametrize("status", ["Deprecated", "deprecated", "Rejected"])
def test_an_offer_that_is_over_says_nothing(status: str) -> None:
    assert understood(offer("offer_updated", offer_status=status)) == "an offer that no longer counts"


def test_an_offer_without_a_start_date_says_nothing() -> None:
    assert understood(offer(start_date=None)) == "an offer without a start date"


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("13/01/2027", "start_date is a day that no calendar has"),
        ("02/30/2027", "start_date is a day that no calendar has"),
        ("1.2.2027", "start_date must be a day written as 04/15/2026"),
        (1801440000, "start_date must be a day written as 04/15/2026"),
    ],
)
def test_a_start_date_that_cannot_be_is_refused(start: object, sentence: str) -> None:
    assert mistakes(offer(start_date=start)) == (sentence,)


@pytest.mark.parametrize("action", ["ping", "offer_deleted", "candidate_stage_change", "something_new"])
def test_a_ping_and_what_we_do_not_know_is_taken_and_needs_nothing(action: str) -> None:
    assert isinstance(understood({"action": action, "payload": {"web_hook_id": 1}}), str)


@pytest.mark.parametrize("tree", [{}, {"action": None}, {"action": ["ping"]}, [], "ping"])
def test_a_message_without_an_action_waits_for_a_human(tree: object) -> None:
    assert mistakes(tree) == ("action is missing",)


@pytest.mark.parametrize(
    "payload", [None, [], "x", {"application": []}, {"application": {"id": 7, "candidate": []}}]
)
def test_a_payload_of_another_shape_is_refused_and_never_a_crash(payload: object) -> None:
    assert mistakes({"action": "hire_candidate", "payload": payload})
