"""What do the messages of Gusto mean? The payloads are look-alikes, with people who do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from onboarding.adapters.sources import GustoSource
from onboarding.adapters.sources.gusto import GONE, NEW_TOKEN, NO_ACCOUNT
from onboarding.adapters.sources.places import Places
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature, NotFound, Unavailable
from onboarding.domain.events import Fact, Told, Understood, Unfit
from onboarding.domain.people import Person
from tests.ports.sources.vendor import NOW, as_body, event
from tests.ports.sources.vendors import gusto, gusto_headers
from tests.sinks.hris import HrisSink

TOKEN = "a-verification-token"
VERIFICATION = {"verification_token": TOKEN}
PLACES = Places(offices={"Boise, ID": "America/Boise", "Boise": "America/Denver", "ID": "America/Los_Angeles"})
LATER = datetime(2026, 12, 1, 8, 5, tzinfo=UTC)
NUMBER = "b0000000-0000-4000-8000-000000000001"
PATH = f"/v1/employees/{NUMBER}"

EMPLOYEE: dict[str, Any] = {
    "uuid": NUMBER,
    "first_name": "Odile",
    "preferred_first_name": "Odi",
    "last_name": "Sand",
    "email": "odile@example.org",
    "work_email": "odile@example.com",
    "manager_uuid": "d0000000-0000-4000-8000-000000000001",
    "department": "Care",
    "terminated": False,
    "onboarded": False,
    "date_of_birth": "1990-01-01",
    "jobs": [
        {"title": "An older job", "primary": False, "hire_date": "2020-01-01"},
        {"title": "Nurse", "primary": True, "hire_date": "2027-01-04", "rate": "1.00"},
    ],
    "terminations": [],
}
ADDRESSES = [
    {"active": False, "city": "Elsewhere", "state": "NY", "country": "USA", "effective_date": "2020-01-01"},
    {"active": True, "city": "Boise", "state": "ID", "country": "USA", "effective_date": "2027-01-04"},
]


def understood(tree: object, source: GustoSource | None = None) -> Understood:
    """What a message means, by what is kept of it."""
    asked = source or GustoSource([])
    return asked.understand(event(asked.keep({}, as_body(tree))), LATER)


def fact(tree: object, source: GustoSource | None = None) -> Fact:
    found = understood(tree, source)
    assert isinstance(found, list), found
    (only,) = found
    assert isinstance(only, Fact), only
    return only


def person(tree: object, source: GustoSource | None = None) -> Person:
    found = fact(tree, source).person
    assert found is not None
    return found


def asking(sink: HrisSink, places: Places = PLACES, **more: str) -> GustoSource:
    return GustoSource([], {"access_token": "token-1", "url": sink.url, **more}, places)


def employed(sink: HrisSink, **more: object) -> GustoSource:
    """A Gusto that knows one employee."""
    sink.say("GET", PATH, {**EMPLOYEE, **more})
    sink.say("GET", f"{PATH}/work_addresses", ADDRESSES)
    return asking(sink)


# -- the first message -----------------------------------------------------------------------------


def test_the_verification_token_comes_in_without_a_signature() -> None:
    assert GustoSource.needs_path
    body = as_body(VERIFICATION)
    name = GustoSource([]).verify({}, body, NOW)
    assert name == GustoSource(["another-token-altogether"]).verify({}, body, NOW)
    assert name != GustoSource([]).verify({}, as_body({"verification_token": "another-token"}), NOW)


@pytest.mark.parametrize(
    "tree",
    [
        {**VERIFICATION, **gusto()},
        {**VERIFICATION, "more": 1},
        {"verification_token": ""},
        {"verification_token": "short"},
        {"verification_token": "with space in it"},
        {"verification_token": "x" * 201},
        {"verification_token": None},
        {"verification_token": [TOKEN]},
        [VERIFICATION],
        {},
        TOKEN,
    ],
)
def test_nothing_else_comes_in_without_a_signature(tree: object) -> None:
    with pytest.raises(BadSignature):
        GustoSource([TOKEN]).verify({}, as_body(tree), NOW)


def test_a_token_with_a_wrong_signature_is_refused() -> None:
    body = as_body(VERIFICATION)
    with pytest.raises(BadSignature):
        GustoSource([TOKEN]).verify(gusto_headers("another-token", body), body, NOW)


def test_a_new_token_tells_a_human_what_to_do_and_never_repeats_itself() -> None:
    found = understood(VERIFICATION, GustoSource(["another-token-altogether"]))
    assert found == [Unfit(mistakes=(NEW_TOKEN,))]
    assert "ONBOARDING_WEBHOOK_SECRETS under gusto" in NEW_TOKEN
    assert "`onboarding source verify gusto SUBSCRIPTION_ID`" in NEW_TOKEN
    assert TOKEN not in NEW_TOKEN


def test_a_token_that_is_in_use_needs_nothing() -> None:
    assert understood(VERIFICATION, GustoSource(["x" * 20, TOKEN])) == "the verification token is in use"


def test_of_the_first_message_the_token_alone_is_kept() -> None:
    assert GustoSource([]).keep({}, as_body(VERIFICATION | {"ssn": "1"})) == f'{{"verification_token":"{TOKEN}"}}'


def test_a_subscription_is_confirmed_with_the_token() -> None:
    with HrisSink() as sink:
        sink.say("PUT", "/v1/webhook_subscriptions/s-1/verify", {"status": "verified"})
        GustoSource([], {"api_token": "org-1", "url": sink.url}).confirm("s-1", TOKEN)
        (asked,) = sink.asked
        assert asked.tree == VERIFICATION
        assert asked.headers["authorization"] == "Token org-1"
        assert asked.headers["x-gusto-api-version"] == "2024-04-01"


def test_a_subscription_that_cannot_be_confirmed_says_why() -> None:
    with HrisSink() as sink:
        source = GustoSource([], {"api_token": "org-1", "url": sink.url})
        with pytest.raises(NotFound, match="no such subscription"):
            source.confirm("s-1", TOKEN)
        sink.say("PUT", "/v1/webhook_subscriptions/s-1/verify", {"errors": []}, status=422)
        with pytest.raises(Unavailable, match="422"):
            source.confirm("s-1", TOKEN)
        with pytest.raises(BadRecord, match="the id of the subscription"):
            source.confirm("s/1", TOKEN)
    for account in ({}, {"access_token": "x"}):
        with pytest.raises(BadSettings, match="ONBOARDING_HRIS_ACCOUNTS: gusto needs the key api_token"):
            GustoSource([], account).confirm("s-1", TOKEN)


# -- how somebody stands ---------------------------------------------------------------------------

STANDS = [
    *("created", "updated", "onboarded", "marked_for_self_onboarding", "self_onboarding_completed"),
    *("termination_cancelled", "rehired", "rehire_effective"),
]


@pytest.mark.parametrize("happened", STANDS)
def test_an_employee_is_asked_for(happened: str) -> None:
    with HrisSink() as sink:
        found = fact(gusto(f"employee.{happened}"), employed(sink))
        assert found.person is not None
        assert (found.told, found.external_id, found.hire_id) == (Told.KNOWN, NUMBER, f"gusto-{NUMBER}")
        assert (found.at, found.manager) == (LATER, EMPLOYEE["manager_uuid"])
        assert (found.person.first_name, found.person.preferred_name) == ("Odile", "Odi")
        assert (found.person.work_email, found.person.personal_email) == ("odile@example.com", "odile@example.org")
        assert (found.person.start_date, found.person.job_title) == (date(2027, 1, 4), "Nurse")
        assert (found.person.department, found.person.location) == ("Care", "Boise")
        assert (found.person.country, found.person.subdivision) == ("US", "ID")
        assert found.person.time_zone == "America/Boise"
        assert sink.paths == [f"GET {PATH}", f"GET {PATH}/work_addresses"]
        assert sink.asked[0].headers["authorization"] == "Bearer token-1"
        assert sink.asked[0].headers["x-gusto-api-version"] == "2024-04-01"


def test_another_version_of_the_interface_can_be_asked() -> None:
    with HrisSink() as sink:
        employed(sink)
        understood(gusto("employee.created"), asking(sink, version="2025-06-15"))
        assert sink.asked[0].headers["x-gusto-api-version"] == "2025-06-15"


def test_the_narrowest_place_that_the_company_named_gives_the_zone() -> None:
    with HrisSink() as sink:
        employed(sink)
        for left_out, zone in (("Boise, ID", "America/Denver"), ("Boise", "America/Los_Angeles")):
            named = {name: zone for name, zone in PLACES.offices.items() if not name.startswith(left_out)}
            named |= {} if left_out == "Boise" else {"Boise": "America/Denver"}
            assert person(gusto("employee.created"), asking(sink, Places(offices=named))).time_zone == zone


def test_a_zone_that_nobody_gives_is_not_guessed() -> None:
    with HrisSink() as sink:
        employed(sink)
        with pytest.raises(BadRecord) as caught:
            understood(gusto("employee.created"), asking(sink, Places()))
        (sentence,) = caught.value.mistakes
        assert sentence.startswith("time_zone is missing: Gusto sends none")
        assert "ONBOARDING_OFFICE_ZONES" in sentence


def test_a_new_employee_of_whom_little_is_known_is_said_at_once() -> None:
    with HrisSink() as sink:
        sink.say("GET", PATH, {"uuid": NUMBER, "first_name": "Odile", "jobs": []})
        with pytest.raises(BadRecord) as caught:
            understood(gusto("employee.created"), asking(sink))
        assert [sentence.partition(" ")[0] for sentence in caught.value.mistakes] == ["work_email", "time_zone"]


def test_an_address_that_is_still_to_come_counts_where_none_is_active() -> None:
    with HrisSink() as sink:
        employed(sink)
        sink.say(
            "GET",
            f"{PATH}/work_addresses",
            [{**ADDRESSES[1], "active": False}, {**ADDRESSES[0], "effective_date": "2028-01-01"}],
        )
        assert person(gusto("employee.created"), asking(sink)).location == "Boise"


def test_an_address_that_our_account_may_not_see_is_not_known() -> None:
    with HrisSink() as sink:
        source = employed(sink)
        sink.say("GET", f"{PATH}/work_addresses", {}, status=403)
        with pytest.raises(BadRecord, match="time_zone is missing"):
            understood(gusto("employee.created"), source)


def test_whom_gusto_does_not_know_a_human_looks_at() -> None:
    with HrisSink() as sink:
        assert understood(gusto("employee.updated"), asking(sink)) == [Unfit(mistakes=(GONE,), external_id=NUMBER)]


@pytest.mark.parametrize("account", [None, {"api_token": "org-1"}])
def test_without_an_access_token_a_thin_message_says_how_to_mend_it(account: dict[str, str] | None) -> None:
    found = understood(gusto("employee.created"), GustoSource([], account))
    assert found == [Unfit(mistakes=(NO_ACCOUNT,), external_id=NUMBER)]


def test_a_gusto_that_does_not_answer_is_asked_again_later() -> None:
    with HrisSink() as sink:
        sink.say("GET", PATH, {}, status=401)
        with pytest.raises(Unavailable, match="ONBOARDING_HRIS_ACCOUNTS"):
            understood(gusto("employee.created"), asking(sink))


# -- how it ends -----------------------------------------------------------------------------------


@pytest.mark.parametrize("happened", ["terminated_effective", "rehire_cancelled", "deleted"])
def test_an_end_is_an_end_and_nobody_needs_to_be_asked(happened: str) -> None:
    found = fact(gusto(f"employee.{happened}", timestamp=1796000000))
    assert (found.told, found.person) == (Told.WITHDRAWN, None)
    assert found.at == datetime.fromtimestamp(1796000000, UTC)


@pytest.mark.parametrize("timestamp", [None, "1796000000", 0, -1, True, 1.5, 2**40, 9_999_999_999])
def test_a_moment_that_lies_ahead_or_cannot_be_read_is_that_of_receipt(timestamp: object) -> None:
    assert fact(gusto("employee.deleted", timestamp=timestamp)).at == NOW


def test_a_termination_that_is_only_announced_ends_nothing() -> None:
    ahead = [{"effective_date": "2020-01-01", "active": True}, {"effective_date": "2027-03-01", "active": False}]
    for terminations in ([], ahead, [{"effective_date": "2026-12-01"}], [{"effective_date": None}]):
        with HrisSink() as sink:
            found = understood(gusto("employee.terminated"), employed(sink, terminations=terminations))
            assert found == "a termination that is announced and not effective yet"


@pytest.mark.parametrize(
    "more",
    [
        {"terminated": True},
        {"terminations": [{"effective_date": "2026-11-30", "active": False}]},
        {"terminations": [{"effective_date": "2026-12-01", "active": True}]},
    ],
)
def test_a_termination_that_is_effective_or_past_is_an_end(more: dict[str, object]) -> None:
    with HrisSink() as sink:
        found = fact(gusto("employee.terminated"), employed(sink, **more))
        assert (found.told, found.at) == (Told.WITHDRAWN, LATER)


def test_somebody_who_left_meanwhile_is_withdrawn_by_any_message() -> None:
    with HrisSink() as sink:
        assert fact(gusto("employee.updated"), employed(sink, terminated=True)).told is Told.WITHDRAWN


def test_somebody_who_comes_back_is_known_with_the_day_of_their_return() -> None:
    with HrisSink() as sink:
        source = employed(sink, terminated=True)
        sink.say("GET", f"{PATH}/rehire", {"effective_date": "2027-02-01"})
        found = fact(gusto("employee.rehired"), source)
        assert found.told is Told.KNOWN
        assert found.person is not None
        assert found.person.start_date == date(2027, 2, 1)


@pytest.mark.parametrize("day", ["2026-11-29", None, "soon"])
def test_a_return_that_is_long_past_is_none(day: object) -> None:
    with HrisSink() as sink:
        source = employed(sink, terminated=True)
        sink.say("GET", f"{PATH}/rehire", {"effective_date": day})
        assert fact(gusto("employee.updated"), source).told is Told.WITHDRAWN


# -- the rest --------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["company.provisioned", "employee.job_changed", "contractor.created", "employee"])
def test_other_events_are_not_for_us(told: str) -> None:
    assert understood(gusto(told)) == "an event that is not about how an employee stands"


@pytest.mark.parametrize("number", [None, "", "a/b", "..", {}])
def test_an_employee_without_an_id_is_refused(number: object) -> None:
    for happened in ("created", "deleted"):
        with pytest.raises(BadRecord, match="entity_uuid is missing or not an id"):
            understood(gusto(f"employee.{happened}", entity_uuid=number))


def test_a_delivery_is_named_by_its_uuid_or_else_by_its_bytes() -> None:
    def name(tree: object) -> str:
        body = as_body(tree)
        return GustoSource([TOKEN]).verify(gusto_headers(TOKEN, body), body, NOW)

    assert name(gusto()) == gusto()["uuid"]
    assert len({name(gusto(uuid=each)) for each in (None, "x", 7, True)} | {name([]), name("x")}) == 6
    assert len(name(gusto(uuid="x"))) == 64


@pytest.mark.parametrize("account", [{"url": "https://example.com"}, {"token": "x"}, {"access_token": " "}])
def test_an_account_that_cannot_work_is_refused_at_start(account: dict[str, str]) -> None:
    with pytest.raises(BadSettings, match="ONBOARDING_HRIS_ACCOUNTS"):
        GustoSource([], account)
