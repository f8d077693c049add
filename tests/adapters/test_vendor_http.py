"""What do we make of everything that an HR system can answer, or fail to answer?"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from onboarding.adapters.sources import http
from onboarding.adapters.sources.accounts import read_account
from onboarding.adapters.sources.http import Auth, Vendor, basic, bearer, client_credentials, segment
from onboarding.domain.errors import BadRecord, BadSettings, Unavailable
from tests.sinks import CUT, STALL, Answer, closed_port
from tests.sinks.hris import HrisSink, broken

KEY = bearer("token-of-ours")


@pytest.fixture
def sink() -> Iterator[HrisSink]:
    with HrisSink() as server:
        yield server


def vendor(sink: HrisSink, auth: Auth = KEY, *, timeout: float = 10.0, largest: int = http.LARGEST) -> Vendor:
    return Vendor("Acme HR", sink.url, auth=auth, timeout=timeout, largest=largest)


def refused(sink: HrisSink, auth: Auth = KEY, *, timeout: float = 10.0, largest: int = http.LARGEST) -> str:
    asking = vendor(sink, auth, timeout=timeout, largest=largest)
    with pytest.raises(Unavailable) as caught:
        asking.get("/people/7")
    asking.close()
    return str(caught.value)


def test_what_is_there_is_answered(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", {"id": 7})
    asking = vendor(sink)
    assert asking.get("/people/7", {"fields": "name", "deep": True}) == {"id": 7}
    assert sink.asked[0].query == {"fields": "name", "deep": "true"}
    assert sink.asked[0].headers["accept"] == "application/json"
    asking.close()


def test_a_path_lies_below_the_base_address_and_keeps_its_own_question(sink: HrisSink) -> None:
    sink.say("POST", "/api/v1/reports", {"rows": []})
    asking = Vendor("Acme HR", f"{sink.url}/api/v1/", auth=KEY)
    assert asking.post("/reports?format=JSON", {"fields": ["id"]}) == {"rows": []}
    assert (sink.asked[0].query, sink.asked[0].tree) == ({"format": "JSON"}, {"fields": ["id"]})
    asking.close()


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_none(sink: HrisSink, status: int) -> None:
    sink.say("GET", "/people/7", {}, status=status)
    asking = vendor(sink)
    assert asking.get("/people/7") is None
    asking.close()


def test_an_answer_without_a_body_is_an_empty_object(sink: HrisSink) -> None:
    sink.say("PUT", "/subscriptions/1/verify", b"", status=204)
    asking = vendor(sink)
    assert asking.put("/subscriptions/1/verify", {"token": "t"}) == {}
    asking.close()


@pytest.mark.parametrize(
    ("auth", "shown"),
    [(basic("user", "pass"), "Basic dXNlcjpwYXNz"), (bearer("abc"), "Bearer abc")],
)
def test_credentials_are_shown_as_they_are_meant(sink: HrisSink, auth: Auth, shown: str) -> None:
    sink.say("GET", "/people/7", {})
    asking = vendor(sink, auth)
    asking.get("/people/7")
    assert sink.asked[0].headers["authorization"] == shown
    asking.close()


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_named_and_not_tried_again(sink: HrisSink, status: int) -> None:
    sink.say("GET", "/people/7", {}, status=status)
    said = refused(sink)
    assert said == f"Acme HR refuses our credentials ({status}): see ONBOARDING_HRIS_ACCOUNTS"
    assert len(sink.asked) == 1


def test_what_may_be_refused_counts_as_nothing(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", {}, status=403)
    asking = vendor(sink)
    assert asking.get("/people/7", may_refuse=True) is None
    asking.close()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_trouble_that_passes_is_waited_out(sink: HrisSink, status: int) -> None:
    sink.say("GET", "/people/7", {"id": 7})
    sink.behave(broken(status), times=2)
    asking = vendor(sink)
    assert asking.get("/people/7") == {"id": 7}
    assert len(sink.asked) == 3
    asking.close()


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "Acme HR was asked too often (429)"), (503, "Acme HR does not answer what we ask (503)")],
)
def test_trouble_that_stays_is_given_up_after_three_tries(sink: HrisSink, status: int, said: str) -> None:
    sink.behave(broken(status), times=9)
    assert refused(sink) == said
    assert len(sink.asked) == 3


@pytest.mark.parametrize("wait", ["2", "3600", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
def test_whoever_asks_for_a_long_wait_is_not_asked_again_now(sink: HrisSink, wait: str) -> None:
    sink.behave(Answer(status=429, headers={"Retry-After": wait}), times=9)
    assert refused(sink) == "Acme HR was asked too often (429)"
    assert len(sink.asked) == 1


def test_without_a_wish_the_pauses_stay_below_a_second() -> None:
    assert sum(http.PAUSES) <= 1


def test_a_cut_connection_is_tried_again(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", {"id": 7})
    sink.behave(CUT)
    asking = vendor(sink)
    assert asking.get("/people/7") == {"id": 7}
    asking.close()


@pytest.mark.slow
def test_a_vendor_that_never_answers_is_given_up(sink: HrisSink) -> None:
    sink.behave(STALL, times=3)
    assert refused(sink, timeout=0.1) == "Acme HR does not answer (ReadTimeout)"
    assert len(sink.asked) == 3


def test_a_vendor_that_is_not_there_says_so() -> None:
    asking = Vendor("Acme HR", f"http://127.0.0.1:{closed_port()}", auth=KEY)
    with pytest.raises(Unavailable, match=r"Acme HR does not answer \(ConnectError\)"):
        asking.get("/people/7")
    asking.close()


@pytest.mark.parametrize("status", [400, 405, 409, 422])
def test_a_question_that_is_not_understood_is_not_asked_again(sink: HrisSink, status: int) -> None:
    sink.say("GET", "/people/7", {"detail": "Wanjiru"}, status=status)
    assert refused(sink) == f"Acme HR does not answer what we ask ({status})"
    assert len(sink.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_does_not_get_our_credentials(sink: HrisSink, status: int) -> None:
    sink.behave(Answer(status=status, headers={"Location": f"{sink.url}/elsewhere"}))
    assert "sends us elsewhere" in refused(sink)
    assert sink.paths == ["GET /people/7"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_no_answer(sink: HrisSink, body: bytes) -> None:
    sink.say("GET", "/people/7", body)
    assert refused(sink) == "Acme HR answers with something that is no JSON"


def test_an_answer_of_null_is_no_answer(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", None)
    assert refused(sink) == "Acme HR answers with nothing"


def test_an_answer_that_does_not_end_is_cut_off(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", {"a": "b" * 2000})
    assert refused(sink, largest=1000) == "Acme HR answers with more than we read"


def test_a_packed_answer_is_measured_when_it_is_unpacked(sink: HrisSink) -> None:
    packed = gzip.compress(b'{"a": "' + b"b" * 1_000_000 + b'"}')
    sink.behave(Answer(status=200, body=packed, headers={"Content-Encoding": "gzip"}))
    assert refused(sink, largest=100_000) == "Acme HR answers with more than we read"


def test_a_packed_answer_that_cannot_be_unpacked_is_no_answer(sink: HrisSink) -> None:
    sink.behave(Answer(status=200, body=b"not packed", headers={"Content-Encoding": "gzip"}))
    assert refused(sink) == "Acme HR cannot be asked (DecodingError)"


def test_an_absolute_address_is_never_asked(sink: HrisSink) -> None:
    asking = vendor(sink)
    with pytest.raises(ValueError, match="begins with a slash"):
        asking.get("http://127.0.0.1:1/people")
    assert sink.asked == []


def test_no_answer_and_no_secret_reaches_a_log_or_an_error(
    sink: HrisSink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="httpx")
    sink.say("GET", "/people/7", {"name": "Wanjiru"}, status=422)
    said = refused(sink)
    text = said + caplog.text + repr(vendor(sink)) + repr(KEY) + repr(client_credentials("/t", "id", "hush"))
    assert not any(word in text for word in ("Wanjiru", "token-of-ours", "hush"))


def test_connections_that_were_given_back_are_opened_again(sink: HrisSink) -> None:
    sink.say("GET", "/people/7", {"id": 7})
    asking = vendor(sink)
    for _ in range(2):
        assert asking.get("/people/7") == {"id": 7}
        asking.close()
    asking.close()


CREDENTIALS = client_credentials("/v2/auth/token", "client-1", "secret-1", scope="people")


def test_a_token_is_asked_for_once_and_kept(sink: HrisSink) -> None:
    sink.say("POST", "/v2/auth/token", {"access_token": "t1", "expires_in": 60})
    sink.say("GET", "/people/7", {"id": 7})
    asking = vendor(sink, CREDENTIALS)
    assert [asking.get("/people/7") for _ in range(3)] == [{"id": 7}] * 3
    assert sink.paths == ["POST /v2/auth/token", *["GET /people/7"] * 3]
    assert sink.asked[0].form == {
        "grant_type": "client_credentials",
        "scope": "people",
        "client_id": "client-1",
        "client_secret": "secret-1",
    }
    assert sink.asked[1].headers["authorization"] == "Bearer t1"
    asking.close()


def test_a_pair_may_be_shown_in_the_header(sink: HrisSink) -> None:
    sink.say("POST", "/token", {"access_token": "t1"})
    sink.say("GET", "/people/7", {})
    asking = vendor(sink, client_credentials("/token", "user", "pass", pair_in_header=True))
    asking.get("/people/7")
    assert sink.asked[0].headers["authorization"] == "Basic dXNlcjpwYXNz"
    assert sink.asked[0].form == {"grant_type": "client_credentials"}
    asking.close()


def test_a_token_that_is_over_is_renewed_once(sink: HrisSink) -> None:
    sink.say("POST", "/v2/auth/token", {"access_token": "t1"})
    sink.say("GET", "/people/7", {"id": 7})
    asking = vendor(sink, CREDENTIALS)
    asking.get("/people/7")
    sink.behave(Answer(status=401))
    assert asking.get("/people/7") == {"id": 7}
    assert sink.paths[2:] == ["GET /people/7", "POST /v2/auth/token", "GET /people/7"]
    asking.close()


def test_a_new_token_that_is_refused_as_well_ends_it(sink: HrisSink) -> None:
    sink.say("POST", "/v2/auth/token", {"access_token": "t1"})
    sink.say("GET", "/people/7", {}, status=401)
    assert "refuses our credentials (401)" in refused(sink, auth=CREDENTIALS)
    assert len(sink.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_client_that_the_vendor_does_not_know_is_named(sink: HrisSink, status: int) -> None:
    sink.say("POST", "/v2/auth/token", {"error": "invalid_client"}, status=status)
    assert f"refuses our credentials ({status})" in refused(sink, auth=CREDENTIALS)


@pytest.mark.parametrize("tree", [[], {}, {"access_token": None}, {"access_token": ""}, {"access_token": "a\nb"}])
def test_a_token_that_is_none_is_not_used(sink: HrisSink, tree: object) -> None:
    sink.say("POST", "/v2/auth/token", tree)
    assert refused(sink, auth=CREDENTIALS) == "Acme HR gives us no token"


def test_several_threads_share_one_token(sink: HrisSink) -> None:
    sink.say("POST", "/v2/auth/token", {"access_token": "t1"})
    sink.say("GET", "/people/7", {"id": 7})
    asking = vendor(sink, CREDENTIALS)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(asking.get, ["/people/7"] * 24)) == [{"id": 7}] * 24
    assert sink.paths.count("POST /v2/auth/token") == 1
    asking.close()


@pytest.mark.parametrize("named", [7, "8", "3332883894235038486", "5f2c-ab_1.2"])
def test_an_id_is_a_segment_of_a_path(named: object) -> None:
    assert segment(named, "id") == str(named)


@pytest.mark.parametrize(
    "named", [None, True, 1.5, "", " ", "..", "../7", "a/b", "a?b", "7%2f", "a b", [], {}, -1.0]
)
def test_what_leads_elsewhere_is_no_id(named: object) -> None:
    with pytest.raises(BadRecord, match="employeeId is missing or not an id"):
        segment(named, "employeeId")


def problems(account: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read_account("acme", account, ("company", "key"), ("extra",))
    return caught.value.problems


def test_an_account_is_read_without_space_and_empty_values() -> None:
    given = {"company": " example ", "key": "k", "extra": "", "url": "http://127.0.0.1:9/api"}
    found = read_account("acme", given, ("company", "key"), ("extra",))
    assert found == {"company": "example", "key": "k", "url": "http://127.0.0.1:9/api"}


def test_every_problem_of_an_account_is_said_at_once() -> None:
    said = problems({"company": " ", "pasword": "hush", "url": "http://example.com"})
    assert len(said) == 4
    assert all(line.startswith("ONBOARDING_HRIS_ACCOUNTS: ") for line in said)
    assert "company" in said[0]
    assert "needs the key key" in said[1]
    assert "hush" not in "".join(said)


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "ftp://127.0.0.1", "https://", "https://u:p@example.com", "https://[", "//x", "x"],
)
def test_an_address_that_would_carry_credentials_in_the_open_is_refused(url: str) -> None:
    assert "must be https://" in problems({"company": "c", "key": "k", "url": url})[0]
