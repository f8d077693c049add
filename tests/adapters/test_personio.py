"""What do the messages of Personio mean? Everybody in them is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.sources.personio import PersonioSource
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, Unavailable
from onboarding.domain.events import Event, Fact, Told, Understood
from tests.ports.sources.vendors_hris import PERSONIO_ACCOUNT, SECRETS, personio_headers
from tests.sinks import CUT
from tests.sinks.hris import HrisSink, broken

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RECEIVED = NOW - timedelta(minutes=1)
PLACES = Places(offices={"60302": "Europe/Berlin"})
UNSIGNED = {name: value for name, value in PERSONIO_ACCOUNT.items() if name != "signature_header"}
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "hris"

PERSON: dict[str, Any] = {
    "id": "5005",
    "email": "jonas.weber@example.com",
    "first_name": "Jonas",
    "last_name": "Weber",
    "preferred_name": "Jo",
    "gender": "MALE",
    "status": "ACTIVE",
    "custom_attributes": [
        {"id": "dynamic_1", "type": "STRING", "global_id": "iban", "value": "XX00"},
        {"id": "dynamic_2", "type": "STRING", "label": "Personal E-mail", "value": "x"},
        {"id": "dynamic_3", "type": "STRING", "label": "Personal email", "value": "jonas@example.org"},
        {"id": "dynamic_4", "type": "STRING", "global_id": "country", "value": "Germany"},
        {"id": "dynamic_5", "type": "STRING_LIST", "label": "Location", "value": ["Berlin"]},
    ],
}
EMPLOYMENT: dict[str, Any] = {
    "id": "e-1",
    "status": "ONBOARDING",
    "employment_start_date": "2027-01-04",
    "employment_end_date": None,
    "probation_end_date": "2027-07-04",
    "position": {"title": "Engineer"},
    "supervisor": {"id": "3003"},
    "office": {"id": "60302"},
    "org_units": [{"type": "team", "id": "4502"}, {"type": "department", "id": "401"}],
    "person": {"id": "5005"},
}


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        server.say("POST", "/v2/auth/token", {"access_token": "t1", "expires_in": 86400})
        server.say("GET", "/v2/org-units/401", {"id": 401, "name": "Platform", "type": "department"})
        server.say("GET", "/v2/org-units/4502", {"id": 4502, "name": "Checkout", "type": "team"})
        yield server


def shown(sink: HrisSink, *employments: dict[str, Any], **person: object) -> None:
    sink.say("GET", "/v2/persons/5005", {**PERSON, **person})
    sink.say("GET", "/v2/persons/5005/employments", {"_data": list(employments), "_meta": {}})


def employment(**more: object) -> dict[str, Any]:
    return {**EMPLOYMENT, **more}


def told(kind: str = "employment.created", payload: object = None) -> dict[str, Any]:
    of_person = {"id": "5005"} if kind.startswith("person.") else {"id": "e-1", "person": {"id": "5005"}}
    named = of_person if payload is None else payload
    return {"company_id": "9", "occurred_at": "2026-12-01T07:59:00Z", "event_name": kind, "payload": named}


def event(tree: object) -> Event:
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return Event(id="e1", source="personio", delivery_id="d1", body=body, received_at=RECEIVED, ready_at=RECEIVED)


def understood(sink: HrisSink, tree: object) -> Understood:
    speaking = PersonioSource([], {**UNSIGNED, "url": sink.url}, PLACES)
    try:
        return speaking.understand(event(tree), NOW)
    finally:
        speaking.close()


def only(sink: HrisSink, tree: object) -> Fact:
    found = understood(sink, tree)
    assert isinstance(found, list), found
    (one,) = found
    assert isinstance(one, Fact), one
    return one


def mistakes(sink: HrisSink, tree: object) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(sink, tree)
    return caught.value.mistakes


def test_the_secret_path_lets_messages_in_and_the_source_says_that_it_is_needed() -> None:
    speaking = PersonioSource([], UNSIGNED)
    assert speaking.needs_path
    first = speaking.verify({}, b"{}", NOW)
    assert first == speaking.verify({"x-anything": "x"}, b"{}", NOW + timedelta(days=3))
    assert first != speaking.verify({}, b"{ }", NOW)


def test_a_configured_signature_is_checked() -> None:
    body, speaking = json.dumps(told()).encode(), PersonioSource(SECRETS[:2], PERSONIO_ACCOUNT)
    for secret in SECRETS[:2]:
        assert speaking.verify(personio_headers(secret, body), body, NOW)
    for headers in ({}, personio_headers(SECRETS[2], body), personio_headers(SECRETS[0], body + b" ")):
        with pytest.raises(BadSignature):
            speaking.verify(headers, body, NOW)
    with pytest.raises(BadSignature):
        PersonioSource([], PERSONIO_ACCOUNT).verify(personio_headers(SECRETS[0], body), body, NOW)


def test_only_ids_and_the_time_are_kept() -> None:
    speaking = PersonioSource([], UNSIGNED)
    tree = told("person.updated", {"id": "5005", "iban": "XX00"}) | {"meta": {"name": "Jonas"}}
    assert json.loads(speaking.keep({}, json.dumps(tree).encode())) == told("person.updated")
    assert speaking.keep({}, b"<xml/>").startswith("not kept: ")
    assert speaking.greet({}, b"anything") is None


@pytest.mark.parametrize(
    "kind",
    [
        *("person.created", "person.updated", "employment.created", "employment.updated", "employment.started"),
        *("person.deleted", "employment.deleted", "employment.terminated"),
    ],
)
def test_nothing_in_a_message_is_believed_but_whom_to_ask_about(sink: HrisSink, kind: str) -> None:
    shown(sink, EMPLOYMENT)
    found = only(sink, told(kind))
    person = found.person
    assert person is not None
    assert (found.told, found.external_id, found.hire_id) == (Told.KNOWN, "5005", "personio-5005")
    assert (found.at, found.manager) == (NOW, "3003")
    assert (person.first_name, person.preferred_name, person.work_email) == (
        "Jonas",
        "Jo",
        "jonas.weber@example.com",
    )
    assert (person.personal_email, person.country) == ("jonas@example.org", "DE")
    assert (person.start_date, person.time_zone) == (date(2027, 1, 4), "Europe/Berlin")
    assert (person.job_title, person.department, person.team) == ("Engineer", "Platform", "Checkout")


def test_a_token_is_shown_and_fetched_once(sink: HrisSink) -> None:
    shown(sink, EMPLOYMENT)
    only(sink, told())
    assert sink.paths == [
        "POST /v2/auth/token",
        "GET /v2/persons/5005",
        "GET /v2/persons/5005/employments",
        "GET /v2/org-units/401",
        "GET /v2/org-units/4502",
    ]
    assert sink.asked[0].form["client_id"] == "client-1"
    assert sink.asked[1].headers["authorization"] == "Bearer t1"
    assert sink.asked[3].query == {"type": "department"}


def test_a_start_date_changes_with_the_employment(sink: HrisSink) -> None:
    shown(sink, employment(employment_start_date="2027-02-01T00:00:00Z"))
    assert only(sink, told("employment.updated")).person.start_date == date(2027, 2, 1)  # type: ignore[union-attr]  # it is KNOWN


@pytest.mark.parametrize("kind", ["person.created", "person.updated"])
def test_a_person_without_an_employment_waits_for_it(sink: HrisSink, kind: str) -> None:
    shown(sink)
    said = understood(sink, told(kind))
    assert isinstance(said, str)
    assert said.startswith("waits for employment")


def test_employments_that_are_not_found_are_none(sink: HrisSink) -> None:
    sink.say("GET", "/v2/persons/5005", PERSON)
    assert isinstance(understood(sink, told("person.updated")), str)


def test_an_employment_that_is_not_shown_yet_is_asked_for_again_later(sink: HrisSink) -> None:
    shown(sink)
    with pytest.raises(Unavailable, match="does not show the employment yet"):
        understood(sink, told())


@pytest.mark.parametrize("kind", ["person.deleted", "employment.deleted"])
def test_somebody_whom_personio_no_longer_knows_is_gone(sink: HrisSink, kind: str) -> None:
    found = only(sink, told(kind))
    assert (found.told, found.external_id, found.at) == (Told.WITHDRAWN, "5005", NOW)


def test_somebody_whose_only_employment_was_deleted_is_gone(sink: HrisSink) -> None:
    shown(sink)
    assert only(sink, told("employment.deleted")).told is Told.WITHDRAWN


@pytest.mark.parametrize(
    "over",
    [
        {"status": "INACTIVE"},
        {"status": "inactive", "employment_start_date": None},
        {"status": "ACTIVE", "employment_end_date": "2026-11-30"},
    ],
)
def test_an_employment_that_is_over_means_gone(sink: HrisSink, over: dict[str, object]) -> None:
    shown(sink, employment(**over))
    assert only(sink, told("employment.updated")).told is Told.WITHDRAWN


def test_the_last_day_itself_counts_as_over_only_when_personio_says_so(sink: HrisSink) -> None:
    shown(sink, employment(status="ACTIVE", employment_end_date="2026-12-01"))
    assert only(sink, told("employment.updated")).told is Told.KNOWN
    assert only(sink, told("employment.terminated")).told is Told.WITHDRAWN


def test_somebody_who_comes_back_is_a_newcomer_by_the_newest_employment(sink: HrisSink) -> None:
    shown(sink, EMPLOYMENT, employment(status="INACTIVE", employment_start_date="2020-01-01"))
    found = only(sink, told())
    assert found.person is not None
    assert found.person.start_date == date(2027, 1, 4)


def test_names_of_units_that_may_not_be_seen_are_left_out(sink: HrisSink) -> None:
    sink.say("GET", "/v2/org-units/401", {}, status=403)
    sink.say("GET", "/v2/org-units/4502", {}, status=404)
    shown(sink, EMPLOYMENT)
    found = only(sink, told())
    assert not {"department", "team"} & found.given


def test_units_are_asked_for_again_later_when_personio_is_in_trouble(sink: HrisSink) -> None:
    shown(sink, EMPLOYMENT)
    sink.say("GET", "/v2/org-units/401", {}, status=400)
    with pytest.raises(Unavailable):
        understood(sink, told())


def test_a_zone_that_nobody_gives_is_not_guessed(sink: HrisSink) -> None:
    zone = {"global_id": "time_zone", "value": "Europe/Vienna"}
    shown(sink, employment(office={"id": "1"}), custom_attributes=[])
    assert "time_zone is missing: give persons a custom attribute" in mistakes(sink, told())[0]
    shown(sink, employment(office=None), custom_attributes=[zone])
    assert only(sink, told()).person.time_zone == "Europe/Vienna"  # type: ignore[union-attr]  # it is KNOWN


def test_attributes_that_may_not_be_read_are_named_and_no_value_is_repeated(sink: HrisSink) -> None:
    shown(sink, employment(employment_start_date="4.1.2027"), first_name=None, email="no address Jonas")
    said = mistakes(sink, told())
    assert [sentence.partition(" ")[0] for sentence in said] == ["first_name", "work_email", "start_date"]
    assert "ONBOARDING_HRIS_ACCOUNTS" in said[0]
    assert "Jonas" not in "".join(said)


@pytest.mark.parametrize("kind", ["person.created", "employment.updated"])
def test_a_404_alone_withdraws_nobody(sink: HrisSink, kind: str) -> None:
    assert "Personio shows our credentials nobody" in mistakes(sink, told(kind))[0]


@pytest.mark.parametrize("kind", ["absence-period.created", "attendance-period.deleted", "document.signed", "new"])
def test_what_is_not_about_people_needs_nothing(sink: HrisSink, kind: str) -> None:
    assert understood(sink, told(kind)) == "an event that is neither about a person nor about an employment"
    assert sink.asked == []


@pytest.mark.parametrize(
    "payload", [{"person_id": "5005"}, {"person_id": 5005}, {"person": {"id": "5005"}, "id": "e-1"}]
)
def test_the_person_is_found_however_it_is_written(sink: HrisSink, payload: dict[str, object]) -> None:
    shown(sink, EMPLOYMENT)
    for kind in ("person.updated", "employment.updated"):
        assert only(sink, told(kind, payload)).external_id == "5005"


@pytest.mark.parametrize(
    "tree",
    [
        {},
        [],
        "words",
        {"event_name": None},
        {"event_name": ["person.created"]},
        {"event_name": "person.created"},
        told("person.created", []),
        told("person.created", {"id": None}),
        told("person.created", {"id": "../../v1/company"}),
        told("person.deleted", {"id": {"id": 1}}),
        told("employment.created", {"id": "e-1"}),
        told("employment.created", {"person": "5005"}),
    ],
)
def test_a_message_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, tree: object) -> None:
    assert mistakes(sink, tree)
    assert sink.asked == []


@pytest.mark.parametrize("body", ["", "words", "not kept: 17 bytes", "[" * 100_000, '{"a": NaN}'])
def test_a_body_that_is_no_json_is_refused(sink: HrisSink, body: str) -> None:
    with pytest.raises(BadRecord):
        PersonioSource([], {**UNSIGNED, "url": sink.url}).understand(event(body), NOW)


@pytest.mark.parametrize(
    "person",
    [
        {"custom_attributes": {"time_zone": "x"}, "first_name": 7},
        {"custom_attributes": [None, {"value": []}, {"global_id": 7, "value": "x"}], "email": []},
        {"custom_attributes": [{"global_id": "time_zone", "value": "Mars/Base"}]},
        {"language_code": {"a": 1}},
    ],
)
def test_a_person_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, person: dict[str, object]) -> None:
    shown(sink, EMPLOYMENT, **person)
    assert mistakes(sink, told())


@pytest.mark.parametrize(
    "more",
    [
        {"position": [], "supervisor": "3003", "office": [], "org_units": {"type": "team"}},
        {
            "org_units": [{"type": "team", "id": "../x"}, "x"],
            "position": {"title": None},
            "employment_end_date": 7,
        },
    ],
)
def test_an_employment_of_another_shape_loses_only_what_cannot_be_read(
    sink: HrisSink, more: dict[str, object]
) -> None:
    shown(sink, employment(**more))
    found = only(sink, told())
    assert found.told is Told.KNOWN
    assert "job_title" not in found.given


@pytest.mark.parametrize("tree", [[], "words", 3, b"<html>", None])
def test_an_answer_that_is_no_person_is_asked_for_again_later(sink: HrisSink, tree: object) -> None:
    shown(sink, EMPLOYMENT)
    sink.say("GET", "/v2/persons/5005", tree)
    with pytest.raises(Unavailable, match="Personio answers with"):
        understood(sink, told())


@pytest.mark.parametrize("tree", [[], {}, {"_data": {}}, b"<html>"])
def test_employments_that_are_no_list_are_asked_for_again_later(sink: HrisSink, tree: object) -> None:
    shown(sink, EMPLOYMENT)
    sink.say("GET", "/v2/persons/5005/employments", tree)
    with pytest.raises(Unavailable, match="Personio answers with"):
        understood(sink, told())


def test_a_server_in_trouble_makes_the_message_wait(sink: HrisSink) -> None:
    shown(sink, EMPLOYMENT)
    sink.behave(broken(), times=3)
    with pytest.raises(Unavailable, match="Personio does not answer"):
        understood(sink, told())
    sink.behave(CUT)
    assert only(sink, told()).told is Told.KNOWN


def test_credentials_that_personio_does_not_know_are_named(sink: HrisSink) -> None:
    sink.say("POST", "/v2/auth/token", {"error": "unauthorized_client"}, status=400)
    with pytest.raises(Unavailable, match="Personio refuses our credentials"):
        understood(sink, told())


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({}, "personio needs the key client_id"),
        ({"client_id": "c"}, "personio needs the key client_secret"),
        ({**UNSIGNED, "api_key": "x"}, "personio has a key that is not known"),
        ({**UNSIGNED, "signature_header": "X Sig:"}, "signature_header of personio must be"),
        ({**UNSIGNED, "url": "http://example.com"}, "the url of personio must be https"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as caught:
        PersonioSource([], account)
    assert all(line.startswith("ONBOARDING_HRIS_ACCOUNTS: ") for line in caught.value.problems)


def test_the_documented_message_is_understood(sink: HrisSink) -> None:
    path = SHARED / "personio-person.created.RECONSTRUCTED.json"
    if not path.exists():
        pytest.skip("the documented payloads are not on this machine")
    sink.say("GET", "/v2/persons/98765", PERSON)
    sink.say("GET", "/v2/persons/98765/employments", {"_data": [EMPLOYMENT]})
    kept = PersonioSource([], UNSIGNED).keep({}, path.read_bytes())
    assert only(sink, kept).external_id == "98765"
