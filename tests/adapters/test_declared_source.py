"""Does a declared source verify, keep and understand what its declaration says?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from onboarding.adapters.sources.declared.dates import WRITTEN, day, moment
from onboarding.adapters.sources.declared.file import read_sources
from onboarding.adapters.sources.declared.record import NO_ZONE
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.domain.errors import BadRecord, BadSettings, BadSignature
from onboarding.domain.events import Fact, Told, Unfit
from onboarding.domain.people import Person
from tests.adapters.declared import NOW, SECRET, event, fact, source, understood

EVENT = """
[acme.event]
name = "event.type"
created = "hired"
updated = "changed"
withdrawn = ["left", "cancelled"]
known = "synced"
ignored = "ping"
external_id = "person.id"
about = "event.job"
at = "event.at"
delivery_id = "event.id"

[acme.person]
full_name = "person.name"
first_name = "person.first"
work_email = "person.emails[type=work].value"
personal_email = "person.emails[type=personal].value"
start_date = "person.start"
time_zone = "person.zone"
country = "person.country"
location = "person.office"
language = "person.language"
department = ["person.job.department.name", "person.job.department"]
interests = "person.likes"
working_hours_start = "person.hours.0"
working_hours_end = "person.hours.1"
manager = "person.manager.id"

[acme.defaults]
language = "fr"
team = "Newcomers"

