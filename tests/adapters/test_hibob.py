"""What do the messages of HiBob mean, and who works there? Everybody in them is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.sources.hibob import HibobRoster, HibobSource
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, Unavailable
from onboarding.domain.events import Event, Fact, Greeting, Told, Understood, Unfit
from tests.ports.sources.vendors_hris import BOB_ACCOUNT, SECRETS, bob_headers
from tests.sinks import CUT
from tests.sinks.hris import HrisSink, broken

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RECEIVED = NOW - timedelta(minutes=1)
PLACES = Places(offices={"Lisboa": "Europe/Lisbon"})
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "hris"
ID = "3332883894235038999"
PATH = f"/people/{ID}"


def at(field: str) -> str:
    """Where HiBob writes the machine value of a field."""
    return "/" + field.replace(".", "/")


SHOWN: dict[str, Any] = {
    at("root.id"): {"value": ID},
    at("root.firstName"): {"value": "Inês"},
    at("root.surname"): {"value": "Duarte"},
    at("root.email"): {"value": "ines.duarte@example.com"},
    at("home.privateEmail"): {"value": "ines@example.org"},
    at("address.country"): {"value": "1711"},
    at("work.startDate"): {"value": "2027-01-04"},
    at("work.title"): {"value": "255490048"},
    at("work.department"): {"value": "209192163"},
    at("work.site"): {"value": "Lisboa"},
    at("work.reportsTo"): {"value": {"id": "3332883804594379999", "displayName": "Boss Example"}},
    at("internal.status"): {"value": "Inactive"},
    at("internal.lifecycleStatus"): {"value": "hired"},
    at("payroll.salary"): {"value": 1},
    "id": ID,
    "humanReadable": {
        "firstName": "Inês",
        "work": {"startDate": "04/01/2027", "title": "Designer", "department": "Product", "site": "Lisboa"},
        "address": {"country": "Portugal"},
        "internal": {"lifecycleStatus": "Contratada", "status": "Inativa"},
    },
}
"""As it comes with APPEND: machine values by path, words beside them."""


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        yield server


def source(sink: HrisSink, **more: str) -> HibobSource:
    return HibobSource(SECRETS[:2], {**BOB_ACCOUNT, "url": sink.url, **more}, PLACES)


def event(tree: object) -> Event:
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return Event(id="e1", source="hibob", delivery_id="d1", body=body, received_at=RECEIVED, ready_at=RECEIVED)


def told(kind: str = "employee.updated", employee: object = ID) -> dict[str, Any]:
    """A message of the second generation."""
    when = {"triggeredBy": "3332883804594379999", "triggeredAt": "2026-12-01T12:00:00.399997"}
    return {"companyId": 9, "type": kind, **when, "data": {"employeeId": employee}}


def before(kind: str = "employee.updated") -> dict[str, Any]:
    """A message of the first generation."""
    person = {"id": ID, "firstName": "Inês", "surname": "Duarte", "email": "ines.duarte@example.com"}
    changes = {"fieldUpdates": [{"id": "payroll.salary", "newValue": "1"}]}
    return {"type": kind, "creationDate": "2026-12-01", "companyId": 9, "employee": person, "data": changes}


def understood(sink: HrisSink, tree: object, **more: str) -> Understood:
    speaking = source(sink, **more)
    try:
        return speaking.understand(event(tree), NOW)
    finally:
        speaking.close()


def only(sink: HrisSink, tree: object, **more: str) -> Fact:
    found = understood(sink, tree, **more)
    assert isinstance(found, list), found
    (one,) = found
    assert isinstance(one, Fact), one
    return one


def mistakes(sink: HrisSink, tree: object) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(sink, tree)
    return caught.value.mistakes


def shown(sink: HrisSink, **values: object) -> None:
    """Show the employee with other machine values; `work_site="x"` changes `work.site`, in words too."""
    tree = json.loads(json.dumps(SHOWN))
    for name, value in values.items():
        area, _, field = name.partition("_")
        tree[at(f"{area}.{field}")] = {"value": value}
        words = tree["humanReadable"] if area == "root" else tree["humanReadable"].setdefault(area, {})
        words.pop(field, None)
    sink.say("POST", PATH, tree)


@pytest.mark.parametrize("secret", SECRETS[:2])
def test_the_new_and_the_old_secret_open(secret: str) -> None:
    body = json.dumps(told(), ensure_ascii=False).encode()
    speaking = HibobSource(SECRETS[:2], BOB_ACCOUNT)
    assert speaking.verify(bob_headers(secret, body), body, NOW)


def test_a_wrong_secret_a_changed_byte_and_a_malformed_signature_are_refused() -> None:
    body, speaking = json.dumps(told()).encode(), HibobSource(SECRETS[:2], BOB_ACCOUNT)
    right = bob_headers(SECRETS[0], body)["bob-signature"]
    for signature, said in [
        (bob_headers(SECRETS[2], body)["bob-signature"], "no signature matches"),
        (bob_headers(SECRETS[0], body + b" ")["bob-signature"], "no signature matches"),
        ("", "malformed"),
        (f"{right}, {right}", "malformed"),
        ("\u0661" * 88, "malformed"),
        (right[:40], "no signature matches"),
    ]:
        with pytest.raises(BadSignature, match=said):
            speaking.verify({"bob-signature": signature}, body, NOW)


@pytest.mark.parametrize(
    "body", [b"Ping test", b'"Ping test"', b'{"text":"Ping test"}', b' {"text": "Ping test"}\n']
)
def test_the_test_of_a_new_webhook_is_greeted(body: bytes) -> None:
    assert HibobSource([], BOB_ACCOUNT).greet({}, body) == Greeting()


@pytest.mark.parametrize("body", [b"", b"Ping test, and more", b'{"text":"Ping"}', b'{"type":"employee.created"}'])
def test_anything_else_is_no_greeting(body: bytes) -> None:
    assert HibobSource([], BOB_ACCOUNT).greet({}, body) is None


def test_only_ids_and_times_are_kept_of_both_generations() -> None:
    speaking = HibobSource([], BOB_ACCOUNT)
    assert json.loads(speaking.keep({}, json.dumps(told()).encode())) == {
        "companyId": 9,
        "type": "employee.updated",
        "triggeredAt": "2026-12-01T12:00:00.399997",
        "data": {"employeeId": ID},
    }
    kept = speaking.keep({}, json.dumps(before()).encode())
    assert json.loads(kept)["employee"] == {"id": ID}
    assert not any(word in kept for word in ("Duarte", "example.com", "salary"))


def test_answers_lag_behind_messages_by_twenty_seconds() -> None:
    assert HibobSource([], BOB_ACCOUNT).lag == timedelta(seconds=20)


@pytest.mark.parametrize(
    "kind",
    [
        *("employee.created", "employee.updated", "employee.joined", "employee.activated", "employee.inactivated"),
        *("table.entry.created", "table.entry.updated"),
    ],
)
def test_somebody_who_changed_is_asked_for(sink: HrisSink, kind: str) -> None:
    shown(sink)
    found = only(sink, told(kind))
    person = found.person
    assert person is not None
    assert (found.told, found.external_id, found.hire_id, found.at) == (Told.KNOWN, ID, f"hibob-{ID}", NOW)
    assert found.manager == "3332883804594379999"
    assert (person.first_name, person.last_name, person.work_email) == (
        "Inês",
        "Duarte",
        "ines.duarte@example.com",
    )
    assert (person.start_date, person.job_title, person.department) == (date(2027, 1, 4), "Designer", "Product")
    assert (person.location, person.time_zone, person.country) == ("Lisboa", "Europe/Lisbon", "PT")
    assert person.personal_email == "ines@example.org"


def test_the_service_user_asks_for_named_fields_only(sink: HrisSink) -> None:
    shown(sink)
    only(sink, told())
    (asked,) = sink.asked
    assert (asked.method, asked.path) == ("POST", PATH)
    assert asked.tree["humanReadable"] == "APPEND"
    assert "root.id" in asked.tree["fields"]
    assert not any("payroll" in field or "birth" in field.lower() for field in asked.tree["fields"])
    assert asked.headers["authorization"].startswith("Basic ")


def test_a_message_of_the_first_generation_is_read_by_its_id_alone(sink: HrisSink) -> None:
    shown(sink)
    assert only(sink, before()) == only(sink, told())
    assert only(sink, before("employee.left")).told is Told.WITHDRAWN


@pytest.mark.parametrize("kind", ["employee.left", "employee.deleted"])
def test_whoever_left_or_was_deleted_is_gone_from_the_moment_of_receipt(sink: HrisSink, kind: str) -> None:
    found = only(sink, told(kind))
    assert (found.told, found.external_id, found.person, found.at) == (Told.WITHDRAWN, ID, None, RECEIVED)
    assert sink.asked == []


@pytest.mark.parametrize("status", ["terminated", "Terminated", "gardenLeave", "Garden leave", "garden_leave"])
def test_a_lifecycle_that_is_over_means_gone(sink: HrisSink, status: str) -> None:
    shown(sink, internal_lifecycleStatus=status)
    assert only(sink, told("employee.inactivated")).told is Told.WITHDRAWN


@pytest.mark.parametrize("status", ["hired", "employed", "onLeave", "Parental leave", "one of their own"])
def test_leave_and_a_first_day_ahead_are_not_gone_though_inactive(sink: HrisSink, status: str) -> None:
    shown(sink, internal_lifecycleStatus=status)
    assert only(sink, told("employee.inactivated")).told is Told.KNOWN


def test_inactive_without_a_lifecycle_is_not_guessed(sink: HrisSink) -> None:
    shown(sink, internal_lifecycleStatus=None)
    (said,) = mistakes(sink, told())
    assert said.startswith("the lifecycle status is missing")
    shown(sink, internal_lifecycleStatus=None, internal_status="Active")
    assert only(sink, told()).told is Told.KNOWN


@pytest.mark.parametrize("kind", ["employee.temporaryLeave", "timeoff.requested", "hiring.candidate.created"])
def test_what_changes_nothing_for_us_needs_nothing(sink: HrisSink, kind: str) -> None:
    assert understood(sink, told(kind)) == "an event that changes nothing for us"
    assert sink.asked == []


def test_nested_values_without_paths_are_read_as_well(sink: HrisSink) -> None:
    work = {"startDate": "2027-01-04", "site": "Lisboa", "title": "255490048", "reportsTo": {"id": "33"}}
    tree = {"id": ID, "firstName": "Inês", "email": "ines.duarte@example.com", "work": work}
    sink.say("POST", PATH, tree | {"internal": {"lifecycleStatus": "hired"}})
    found = only(sink, told())
    assert found.person is not None
    assert (found.person.start_date, found.person.job_title, found.manager) == (date(2027, 1, 4), "", "33")


def test_a_zone_comes_from_the_site_the_country_or_a_field(sink: HrisSink) -> None:
    shown(sink, work_site="Remote", address_country="Philippines")
    assert only(sink, told()).person.time_zone == "Asia/Manila"  # type: ignore[union-attr]  # it is KNOWN
    shown(sink, work_site="Remote", address_country="United States", work_zone="America/Denver")
    assert "time_zone is missing: name the zone of the site" in mistakes(sink, told())[0]
    found = only(sink, told(), time_zone_field="work.zone")
    assert found.person is not None
    assert found.person.time_zone == "America/Denver"
    assert "work.zone" in sink.asked[-1].tree["fields"]


def test_what_the_service_user_may_not_see_is_named_and_no_value_is_repeated(sink: HrisSink) -> None:
    shown(sink, root_firstName=None, root_email="no address Inês", work_startDate="04/01/2027")
    said = mistakes(sink, told())
    assert [sentence.partition(" ")[0] for sentence in said] == ["first_name", "work_email", "start_date"]
    assert "what the service user may not see" in said[0]
    assert "Inês" not in "".join(said)


def test_a_404_alone_withdraws_nobody(sink: HrisSink) -> None:
    assert mistakes(sink, told()) == (
        "HiBob does not know this employee, or does not show them to our service user",
    )


@pytest.mark.parametrize(
    "tree",
    [
        {},
        [],
        "words",
        {"type": None},
        {"type": ["employee.created"]},
        {"type": "employee.created"},
        {"type": "employee.created", "data": []},
        told(employee=None),
        told(employee=3.332883894235039e18),
        told(employee=True),
        told(employee="../../company"),
        told(employee={"id": ID}),
        told("employee.left", employee=[]),
    ],
)
def test_a_message_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, tree: object) -> None:
    assert mistakes(sink, tree)
    assert sink.asked == []


@pytest.mark.parametrize("body", ["", "Ping test", "not kept: 17 bytes", "[" * 100_000, '{"a": NaN}'])
def test_a_body_that_is_no_json_is_refused(sink: HrisSink, body: str) -> None:
    with pytest.raises(BadRecord):
        source(sink).understand(event(body), NOW)


def test_an_id_of_nineteen_digits_stays_exact(sink: HrisSink) -> None:
    shown(sink)
    assert only(sink, told(employee=int(ID))).external_id == ID


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"humanReadable": [], at("root.firstName"): [], "internal": {"lifecycleStatus": "hired"}},
        {**SHOWN, at("root.firstName"): {"value": ["Inês"]}, at("work.reportsTo"): {"value": "someone"}},
        {**SHOWN, at("root.email"): {"value": {"work": "x"}}, "humanReadable": None},
        {"work": [], "internal": {"lifecycleStatus": "hired"}, "firstName": {"a": 1}},
    ],
)
def test_an_employee_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, tree: dict[str, Any]) -> None:
    sink.say("POST", PATH, tree)
    assert mistakes(sink, told())


@pytest.mark.parametrize("tree", [[], "words", 3, b"<html>", None])
def test_an_answer_that_is_no_employee_is_asked_for_again_later(sink: HrisSink, tree: object) -> None:
    sink.say("POST", PATH, tree)
    with pytest.raises(Unavailable, match="HiBob answers with"):
        understood(sink, told())


def test_a_server_in_trouble_makes_the_message_wait(sink: HrisSink) -> None:
    shown(sink)
    sink.behave(broken(), times=3)
    with pytest.raises(Unavailable, match="HiBob does not answer"):
        understood(sink, told())
    sink.behave(CUT)
    assert only(sink, told()).told is Told.KNOWN


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({}, "hibob needs the key service_user_id"),
        ({"service_user_id": "SERVICE-1"}, "hibob needs the key token"),
        ({**BOB_ACCOUNT, "api_key": "x"}, "hibob has a key that is not known"),
        ({**BOB_ACCOUNT, "time_zone_field": "zone"}, "time_zone_field of hibob must be"),
        ({**BOB_ACCOUNT, "url": "example.com"}, "the url of hibob must be https"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as caught:
        HibobSource([], account)
    assert all(line.startswith("ONBOARDING_HRIS_ACCOUNTS: ") for line in caught.value.problems)


def roster(sink: HrisSink) -> list[Fact | Unfit]:
    speaking = HibobRoster({**BOB_ACCOUNT, "url": sink.url}, PLACES)
    try:
        return list(speaking.everybody(NOW))
    finally:
        speaking.close()


def test_the_roster_is_everybody_in_one_question_as_they_would_be_fetched(sink: HrisSink) -> None:
    shown(sink)
    left = {**SHOWN, at("root.id"): {"value": "34"}, at("internal.lifecycleStatus"): {"value": "terminated"}}
    unfit = {**SHOWN, at("root.id"): {"value": "35"}, at("root.firstName"): {"value": None}}
    sink.say("POST", "/people/search", {"employees": [SHOWN, left, unfit, "x", {}]})
    found = roster(sink)
    assert found[0] == only(sink, told())
    assert isinstance(found[1], Fact)
    assert (found[1].told, found[1].external_id) == (Told.WITHDRAWN, "34")
    assert [each.external_id for each in found if isinstance(each, Unfit)] == ["35", ""]
    assert sink.asked[0].tree["showInactive"] is True


@pytest.mark.parametrize("tree", [[], {}, {"employees": {}}, b"<html>"])
def test_a_roster_that_is_none_is_unknown_not_empty(sink: HrisSink, tree: object) -> None:
    sink.say("POST", "/people/search", tree)
    with pytest.raises(Unavailable):
        roster(sink)


def test_the_documented_message_is_understood(sink: HrisSink) -> None:
    path = SHARED / "hibob-employee.created.json"
    if not path.exists():
        pytest.skip("the documented payloads are not on this machine")
    sink.say("POST", "/people/3332883894235038486", SHOWN)
    speaking = source(sink)
    kept = speaking.keep({}, path.read_bytes())
    speaking.close()
    assert only(sink, kept).external_id == "3332883894235038486"
