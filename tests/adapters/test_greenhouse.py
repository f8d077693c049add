"""What do the messages of Greenhouse mean? The payloads are look-alikes, with people who do not exist."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from onboarding.adapters.sources import GreenhouseSource
from onboarding.adapters.sources.places import Places
from onboarding.domain.delivery import State
from onboarding.domain.errors import BadRecord, BadSignature
from onboarding.domain.events import Fact, Told, Understood
from onboarding.domain.people import HireState
from onboarding.services.directory import Directory
from onboarding.services.obeying import obey
from tests.ports.sources.vendor import NOW, event, hmac_hex
from tests.ports.sources.vendors import HIRED
from tests.ports.sources.vendors import greenhouse_offer as offer
from tests.worlds import world

SECRET = "a-secret-of-greenhouse"
ZONES = {"Nairobi Hub": "Africa/Nairobi", "Mombasa": "Africa/Nairobi", "Lisboa": "Europe/Lisbon"}


def understood(tree: object, offices: dict[str, str] | None = None) -> Understood:
    """What a message means, by what is kept of it."""
    source = GreenhouseSource([], Places(offices=ZONES if offices is None else offices))
    return source.understand(event(source.keep({}, json.dumps(tree).encode())), NOW)


def fact(tree: object, offices: dict[str, str] | None = None) -> Fact:
    found = understood(tree, offices)
    assert isinstance(found, list), found
    (only,) = found
    assert isinstance(only, Fact), only
    return only


def mistakes(tree: object, offices: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(tree, offices)
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


def unhired(**application: object) -> dict[str, Any]:
    return {"action": "unhire_candidate", "payload": {"application": {"id": 7001, **application}}}


EARLIER, LATER = "2026-11-30T20:28:09Z", "2026-12-01T08:00:01Z"


@pytest.mark.parametrize(
    ("tree", "at"),
    [
        (hired(last_activity_at=EARLIER, offer={"starts_at": "2027-01-04", "resolved_at": LATER}), EARLIER),
        (hired(offer={"starts_at": "2027-01-04", "resolved_at": EARLIER}), EARLIER),
        (hired(last_activity_at="soon", offer={"starts_at": "2027-01-04", "resolved_at": EARLIER}), EARLIER),
        (hired(last_activity_at=LATER), ""),
        (hired(), ""),
        (unhired(last_activity_at=EARLIER), EARLIER),
        (unhired(last_activity_at=LATER), ""),
        (unhired(last_activity_at="2026-11-30"), ""),
        (unhired(last_activity_at=["x"]), ""),
        (unhired(), ""),
    ],
)
def test_a_hire_and_an_unhire_are_as_old_as_they_say_and_never_later_than_their_receipt(
    tree: dict[str, Any], at: str
) -> None:
    assert fact(tree).at == (datetime.fromisoformat(at) if at else NOW)


@pytest.mark.parametrize(
    "moments",
    [
        {"last_activity_at": "2026-11-29T09:00:00Z"},
        {"offer": {"id": 5, "starts_at": "2027-01-04", "resolved_at": "2026-11-29T09:00:00Z"}},
    ],
)
def test_a_hire_that_comes_late_does_not_undo_the_unhire_that_followed_it(moments: dict[str, object]) -> None:
    source = GreenhouseSource([], Places(offices=ZONES))
    trees = (unhired(last_activity_at=EARLIER), hired(**moments))
    with world() as here:
        for tree in (*trees, trees[1]):
            here.now += timedelta(hours=1)
            kept = event(source.keep({}, json.dumps(tree).encode()), received_at=here.now)
            understood = source.understand(kept, here.now)
            assert isinstance(understood, list)
            with here.engine.store.begin() as books:
                for one in understood:
                    assert isinstance(one, Fact)
                    obey(here.engine, books, Directory(books), "greenhouse", one, here.now)
        with here.engine.store.read() as books:
            hire, somebody = books.hires.get("greenhouse-7001"), books.people.get("greenhouse-7001")
        assert hire is not None
        assert somebody is not None
        assert (hire.state, somebody.active) == (HireState.WITHDRAWN, False)
        assert not [row for row in here.rows("greenhouse-7001") if row.state is State.PLANNED]


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


@pytest.mark.parametrize(
    "action",
    [
        "ping",
        "candidate_stage_change",
        "update_candidate",
        "application_updated",
        "delete_candidate",
        "something_new",
    ],
)
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


def test_a_hire_and_its_offer_say_which_offer_the_hire_hangs_on() -> None:
    assert [fact(tree).about for tree in (HIRED, offer(), offer("offer_deleted", id="6"))] == ["5", "6", "6"]
    assert fact(hired(offer={"starts_at": "2027-01-04"})).about == ""
    assert fact({"action": "unhire_candidate", "payload": {"application": {"id": 7001}}}).about == ""


def test_a_deleted_offer_withdraws_the_hire_that_hangs_on_it() -> None:
    for tree in (offer("offer_deleted"), {"action": "offer_deleted", "payload": {"offer": offer()["payload"]}}):
        found = fact(tree)
        assert (found.told, found.external_id, found.about, found.person) == (Told.WITHDRAWN, "7001", "6", None)


@pytest.mark.parametrize("number", [None, "six", True, {}])
def test_a_deleted_offer_without_a_number_waits_for_a_human(number: object) -> None:
    assert mistakes(offer("offer_deleted", id=number)) == ("offer.id is missing or not a number",)


@pytest.mark.skipif(all(field.name != "rank" for field in fields(Fact)), reason="facts have no rank yet")
def test_the_version_of_an_offer_is_the_rank_of_what_it_says() -> None:
    trees = (HIRED, offer(), offer("offer_deleted"), offer(version=None), offer(version="3"))
    assert [getattr(fact(tree), "rank", -1) for tree in trees] == [2, 3, 3, 0, 0]


def test_salary_and_unread_custom_fields_are_not_kept() -> None:
    kept = GreenhouseSource([]).keep({}, json.dumps(HIRED).encode())
    for word in ("salary", "amount", "KES", "555-0100", "min_value", "Achieng Example"):
        assert word not in kept
    assert "achieng@example.com" in kept


def test_a_manager_that_is_given_as_plain_text_is_kept_and_taken_as_an_address() -> None:
    person = fact(hired(custom_fields={"manager": {"value": "m@example.com"}}, offer={"starts_at": "2027-01-04"}))
    assert person.person is not None
    assert person.person.manager_email == "m@example.com"


def test_a_delivery_is_named_by_its_bytes_whatever_unsigned_id_comes_with_it() -> None:
    source, headers = GreenhouseSource([SECRET]), {"signature": f"sha256 {hmac_hex(SECRET, b'{}')}"}
    given = [
        {},
        {"greenhouse-event-id": "9001"},
        {"greenhouse-event-id": "9002"},
        {"greenhouse-event-id": "a b\n"},
    ]
    assert {source.verify({**headers, **more}, b"{}", NOW) for more in given} == {
        hashlib.sha256(b"greenhouse\0{}").hexdigest()
    }


def test_a_signature_in_capitals_is_the_same_signature() -> None:
    headers = {"signature": f"sha256 {hmac_hex(SECRET, b'{}').upper()}"}
    assert GreenhouseSource([SECRET]).verify(headers, b"{}", NOW)


def test_nobody_gets_in_with_an_empty_secret() -> None:
    with pytest.raises(BadSignature):
        GreenhouseSource([""]).verify({"signature": f"sha256 {hmac_hex('', b'{}')}"}, b"{}", NOW)


@pytest.mark.parametrize("version", [True, "3", 2.0, -1, 10**9 + 1, 10**400, None, []])
def test_a_version_that_no_offer_can_have_does_not_count(version: object) -> None:
    found = fact(offer(version=version))
    assert found.rank == 0
