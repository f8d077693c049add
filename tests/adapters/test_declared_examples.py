"""Do the declared examples let their vendors' messages in, and what do these mean?

The messages are look-alikes with people who do not exist, signed exactly as each vendor documents.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.adapters.sources.declared.file import read_file
from onboarding.adapters.sources.declared.questions import account_keys
from onboarding.adapters.sources.declared.source import DeclaredSource
from onboarding.domain.errors import BadRecord, BadSignature, Unavailable
from onboarding.domain.events import Fact, Told
from tests.adapters.declared import NOW, PLACES, event
from tests.sinks.hris import HrisSink

ROOT = Path(__file__).parents[2]
DECLARED = read_file(ROOT / "deployments" / "sources.example.toml")
SECRETS = {"finch": base64.b64encode(b"finch-key-of-ours").decode()}
SECOND = str(int(NOW.timestamp()))
VECTOR = ROOT.parent / "shared" / "data" / "vectors" / "smartrecruiters-test-vector.json"

Headers = dict[str, str]


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as found:
        yield found


def secret(name: str) -> str:
    return SECRETS.get(name, "a-secret-of-ours")


def example(name: str, url: str = "http://127.0.0.1:9") -> DeclaredSource:
    declaration = DECLARED[name]
    account = dict.fromkeys(account_keys(declaration.fetches), "of-ours") | {"url": url}
    return DeclaredSource(name, declaration, [secret(name)], account, PLACES)


def hmac_of(name: str, *parts: bytes) -> hmac.HMAC:
    key = base64.b64decode(secret(name)) if DECLARED[name].authentication.signature.keys == "base64" else None  # type: ignore[union-attr]  # each that is asked for here signs
    return hmac.new(key or secret(name).encode(), b"".join(parts), hashlib.sha256)


def finch(body: bytes) -> Headers:
    digest = base64.b64encode(hmac_of("finch", b"evt_1.", SECOND.encode(), b".", body).digest()).decode()
    return {"finch-event-id": "evt_1", "finch-timestamp": SECOND, "finch-signature": f"v1,{digest}"}


def merge(body: bytes) -> Headers:
    return {"x-merge-webhook-signature": base64.urlsafe_b64encode(hmac_of("merge", body).digest()).decode()}


def deel(body: bytes) -> Headers:
    return {
        "x-deel-signature": hmac_of("deel", b"POST", body).hexdigest(),
        "x-deel-hmac-label": "Onboarding",
        "x-deel-webhook-version": "1.0.0",
    }


def smartrecruiters(body: bytes, name: str = "application.status.updated") -> Headers:
    headers = {
        "event-id": "e-77",
        "event-name": name,
        "event-version": "v201910",
        "link": "<https://api.smartrecruiters.example.com/x>; rel=self",
        "smartrecruiters-timestamp": SECOND,
    }
    rest = ".".join(headers[part] for part in ("event-id", "event-name", "event-version", "link"))
    digest = hmac_of("smartrecruiters", SECOND.encode(), b".", body, b".", rest.encode()).hexdigest()
    return {**headers, "smartrecruiters-signature": f"v1={'0' * 64};v1={digest}"}


def rippling(body: bytes) -> Headers:
    return {"authorization": f"Bearer {secret('rippling')}", "content-type": "application/x-www-form-urlencoded"}


SIGNERS = {"finch": finch, "merge": merge, "deel": deel, "smartrecruiters": smartrecruiters, "rippling": rippling}

FINCH = {
    "company_id": "c-1",
    "account_id": "a-1",
    "connection_id": "k-1",
    "event_type": "employment.created",
    "data": {"individual_id": "ind-7"},
}
MERGE: dict[str, Any] = {
    "hook": {"id": "h-1", "event": "Employee.changed", "target": "https://hooks.example.com/merge"},
    "linked_account": {"id": "la-1", "integration": "An HRIS", "category": "hris"},
    "data": {"id": "emp-7", "modified_at": "2026-12-01T07:00:00Z", "manager": "emp-1", "ssn": "000-00-0000"},
}
DEEL: dict[str, Any] = {
    "data": {
        "meta": {"event_type": "worker.v2.created", "organization_name": "Example", "tracking_id": "t-1"},
        "resource": {"id": "w-7"},
    },
    "timestamp": "2026-12-01T07:00:00.000Z",
}
SMART = {"job_id": "job-3", "candidate_id": "cand-7"}
RIPPLING = {
    "event_name": "Employee Hired",
    "company_id": "c-1",
    "company_primary_email": "it@example.com",
    "id": "r7",
}


def told(name: str, sink: HrisSink, tree: object, **signing: str) -> list[Any] | str:
    """What becomes of a message: verified, kept, understood."""
    body = urlencode(tree).encode() if name == "rippling" else json.dumps(tree).encode()  # type: ignore[arg-type]  # its tree is flat
    headers = SIGNERS[name](body, **signing)
    source = example(name, sink.url)
    assert source.greet(headers, body) is None
    assert source.verify(headers, body, NOW)
    return source.understand(event(source.keep(headers, body)), NOW)


def one(found: list[Any] | str) -> Fact:
    assert isinstance(found, list), found
    (fact,) = found
    assert isinstance(fact, Fact), fact
    return fact


def test_finch_is_asked_for_the_individual_and_the_employment(sink: HrisSink) -> None:
    individual = {
        "first_name": "Wanjiru",
        "last_name": "Kamau",
        "preferred_name": "Ciru",
        "emails": [{"data": "ciru@example.com", "type": "work"}, {"data": "w@example.org", "type": "personal"}],
        "dob": "1990-01-01",
    }
    employment = {
        "title": "Support Engineer",
        "manager": {"id": "ind-1"},
        "department": {"name": "Care"},
        "start_date": "2027-01-04",
        "employment_status": "onboarding",
        "location": {"city": "Nairobi", "country": "KE"},
        "income": {"amount": 1},
    }
    for kind, body in (("individual", individual), ("employment", employment)):
        sink.say(
            "POST", f"/employer/{kind}", {"responses": [{"individual_id": "ind-7", "code": 200, "body": body}]}
        )
    fact = one(told("finch", sink, FINCH))
    assert (fact.told, fact.hire_id, fact.manager, fact.at) == (Told.KNOWN, "finch-ind-7", "ind-1", NOW)
    assert fact.person is not None
    assert (fact.person.called, fact.person.work_email, fact.person.personal_email) == (
        "Ciru",
        "ciru@example.com",
        "w@example.org",
    )
    assert (fact.person.start_date, fact.person.time_zone) == (date(2027, 1, 4), "Africa/Nairobi")
    assert sink.asked[0].tree == {"requests": [{"individual_id": "ind-7"}]}
    assert sink.asked[0].headers["finch-api-version"] == "2020-09-17"
    employment["employment_status"] = "terminated"
    sink.say("POST", "/employer/employment", {"responses": [{"body": employment}]})
    assert one(told("finch", sink, FINCH)).told is Told.WITHDRAWN


def test_merge_is_asked_for_the_employee_with_everything_that_hangs_on_it(sink: HrisSink) -> None:
    employee = {
        "id": "emp-7",
        "first_name": "Ciru",
        "last_name": "Kamau",
        "work_email": "ciru@example.com",
        "start_date": "2027-01-04T00:00:00Z",
        "employment_status": "ACTIVE",
        "manager": {"id": "emp-1"},
        "team": {"name": "Care"},
        "work_location": {"name": "Nairobi Hub", "country": "KE"},
        "employments": [{"job_title": "Support Engineer"}],
    }
    sink.say("GET", "/api/hris/v1/employees/emp-7", employee)
    fact = one(told("merge", sink, MERGE))
    assert (fact.told, fact.manager) == (Told.KNOWN, "emp-1")
    assert fact.person is not None
    assert (fact.person.job_title, fact.person.team, fact.person.time_zone) == (
        "Support Engineer",
        "Care",
        "Africa/Nairobi",
    )
    assert sink.asked[0].query == {"expand": "manager,team,work_location,employments"}
    assert sink.asked[0].headers["x-account-token"] == "of-ours"
    sink.say("GET", "/api/hris/v1/employees/emp-7", {**employee, "employment_status": "INACTIVE"})
    assert one(told("merge", sink, MERGE)).told is Told.WITHDRAWN


def test_merge_keeps_nothing_but_ids(sink: HrisSink) -> None:
    kept = example("merge", sink.url).keep({}, json.dumps(MERGE).encode())
    assert json.loads(kept)["body"] == {
        "hook": {"event": "Employee.changed"},
        "data": {"id": "emp-7", "modified_at": "2026-12-01T07:00:00Z"},
    }


def test_deel_sends_one_worker_or_a_list_of_them(sink: HrisSink) -> None:
    for number in (7, 8):
        worker = {
            "first_name": "Joao",
            "last_name": "Example",
            "emails": [{"type": "personal", "value": f"joao{number}@example.org"}],
            "start_date": "2027-01-04",
            "country": "PT",
            "timezone": "Europe/Lisbon",
            "job_title": "Designer",
        }
        sink.say("GET", f"/rest/v2/people/w-{number}", {"data": worker})
    assert one(told("deel", sink, DEEL)).hire_id == "deel-w-7"
    several = {**DEEL, "data": {**DEEL["data"], "resource": [{"id": "w-7"}, {"id": "w-8"}, {"id": "w-9"}]}}
    found = told("deel", sink, several)
    assert isinstance(found, list)
    first, second, third = found
    assert (first.external_id, second.external_id) == ("w-7", "w-8")
    assert third.mistakes == ("entry 3: the system knows nothing of what worker asks for",)


def test_a_worker_who_left_deel_is_withdrawn_without_a_question(sink: HrisSink) -> None:
    gone = {**DEEL, "data": {**DEEL["data"], "meta": {"event_type": "worker.v2.deleted"}}}
    assert one(told("deel", sink, gone)).told is Told.WITHDRAWN
    assert sink.asked == []


def test_smartrecruiters_tells_a_hire_by_the_status_of_an_application(sink: HrisSink) -> None:
    candidate = {"firstName": "Joao", "lastName": "Example", "email": "joao@example.org"}
    job = {
        "title": "Designer",
        "department": {"label": "Product"},
        "location": {"city": "Lisboa", "country": "pt"},
    }
    sink.say("GET", "/candidates/cand-7/jobs/job-3", {"status": "HIRED", "startsOn": "2027-01-04"})
    sink.say("GET", "/candidates/cand-7", candidate)
    sink.say("GET", "/jobs/job-3", job)
    fact = one(told("smartrecruiters", sink, SMART))
    assert (fact.told, fact.hire_id, fact.about) == (Told.CREATED, "smartrecruiters-cand-7", "job-3")
    assert fact.person is not None
    assert (fact.person.department, fact.person.country, fact.person.time_zone) == (
        "Product",
        "PT",
        "Europe/Lisbon",
    )
    sink.asked.clear()
    sink.say("GET", "/candidates/cand-7/jobs/job-3", {"status": "IN_REVIEW", "startsOn": None})
    assert told("smartrecruiters", sink, SMART) == "a status with which there is nothing to do"
    assert sink.paths == ["GET /candidates/cand-7/jobs/job-3"]
    assert sink.asked[0].headers["x-smarttoken"] == "of-ours"


def test_smartrecruiters_opens_with_a_handshake() -> None:
    echo = example("smartrecruiters").greet({"x-hook-secret": "h00k"}, b"")
    assert echo is not None
    assert echo.headers == {"x-hook-secret": "h00k"}


def test_the_published_vector_of_smartrecruiters_is_let_in() -> None:
    if not VECTOR.is_file():
        pytest.skip("the published vector is not at hand")
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    sent_at = NOW.fromtimestamp(int(vector["headers"]["smartrecruiters-timestamp"]), NOW.tzinfo)
    account = {"token": "of-ours"}
    source = DeclaredSource("smartrecruiters", DECLARED["smartrecruiters"], [vector["secret"]], account)
    assert source.verify(vector["headers"], vector["body"].encode(), sent_at) == "123"
    with pytest.raises(BadSignature):
        source.verify({**vector["headers"], "event-name": "job.created"}, vector["body"].encode(), sent_at)


def test_rippling_posts_a_form_and_is_asked_for_the_employee(sink: HrisSink) -> None:
    employee = {
        "id": "r7",
        "firstName": "Joao",
        "lastName": "Example",
        "workEmail": "joao@example.com",
        "personalEmail": "joao@example.org",
        "startDate": "2027-01-04",
        "department": "Product",
        "roleState": "ACTIVE",
        "workLocation": {"city": "Nairobi Hub", "country": "KE"},
        "manager": "r1",
    }
    sink.say("GET", "/platform/api/employees/r7", employee)
    fact = one(told("rippling", sink, RIPPLING))
    assert (fact.told, fact.hire_id, fact.manager) == (Told.KNOWN, "rippling-r7", "r1")
    sink.say("GET", "/platform/api/employees/r7", {**employee, "roleState": "TERMINATED"})
    assert one(told("rippling", sink, RIPPLING)).told is Told.WITHDRAWN
    assert told("rippling", sink, {**RIPPLING, "event_name": "Employee Deleted"}) == "an event that is ignored"


@pytest.mark.parametrize("name", DECLARED)
def test_each_example_refuses_a_stranger(name: str) -> None:
    body = b"{}"
    headers = SIGNERS[name](body)
    source = example(name)
    assert source.verify(headers, body, NOW)
    key = next(one for one in headers if "signature" in one or one == "authorization")
    for wrong in ("", headers[key][:-4] + "AAAA", f"{headers[key]}, {headers[key]}", "\u0661" * 64):
        with pytest.raises(BadSignature):
            source.verify({**headers, key: wrong}, body, NOW)


json_trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["data", "event_type", "individual_id", "hook", "event", "id", "meta", "resource", "job_id"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=15,
)
bodies = st.one_of(st.binary(max_size=60), json_trees.map(lambda tree: json.dumps(tree).encode()))
events = st.sampled_from(["application.status.updated", "", "other"])


@pytest.mark.parametrize("name", DECLARED)
@given(body=bodies, kind=events)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
def test_any_body_is_understood_or_refused_and_never_a_crash(name: str, body: bytes, kind: str) -> None:
    source = STRANDED[name]
    headers = {"event-name": kind, "event-id": body[:5].decode("latin-1")}
    source.greet(headers, body)
    try:
        source.verify(SIGNERS[name](body), body, NOW)
        kept = source.keep(headers, body)
        kept.encode()
        source.understand(event(kept), NOW)
        source.understand(event(body.decode("latin-1")), NOW)
    except (BadRecord, BadSignature, Unavailable):
        pass


@pytest.mark.parametrize("name", DECLARED)
@given(value=st.text(max_size=40))
def test_any_header_is_let_in_or_refused_and_never_a_crash(name: str, value: str) -> None:
    body = b"{}"
    headers = SIGNERS[name](body)
    for key in headers:
        try:
            STRANDED[name].verify({**headers, key: value}, body, NOW)
        except BadSignature:
            continue


STRANDED = {name: example(name) for name in DECLARED}
"""Sources whose system does not answer: nobody listens at that address."""
