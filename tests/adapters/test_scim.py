"""What do accounts of an identity provider mean in our words?"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from onboarding.adapters.sources.places import Places
from onboarding.adapters.sources.scim import ScimSource, first_day
from onboarding.domain.errors import BadRecord, BadSignature
from onboarding.domain.events import Event, Fact, Told, Understood, Unfit
from onboarding.domain.scim.agreement import Scim
from onboarding.domain.scim.schema import ENTERPRISE
from onboarding.ports import Source

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
ACME = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"
ID = "5a0f6f9e-0000-4000-8000-000000000001"
SCIM = Scim(tokens=("a-token-of-tests",), start_date=f"{ACME}:startDate", time_zone=f"{ACME}:zone")
SOURCE: Source = ScimSource(SCIM, Places(offices={"Harbour House": "America/Chicago"}))
ADA: dict[str, Any] = {
    "id": ID,
    "userName": "ada@example.com",
    "name": {"givenName": "Ada", "familyName": "Quill"},
    "nickName": "Adi",
    "title": "Designer",
    "preferredLanguage": "de-DE,de;q=0.9,en;q=0.5",
    "locale": "en-US",
    "timezone": "Asia/Manila",
    "active": True,
    "emails": [
        {"value": "ada@example.org", "type": "home"},
        {"value": "second@example.com", "type": "work"},
        {"value": "ada@example.com", "type": "work", "primary": True},
    ],
    "addresses": [
        {"type": "home", "locality": "Quezon City", "country": "PH"},
        {"type": "work", "locality": "Manila", "country": "Philippines"},
    ],
    ENTERPRISE: {"department": "Product", "division": "Goods", "manager": {"value": "m-1", "displayName": "Max"}},
    ACME: {"startDate": "2027-01-04"},
}


def event(tree: object) -> Event:
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return Event(id="e1", source="scim", delivery_id=f"{ID}.1", body=body, received_at=NOW, ready_at=NOW)


def understood(**more: Any) -> Fact | Unfit:
    tree = {name: value for name, value in {**ADA, **more}.items() if value is not None}
    return only(SOURCE.understand(event(tree), NOW + timedelta(hours=1)))


def only(found: Understood) -> Fact | Unfit:
    assert isinstance(found, list)
    (one,) = found
    return one


def fact(**more: Any) -> Fact:
    found = understood(**more)
    assert isinstance(found, Fact), found
    return found


def mistakes(**more: Any) -> tuple[str, ...]:
    found = understood(**more)
    assert isinstance(found, Unfit), found
    assert found.external_id == ID
    return found.mistakes


def test_an_active_account_says_how_somebody_stands() -> None:
    found = fact()
    assert (found.told, found.external_id, found.hire_id, found.at) == (Told.KNOWN, ID, f"scim-{ID}", NOW)
    assert found.manager == "m-1"
    person = found.person
    assert person is not None
    assert (person.first_name, person.last_name, person.preferred_name) == ("Ada", "Quill", "Adi")
    assert (person.work_email, person.personal_email) == ("ada@example.com", "ada@example.org")
    assert (person.time_zone, person.country, person.location) == ("Asia/Manila", "PH", "Manila")
    assert (person.language, person.job_title, person.department) == ("de-de", "Designer", "Product")
    assert person.start_date == date(2027, 1, 4)
    assert "start_date" in found.given


def test_an_account_without_a_start_date_is_known_without_one() -> None:
    found = fact(**{ACME: None})
    assert found.told is Told.KNOWN
    assert found.person is not None
    assert found.person.start_date is None


def test_what_an_account_leaves_out_is_not_told_as_empty() -> None:
    found = fact(**{ACME: None}, nickName=None, title=None, preferredLanguage=None, locale=None)
    assert found.given == {
        *("first_name", "last_name", "work_email", "personal_email"),
        *("time_zone", "country", "location", "department"),
    }


def test_an_account_that_is_not_active_is_a_withdrawal_whatever_else_it_lacks() -> None:
    for tree in ({**ADA, "active": False}, {"id": ID, "active": False}):
        found = only(SOURCE.understand(event(tree), NOW))
        assert isinstance(found, Fact)
        assert (found.told, found.external_id, found.hire_id) == (Told.WITHDRAWN, ID, f"scim-{ID}")


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ({}, "Asia/Manila"),
        ({"timezone": None}, "Asia/Manila"),  # the Philippines have one
        ({"timezone": None, ACME: {"zone": "Europe/Lisbon"}}, "Europe/Lisbon"),
        ({"timezone": "Mountain Standard Time", ACME: {"zone": "Europe/Lisbon"}}, "Europe/Lisbon"),
        ({"timezone": "Taipei Standard Time"}, "Asia/Manila"),
        ({"timezone": None, "addresses": [{"locality": "harbour house", "country": "US"}]}, "America/Chicago"),
        ({"timezone": None, "addresses": [{"locality": "Lyon", "country": "FR"}]}, "Europe/Paris"),
        ({"timezone": None, "addresses": [{"country": "DE"}]}, "Europe/Berlin"),
    ],
    ids=str,
)
def test_the_zone_is_what_the_account_says_or_what_its_place_says(said: dict[str, Any], zone: str) -> None:
    person = fact(**said).person
    assert person is not None
    assert person.time_zone == zone


def test_without_a_zone_a_sentence_says_what_helps() -> None:
    (sentence,) = mistakes(timezone=None, addresses=[{"country": "US", "locality": "Springfield"}])
    assert sentence.startswith("time_zone is missing: have the identity provider send timezone")
    assert "ONBOARDING_OFFICE_ZONES" in sentence


def test_a_zone_that_is_none_is_named_as_the_mistake_when_the_place_does_not_help() -> None:
    (sentence,) = mistakes(timezone="Pacific Standard Time", addresses=None)
    assert sentence.startswith("time_zone must be an IANA time zone")
    assert "Pacific" not in sentence.replace("US/Pacific", "")


def test_every_mistake_is_told_at_once() -> None:
    found = mistakes(name=None, emails=None, timezone=None, addresses=None, **{ACME: {"startDate": "soon"}})
    assert [sentence.split(" ")[0] for sentence in found] == [
        "first_name",
        "work_email",
        "start_date",
        "time_zone",
    ]


def test_an_address_without_a_type_is_taken_for_the_work_address() -> None:
    person = fact(emails=[{"value": "ada@example.com"}]).person
    assert person is not None
    assert person.work_email == "ada@example.com"


def test_a_manager_who_is_named_by_address_is_found_by_it() -> None:
    found = fact(**{ENTERPRISE: {"manager": {"value": "max@example.com"}}})
    assert found.manager == ""
    assert found.person is not None
    assert found.person.manager_email == "max@example.com"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({"preferredLanguage": "pt_BR"}, "pt-br"),
        ({"preferredLanguage": "no language at all"}, "en-us"),
        ({"preferredLanguage": None, "locale": None}, "en"),
    ],
    ids=str,
)
def test_a_language_that_cannot_be_read_hinders_nobody(said: dict[str, Any], language: str) -> None:
    person = fact(**said).person
    assert person is not None
    assert person.language == language


def test_a_department_that_is_missing_is_the_division() -> None:
    person = fact(**{ENTERPRISE: {"division": "Goods"}}).person
    assert person is not None
    assert person.department == "Goods"


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2027-01-04", "", "2027-01-04"),
        ("2027-01-04T00:00:00Z", "America/Los_Angeles", "2027-01-04"),
        ("2027-01-04 00:00:00", "America/Los_Angeles", "2027-01-04"),
        ("2027-01-04T08:00:00.0Z", "America/Los_Angeles", "2027-01-04"),
        ("2027-01-03T13:00:00Z", "Australia/Sydney", "2027-01-04"),
        ("2027-01-03T23:00:00.000Z", "Europe/Berlin", "2027-01-04"),
        ("2027-01-04T00:00:00+01:00", "America/Los_Angeles", "2027-01-04"),
        ("2027-01-03T23:00:00Z", "", "2027-01-03T23:00:00Z"),
        ("2027-13-45T00:00:00Z", "Europe/Berlin", "2027-13-45T00:00:00Z"),
        ("0001-01-01T01:00:00Z", "America/Los_Angeles", "0001-01-01T01:00:00Z"),
        ("tomorrow", "Europe/Berlin", "tomorrow"),
        ("", "Europe/Berlin", ""),
    ],
    ids=str,
)
def test_a_start_date_may_be_a_day_or_a_moment(text: str, zone: str, day: str) -> None:
    assert first_day(text, zone) == day


def test_an_attribute_of_the_core_can_hold_the_start_date() -> None:
    source = ScimSource(Scim(tokens=(), start_date="startDate"))
    found = only(source.understand(event({**ADA, "STARTDATE": "2027-02-01"}), NOW))
    assert isinstance(found, Fact)
    assert found.person is not None
    assert found.person.start_date == date(2027, 2, 1)


@pytest.mark.parametrize("tree", ["", "[]", "{", "null", "{}", '{"id": 3}', '{"id": ""}', "not kept: 7 bytes"])
def test_an_event_that_is_no_account_waits_for_a_human(tree: str) -> None:
    with pytest.raises(BadRecord):
        SOURCE.understand(event(tree), NOW)


def test_nothing_comes_in_as_a_webhook() -> None:
    body = json.dumps(ADA).encode()
    headers = {"authorization": "Bearer a-token-of-tests"}
    assert SOURCE.greet(headers, body) is None
    assert SOURCE.keep(headers, body).startswith("not kept: ")
    with pytest.raises(BadSignature):
        SOURCE.verify(headers, body, NOW)
