"""What do the messages of Ashby mean? The payloads are look-alikes, with people who do not exist."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pytest

from onboarding.adapters.sources import AshbySource
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, Unavailable
from onboarding.domain.events import Fact, Told, Understood
from onboarding.domain.people import Person
from tests.ports.sources.vendor import NOW, as_body, event
from tests.ports.sources.vendors import ASHBY_HIRED, ASHBY_OFFER, ashby_headers, ashby_offer
from tests.sinks.hris import HrisSink

SECRET = "a-secret-of-ashby"
PLACES = Places(offices={"Recife": "America/Recife", "Remote Brazil": "America/Sao_Paulo"})


def understood(tree: object, source: AshbySource | None = None) -> Understood:
    """What a message means, by what is kept of it."""
    asked = source or AshbySource([])
    return asked.understand(event(asked.keep({}, as_body(tree))), NOW)


def fact(tree: object, source: AshbySource | None = None) -> Fact:
    found = understood(tree, source)
    assert isinstance(found, list), found
    (only,) = found
    assert isinstance(only, Fact), only
    return only


def person(tree: object, source: AshbySource | None = None) -> Person:
    found = fact(tree, source).person
    assert found is not None
    return found


def mistakes(tree: object, source: AshbySource | None = None) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(tree, source)
    return caught.value.mistakes


def hired(**application: object) -> dict[str, Any]:
    tree = deepcopy(ASHBY_HIRED)
    tree["data"]["application"] |= application
    return tree


def without_zone() -> dict[str, Any]:
    tree = hired(customFields=[])
    tree["data"]["offer"]["latestVersion"]["customFields"] = []
    return tree


def asking(sink: HrisSink) -> AshbySource:
    return AshbySource([], {"api_key": "key-1", "url": sink.url}, PLACES)


def told(**results: object) -> dict[str, object]:
    return {"success": True, "results": results}


def test_a_hire_becomes_a_record_of_allowed_fields() -> None:
    found = fact(ASHBY_HIRED)
    assert found.person is not None
    number = ASHBY_HIRED["data"]["application"]["id"]
    assert (found.told, found.external_id, found.hire_id) == (Told.CREATED, number, f"ashby-{number}")
    assert (found.about, found.at) == (ASHBY_OFFER["id"], NOW)
    assert (found.person.first_name, found.person.last_name) == ("Iara", "Monte Verde")
    assert (found.person.personal_email, found.person.work_email) == ("iara@example.org", "")
    assert (found.person.start_date, found.person.job_title) == (date(2027, 1, 4), "Analyst")
    assert (found.person.time_zone, found.person.country) == ("America/Recife", "BR")
    assert (found.person.department, found.person.location) == ("", "")


def test_custom_fields_are_read_by_their_title_whatever_its_case() -> None:
    custom = [
        {"title": "Preferred Name", "value": "Ia"},
        {"title": "WORK-EMAIL", "value": "iara@example.com"},
        {"title": "manager  email", "value": "lead@example.com"},
        {"title": "Team", "value": ""},
        {"title": "Time zone", "value": "the offer's counts before"},
    ]
    found = person(hired(customFields=custom))
    assert (found.preferred_name, found.work_email, found.manager_email) == (
        "Ia",
        "iara@example.com",
        "lead@example.com",
    )
    assert found.time_zone == "America/Recife"


def test_a_salary_among_the_custom_fields_is_not_kept_wherever_it_stands() -> None:
    secret = [{"title": "Base salary", "value": "918273"}]
    trees = [hired(customFields=secret), ashby_offer(latestVersion={"customFields": secret})]
    trees.append({"action": "candidateHire", "data": [{"application": [{"customFields": secret}]}]})
    trees.append({"data": {"application": {"customFields": {"title": "Team", "value": secret}}}})
    trees.append({"data": {"application": {"customFields": secret[0]}}})
    for tree in trees:
        kept = AshbySource([]).keep({}, as_body(tree))
        assert "918273" not in kept
        assert "salary" not in kept.casefold()


def test_a_candidate_with_one_name_is_called_by_it() -> None:
    tree = hired(candidate={"name": " Iara ", "primaryEmailAddress": {"value": "iara@example.org"}})
    assert (person(tree).first_name, person(tree).last_name) == ("Iara", "")


def test_a_zone_that_nobody_gives_is_not_guessed() -> None:
    (sentence,) = mistakes(without_zone())
    assert sentence.startswith("time_zone is missing: Ashby sends none")
    assert "ONBOARDING_HRIS_ACCOUNTS" in sentence
    assert "ONBOARDING_OFFICE_ZONES" in sentence


def test_everything_that_is_missing_is_said_at_once() -> None:
    tree = without_zone()
    tree["data"]["application"]["candidate"] = {}
    tree["data"]["offer"] = {}
    assert [sentence.partition(" ")[0] for sentence in mistakes(tree)] == [
        *("first_name", "work_email", "start_date", "time_zone"),
    ]


def test_an_application_without_an_id_is_refused() -> None:
    for number in (None, "", 7, "a b", True):
        assert mistakes(hired(id=number)) == ("application.id is missing or not an id",)


def test_names_of_department_and_location_and_the_zone_are_asked_for() -> None:
    with HrisSink() as sink:
        sink.say("POST", "/department.info", told(id="dep-1", name="Growth"))
        sink.say("POST", "/location.info", told(id="loc-1", name="Recife"))
        found = person(without_zone(), asking(sink))
        assert (found.department, found.location, found.time_zone) == ("Growth", "Recife", "America/Recife")
        assert sink.paths == ["POST /department.info", "POST /location.info"]
        assert [asked.tree for asked in sink.asked] == [{"departmentId": "dep-1"}, {"locationId": "loc-1"}]
        assert sink.asked[0].headers["authorization"] == f"Basic {base64.b64encode(b'key-1:').decode()}"


def test_the_country_of_a_location_gives_a_zone_when_it_has_only_one() -> None:
    with HrisSink() as sink:
        address = {"postalAddress": {"addressCountry": "Kenya", "addressLocality": "Nairobi"}}
        sink.say("POST", "/location.info", told(id="loc-1", name="Hub", address=address))
        sink.say("POST", "/department.info", told(id="dep-1", name="Growth"))
        found = person(without_zone(), asking(sink))
        assert (found.time_zone, found.country, found.location) == ("Africa/Nairobi", "KE", "Hub")


def test_what_ashby_does_not_know_is_not_known() -> None:
    with HrisSink() as sink:
        for method in ("department", "location"):
            sink.say("POST", f"/{method}.info", {"success": False, "errors": [f"{method}_not_found"]})
        found = person(ASHBY_HIRED, asking(sink))
        assert (found.department, found.location) == ("", "")


@pytest.mark.parametrize(
    "answer", [{"success": False, "errors": ["missing_endpoint_permission"]}, {"success": False}, {}, [], 7]
)
def test_a_refusal_that_comes_as_200_is_a_refusal(answer: object) -> None:
    with HrisSink() as sink:
        sink.say("POST", "/department.info", answer)
        with pytest.raises(Unavailable, match=r"department\.info"):
            understood(ASHBY_HIRED, asking(sink))


def test_without_answers_nothing_counts_until_there_are_some() -> None:
    with HrisSink() as sink:
        sink.say("POST", "/department.info", {}, status=403)
        with pytest.raises(Unavailable, match="ONBOARDING_HRIS_ACCOUNTS"):
            understood(ASHBY_HIRED, asking(sink))


@pytest.mark.parametrize("action", ["offerUpdate", "offerCreate"])
@pytest.mark.parametrize("start", ["2027-02-01", "2027-02-01T00:00:00.000Z", "2027-02-01T00:00:00-05:00"])
def test_an_offer_moves_the_start_date(action: str, start: str) -> None:
    found = fact(ashby_offer(action, latestVersion={"startDate": start}))
    assert (found.told, found.external_id) == (Told.UPDATED, ASHBY_OFFER["applicationId"])
    assert (found.first_day, found.given) == (date(2027, 2, 1), frozenset({"start_date"}))
    assert (found.person, found.about) == (None, ASHBY_OFFER["id"])


@pytest.mark.parametrize("status", ["Declined", "Cancelled"])
def test_an_offer_that_is_over_says_nothing(status: str) -> None:
    assert understood(ashby_offer(acceptanceStatus=status)) == "an offer that no longer counts"


def test_an_offer_without_a_start_date_says_nothing() -> None:
    assert understood(ashby_offer(latestVersion={})) == "an offer without a start date"


def test_a_start_date_that_cannot_be_is_refused() -> None:
    assert mistakes(ashby_offer(latestVersion={"startDate": "2027-02-30"})) == (
        "start_date is a day that no calendar has",
    )
    assert mistakes(ashby_offer(latestVersion={"startDate": 7})) == (
        "start_date must be a day written as 2026-03-02",
    )


def test_a_deleted_offer_withdraws_the_hire_that_hangs_on_it() -> None:
    found = fact(ashby_offer("offerDelete"))
    assert (found.told, found.external_id) == (Told.WITHDRAWN, ASHBY_OFFER["applicationId"])
    assert (found.about, found.person) == (ASHBY_OFFER["id"], None)
    assert mistakes(ashby_offer("offerDelete", id=None)) == ("offer.id is missing or not an id",)
    assert mistakes(ashby_offer("offerDelete", applicationId=[])) == (
        "offer.applicationId is missing or not an id",
    )


@pytest.mark.skipif(all(field.name != "rank" for field in fields(Fact)), reason="facts have no rank yet")
def test_a_newer_version_of_an_offer_has_the_higher_rank() -> None:
    written = [
        *("2026-11-20T09:00:00.000Z", "2026-11-20T10:00:01.000+01:00", "2026-11-21T09:00:00Z"),
        *("yesterday", None),
    ]
    trees = [ashby_offer(latestVersion={"startDate": "2027-02-01", "createdAt": each}) for each in written]
    first, second, third, *unknown = [getattr(fact(tree), "rank", -1) for tree in trees]
    assert first + 1 == second < third
    assert unknown == [0, 0]


@pytest.mark.parametrize("action", ["applicationUpdate", "candidateStageChange"])
def test_what_ashby_sends_beside_a_hire_is_ignored_with_the_reason(action: str) -> None:
    found = understood({**ASHBY_HIRED, "action": action})
    assert found == "an event beside a hire: the hire itself comes as candidateHire"


def test_three_messages_of_one_hire_have_three_names_and_a_repetition_the_same() -> None:
    source = AshbySource([SECRET])
    names: set[str] = set()
    for action in ("candidateHire", "applicationUpdate", "candidateStageChange", "candidateHire"):
        body = json.dumps({**ASHBY_HIRED, "action": action}, indent=len(names)).encode()
        names.add(source.verify(ashby_headers(SECRET, body), body, NOW))
    assert len(names) == 3
    assert {name.partition(":")[0] for name in names} == {ASHBY_HIRED["webhookActionId"]}


def test_two_hires_of_one_action_are_two_deliveries() -> None:
    source = AshbySource([SECRET])
    bodies = [as_body(hired(id=number)) for number in ("a-1", "a-2")]
    assert len({source.verify(ashby_headers(SECRET, body), body, NOW) for body in bodies}) == 2


@pytest.mark.parametrize("body", [b"{}", b"[]", b"no json", b'{"webhookActionId": "a:b", "action": "x"}'])
def test_a_delivery_without_an_id_is_named_by_its_bytes(body: bytes) -> None:
    name = AshbySource([SECRET]).verify(ashby_headers(SECRET, body), body, NOW)
    assert len(name) == 64


def test_a_message_of_a_webhook_without_a_secret_is_refused() -> None:
    with pytest.raises(BadSignature, match="missing"):
        AshbySource([SECRET]).verify({}, as_body(ASHBY_HIRED), NOW)


def test_a_ping_is_taken_and_needs_nothing() -> None:
    assert understood({"action": "ping", "data": {"webhookActionId": "x"}}) == "a ping"


@pytest.mark.parametrize("tree", [{}, {"action": None}, {"action": ["ping"]}, [], "ping"])
def test_a_message_without_an_action_waits_for_a_human(tree: object) -> None:
    assert mistakes(tree) == ("action is missing",)


@pytest.mark.parametrize("account", [{"key": "x"}, {"api_key": ""}, {"api_key": "x", "url": "http://example.com"}])
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_HRIS_ACCOUNTS"):
        AshbySource([], account)


@pytest.mark.parametrize(
    ("updated_at", "at"),
    [
        ("2026-11-30T20:28:09.466Z", "2026-11-30T20:28:09.466Z"),
        ("2026-12-01T08:00:01Z", ""),
        ("yesterday", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_hire_is_as_old_as_its_application_says_and_never_later_than_its_receipt(
    updated_at: object, at: str
) -> None:
    assert fact(hired(updatedAt=updated_at)).at == (datetime.fromisoformat(at) if at else NOW)
