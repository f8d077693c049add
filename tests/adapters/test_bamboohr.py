"""What do the messages of BambooHR mean, and who works there? Everybody in them is invented."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from onboarding.adapters.sources.bamboohr import MANY, BambooRoster, BambooSource
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, Unavailable
from onboarding.domain.events import Event, Fact, Told, Understood, Unfit
from tests.ports.sources.vendors_hris import BAMBOO_ACCOUNT, SECRETS, bamboo_headers
from tests.sinks import CUT
from tests.sinks.hris import HrisSink, broken

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
RECEIVED = NOW - timedelta(minutes=1)
PLACES = Places(offices={"Nairobi Hub": "Africa/Nairobi"})
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "hris"

HIRE: dict[str, Any] = {
    "id": "4012",
    "firstName": "Wanjiru",
    "lastName": "Kamau",
    "preferredName": "Ciru",
    "workEmail": None,
    "homeEmail": "wanjiru@example.org",
    "hireDate": "2027-01-04",
    "status": "Active",
    "jobTitle": "Support Engineer",
    "department": "Care",
    "location": "Nairobi Hub",
    "country": "Kenya",
    "stateCode": "30",
    "supervisorEId": "77",
    "ssn": "000-00-0000",
    "payRate": {"value": "1.00", "currency": "KES"},
}


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        yield server


def source(sink: HrisSink, **more: str) -> BambooSource:
    return BambooSource(SECRETS[:2], {**BAMBOO_ACCOUNT, "url": sink.url, **more}, PLACES)


def event(tree: object) -> Event:
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return Event(id="e1", source="bamboohr", delivery_id="d1", body=body, received_at=RECEIVED, ready_at=RECEIVED)


def told(kind: str = "employee.updated", employee: object = "4012", **more: object) -> dict[str, Any]:
    """A message of the present generation."""
    named = {"companyId": "9", "employeeId": employee, "changedFields": ["hireDate"]}
    return {"type": kind, "timestamp": "2026-12-01T07:00:00+0000", "data": named, **more}


def batch(*entries: Mapping[str, object]) -> dict[str, Any]:
    """A message of the older generation, which may be about several people."""
    plain = {"action": "Updated", "timestamp": "2026-12-01T07:00:00+0000", "changedFields": ["Hire Date"]}
    return {"employees": [{**plain, "fields": {"Hire Date": "2027-01-04"}, **entry} for entry in entries]}


def employee(sink: HrisSink, **more: object) -> None:
    row = {**HIRE, **more}
    sink.say("GET", f"/employees/{row['id']}", row)


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


def mistakes(sink: HrisSink, tree: object, **more: str) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(sink, tree, **more)
    return caught.value.mistakes


@pytest.mark.parametrize(
    "sent_at", [str(int(NOW.timestamp())), "2026-12-01T08:00:00Z", "2026-12-01T08:00:00+0000"]
)
@pytest.mark.parametrize("secret", SECRETS[:2])
def test_body_and_time_are_signed_whichever_way_the_time_is_written(secret: str, sent_at: str) -> None:
    body = json.dumps(told()).encode()
    speaking = BambooSource(SECRETS[:2], BAMBOO_ACCOUNT)
    assert speaking.verify(bamboo_headers(secret, body, sent_at=sent_at), body, NOW)


def refused(headers: dict[str, str], body: bytes, now: datetime = NOW) -> str:
    with pytest.raises(BadSignature) as caught:
        BambooSource(SECRETS[:2], BAMBOO_ACCOUNT).verify(headers, body, now)
    return str(caught.value)


def test_a_wrong_secret_a_changed_byte_and_another_time_are_refused() -> None:
    body = b'{"type": "employee.created"}'
    right = bamboo_headers(SECRETS[0], body)
    assert refused(bamboo_headers(SECRETS[2], body), body) == "no signature matches"
    assert refused(right, body.replace(b"c", b"C")) == "no signature matches"
    later = str(int(right["x-bamboohr-timestamp"]) + 1)
    assert refused({**right, "x-bamboohr-timestamp": later}, body) == "no signature matches"
    for timestamp in ("", "soon", "1e9", "9" * 40):
        assert refused({**right, "x-bamboohr-timestamp": timestamp}, body)


def test_the_last_repetition_gets_in_even_when_it_is_not_signed_anew_and_keeps_its_id() -> None:
    body = json.dumps(told()).encode()
    headers, speaking = bamboo_headers(SECRETS[0], body), BambooSource(SECRETS[:2], BAMBOO_ACCOUNT)
    first = speaking.verify(headers, body, NOW)
    assert speaking.verify(headers, body, NOW + timedelta(minutes=155)) == first
    later = str(int((NOW + timedelta(minutes=155)).timestamp()))
    anew = bamboo_headers(SECRETS[0], body, sent_at=later)
    assert speaking.verify(anew, body, NOW + timedelta(minutes=155)) == first
    assert "too long ago" in refused(headers, body, NOW + timedelta(hours=3, seconds=1))


def test_only_who_when_and_which_fields_are_kept() -> None:
    speaking = BambooSource([], BAMBOO_ACCOUNT)
    body = json.dumps(batch({"id": "4012", "fields": {"SSN": "000-00-0000"}}) | {"fields": {"SSN": "x"}}).encode()
    assert json.loads(speaking.keep({}, body)) == {
        "employees": [
            {
                "action": "Updated",
                "timestamp": "2026-12-01T07:00:00+0000",
                "changedFields": ["Hire Date"],
                "id": "4012",
            }
        ]
    }
    assert json.loads(speaking.keep({}, json.dumps(told(extra="000-00-0000")).encode())) == told()
    assert speaking.keep({}, b"data[companyId]=9").startswith("not kept: ")


def test_there_is_no_handshake() -> None:
    assert BambooSource([], BAMBOO_ACCOUNT).greet({}, b"anything") is None


@pytest.mark.parametrize("kind", ["employee.created", "employee.updated"])
def test_somebody_who_was_created_or_changed_is_asked_for(sink: HrisSink, kind: str) -> None:
    employee(sink)
    found = only(sink, told(kind))
    person = found.person
    assert person is not None
    assert (found.told, found.external_id, found.hire_id) == (Told.KNOWN, "4012", "bamboohr-4012")
    assert (found.at, found.manager) == (NOW, "77")
    assert (person.first_name, person.preferred_name, person.personal_email) == (
        "Wanjiru",
        "Ciru",
        "wanjiru@example.org",
    )
    assert (person.start_date, person.time_zone) == (date(2027, 1, 4), "Africa/Nairobi")
    assert (person.country, person.subdivision, person.department) == ("KE", "30", "Care")
    assert "work_email" not in found.given


def test_future_rows_are_asked_for_and_nothing_that_is_not_needed(sink: HrisSink) -> None:
    employee(sink)
    only(sink, told())
    (asked,) = sink.asked
    assert asked.query["onlyCurrent"] == "false"
    assert not {"ssn", "payRate", "dateOfBirth"} & set(asked.query["fields"].split(","))
    assert asked.headers["authorization"] == "Basic a2V5LW9mLW91cnM6eA=="  # key-of-ours:x


def test_a_termination_is_an_update_with_the_status_inactive(sink: HrisSink) -> None:
    employee(sink, status="Inactive")
    found = only(sink, told())
    assert (found.told, found.hire_id, found.person, found.at) == (Told.WITHDRAWN, "bamboohr-4012", None, NOW)


def test_somebody_who_was_deleted_is_gone_without_a_question(sink: HrisSink) -> None:
    found = only(sink, told("employee.deleted"))
    assert (found.told, found.external_id) == (Told.WITHDRAWN, "4012")
    assert found.at == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert sink.asked == []


@pytest.mark.parametrize("timestamp", [None, "", "soon", 7, [], "2026-12-01T12:00:00+0000"])
def test_a_time_that_is_none_or_lies_ahead_does_not_count(sink: HrisSink, timestamp: object) -> None:
    assert only(sink, told("employee.deleted", timestamp=timestamp)).at == RECEIVED


@pytest.mark.parametrize("kind", ["company.updated", "employee.promoted", "something.new"])
def test_what_is_not_about_employees_needs_nothing(sink: HrisSink, kind: str) -> None:
    assert understood(sink, told(kind)) == "an event that is not about employees"
    assert sink.asked == []


def test_a_message_about_nobody_needs_nothing(sink: HrisSink) -> None:
    assert understood(sink, {"employees": []}) == "a message about no employee"


def test_a_batch_tells_of_each_once_and_asks_for_each_once(sink: HrisSink) -> None:
    employee(sink)
    employee(sink, id="4013", status="Inactive")
    tree = batch(
        {"id": "4012", "action": "Created"}, {"id": 4013}, {"id": "4012"}, {"id": "5", "action": "Deleted"}
    )
    found = understood(sink, tree)
    assert [(each.told, each.external_id) for each in found if isinstance(each, Fact)] == [
        (Told.KNOWN, "4012"),
        (Told.WITHDRAWN, "4013"),
        (Told.WITHDRAWN, "5"),
    ]
    assert sink.paths == ["GET /employees/4012", "GET /employees/4013"]


def test_whoever_was_deleted_within_a_batch_stays_so(sink: HrisSink) -> None:
    employee(sink)
    found = only(sink, batch({"id": "4012", "action": "Deleted"}, {"id": "4012"}))
    assert (found.told, sink.asked) == (Told.WITHDRAWN, [])


def test_the_kind_of_the_message_counts_where_an_entry_names_no_action(sink: HrisSink) -> None:
    tree = batch({"id": "4012", "action": None}) | {"type": "employee_with_fields.deleted"}
    assert only(sink, tree).told is Told.WITHDRAWN


def test_what_does_not_fit_in_a_batch_keeps_nobody_else_back(sink: HrisSink) -> None:
    employee(sink)
    employee(sink, id="4013", firstName=None)
    found = understood(sink, batch({"id": "4013"}, {"id": "4014"}, {"id": None}, {"id": "4012"}) | {"x": 1})
    assert [type(each).__name__ for each in found] == ["Unfit", "Unfit", "Fact", "Unfit"]
    unfit = [each for each in found if isinstance(each, Unfit)]
    assert [each.external_id for each in unfit] == ["4013", "4014", ""]
    assert unfit[0].mistakes[0].startswith("first_name is missing")
    assert unfit[1].mistakes == ("BambooHR does not know this employee, or does not show them to our API key",)
    assert unfit[2].mistakes == ("the employee's id is missing or not an id",)


def test_a_batch_in_which_nobody_fits_is_refused(sink: HrisSink) -> None:
    said = mistakes(sink, batch({"id": "4014"}, {"id": "4015"}, {"id": "../1"}))
    assert said == (
        "BambooHR does not know this employee, or does not show them to our API key",
        "the employee's id is missing or not an id",
    )


def test_a_batch_of_many_is_one_question(sink: HrisSink) -> None:
    rows = [{**HIRE, "id": str(number)} for number in range(1, MANY)]
    sink.say("POST", "/reports/custom", {"fields": [], "employees": rows})
    found = understood(sink, batch(*({"id": str(number)} for number in range(1, MANY + 1))))
    assert sink.paths == ["POST /reports/custom"]
    assert [type(each).__name__ for each in found] == ["Fact"] * (MANY - 1) + ["Unfit"]


def test_a_404_alone_withdraws_nobody(sink: HrisSink) -> None:
    assert "does not know this employee" in mistakes(sink, told())[0]


def test_without_a_status_nobody_can_tell_who_left(sink: HrisSink) -> None:
    employee(sink, status=None)
    (said,) = mistakes(sink, told())
    assert said.startswith("status is missing: let the API key see")


def test_a_zone_comes_from_the_location_the_country_or_a_field(sink: HrisSink) -> None:
    employee(sink)
    assert only(sink, told()).person.time_zone == "Africa/Nairobi"  # type: ignore[union-attr]  # it is KNOWN
    employee(sink, location="Remote", country="Portugal", stateCode=None)
    assert "time_zone is missing: name the zone" in mistakes(sink, told())[0]  # the Azores tell another time
    employee(sink, location="Remote", country="PH", stateCode=None)
    assert only(sink, told()).person.time_zone == "Asia/Manila"  # type: ignore[union-attr]  # as above
    employee(sink, location=None, country="US", stateCode="UT", customZone="America/Denver")
    found = only(sink, told(), time_zone_field="customZone")
    assert found.person is not None
    assert (found.person.time_zone, found.person.subdivision) == ("America/Denver", "UT")
    assert "customZone" in sink.asked[-1].query["fields"]


def test_everything_that_is_missing_is_said_at_once_and_no_value_is_repeated(sink: HrisSink) -> None:
    employee(
        sink,
        firstName="",
        homeEmail="no address Wanjiru",
        hireDate="04/01/2027",
        location=None,
        country="Atlantis",
    )
    said = mistakes(sink, told())
    assert [sentence.partition(" ")[0] for sentence in said] == [
        "first_name",
        "personal_email",
        "start_date",
        "time_zone",
    ]
    assert not any(word in "".join(said) for word in ("Wanjiru", "Atlantis", "04/01"))


def test_the_empty_day_and_the_empty_supervisor_of_bamboohr_are_none(sink: HrisSink) -> None:
    employee(sink, hireDate="0000-00-00", supervisorEId=0)
    found = only(sink, told())
    assert found.person is not None
    assert (found.person.start_date, found.manager) == (None, "")


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
        {"type": "employee.created", "data": {"employeeId": None}},
        {"type": "employee.updated", "data": {"employeeId": "../../x"}},
        {"type": "employee.updated", "data": {"employeeId": {"id": 1}}},
        {"employees": [None, 3, []]},
        {"employees": {"id": 1}},
    ],
)
def test_a_message_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, tree: object) -> None:
    assert mistakes(sink, tree)
    assert sink.asked == []


@pytest.mark.parametrize("body", ["", "no json", "not kept: 17 bytes", "[" * 100_000, '{"a": NaN}'])
def test_a_body_that_is_no_json_is_refused(sink: HrisSink, body: str) -> None:
    with pytest.raises(BadRecord):
        source(sink).understand(event(body), NOW)


@pytest.mark.parametrize(
    "row",
    [
        {"status": "Active"},
        {**HIRE, "firstName": ["Wanjiru"], "location": {"name": "x"}, "country": 7, "stateCode": []},
        {**HIRE, "status": {"value": "Active"}},
        {**HIRE, "supervisorEId": {"id": 1}, "hireDate": 1801440000},
    ],
)
def test_an_employee_of_another_shape_is_refused_and_never_a_crash(sink: HrisSink, row: dict[str, Any]) -> None:
    sink.say("GET", "/employees/4012", row)
    assert mistakes(sink, told())


@pytest.mark.parametrize("tree", [[], "words", 3, b"<xml/>", None])
def test_an_answer_that_is_no_employee_is_asked_for_again_later(sink: HrisSink, tree: object) -> None:
    sink.say("GET", "/employees/4012", tree)
    with pytest.raises(Unavailable, match="BambooHR answers with"):
        understood(sink, told())


def test_a_server_in_trouble_makes_the_whole_message_wait(sink: HrisSink) -> None:
    employee(sink)
    sink.behave(broken(503), times=3)
    with pytest.raises(Unavailable, match="BambooHR does not answer"):
        understood(sink, batch({"id": "4012"}, {"id": "4013"}))
    sink.behave(CUT)
    assert only(sink, told()).told is Told.KNOWN


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({}, "bamboohr needs the key company"),
        ({"company": "example"}, "bamboohr needs the key api_key"),
        ({**BAMBOO_ACCOUNT, "secret": "x"}, "bamboohr has a key that is not known"),
        ({**BAMBOO_ACCOUNT, "company": "evil.example.com/"}, "what stands before .bamboohr.com"),
        ({**BAMBOO_ACCOUNT, "time_zone_field": "a,b"}, "time_zone_field of bamboohr must be"),
        ({**BAMBOO_ACCOUNT, "url": "http://example.com"}, "the url of bamboohr must be https"),
    ],
)
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as caught:
        BambooSource([], account)
    assert all(line.startswith("ONBOARDING_HRIS_ACCOUNTS: ") for line in caught.value.problems)
    with pytest.raises(BadSettings):
        BambooRoster(account)


def roster(sink: HrisSink) -> list[Fact | Unfit]:
    speaking = BambooRoster({**BAMBOO_ACCOUNT, "url": sink.url}, PLACES)
    try:
        return list(speaking.everybody(NOW))
    finally:
        speaking.close()


def test_the_roster_is_everybody_in_one_question_as_they_would_be_fetched(sink: HrisSink) -> None:
    employee(sink)
    rows = [HIRE, {**HIRE, "id": 4013, "status": "Inactive"}, {**HIRE, "id": "4014", "firstName": None}, "x", {}]
    sink.say("POST", "/reports/custom", {"title": "onboarding", "employees": rows})
    found = roster(sink)
    assert found[0] == only(sink, told())
    assert isinstance(found[1], Fact)
    assert (found[1].told, found[1].external_id) == (Told.WITHDRAWN, "4013")
    assert isinstance(found[2], Unfit)
    assert (found[2].external_id, len(found)) == ("4014", 4)
    assert sink.asked[0].query == {"format": "JSON", "onlyCurrent": "false"}
    assert "status" in sink.asked[0].tree["fields"]


@pytest.mark.parametrize("tree", [[], {}, {"employees": {}}, b"<xml/>"])
def test_a_roster_that_is_none_is_unknown_not_empty(sink: HrisSink, tree: object) -> None:
    sink.say("POST", "/reports/custom", tree)
    with pytest.raises(Unavailable):
        roster(sink)


def test_a_roster_that_is_not_there_is_unknown_not_empty(sink: HrisSink) -> None:
    with pytest.raises(Unavailable):
        roster(sink)


@pytest.mark.parametrize(
    "name", ["bamboohr-employee.updated.json", "bamboohr-employee.created.RECONSTRUCTED.json"]
)
def test_the_documented_messages_are_understood(sink: HrisSink, name: str) -> None:
    if not (SHARED / name).exists():
        pytest.skip("the documented payloads are not on this machine")
    employee(sink, id="67890")
    speaking = source(sink)
    kept = speaking.keep({}, (SHARED / name).read_bytes())
    speaking.close()
    assert only(sink, kept).external_id == "67890"