[acme.values.language]
German = "de"
"""
ACME = '[acme]\nauthentication = { kind = "bearer" }\n' + EVENT


def message(told: str = "hired", **more: object) -> dict[str, Any]:
    person = {
        "id": 4711,
        "name": "Amihan Reyes Cruz",
        "emails": [{"type": "work", "value": "ami@example.com"}, {"type": "personal", "value": "ami@example.org"}],
        "start": "2027-01-04",
        "country": "Philippines",
        "language": "german",
        "salary": 100000,
        "manager": {"id": 12, "name": "Ines Duarte"},
    }
    return {"event": {"type": told, "id": "d-1", "at": "2026-12-01T07:30:00Z"}, "person": {**person, **more}}


def person(tree: object, of: DeclaredSource | None = None) -> Person:
    found = fact(of or source(ACME), tree).person
    assert found is not None
    return found


def mistakes(tree: object, of: DeclaredSource | None = None) -> tuple[str, ...]:
    with pytest.raises(BadRecord) as caught:
        understood(of or source(ACME), tree)
    return caught.value.mistakes


def test_a_hire_becomes_a_record() -> None:
    found = fact(source(ACME), message())
    assert (found.told, found.external_id, found.hire_id) == (Told.CREATED, "4711", "acme-4711")
    assert (found.manager, found.at) == ("12", datetime(2026, 12, 1, 7, 30, tzinfo=UTC))
    assert found.person is not None
    assert found.person == Person(
        id="acme-4711",
        first_name="Amihan",
        last_name="Reyes Cruz",
        work_email="ami@example.com",
        personal_email="ami@example.org",
        start_date=date(2027, 1, 4),
        time_zone="Asia/Manila",
        country="PH",
        language="de",
        team="Newcomers",
    )


def test_an_update_holds_only_what_was_given_and_what_was_emptied() -> None:
    tree = {"event": {"type": "changed"}, "person": {"id": 4711, "start": None, "likes": None, "office": "Lisboa"}}
    found = fact(source(ACME), tree)
    assert found.told is Told.UPDATED
    assert found.given == {"location", "interests"}
    assert found.person is not None
    assert found.person.location == "Lisboa"


def test_an_update_finds_the_zone_of_a_new_office_where_the_system_has_no_zone_itself() -> None:
    of = source(ACME.replace('time_zone = "person.zone"\n', ""))
    tree = {"event": {"type": "changed"}, "person": {"id": 4711, "office": "Lisboa"}}
    found = fact(of, tree)
    assert found.given == {"location", "time_zone"}
    assert found.person is not None
    assert found.person.time_zone == "Europe/Lisbon"


@pytest.mark.parametrize("told", ["left", "cancelled"])
def test_a_withdrawal_needs_nothing_but_the_id(told: str) -> None:
    found = fact(source(ACME), {"event": {"type": told, "job": 9}, "person": {"id": "4711"}})
    assert (found.told, found.person, found.about, found.at) == (Told.WITHDRAWN, None, "9", NOW)


def test_somebody_who_is_known_needs_no_first_day() -> None:
    found = fact(source(ACME), message("synced", start=None))
    assert found.told is Told.KNOWN
    assert found.person is not None
    assert found.person.start_date is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("ping", "an event that is ignored"),
        ("invoice.paid", "an event that the declaration does not list (event.type)"),
    ],
)
def test_what_is_not_for_us_says_why(told: str, why: str) -> None:
    assert understood(source(ACME), message(told)) == why


def test_a_message_without_an_event_name_is_looked_at_by_a_human_and_not_lost() -> None:
    (mistake,) = mistakes(message(""))
    assert mistake == "there is no event name at event.type: perhaps the declaration is out of date"


def test_an_event_is_never_later_than_its_receipt() -> None:
    tree = message()
    tree["event"]["at"] = "2030-01-01T00:00:00Z"
    assert fact(source(ACME), tree).at == NOW


def test_everything_that_is_wrong_is_said_at_once_with_its_path_and_without_the_value() -> None:
    found = mistakes(
        message(
            name="",
            emails=[{"type": "work", "value": "nobody"}],
            start="soon",
            country="Atlantis",
            likes={"a": 1},
            manager={"id": "a\nb"},
        )
    )
    assert found == (
        "manager must be one line of plain text, without control characters",
        "first_name is missing (nothing at person.first)",
        "work_email is not an e-mail address that can be written to (person.emails[type=work].value)",
        "country must be a two-letter country code of ISO 3166-1, such as DE (person.country)",
        "interests must be a list of short texts (person.likes)",
        f"start_date must be written as {WRITTEN['iso']} (person.start)",
        NO_ZONE,
    )
    assert not any(word in " ".join(found) for word in ("nobody", "soon", "Atlantis"))


@pytest.mark.parametrize("bad", [None, "", " ", [], {}, True, 1.5, "a\nb", "x" * 201])
def test_an_id_is_a_text_or_a_whole_number(bad: object) -> None:
    (mistake,) = mistakes(message(id=bad))
    assert mistake.startswith("external_id ")


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Amihan Reyes Cruz", "Amihan", "Reyes Cruz"),
        ("Reyes Cruz, Amihan", "Amihan", "Reyes Cruz"),
        ("Amihan", "Amihan", ""),
        ("  Amihan   Reyes ", "Amihan", "Reyes"),
        ("Reyes,", "Reyes,", ""),
    ],
)
def test_a_name_in_one_text_is_split(full: str, first: str, last: str) -> None:
    found = person(message(name=full))
    assert (found.first_name, found.last_name) == (first, last)


def test_a_first_name_of_its_own_counts_more_than_one_text() -> None:
    assert person(message(first="Ami")).first_name == "Ami"


def test_the_first_path_that_holds_something_counts() -> None:
    assert person(message(job={"department": {"name": "Product"}})).department == "Product"
    assert person(message(job={"department": "Care"})).department == "Care"


def test_interests_and_working_hours_are_read_from_lists() -> None:
    found = person(message(likes="climbing; bread, chess", hours=["08:00", "16:30"]))
    assert found.interests == ("climbing", "bread", "chess")
    assert (found.working_hours.start, found.working_hours.end) == (time(8), time(16, 30))
    assert person(message(likes=["climbing"])).interests == ("climbing",)


@pytest.mark.parametrize(
    ("more", "zone"),
    [
        ({"zone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"office": "nairobi hub", "country": "US"}, "Africa/Nairobi"),
        ({"office": "Lisboa, Portugal", "country": ""}, "Europe/Lisbon"),
        ({"country": "KEN"}, "Africa/Nairobi"),
    ],
)
def test_a_zone_is_given_or_found_at_the_office_or_in_the_country(more: dict[str, Any], zone: str) -> None:
    assert person(message(**more)).time_zone == zone


def test_a_default_zone_counts_where_nothing_else_is_known() -> None:
    of = source(ACME.replace("[acme.defaults]", '[acme.defaults]\ntime_zone = "America/Chicago"'))
    assert person(message(country="United States"), of).time_zone == "America/Chicago"
    assert person(message(), of).time_zone == "Asia/Manila"


def status_source(otherwise: str = "") -> DeclaredSource:
    status = f'[acme.status]\nfield = "person.status"\nwithdrawn = "left"\nknown = "Hired"\n{otherwise}'
    return source(ACME + status)


def test_a_status_says_more_than_the_name_of_the_event() -> None:
    assert fact(status_source(), message("changed", status="LEFT")).told is Told.WITHDRAWN
    assert fact(status_source(), message("changed", status="hired")).told is Told.KNOWN
    assert fact(status_source(), message("changed", status="else")).told is Told.UPDATED
    assert fact(status_source(), message("left", status="hired")).told is Told.WITHDRAWN


def test_a_status_that_is_not_listed_can_be_ignored() -> None:
    why = understood(status_source('otherwise = "ignored"'), message("changed", status="screening"))
    assert why == "a status with which there is nothing to do"


BATCH = ACME.replace('delivery_id = "event.id"', 'batch = "changes"').replace("event.", "body:event.")


def test_a_batch_is_as_many_facts_and_what_does_not_fit_stands_beside_them() -> None:
    entries = [message()["person"], message(id=None)["person"], message(id=12, start="soon")["person"]]
    tree = {"event": {"type": "hired"}, "changes": [{"person": entry} for entry in entries]}
    found = understood(source(BATCH), tree)
    assert isinstance(found, list)
    good, nameless, late = found
    assert isinstance(good, Fact)
    assert nameless == Unfit(mistakes=("entry 2: external_id is missing (nothing at person.id)",))
    assert isinstance(late, Unfit)
    assert (late.external_id, late.mistakes[0].split(" must")[0]) == ("12", "entry 3: start_date")


def test_an_object_where_a_list_is_expected_is_the_only_entry() -> None:
    tree = {"event": {"type": "hired"}, "changes": {"person": message()["person"]}}
    assert fact(source(BATCH), tree).external_id == "4711"


def test_a_batch_of_which_nothing_can_be_understood_is_refused() -> None:
    tree = {"event": {"type": "hired"}, "changes": [{"person": {}}, {"person": {}}]}
    assert mistakes(tree, source(BATCH)) == (
        "entry 1: external_id is missing (nothing at person.id)",
        "entry 2: external_id is missing (nothing at person.id)",
    )
    for empty in ({"event": {"type": "hired"}}, {"event": {"type": "hired"}, "changes": []}):
        assert mistakes(empty, source(BATCH)) == ("the body holds no entry where the declaration names a batch",)


def test_a_body_can_be_the_list_itself() -> None:
    of = source(BATCH.replace('batch = "changes"', 'batch = "."').replace("body:event.", "event."))
    assert fact(of, [message()]).external_id == "4711"


def test_a_form_is_read_with_its_brackets() -> None:
    of = source('body = "form"\n'.join(ACME.split("\n", 1)).replace("[acme]", "[acme]\n", 1))
    form = (
        b"event[type]=hired&person[id]=7&person[name]=Ami%20Reyes&person[country]=PH&person[start]=2027-01-04"
        b"&person[emails][type]=work&person[emails][value]=ami%40example.com&person[likes][]=bread&person[likes][]=tea"
    )
    found = fact(of, form)
    assert (found.external_id, found.person and found.person.interests) == ("7", ("bread", "tea"))


@pytest.mark.parametrize("form", [b"a=1&a[b]=2", b"a[b]=2&a=1", b"\xff=1", b"no form", b"a[b]=1&a[]=2", b"a=%ff"])
def test_a_form_that_contradicts_itself_is_not_kept(form: bytes) -> None:
    of = source(ACME.replace("[acme]\n", '[acme]\nbody = "form"\n', 1))
    assert of.keep({}, form) == f"not kept: {len(form)} bytes"
    with pytest.raises(BadRecord, match="have it sent again"):
        understood(of, form)


def test_only_what_the_declaration_names_is_kept() -> None:
    kept = json.loads(
        source(ACME).keep({"x-other": "1", "authorization": "secret"}, json.dumps(message()).encode())
    )
    assert kept["headers"] == {}
    assert kept["body"]["person"]["manager"] == {"id": 12}
    assert "salary" not in kept["body"]["person"]
    assert "100000" not in json.dumps(kept)


def test_the_headers_that_are_read_are_kept() -> None:
    of = source(ACME.replace('name = "event.type"', 'name = "header:X-Event"'))
    headers = {"x-event": "hired", "cookie": "no"}
    assert json.loads(of.keep(headers, b"{}"))["headers"] == {"x-event": "hired"}
    assert fact(of, message(), headers).told is Told.CREATED


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"NaN", b"[" * 100_000, b'{"person": {"id": 1e999}}'])
def test_what_cannot_be_read_is_not_kept_and_never_a_crash(body: bytes) -> None:
    with pytest.raises(BadRecord):
        understood(source(ACME), body)


def signed(template: str = "", **more: str) -> DeclaredSource:
    keys = {"kind": "signature", "header": "X-Sign", "signed": template or "{body}", **more}
    lines = "\n".join(f'{key} = "{value}"' for key, value in keys.items())
    return source(f"[acme.authentication]\n{lines}\n" + EVENT)


BODY = json.dumps(message()).encode()


def hexed(*parts: bytes, algorithm: str = "sha256", key: bytes = SECRET.encode()) -> str:
    return hmac.new(key, b"".join(parts), algorithm).hexdigest()


@pytest.mark.parametrize(
    ("of", "headers"),
    [
        (signed(), {"x-sign": hexed(BODY)}),
        (signed(prefix="sha512 ", algorithm="sha512"), {"x-sign": f"sha512 {hexed(BODY, algorithm='sha512')}"}),
        (signed("POST{body}", algorithm="sha1"), {"x-sign": hexed(b"POST", BODY, algorithm="sha1")}),
        (signed(encoding="base64"), {"x-sign": base64.b64encode(bytes.fromhex(hexed(BODY))).decode()}),
        (
            signed(encoding="base64url"),
            {"x-sign": base64.urlsafe_b64encode(bytes.fromhex(hexed(BODY))).decode().rstrip("=")},
        ),
        (signed(encoding="base64hex"), {"x-sign": base64.b64encode(hexed(BODY).encode()).decode()}),
        (signed(prefix="v1=", separator=";"), {"x-sign": f"v1={'0' * 64};v1={hexed(BODY)}"}),
        (
            signed("{id}.{body}.{header:X-Kind}", id_header="X-Id"),
            {"x-sign": hexed(b"i.", BODY, b".k"), "x-id": "i", "x-kind": "k"},
        ),
    ],
)
def test_signatures_are_checked_as_declared(of: DeclaredSource, headers: dict[str, str]) -> None:
    assert of.verify(headers, BODY, NOW) == "d-1"
    with pytest.raises(BadSignature):
        of.verify(headers, BODY + b" ", NOW)
    with pytest.raises(BadSignature):
        of.verify({}, BODY, NOW)


def test_a_replay_is_refused() -> None:
    of = signed("{timestamp}.{body}", timestamp_header="X-Time", window="5 minutes")
    headers = {
        "x-time": str(int(NOW.timestamp())),
        "x-sign": hexed(str(int(NOW.timestamp())).encode(), b".", BODY),
    }
    assert of.verify(headers, BODY, NOW + timedelta(minutes=5))
    with pytest.raises(BadSignature, match="too long ago"):
        of.verify(headers, BODY, NOW + timedelta(minutes=5, seconds=1))
    with pytest.raises(BadSignature):
        of.verify({**headers, "x-time": "soon"}, BODY, NOW)


def test_a_key_in_base64_is_decoded_and_refused_at_start_when_it_is_none() -> None:
    text = f'[acme.authentication]\nkind = "signature"\nheader = "X-Sign"\nkey = "base64"\n{EVENT}'
    of = source(text, secret=base64.b64encode(b"a-key-of-ours").decode())
    assert of.verify({"x-sign": hexed(BODY, key=b"a-key-of-ours")}, BODY, NOW)
    with pytest.raises(BadSettings, match="ONBOARDING_WEBHOOK_SECRETS, a secret of acme: it must be base64"):
        source(text, secret="no base64!")


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ('kind = "bearer"', {"authorization": f"Bearer {SECRET}"}),
        ('kind = "bearer"', {"authorization": f"bearer  {SECRET}"}),
        ('kind = "bearer", header = "X-Token"', {"x-token": SECRET}),
        ('kind = "bearer", header = "X-Token", prefix = "T "', {"x-token": f"T {SECRET}"}),
    ],
)
def test_a_token_is_checked_where_it_is_declared(kind: str, headers: dict[str, str]) -> None:
    of = source(f"[acme]\nauthentication = {{ {kind} }}\n{EVENT}")
    assert of.verify(headers, BODY, NOW) == "d-1"
    ((name, shown),) = headers.items()
    for wrong in ("", shown[:-1], shown + "x", f"{shown}, {shown}", "Bearer", "Bearer \xff"):
        with pytest.raises(BadSignature):
            of.verify({name: wrong}, BODY, NOW)


def test_a_user_and_a_password_are_checked() -> None:
    text = f'[acme]\nauthentication = {{ kind = "basic" }}\n{EVENT}'
    of = source(text, secret="hr:a long password")
    right = base64.b64encode(b"hr:a long password").decode()
    assert of.verify({"authorization": f"Basic {right}"}, BODY, NOW)
    for wrong in ("", "Basic", "Basic ???", f"Bearer {right}", "Basic " + base64.b64encode(b"hr:\xff").decode()):
        with pytest.raises(BadSignature):
            of.verify({"authorization": wrong}, BODY, NOW)
    with pytest.raises(BadSettings, match="a user, a colon and a password"):
        source(text, secret="no colon here at all")


def test_a_secret_address_is_the_cores_to_check() -> None:
    of = source(f'[acme]\nauthentication = {{ kind = "path" }}\n{EVENT}')
    assert of.needs_path
    assert not source(ACME).needs_path
    assert of.verify({}, BODY, NOW) == "d-1"


def test_an_id_that_is_not_signed_names_nothing_or_a_captured_message_would_come_in_again() -> None:
    text = f'[acme.authentication]\nkind = "signature"\nheader = "X-Sign"\n{EVENT}'
    of = source(text.replace('delivery_id = "event.id"', 'delivery_id = "header:X-Id"'))
    names = {of.verify({"x-sign": hexed(BODY), "x-id": given}, BODY, NOW) for given in ("d-7", "d-8", "a b")}
    assert names == {hashlib.sha256(b"acme\0" + BODY).hexdigest()}
    assert of.verify({"x-sign": hexed(BODY + b" "), "x-id": "d-7"}, BODY + b" ", NOW) not in names


def test_an_id_in_a_signed_body_is_the_same_when_the_body_is_written_again() -> None:
    again = json.dumps(message(), indent=1).encode()
    of = signed()
    assert of.verify({"x-sign": hexed(BODY)}, BODY, NOW) == of.verify({"x-sign": hexed(again)}, again, NOW)


HANDSHAKE = ACME + (
    '[acme.handshake]\nheader = "X-Hook-Secret"\nfield = "challenge"\nbodies = ["Ping test", \'{"ping": 1}\']\n'
)


def test_handshakes_are_answered_and_nothing_else_is() -> None:
    of = source(HANDSHAKE)
    echo = of.greet({"x-hook-secret": "abc-123"}, b"")
    assert echo is not None
    assert (echo.headers, echo.body) == ({"x-hook-secret": "abc-123"}, "")
    challenge = of.greet({}, b'{"challenge": "c-1", "other": 2}')
    assert challenge is not None
    assert (json.loads(challenge.body), challenge.headers["content-type"]) == (
        {"challenge": "c-1"},
        "application/json",
    )
    assert of.greet({}, b"Ping test\n") is not None
    assert of.greet({}, b'{"ping": 1}') is not None
    for body in (BODY, b"", b"Ping", b"\xff", b'{"challenge": "<b>"}', b'{"challenge": 7}'):
        assert of.greet({}, body) is None
    assert of.greet({"x-hook-secret": "a\r\nb"}, b"") is None
    assert source(ACME).greet({"x-hook-secret": "abc"}, b"Ping test") is None


def test_a_message_about_somebody_is_no_challenge() -> None:
    assert source(HANDSHAKE).greet({}, json.dumps({**message(), "challenge": "c-1"}).encode()) is None


@pytest.mark.parametrize(
    ("value", "written", "zone", "expected"),
    [
        ("2026-03-02", "iso", "", "2026-03-02"),
        ("2026-03-01T23:00:00Z", "iso", "", "2026-03-01"),
        ("2026-03-01T23:00:00Z", "iso", "Europe/Berlin", "2026-03-02"),
        ("03/02/2026", "mdy", "", "2026-03-02"),
        ("3/2/2026", "mdy", "", "2026-03-02"),
        ("02.03.2026", "dmy", "", "2026-03-02"),
        (1772323200, "epoch_s", "", "2026-03-01"),
        ("1772323200000", "epoch_ms", "", "2026-03-01"),
        (1772323200, "epoch_s", "America/Los_Angeles", "2026-02-28"),
    ],
)
def test_days_are_read_as_declared(value: object, written: str, zone: str, expected: str) -> None:
    assert day(value, written, zone) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("03/02/2026", "iso"),
        ("2026-03-02x", "iso"),
        ("2026-03-02", "mdy"),
        ("soon", "epoch_s"),
        ("9" * 14, "epoch_s"),
    ],
)
def test_a_day_that_is_written_otherwise_is_refused(value: str, written: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        day(value, written, "")


def test_moments_are_read_as_declared() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert moment("2026-03-02T13:00:00+01:00", "iso", "") == noon
    assert moment("2026-03-02T13:00:00", "iso", "Europe/Berlin") == noon
    assert moment("03/02/2026 12:00", "mdy", "") == noon
    assert moment(1772452800, "epoch_s", "") == noon
    with pytest.raises(ValueError, match="must be written as"):
        moment("yesterday", "iso", "")


def test_a_moment_that_cannot_be_read_sends_the_event_to_review() -> None:
    tree = message()
    tree["event"]["at"] = "yesterday"
    (mistake,) = mistakes(tree)
    assert mistake.startswith("at must be written as year-month-day")


def test_an_account_for_a_source_that_asks_nothing_is_a_mistake() -> None:
    with pytest.raises(BadSettings, match="acme asks nothing back"):
        source(ACME, {"token": "x"})


def test_what_was_not_kept_by_us_is_refused() -> None:
    for body in ("", "[]", "3", '{"body": 3}', "not kept: 7 bytes"):
        with pytest.raises(BadRecord):
            source(ACME).understand(event(body), NOW)


def test_a_file_can_declare_several_sources() -> None:
    found = read_sources(ACME + ACME.replace("acme", "other"))
    assert [one.name for one in found.values()] == ["acme", "other"]


def test_a_signed_body_that_cannot_be_read_is_named_by_its_bytes() -> None:
    assert signed().verify({"x-sign": hexed(b"{")}, b"{", NOW) == hashlib.sha256(b"acme\0{").hexdigest()


def test_offices_give_the_zone_and_nothing_else() -> None:
    of = source(ACME.replace('location = "person.office"', 'offices = "person.offices"'))
    found = person(message(country="US", offices=["Elsewhere", "Lisboa"]), of)
    assert (found.time_zone, found.location) == ("Europe/Lisbon", "")


def test_an_update_that_finds_no_zone_leaves_it_alone() -> None:
    of = source(ACME.replace('time_zone = "person.zone"\n', ""))
    tree = {"event": {"type": "changed"}, "person": {"id": 4711, "office": "Elsewhere", "country": "US"}}
    assert fact(of, tree).given == {"location", "country"}
